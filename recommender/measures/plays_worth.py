"""What was measured on plays as means with their intervals, beside the baselines. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from recommender.measures.bootstrap import Interval, interval, quotients
from recommender.measures.measuring import YARDSTICK
from recommender.measures.plays_grades import LISTS
from recommender.measures.plays_measuring import MEANS, RMSE, PlaysMeasured, Sums

NDCG = LISTS.index("ndcg_30")
"""The main grade of lists."""


@dataclass(frozen=True)
class Worth:
    """One entrant's grades: each list of intervals in the order of the grades."""

    one: PlaysMeasured
    foretold: list[Interval]
    """The grades plays_measuring.FORETOLD; empty for what predicts nothing."""
    beside_means: list[Interval]
    """How much each is higher than that of the baseline of means."""
    listed: list[Interval]
    """The grades plays_grades.LISTS."""
    over_popularity: list[Interval]
    """How much each is higher than popularity's."""


def worth_of(measured: Sequence[PlaysMeasured], weights: np.ndarray) -> list[Worth]:
    """Weigh what was measured, popularity and the means among it: best first, by NDCG of the lists.

    weights: bootstrap.draws() over the listeners, the same for all, so that differences are paired.
    """
    by_name = {one.name: one for one in measured}
    means, popular = by_name[MEANS].foretold, by_name[YARDSTICK].listed
    assert means is not None
    base_foretold, base_listed = _rooted(_drawn(means, weights)), _drawn(popular, weights)
    found = []
    for one in measured:
        foretold = None if one.foretold is None else _rooted(_drawn(one.foretold, weights))
        listed = _drawn(one.listed, weights)
        found.append(
            Worth(
                one,
                [] if foretold is None else _intervals(foretold),
                [] if foretold is None else _intervals(foretold - base_foretold),
                _intervals(listed),
                _intervals(listed - base_listed),
            )
        )
    return sorted(found, key=lambda worth: -worth.listed[NDCG].mean)


def _drawn(sums: Sums, weights: np.ndarray) -> np.ndarray:
    """Give the grades over all listeners, then under each draw: float64, shape (1 + draws, grades)."""
    return quotients(sums.tops, sums.bottoms, np.vstack([np.ones(weights.shape[1]), weights]))


def _rooted(drawn: np.ndarray) -> np.ndarray:
    """Turn the mean squares of errors into their root."""
    drawn[:, RMSE] **= 0.5
    return drawn


def _intervals(drawn: np.ndarray) -> list[Interval]:
    return [interval(float(column[0]), column[1:]) for column in drawn.T]
