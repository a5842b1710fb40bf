"""What the reasons for ten songs cost where it is hardest: all seeds and songs are the most popular tracks.

python -m bench.reasons [DATABASE]
"""

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from bench.measure import Figure
from bench.suggesting import ENTRIES_A_TRACK, LENGTH, fill
from bench.world import make_world, title
from recommender import catalogue
from recommender.lists.reasons import reasons

TARGETS = {1: 10.0, 5: 10.0, 50: 40.0, 300: 40.0}
"""Milliseconds for ten songs, by the number of seeds."""
SONGS = 10
TITLE = title(2)
_MOST_POPULAR = """
    SELECT track_id FROM tracks JOIN (
        SELECT track_key, count(DISTINCT playlist_key) AS number FROM playlist_entries GROUP BY track_key
        ORDER BY number DESC LIMIT ?) ON track_key = key
    ORDER BY number DESC
"""


def figures(n_tracks: int, runs: int) -> list[Figure]:
    """Make a database of so many tracks and ask for reasons, with a title too."""
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "segue.db"
        fill(database, make_world(n_tracks, ENTRIES_A_TRACK * n_tracks // LENGTH, LENGTH))
        return measured(database, runs)


def measured(database: Path, runs: int) -> list[Figure]:
    """Ask a database for reasons, from the most popular tracks as seeds for the next ten."""
    with catalogue.open_reader(database) as connection:
        wanted = [row for (row,) in connection.execute(_MOST_POPULAR, [max(TARGETS) + SONGS])]
        rows = catalogue.songs(connection, wanted)
        known = [rows[track_id] for track_id in wanted]
        size = connection.execute("SELECT count(*) FROM tracks").fetchone()[0]
        found = []
        for n_seeds, target in TARGETS.items():
            seeds, songs = known[:n_seeds], known[n_seeds : n_seeds + SONGS]
            every = [True] * len(songs)
            times = [
                _timed(lambda s=seeds, o=songs, e=every: reasons(connection, s, o, e, TITLE, e)) for _ in range(runs)
            ]
            wall, work = ([1000 * one[place] for one in times] for place in (0, 1))
            detail = f"worst {max(wall):.1f} ms; {median(work):.1f} ms of a core"
            what = f"reasons for {len(songs)} songs, {n_seeds} {'seed' if n_seeds == 1 else 'seeds'}, {size:,} tracks"
            found.append(Figure(what, median(wall), "ms", target, True, detail))
        return found


def _timed(call: Callable[[], object]) -> tuple[float, float]:
    """Time a call: seconds, and seconds of a core."""
    started, worked = time.perf_counter(), time.process_time()
    call()
    return time.perf_counter() - started, time.process_time() - worked


if __name__ == "__main__":
    from bench.speed import show

    show(measured(Path(sys.argv[1]), 25) if sys.argv[1:] else figures(200_000, 25))
