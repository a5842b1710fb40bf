"""In a long list the last tracks weigh more, and in a short one nothing changes."""

import numpy as np
import pytest

from recommender.lists.lateness import FEWEST, LAST, weighed

TASTES = 2
OF_TASTE = 40
N = TASTES * OF_TASTE


def _model(asked: list[np.ndarray] | None = None):  # type: ignore[no-untyped-def]
    """Make a model in which each seed speaks for the tracks of its taste, those of low number most."""

    def scores(seeds: np.ndarray) -> np.ndarray:
        if asked is not None:
            asked.append(seeds)
        told = np.full(N, np.nan, np.float32)
        for taste in set((seeds // OF_TASTE).tolist()):
            own = np.arange(taste * OF_TASTE, (taste + 1) * OF_TASTE)
            told[own] = (seeds // OF_TASTE == taste).sum() + 1 / (1 + own - own[0])
        return told

    return scores


def _first(scores: np.ndarray, seeds: np.ndarray) -> int:
    left = np.where(np.isnan(scores), -np.inf, scores.astype(np.float64))
    left[seeds] = -np.inf
    return int(left.argmax() // OF_TASTE)


def test_a_short_list_is_the_models_own() -> None:
    asked: list[np.ndarray] = []
    seeds = np.arange(FEWEST - 1, dtype=np.int32)
    np.testing.assert_array_equal(weighed(_model(asked), seeds), _model()(seeds))
    assert len(asked) == 1


def test_the_end_of_a_long_list_decides_where_the_whole_does_not() -> None:
    """As many of either taste, the one last and then the other: the last one comes first, both ways round."""
    half = np.arange(15, dtype=np.int32)
    for first, last in ((0, 1), (1, 0)):
        seeds = np.concatenate([first * OF_TASTE + half, last * OF_TASTE + half])
        asked: list[np.ndarray] = []
        assert _first(weighed(_model(asked), seeds), seeds) == last
        assert [len(one) for one in asked] == [len(seeds), LAST]
        np.testing.assert_array_equal(asked[1], seeds[-LAST:])


def test_the_end_does_not_outvote_the_whole() -> None:
    """Thirty of one taste, and ten of the other at the end: the thirty still come first."""
    seeds = np.concatenate([np.arange(30), OF_TASTE + np.arange(LAST)]).astype(np.int32)
    assert _first(weighed(_model(), seeds), seeds) == 0


def test_what_no_level_reaches_keeps_the_models_order_below_the_rest() -> None:
    rng = np.random.default_rng(3)
    own = rng.permutation(2_000).astype(np.float32)
    own[rng.choice(2_000, 100, replace=False)] = np.nan
    seeds = rng.choice(2_000, FEWEST, replace=False).astype(np.int32)
    found = weighed(lambda _seeds: own, seeds)
    assert found.dtype == np.float32
    np.testing.assert_array_equal(np.isnan(found), np.isnan(own))
    left = np.setdiff1d(np.flatnonzero(~np.isnan(own)), seeds)
    np.testing.assert_array_equal(left[np.argsort(-found[left], kind="stable")], left[np.argsort(-own[left])])


@pytest.mark.parametrize("count", [FEWEST, FEWEST + 40])
def test_where_nothing_can_be_told_nothing_is(count: int) -> None:
    nothing = np.full(N, np.nan, np.float32)
    assert np.isnan(weighed(lambda _seeds: nothing, np.zeros(count, np.int32))).all()
