"""Whole imports into a database: what is stored, what a second one changes, what a bad file leaves."""

import gzip
import json
import sqlite3
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from db.connection import open_writer
from db.errors import DiskFull
from db.purge import purge_import
from importer.contract import ReadOptions
from importer.errors import NothingToImport, UnknownFormat
from importer.run import ImportOptions, Report, import_paths, survey
from tests.importer.make import slice_of, spotify_id, write, write_slice


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    (tmp_path / "db").mkdir()
    with open_writer(tmp_path / "db" / "segue.db", "testing") as opened:
        yield opened


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    return tmp_path / "in"


def _run(connection: sqlite3.Connection, *paths: Path, now: int = 1000, **told: str) -> Report:
    options = ImportOptions(now, told.get("format"), ReadOptions(listener=told.get("listener")))
    return import_paths(connection, paths, options)


def _rows(connection: sqlite3.Connection, table: str) -> list[tuple[object, ...]]:
    return connection.execute(f"SELECT * FROM {table} ORDER BY 1, 2, 3").fetchall()


def _count(connection: sqlite3.Connection, table: str) -> int:
    return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def _everything(connection: sqlite3.Connection) -> str:
    return "\n".join(line for line in connection.iterdump() if "sqlite_sequence" not in line)


LASTFM = "user,artist,track,uts\nann,Kalo,Vo,1600000000\nann,Kalo,Vo,1600000100\n"


def _all_kinds(folder: Path) -> None:
    write_slice(folder, playlists=5)
    write(folder / "songs.csv", f"track_id,title,artist,playlist,energy\n{spotify_id(900)},Vo,Kalo,Mine,0.5\n")
    write(folder / "words.csv", "title,artist,lyrics\nVo,Kalo,la\n")
    write(folder / "Kalo - Tu.lrc", "[00:01]la")
    write(folder / "mine.m3u8", "#EXTM3U\n#EXTINF:5,Kalo - Vo\nx.mp3\n")
    write(folder / "a.jspf", {"playlist": {"title": "J", "track": [{"title": "Vo", "creator": "Kalo"}]}})
    write(folder / "scrobbles.csv", LASTFM)
    write(folder / "plays.txt", "u1\tSOAAAAA12AB0170000\t3\n")
    write(folder / "Playlist1.json", {"playlists": [{"name": "S", "items": []}]})
    write(folder / "Userdata.json", {"username": "ann"})
    (folder / "cover.jpg").write_bytes(b"\xff\xd8\xff\xe0")


def test_every_format_of_a_folder_is_stored_under_one_number(connection: sqlite3.Connection, folder: Path) -> None:
    _all_kinds(folder)
    report = _run(connection, folder)
    assert not report.bad
    assert report.files_skipped == 2
    numbers = {found.format: found.number for found in report.imported}
    assert set(numbers) == {"mpd", "csv", "lrc", "m3u", "jspf", "lastfm", "taste-profile", "spotify-export"}
    assert set(numbers.values()) == {1}
    sources = connection.execute("SELECT source FROM imports WHERE number = 1").fetchall()
    assert {source for (source,) in sources} == set(numbers)
    counts = {table: _count(connection, table) for table in ("playlists", "plays", "audio_features", "track_texts")}
    assert counts == {"playlists": 9, "plays": 2, "audio_features": 1, "track_texts": 2}


def test_an_import_of_many_formats_is_taken_back_whole_and_its_number_not_given_again(
    connection: sqlite3.Connection, folder: Path
) -> None:
    _all_kinds(folder)
    _run(connection, folder)
    purge_import(connection, 1)
    assert [_count(connection, t) for t in ("playlists", "tracks", "plays", "track_texts", "imports")] == [0] * 5
    assert {found.number for found in _run(connection, folder).imported} == {2}


def test_a_second_import_changes_nothing(connection: sqlite3.Connection, folder: Path) -> None:
    _all_kinds(folder)
    _run(connection, folder)
    before = _everything(connection)
    report = _run(connection, folder, now=2000)
    assert [found.number for found in report.imported] == [None] * len(report.imported)
    assert _everything(connection) == before


def test_gzip_and_zip_bring_what_the_plain_file_brings(connection: sqlite3.Connection, folder: Path) -> None:
    path = write_slice(folder, playlists=5)
    _run(connection, path)
    before = _everything(connection)
    (folder / "a.json.gz").write_bytes(gzip.compress(path.read_bytes()))
    with zipfile.ZipFile(folder / "b.zip", "w") as archive:
        archive.write(path, "data/slice.json")
    report = _run(connection, folder / "a.json.gz", folder / "b.zip")
    assert report.imported[0].counts.playlists_unchanged == 10
    assert _everything(connection) == before


def test_positions_are_stored_with_their_gaps(connection: sqlite3.Connection, folder: Path) -> None:
    write(folder / "a.m3u", "Kalo - Vo.mp3\nhttp://a.org/s\nKalo - Vo.mp3\n")
    report = _run(connection, folder)
    assert [row[0] for row in connection.execute("SELECT position FROM playlist_entries")] == [0, 2]
    assert report.entries_skipped == {"lines that name no track": 1}


def test_a_longer_log_counts_nothing_twice(connection: sqlite3.Connection, folder: Path) -> None:
    path = write(folder / "ann.csv", LASTFM).path
    _run(connection, path)
    write(path, LASTFM + "ann,Kalo,Vo,1600000200\nann,Kalo,Tu,1600000300\n")
    _run(connection, path, now=2000)
    assert connection.execute("SELECT count, last_played_at FROM plays ORDER BY count").fetchall() == [
        (1, 1_600_000_300),
        (3, 1_600_000_200),
    ]


