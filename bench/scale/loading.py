"""From a database to the corpus, against a bare fetch of the entries alone into arrays.

As a child: python -m bench.scale.loading (corpus | bare) DATABASE
"""

import sqlite3
import sys
import time
from contextlib import closing
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np

from bench.measure import Figure, alternate, child, middle, peak_megabytes, tell
from recommender.load import load

SPEED = 1_000_000.0
_ROWS_AT_ONCE = 50_000


def figures(database: Path, runs: int = 3) -> list[Figure]:
    """Load by turns with Segue, everything that a corpus holds, and with the bare peer, the entries alone."""
    sides = ("corpus", "bare")
    results = alternate({side: lambda side=side: child("bench.scale.loading", side, database) for side in sides}, runs)
    ours, bare = (middle(results[side], "entries") / middle(results[side], "seconds") for side in sides)
    size = f"{results['corpus'][0]['entries']:,} entries, {results['corpus'][0]['tracks']:,} tracks"
    peak = middle(results["corpus"], "peak")
    an_entry = (peak - middle(results["corpus"], "before")) * 1e6 / middle(results["corpus"], "entries")
    detail = f"{size}; the entries alone by sqlite3 into arrays {bare:,.0f}"
    return [
        Figure("corpus from SQLite, processor time", ours, "entries/s", SPEED, False, detail),
        Figure("corpus from SQLite, peak memory", peak, "MB", None, True, f"{an_entry:.0f} bytes an entry"),
    ]


def _corpus(database: Path) -> dict[str, Any]:
    _, corpus = load(database)
    return {"entries": corpus.n_entries, "tracks": corpus.n_tracks}


def _bare(database: Path) -> dict[str, Any]:
    """Read what a script would: the rows of one table, tuple by tuple."""
    with closing(sqlite3.connect(database)) as connection:
        cursor = connection.execute("SELECT playlist_key, track_key FROM playlist_entries")
        parts = []
        while block := cursor.fetchmany(_ROWS_AT_ONCE):
            parts.append(np.fromiter(chain.from_iterable(block), np.int32, 2 * len(block)))
    return {"entries": len(np.concatenate(parts)) // 2}


def main() -> None:
    """Load once, in this process, and tell what it took."""
    side, database = sys.argv[1], Path(sys.argv[2])
    before = peak_megabytes()
    # The processor's own time: how far others keep it busy is no matter of loading.
    started = time.process_time()
    told = {"corpus": _corpus, "bare": _bare}[side](database)
    tell(seconds=time.process_time() - started, before=before, peak=peak_megabytes(), **told)


if __name__ == "__main__":
    main()
