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