def test_two_listeners_with_files_of_one_name(connection: sqlite3.Connection, folder: Path) -> None:
    history = [{"endTime": "2021-03-05 14:22", "artistName": "Kalo", "trackName": "Vo", "msPlayed": 60_000}]
    path = write(folder / "StreamingHistory0.json", history).path
    for listener in ("ann", "bob", "ann"):
        _run(connection, path, listener=listener)
    assert _count(connection, "plays") == 2


def test_playlists_of_one_name_are_told_apart(connection: sqlite3.Connection, folder: Path) -> None:
    for place, title in (("a", "Vo"), ("b", "Tu"), ("c", "Vo"), ("d", "Shi")):
        write(folder / place / "mix.m3u", f"Kalo - {title}.mp3\n")
    for _ in range(2):
        _run(connection, folder)
    ids = [row[0] for row in connection.execute("SELECT playlist_id FROM playlists ORDER BY 1")]
    assert ids == ["m3u:mix", "m3u:mix (2)", "m3u:mix (3)"]


def test_changed_contents_replace_the_old_ones(connection: sqlite3.Connection, folder: Path) -> None:
    path = write(folder / "mix.m3u", "Kalo - Vo.mp3\n").path
    _run(connection, path)
    write(path, "Kalo - Vo.mp3\nKalo - Tu.mp3\n")
    report = _run(connection, path)
    assert report.imported[0].counts.playlists_changed == 1
    assert _count(connection, "playlist_entries") == 2


def test_of_a_bad_file_nothing_is_stored_and_the_others_are(connection: sqlite3.Connection, folder: Path) -> None:
    good = write_slice(folder, playlists=3)
    data = slice_of(playlists=2000, entries=30, first=100)  # enough for several batches to be stored before the end
    data["playlists"][-1]["tracks"][3] |= {"track_uri": f"spotify:track:{spotify_id(999)}", "track_name": 5}
    write(folder / "b.json", data)
    write(folder / "c.m3u8", "Kalo - Vo.mp3\n")
    report = _run(connection, folder)
    (bad,) = report.bad
    assert str(bad) == (
        f"{folder / 'b.json'}: playlists[1999].tracks[3].track_name: a text is expected here, but a number was found; "
        "the file may be damaged: export or download it again"
    )
    assert _count(connection, "playlists") == 4
    (folder / "b.json").unlink()
    alone = _everything(connection)
    _run(connection, good)
    assert _everything(connection) == alone


def test_numbers_are_those_of_what_stands(connection: sqlite3.Connection, folder: Path) -> None:
    write(folder / "a.json", {"playlists": [{"pid": 1, "tracks": []}, {"pid": "x"}]})
    write(folder / "b.m3u", "Kalo - Vo.mp3\n")
    report = _run(connection, folder)
    assert len(report.bad) == 1
    assert [(found.format, found.number) for found in report.imported] == [("m3u", 1)]
    assert _count(connection, "imports") == 1


def test_bytes_add_up_to_the_survey(connection: sqlite3.Connection, folder: Path) -> None:
    _all_kinds(folder)
    (folder / "x.json.gz").write_bytes(gzip.compress(json.dumps(slice_of()).encode()))
    told: list[int] = []
    import_paths(connection, [folder], ImportOptions(1000), told.append)
    assert sum(told) == survey([folder]).size


def test_a_forced_format(connection: sqlite3.Connection, folder: Path) -> None:
    _all_kinds(folder)
    report = _run(connection, folder, format="mpd")
    assert [found.format for found in report.imported] == ["mpd"]
    assert not report.bad
    report = _run(connection, folder / "Userdata.json", format="mpd")
    assert "no slice of playlists" in str(report.bad[0])
    with pytest.raises(UnknownFormat, match="taste-profile"):
        _run(connection, folder, format="mp3")


def test_nothing_of_ours_is_said(connection: sqlite3.Connection, folder: Path) -> None:
    with pytest.raises(NothingToImport, match="no files are there"):
        survey([folder])
    (folder / "cover.jpg").write_bytes(b"\xff\xd8")
    with pytest.raises(NothingToImport, match="1 files are there"):
        _run(connection, folder)


def _run_with_little_room(path: Path, folder: Path) -> None:
    with open_writer(path, "testing") as connection:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages + 3}")
        _run(connection, folder)


def test_a_full_disk_leaves_the_old_state(tmp_path: Path, folder: Path) -> None:
    path = tmp_path / "segue.db"
    write_slice(folder, playlists=3)
    with open_writer(path, "testing") as connection:
        _run(connection, folder)
        before = _everything(connection)
    write_slice(folder, playlists=300, catalogue=3000, first=10)
    with pytest.raises(DiskFull):
        _run_with_little_room(path, folder)
    with open_writer(path, "testing") as connection:
        assert _everything(connection) == before


def test_names_that_are_no_text_are_no_trouble(connection: sqlite3.Connection, folder: Path) -> None:
    name = b"caf\xe9.m3u".decode("utf-8", "surrogateescape")
    try:
        (folder / name).write_bytes(b"Kalo - Vo.mp3\n")
    except OSError:
        pytest.skip("this file system takes only UTF-8 names")
    report = _run(connection, folder / name)
    assert not report.bad
    assert _count(connection, "playlists") == 1
