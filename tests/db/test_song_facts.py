"""What is known of songs: explicit, year, genres by the stated rule, audio features."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from db.connection import open_reader
from db.records import Album, Artist, AudioFeatures, Record, Track
from db.song_facts import SongFacts, artists_and_genres, song_facts
from tests.db.make import bare, playlist, raw_id, store_all, track


def _facts(path: Path, tracks: Sequence[Track], **how: bool) -> list[SongFacts]:
    with open_reader(path) as connection:
        found = song_facts(connection, [one.track_id for one in tracks], **how)
    assert list(found) == list(dict.fromkeys(one.track_id for one in tracks))
    return [found[one.track_id] for one in tracks]


def _fact(path: Path, records: Iterable[Record], wanted: Track, **how: bool) -> SongFacts:
    store_all(path, records)
    return _facts(path, [wanted], **how)[0]


def _by(number: int, *genres: tuple[str, ...]) -> Track:
    """Make a track of so many artists, of these genres."""
    artists = tuple(Artist(f"Artist {number} {place}", None, names) for place, names in enumerate(genres))
    return Track(raw_id("by", number), f"Song {number}", artists)


def test_all_that_is_told_of_a_song_is_known(file: Path) -> None:
    """Every column of its features too, by name."""
    told = AudioFeatures(track(1), 0.5, 0.25, 7, -7.5, 1, 0.1, 0.2, 0.3, 0.4, 0.6, 120.5, 4)
    facts = _fact(file, [playlist(1, [1], genres=("folk",)), told], track(1))
    assert (facts.explicit, facts.year, facts.genres) == (False, 1998, ("folk",))
    assert facts.audio == {
        "danceability": 0.5, "energy": 0.25, "key": 7, "loudness": -7.5, "mode": 1, "speechiness": 0.1,
        "acousticness": 0.2, "instrumentalness": 0.3, "liveness": 0.4, "valence": 0.6, "tempo": 120.5,
        "time_signature": 4,
    }  # fmt: skip


def test_of_strangers_and_of_bare_songs_nothing_is_known(file: Path) -> None:
    """A stranger is in the answer like the others, and so is one asked for twice."""
    store_all(file, [playlist(1, [bare(1)])])
    assert _facts(file, [bare(1), bare(2), bare(1)]) == [SongFacts()] * 3
    assert SongFacts() == SongFacts(None, None, (), {})


def test_artists_and_genres_of_many_are_those_of_each(file: Path) -> None:
    """They are read by a question of their own, which has to say the same."""
    songs = [_by(1, ("folk", "rock"), ("jazz",)), _by(2, ()), track(1), bare(3)]
    store_all(file, [*songs, playlist(1, [1], genres=("soul",))])
    facts = [one.genres for one in _facts(file, songs)]
    with open_reader(file) as connection:
        told = artists_and_genres(connection, [*(one.track_id for one in songs), raw_id("nobody", 1)])
    assert list(told.values()) == [
        (one.artists[0].name if one.artists else "", own) for one, own in zip(songs, facts, strict=True)
    ]
    assert facts[:3] == [("folk", "rock", "jazz"), (), ("soul",)]


@pytest.mark.parametrize("explicit", [True, False, None])
def test_explicit_is_yes_no_or_not_known(file: Path, explicit: bool | None) -> None:
    """No and not known are two things."""
    assert _fact(file, [playlist(1, [replace(track(1), explicit=explicit)])], track(1)).explicit is explicit


@pytest.mark.parametrize(
    ("date", "year"),
    [("1994", 1994), ("1994-05", 1994), ("1994-05-01", 1994), ("2020-12-31T00:00:00Z", 2020), ("0000", None),
     ("0000-00-00", None), ("94", None), ("01/05/1994", None), ("19940501", None), ("", None), (None, None),
     ("soon", None)],
)  # fmt: skip
def test_the_year_is_read_from_any_date(file: Path, date: str | None, year: int | None) -> None:
    """A date that tells none is not known."""
    one = replace(track(1), album=Album("An album", None, date))
    assert _fact(file, [playlist(1, [one])], one).year == year


def test_what_spotify_could_not_hear_is_not_known(file: Path) -> None:
    """A key of -1 and a tempo of 0 are no values; a valence of 0, a key of C and a minor mode are."""
    told = AudioFeatures(track(1), key=-1, tempo=0.0, time_signature=0, valence=0.0, mode=0)
    assert _fact(file, [told], track(1)).audio == {"valence": 0.0, "mode": 0}
    assert _fact(file, [AudioFeatures(track(2), key=0)], track(2)).audio == {"key": 0}


def test_the_genres_are_those_of_all_artists(file: Path) -> None:
    """Each once, in the order of the credit; the playlists are not asked."""
    one = _by(1, (), ("slow jam", "pop"), ("folk", "pop"))
    assert _fact(file, [playlist(1, [one], genres=("dub",))], one).genres == ("pop", "slow jam", "folk")


def test_without_genres_of_artists_those_of_the_playlists_count(file: Path) -> None:
    """Those that most name come first; playlists that tell none say nothing against it."""
    one = _by(1, ())
    lists = [("rock", "pop"), ("rock", "folk"), ("rock", "pop"), (), ()]
    records = [playlist(number, [one], genres=genres) for number, genres in enumerate(lists)]
    assert _fact(file, records, one).genres == ("rock", "pop", "folk")


def test_a_genre_that_few_playlists_name_is_an_accident(file: Path) -> None:
    """One in four is not enough."""
    one = _by(1, ())
    lists = [("rock",), ("rock",), ("rock",), ("polka",)]
    records = [playlist(number, [one], genres=genres) for number, genres in enumerate(lists)]
    assert _fact(file, records, one).genres == ("rock",)


def test_where_no_playlists_agree_what_most_name_counts(file: Path) -> None:
    """Five that name five genres tell at least these."""
    one = _by(1, ())
    names = ["rock", "pop", "folk", "dub", "jazz"]
    records = [playlist(number, [one], genres=(name,)) for number, name in enumerate(names)]
    assert sorted(_fact(file, records, one).genres) == sorted(names)


def test_a_playlist_counts_once_however_often_it_holds_the_song(file: Path) -> None:
    """Three times in one polka list against three rock lists."""
    one = _by(1, ())
    records = [playlist(0, [one, one, one], genres=("polka",))]
    records += [playlist(number, [one], genres=("rock",)) for number in (1, 2, 3)]
    assert _fact(file, records, one).genres == ("rock",)


def test_only_the_playlists_that_were_stored_last_are_asked(file: Path) -> None:
    """A famous song stands in thousands: fifty tell enough."""
    one = _by(1, ())
    records = [playlist(number, [one], genres=("polka" if number < 60 else "rock",)) for number in range(110)]
    assert _fact(file, records, one).genres == ("rock",)


def test_genres_are_left_out_where_nobody_wants_them(file: Path) -> None:
    """All else is told."""
    one = replace(track(1), artists=(Artist("Nora Vale", None, ("folk",)),))
    facts = _fact(file, [playlist(1, [one])], one, genres=False)
    assert (facts.genres, facts.year) == ((), 1998)


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_many_songs_asked_at_once_are_the_same_as_one_by_one(tmp_path_factory: pytest.TempPathFactory, data) -> None:
    """Nothing of one song gets into another."""
    names = st.lists(st.sampled_from(["rock", "pop", "folk", "dub"]), max_size=2, unique=True).map(tuple)
    songs = [
        replace(
            _by(number, *data.draw(st.lists(names, max_size=2))),
            explicit=data.draw(st.sampled_from([None, True, False])),
            album=data.draw(st.sampled_from([None, Album(f"Album {number}", None, f"19{number + 50}")])),
        )
        for number in range(6)
    ]
    members = st.lists(st.sampled_from(songs), min_size=1, max_size=8)
    records: list[Record] = [
        playlist(number, data.draw(members), genres=data.draw(names)) for number in range(data.draw(st.integers(0, 5)))
    ]
    records += [AudioFeatures(song, tempo=data.draw(st.floats(1, 200))) for song in data.draw(members)]
    path = tmp_path_factory.mktemp("facts") / "songs.db"
    store_all(path, records)
    assert _facts(path, songs) == [_facts(path, [song])[0] for song in songs]
