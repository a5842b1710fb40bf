"""Grades, by hand."""

from math import log2

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.corpus import corpus_from_lists
from recommender.evaluate import grade
from recommender.metrics import hit_rate, hits, ndcg, r_precision
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


@given(st.lists(st.booleans(), max_size=40), st.integers(0, 20))
def test_grades_lie_between_0_and_1(hit: list[bool], more: int) -> None:
    """And a perfect head is worth all of it."""
    places, n_truth = np.array(hit, bool), max(sum(hit) + more, 1)
    for worth in (hit_rate(places, 10), r_precision(places, n_truth), ndcg(places, n_truth)):
        assert 0 <= worth <= 1 + 1e-9


def test_grade_is_the_mean_over_the_playlists() -> None:
    """Popularity gives c, d to the first (right at place 1) and finds nothing for the second."""
    corpus = corpus_from_lists([["a", "b", "c", "d"], ["a", "b", "c"], ["a", "b"], ["a"]])
    model = Popularity.fit(corpus, np.random.default_rng(0), Options())
    seeds = np.array([0, 1], np.int32)
    held = HeldOut(corpus, [seeds, seeds], [np.array([2], np.int32), np.zeros(0, np.int32)], [1, 2])
    assert grade(model, held) == {"hit_rate_10": 0.5, "ndcg_500": 0.5, "r_precision": 0.5}
