"""Grades of taste are what their names say."""

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score, roc_curve

from recommender.taste import judging
from recommender.taste.contract import Grades, Tried
from recommender.taste.grading import curve, grade, roc_auc


@pytest.mark.parametrize("digits", [1, 8])
def test_roc_auc_is_scikit_learns_also_with_ties(digits: int) -> None:
    rng = np.random.default_rng(1)
    liked = rng.random(300) < 0.3
    scores = np.round(rng.random(300) + 0.3 * liked, digits)
    assert roc_auc(liked, scores) == pytest.approx(roc_auc_score(liked, scores))


def test_without_a_pair_there_is_nothing_to_rank() -> None:
    assert roc_auc(np.ones(3, bool), np.arange(3.0)) == 0.5


def test_the_curve_is_scikit_learns() -> None:
    rng = np.random.default_rng(2)
    liked, chances = rng.random(50) < 0.5, np.round(rng.random(50), 1)
    fooled, found, _ = roc_curve(liked, chances, drop_intermediate=False)
    assert np.allclose(curve(liked, chances), np.stack([fooled, found], axis=1))


def test_grades_of_what_was_taken_for_what() -> None:
    liked = np.array([True, True, True, False, False])
    chances = np.array([0.9, 0.8, 0.2, 0.7, 0.1])
    told = grade(liked, chances, chances >= 0.5, np.arange(5), np.random.default_rng(1))
    assert told.confusion == ((1, 1), (1, 2))
    assert told.accuracy == pytest.approx(3 / 5)
    assert told.precision == pytest.approx(2 / 3)
    assert told.recall == pytest.approx(2 / 3)
    assert told.f1 == pytest.approx(2 / 3)


def test_songs_of_one_artist_are_no_separate_evidence() -> None:
    """The same chances are told less surely when they are of few artists."""
    rng = np.random.default_rng(3)
    artists = np.repeat(np.arange(20), 10)
    liked = (artists % 2).astype(bool)
    chances = np.repeat(rng.random(20), 10) + 0.3 * liked
    of_few = grade(liked, chances, chances > 0.5, artists, np.random.default_rng(1)).auc_interval
    of_many = grade(liked, chances, chances > 0.5, np.arange(200), np.random.default_rng(1)).auc_interval
    assert of_few[1] - of_few[0] > 2 * (of_many[1] - of_many[0])


def test_the_interval_holds_what_it_says_in_most_worlds() -> None:
    inside = 0
    for seed in range(40):
        rng = np.random.default_rng(seed)
        liked = np.arange(120) % 2 == 0
        chances = rng.normal(size=120) + 1.0 * liked
        low, high = grade(liked, chances, chances > 0.5, np.arange(120), rng).auc_interval
        inside += low <= 0.7602 <= high  # the normal distribution of 1 / sqrt(2)
    assert inside >= 35


def _grades(low: float, high: float) -> Grades:
    return Grades(0.5, 0.5, 0.5, 0.5, (low + high) / 2, ((1, 1), (1, 1)), (low, high))


@pytest.mark.parametrize(
    ("kept", "anew", "says"),
    [((0.45, 0.6), (0.45, 0.6), "coin"), ((0.52, 0.8), (0.4, 0.7), "coin"), ((0.7, 0.9), (0.7, 0.9), "0.70 and 0.90")],
)
def test_few_songs_are_said_to_be_unsure(kept: tuple[float, float], anew: tuple[float, float], says: str) -> None:
    assert says in judging.unsure(_grades(*kept), _grades(*anew), 50, 50)


def test_what_is_sure_is_not_called_unsure() -> None:
    assert judging.unsure(_grades(0.8, 0.84), _grades(0.79, 0.83), 500, 500) == ""


@pytest.mark.parametrize(
    ("aucs", "noise", "steady", "kept"),
    [
        ((0.700, 0.705), 0.05, None, 0),
        ((0.700, 0.705), 0.001, None, 1),
        ((0.60, 0.70), 0.2, None, 1),
        ((0.80, 0.70), 0.2, None, 0),
        ((0.80, 0.70), 0.2, 1, 1),
        ((0.80, 0.70), 0.01, 1, 0),
    ],
)
def test_the_simpler_or_of_few_songs_the_steady_is_kept_where_it_is_perhaps_worse_by_chance(
    aucs: tuple[float, float], noise: float, steady: int | None, kept: int
) -> None:
    draws = np.array(aucs)[:, None] + noise * np.random.default_rng(1).normal(size=(2, 1000))
    assert judging.choice(aucs, draws, steady) == (kept, int(aucs[1] > aucs[0]))


def test_why_a_learner_is_kept() -> None:
    tried = [Tried(name, "none", {}, _grades(0.6, high), 1.0) for name, high in (("sgd", 0.8), ("svc", 0.82))]
    assert judging.why(tried, 1, 1).startswith("svc is kept: its ROC-AUC of 0.710 is the highest")
    simpler = judging.why(tried, 0, 1)
    assert simpler.startswith("sgd is kept: its ROC-AUC of 0.700")
    assert "0.710 of svc" in simpler
    assert "simpler" in simpler
