"""user-knn and item-knn-basic foretell what Surprise's KNNBasic does, without its dense matrix."""

import heapq
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.corpus import Corpus, corpus_from_lists
from recommender.errors import CannotTrain, DamagedModel
from recommender.models import surprises
from recommender.models.alike import weighted_means
from recommender.models.contract import Predicting
from recommender.models.item_knn_basic import ItemKNNBasic
from recommender.models.registry import model_class, options_class
from recommender.models.surprises import import_surprise, trainset
from recommender.models.user_knn import UserKNN
from tests.listening import listening_world
from tests.worlds import noisy_world

KINDS = ("user-knn", "item-knn-basic")
RatedKNN = UserKNN | ItemKNNBasic
each_kind = pytest.mark.parametrize("kind", KINDS)


def fit(kind: str, corpus: Corpus, seed: int = 0, **words: Any) -> RatedKNN:
    model = model_class(kind).fit(corpus, np.random.default_rng(seed), options_class(kind)(**words))
    assert isinstance(model, UserKNN | ItemKNNBasic)
    return model


@pytest.fixture(scope="module")
def listening() -> Corpus:
    """Who played what, each twice at least, so that no rating is 0."""
    corpus = listening_world(np.random.default_rng(3))[0]
    return replace(corpus, plays=replace(corpus.plays, counts=corpus.plays.counts + 1))


def by_surprise(model: RatedKNN) -> np.ndarray:
    """Let Surprise's KNNBasic estimate every pair: float64, shape (raters, tracks), NaN where it cannot."""
    surprise, options, known = import_surprise(), model.options, model.graded
    compare = {"name": options.similarity, "shrinkage": options.shrinkage, "user_based": model.name == "user-knn"}
    knn = surprise.KNNBasic(options.k, options.min_k, sim_options=compare, bsl_options={}, verbose=False)
    knn.fit(trainset(known.by_rater, known.by_track, known.by_track.n_rows, known.scale))
    told = np.full((known.by_rater.n_rows, known.by_track.n_rows), np.nan)
    for rater, track in np.ndindex(*told.shape):
        try:
            told[rater, track] = knn.estimate(rater, track)[0]
        except surprise.PredictionImpossible:
            continue
    return told


def all_estimates(model: RatedKNN) -> np.ndarray:
    known = model.graded
    tracks = np.arange(known.by_track.n_rows)
    return np.array([model.estimates(rater, tracks) for rater in range(known.by_rater.n_rows)])


@each_kind
@pytest.mark.parametrize(
    "words",
    [
        {"k": 30, "min_k": 1},
        {"k": 10, "min_k": 3, "shrinkage": 0.0},
        {"k": 3, "min_k": 2, "similarity": "cosine"},
        {"k": 2, "min_k": 1, "similarity": "msd"},
    ],
)
@pytest.mark.parametrize("engine", ["sparse", "surprise"])
def test_each_engine_estimates_what_surprise_does(
    kind: str, words: dict[str, Any], engine: str, listening: Corpus
) -> None:
    """Of plays: the same number for every pair, and none where Surprise finds it impossible."""
    model = fit(kind, listening, engine=engine, **words)
    told = by_surprise(model)
    assert np.isfinite(told).mean() > 0.3
    np.testing.assert_allclose(all_estimates(model), told, rtol=1e-9)


@each_kind
@pytest.mark.parametrize("engine", ["sparse", "surprise"])
def test_of_playlists_it_estimates_what_surprise_does(kind: str, engine: str) -> None:
    """With drawn zeros, where many are equally alike: of these the same ones count."""
    model = fit(kind, noisy_world(np.random.default_rng(0))[0], engine=engine, zeros=10, k=5)
    told = by_surprise(model)
    assert np.isfinite(told).mean() > 0.3
    np.testing.assert_allclose(all_estimates(model), told, rtol=1e-9)


