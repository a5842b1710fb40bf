"""trees asks a few questions, of candidates and of plays, and finds those that matter."""

from dataclasses import replace

import numpy as np
import pytest

from recommender.corpus import Corpus, corpus_from_lists, corpus_from_numbers
from recommender.errors import CannotTrain, DamagedModel
from recommender.models.contract import Predicting
from recommender.models.listened import FEATURES, Pairs, listened
from recommender.models.tree import Tree, grow
from recommender.models.trees import Options, Trees
from tests.listening import OFTEN, SELDOM, played, two_tastes
from tests.worlds import noisy_world, right_share

SMALL = Options(depth=4, leaf=20)


def fit(corpus: Corpus, options: Options = SMALL, seed: int = 0) -> Trees:
    return Trees.fit(corpus, np.random.default_rng(seed), options)


def seeds(*numbers: int) -> np.ndarray:
    return np.array(numbers, np.int32)


def ask_everything(model: Trees, n_tracks: int) -> None:
    for number in range(n_tracks):
        model.scores(seeds(number))
        model.predict(number, np.arange(n_tracks))


def asked(tree: Tree) -> set[int]:
    """The features that a tree asks for."""
    return set(tree.features[tree.lefts != np.arange(len(tree.lefts))].tolist())


def artists_world(rng: np.random.Generator) -> Corpus:
    """What a listener plays often is the artist he loves, another one for each; nothing else tells."""
    n_listeners, n_tracks, n_artists = 120, 120, 6
    artists = np.arange(n_tracks) % n_artists
    loved = rng.integers(n_artists, size=n_listeners)
    counts = np.where(artists == loved[:, None], 20, 1) * (rng.random((n_listeners, n_tracks)) < 0.3)
    return played(counts, artists)


def test_a_tree_finds_the_one_feature_that_matters() -> None:
    """Among seven of noise, and where it splits; yes or no, and any number."""
    rng = np.random.default_rng(1)
    rows = rng.random((2_000, 8)).astype(np.float32)
    for told, low, high in ((rows[:, 3] > 0.3, 0, 1), (np.where(rows[:, 3] > 0.3, 7.5, -2.0), -2, 7.5)):
        tree = grow(rows, told, 5, 50, 0)
        assert tree.n_leaves == 2
        assert asked(tree) == {3}
        assert tree.thresholds[0] == pytest.approx(0.3, abs=0.01)
        np.testing.assert_array_equal(tree.predict(rows), np.where(rows[:, 3] > 0.3, high, low))


def test_a_tree_as_arrays_says_what_the_learner_says() -> None:
    from sklearn.tree import DecisionTreeRegressor

    rng = np.random.default_rng(2)
    rows = rng.normal(size=(3_000, 5)).astype(np.float32)
    told = np.sin(3 * rows[:, 0]) + rows[:, 1] * rows[:, 2]
    tree = grow(rows, told, 30, 2, 7)
    learner = DecisionTreeRegressor(max_depth=30, min_samples_leaf=2, random_state=7).fit(rows, told)
    new = rng.normal(size=(500, 5)).astype(np.float32)
    np.testing.assert_array_equal(tree.predict(new), learner.predict(new).astype(np.float32))
    assert tree.n_leaves == learner.get_n_leaves()
    assert len(tree.predict(new[:0])) == 0


