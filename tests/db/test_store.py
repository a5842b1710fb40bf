# ruff: noqa: PT012  # a transaction that fails is more than one statement
"""Storing: whole playlists, one row for each track however it is told, and nothing twice."""

import random
from dataclasses import replace
from pathlib import Path

import pytest

from db import finding, read
from db import write as writing
from db.connection import open_reader, open_writer, transaction
from db.identity import made_up_album_id, made_up_artist_id, made_up_id
from db.records import Album, Artist, AudioFeatures, Playlist, PlaylistEntry, Track
from db.runs import Counts, ImportRun, content_mark
from db.write import store
from tests.db.make import (
    NOW,
    artist,
    bare,
    entries_of,
    every_row,
    is_sound,
    meaning,
    playlist,
    random_records,
    raw_id,
    run,
    store_all,
    track,
)


def _ask(path: Path, question: str) -> list[tuple]:
    with open_reader(path) as connection:
        return connection.execute(question).fetchall()


def _mark(path: Path) -> str:
    with open_reader(path) as connection:
        return content_mark(connection)


def test_a_playlist_keeps_its_order_and_what_stands_twice(file: Path) -> None:
    """Entries keep their positions; a track may stand at several."""
    numbers = [5, 3, 5, 5, 1, 3]
    _, counts = store_all(file, [playlist(1, numbers)])
    assert entries_of(file, "made-up:1") == [(place, track(number).track_id) for place, number in enumerate(numbers)]
    assert counts == Counts(playlists_new=1, entries=6, tracks_new=3, artists_new=2)
    assert is_sound(file)


def test_gaps_between_positions_stay(file: Path) -> None:
    """Positions are stored as they are told, with gaps, in whatever order they come."""
    entries = tuple(PlaylistEntry(place, track(place % 3)) for place in (70_000, 0, 9))
    store_all(file, [Playlist("a", "A", entries)])
    assert [place for place, _ in entries_of(file, "a")] == [0, 9, 70_000]


def test_everything_told_of_a_playlist_is_stored(file: Path) -> None:
    """Name, description, owner, genres, followers and times stand in the row, and the import that brought it."""
    told = playlist(1, [1], description="for rain", owner="ada", genres=("dub", "folk"), followers=7, modified_at=5)
    store_all(file, [told])
    columns = "playlist_id, name, description, owner, genres, followers, modified_at, import_key, fetched_at"
    assert _ask(file, f"SELECT {columns} FROM playlists") == [
        ("made-up:1", "Mix 1", "for rain", "ada", '["dub", "folk"]', 7, 5, 1, NOW)
    ]
    assert _ask(file, "SELECT * FROM imports") == [(1, 1, "made-up", "tests", NOW)]


def test_an_empty_playlist_is_a_playlist(file: Path) -> None:
    """A playlist without entries is stored, and found again as unchanged."""
    store_all(file, [playlist(1, [])])
    _, counts = store_all(file, [playlist(1, [])])
    assert counts == Counts(playlists_unchanged=1)


def test_two_formats_find_the_same_made_up_track(file: Path) -> None:
    """Artist and title in other spellings are the same track without a Spotify id."""
    one = Track(made_up_id("Beyoncé", "Déjà Vu"), "Déjà Vu", (Artist("Beyoncé"),))
    other = Track(made_up_id("BEYONCE", "Deja Vu (feat. JAY-Z)"), "Deja Vu", (Artist("Beyonce"),), duration_ms=240_000)
    store_all(file, [playlist(1, [one])], "m3u")
    store_all(file, [playlist(2, [other])], "lastfm")
    assert _ask(file, "SELECT name, duration_ms FROM tracks") == [("Déjà Vu", 240_000)]


def test_what_was_missing_is_filled(file: Path) -> None:
    """A track of which only the id was known takes name, artists, album, length, ISRC, popularity and explicit."""
    store_all(file, [playlist(1, [bare(8)])])
    _, counts = store_all(file, [playlist(2, [8])])
    whole = track(8)
    assert counts == Counts(playlists_new=1, entries=1, tracks_filled=1, artists_new=2)
    with open_reader(file) as connection:
        song = read.songs(connection, [whole.track_id])[whole.track_id]
        found = finding.find_songs(connection, f'"{whole.name}"', 5)
    assert (song.name, song.artists, song.duration_ms, song.isrc) == (
        whole.name,
        tuple(a.name for a in whole.artists),
        whole.duration_ms,
        whole.isrc,
    )
    assert song.album == "Velvet Lantern 1 Sessions"
    assert found == [song]
    assert _ask(file, "SELECT popularity, explicit FROM tracks") == [(whole.popularity, int(bool(whole.explicit)))]


