"""What is left out of millions of tracks is never among the best, and what is built on that is what it was."""

import numpy as np
import pytest

from recommender.lists.dials import UNLIKED, less
from recommender.models.blend import REACH, levelled, over
from recommender.models.likely import likely
from recommender.ranking import best_first

SHARES_TOLD = (1.0, 0.3, 0.01, 0.0005, 0.0)
SIZES = (1, 5_000, 30_000, 100_000)


def made(kind: str, size: int, share: float, rng: np.random.Generator) -> np.ndarray:
    """Make scores of which a share is told: float32."""
    scores = {
        "spread": lambda: rng.normal(size=size),
        "levels": lambda: rng.integers(0, 4, size),
        "counts": lambda: np.sort(np.floor(rng.pareto(1.2, size)))[::-1],
        "alike": lambda: np.ones(size),
        "zeros": lambda: np.where(rng.random(size) < 0.1, 0.0, -0.0),
    }[kind]().astype(np.float32)
    scores[rng.random(size) >= share] = np.nan
    return scores


@pytest.fixture(params=["spread", "levels", "counts", "alike", "zeros"])
def cases(request: pytest.FixtureRequest) -> list[tuple[np.ndarray, np.ndarray]]:
    """Scores of many sizes, and tracks that may not come, some of them the best."""
    rng = np.random.default_rng(6)
    found = []
    for size in SIZES:
        for share in SHARES_TOLD:
            scores = made(request.param, size, share, rng)
            best = np.argsort(-np.nan_to_num(scores, nan=-9))[: min(size, 60)]
            found.append((scores, rng.permutation(best)[: int(rng.integers(0, 61))].astype(np.int32)))
    return found


def in_order(scores: np.ndarray, excluded: np.ndarray) -> np.ndarray:
    """Sort the told ones plainly: the best first, equals by number."""
    told = np.flatnonzero(~np.isnan(scores))
    told = told[~np.isin(told, excluded)]
    return told[np.argsort(-scores[told], kind="stable")]


@pytest.mark.parametrize("n", [1, 120, 1_100])
def test_the_best_are_among_the_likely_with_all_their_equals(
    cases: list[tuple[np.ndarray, np.ndarray]], n: int
) -> None:
    for scores, excluded in cases:
        found, order = likely(scores, excluded, n), in_order(scores, excluded)
        wanted = order if len(order) <= n else order[scores[order] >= scores[order[n - 1]]]
        assert set(wanted.tolist()) <= set(found.tolist()) <= set(order.tolist())
        assert (np.diff(found) > 0).all()


@pytest.mark.parametrize("n", [1, 120, 1_100, 200_000])
def test_best_first_of_many_is_a_plain_sort(cases: list[tuple[np.ndarray, np.ndarray]], n: int) -> None:
    for scores, excluded in cases:
        untold = np.flatnonzero(np.isnan(scores))
        untold = untold[~np.isin(untold, excluded)]
        plain = np.concatenate([in_order(scores, excluded), untold])[:n]
        np.testing.assert_array_equal(best_first(scores, excluded, n), plain)


def test_levels_of_many_are_as_of_all_in_order(cases: list[tuple[np.ndarray, np.ndarray]]) -> None:
    for scores, seeds in cases:
        order = in_order(scores, seeds)
        plain = np.zeros(len(scores), np.float32)
        if len(order):
            cut = len(order) > REACH
            told = scores[order].astype(np.float64)
            best, least, floor = told[0], told[REACH - 1] if cut else told[-1], 0.0 if cut else 0.01
            span = best - least
            levels = floor + (1 - floor) * (told - least) / span if span else told == best
            plain[order] = np.maximum(levels, 0)
        np.testing.assert_array_equal(levelled(scores, seeds), plain)


def put_below(total: np.ndarray, scores: np.ndarray) -> np.ndarray:
    """Say plainly what over() says."""
    whole = np.where(total == 0, np.float32(np.nan), total)
    rest = (total == 0) & ~np.isnan(scores)
    if rest.any():
        below = scores[rest].astype(np.float64)
        whole[rest] = (below - below.max()) / (np.ptp(below) or 1.0)
    return whole


def test_what_is_below_the_levels_keeps_the_order_of_the_scores(cases: list[tuple[np.ndarray, np.ndarray]]) -> None:
    for scores, seeds in cases:
        total = levelled(scores, seeds)
        total[-1] = 0.25  # a title may speak for what a model cannot tell
        before = scores.copy()
        np.testing.assert_array_equal(over(total, scores), put_below(total, scores))
        np.testing.assert_array_equal(scores, before)
    assert not len(over(np.zeros(0, np.float32), np.zeros(0, np.float32)))


def test_less_takes_off_the_levels_of_the_unliked(cases: list[tuple[np.ndarray, np.ndarray]]) -> None:
    for scores, seeds in cases:
        unlike = scores[::-1].copy()
        against = np.float32(UNLIKED) * levelled(unlike, seeds)
        plain = put_below(levelled(scores, seeds), scores) - against if against.any() else scores
        np.testing.assert_array_equal(less(scores, unlike, seeds), plain)


def test_what_is_infinite_is_no_floor_for_the_others() -> None:
    """Of a damaged model it may come; the finite ones are found all the same."""
    scores = np.arange(20_000, dtype=np.float32)
    scores[:15_000] = np.inf
    assert np.flatnonzero(levelled(scores, np.zeros(0, np.int32))).tolist() == list(range(20_000 - REACH + 1, 20_000))
