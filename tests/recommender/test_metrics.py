"""Grades, by hand."""

from math import log2

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.corpus import corpus_from_lists
from recommender.evaluate import GRADES, grades
from recommender.metrics import (
    average_precision,
    clicks,
    hit_rate,
    hits,
    ndcg,
    precision,
    r_precision,
    recall,
    reciprocal_rank,
)
from recommender.models.popularity import Options, Popularity
from recommender.splits import HeldOut

RANKED = np.array([7, 1, 9, 4, 3])
TRUTH = np.array([1, 3, 5])


def test_hits_are_the_places_of_right_tracks() -> None:
    """Places two and five hold a track of the truth."""
    assert hits(RANKED, TRUTH).tolist() == [False, True, False, False, True]
    assert hits(np.zeros(0, np.int64), TRUTH).tolist() == []


def test_hit_rate_looks_at_the_first_k() -> None:
    """The first right one stands at place two."""
    hit = hits(RANKED, TRUTH)
    assert [hit_rate(hit, k) for k in (1, 2, 10)] == [0.0, 1.0, 1.0]


def test_r_precision_looks_at_as_many_places_as_there_are_right_tracks() -> None:
    """One of the first three is right, of three."""
    assert r_precision(hits(RANKED, TRUTH), 3) == pytest.approx(1 / 3)


def test_ndcg_discounts_by_place() -> None:
    """Gains at places two and five, over gains at places one, two and three."""
    got = 1 / log2(3) + 1 / log2(6)
    assert ndcg(hits(RANKED, TRUTH), 3) == pytest.approx(got / (1 + 1 / log2(3) + 1 / log2(4)))


def test_ndcg_of_a_short_list_is_measured_against_the_best_short_list() -> None:
    """A list of two cannot hold ten right tracks."""
    assert ndcg(np.array([True, True]), 10) == pytest.approx(1)
    assert ndcg(np.zeros(0, bool), 3) == 0


def test_recall_is_the_share_of_the_truth_and_precision_that_of_the_places() -> None:
    """Two of three right tracks are found, one of them among the first two; a list of five leaves ten half empty."""
    hit = hits(RANKED, TRUTH)
    assert recall(hit, 3) == pytest.approx(2 / 3)
    assert [precision(hit, k) for k in (1, 2, 5, 10)] == [0.0, 0.5, 0.4, 0.2]


@pytest.mark.parametrize(("place", "expected"), [(1, 0), (10, 0), (11, 1), (100, 9), (500, 49), (None, 51)])
def test_clicks_count_the_tens_before_the_first_right_one(place: int | None, expected: int) -> None:
    """A list of 500 without a right track costs one more than all of its tens, as the challenge has it."""
    hit = np.zeros(500, bool)
    if place:
        hit[place - 1 :] = True
    assert clicks(hit) == expected
    assert clicks(np.zeros(0, bool)) == 51


def test_the_reciprocal_rank_is_that_of_the_first_right_one() -> None:
    """It stands at place two, beyond a list of one."""
    hit = hits(RANKED, TRUTH)
    assert [reciprocal_rank(hit, k) for k in (1, 2, 20)] == [0.0, 0.5, 0.5]


def test_average_precision_averages_over_what_could_be_right() -> None:
    """Precision 1/2 at place two and 2/5 at place five, over three right tracks, or two places."""
    hit = hits(RANKED, TRUTH)
    assert average_precision(hit, 20, 3) == pytest.approx((1 / 2 + 2 / 5) / 3)
    assert average_precision(hit, 2, 3) == pytest.approx(1 / 2 / 2)


places = st.lists(st.booleans(), max_size=40)


@given(places, st.integers(0, 20))
def test_grades_lie_between_0_and_1(hit: list[bool], more: int) -> None:
    """Whatever the list, and whatever is missed."""
    assert all(0 <= grade <= 1 + 1e-9 for grade in all_grades(np.array(hit, bool), max(sum(hit) + more, 1)))
    assert clicks(np.array(hit, bool)) in (0, 1, 2, 3, 51)


@given(st.integers(1, 60), st.integers(0, 40))
def test_a_perfect_list_is_worth_all(n_truth: int, wrong: int) -> None:
    """All that is right first, and then whatever comes."""
    hit = np.arange(n_truth + wrong) < n_truth
    assert all_grades(hit, n_truth) == pytest.approx([1] * 7)
    assert clicks(hit) == 0


@given(st.permutations(range(12)), st.integers(1, 12))
def test_the_order_of_the_truth_does_not_matter(truth: list[int], n_truth: int) -> None:
    """The rest of a playlist is a set."""
    ranked = np.arange(8)
    assert np.array_equal(hits(ranked, np.array(truth[:n_truth])), hits(ranked, np.sort(truth[:n_truth])))


@given(places, st.integers(0, 38))
def test_a_right_track_further_up_never_costs(hit: list[bool], place: int) -> None:
    """Swapping a wrong track with the right one below it makes no grade worse."""
    before = np.array(hit, bool)
    after = before.copy()
    if place + 1 < len(hit) and hit[place + 1] and not hit[place]:
        after[[place, place + 1]] = True, False
    n_truth = max(sum(hit), 1)
    for worse, better in zip(all_grades(before, n_truth), all_grades(after, n_truth), strict=True):
        assert better >= worse - 1e-12
    assert clicks(after) <= clicks(before)


def all_grades(hit: np.ndarray, n_truth: int) -> list[float]:
    """Give every grade that lies between 0 and 1, at k = 10, or less where there are fewer right tracks."""
    k = min(10, n_truth)
    return [
        hit_rate(hit, k),
        r_precision(hit, n_truth),
        ndcg(hit, n_truth),
        recall(hit, n_truth),
        precision(hit, k),
        reciprocal_rank(hit, k),
        average_precision(hit, k, n_truth),
    ]


def test_each_held_out_playlist_has_its_grades() -> None:
    """Popularity gives c, d to the first (right at place 1) and finds nothing for the second."""
    corpus = corpus_from_lists([["a", "b", "c", "d"], ["a", "b", "c"], ["a", "b"], ["a"]])
    model = Popularity.fit(corpus, np.random.default_rng(0), Options())
    seeds = np.array([0, 1], np.int32)
    held = HeldOut(corpus, [seeds, seeds], [np.array([2], np.int32), np.zeros(0, np.int32)], [1, 2])
    assert GRADES == ("hit_rate_10", "ndcg_500", "r_precision")
    assert grades(model, held).tolist() == [[1, 1, 1], [0, 0, 0]]
