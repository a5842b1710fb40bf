"""playlist-knn finds playlists like the seeds and lets them vote."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.corpus import Corpus, corpus_from_lists
from recommender.errors import CannotTrain, DamagedModel
from recommender.models.playlist_knn import PRESETS, Options, PlaylistKNN
from tests.worlds import clean_world, noisy_world, right_share

PLAIN = PRESETS["plain"]


def fit(corpus: Corpus, options: Options = PLAIN) -> PlaylistKNN:
    return PlaylistKNN.fit(corpus, np.random.default_rng(0), options)


def seeds(*numbers: int) -> np.ndarray:
    return np.array(numbers, np.int32)


def small() -> Corpus:
    """Counts: a 3, b 2, c 2, d 1, so that these are the track numbers 0 to 3."""
    return corpus_from_lists([["a", "b", "c"], ["a", "c", "b", "b"], ["a", "d"]])


def brute(corpus: Corpus, options: Options, asked: list[int]) -> np.ndarray:
    """The scores, dense, from the formula; NaN where no playlist votes."""
    held = np.zeros((corpus.n_playlists, corpus.n_tracks))
    for playlist_no, tracks in enumerate(corpus):
        held[playlist_no, tracks] = 1
    share = np.zeros(corpus.n_tracks)
    for age, track in enumerate(reversed(asked)):
        fade = 0.5 ** (age / options.recency) if options.recency else 1.0
        share[track] = max(share[track], fade * np.log((len(held) + 1) / held[:, track].sum()))
    alike = (held @ share) / held.sum(1) ** options.length
    alike[np.argsort(-alike, kind="stable")[options.neighbours :]] = 0
    votes = (alike @ held) / held.sum(0) ** options.rarity
    return np.where(votes == 0, np.nan, votes)


def test_the_playlists_of_the_seeds_vote() -> None:
    """d stands in the third list alone, beside a; b never stands with it."""
    scores = fit(small()).scores(seeds(3))
    assert scores.dtype == np.float32
    assert scores[[0, 3]] == pytest.approx(np.log(4) / 2**0.5)
    assert np.isnan(scores[[1, 2]]).all()


corpora = st.lists(st.lists(st.sampled_from("abcdefgh"), min_size=2, max_size=9), min_size=1, max_size=9).filter(
    lambda playlists: any(len(set(playlist)) > 1 for playlist in playlists)
)


@settings(max_examples=80, deadline=None)
@given(corpora, st.data(), st.sampled_from([PLAIN, Options(), Options(recency=1.5, length=1.0, rarity=0.7)]))
def test_scores_are_those_of_the_formula(playlists: list[list[str]], data: st.DataObject, options: Options) -> None:
    corpus = corpus_from_lists(playlists)
    asked = data.draw(st.lists(st.integers(0, corpus.n_tracks - 1), min_size=1, max_size=6))
    expected = brute(corpus, options, asked)
    assert fit(corpus, options).scores(seeds(*asked)) == pytest.approx(expected, rel=1e-5, nan_ok=True)


def test_only_the_nearest_playlists_vote_equals_by_number() -> None:
    """The first two lists are equally like b; with one voter it is the first."""
    corpus = corpus_from_lists([["a", "b", "x"], ["a", "b", "y"], ["a", "b", "c", "z"]])
    scores = fit(corpus, replace(PLAIN, neighbours=1)).scores(seeds(1))
    ids = corpus.vocabulary.raw_ids(np.flatnonzero(~np.isnan(scores)))
    assert sorted(ids) == ["a", "b", "x"]


def test_the_last_seed_weighs_most() -> None:
    """With recency the taste that came last wins, without it the order is nothing."""
    corpus = corpus_from_lists([["a", "b"], ["c", "d"], ["a", "b", "c", "d"]])
    a, b, c, d = (int(np.flatnonzero(corpus.vocabulary.ids == letter)[0]) for letter in (b"a", b"b", b"c", b"d"))
    late = fit(corpus, Options(recency=1)).scores(seeds(a, c))
    assert late[d] > late[b]
    early = fit(corpus).scores(seeds(a, c))
    assert early[d] == early[b]


def test_unknown_seeds_say_nothing() -> None:
    model = fit(small())
    for none in (seeds(), seeds(-1), seeds(99)):
        assert np.isnan(model.scores(none)).all()
    np.testing.assert_array_equal(model.scores(seeds(-1, 3, 99)), model.scores(seeds(3)))


def test_refuses_what_cannot_vote() -> None:
    with pytest.raises(CannotTrain, match="no playlist holds two different tracks"):
        fit(corpus_from_lists([["a", "a"], ["b"]]))
    with pytest.raises(CannotTrain, match="option neighbours must be from 1 to 1,000,000, not 0"):
        fit(small(), Options(neighbours=0))


def test_knows_the_tastes_of_small_worlds() -> None:
    for world, least in ((clean_world, 1.0), (noisy_world, 0.85)):
        shares = []
        for number in range(5):
            corpus, taste = world(np.random.default_rng(number))
            shares.append(right_share(fit(corpus, Options()), corpus, taste, np.random.default_rng(1)))
        assert np.mean(shares) >= least


def test_arrays_that_do_not_fit_are_refused() -> None:
    model = fit(small())
    arrays = dict(model.arrays())
    back = PlaylistKNN.from_arrays(arrays, PLAIN, 4)
    np.testing.assert_array_equal(back.scores(seeds(0, 3)), model.scores(seeds(0, 3)))
    for wrong in (
        {"playlist-offsets": arrays["playlist-offsets"][:-1]},
        {"track-offsets": np.zeros(1, np.int64)},
        {"playlists": arrays["playlists"].astype(np.float32)},
        {"tracks": arrays["tracks"][:-1]},
        {"votes": arrays["votes"][:-1]},
        {"votes": arrays["votes"].astype(np.int32)},
    ):
        with pytest.raises(ValueError, match=r"links|offsets|vote"):
            PlaylistKNN.from_arrays(arrays | wrong, PLAIN, 4)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *((name, value) for name in ("playlists", "tracks") for value in (-1, 2**31 - 1)),
        *((name, value) for name in ("playlist-offsets", "track-offsets") for value in (-5, 10**9, 2**63 - 1)),
        *(("votes", value) for value in (np.nan, np.inf)),
    ],
)
def test_nonsense_in_an_array_is_damage(name: str, value: float) -> None:
    arrays = dict(fit(small()).arrays())
    spoilt = arrays[name].copy()
    spoilt[1 if "offsets" in name else 0 : -1 if "offsets" in name else None] = value
    with pytest.raises(DamagedModel, match=r"^its "):
        PlaylistKNN.from_arrays(arrays | {name: spoilt}, PLAIN, 4).scores(seeds(0, 1, 2, 3))
