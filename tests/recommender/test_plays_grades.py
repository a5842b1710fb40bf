"""Grades of foretold plays, by hand and by what must hold for any."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from recommender.measures import plays_grades as grades
from recommender.measures.bootstrap import draws, interval, quotients
from recommender.measures.means import Means
from recommender.plays import plays_from_pairs

ratings = arrays.arrays(np.float64, st.integers(1, 60), elements=st.floats(0, 6))
seeds = st.integers(0, 2**32)


def quotient(graded: grades.Graded) -> list[float]:
    return [top / bottom if bottom else float("nan") for top, bottom in graded]


def test_errors_by_hand() -> None:
    """Off by 1, 0 and 2: the root is drawn later, from the quotient over all listeners."""
    assert grades.errors(np.array([2.0, 1.0, 0.0]), np.array([1.0, 1.0, 2.0])) == [(3.0, 3), (5.0, 3)]


def test_ratings_are_logs_of_one_or_more_plays() -> None:
    """What a model puts below one play counts as one; what it cannot tell stays so."""
    told = grades.rating(np.array([1, 0.2, -3, np.e, np.nan], np.float32))
    np.testing.assert_allclose(told, [0, 0, 0, 1, np.nan], rtol=1e-6)


def test_lists_at_a_threshold_by_hand() -> None:
    """Foretold 3, 2.5, 2, 1: three recommended, right, wrong, right; three are relevant, of which one is missed."""
    foretold, real = np.array([2.0, 3.0, 1.0, 2.5]), np.array([1.5, 2.0, 4.0, 1.0])
    told = quotient(grades.at_threshold(foretold, real, 1.5, np.array([0.2, 0.4, 1.0, 0.6])))
    gain = (1 + 1 / 2) / (1 + 1 / np.log2(3) + 1 / 2)
    np.testing.assert_allclose(told, [2 / 3, 2 / 3, 2 / 3, (1 + 2 / 3) / 3, gain, 0.4])


def test_where_nothing_is_recommended_or_relevant_it_is_zero() -> None:
    """As in Surprise's FAQ; and there is no novelty of nothing."""
    surprise = np.array([0.5, 0.5])
    for foretold, real in (([1.0, 1.0], [2.0, 2.0]), ([2.0, 2.0], [1.0, 1.0])):
        told = quotient(grades.at_threshold(np.array(foretold), np.array(real), 1.5, surprise))
        assert told[:5] == [0, 0, 0, 0, 0]
    assert np.isnan(quotient(grades.at_threshold(np.zeros(2), np.zeros(2), 1.5, surprise))[5])


def test_no_more_than_30_are_recommended() -> None:
    """Of 40 that are foretold alike the first 30."""
    real = np.repeat([2.0, 0.0], [30, 10])
    told = quotient(grades.at_threshold(np.full(40, 2.0), real, 1.5, np.zeros(40)))
    assert told[:5] == [1, 1, 1, 1, 1]
    assert quotient(grades.at_threshold(np.full(40, 2.0), real[::-1], 1.5, np.zeros(40)))[0] == pytest.approx(20 / 30)


@given(ratings, seeds, st.floats(0.1, 5))
def test_grades_lie_between_none_and_one(real: np.ndarray, seed: int, threshold: float) -> None:
    """For any prediction; the truth itself has a precision of 1 where anything is relevant, and no error."""
    rng = np.random.default_rng(seed)
    told = quotient(grades.at_threshold(rng.random(len(real)) * 6, real, threshold, rng.random(len(real))))
    assert all(0 <= grade <= 1 + 1e-9 or np.isnan(grade) for grade in told)
    best = quotient(grades.at_threshold(real, real, threshold, np.zeros(len(real))))
    np.testing.assert_allclose([best[0], *best[3:5]], float((real >= threshold).any()))
    assert quotient(grades.errors(real, real)) == [0, 0]


@given(ratings, seeds)
def test_the_order_in_which_pairs_are_told_does_not_matter(real: np.ndarray, seed: int) -> None:
    """As long as no two are foretold alike."""
    rng = np.random.default_rng(seed)
    foretold, surprise, order = rng.permutation(len(real)) / 10, rng.random(len(real)), rng.permutation(len(real))
    np.testing.assert_allclose(
        grades.at_threshold(foretold, real, 1.5, surprise),
        grades.at_threshold(foretold[order], real[order], 1.5, surprise[order]),
    )


def test_a_list_of_the_whole_catalogue_by_hand() -> None:
    """Right at the second of three places; two of three held-out tracks are missed, one because nobody knows it."""
    told = quotient(grades.of_list(np.array([4, 2, 0]), np.array([2, 3, -1]), np.array([0.1, 0, 0.2, 0, 0.6])))
    gain = (1 / np.log2(3)) / (1 + 1 / np.log2(3) + 1 / 2)
    np.testing.assert_allclose(told, [1, 1 / 3, gain, 0.3])


def test_novelty_is_none_for_what_everybody_played_and_whole_for_what_one_did() -> None:
    """And half way for the square root of all."""
    np.testing.assert_allclose(grades.self_information(np.array([100, 10, 1, 0]), 100), [0, 0.5, 1, 1])
    assert np.isfinite(grades.self_information(np.array([1]), 1)).all()


def test_quotients_weigh_each_listener_as_often_as_he_is_drawn() -> None:
    """Nothing below is NaN, and an interval leaves such draws out."""
    tops, bottoms = np.array([[1.0, 2.0], [3.0, 0.0]]), np.array([[1.0, 1.0], [2.0, 0.0]])
    drawn = quotients(tops, bottoms, np.array([[1.0, 1.0], [0.0, 2.0]]))
    np.testing.assert_allclose(drawn, [[4 / 3, 2], [3 / 2, np.nan]])
    assert interval(2.0, drawn[:, 1]) == interval(2.0, np.array([2.0, 2.0]))
    assert np.isnan(interval(2.0, np.array([np.nan])).low)


@pytest.mark.parametrize("seed", range(3))
def test_the_interval_of_a_quotient_holds_it(seed: int) -> None:
    """Of a few hundred listeners the middle of the draws is near the mean."""
    rng = np.random.default_rng(seed)
    bottoms = rng.integers(1, 9, (300, 1)).astype(float)
    tops = bottoms * rng.random((300, 1))
    found = interval(float(tops.sum() / bottoms.sum()), quotients(tops, bottoms, draws(300, rng))[:, 0])
    assert found.low < found.mean < found.high < found.low + 0.2


def test_the_means_find_how_listeners_and_tracks_differ() -> None:
    """From counts that are exactly exp(1 + listener + track), with shrinking; an unknown track is a mean one."""
    rng = np.random.default_rng(1)
    of_listeners, of_tracks = rng.permutation(np.linspace(-0.5, 0.5, 60)), rng.permutation(np.linspace(-0.5, 0.5, 50))
    who, what = (grid.ravel() for grid in np.meshgrid(np.arange(60), np.arange(50), indexing="ij"))
    real = np.exp(3 + of_listeners[who] + of_tracks[what])
    means = Means.fit(plays_from_pairs(tuple(map(str, range(60))), who, what, real.round(), who * 0), 50)
    foretold = np.array([means.predict(n, np.arange(50)) for n in range(60)])
    off = np.log(foretold) - np.log(real).reshape(60, 50)
    assert np.sqrt((off**2).mean()) < 0.15
    assert np.corrcoef(means.of_tracks, of_tracks)[0, 1] > 0.99
    assert means.predict(0, np.array([-1]))[0] == pytest.approx(np.exp(means.mean + means.of_listeners[0]), rel=1e-5)
