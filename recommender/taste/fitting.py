"""Fitting one learner of taste: a grid searched by cross-validation, and chances that mean what they say."""

import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import expit
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold

from recommender.taste.grading import roc_auc
from recommender.taste.learners import NONE, SAMPLINGS, Learner, Options, steps

_INNER = 3
_EVEN = 1.2
"""Where the larger class has less than so many times the smaller one, there is nothing to even out."""
_LEAST_SLOPE = 0.01
"""Where few songs make a learner look worse than a coin, its order is still kept, only hardly believed."""
_LEAST_OF_CLASS = 2


@dataclass(frozen=True)
class Lesson:
    """Songs as rows, and what was said of them."""

    values: np.ndarray
    """float32, shape (songs, columns)."""
    liked: np.ndarray
    """bool, shape (songs,)."""
    groups: np.ndarray
    """int64, shape (songs,): the number of each song's artist."""
    centred: int
    selected: bool = False
    grouped: bool = True
    """Whether songs of one artist stay together when folds are made."""

    def part(self, places: np.ndarray) -> "Lesson":
        """Give some of the songs."""
        told = (self.values[places], self.liked[places], self.groups[places])
        return Lesson(*told, self.centred, self.selected, self.grouped)


@dataclass(frozen=True)
class Fitted:
    """A fitted row of steps, and how its scores become chances."""

    pipeline: Any
    slope: float
    intercept: float
    threshold: float
    """The share of likes in what it learned from."""

    def chances(self, values: np.ndarray) -> np.ndarray:
        """Give the chance that each row is liked: float64, shape (rows,)."""
        told: np.ndarray = expit(self.slope * scores(self.pipeline, values) + self.intercept)
        return told

    @property
    def settled(self) -> bool:
        """Tell whether the learner came to an end, and was not stopped after so many rounds."""
        learn = self.pipeline[-1]
        most = getattr(learn, "max_iter", None)
        return not isinstance(most, int) or most < 0 or int(np.max(learn.n_iter_)) < most


@dataclass(frozen=True)
class Found:
    """What a search found best."""

    sampling: str
    options: Options
    auc: float
    """On songs held out inside the search."""
    scored: np.ndarray
    """The score of each of these songs, NaN for those never held out."""


def folds(lesson: Lesson, n_folds: int, seed: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Split into training and held-out places; leaves splits out that could not learn both likes and dislikes."""
    n_folds = min(n_folds, int(lesson.liked.sum()), int((~lesson.liked).sum()))
    kind = StratifiedGroupKFold if lesson.grouped else StratifiedKFold
    groups = lesson.groups if lesson.grouped else None
    for learned, held in kind(n_folds, shuffle=True, random_state=seed).split(lesson.values, lesson.liked, groups):
        n_liked = int(lesson.liked[learned].sum())
        if len(held) and min(n_liked, len(learned) - n_liked) >= _LEAST_OF_CLASS:
            yield learned, held


def search(learner: Learner, lesson: Lesson, seed: int) -> Found:
    """Try all settings and samplings by cross-validation, and give the best."""
    n_liked = int(lesson.liked.sum())
    smaller, larger = sorted((n_liked, len(lesson.liked) - n_liked))
    samplings = (NONE,) if larger < _EVEN * smaller else SAMPLINGS
    tried = [held_out(learner, lesson, how, options, seed) for how in samplings for options in learner.settings()]
    # Of equals the first, so that nothing is chosen by chance.
    return max(tried, key=lambda found: found.auc)


def held_out(learner: Learner, lesson: Lesson, sampling: str, options: Options, seed: int) -> Found:
    """Score each song by steps that did not learn from its artist."""
    scored = np.full(len(lesson.liked), np.nan)
    for learned, held in folds(lesson, _INNER, seed):
        pipeline = _fit(learner, lesson.part(learned), sampling, options, seed)
        scored[held] = scores(pipeline, lesson.values[held])
    known = ~np.isnan(scored)
    return Found(sampling, options, roc_auc(lesson.liked[known], scored[known]), scored)


def fit(learner: Learner, lesson: Lesson, found: Found, seed: int) -> Fitted:
    """Learn from all songs with the settings that were found.

    The scores of the held-out songs tell what chance a score stands for (Platt): scores of songs that were learned from
    are too sure, and evened-out classes tell wrong shares.
    """
    pipeline = _fit(learner, lesson, found.sampling, found.options, seed)
    share = float(lesson.liked.mean())
    known = ~np.isnan(found.scored)
    if not 0 < lesson.liked[known].sum() < known.sum():
        return Fitted(pipeline, _LEAST_SLOPE, float(np.log(share / (1 - share))), share)
    spread = float(found.scored[known].std()) or 1.0
    told = LogisticRegression().fit(found.scored[known, None] / spread, lesson.liked[known])
    slope, intercept = float(told.coef_[0, 0]), float(told.intercept_[0])
    if slope < _LEAST_SLOPE:
        slope, intercept = _LEAST_SLOPE, float(np.log(share / (1 - share)))
    return Fitted(pipeline, slope / spread, intercept, share)


def _fit(learner: Learner, lesson: Lesson, sampling: str, options: Options, seed: int) -> Any:
    pipeline = steps(learner, sampling, options, seed, lesson.centred, lesson.selected)
    with warnings.catch_warnings():
        # Fitted.settled looks at the rounds itself, and the report tells it.
        warnings.simplefilter("ignore", ConvergenceWarning)
        return pipeline.fit(lesson.values, lesson.liked)


def scores(pipeline: Any, values: np.ndarray) -> np.ndarray:
    """Score rows, the higher the more liked: float64, shape (rows,), of no fixed range."""
    if hasattr(pipeline, "decision_function"):
        return np.asarray(pipeline.decision_function(values), np.float64)
    chances = np.clip(pipeline.predict_proba(values)[:, 1], 0.01, 0.99)
    return np.asarray(np.log(chances / (1 - chances)), np.float64)


def unsettled(fits: Sequence[Fitted]) -> int:
    """Count those that did not come to an end."""
    return sum(not fitted.settled for fitted in fits)
