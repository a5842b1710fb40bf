"""svd is Surprise's SVD as arrays, with a rater who likes the seeds folded in."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from recommender.corpus import Corpus, corpus_from_lists
from recommender.errors import CannotTrain, DamagedModel
from recommender.models import surprises
from recommender.models.contract import Predicting
from recommender.models.graded import graded, rated
from recommender.models.surprises import import_surprise, trainset
from recommender.models.svd import PRESETS, SVD, Options
from tests.listening import listening_world
from tests.worlds import noisy_world


def fit(corpus: Corpus, seed: int = 0, **words: Any) -> SVD:
    return SVD.fit(corpus, np.random.default_rng(seed), Options(**words))


@pytest.fixture(scope="module")
def listening() -> Corpus:
    return listening_world(np.random.default_rng(3))[0]


def by_surprise(corpus: Corpus, options: Options, seed: int) -> Any:
    """Let Surprise learn by itself from the same ratings and the same chance."""
    rng = np.random.default_rng(seed)
    ratings = rated(corpus, rng, options.zeros, options.source)
    known = graded(ratings, corpus.n_tracks)
    rate, regularization = options.steps(ratings.of_plays)
    model = import_surprise().SVD(
        options.factors, options.epochs, lr_all=rate, reg_all=regularization, random_state=int(rng.integers(2**31))
    )
    return model.fit(trainset(known.by_rater, known.by_track, corpus.n_tracks, known.scale))


@pytest.mark.parametrize("options", [Options(), *PRESETS.values()])
def test_it_estimates_what_surprise_does(options: Options, listening: Corpus) -> None:
    """Every pair, of plays and of playlists, before anything is clipped."""
    for corpus in (listening, noisy_world(np.random.default_rng(0))[0]):
        model, surprise = SVD.fit(corpus, np.random.default_rng(4), options), by_surprise(corpus, options, 4)
        for rater in range(0, 60, 7):
            wanted = [surprise.estimate(rater, track) for track in range(corpus.n_tracks)]
            assert model.estimates(rater, np.arange(corpus.n_tracks)) == pytest.approx(wanted, abs=1e-5)


def test_foretold_plays_are_clipped_as_surprise_does_it(listening: Corpus) -> None:
    """To ratings that there were: one play at least, and never more than anybody's."""
    model = fit(listening, rate=0.3, epochs=2)
    tracks, counts = np.arange(listening.n_tracks), listening.plays.counts
    told = np.array([model.predict(listener, tracks) for listener in range(60)])
    estimates = np.array([model.estimates(listener, tracks) for listener in range(60)])
    assert told.dtype == np.float32
    assert told == pytest.approx(np.exp(np.clip(estimates, np.log(counts.min()), np.log(counts.max()))), rel=1e-5)
    assert (estimates < 0).any()
    assert told.min() == 1
    assert model.predict(3, np.array([5, 1, 5])).tolist() == [told[3, 5], told[3, 1], told[3, 5]]


def test_plays_are_foretold_better_than_by_their_mean() -> None:
    """On plays kept back, in the log that the study measures in, by the usual settings and by both of the study."""
    for seed in range(3):
        corpus = listening_world(np.random.default_rng(seed), 200, 200, 50)[0]
        kept = np.random.default_rng(seed).random(corpus.plays.n_pairs) < 0.8
        learned, asked = corpus.plays.only(kept), corpus.plays.only(~kept)
        errors = {}
        for name, options in (("usual", Options()), *PRESETS.items()):
            model = SVD.fit(replace(corpus, plays=learned), np.random.default_rng(seed), options)
            told = [
                model.predict(listener, asked.tracks[asked.offsets[listener] : asked.offsets[listener + 1]])
                for listener in range(asked.n_listeners)
            ]
            errors[name] = np.abs(np.log(np.concatenate(told)) - np.log(asked.counts)).mean()
        plain = np.abs(np.log(learned.counts).mean() - np.log(asked.counts)).mean()
        assert max(errors.values()) < 0.9 * plain
        assert errors["usual"] < errors["study-tuned"] < errors["study"]


def test_what_goes_with_the_seeds_is_suggested() -> None:
    """From three tracks of a taste that listeners have, the first ten are of it."""
    corpus, taste = listening_world(np.random.default_rng(5), 200, 120, 30)
    model, right = fit(corpus), []
    for wanted in range(4):
        seeds = np.flatnonzero(taste == wanted)[:3].astype(np.int32)
        scores = model.scores(seeds)
        scores[seeds] = -np.inf
        right.append((taste[np.argsort(-scores)[:10]] == wanted).mean())
    assert np.mean(right) > 0.8