def test_features_are_means_and_numbers_of_what_is_known() -> None:
    """By hand; three listeners, tracks 0 and 1 of artist 0, track 2 of artist 1, track 3 of nobody known."""
    told = [(0, 0, 1.0), (0, 2, 4.0), (1, 0, 3.0), (1, 1, 2.0), (1, 3, 5.0)]
    listeners, tracks, values = (np.array(column) for column in zip(*told, strict=True))
    artists = np.array([0, 0, 1, -1])
    known = listened(Pairs(listeners, tracks, artists[tracks]), values, (3, 4, 2))
    ones = np.array([1, 0, 2, 1])
    tracks = np.array([1, 3, 0, 2])
    rows = known.features(Pairs(ones, tracks, artists[tracks]))
    by = dict(zip(FEATURES, rows.T, strict=True))
    first, second = (5 + 5 * 3) / 7, (10 + 5 * 3) / 8
    assert by["listener's mean"] == pytest.approx([second, first, 3, second])
    assert by["track's mean"] == pytest.approx([(2 + 15) / 6, (5 + 15) / 6, (4 + 15) / 7, (4 + 15) / 6])
    assert by["artist's mean"] == pytest.approx([(6 + 15) / 8, 3, (6 + 15) / 8, (4 + 15) / 6])
    of_artist = [(5 + 5 * second) / 7, first, 3, second]
    assert by["listener's mean of the artist"] == pytest.approx(of_artist)
    assert np.expm1(by["listener's tracks of the artist"]) == pytest.approx([2, 0, 0, 0])
    assert np.expm1(by["listener's tracks"]) == pytest.approx([3, 2, 0, 3])
    assert np.expm1(by["track's listeners"]) == pytest.approx([1, 1, 2, 1])
    assert by["listener and track"] == pytest.approx(by["listener's mean"] + by["track's mean"] - 3)
    assert by["of the artist and track"] == pytest.approx(np.array(of_artist) + by["track's mean"] - 3)
    # Half of the pairs are to count as many as all of them.
    half = listened(Pairs(*(np.array([0, 0]),) * 3), np.ones(2), (1, 1, 1), 2.0)
    assert np.expm1(np.array(half.counts)).ravel() == pytest.approx([4] * 4)
    nobody = listened(Pairs(*(np.zeros(0, np.int64),) * 3), np.zeros(0), (1, 1, 0))
    assert nobody.features(Pairs(*(np.zeros(1, np.int64),) * 2, np.array([-1]))).tolist() == [[0.0] * len(FEATURES)]


def test_where_the_artist_decides_the_tree_asks_for_the_artist() -> None:
    corpus = artists_world(np.random.default_rng(3))
    model = fit(corpus)
    assert isinstance(model, Predicting)
    assert model.plays is not None
    taste = {FEATURES.index("listener's mean of the artist"), FEATURES.index("of the artist and track")}
    assert int(model.plays[0].features[0]) in taste
    for listener in range(10):
        heard = corpus.plays.tracks[corpus.plays.listener_of == listener]
        counts = corpus.plays.counts[corpus.plays.listener_of == listener]
        new = np.setdiff1d(np.arange(corpus.n_tracks), heard)
        loved = corpus.artists[new] == np.bincount(corpus.artists[heard], counts).argmax()
        foretold = model.predict(listener, new)
        assert foretold.dtype == np.float32
        assert foretold[loved].min() > 5 > 2 > foretold[~loved].max() >= 1


def test_no_rating_leaks_into_its_own_features() -> None:
    """Where plays are noise, a deep tree learns next to nothing from what each pair is described by.

    With the pair alone taken out of the sums, its rating is what is missing there, and the leaves would tell nearly
    all of them.
    """
    rng = np.random.default_rng(4)
    corpus = played(rng.integers(1, 30, (200, 40)) * (rng.random((200, 40)) < 0.7), np.arange(40) % 5)
    model = fit(corpus, Options(depth=12, leaf=40))
    assert model.plays is not None
    tree = model.plays[0]
    leaves = tree.values[tree.lefts == np.arange(len(tree.lefts))]
    assert len(leaves) > 20
    assert leaves.var() < 0.2 * np.log(corpus.plays.counts).var()


def test_held_out_plays_are_foretold_nearly_as_well_as_they_can_be() -> None:
    """Where a rating is what the listener, the track and chance add to it."""
    rng = np.random.default_rng(5)
    told = 2.0 + 0.6 * rng.normal(size=(150, 1)) + 0.6 * rng.normal(size=80) + 0.3 * rng.normal(size=(150, 80))
    corpus = played(np.maximum(1, np.round(np.exp(told))).astype(np.int64), np.arange(80) % 20)
    kept = rng.random(corpus.plays.n_pairs) < 0.5
    model = fit(replace(corpus, plays=corpus.plays.only(kept)), Options(leaf=50))
    errors = []
    for listener in range(150):
        asked_for = np.flatnonzero((corpus.plays.listener_of == listener) & ~kept)
        foretold = model.predict(listener, corpus.plays.tracks[asked_for])
        errors.append(np.log(foretold) - np.log(corpus.plays.counts[asked_for]))
    chance, everything = 0.3, np.log(corpus.plays.counts).std()
    assert chance < np.concatenate(errors).std() < 1.35 * chance < 0.5 * everything


