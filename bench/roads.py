"""How long an order and a road take: `recommender.lists.order.smooth` on lists, `segue path` on a made-up database."""

import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import numpy as np

from bench.measure import Figure
from bench.suggesting import ENTRIES_A_TRACK, LENGTH, fill
from bench.world import make_world, raw_id
from recommender.jobs import plan, train_models
from recommender.lists.order import Sound, smooth
from recommender.roads.journey import find_road

LISTS = {10: 20.0, 50: 20.0, 500: 500.0}
"""Songs of a list, and the milliseconds that ordering it may take."""
SECONDS = 1.0
PAIRS = 20


def figures(n_tracks: int, runs: int) -> list[Figure]:
    """Order lists, and lay roads between tracks drawn from all, by fame too, in one process that is warm."""
    rng = np.random.default_rng(1)
    return [*(_ordered(rng, songs, most, runs) for songs, most in LISTS.items()), _laid(rng, n_tracks)]


def _ordered(rng: np.random.Generator, songs: int, most: float, runs: int) -> Figure:
    sounds = [
        Sound(int(rng.integers(12)), int(rng.integers(2)), float(rng.uniform(60, 190)), float(rng.random()))
        for _ in range(songs)
    ]
    smooth(sounds, [()] * songs)
    taken = 1000 * median(_seconds(lambda: smooth(sounds, [()] * songs)) for _ in range(runs))
    return Figure(f"a smooth order of {songs} songs", taken, "ms", most)


def _laid(rng: np.random.Generator, n_tracks: int) -> Figure:
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "segue.db"
        world = make_world(n_tracks, ENTRIES_A_TRACK * n_tracks // LENGTH, LENGTH)
        fill(database, world)
        words = {"epochs": "5", "window": "2", "vector_size": "64"}
        for outcome in train_models(database, plan(["word2vec"], None, words, None), 1, False, 0, lambda _, __: None):
            if isinstance(outcome, Exception):
                raise outcome
        counts = np.bincount(world.entries, minlength=n_tracks)
        known = np.flatnonzero(counts > 1)
        famous = np.argsort(-counts)[:PAIRS]
        pairs = [*rng.choice(known, (PAIRS, 2), replace=False).tolist(), *zip(famous[::2], famous[1::2], strict=True)]
        taken = [_seconds(lambda a=a, b=b: _road(database, a, b)) for a, b in pairs]
    detail = f"the slowest {max(taken):.2f} s; {len(taken)} roads of 12 songs"
    return Figure(f"a road, {n_tracks:,} tracks", median(taken), "s", SECONDS, True, detail)


def _road(database: Path, start: int, end: int) -> None:
    assert len(find_road(database, raw_id("track", int(start)), raw_id("track", int(end))).songs) == 12


def _seconds(call: Callable[[], object]) -> float:
    started = time.perf_counter()
    call()
    return time.perf_counter() - started