def test_the_seeds_vector_is_the_best_one(listening: Corpus) -> None:
    """No small change of it makes squared error + fold times its square smaller."""
    model = fit(listening, fame=0.0)
    seeds = np.array([4, 9, 2], np.int32)
    biases, vectors = (array[1].astype(np.float64) for array in (model.biases, model.factors))
    vector = np.linalg.lstsq(vectors, model.scores(seeds).astype(np.float64), rcond=None)[0]

    def loss(p: np.ndarray) -> float:
        beyond = model.scale.liked - model.scale.mean - biases[seeds] - vectors[seeds] @ p
        return float((beyond**2).sum() + model.options.fold * (p**2).sum())

    rng = np.random.default_rng(0)
    assert all(loss(vector + 0.01 * rng.normal(size=len(vector))) > loss(vector) for _ in range(100))
    famed = replace(model, options=replace(model.options, fame=2.0)).scores(seeds)
    assert famed - model.scores(seeds) == pytest.approx(2 * biases, abs=1e-5)


def test_what_has_no_ratings_is_not_told(listening: Corpus) -> None:
    """Neither suggested nor of use as a seed; its plays follow from the listener alone, or from nothing."""
    lone = replace(listening, plays=listening.plays.only(listening.plays.tracks != 7))
    lone = replace(lone, plays=lone.plays.only(lone.plays.listener_of != 5))
    model = fit(lone)
    assert np.flatnonzero(np.isnan(model.scores(np.array([1, 7], np.int32)))).tolist() == [7]
    assert np.isnan(model.scores(np.array([7], np.int32))).all()
    told = model.predict(2, np.array([7, -1, 10**6]))
    assert told[0] == pytest.approx(np.exp(model.scale.mean + model.biases[0][2]), rel=1e-5)
    assert np.isnan(told[1:]).all()
    assert np.isfinite(model.predict(5, np.array([9, 7]))).tolist() == [True, False]
    assert np.isnan(model.predict(60, np.array([9]))).all()


def test_playlists_have_no_listeners() -> None:
    """So that there is nobody whose plays could be foretold."""
    model = fit(noisy_world(np.random.default_rng(0))[0])
    assert isinstance(model, Predicting)
    assert len(model.listeners) == 0
    assert np.isnan(model.predict(0, np.array([0, 1]))).all()


def test_arrays_rebuild_it(listening: Corpus) -> None:
    """Served without Surprise, it gives the same plays to the same people."""
    model = fit(listening)
    again = SVD.from_arrays(model.arrays(), model.options, listening.n_tracks)
    assert again.listeners.tolist() == [name.encode() for name in listening.plays.listeners]
    np.testing.assert_array_equal(again.predict(4, np.arange(50)), model.predict(4, np.arange(50)))


def test_it_is_refused_with_a_sentence(listening: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    """Vectors that run away, ratings that are all alike, and too little memory."""
    with pytest.raises(CannotTrain, match="the vectors are no numbers: set rate lower"):
        fit(listening, rate=1.0, regularization=100.0)
    with pytest.raises(CannotTrain, match="all ratings are alike"):
        fit(corpus_from_lists([["a", "b"], ["b", "a"]]))
    with pytest.raises(CannotTrain, match="nothing was played"):
        fit(corpus_from_lists([["a", "b"], ["c", "a"]]), source="plays")
    monkeypatch.setattr(surprises, "available_bytes", lambda: 100_000)
    with pytest.raises(CannotTrain, match=r"svd, for 1,440 ratings, needs .* set zeros or factors lower, or train als"):
        fit(listening)


@pytest.mark.parametrize("name", ["rater-biases", "track-biases", "rater-factors", "track-factors"])
@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_wrong_numbers_are_damage_when_they_are_met(name: str, value: float, listening: Corpus) -> None:
    """In an array of the right shape."""
    model = fit(listening)
    broken = SVD.from_arrays(
        {**model.arrays(), name: np.full_like(model.arrays()[name], value)}, model.options, listening.n_tracks
    )
    if name.startswith("track"):
        with pytest.raises(DamagedModel):
            broken.scores(np.array([0, 1], np.int32))
    with pytest.raises(DamagedModel):
        broken.predict(0, np.arange(3))


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("rater-factors", np.zeros((60, 3), np.float32)),
        ("track-factors", np.zeros(64, np.float32)),
        ("track-factors", np.zeros((3, 64), np.float32)),
        ("track-biases", np.zeros(3, np.float32)),
        ("rater-biases", np.zeros(60, np.int32)),
        ("scale", np.full(4, np.inf)),
        ("listeners", np.zeros(3, "S5")),
    ],
)
def test_arrays_that_do_not_fit_together_are_refused(name: str, other: np.ndarray, listening: Corpus) -> None:
    """Before anything is asked."""
    model = fit(listening, factors=64)
    with pytest.raises(ValueError, match=r"\w+ \w+"):
        SVD.from_arrays({**model.arrays(), name: other}, model.options, listening.n_tracks)