def test_two_tastes_are_told_apart_in_plays() -> None:
    """Without any artist: from the tracks that stand together."""
    corpus, of_listeners, of_tracks = two_tastes(np.random.default_rng(5))
    model = fit(corpus)
    assert [name.decode() for name in model.listeners.tolist()] == list(corpus.plays.listeners)
    assert right_share(model, corpus, of_tracks, np.random.default_rng(1)) >= 0.9
    heard = model.predict(0, corpus.plays.tracks[corpus.plays.listener_of == 0])
    assert ((heard >= 1) & (heard <= OFTEN + SELDOM)).all()
    assert of_listeners[0] == 0


def test_the_order_is_learned_where_lists_are_enough() -> None:
    """With fewer the candidates stand in the order of item-knn."""
    shares: dict[int, list[float]] = {300: [], 1: []}
    for number in range(6):
        corpus, taste = noisy_world(np.random.default_rng(number))
        for most, found in shares.items():
            model = fit(corpus, Options(most=most))
            assert (model.order is None) == (most == 1)
            found.append(right_share(model, corpus, taste, np.random.default_rng(1)))
        scores = model.scores(seeds(1, 2))
        np.testing.assert_array_equal(scores, model.nearest.summed(seeds(1, 2), corpus.n_tracks))
    assert min(np.mean(shares[300]), np.mean(shares[1])) >= 0.9


def test_the_order_is_that_of_what_was_right_in_lists_kept_back() -> None:
    """Where an artist's tracks follow his own, and everything else is chance, the tree finds the artist."""
    rng = np.random.default_rng(8)
    artists = np.arange(1_000) // 25
    lists = []
    for _ in range(400):
        own = rng.choice(np.flatnonzero(artists == rng.integers(40)), 8, replace=False)
        lists.append(rng.permutation([*own, *rng.choice(1_000, 8)]))
    raw_ids = np.array([f"t{number:04d}" for number in range(1_000)], "S22")
    corpus = corpus_from_numbers(raw_ids, np.concatenate(lists), np.arange(401) * 16, artists)
    found = {}
    for most in (1, 300):
        model = fit(corpus, Options(most=most))
        right = []
        for seed in range(0, 1_000, 10):
            scores = np.nan_to_num(model.scores(seeds(seed)), nan=-np.inf)
            scores[seed] = -np.inf
            right.append((corpus.artists[np.argsort(-scores)[:20]] == corpus.artists[seed]).mean())
        found[most] = np.mean(right)
    assert found[300] > found[1] + 0.05


def test_what_never_stands_together_is_no_candidate() -> None:
    """A tree puts candidates in order, and adds none."""
    rng = np.random.default_rng(6)
    lists = [[f"{taste}{n}" for n in rng.choice(60, 15, replace=False)] for taste in "ab" for _ in range(50)]
    corpus = corpus_from_lists(lists)
    of_a = np.char.startswith(corpus.vocabulary.raw_ids(np.arange(corpus.n_tracks)), "a")
    model = fit(corpus)
    assert model.order is not None
    scores = model.scores(seeds(int(np.flatnonzero(of_a)[0])))
    assert np.isnan(scores[~of_a]).all()
    assert np.isfinite(scores[of_a]).sum() > 30


def test_an_unknown_listener_or_track_is_not_foretold() -> None:
    """A known one that nobody played is, from its artist."""
    corpus = artists_world(np.random.default_rng(7))
    model = fit(corpus)
    assert np.isnan(model.predict(120, np.arange(3))).all()
    assert np.isnan(model.predict(-1, np.arange(3))).all()
    assert np.isnan(model.predict(0, np.array([-1, 120, 0]))).tolist() == [True, True, False]
    unplayed = replace(corpus, plays=corpus.plays.only(corpus.plays.tracks != 7))
    assert np.isfinite(fit(unplayed).predict(0, np.array([7]))).all()
    lists, _ = noisy_world(np.random.default_rng(7))
    assert np.isnan(fit(lists).predict(0, np.arange(3))).all()
    assert len(fit(lists).listeners) == 0


