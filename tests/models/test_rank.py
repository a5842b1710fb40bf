"""rank is a yardstick: fame by mean and total plays, a list with draws from all bands, the same for everybody."""

from dataclasses import replace

import numpy as np
import pytest

from recommender.corpus import Corpus, corpus_from_lists
from recommender.errors import CannotTrain, DamagedModel
from recommender.models.contract import Predicting
from recommender.models.rank import PRESETS, Options, Rank, drawn_list, ranks_of
from tests.listening import played, two_tastes

NOBODY = np.zeros(0, np.int32)
USUAL = Options()


def fit(corpus: Corpus, options: Options = USUAL, seed: int = 0) -> Rank:
    return Rank.fit(corpus, np.random.default_rng(seed), options)


def small() -> Corpus:
    """Twenty listeners and four tracks: means 10, 4, 2, 2 and totals 10, 40, 40, 4; one more that nobody played."""
    counts = np.zeros((20, 4), np.int64)
    counts[0, 0] = 10
    counts[:10, 1] = 4
    counts[:20, 2] = 2
    counts[:2, 3] = 2
    return played(counts)


def test_the_rank_is_sixty_percent_mean_and_forty_percent_total() -> None:
    """By hand: means over 2 to 10 are 1, 0.25, 0, 0 and totals over 4 to 40 are 1/6, 1, 1, 0."""
    popularity = [0.6 + 0.4 / 6, 0.6 * 0.25 + 0.4, 0.4, 0.0]
    assert popularity == sorted(popularity, reverse=True)
    corpus = small()
    model = fit(corpus)
    assert PRESETS["study"] == model.options == Options(mean=0.6)
    assert model.ranks.tolist() == pytest.approx([1, 2 / 3, 1 / 3, 0])
    by_total = fit(corpus, replace(USUAL, mean=0.0)).ranks
    assert by_total.tolist() == pytest.approx([1 / 3, 1, 2 / 3, 0])  # of equals the first is ahead
    by_mean = fit(corpus, replace(USUAL, mean=1.0)).ranks
    assert by_mean.tolist() == pytest.approx([1, 2 / 3, 1 / 3, 0])


def test_the_mean_plays_are_foretold_for_every_listener() -> None:
    """And nothing for who is none, or for a track that is none."""
    model = fit(small())
    assert isinstance(model, Predicting)
    for listener in (0, 19):
        assert model.predict(listener, np.arange(4)).tolist() == [10, 4, 2, 2]
    assert model.predict(0, np.arange(4)).dtype == np.float32
    assert np.isnan(model.predict(3, np.array([-1, 0, 4]))).tolist() == [True, False, True]
    assert np.isnan(model.predict(20, np.arange(4))).all()
    assert np.isnan(model.predict(-1, np.arange(4))).all()


def test_the_list_is_ten_of_the_top_twenty_and_twenty_of_all_bands() -> None:
    """Of 1,000 tracks each band has 50; the two of highest mean plays stand for it."""
    rng = np.random.default_rng(1)
    means, totals = rng.permutation(1000) + 1.0, rng.permutation(1000) * 7.0
    ranks = ranks_of(means, totals, 0.6)
    best_first = np.argsort(-ranks)
    top, standing = set(best_first[:20].tolist()), set()
    for low in range(5, 91, 5):
        band = np.flatnonzero((ranks >= low / 100) & (ranks < (low + 5) / 100))
        standing |= set(band[np.argsort(-means[band])[:2]].tolist())
    assert len(standing) == 36
    drawn = [drawn_list(ranks, means, np.random.default_rng(seed)).tolist() for seed in range(200)]
    for tracks in drawn:
        assert len(set(tracks)) == 30
        assert set(tracks[:10]) <= top
        assert set(tracks[10:]) <= standing
        assert tracks[:10] == sorted(tracks[:10], key=lambda track: -ranks[track])
        assert tracks[10:] == sorted(tracks[10:], key=lambda track: -ranks[track])
    # Chance leaves none out for ever.
    assert {track for tracks in drawn for track in tracks} == top | standing
    assert drawn_list(ranks, means, np.random.default_rng(3)).tolist() == drawn[3]


