"""What a model is worth on playlists that it did not learn from, beside popularity on the same ones."""

from contextlib import suppress
from dataclasses import dataclass
from math import ceil
from typing import Any

import numpy as np

from recommender.corpus import Corpus
from recommender.errors import CannotTrain
from recommender.evaluate import GRADES, grades
from recommender.measures.bootstrap import draws, intervals
from recommender.measures.plays_measuring import grade_plays, without_a_fifth
from recommender.models.contract import Model, Progress
from recommender.models.popularity import Options, Popularity
from recommender.splits import HeldOut, folds, long_playlists

MEASURED_PLAYLISTS = 200
"""So many playlists are held out at the most to measure a model."""
_SHARE = 0.1
_ENOUGH = 50
"""Where a tenth of the playlists is less, so many are held out, if there are, but no more than a fifth at a time."""
_MOST_AT_ONCE = 0.2
_MOST_FOLDS = 5
MOST_ENTRIES = 2_000_000
"""Where the others hold more, a model is measured that learned from a sample of them: otherwise measuring would take as
long as training."""
FEWEST = 10
SEEDS, SEEDS_OF_SHORT = 5, 1
LEAST_LEFT = 0.5
"""Where fewer playlists are unlike the held-out ones, learning from them says nothing about learning from all."""
_NDCG = GRADES.index("ndcg_500")


@dataclass(frozen=True)
class MeasuringPart:
    """The playlists that every model of one training is measured on."""

    folds: tuple[HeldOut, ...]
    """Each playlist stands in one of them at the most; a model is trained once for each."""
    popularity: tuple[np.ndarray, ...]
    """For each fold popularity's grades: float64, shape (playlists, len(GRADES))."""
    n_seeds: int
    """How many tracks of a playlist are given."""


def measuring_part(corpus: Corpus, rng: np.random.Generator, most_entries: int = MOST_ENTRIES) -> MeasuringPart | None:
    """Choose a tenth of the playlists, or in a small collection more, in several folds; None where that is too few.

    They are cut after five tracks, or after one where most playlists are short. most_entries: of what is learned from.
    """
    n_short, n_long = long_playlists(corpus, (SEEDS_OF_SHORT, SEEDS))
    n_seeds, wanted = wanted_of(corpus.n_playlists, n_short, n_long)
    if wanted < FEWEST:
        return None
    n_folds = min(_MOST_FOLDS, ceil(wanted / (_MOST_AT_ONCE * corpus.n_playlists)))
    parts = folds(corpus, rng, wanted, n_folds, n_seeds, most_entries)
    usable = tuple(fold for fold in parts if fold.unlike >= LEAST_LEFT * corpus.n_playlists)
    if sum(len(fold.seeds) for fold in usable) < FEWEST:
        return None
    popularity = (Popularity.fit(fold.corpus, rng, Options()) for fold in usable)
    measured = tuple(grades(model, fold) for model, fold in zip(popularity, usable, strict=True))
    return MeasuringPart(usable, measured, n_seeds)


def wanted_of(n_playlists: int, n_short: int, n_long: int) -> tuple[int, int]:
    """Say how many tracks of a playlist are given, and how many playlists are to be held out.

    n_short, n_long: how many playlists are long enough to be cut after one track, and after five.
    """
    n_seeds = SEEDS if n_long and 2 * n_long >= min(_ENOUGH, n_short) else SEEDS_OF_SHORT
    tenth = int(_SHARE * n_playlists)
    return n_seeds, min(MEASURED_PLAYLISTS, max(tenth, _ENOUGH), n_long if n_seeds == SEEDS else n_short)


def worth_of(
    kind: type[Model], part: MeasuringPart, options: Any, rng: np.random.Generator, progress: Progress
) -> dict[str, float]:
    """Measure a kind of model: mean grades, popularity's, the interval of the difference, and on how many playlists.

    Each model is gone before the next one is trained: two at once could be more than memory holds. Empty where so few
    folds are enough for it that too few playlists are measured.
    """
    own, popular, foretold = [], [], []
    for number, (fold, theirs) in enumerate(zip(part.folds, part.popularity, strict=True)):

        def show(share: float, before: int = number) -> None:
            progress((before + share) / len(part.folds))

        # What a part of the playlists is too few for, all of them may still allow.
        with suppress(CannotTrain):
            corpus, held = without_a_fifth(fold.corpus, rng)
            model = kind.fit(corpus, rng, options, show)
            own.append(grades(model, fold))
            popular.append(theirs)
            foretold.append(grade_plays(model, held))
    if sum(map(len, own)) < FEWEST:
        return {}
    # The same listeners stand in every fold, so that one of them tells.
    return told_of(np.concatenate(own), np.concatenate(popular), part.n_seeds) | foretold[0] | _sampled(part)


def _sampled(part: MeasuringPart) -> dict[str, float]:
    """Tell from how many of how many playlists the first model learned, where that was a sample."""
    learned, unlike = part.folds[0].corpus.n_playlists, part.folds[0].unlike
    return {} if learned == unlike else {"sample": learned, "sample_of": unlike}


def told_of(own: np.ndarray, popular: np.ndarray, n_seeds: int) -> dict[str, float]:
    """Sum up the grades of a model and of popularity: means, and the interval of the difference."""
    # Always the same draws: a worth has no chance of its own.
    weights = draws(len(own), np.random.default_rng(len(own)))
    over = intervals((own - popular)[:, [_NDCG]], weights)[0]
    means = dict(zip(GRADES, map(float, own.mean(axis=0)), strict=True))
    theirs = {f"popularity_{name}": float(mean) for name, mean in zip(GRADES, popular.mean(axis=0), strict=True)}
    return {
        **means,
        **theirs,
        "over_popularity_low": over.low,
        "over_popularity_high": over.high,
        "playlists": len(own),
        "seeds": n_seeds,
    }
