"""What is known of songs becomes numbers in which near songs lie near."""

import numpy as np
import pytest

from recommender.taste.centre import LikedCentre
from recommender.taste.rows import HEARD, Parts, Songs, genre_names, meaning_of, rows_of

ALONE = Parts(genres=False, popularity=False)


def _songs(n_songs: int = 1, **heard: float | list[float]) -> Songs:
    audio = np.full((n_songs, len(HEARD)), 0.5)
    for name, value in heard.items():
        audio[:, HEARD.index(name)] = value
    unknown = np.full(n_songs, np.nan)
    ids = tuple(map(str, range(n_songs)))
    return Songs(ids, ids, audio, unknown, unknown, unknown, ((),) * n_songs)


def _columns(songs: Songs, name: str) -> np.ndarray:
    rows = rows_of(songs, (), ALONE)
    return rows.values[:, [place for place, meaning in enumerate(rows.meaning) if meaning == name]]


def test_the_key_is_a_circle_of_fifths() -> None:
    # C, G, and F sharp: a fifth is the nearest, the tritone the farthest.
    c, g, tritone = _columns(_songs(3, key=[0, 7, 6], mode=1), "key")[:, 1:]
    assert np.linalg.norm(c - g) < np.linalg.norm(c - tritone)
    others = _columns(_songs(12, key=list(range(12)), mode=1), "key")[:, 1:3]
    assert np.allclose(np.linalg.norm(others, axis=1), 1, atol=1e-6)


def test_a_minor_key_lies_where_its_major_one_does() -> None:
    a_minor, c_major, a_major = _columns(_songs(3, key=[9, 0, 9], mode=[0, 1, 1]), "key")[:, 3:]
    assert np.allclose(a_minor, c_major, atol=1e-6)
    assert not np.allclose(a_minor, a_major, atol=0.1)


def test_half_and_double_tempo_are_felt_as_one() -> None:
    slow, fast, between = _columns(_songs(3, tempo=[70, 140, 99]), "tempo")[:, 2:]
    assert np.allclose(slow, fast, atol=1e-5)
    assert np.linalg.norm(slow - between) > 1


def test_what_is_not_known_stays_not_known() -> None:
    rows = rows_of(_songs(2, key=[np.nan, 3], tempo=[np.nan, 100]), (), ALONE)
    for place, meaning in enumerate(rows.meaning):
        if meaning in {"key", "tempo"}:
            assert np.isnan(rows.values[0, place])
            assert not np.isnan(rows.values[1, place])


@pytest.mark.parametrize(
    ("parts", "gone"),
    [
        (Parts(engineered=False), 15),
        (Parts(popularity=False), 1),
        (Parts(genres=False), 2),
    ],
)
def test_each_part_can_be_left_out(parts: Parts, gone: int) -> None:
    genres = ("rock", "pop")
    assert len(meaning_of(genres, Parts())) - len(meaning_of(genres, parts)) == gone


def test_without_engineered_features_no_centre_is_told() -> None:
    assert rows_of(_songs(), (), Parts(engineered=False)).centred == 0
    assert rows_of(_songs(), (), Parts()).centred > 0


def test_the_commonest_genres_have_columns() -> None:
    several = _songs(6)
    told = (("rock",), ("rock", "pop"), ("rock",), ("pop",), ("pop", "rock"), ("polka",))
    songs = Songs(several.track_ids, several.artists, several.audio, *(several.years,) * 3, told)
    assert genre_names(songs) == ("rock", "pop")
    rows = rows_of(songs, ("rock",), Parts())
    assert rows.values[:, rows.meaning.index("genre rock")].tolist() == [1, 1, 1, 0, 1, 0]


def test_a_song_has_no_part_in_the_middle_that_it_is_told_by() -> None:
    """Its distance, while it is learned from, is the one that it would have if it were new."""
    rng = np.random.default_rng(1)
    rows, liked = rng.random((12, 4)), np.arange(12) % 2 == 0
    told = LikedCentre(4).fit_transform(rows, liked)
    for place in range(12):
        others = np.arange(12) != place
        new = LikedCentre(4).fit(rows[others], liked[others]).transform(rows[[place]])[0]
        # Of the other class's middle the song was never a part.
        assert told[place, 4] == pytest.approx(new[4])
        assert told[place, 5] == pytest.approx(new[5])


def test_new_songs_near_the_liked_ones_are_nearer() -> None:
    rows = np.array([[0.0], [0.2], [1.0], [1.2]])
    centre = LikedCentre(1).fit(rows, np.array([True, True, False, False]))
    near, far = centre.transform(np.array([[0.1], [1.1]]))
    assert near[1] == pytest.approx(0)
    assert far[1] == pytest.approx(1)
    assert near[2] == pytest.approx(-1)
