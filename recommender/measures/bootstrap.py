"""How far a mean over playlists could be off: intervals by drawing the playlists again and again. Pure."""

from dataclasses import dataclass

import numpy as np

ROUNDS = 2_000
_PERCENTILES = (2.5, 97.5)


@dataclass(frozen=True)
class Interval:
    """A mean, and where 95 % of the means lie when the playlists are drawn anew."""

    mean: float
    low: float
    high: float


def draws(n_playlists: int, rng: np.random.Generator) -> np.ndarray:
    """Draw as many playlists as there are, with repeats, many times: float64 weights, shape (ROUNDS, playlists).

    Every model is weighed by the same draws, so that their differences are paired.
    """
    return rng.multinomial(n_playlists, np.full(n_playlists, 1 / n_playlists), size=ROUNDS) / n_playlists


def intervals(grades: np.ndarray, weights: np.ndarray) -> list[Interval]:
    """Give the interval of each column. grades: float64, shape (playlists, columns); weights: from draws()."""
    low, high = np.percentile(weights @ grades, _PERCENTILES, axis=0)
    return [Interval(*map(float, column)) for column in zip(grades.mean(axis=0), low, high, strict=True)]


def quotients(tops: np.ndarray, bottoms: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Give each column's sum of tops over its sum of bottoms, under each draw: float64, shape (draws, columns).

    tops, bottoms: float64, shape (units, columns). weights: shape (draws, units). NaN where nothing is below.
    """
    below = weights @ bottoms
    found: np.ndarray = np.divide(weights @ tops, below, out=np.full(below.shape, np.nan), where=below > 0)
    return found


def interval(mean: float, drawn: np.ndarray) -> Interval:
    """Give a mean with where it lies under the draws: float64, shape (draws,); those that are NaN do not count."""
    told = drawn[~np.isnan(drawn)]
    low, high = map(float, np.percentile(told, _PERCENTILES)) if len(told) else (float("nan"), float("nan"))
    return Interval(mean, low, high)
