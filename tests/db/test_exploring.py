"""The data as distributions: held against counting by hand."""

import random
from collections import Counter
from pathlib import Path

import pytest

from db import exploring, index
from db.connection import open_reader, open_writer, transaction
from db.plays import store_plays
from db.purge import purge_import
from db.records import Album, AudioFeatures, Play, Playlist, Track
from db.write import store
from tests.db.make import NOW, playlist, raw_id, run, store_all, track


def dated(number: int, released: str | None) -> Track:
    return Track(raw_id("dated", number), f"Song {number}", (), Album(f"Album {number}", raw_id("a", number), released))


def played(file: Path, plays: list[Play]) -> None:
    with open_writer(file, "a test") as connection:
        with transaction(connection):
            store_plays(connection, run(), "a log", plays)
        index.finish(connection)


def test_an_empty_database_has_no_spreads(file: Path) -> None:
    with open_writer(file, "a test"):
        pass
    with open_reader(file) as connection:
        for ask in (
            exploring.plays_each_listener, exploring.songs_each_listener, exploring.mean_each_listener,
            exploring.plays_each_song, exploring.listeners_each_song, exploring.mean_each_song,
            exploring.playlist_lengths, exploring.places_of_songs, exploring.songs_by_year, exploring.plays_by_year,
            exploring.genres_of_songs, exploring.genres_of_playlists, exploring.sources,
        ):  # fmt: skip
            assert ask(connection) == []
        for name in exploring.STEPS:
            assert exploring.feature(connection, name) == []
        assert exploring.filled_by_playlists(connection).share == 0
        assert exploring.filled_by_listeners(connection).share == 0
        assert set(exploring.sizes(connection).values()) == {0}


@pytest.mark.parametrize("seed", range(3))
def test_playlists_are_counted_as_by_hand(file: Path, seed: int) -> None:
    """Empty ones have a length of 0, and a song that stands twice in one list stands in two places."""
    rng = random.Random(seed)
    lists = [[rng.randrange(20) for _ in range(rng.randint(0, 9))] for _ in range(12)]
    store_all(file, [playlist(number, members) for number, members in enumerate(lists)])
    places = Counter(member for members in lists for member in members)
    with open_reader(file) as connection:
        assert dict(exploring.playlist_lengths(connection)) == Counter(map(len, lists))
        assert dict(exploring.places_of_songs(connection)) == Counter(places.values())
        told = exploring.filled_by_playlists(connection)
    assert told.filled == sum(len(set(members)) for members in lists)
    assert (told.rows, told.columns) == (sum(map(bool, lists)), len(places))
    assert told.share == pytest.approx(told.filled / (told.rows * told.columns))


@pytest.mark.parametrize("seed", range(3))
def test_plays_are_counted_as_by_hand(file: Path, seed: int) -> None:
    rng = random.Random(seed)
    pairs = {(f"listener {rng.randrange(5)}", rng.randrange(15)): rng.randint(1, 40) for _ in range(40)}
    played(file, [Play(who, track(what), count, NOW) for (who, what), count in pairs.items()])
    of_who, of_what = Counter[str](), Counter[int]()
    for (who, what), count in pairs.items():
        of_who[who] += count
        of_what[what] += count
    songs, people = Counter(who for who, _ in pairs), Counter(what for _, what in pairs)
    with open_reader(file) as connection:
        assert dict(exploring.plays_each_listener(connection)) == Counter(of_who.values())
        assert dict(exploring.songs_each_listener(connection)) == Counter(songs.values())
        assert dict(exploring.plays_each_song(connection)) == Counter(of_what.values())
        assert dict(exploring.listeners_each_song(connection)) == Counter(people.values())
        means = [round(of_who[who] / songs[who], 2) for who in songs]
        assert [value for value, _ in exploring.mean_each_listener(connection)] == pytest.approx(sorted(set(means)))
        means = [round(of_what[what] / people[what], 2) for what in people]
        assert [value for value, _ in exploring.mean_each_song(connection)] == pytest.approx(sorted(set(means)))
        told = exploring.filled_by_listeners(connection)
    assert (told.rows, told.columns, told.filled) == (len(of_who), len(of_what), len(pairs))