@each_kind
def test_long_blocks_are_cut_without_a_seam(kind: str, listening: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    """However few tracks and pairs are taken at once."""
    model = fit(kind, listening)
    whole = all_estimates(model)
    monkeypatch.setattr("recommender.models.alike._PAIRS_AT_ONCE", 50)
    monkeypatch.setattr(f"recommender.models.{kind.replace('-', '_')}._TRACKS_AT_ONCE", 7)
    np.testing.assert_array_equal(all_estimates(model), whole)


@each_kind
@pytest.mark.parametrize("engine", ["sparse", "surprise"])
def test_arrays_rebuild_what_it_foretells(kind: str, engine: str, listening: Corpus) -> None:
    """Both scores and plays."""
    model = fit(kind, listening, engine=engine)
    again = type(model).from_arrays(model.arrays(), model.options, listening.n_tracks)
    tracks = np.arange(listening.n_tracks)
    np.testing.assert_array_equal(again.predict(4, tracks), model.predict(4, tracks))
    np.testing.assert_array_equal(again.scores(tracks[:3]), model.scores(tracks[:3]))
    assert again.listeners.tolist() == [name.encode() for name in listening.plays.listeners]


@each_kind
def test_plays_are_foretold_better_than_by_their_mean(kind: str) -> None:
    """On plays kept back, in the log that the study measures in; also better than by baselines alone."""
    ahead = []
    for seed in range(3):
        corpus = listening_world(np.random.default_rng(seed), 200, 200, 50)[0]
        kept = np.random.default_rng(seed).random(corpus.plays.n_pairs) < 0.8
        learned, asked = corpus.plays.only(kept), corpus.plays.only(~kept)
        model = fit(kind, replace(corpus, plays=learned))
        told = [
            model.predict(listener, asked.tracks[asked.offsets[listener] : asked.offsets[listener + 1]])
            for listener in range(asked.n_listeners)
        ]
        baseline = model.graded.scale.mean + model.graded.rater_biases[asked.listener_of]
        baseline += model.graded.track_biases[asked.tracks]
        error, least, plain = (
            np.abs(guess - np.log(asked.counts)).mean()
            for guess in (np.log(np.concatenate(told)), baseline, np.log(learned.counts).mean())
        )
        assert error < plain
        ahead.append(least - error)
    assert min(ahead) > 0.02


@each_kind
def test_what_is_alike_by_plays_is_suggested(kind: str) -> None:
    """From three tracks of a taste, the first ten are of it."""
    corpus, taste = listening_world(np.random.default_rng(5), 200, 120, 30)
    model, right = fit(kind, corpus), []
    for wanted in range(4):
        seeds = np.flatnonzero(taste == wanted)[:3].astype(np.int32)
        scores = np.nan_to_num(model.scores(seeds), nan=-np.inf)
        scores[seeds] = -np.inf
        right.append((taste[np.argsort(-scores)[:10]] == wanted).mean())
    assert np.mean(right) > 0.8


@each_kind
def test_foretold_plays_are_the_estimate_or_the_baseline_and_never_below_one(kind: str, listening: Corpus) -> None:
    """In the order asked, repeats too; nothing for whom or what is not there."""
    lone = replace(listening, plays=listening.plays.only(listening.plays.tracks != 7))
    lone = replace(lone, plays=lone.plays.only(lone.plays.listener_of != 5))
    model = fit(kind, lone)
    known = model.graded
    asked = np.array([9, 7, 3, 9])
    told = model.predict(2, asked)
    assert told.dtype == np.float32
    estimates = model.estimates(2, np.array([9, 3]))
    assert told[[0, 2]] == pytest.approx(np.exp(estimates))
    assert told[3] == told[0]
    assert told[1] == pytest.approx(np.exp(known.scale.mean + known.rater_biases[2]))
    assert model.predict(5, asked)[0] == pytest.approx(np.exp(known.scale.mean + known.track_biases[9]))
    assert np.isnan(model.predict(5, np.array([7]))).all()
    assert np.isnan(model.predict(2, np.array([-1, 10**6]))).all()
    assert np.isnan(model.predict(-1, asked)).all()
    assert np.isnan(model.predict(10**6, asked)).all()
    everything = [model.predict(listener, np.arange(lone.n_tracks)) for listener in range(60)]
    assert np.nanmin(everything) >= 1
    assert np.nanmax(everything) <= lone.plays.counts.max() * 1.001


@each_kind
def test_playlists_have_no_listeners(kind: str) -> None:
    """So that there is nobody whose plays could be foretold."""
    model = fit(kind, noisy_world(np.random.default_rng(0))[0])
    assert isinstance(model, Predicting)
    assert len(model.listeners) == 0
    assert np.isnan(model.predict(0, np.array([0, 1]))).all()


@each_kind
def test_drawn_zeros_alone_make_nothing_alike(kind: str) -> None:
    """In playlists of two tracks each, none shared, all that a seed leads to is its partner."""
    corpus = corpus_from_lists([[f"left{pair:02d}", f"right{pair:02d}"] for pair in range(30)])
    model = fit(kind, corpus, zeros=40)
    names = corpus.vocabulary.raw_ids(np.arange(corpus.n_tracks))
    for seed in range(corpus.n_tracks):
        found = np.flatnonzero(~np.isnan(model.scores(np.array([seed], np.int32))))
        assert len(found)
        assert {names[track][-2:] for track in found} == {names[seed][-2:]}


def test_of_many_raters_of_a_seed_some_are_asked() -> None:
    """As many as there are give what more would; ten still tell the taste."""
    corpus, taste = listening_world(np.random.default_rng(5), 200, 120, 30)
    model = fit("item-knn-basic", corpus, asked=200)
    seeds = np.flatnonzero(taste == 1)[:3].astype(np.int32)
    all_asked, some_asked = (
        replace(model, options=replace(model.options, asked=asked)).scores(seeds) for asked in (10_000, 10)
    )
    np.testing.assert_array_equal(all_asked, model.scores(seeds))
    assert not np.array_equal(some_asked, all_asked, equal_nan=True)
    some_asked[seeds] = np.nan
    assert (taste[np.argsort(-np.nan_to_num(some_asked))[:10]] == 1).mean() > 0.5


@each_kind
def test_surprise_is_refused_where_memory_lacks(kind: str, listening: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sentence names the twin that needs none, and the twin is not asked about memory at all."""
    monkeypatch.setattr(surprises, "available_bytes", lambda: 100_000)
    with pytest.raises(
        CannotTrain, match=rf"{kind} by Surprise, for \d+ (raters|tracks), needs.*: set engine to sparse"
    ):
        fit(kind, listening, engine="surprise")
    fit(kind, listening)


@each_kind
def test_what_surprise_cannot_compare_is_refused_and_the_twin_takes_it_for_unlike(kind: str) -> None:
    """Cosine of what was played once, whose log is 0."""
    corpus = listening_world(np.random.default_rng(3))[0]
    once = replace(corpus, plays=replace(corpus.plays, counts=1 + corpus.plays.tracks % 2))
    with pytest.raises(CannotTrain, match="cannot compare by cosine: set engine to sparse"):
        fit(kind, once, engine="surprise", similarity="cosine")
    assert np.isfinite(fit(kind, once, similarity="cosine").predict(0, np.arange(corpus.n_tracks))).all()


@each_kind
def test_ratings_that_teach_nothing_are_refused(kind: str) -> None:
    """No plays, or all alike."""
    corpus = listening_world(np.random.default_rng(3), n_playlists=4)[0]
    with pytest.raises(CannotTrain, match=r"nothing was played.*change the option source"):
        fit(kind, corpus_from_lists([["a", "b"], ["c", "a"]]), source="plays")
    with pytest.raises(CannotTrain, match="all ratings are alike"):
        fit(kind, replace(corpus, plays=replace(corpus.plays, counts=np.full_like(corpus.plays.counts, 3))))
    with pytest.raises(CannotTrain, match="all ratings are alike"):
        fit(kind, corpus_from_lists([["a", "b"], ["b", "a"]]))
    assert len(fit(kind, corpus, source="playlists").listeners) == 0


WRONG = [
    *((name, value) for name in ("ratings", "given", "rater-biases", "track-biases") for value in (np.nan, np.inf)),
    *((name, value) for name in ("rated", "raters") for value in (-1, 10**8)),
    *((name, value) for name in ("rater-offsets", "track-offsets") for value in (-5, 10**9)),
]


@each_kind
@pytest.mark.parametrize(("name", "value"), WRONG)
def test_wrong_numbers_are_damage_when_they_are_met(kind: str, name: str, value: float, listening: Corpus) -> None:
    """In an array of the right shape: told as damage, or the answer does not need it."""
    model = fit(kind, listening)
    arrays = {key: array.copy() for key, array in model.arrays().items()}
    arrays[name][1 if "offsets" in name else 0 : -1 if "offsets" in name else None] = value
    broken = type(model).from_arrays(arrays, model.options, listening.n_tracks)
    refused = 0
    for ask in (lambda: broken.scores(np.array([0, 1], np.int32)), lambda: broken.predict(1, np.arange(20))):
        try:
            told = ask()
        except DamagedModel:
            refused += 1
        else:
            assert not np.isinf(told).any()
    assert refused


@each_kind
@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("rater-offsets", np.zeros(3, np.int64)),
        ("raters", np.zeros(2, np.int32)),
        ("given", np.zeros(2, np.float32)),
        ("ratings", np.zeros(1440, np.int32)),
        ("track-biases", np.zeros(2)),
        ("rater-biases", np.zeros(60, np.int64)),
        ("scale", np.array([0.0, 0.0, 1.0, np.nan])),
        ("scale", np.zeros(3)),
        ("listeners", np.zeros(3, "S5")),
        ("listeners", np.zeros(60, np.int32)),
        ("alike-offsets", np.zeros(3, np.int64)),
        ("similarities", np.zeros(3)),
    ],
)
def test_arrays_that_do_not_fit_together_are_refused(
    kind: str, name: str, other: np.ndarray, listening: Corpus
) -> None:
    """Before anything is asked."""
    model = fit(kind, listening, engine="surprise")
    assert name in model.arrays()
    with pytest.raises(ValueError, match=r"\w+ \w+"):
        type(model).from_arrays({**model.arrays(), name: other}, model.options, listening.n_tracks)


votes = st.lists(
    st.tuples(st.integers(0, 3), st.sampled_from([-0.5, 0.0, 0.25, 0.5, 1.0]), st.integers(0, 5)), max_size=30
)


@given(votes, st.integers(1, 5), st.integers(1, 5))
def test_the_nearest_count_and_of_equals_the_first(told: list[tuple[int, float, int]], k: int, min_k: int) -> None:
    """As by Surprise's own lines, whatever there is to choose from."""
    sums_of, similar, ratings = np.array(told, np.float64).reshape(-1, 3).T
    means = weighted_means(sums_of.astype(np.int64), 4, similar, ratings, k, min_k)
    for number in range(4):
        own = [(alike, rating) for of, alike, rating in told if of == number]
        best = [(alike, rating) for alike, rating in heapq.nlargest(k, own, key=lambda pair: pair[0]) if alike > 0]
        if len(best) < min_k:
            assert np.isnan(means[number])
        else:
            assert means[number] == pytest.approx(sum(a * r for a, r in best) / sum(a for a, _ in best))


@each_kind
def test_an_answer_needs_numpy_alone(kind: str) -> None:
    """Neither Surprise nor scipy, which take longer to import than the answer takes."""
    code = (
        "import sys, numpy as np\n"
        "from tests.listening import listening_world\n"
        "from recommender.models.registry import model_class, options_class\n"
        f"options, kind = options_class({kind!r})(), model_class({kind!r})\n"
        "corpus = listening_world(np.random.default_rng(0))[0]\n"
        "model = kind.fit(corpus, np.random.default_rng(0), options)\n"
        "model.scores(np.array([0, 1], np.int32))\n"
        "model.predict(0, np.arange(9))\n"
        "print({'scipy', 'surprise', 'pandas'} & set(sys.modules))\n"
    )
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
