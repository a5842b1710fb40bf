"""What `segue train --update` saves, and what it loses against a full training.

    python -m bench.updating [--db segue.db] [--kinds word2vec als hybrid] [--share 0.1] [--seeds 1 2 3] [--json]

Of the playlists some are held out to be measured on, and of the rest a share is new: a model that was trained without
these is brought up to date, and set beside one that was trained with them, and beside itself as it was. Without a
database the playlists are made up.
"""

import argparse
import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from bench.world import GENRES, make_world
from recommender.corpus import Corpus, corpus_from_numbers
from recommender.evaluate import GRADES, grades
from recommender.load import load
from recommender.models.contract import Model
from recommender.models.options import options_of
from recommender.models.registry import model_class
from recommender.models.updates import brought_up
from recommender.splits import HeldOut, hold_out, kept_only

MEASURED, SEEDS = 200, 5
MADE_UP = (8_000, 800, 60)
"""Tracks, playlists and their mean length."""
ARTISTS = 5
"""Artists of a genre."""
_NDCG = GRADES.index("ndcg_500")


@dataclass(frozen=True)
class Run:
    """One kind of model under one seed."""

    kind: str
    seed: int
    new_playlists: int
    full_seconds: float
    update_seconds: float
    full: float
    """NDCG@500 of a full training."""
    updated: float
    stale: float
    """That of the model as it was, which knows nothing of what is new."""


@dataclass(frozen=True)
class _Stale:
    """A model of fewer tracks, asked in the numbers of more."""

    model: Model
    numbers: np.ndarray

    def scores(self, seeds: np.ndarray) -> np.ndarray:
        own = self.numbers[seeds]
        return np.append(self.model.scores(own[own >= 0]), np.nan)[self.numbers].astype(np.float32)


def run(corpus: Corpus, kind: str, share: float, seed: int) -> Run:
    """Train on a part, bring up to the whole, and train on the whole."""
    held_out = hold_out(corpus, np.random.default_rng((seed, 0)), 0.2, MEASURED, SEEDS)
    whole = held_out.corpus
    n_new = max(1, int(share * whole.n_playlists))
    old = np.sort(np.random.default_rng((seed, 1)).permutation(whole.n_playlists)[n_new:])
    part, numbers = kept_only(whole, old)
    fit, options = model_class(kind).fit, options_of(kind, None, {})
    before = fit(part, np.random.default_rng((seed, 2)), options)
    full_seconds, full = _timed(lambda: fit(whole, np.random.default_rng((seed, 3)), options))
    update_seconds, updated = _timed(
        lambda: brought_up(before, whole, numbers, np.random.default_rng((seed, 4)), lambda _share: None)
    )
    worth = (_worth(model, held_out) for model in (full, updated, _Stale(before, numbers)))
    return Run(kind, seed, n_new, full_seconds, update_seconds, *worth)


def _worth(model: object, held_out: HeldOut) -> float:
    return float(grades(model, held_out)[:, _NDCG].mean())  # type: ignore[arg-type]


def _timed(call: Callable[[], Model]) -> tuple[float, Model]:
    started = time.perf_counter()
    model = call()
    return time.perf_counter() - started, model


def made_up(seed: int) -> Corpus:
    """Make up playlists whose tracks have artists."""
    world = make_world(*MADE_UP, seed=seed)
    ids = np.char.mod("%022d", np.arange(world.n_tracks)).astype("S22")
    # An artist keeps to a genre; the genre of a track is what is left of its number.
    numbers = np.arange(world.n_tracks)
    artists = numbers % GENRES + GENRES * (numbers // GENRES % ARTISTS)
    return corpus_from_numbers(ids, world.entries, world.offsets, artists=artists)


def main() -> None:
    """Print a line for each kind and seed, and then the means."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.updating", description=__doc__.splitlines()[0] if __doc__ else ""
    )
    parser.add_argument("--db", type=Path, help="the playlists of this database; made-up ones without it")
    parser.add_argument("--kinds", nargs="+", default=["word2vec", "als", "hybrid"])
    parser.add_argument("--share", type=float, default=0.1, help="share of the playlists that are new")
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--json", action="store_true", help="a list for programs")
    told = parser.parse_args()
    runs = []
    for kind in told.kinds:
        for seed in told.seeds:
            corpus = load(told.db)[1] if told.db else made_up(seed)
            runs.append(run(corpus, kind, told.share, seed))
            if not told.json:
                show(runs[-1])
    if told.json:
        print(json.dumps([asdict(one) for one in runs], indent=1))
    else:
        for kind in told.kinds:
            _show_means(kind, [one for one in runs if one.kind == kind])


def show(one: Run) -> None:
    """Print what one run measured."""
    print(
        f"{one.kind:<10} seed {one.seed}: {one.new_playlists} new playlists, NDCG@500 full {one.full:.4f} in "
        f"{one.full_seconds:.1f} s, updated {one.updated:.4f} in {one.update_seconds:.1f} s, stale {one.stale:.4f}",
        flush=True,
    )


def _show_means(kind: str, runs: list[Run]) -> None:
    full, updated, stale = (
        float(np.mean([getattr(one, what) for one in runs])) for what in ("full", "updated", "stale")
    )
    spent = sum(one.update_seconds for one in runs) / sum(one.full_seconds for one in runs)
    print(
        f"{kind:<10} updated / full {updated / full:.3f}, stale / full {stale / full:.3f} of the NDCG@500, in "
        f"{spent:.2f} of the time"
    )


if __name__ == "__main__":
    main()
