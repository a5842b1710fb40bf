"""artists suggests the hits of the seeds' artists, and of those that stand beside them."""

from dataclasses import replace

import numpy as np
import pytest

from recommender.corpus import Corpus, corpus_from_numbers
from recommender.errors import CannotTrain, DamagedModel
from recommender.models import artists as artists_model
from recommender.models.artists import PRESETS, Artists, Options
from tests.worlds import clean_world, noisy_world, right_share

PLAIN = Options(own=8.0, alpha=0.5, shrink=0.0, half_length=0)


def fit(corpus: Corpus, options: Options = PLAIN) -> Artists:
    return Artists.fit(corpus, np.random.default_rng(0), options)


def seeds(*numbers: int) -> np.ndarray:
    return np.array(numbers, np.int32)


def told(playlists: list[list[str]]) -> Corpus:
    """A corpus whose tracks tell their artist by the first letter; nobody knows who made those of "?"."""
    raw_ids = np.unique([track for playlist in playlists for track in playlist]).astype("S22")
    flat = np.array([track for playlist in playlists for track in playlist], "S22")
    artists = np.array([-1 if raw[:1] == b"?" else raw[0] for raw in raw_ids.tolist()])
    offsets = np.cumsum([0] + [len(playlist) for playlist in playlists])
    return corpus_from_numbers(raw_ids, np.searchsorted(raw_ids, flat), offsets, artists)


def of(corpus: Corpus, *names: str) -> np.ndarray:
    """The track numbers of raw ids."""
    return corpus.vocabulary.numbers(list(names)).astype(np.int32)


def small() -> Corpus:
    """The artists A and B share two playlists, A and C one; A1 is A's hit, and D stands alone."""
    return told([["A1", "A2", "B1"], ["A1", "B1", "B2", "?1"], ["A1", "C1"], ["D1", "?1"]])


def test_own_hits_come_first_then_the_nearest_artists() -> None:
    corpus = small()
    scores = fit(corpus).scores(of(corpus, "A2"))
    a1, a2, b1, b2, c1 = scores[of(corpus, "A1", "A2", "B1", "B2", "C1")]
    assert scores.dtype == np.float32
    assert a1 > a2 > b1 > b2 > c1
    assert [a1, a2] == pytest.approx([8 * np.log(4), 8 * np.log(2)])
    assert [b1, b2] == pytest.approx([np.log(3), np.log(2)])
    assert c1 == pytest.approx((1 / 3**0.5) / (2 / 6**0.5) * np.log(2))


def test_an_unknown_artist_is_neither_suggested_nor_of_use() -> None:
    """Nor is one that stands with nobody near."""
    corpus = small()
    model = fit(corpus)
    assert np.isnan(model.scores(of(corpus, "A1"))[of(corpus, "?1", "D1")]).all()
    for none in (of(corpus, "?1"), seeds(), seeds(-1), seeds(99)):
        assert np.isnan(model.scores(none)).all()
    np.testing.assert_array_equal(model.scores(seeds(-1, *of(corpus, "?1", "B2"))), model.scores(of(corpus, "B2")))


def test_an_artist_of_more_seeds_says_more() -> None:
    """Seeds that come twice count once."""
    corpus = small()
    model = fit(corpus)
    scores = model.scores(of(corpus, "A1", "A2", "C1"))
    assert scores[of(corpus, "A2")] > scores[of(corpus, "C1")]
    once = model.scores(of(corpus, "A1", "C1"))
    np.testing.assert_array_equal(model.scores(of(corpus, "A1", "C1", "C1")), once)


def test_without_own_the_seeds_artist_waits_behind_the_others() -> None:
    """A alone is not near to itself."""
    corpus = small()
    scores = fit(corpus, PRESETS["others"]).scores(of(corpus, "A1"))
    assert np.isnan(scores[of(corpus, "A2")]).all()
    assert not np.isnan(scores[of(corpus, "B1")]).any()


def test_playlists_of_one_artist_still_tell_the_artist() -> None:
    corpus = told([["A1", "A2"], ["A1", "A3"], ["B1", "B2"]])
    scores = fit(corpus).scores(of(corpus, "A3"))
    assert np.isnan(scores[of(corpus, "B1", "B2")]).all()
    assert int(np.nanargmax(scores)) == of(corpus, "A1")[0]


