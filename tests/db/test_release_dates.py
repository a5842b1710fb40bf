"""Release dates that a later telling brings: filled where they lacked, and gone with what told them."""

from dataclasses import replace
from pathlib import Path

import pytest

from db import index
from db.connection import open_reader, open_writer
from db.purge import purge_import, purge_source
from db.records import Album, Artist, Record, Track
from db.retention import expire
from tests.db.crawling import crawl
from tests.db.make import NOW, bare, every_row, is_sound, meaning, playlist, raw_id, store_all, track, undated

SAME_ALBUM = 8
"""Tracks 7 to 13 are of one album."""


def _dates(path: Path) -> list[str | None]:
    with open_reader(path) as connection:
        return [date for (date,) in connection.execute("SELECT release_date FROM albums ORDER BY key")]


def _purge(path: Path, number: int | None) -> None:
    assert number is not None
    with open_writer(path, "testing") as connection:
        purge_import(connection, number)
        index.finish(connection)
    assert is_sound(path)


@pytest.mark.parametrize("later", [track(7), track(SAME_ALBUM)])
def test_a_date_that_was_missing_is_filled(file: Path, later: Track) -> None:
    """By the same track, or by another of the album."""
    store_all(file, [playlist(1, [undated(7)])])
    assert _dates(file) == [None]
    _, counts = store_all(file, [playlist(2, [later])])
    assert _dates(file) == ["1998-05"]
    assert (counts.tracks_filled, counts.tracks_new) == ((1, 0) if later == track(7) else (0, 1))


def test_a_date_is_filled_within_one_import_too(file: Path) -> None:
    """The first track of the album comes without, the next with it."""
    store_all(file, [playlist(1, [undated(7), track(SAME_ALBUM)])])
    assert _dates(file) == ["1998-05"]


def test_the_first_date_stands(file: Path) -> None:
    """Another date for a known one changes nothing."""
    store_all(file, [playlist(1, [7])])
    before = every_row(file)
    album = track(7).album
    assert album
    _, counts = store_all(file, [replace(track(7), album=replace(album, release_date="2001"))])
    assert not counts.changed
    assert every_row(file) == before


def test_a_made_up_album_takes_the_date_of_the_one_of_its_name(file: Path) -> None:
    """A file named the album without an id; Spotify tells id and date of the same track."""
    store_all(file, [playlist(1, [Track(raw_id("t", 1), "Tide", (Artist("Nora Vale"),), Album("Low Water"))])])
    store_all(
        file, [Track(raw_id("t", 1), "Tide", (Artist("Nora Vale"),), Album("LOW WATER", raw_id("album", 1), "1987"))]
    )
    assert _dates(file) == ["1987"]


@pytest.mark.parametrize("album", [Album("High Water", None, "1987"), Album("Low Water", raw_id("album", 2), "1987")])
def test_another_album_does_not_tell_the_date(file: Path, album: Album) -> None:
    """A compilation that holds the track, or another edition, came out at another time."""
    first = Track(raw_id("t", 1), "Tide", (Artist("Nora Vale"),), Album("Low Water", raw_id("album", 1)))
    store_all(file, [playlist(1, [first])])
    store_all(file, [replace(first, album=album)])
    assert _dates(file)[0] is None


@pytest.mark.parametrize("later", [[7], [SAME_ALBUM], [7, SAME_ALBUM], [9, bare(7)]])
def test_a_date_goes_with_the_import_that_told_it(file: Path, later: list[Track | int]) -> None:
    """What is left is what stood before."""
    store_all(file, [playlist(1, [undated(7), bare(9)])])
    before = meaning(file)
    _purge(file, store_all(file, [playlist(2, later)])[0].number)
    assert meaning(file) == before


def test_a_date_goes_though_the_import_filled_the_album_too(file: Path) -> None:
    """The track had no album before: it loses it again, and the album its date."""
    store_all(file, [playlist(1, [undated(7), bare(SAME_ALBUM)])])
    before = meaning(file)
    _purge(file, store_all(file, [playlist(2, [SAME_ALBUM])])[0].number)
    assert meaning(file) == before


def test_what_spotify_told_of_a_files_album_is_gone_after_a_purge(file: Path) -> None:
    """Also when the track that told it grew old before."""
    records: list[Record] = [playlist(1, [undated(7)])]
    store_all(file, records, "csv")
    before = meaning(file)
    crawl(file, {1: [SAME_ALBUM]}, NOW)
    assert _dates(file) == ["1998-05"]
    with open_writer(file, "testing") as connection:
        expire(connection, "spotify", NOW + 1)
        index.finish(connection)
    assert meaning(file) == before
    crawl(file, {1: [SAME_ALBUM]}, NOW + 2)
    with open_writer(file, "testing") as connection:
        purge_source(connection, "spotify", NOW + 3)
        index.finish(connection)
    assert meaning(file) == before
    assert is_sound(file)


@pytest.mark.parametrize("explicit", [True, False])
def test_explicit_goes_with_the_import_that_told_it(file: Path, explicit: bool) -> None:
    """And is gone too where Spotify alone told it of a track that a file needs."""
    mine = replace(track(1), isrc=None, popularity=None, explicit=None)
    store_all(file, [playlist(1, [mine])], "csv")
    before = meaning(file)
    _purge(file, store_all(file, [replace(mine, explicit=explicit)])[0].number)
    assert meaning(file) == before


def test_explicit_of_a_track_that_spotify_brought_and_a_file_needs_goes_with_spotify(tmp_path: Path) -> None:
    """As the ISRC does."""
    path, alone = tmp_path / "both.db", tmp_path / "alone.db"
    mine = replace(track(1), isrc=None, popularity=None, explicit=None)
    crawl(path, {1: [1]}, NOW)
    for one in (path, alone):
        store_all(one, [playlist(1, [mine])], "csv")
    with open_writer(path, "testing") as connection:
        purge_source(connection, "spotify", NOW)
        index.finish(connection)
    assert meaning(path) == meaning(alone)