def test_refuses_what_teaches_nothing() -> None:
    with pytest.raises(CannotTrain, match="nothing was played"):
        fit(corpus_from_lists([["a", "b"], ["b"]]), replace(SMALL, source="plays"))
    with pytest.raises(CannotTrain, match="nothing stands together"):
        fit(corpus_from_lists([["a"], ["b"]]))


def test_one_of_plays_answers_the_same_from_its_arrays() -> None:
    """What is known of tracks and what is known of listeners stand beside each other, no array twice."""
    corpus = artists_world(np.random.default_rng(8))
    model = fit(corpus)
    back = Trees.from_arrays(model.arrays(), SMALL, corpus.n_tracks)
    for number in range(0, corpus.n_tracks, 10):
        np.testing.assert_array_equal(back.scores(seeds(number)), model.scores(seeds(number)))
        everything = np.arange(corpus.n_tracks)
        np.testing.assert_array_equal(back.predict(number, everything), model.predict(number, everything))


def test_arrays_that_do_not_fit_are_refused_and_nonsense_is_damage() -> None:
    corpus = artists_world(np.random.default_rng(8))
    arrays, n_tracks = dict(fit(corpus).arrays()), corpus.n_tracks
    assert {"order-tree-values", "plays-tree-values", "tastes"} <= set(arrays)
    for name in arrays:
        if name != "listeners" and arrays[name].size:
            with pytest.raises(ValueError, match=r"facts|should be|offsets|neighbours|tree's"):
                Trees.from_arrays(arrays | {name: arrays[name][1:]}, SMALL, n_tracks)
        other = (
            arrays[name].astype(np.float32 if arrays[name].dtype.kind == "i" else "i4") if name != "listeners" else 0
        )
        with pytest.raises(ValueError, match=r"whole|should be|one name"):
            Trees.from_arrays(arrays | {name: np.asarray(other)}, SMALL, n_tracks)
    for tree in ("order", "plays"):
        for name, value in (("features", -1), ("features", 99), ("lefts", -1), ("rights", 999), ("values", np.nan),
                            ("thresholds", np.inf)):  # fmt: skip
            spoilt = arrays[f"{tree}-tree-{name}"].copy()
            spoilt[0] = value
            with pytest.raises(ValueError, match="the tree"):
                Trees.from_arrays(arrays | {f"{tree}-tree-{name}": spoilt}, SMALL, n_tracks)
    for name, value in (("counts", np.nan), ("artists", 99), ("artists", -2), ("albums", 999)):
        spoilt = arrays[name].copy()
        spoilt[1:] = value
        with pytest.raises(ValueError, match=r"facts|numbers"):
            Trees.from_arrays(arrays | {name: spoilt}, SMALL, n_tracks)
    for name, value in (
        ("offsets", -5),
        ("neighbours", 999), ("similarities", np.nan), ("listener-means", np.nan), ("track-counts", np.inf),
        ("artist-means", np.nan), ("taste-means", np.inf), ("plays-tree-values", 1e30),
    ):  # fmt: skip
        spoilt = arrays[name].copy()
        spoilt[1 : -1 if name == "offsets" else None] = value
        model = Trees.from_arrays(arrays | {name: spoilt}, SMALL, n_tracks)
        with pytest.raises(DamagedModel, match=r"^its "):
            ask_everything(model, n_tracks)


def test_a_damaged_tree_that_leads_in_a_circle_still_ends() -> None:
    tree = Tree(
        np.zeros(2, np.int32),
        np.zeros(2),
        np.array([1, 0], np.int32),
        np.array([1, 0], np.int32),
        np.ones(2, np.float32),
    )
    assert tree.predict(np.ones((3, 1), np.float32)).tolist() == [1, 1, 1]