def test_refuses_what_names_no_artist() -> None:
    with pytest.raises(CannotTrain, match="it is not known who made the tracks"):
        fit(told([["?1", "?2"], ["?1", "?3"]]))
    with pytest.raises(CannotTrain, match="option alpha must be from 0 to 2, not -1"):
        fit(small(), replace(PLAIN, alpha=-1))


def test_the_corpus_is_left_as_it_was() -> None:
    corpus = small()
    before = corpus.fingerprint(), corpus.artists.copy()
    fit(corpus).artists[:] = 7
    assert corpus.fingerprint() == before[0]
    np.testing.assert_array_equal(corpus.artists, before[1])


def test_knows_the_tastes_of_small_worlds() -> None:
    """Where four tracks are of one artist, who has one taste."""
    for world, least in ((clean_world, 1.0), (noisy_world, 0.9)):
        shares = []
        for number in range(5):
            corpus, taste = world(np.random.default_rng(number))
            raw_ids = corpus.vocabulary.raw_ids(np.arange(corpus.n_tracks))
            artists = taste * 5 + np.array([int(str(raw)[-3:]) // 4 for raw in raw_ids])
            corpus = replace(corpus, artists=artists.astype(np.int32))
            shares.append(right_share(fit(corpus, Options()), corpus, taste, np.random.default_rng(1)))
        assert np.mean(shares) >= least


def test_arrays_that_do_not_fit_are_refused_and_nonsense_is_damage() -> None:
    arrays = dict(fit(small()).arrays())
    n_tracks = len(arrays["artists"])
    for name in arrays:
        with pytest.raises(ValueError, match=r"artist|offsets|similarities"):
            Artists.from_arrays(arrays | {name: arrays[name][1:]}, PLAIN, n_tracks)
    for name in ("artists", "fame", "similarities"):
        other = arrays[name].astype(np.float32 if name == "artists" else np.int32)
        with pytest.raises(ValueError, match="artists are whole numbers"):
            Artists.from_arrays(arrays | {name: other}, PLAIN, n_tracks)
    for name, value in (
        ("artists", -2), ("artists", 99), ("fame", np.nan), ("fame", np.inf), ("offsets", -5), ("offsets", 10**9),
        ("neighbours", -1), ("neighbours", 99), ("similarities", np.nan), ("similarities", np.inf),
    ):  # fmt: skip
        spoilt = arrays[name].copy()
        # Track 1 is of no known artist, so that nobody asks for its fame.
        spoilt[2 if name == "fame" else 1] = value
        model = Artists.from_arrays(arrays | {name: spoilt}, PLAIN, n_tracks)
        with pytest.raises(DamagedModel, match=r"^its "):
            _ = [model.scores(seeds(seed)) for seed in range(n_tracks)]


def test_of_many_tracks_each_artist_knows_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """They say the same as when all are looked through, stored or not."""
    corpus, _ = noisy_world(np.random.default_rng(3))
    corpus = replace(corpus, artists=np.where(np.arange(corpus.n_tracks) % 7, corpus.artists, -1))
    few = fit(corpus)
    monkeypatch.setattr(artists_model, "_LOOKED_THROUGH", 10)
    many = fit(corpus)
    assert (few.tracks is None, many.tracks is None) == (True, False)
    again = Artists.from_arrays(many.arrays(), PLAIN, corpus.n_tracks)
    for one in range(0, corpus.n_tracks, 5):
        asked = seeds(one, (one + 1) % corpus.n_tracks)
        for model in (many, again):
            for own, other in zip(few.reached(asked), model.reached(asked), strict=True):
                np.testing.assert_array_equal(own, other)


@pytest.mark.parametrize("number", [-3, 1_000_000])
def test_tracks_that_there_are_not_are_damage(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    monkeypatch.setattr(artists_model, "_LOOKED_THROUGH", 1)
    corpus = small()
    arrays = dict(fit(corpus).arrays())
    arrays["tracks"] = np.full_like(arrays["tracks"], number)
    with pytest.raises(DamagedModel):
        Artists.from_arrays(arrays, PLAIN, corpus.n_tracks).scores(of(corpus, "A1"))
