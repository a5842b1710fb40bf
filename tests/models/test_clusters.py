"""clusters groups raters and tracks, suggests a group's favourites, and foretells plays from both sides."""

from dataclasses import replace

import numpy as np
import pytest

from recommender.corpus import Corpus, corpus_from_lists
from recommender.errors import CannotTrain, DamagedModel
from recommender.models.clusters import PRESETS, Clusters, Options
from recommender.models.contract import Predicting
from recommender.models.grouping import UNDEFINED, parted
from tests.listening import OFTEN, SELDOM, played, two_tastes
from tests.worlds import clean_world, noisy_world, right_share

TWO = Options(raters=2, tracks=2, n_init=5)
SHRINK = 5.0


def fit(corpus: Corpus, options: Options = TWO, seed: int = 0) -> Clusters:
    return Clusters.fit(corpus, np.random.default_rng(seed), options)


def seeds(*numbers: int) -> np.ndarray:
    return np.array(numbers, np.int32)


def ask_for_scores(model: Clusters, n_tracks: int) -> None:
    _ = [model.scores(seeds(number)) for number in range(n_tracks)]


def ask_for_plays(model: Clusters, n_tracks: int) -> None:
    _ = [model.predict(number, np.arange(n_tracks)) for number in range(n_tracks)]


def same_parts(labels: np.ndarray, known: np.ndarray) -> bool:
    """Tell whether two partings into 0 and 1 are one, whatever the numbers."""
    return bool((labels == known).all() or (labels == 1 - known).all())


@pytest.mark.parametrize("unit", [True, False])
def test_two_tastes_are_found_as_two_clusters(unit: bool) -> None:
    """Of tracks in playlists; of listeners and of tracks in plays."""
    corpus, taste = clean_world(np.random.default_rng(3))
    assert same_parts(fit(corpus, replace(TWO, unit=unit)).both.track_clusters, taste)
    corpus, of_listeners, of_tracks = two_tastes(np.random.default_rng(3))
    model = fit(corpus, replace(TWO, unit=unit))
    assert same_parts(model.both.rater_clusters, of_listeners)
    assert same_parts(model.both.track_clusters, of_tracks)
    assert sorted(model.sizes.tolist()) == [30, 30]
    assert [name.decode() for name in model.listeners.tolist()] == list(corpus.plays.listeners)


def test_a_single_play_tells_something() -> None:
    """Its logarithm is 0, as is that of no play at all; yet who played what parts the tastes."""
    corpus, of_listeners, _ = two_tastes(np.random.default_rng(3))
    once = replace(corpus, plays=replace(corpus.plays, counts=np.ones_like(corpus.plays.counts)))
    model = fit(once)
    assert same_parts(model.both.rater_clusters, of_listeners)
    assert model.predict(0, np.arange(once.n_tracks)).tolist() == [1] * once.n_tracks


def test_the_notes_say_how_clearly_the_clusters_are_apart() -> None:
    """Two tastes as two clusters are better apart than as seven."""
    corpus, _ = clean_world(np.random.default_rng(3))
    two, seven = fit(corpus).notes(), fit(corpus, replace(TWO, raters=7)).notes()
    assert (two["clusters of raters"], seven["clusters of raters"]) == (2, 7)
    assert 0.3 < two["silhouette of raters"] <= 1
    assert two["silhouette of raters"] > seven["silhouette of raters"]
    assert 0 <= two["Davies-Bouldin of raters"] < seven["Davies-Bouldin of raters"]


def test_the_indices_are_those_of_the_definitions() -> None:
    """Computed by hand, where the clusters are two pairs of points on a line."""
    points = np.array([[0.0], [2.0], [10.0], [14.0]], np.float32)
    parting = parted(points, 2, 5, np.random.default_rng(0))
    assert same_parts(parting.labels, np.array([0, 0, 1, 1]))
    apart = [1 - 2 / 12, 1 - 2 / 10, 1 - 4 / 9, 1 - 4 / 13]
    assert parting.quality == pytest.approx((np.mean(apart), (1 + 2) / (12 - 1)))
    assert parted(points, 1, 1, np.random.default_rng(0)).quality == (0.0, UNDEFINED)


