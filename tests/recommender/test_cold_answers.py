"""How high songs of no playlist stand among known ones."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as some
from hypothesis.extra.numpy import arrays

from recommender.cold.answers import added, standing

SCORES = some.floats(-1e6, 1e6, width=32)


@given(arrays(np.float32, 7, elements=SCORES), arrays(np.float32, some.integers(1, 30), elements=SCORES))
def test_who_scores_more_stands_higher_or_as_high(scores: np.ndarray, known: np.ndarray) -> None:
    """From 0, below all that are known, to 1, above them; whatever else is not known."""
    levels = standing(scores, np.append(known, np.nan))
    assert ((levels >= 0) & (levels <= 1)).all()
    assert (np.diff(levels[np.argsort(scores)]) >= 0).all()
    assert (levels[scores >= known.max()] == 1).all()
    assert (levels[scores < known.min()] == 0).all()


def test_what_cannot_be_told_stands_nowhere() -> None:
    assert standing(np.array([np.nan, 1.0], np.float32), np.array([0.5, np.nan])).tolist() == [0, 1]


def test_what_nobody_tells_has_no_score() -> None:
    """And the artist outweighs one model of content."""
    found = added(np.array([1.0, 0.0, 0.0]), [np.array([0.0, 1.0, 0.0])])
    assert np.isnan(found).tolist() == [False, False, True]
    assert found[0] > found[1]
