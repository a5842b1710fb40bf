"""What one database answers, and how fast; each command is a child that prints one JSON object as its last line.

python -m bench.scale.answering ask DATABASE MODEL | load DATABASE | seeds DATABASE
"""

import sqlite3
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import TypeVar

import numpy as np

from bench.measure import peak_megabytes, tell
from recommender import catalogue
from recommender.artifacts import models_folder
from recommender.lists.choosing import picked
from recommender.lists.reasons import reasons
from recommender.lists.wishes import Wishes
from recommender.ranking import best_first
from recommender.scored import by_seeds
from recommender.shelf import Shelf
from recommender.suggest import Suggester

N_SEEDS = (1, 5, 10, 25)
LISTS = 25
"""So many playlists are continued, each from its first 1, 5, 10 and 25 tracks, after as many others to get warm; fewer
where there are fewer."""
SONGS = 10
_RANKED = 2 * SONGS + 100
"""So deep a plain wish looks."""
_TRIES = 100

Given = TypeVar("Given")


def ask(database: Path, model: str) -> None:
    """Tell what a warm answer takes: the median and the 95th percentile, for each number of seeds, and by its parts."""
    lists = _lists(database, 2 * LISTS, max(N_SEEDS))
    warming, asked = lists[: len(lists) // 2], lists[len(lists) // 2 :]
    suggester = Suggester.open(database)
    for one in warming:
        suggester.answer(one[: N_SEEDS[1]], SONGS, model)
    walls: dict[int, list[float]] = {n: [] for n in N_SEEDS}
    works: dict[int, list[float]] = {n: [] for n in N_SEEDS}
    for one in asked:
        for n in N_SEEDS:
            began = time.perf_counter(), time.process_time()
            suggester.answer(one[:n], SONGS, model)
            walls[n].append(1e3 * (time.perf_counter() - began[0]))
            works[n].append(1e3 * (time.process_time() - began[1]))
    every = [wall for own in walls.values() for wall in own]
    tell(
        milliseconds=median(every),
        slow=float(np.quantile(every, 0.95)),
        core=median(work for own in works.values() for work in own),
        by_seeds={n: median(own) for n, own in walls.items()},
        core_by_seeds={n: median(own) for n, own in works.items()},
        parts=_parts(database, model, [one[: N_SEEDS[1]] for one in asked]),
        answers=len(every),
        peak=peak_megabytes(),
    )


def load(database: Path) -> None:
    """Tell what reading the database into arrays takes."""
    from recommender.load import load as corpus_of

    began = time.perf_counter()
    _, corpus = corpus_of(database)
    seconds = time.perf_counter() - began
    tell(seconds=seconds, entries=len(corpus.entries), tracks=corpus.n_tracks, peak=peak_megabytes())


def seeds(database: Path) -> None:
    """Tell three tracks of one playlist, by their raw ids."""
    tell(seeds=_lists(database, 1, 3)[0][:3])


def _parts(database: Path, model: str, lists: list[list[str]]) -> dict[str, float]:
    """Tell what the parts of an answer take of a core, each the median in milliseconds; the ranking is within a list.

    The scores are the model's, with the seeds' other versions looked up.
    """
    taken: dict[str, list[float]] = {"scores": [], "ranking": [], "list": [], "reasons": []}

    def timed(part: str, call: Callable[[], Given]) -> Given:
        began = time.process_time()
        given = call()
        taken[part].append(1e3 * (time.process_time() - began))
        return given

    loaded = Shelf(models_folder(database)).load(model)
    with catalogue.open_reader(database) as connection:
        for wanted in lists:
            scored = timed("scores", lambda w=wanted: by_seeds(connection, loaded, w, widen=True))
            timed("ranking", lambda s=scored: best_first(s.scores, s.seeds, _RANKED))
            found = timed(
                "list", lambda s=scored, w=wanted: picked(connection, s, w, SONGS, Wishes(), lambda _ids: None)
            )
            rows = catalogue.songs(connection, wanted)
            named = [rows[raw_id] for raw_id in wanted if raw_id in rows]
            told = [True] * len(found.songs)
            timed("reasons", lambda n=named, f=found, t=told: reasons(connection, n, f.songs, t))
    return {part: median(times) for part, times in taken.items()}


def _lists(database: Path, most: int, fewest: int) -> list[list[str]]:
    """Give playlists of so many different tracks at least, by raw ids: the same ones each time."""
    rng = np.random.default_rng(1)
    found: list[list[str]] = []
    with catalogue.open_reader(database) as connection:
        last = connection.execute("SELECT ifnull(max(key), 0) FROM playlists").fetchone()[0]
        for key in rng.integers(1, last + 1, most * _TRIES).tolist():
            if len(found) == most:
                break
            tracks = _tracks(connection, key)
            if len(tracks) >= fewest:
                found.append(tracks)
    if not found:
        raise SystemExit(f"{database} holds no playlist of {fewest} tracks: make a larger collection")
    return found


def _tracks(connection: sqlite3.Connection, playlist: int) -> list[str]:
    rows = connection.execute(
        """
        SELECT t.track_id FROM playlist_entries e JOIN tracks t ON t.key = e.track_key
        WHERE e.playlist_key = ? ORDER BY e.position
        """,
        [playlist],
    )
    return list(dict.fromkeys(track_id for (track_id,) in rows))


if __name__ == "__main__":
    command, where, *rest = sys.argv[1:]
    {"ask": ask, "load": load, "seeds": seeds}[command](Path(where), *rest)
