"""How long `audio` takes to learn and to answer, and how much room it needs, beside a plain search by scikit-learn.

    python -m bench.sounding [--tracks 5000000] [--runs 5]

The features are made up, and shaped as those of real tracks are. Each model works in a process of its own, and answers
from arrays that it maps. The peer is `sklearn.neighbors.NearestNeighbors` with `algorithm="brute"`, on the same points.
"""

import argparse
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from bench.measure import Figure, child, peak_megabytes, seconds_of, tell
from bench.speed import show
from recommender.corpus import AUDIO, Corpus, corpus_from_numbers
from recommender.models.audio import Audio, Options
from recommender.ranking import best_first

FIT_S, ANSWER_MS = 60.0, 150.0
SEEDS = (1, 5, 25)
FOUND = 100
LISTS, LENGTH = 20_000, 50


def made_up(n_tracks: int) -> Corpus:
    """Give a corpus of which most tracks stand in no playlist, and all sound like something."""
    rng = np.random.default_rng(1)
    small, large = (rng.beta(a, 2, (n_tracks, 6)).astype(np.float32) for a in (0.5, 4))
    audio = np.concatenate([small[:, :3], large, small[:, 3:5]], axis=1)
    audio[:, AUDIO.index("tempo")] = rng.normal(0.48, 0.11, n_tracks).clip(0.2, 1)
    audio[:, AUDIO.index("mode")] = rng.integers(2, size=n_tracks)
    audio[:, AUDIO.index("key")] = rng.integers(12, size=n_tracks)
    entries = np.sort(rng.integers(n_tracks, size=(LISTS, LENGTH))).reshape(-1)
    offsets = np.arange(LISTS + 1) * LENGTH
    return corpus_from_numbers(
        np.arange(n_tracks).astype("S22"), entries, offsets, audio=audio, also=np.ones(n_tracks, bool)
    )


def figures(n_tracks: int, runs: int) -> list[Figure]:
    """Train once, and ask both sides again and again, each in its process."""
    with tempfile.TemporaryDirectory() as folder:
        fitted = child("bench.sounding", "--fit", folder, "--tracks", n_tracks)
        own = child("bench.sounding", "--ask", folder, "--tracks", n_tracks, "--runs", runs)
        peer = child("bench.sounding", "--peer", folder, "--runs", runs)
    size = f"audio, {n_tracks:,} tracks"
    on_disk = f"{fitted['megabytes']:,.0f} MB on disk, {fitted['peak']:,.0f} MB at the peak with the collection"
    return [
        Figure(f"{size}, training", fitted["seconds"], "s", FIT_S, True, on_disk),
        *(
            Figure(
                f"{size}, an answer to {n} seeds", own[str(n)], "ms", ANSWER_MS, True,
                f"scikit-learn {peer[str(n)]:,.0f} ms; {own['peak']:,.0f} MB against {peer['peak']:,.0f} MB",
            )
            for n in SEEDS
        ),
    ]  # fmt: skip


def _fit(folder: Path, n_tracks: int) -> None:
    corpus, made = made_up(n_tracks), []
    seconds = seconds_of(lambda: made.append(Audio.fit(corpus, np.random.default_rng(1), Options())))
    arrays = made[0].arrays()
    for name, array in arrays.items():
        np.save(folder / f"{name}.npy", array)
    megabytes = sum(array.nbytes for array in arrays.values()) / 1e6
    tell(seconds=seconds, megabytes=megabytes, peak=peak_megabytes())


def _ask(folder: Path, n_tracks: int, runs: int) -> None:
    arrays = {path.stem: np.load(path, mmap_mode="r") for path in folder.glob("*.npy")}
    model = Audio.from_arrays(arrays, Options(), n_tracks)

    def best(seeds: np.ndarray) -> np.ndarray:
        return best_first(model.scores(seeds), seeds, FOUND)

    tell(**_timed(best, n_tracks, runs))


def _peer(folder: Path, runs: int) -> None:
    from sklearn.neighbors import NearestNeighbors

    points = np.load(folder / "points.npy")
    search = NearestNeighbors(n_neighbors=FOUND, algorithm="brute", metric="euclidean").fit(points)

    def best(seeds: np.ndarray) -> np.ndarray:
        found: np.ndarray = search.kneighbors(points[seeds].mean(axis=0, keepdims=True), return_distance=False)
        return found

    tell(**_timed(best, len(points), runs))


def _timed(best: Callable[[np.ndarray], np.ndarray], n_tracks: int, runs: int) -> dict[str, Any]:
    rng = np.random.default_rng(2)
    told: dict[str, Any] = {}
    for n_seeds in SEEDS:
        asked = rng.integers(n_tracks, size=(runs + 1, n_seeds)).astype(np.int32)
        best(asked[0])
        told[str(n_seeds)] = 1000 * median(seconds_of(lambda a=a: best(a)) for a in asked[1:])  # type: ignore[misc]
    return told | {"peak": peak_megabytes()}


def main() -> None:
    """Print the figures as a table; the exit code is 0 whatever they are, because a busy machine is no error."""
    parser = argparse.ArgumentParser(prog="python -m bench.sounding", description=__doc__.splitlines()[0])
    parser.add_argument("--tracks", type=int, default=5_000_000, help="size of the collection")
    parser.add_argument("--runs", type=int, default=5, help="answers of each side; the median counts")
    for own in ("--fit", "--ask", "--peer"):
        parser.add_argument(own, type=Path, help=argparse.SUPPRESS)
    told = parser.parse_args()
    if told.fit:
        _fit(told.fit, told.tracks)
    elif told.ask:
        _ask(told.ask, told.tracks, told.runs)
    elif told.peer:
        _peer(told.peer, told.runs)
    else:
        show(figures(told.tracks, told.runs))


if __name__ == "__main__":
    main()