def test_the_score_is_the_share_of_the_nearest_cluster() -> None:
    """By hand: of four playlists two hold a, b and two hold c, d; one of the latter holds b too."""
    corpus = corpus_from_lists([["a", "b"], ["a", "b"], ["c", "d", "b"], ["c", "d"]])
    a, b, c, d = corpus.vocabulary.numbers(["a", "b", "c", "d"])
    scores = fit(corpus, replace(TWO, shrink=2.0, together=0.0)).scores(seeds(a))
    assert scores[[a, b, c, d]] == pytest.approx([3 / 4, (2 + 2 * 3 / 4) / 4, 1 / 4, 1 / 4])
    fame = fit(corpus, replace(TWO, shrink=2.0, together=0.0, beyond=1.0)).scores(seeds(a))
    assert fame[[a, b, c, d]] == pytest.approx([1.5, 7 / 8 / (3 / 4), 0.5, 0.5])
    model = fit(corpus, replace(TWO, shrink=2.0, together=3.0))
    own = model.both.track_clusters == model.both.track_clusters[a]
    np.testing.assert_allclose(model.scores(seeds(a)), scores * np.where(own, 4, 1), rtol=1e-6)


def test_foretold_plays_are_the_mean_of_both_kinds_of_clusters() -> None:
    """Every pair, computed in plain loops from the formula."""
    corpus, _, _ = two_tastes(np.random.default_rng(5))
    model = fit(corpus, replace(TWO, shrink=SHRINK))
    ratings = np.full((corpus.plays.n_listeners, corpus.n_tracks), np.nan)
    ratings[corpus.plays.listener_of, corpus.plays.tracks] = np.log(corpus.plays.counts)
    of_raters, of_tracks = model.both.rater_clusters, model.both.track_clusters

    def drawn(values: np.ndarray, towards: float) -> float:
        known = values[~np.isnan(values)]
        return float((known.sum() + SHRINK * towards) / (len(known) + SHRINK))

    mean = float(np.nanmean(ratings))
    for listener in (0, 1, 17, 42):
        group = ratings[of_raters == of_raters[listener]]
        of_group = drawn(group, mean)
        expected = []
        for track in range(corpus.n_tracks):
            kind = of_tracks == of_tracks[track]
            by_cluster = drawn(group[:, track], drawn(ratings[:, track], mean))
            towards = drawn(ratings[listener], mean) + drawn(group[:, kind], of_group) - of_group
            expected.append(np.exp(max(0.0, (by_cluster + drawn(ratings[listener, kind], towards)) / 2)))
        foretold = model.predict(listener, np.arange(corpus.n_tracks, dtype=np.int32))
        assert foretold.dtype == np.float32
        np.testing.assert_allclose(foretold, expected, rtol=1e-5)


def test_a_taste_is_foretold_much_and_the_other_little() -> None:
    """Of tracks that the listener never heard, too."""
    corpus, of_listeners, of_tracks = two_tastes(np.random.default_rng(6))
    model = fit(corpus, replace(TWO, shrink=1.0))
    assert isinstance(model, Predicting)
    for listener in range(10):
        foretold = model.predict(listener, np.arange(corpus.n_tracks))
        new = np.setdiff1d(
            np.arange(corpus.n_tracks), corpus.plays.tracks[corpus.plays.listener_of == listener], assume_unique=True
        )
        own = new[of_tracks[new] == of_listeners[listener]]
        other = new[of_tracks[new] != of_listeners[listener]]
        assert foretold[own].min() > OFTEN / 2 > 2 * SELDOM >= foretold[other].max()


def test_what_nobody_knows_is_neither_foretold_nor_of_use() -> None:
    """Unknown listeners and tracks, tracks of playlists that nobody played, listeners of nothing, playlists."""
    counts = np.zeros((25, 6), np.int64)
    counts[:12, :3], counts[12:24, 3:] = 5, 7
    corpus = played(counts)
    model = fit(corpus)
    assert np.isnan(model.predict(25, np.arange(3))).all()
    assert np.isnan(model.predict(-1, np.arange(3))).all()
    assert np.isnan(model.predict(0, np.array([-1, 6, 0]))).tolist() == [True, True, False]
    assert np.isfinite(model.predict(24, np.arange(6))).all()  # who has played nothing yet is told the means
    assert len(model.predict(0, np.zeros(0, np.int64))) == 0
    lists = corpus_from_lists([["a", "b"], ["a", "b", "c"], ["c", "d"]])
    mixed = replace(corpus.plays, tracks=corpus.plays.tracks % 3, offsets=np.minimum(corpus.plays.offsets, 36))
    mixed = replace(mixed, tracks=mixed.tracks[:36], counts=mixed.counts[:36], last_played=mixed.last_played[:36])
    lists = replace(lists, plays=mixed)
    of_plays = fit(lists, replace(TWO, source="plays"))
    assert np.isnan(of_plays.predict(0, np.arange(4))).tolist() == [False] * 3 + [True]
    assert np.isnan(of_plays.scores(seeds(0))).tolist() == [False] * 3 + [True]
    assert np.isnan(of_plays.scores(seeds(3, -1, 99))).all()
    of_playlists = fit(lists, replace(TWO, source="playlists"))
    assert len(of_playlists.listeners) == 0
    assert np.isnan(of_playlists.predict(0, np.arange(4))).all()
    assert not np.isnan(of_playlists.scores(seeds(3))).any()