def test_what_has_a_twin_at_spotify_counts_as_the_twin(file: Path) -> None:
    whole = track(1)
    same = Track("x:1", whole.name, whole.artists)
    store_all(file, [whole])
    played(file, [Play("ada", same, 2, NOW), Play("ada", whole, 3, NOW)])
    with open_reader(file) as connection:
        assert connection.execute("SELECT count(*) FROM tracks WHERE linked_key IS NOT NULL").fetchone() == (1,)
        assert exploring.plays_each_song(connection) == [(5, 1)]
        assert exploring.songs_each_listener(connection) == [(1, 1)]


def test_years_are_those_of_albums_and_what_is_no_year_is_left_out(file: Path) -> None:
    dates = ["1999", "1999-05", "2004-01-02", "0000", "", None, "unknown"]
    songs = [dated(number, released) for number, released in enumerate(dates)]
    store_all(file, songs)
    played(file, [Play("ada", songs[0], 4, NOW), Play("bo", songs[2], 1, NOW), Play("bo", songs[3], 9, NOW)])
    with open_reader(file) as connection:
        assert exploring.songs_by_year(connection) == [(1999, 2), (2004, 1)]
        assert exploring.plays_by_year(connection) == [(1999, 4), (2004, 1)]


def test_sounds_come_in_bins_each_value_in_its_own(file: Path) -> None:
    """The end of one bin is the beginning of the next, 1 is in the last, and a tempo of 0 is none."""
    values = [0.0, 0.0499, 0.05, 0.15, 0.35, 0.55, 0.999, 1.0]
    store_all(
        file,
        [
            AudioFeatures(track(number), None, value, loudness=-3.0 * number, tempo=0.0 if number else 119.9)
            for number, value in enumerate(values)
        ],
    )
    with open_reader(file) as connection:
        energy = exploring.feature(connection, "energy")
        assert energy == [(0.0, 2), (0.05, 1), (0.15, 1), (0.35, 1), (0.55, 1), (0.95, 2)]
        assert exploring.feature(connection, "tempo") == [(110.0, 1)]
        assert exploring.feature(connection, "loudness") == [(-3.0 * number, 1) for number in range(7, -1, -1)]
        assert exploring.feature(connection, "danceability") == []


def test_genres_are_those_of_artists_and_else_of_playlists(file: Path) -> None:
    store_all(file, [playlist(1, [1, 2], genres=("folk", "dub")), playlist(2, [3], genres=("folk",))])
    with open_reader(file) as connection:
        assert exploring.genres_of_songs(connection) == []
        assert exploring.genres_of_playlists(connection) == [("folk", 2), ("dub", 1)]


def test_sources_count_the_songs_that_they_told_first(file: Path) -> None:
    store_all(file, [track(1), track(2)], "csv")
    store_all(file, [track(2), track(3), track(4), track(5)], "mpd")
    with open_reader(file) as connection:
        assert exploring.sources(connection) == [("mpd", 3), ("csv", 2)]


def test_the_mark_moves_with_all_that_is_counted(file: Path) -> None:
    """Playlists, sounds, plays, a file of the same import, and taking one back: each gives another mark."""
    marks = []

    def mark() -> None:
        with open_reader(file) as connection:
            marks.append(exploring.data_mark(connection))

    one, _ = store_all(file, [playlist(1, [1, 2])])
    mark()
    store_all(file, [AudioFeatures(track(1), 0.5)])
    mark()
    played(file, [Play("ada", track(1), 4, NOW)])
    mark()
    played(file, [Play("ada", track(1), 5, NOW)])
    mark()
    again = run()
    with open_writer(file, "a test") as connection:
        for number in (2, 3):
            with transaction(connection):
                store(connection, again, [Playlist(f"made-up:{number}", "a", ())])
            mark()
        assert one.number
        purge_import(connection, one.number)
    mark()
    assert len(set(marks)) == len(marks)
