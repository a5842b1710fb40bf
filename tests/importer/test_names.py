"""Playlists that have only a name: whose they are, and which of several; exports that overlap; zips in zips."""

import gzip
import io
import sqlite3
import zipfile
from collections.abc import Iterator
from itertools import permutations
from pathlib import Path

import pytest

from db.connection import open_writer
from importer.contract import ReadOptions
from importer.errors import NothingToImport
from importer.run import ImportOptions, Report, import_paths
from tests.importer.make import spotify_id, write


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    (tmp_path / "db").mkdir()
    with open_writer(tmp_path / "db" / "segue.db", "testing") as opened:
        yield opened


def _run(connection: sqlite3.Connection, *paths: Path, listener: str | None = None) -> Report:
    return import_paths(connection, paths, ImportOptions(1000, None, ReadOptions(listener=listener)))


def _library(folder: Path, number: int) -> Path:
    track = {"artist": "Kalo", "album": "Tu", "track": "Vo", "uri": f"spotify:track:{spotify_id(number)}"}
    write(folder / "YourLibrary.json", {"tracks": [track], "albums": []})
    return folder


def _lists(connection: sqlite3.Connection) -> dict[str, str]:
    rows = connection.execute(
        "SELECT p.playlist_id, t.track_id FROM playlists p JOIN playlist_entries e ON e.playlist_key = p.key "
        "JOIN tracks t ON t.key = e.track_key"
    )
    return dict(rows.fetchall())


def test_two_listeners_keep_their_liked_songs(connection: sqlite3.Connection, tmp_path: Path) -> None:
    for number, name in enumerate(("ann", "bob")):
        _run(connection, _library(tmp_path / name, number), listener=name)
    assert _lists(connection) == {
        "spotify-export:ann:Liked Songs": spotify_id(0),
        "spotify-export:bob:Liked Songs": spotify_id(1),
    }


@pytest.mark.parametrize("listener", [None, "ann"])
def test_a_second_import_in_any_order_of_the_paths_changes_nothing(
    connection: sqlite3.Connection, tmp_path: Path, listener: str | None
) -> None:
    folders = [_library(tmp_path / name, number) for number, name in enumerate("abc")]
    _run(connection, *folders, listener=listener)
    before = _lists(connection)
    assert len(before) == 3
    for order in permutations(folders):
        report = _run(connection, *order, listener=listener)
        assert [found.number for found in report.imported] == [None]
        assert _lists(connection) == before


def test_what_changed_takes_the_place_of_what_it_was(connection: sqlite3.Connection, tmp_path: Path) -> None:
    one, two = (_library(tmp_path / name, number) for number, name in enumerate("ab"))
    _run(connection, one, two)
    _library(one, 7)
    _run(connection, two, one)
    liked = "spotify-export:Liked Songs"
    assert _lists(connection) == {liked: spotify_id(7), f"{liked} (2)": spotify_id(1)}


SHORT = [{"endTime": "2021-03-05 14:22", "artistName": "Kalo", "trackName": "Vo", "msPlayed": 60_000}] * 2
LONG = [
    {
        "ts": "2021-03-05T14:22:10Z",
        "ms_played": 60_000,
        "master_metadata_track_name": "Vo",
        "master_metadata_album_artist_name": "Kalo",
        "spotify_track_uri": f"spotify:track:{spotify_id(1)}",
    }
]
HELD = "plays of the short history, which the extended history beside it holds"


@pytest.mark.parametrize("long_name", ["Streaming_History_Audio_2020_0.json", "endsong_0.json"])
def test_both_histories_of_one_folder_count_once(
    connection: sqlite3.Connection, tmp_path: Path, long_name: str
) -> None:
    short = write(tmp_path / "in" / "StreamingHistory_music_0.json", SHORT).path
    long = write(tmp_path / "in" / long_name, LONG).path
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for path in (short, long):
            archive.write(path, f"data/{path.name}")
    for paths in ([tmp_path / "in"], [short, long], [tmp_path / "a.zip"]):
        assert _run(connection, *paths).entries_skipped == {HELD: 2}
    assert connection.execute("SELECT count FROM plays").fetchall() == [(1,)]


def test_a_short_history_without_the_extended_one_counts(connection: sqlite3.Connection, tmp_path: Path) -> None:
    short = write(tmp_path / "ann" / "StreamingHistory_music_0.json", SHORT).path
    write(tmp_path / "ann" / "Streaming_History_Audio_2020_0.json", LONG)
    assert not _run(connection, short).entries_skipped
    write(tmp_path / "two" / "ann" / "StreamingHistory_music_0.json", SHORT)
    write(tmp_path / "two" / "bob" / "Streaming_History_Audio_2020_0.json", LONG)
    assert not _run(connection, tmp_path / "two").entries_skipped


def test_a_zip_in_a_zip_is_skipped(connection: sqlite3.Connection, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("mix.m3u", "Kalo - Vo.mp3")
    with zipfile.ZipFile(tmp_path / "in" / "a.zip", "w") as archive:
        archive.writestr("inner.zip", inner.getvalue())
        archive.writestr("named.m3u", inner.getvalue())
    with pytest.raises(NothingToImport, match="unzip"):
        _run(connection, tmp_path / "in" / "a.zip")
    write(tmp_path / "in" / "mix.m3u", "Kalo - Tu.mp3")
    report = _run(connection, tmp_path / "in")
    assert (report.files_skipped, report.bad, len(report.imported)) == (2, [], 1)


def test_a_named_zip_that_is_packed_once_more(connection: sqlite3.Connection, tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv.gz", gzip.compress(b"PK\x03\x04 and more")).path
    assert "unzip it first" in str(_run(connection, path).bad[0])