def test_playlists_that_are_all_alike_form_one_cluster() -> None:
    """And more clusters are asked for than there are playlists."""
    model = fit(corpus_from_lists([["a", "b"]] * 5), replace(TWO, raters=50, tracks=50))
    assert model.notes()["clusters of raters"] == 1
    assert "not defined" in str(model.notes()["silhouette of raters"])
    assert model.scores(seeds(0)).tolist() == [3, 3]


def test_refuses_what_is_not_there() -> None:
    with pytest.raises(CannotTrain, match="nothing was played"):
        fit(corpus_from_lists([["a", "b"], ["b"]]), replace(TWO, source="plays"))
    with pytest.raises(CannotTrain, match="no playlist holds anything"):
        fit(two_tastes(np.random.default_rng(1))[0], replace(TWO, source="playlists"))
    with pytest.raises(CannotTrain, match="option source must be auto, plays or playlists, not 'ears'"):
        fit(corpus_from_lists([["a", "b"], ["b"]]), replace(TWO, source="ears"))


@pytest.mark.parametrize("preset", PRESETS)
def test_the_studys_settings_find_tastes_too(preset: str) -> None:
    """Seven or eight clusters in a world of two."""
    told = PRESETS[preset]
    assert (told.raters, told.tracks, told.n_init) == {"study": (8, 8, 1), "study-tuned": (7, 5, 10)}[preset]
    for world, least in ((clean_world, 0.95), (noisy_world, 0.75)):
        corpus, taste = world(np.random.default_rng(2))
        assert right_share(fit(corpus, told), corpus, taste, np.random.default_rng(1)) >= least


def test_arrays_that_do_not_fit_are_refused_and_nonsense_is_damage() -> None:
    corpus, _, _ = two_tastes(np.random.default_rng(4))
    arrays = dict(fit(corpus).arrays())
    for name in arrays:
        with pytest.raises(ValueError, match=r"should be|offsets|favourites|names|links"):
            Clusters.from_arrays(arrays | {name: arrays[name][1:]}, TWO, corpus.n_tracks)
        if name != "listeners":
            other = arrays[name].astype(np.float32 if arrays[name].dtype.kind == "i" else np.int32)
            with pytest.raises(ValueError, match=r"should be|whole"):
                Clusters.from_arrays(arrays | {name: other}, TWO, corpus.n_tracks)
    with pytest.raises(ValueError, match="one name"):
        Clusters.from_arrays(arrays | {"listeners": np.zeros(60, np.int32)}, TWO, corpus.n_tracks)
    for name, value in (
        ("vectors", np.nan), ("vectors", np.inf), ("centres", np.nan), ("shares", np.nan), ("shares", np.inf),
        ("sums", np.nan), ("favourites", -1), ("favourites", 10**6), ("offsets", -5), ("offsets", 10**9),
        ("track-clusters", -7), ("track-clusters", 10**6), ("rater-clusters", -1), ("rater-clusters", 99),
        ("beyond-means", np.nan), ("track-means", np.inf), ("expected", np.nan), ("expected", 3e38),
    ):  # fmt: skip
        of_plays = name in ("track-clusters", "rater-clusters", "beyond-means", "track-means", "expected")
        of_plays &= value != -7
        spoilt = arrays[name].copy()
        spoilt[1 : -1 if name == "offsets" else None] = value
        model = Clusters.from_arrays(arrays | {name: spoilt}, TWO, corpus.n_tracks)
        with pytest.raises(DamagedModel, match=r"^its "):
            (ask_for_plays if of_plays else ask_for_scores)(model, corpus.n_tracks)


def test_what_differs_in_its_last_bits_alone_is_one_cluster() -> None:
    """As sums do that another machine adds up in another order."""
    rows = np.array([[1, 0.5], [1, 0.5], [1, 0.5]], np.float32)
    rows[1:] += np.array([[1e-7, 0], [0, -1e-7]], np.float32)
    assert parted(rows, 3, 1, np.random.default_rng(1)).labels.tolist() == [0, 0, 0]
    assert parted(1_000 * rows, 3, 1, np.random.default_rng(1)).labels.tolist() == [0, 0, 0]