@pytest.mark.parametrize("explicit", [True, False])
def test_explicit_is_filled_where_nobody_told_it(file: Path, explicit: bool) -> None:
    """It is the only thing that was missing; what was told first stands."""
    store_all(file, [playlist(1, [replace(track(1), explicit=None)])])
    assert _ask(file, "SELECT explicit FROM tracks") == [(None,)]
    for told in (explicit, not explicit):
        _, counts = store_all(file, [replace(track(1), explicit=told)])
        assert counts.tracks_filled == (told is explicit)
        assert _ask(file, "SELECT explicit FROM tracks") == [(explicit,)]


def test_what_is_known_is_never_overwritten(file: Path) -> None:
    """The first word stands: another name, credit, album, length, ISRC or popularity changes nothing."""
    store_all(file, [playlist(1, [3])])
    before = meaning(file)
    other = replace(track(9), track_id=track(3).track_id)
    store_all(file, [other, playlist(1, [other])])
    assert {part: rows for part, rows in meaning(file).items() if part != "playlists"} == {
        part: rows for part, rows in before.items() if part != "playlists"
    }


def test_nothing_told_is_no_filling(file: Path) -> None:
    """A second telling that knows no more changes nothing."""
    store_all(file, [playlist(1, [bare(1), replace(track(2), isrc=None)])])
    before = every_row(file)
    _, counts = store_all(file, [playlist(1, [bare(1), replace(track(2), isrc="")])])
    assert not counts.changed
    assert every_row(file) == before


@pytest.mark.parametrize("seed", range(5))
def test_storing_again_changes_nothing(file: Path, seed: int) -> None:
    """A second import of the same records leaves every row of every table as it was, and makes no new import."""
    records = random_records(random.Random(seed))
    store_all(file, records)
    before = every_row(file)
    _, counts = store_all(file, records)
    assert not counts.changed
    assert every_row(file) == before


def test_the_second_time_genres_come_they_are_added(file: Path) -> None:
    """Genres of an artist whose tracks are all known are stored, once."""
    plain = Track(raw_id("track", 1), "One", (artist(1),))
    genred = replace(plain, artists=(artist(1, ("dub",)),))
    store_all(file, [playlist(1, [plain])])
    store_all(file, [playlist(1, [genred])])
    before = every_row(file)
    store_all(file, [playlist(1, [genred])])
    assert _ask(file, "SELECT genre, import_key FROM artist_genres") == [("dub", 2)]
    assert every_row(file) == before


def test_changed_contents_replace_the_old(file: Path) -> None:
    """A playlist that is known by its id and says something else is replaced, whole, under the same key."""
    store_all(file, [playlist(1, [1, 2, 3]), playlist(2, [4])])
    key, mark = _ask(file, "SELECT key FROM playlists WHERE playlist_id = 'made-up:1'"), _mark(file)
    _, counts = store_all(file, [playlist(1, [3, 1]), playlist(2, [4])])
    assert (counts.playlists_changed, counts.playlists_unchanged, counts.entries) == (1, 1, 2)
    assert entries_of(file, "made-up:1") == [(0, track(3).track_id), (1, track(1).track_id)]
    assert _ask(file, "SELECT key FROM playlists WHERE playlist_id = 'made-up:1'") == key
    assert _mark(file) != mark
    assert is_sound(file)


def test_a_new_playlist_beside_a_changed_one_gets_its_own_key(file: Path) -> None:
    """The newest playlist changes and another one comes in the same batch: both stand."""
    store_all(file, [playlist(1, [1])])
    store_all(file, [playlist(1, [2]), playlist(2, [3])])
    assert entries_of(file, "made-up:1") == [(0, track(2).track_id)]
    assert entries_of(file, "made-up:2") == [(0, track(3).track_id)]


def test_followers_alone_are_no_change(file: Path) -> None:
    """Followers come and go without making it another playlist."""
    store_all(file, [playlist(1, [1], followers=3)])
    _, counts = store_all(file, [playlist(1, [1], followers=4)])
    assert not counts.changed


@pytest.mark.parametrize("swapped", [False, True])
def test_an_artist_without_an_id_is_spotify_s_of_that_name(file: Path, swapped: bool) -> None:
    """A bare name is the artist whom Spotify's id names, also when both come in one batch, in either order."""
    known = Track(raw_id("track", 1), "One", (Artist("Juno Hall", raw_id("artist", 1)),))
    told = Track(made_up_id("Juno Hall", "Two"), "Two", (Artist("Juno Hall"),))
    store_all(file, [playlist(1, [told, known] if swapped else [known, told])])
    store_all(file, [playlist(2, [Track(made_up_id("Juno Hall", "Three"), "Three", (Artist("Juno Hall"),))])])
    assert _ask(file, "SELECT artist_id, name FROM artists") == [(raw_id("artist", 1), "Juno Hall")]


