"""Levels and weights: what a sum of models stands on."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from recommender.models.blend import REACH, Case, case_of, learn_weights, levelled

NO_SEEDS = np.zeros(0, np.int32)


def test_the_best_has_level_1_and_the_place_of_reach_level_0() -> None:
    scores = np.arange(2 * REACH, dtype=np.float32)
    level = levelled(scores, NO_SEEDS)
    assert level.dtype == np.float32
    assert level[-1] == 1
    assert level[-REACH] == 0
    assert not level[:REACH].any()
    assert (np.diff(level[REACH:]) > 0).all()


def test_seeds_and_what_cannot_be_told_have_level_0() -> None:
    scores = np.array([5, np.nan, 3, 4], np.float32)
    level = levelled(scores, np.array([0], np.int32))
    assert level[0] == level[1] == 0
    assert level[3] == 1
    assert 0 < level[2] < 1, "the last of few is still told"
    assert scores[0] == 5, "the scores belong to the caller"


def test_all_alike_are_all_the_best() -> None:
    assert levelled(np.array([2, 2, np.nan], np.float32), NO_SEEDS).tolist() == [1, 1, 0]
    assert not levelled(np.full(4, np.nan, np.float32), NO_SEEDS).any()


@given(st.lists(st.one_of(st.floats(-1e6, 1e6, width=32), st.just(float("nan"))), min_size=1, max_size=40))
def test_levels_keep_the_order_and_lie_between_0_and_1(told: list[float]) -> None:
    scores = np.array(told, np.float32)
    level = levelled(scores, NO_SEEDS)
    assert ((level >= 0) & (level <= 1)).all()
    known = np.flatnonzero(~np.isnan(scores))
    order = known[np.argsort(-scores[known], kind="stable")]
    assert (np.diff(level[order]) <= 1e-6).all()


def test_the_model_that_is_right_gets_the_weight() -> None:
    rng = np.random.default_rng(3)
    cases = []
    for _ in range(30):
        right = np.zeros(200, bool)
        right[rng.choice(200, 10, replace=False)] = True
        good = (right * 0.5 + rng.random(200) * 0.5).astype(np.float32)
        cases.append(Case(np.array([rng.random(200, np.float32), good, np.zeros(200, np.float32)]), right, 10))
    weights = learn_weights(cases, 3)
    assert weights[1] > 3 * weights[0]
    assert weights.sum() == 1
    assert (weights >= 0).all()


def test_a_case_keeps_what_any_model_reaches_and_counts_the_rest_as_lost() -> None:
    levels = np.array([[0, 0.5, 0, 1], [0, 0, 0, 0.2]], np.float32)
    case = case_of(np.array([1, 3]), levels[:, [1, 3]], np.array([2, 3]), 2)
    assert case.levels.shape == (2, 2)
    assert case.right.tolist() == [False, True]
    assert case.n_truth == 2