def test_the_list_comes_first_and_then_the_ranks_whatever_the_seeds() -> None:
    rng = np.random.default_rng(2)
    model = fit(played(rng.integers(1, 50, (25, 300)) * (rng.random((25, 300)) < 0.3)))
    scores = model.scores(NOBODY)
    order = np.argsort(-scores, kind="stable")
    assert order[:30].tolist() == model.drawn.tolist()
    rest = model.ranks[order[30:]]
    assert (np.diff(rest) <= 0).all()
    assert scores[order[30]] <= 1 < scores[order[29]]
    np.testing.assert_array_equal(model.scores(np.array([5, -1, 999], np.int32)), scores)


def test_of_playlists_it_is_popularity_with_draws() -> None:
    """All plays are 1 there, and so are their means."""
    rng = np.random.default_rng(3)
    corpus = corpus_from_lists([[f"t{n}" for n in np.unique(rng.geometric(0.03, 30))] for _ in range(60)])
    model = fit(corpus)
    assert corpus.n_tracks > 100
    assert len(model.drawn) == 30  # though most tracks are played as often as others
    assert len(model.listeners) == 0
    assert np.isnan(model.predict(0, np.arange(5))).all()
    rest = np.setdiff1d(np.argsort(-model.scores(NOBODY), kind="stable")[30:], model.drawn, assume_unique=True)
    assert len(rest) > 30
    assert (np.diff(corpus.playlist_counts[rest]) <= 0).all()


@pytest.mark.parametrize("n_tracks", [1, 2, 15, 25])
def test_few_tracks_make_a_shorter_list(n_tracks: int) -> None:
    model = fit(played(np.arange(1, n_tracks + 1) * np.ones((20, 1), np.int64)))
    assert len(set(model.drawn.tolist())) == len(model.drawn) >= min(n_tracks, 10)
    assert not np.isnan(model.scores(NOBODY)).any()


def test_what_nobody_played_is_not_ranked() -> None:
    corpus, _, _ = two_tastes(np.random.default_rng(1))
    lists = corpus_from_lists([["a", "b"], ["b", "c"]])
    plays = replace(corpus.plays, tracks=corpus.plays.tracks % 2)
    model = fit(replace(lists, plays=plays), replace(USUAL, source="plays"))
    assert np.isnan(model.scores(NOBODY)).tolist() == [False, False, True]
    assert np.isnan(model.predict(0, np.arange(3))).tolist() == [False, False, True]
    with pytest.raises(CannotTrain, match="nothing was played"):
        fit(lists, replace(USUAL, source="plays"))


def test_arrays_that_do_not_fit_are_refused_and_nonsense_is_damage() -> None:
    corpus, _, _ = two_tastes(np.random.default_rng(4))
    arrays, n_tracks = dict(fit(corpus).arrays()), corpus.n_tracks
    for name in ("ranks", "means"):
        for wrong in (arrays[name][1:], arrays[name].astype(np.int32)):
            with pytest.raises(ValueError, match=f"{name} should be"):
                Rank.from_arrays(arrays | {name: wrong}, USUAL, n_tracks)
    for wrong in (np.arange(31, dtype=np.int32), arrays["drawn"].astype(np.float32), arrays["drawn"][:, None]):
        with pytest.raises(ValueError, match="drawn should be"):
            Rank.from_arrays(arrays | {"drawn": wrong}, USUAL, n_tracks)
    for name, value in (
        ("ranks", np.nan), ("ranks", np.inf), ("ranks", 7), ("drawn", -1), ("drawn", 99), ("means", np.nan),
    ):  # fmt: skip
        spoilt = arrays[name].copy()
        spoilt[0] = value
        model = Rank.from_arrays(arrays | {name: spoilt}, USUAL, n_tracks)
        with pytest.raises(DamagedModel, match=r"^its "):
            _ = model.scores(NOBODY), model.predict(0, np.arange(n_tracks))