def test_an_artist_whom_nobody_knows_has_a_made_up_id(file: Path) -> None:
    """An artist and an album that Spotify did not name get ids made from their names."""
    song = Track(made_up_id("The Pines", "Hum"), "Hum", (Artist("The Pines"),), Album("Low"))
    store_all(file, [playlist(1, [song])])
    assert _ask(file, "SELECT artist_id FROM artists") == [(made_up_artist_id("Pines"),)]
    assert _ask(file, "SELECT album_id FROM albums") == [(made_up_album_id("The Pines", "low"),)]


def test_one_artist_credited_twice_is_stored(file: Path) -> None:
    """A credit that names one artist twice, in two spellings too, is kept."""
    song = Track(raw_id("track", 1), "Echo", (Artist("Pines"), Artist("PINES"), Artist("Pines")))
    store_all(file, [playlist(1, [song])])
    assert _ask(file, "SELECT position FROM track_artists ORDER BY 1") == [(0,), (1,), (2,)]
    assert _ask(file, "SELECT name FROM artists") == [("Pines",)]


def test_more_than_a_batch_is_the_same_as_less(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the batches are cut does not show: playlists longer than a batch, and many in one."""
    records = [playlist(number, [(number * 7 + place) % 90 for place in range(40)]) for number in range(12)]
    records += [AudioFeatures(track(number), 0.5) for number in range(90)]
    store_all(tmp_path / "large.db", records)
    monkeypatch.setattr(writing, "_BATCH_ENTRIES", 25)
    store_all(tmp_path / "small.db", records)
    assert meaning(tmp_path / "small.db") == meaning(tmp_path / "large.db")


def test_a_playlist_longer_than_a_batch_is_whole(file: Path) -> None:
    """One playlist of more entries than a batch holds is stored in order."""
    numbers = [place % 500 for place in range(writing._BATCH_ENTRIES + 1_000)]
    store_all(file, [playlist(1, numbers)])
    assert [track_id for _, track_id in entries_of(file, "made-up:1")] == [track(number).track_id for number in numbers]


def test_a_rolled_back_number_is_not_used(file: Path) -> None:
    """A run whose first transaction was taken back gets a number that stands when it next stores something."""
    one = run("first")
    with open_writer(file, "testing") as connection:
        with pytest.raises(RuntimeError), transaction(connection):
            store(connection, one, [playlist(1, [1])])
            raise RuntimeError
        with transaction(connection):
            store(connection, run("other"), [playlist(2, [2])])
        with transaction(connection):
            store(connection, one, [playlist(3, [3])])
    assert _ask(file, "SELECT source FROM playlists JOIN imports i ON i.key = import_key ORDER BY playlist_id") == [
        ("other",),
        ("first",),
    ]
    assert is_sound(file)


def test_a_run_that_stores_nothing_takes_no_number(file: Path) -> None:
    """An import of nothing, or of what is known, leaves no line in the list of imports."""
    store_all(file, [playlist(1, [1])])
    one, _ = store_all(file, [playlist(1, [1])])
    nothing, _ = store_all(file, [])
    assert one.key is None
    assert nothing.key is None
    with open_reader(file) as connection:
        assert read.imports(connection) == [(1, "made-up", "tests", NOW)]


def test_counts_by_source(file: Path) -> None:
    """Playlists and tracks are counted under the source that brought them first, over all its imports."""
    store_all(file, [playlist(1, [1, 2])], "mpd")
    store_all(file, [playlist(2, [2, 3])], "csv")
    store_all(file, [playlist(3, [3])], "mpd")
    store_all(file, [playlist(4, [3])], "mpd")
    with open_reader(file) as connection:
        assert read.count_by_source(connection) == {
            "csv": {"imports": 1, "playlists": 1, "tracks": 1},
            "mpd": {"imports": 3, "playlists": 3, "tracks": 2},
        }


def test_the_mark_tells_contents_apart(tmp_path: Path) -> None:
    """The content mark is empty at first, the same for the same imports, and moves with every change of playlists."""
    one, other = tmp_path / "one.db", tmp_path / "other.db"
    store_all(one, [])
    assert _mark(one) == ""
    for path in (one, other):
        store_all(path, [playlist(1, [1])])
    assert _mark(one) == _mark(other) != ""
    store_all(one, [AudioFeatures(track(1), 0.5)])
    assert _mark(one) == _mark(other)
    store_all(one, [playlist(1, [2])])
    assert _mark(one) != _mark(other)


def test_counts_add_up() -> None:
    """Counts of two files are the counts of both."""
    assert Counts(1, 2, 3, 4) + Counts(entries=1, texts=2) == Counts(1, 2, 3, 5, texts=2)
    assert not Counts(playlists_unchanged=9).changed
    assert ImportRun("a", "b", 1).key is None
