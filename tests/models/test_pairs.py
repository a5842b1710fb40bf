"""What is known of a candidate beside the seeds."""

import numpy as np

from recommender.models.pairs import CANDIDATES, MORE, candidates, facts_of, features

COUNTS = np.array([9, 5, 3, 1], np.int32)
ARTISTS = np.array([0, 1, 0, -1], np.int32)
ALBUMS = np.array([0, 1, 0, -1], np.int32)
LEVELS = np.array([[0.0, 1.0, 0.5, 0.0], [0.0, 0.2, 0.9, 0.1]], np.float32)


def test_features_tell_of_artist_album_and_fame() -> None:
    facts = facts_of(COUNTS, ARTISTS, ALBUMS)
    chosen = np.array([1, 2, 3])
    rows = features(facts, np.array([1, 0], np.int32), chosen, LEVELS[:, chosen])
    assert rows.shape == (3, 2 * len(LEVELS) + MORE)
    assert rows.dtype == np.float32
    fame, same, share, last, album, last_album = rows[:, 4:10].T
    np.testing.assert_allclose(fame, np.log1p([5, 3, 1]), rtol=1e-6)
    assert same.tolist() == album.tolist() == [1, 1, 0], "nobody is the artist of a track without one"
    assert share.tolist() == [0.5, 0.5, 0]
    assert last.tolist() == last_album.tolist() == [0, 1, 0]
    np.testing.assert_allclose(rows[:, 13], np.log1p([5, 12, 0]), rtol=1e-6)


def test_places_follow_the_levels() -> None:
    facts = facts_of(COUNTS, ARTISTS, ALBUMS)
    rows = features(facts, np.array([0], np.int32), np.array([1, 2, 3]), LEVELS[:, 1:])
    assert rows[:, 2].tolist() == [0, 1, 2]
    assert rows[:, 3].tolist() == [1, 0, 2]


def test_seeds_without_an_artist_share_nothing() -> None:
    facts = facts_of(COUNTS, np.full(4, -1, np.int32), np.full(4, -1, np.int32))
    rows = features(facts, np.array([0], np.int32), np.array([1, 2]), LEVELS[:, 1:3])
    assert not rows[:, 5:10].any()
    assert np.isfinite(rows).all()


def test_candidates_are_what_any_model_reaches_and_the_best_of_too_many() -> None:
    assert candidates(LEVELS).tolist() == [1, 2, 3]
    many = np.linspace(0.001, 1, 3 * CANDIDATES, dtype=np.float32)[None]
    assert candidates(many).tolist() == list(range(2 * CANDIDATES, 3 * CANDIDATES))


def test_how_far_a_track_sounds_from_the_seeds_counts_what_is_known() -> None:
    """Over the features that both have; nothing known is no distance of 0."""
    audio = np.array([[0.2, np.nan], [0.4, 0.5], [0.9, 0.1], [np.nan, np.nan]], np.float32)
    facts = facts_of(COUNTS, ARTISTS, ALBUMS, audio)
    chosen = np.array([1, 2, 3])
    far = features(facts, np.array([0, 1], np.int32), chosen, LEVELS[:, chosen])[:, -1]
    np.testing.assert_allclose(far, [np.sqrt(0.1**2 / 2), np.sqrt((0.6**2 + 0.4**2) / 2), -1], rtol=1e-6)
    assert features(facts, np.array([3], np.int32), chosen, LEVELS[:, chosen])[:, -1].tolist() == [-1, -1, -1]


def test_without_audio_features_everything_is_as_far() -> None:
    facts = facts_of(COUNTS, ARTISTS, ALBUMS)
    assert features(facts, np.array([0], np.int32), np.array([1, 2]), LEVELS[:, 1:3])[:, -1].tolist() == [-1, -1]
