"""The file: its tables, other tools on it, and which files are taken, brought forward or refused."""

import json
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
import sqlite_utils
from click.testing import CliRunner
from sqlite_utils import cli as sqlite_tool
from sqlite_utils.migrations import Migrations

from db import connection as connecting
from db import migrations as migrating
from db import read
from db.connection import SCHEMA_VERSION, open_reader, open_writer, transaction
from db.errors import DatabaseError, MissingDatabase, NewerDatabase, NotADatabase, ReadOnlyPlace
from tests.db.make import is_sound, meaning, playlist, store_all, track


@pytest.mark.parametrize("table", ["playlists", "artists", "tracks"])
def test_the_article_s_counts_work(file: Path, table: str) -> None:
    """`select count(*) from playlists | artists | tracks` works."""
    store_all(file, [playlist(1, [1])])
    with open_reader(file) as connection:
        assert connection.execute(f"select count(*) from {table}").fetchone() == (1,)


def test_a_writer_has_wal_and_foreign_keys(file: Path) -> None:
    """A writer writes ahead, and an entry cannot name a track that is not there."""
    with open_writer(file, "testing") as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert connection.execute("PRAGMA foreign_keys").fetchone() == (1,)
        with pytest.raises(sqlite3.IntegrityError), transaction(connection):
            connection.execute("INSERT INTO track_names VALUES (1, 99)")


def test_the_sqlite_utils_tool_lists_and_searches(file: Path) -> None:
    """`sqlite-utils tables --counts`, `rows` and `search` work on the file."""
    store_all(file, [playlist(1, [1, 2])])
    tables = CliRunner().invoke(sqlite_tool.cli, ["tables", str(file), "--counts"], catch_exceptions=False)
    assert {"table": "tracks", "count": 2} in json.loads(tables.stdout)
    rows = CliRunner().invoke(sqlite_tool.cli, ["rows", str(file), "songs"], catch_exceptions=False)
    assert {row["name"] for row in json.loads(rows.stdout)} == {track(1).name, track(2).name}
    found = CliRunner().invoke(sqlite_tool.cli, ["search", str(file), "tracks", track(2).name], catch_exceptions=False)
    assert [row["track_id"] for row in json.loads(found.stdout)] == [track(2).track_id]


def test_the_sqlite_utils_library_searches(file: Path) -> None:
    """sqlite_utils.Database finds the full-text index of tracks by itself, artists and all."""
    store_all(file, [playlist(1, [1, 2])])
    database = sqlite_utils.Database(file)
    assert database["tracks"].detect_fts() == "tracks_fts"
    assert len(list(database["tracks"].search("Copper"))) == 2
    database.close()


def test_the_version_counts_the_migrations() -> None:
    """SCHEMA_VERSION is the number of migrations."""
    assert len(migrating.migrations.pending(sqlite_utils.Database(memory=True))) == SCHEMA_VERSION


def test_opening_twice_changes_nothing(file: Path) -> None:
    """A database of this version is opened without a change to its file."""
    store_all(file, [playlist(1, [1])])
    before = file.read_bytes()
    with open_writer(file, "testing"):
        pass
    with open_reader(file):
        pass
    assert file.read_bytes() == before


def test_an_empty_file_becomes_a_database(file: Path) -> None:
    """A file of no bytes is taken as a database that is yet to be made."""
    file.touch()
    with open_reader(file) as connection:
        assert read.count_rows(connection)["playlists"] == 0
    assert is_sound(file)


@pytest.fixture
def later_version(monkeypatch: pytest.MonkeyPatch) -> Migrations:
    """Make this Segue one migration newer: a column for the mood of a playlist."""
    later = Migrations("segue")
    for known in migrating.migrations.pending(sqlite_utils.Database(memory=True)):
        later(name=known.name)(known.fn)

    @later(name="9999_mood")
    def _mood(database: sqlite_utils.Database) -> None:
        database.execute("ALTER TABLE playlists ADD COLUMN mood TEXT")
        database.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")

    monkeypatch.setattr(migrating, "migrations", later)
    monkeypatch.setattr(connecting, "SCHEMA_VERSION", SCHEMA_VERSION + 1)
    return later


@pytest.mark.parametrize("opener", [open_reader, lambda path: open_writer(path, "testing")])
def test_an_older_database_is_brought_forward(file: Path, opener: Callable, request: pytest.FixtureRequest) -> None:
    """Reader and writer alike bring an older database forward, and nothing of it is lost."""
    store_all(file, [playlist(1, [1, 2, 1])])
    before = meaning(file)
    request.getfixturevalue("later_version")
    with opener(file) as connection:
        assert connection.execute("SELECT mood FROM playlists").fetchall() == [(None,)]
        assert connection.execute("PRAGMA user_version").fetchone() == (SCHEMA_VERSION + 1,)
    assert meaning(file) == before
    assert is_sound(file)


def test_a_migration_that_fails_leaves_the_older_state(
    file: Path, later_version: Migrations, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A change and its record share one transaction: a migration that fails half-way leaves no trace."""

    @later_version(name="99999_broken")
    def _broken(database: sqlite_utils.Database) -> None:
        database.execute("CREATE TABLE half (done)")
        database.execute("PRAGMA user_version = 99")
        database.execute("no SQL at all")

    monkeypatch.setattr(connecting, "SCHEMA_VERSION", SCHEMA_VERSION + 2)
    with pytest.raises(DatabaseError), open_writer(file, "testing"):
        pass
    plain = sqlite3.connect(file)
    assert plain.execute("PRAGMA user_version").fetchone() == (SCHEMA_VERSION + 1,)
    assert plain.execute("SELECT count(*) FROM sqlite_master WHERE name = 'half'").fetchone() == (0,)
    assert plain.execute("SELECT count(*) FROM _sqlite_migrations").fetchone() == (SCHEMA_VERSION + 1,)
    plain.close()


def test_a_new_database_whose_making_was_stopped_is_made(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stopped before the first tables stood, a new file is still ours, and the next writer makes them."""
    stopped = Migrations("segue")

    @stopped(name="0001_playlists")
    def _stop(_database: sqlite_utils.Database) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(migrating, "migrations", stopped)
        with pytest.raises(KeyboardInterrupt), open_writer(file, "testing"):
            pass
    with closing(sqlite3.connect(file)) as plain:
        assert plain.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall() == [
            ("_sqlite_migrations",)
        ]
    store_all(file, [playlist(1, [1])])
    assert is_sound(file)


def _both(path: Path, expected: type[DatabaseError], words: str) -> None:
    for opener in (open_reader(path), open_writer(path, "testing")):
        with pytest.raises(expected, match=words), opener:
            pass


def test_a_newer_database_is_refused(file: Path) -> None:
    """A database that a later Segue wrote is refused with a sentence that says what to do, and stays as it is."""
    store_all(file, [playlist(1, [1])])
    plain = sqlite3.connect(file)
    plain.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    plain.close()
    before = file.read_bytes()
    _both(file, NewerDatabase, "newer Segue.*update Segue")
    assert file.read_bytes() == before


@pytest.mark.parametrize("version", [0, 1, 7])
def test_another_program_s_file_is_refused(file: Path, version: int) -> None:
    """Another program's SQLite file is refused, and not one byte of it changes."""
    plain = sqlite3.connect(file)
    plain.execute("CREATE TABLE playlists (a)")
    plain.execute(f"PRAGMA user_version = {version}")
    plain.close()
    before = file.read_bytes()
    _both(file, NotADatabase, "another program")
    assert file.read_bytes() == before


@pytest.mark.parametrize("content", [b"dear diary\n" * 500, b"hello", b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_file_of_another_kind_is_refused(file: Path, content: bytes) -> None:
    """A text file, or half a database, is refused and stays as it is."""
    file.write_bytes(content)
    _both(file, NotADatabase, "no database of Segue")
    assert file.read_bytes() == content


def test_a_damaged_database_is_named(file: Path) -> None:
    """A database whose pages were overwritten is named as damaged."""
    store_all(file, [playlist(number, range(30)) for number in range(50)])
    whole = bytearray(file.read_bytes())
    whole[4096:] = b"\xaa" * (len(whole) - 4096)
    file.write_bytes(whole)
    with pytest.raises(NotADatabase, match="damaged"), open_reader(file) as connection:
        read.count_rows(connection)


def test_a_folder_is_refused(tmp_path: Path) -> None:
    """A folder is no database."""
    with pytest.raises(NotADatabase, match="is a folder"), open_writer(tmp_path, "testing"):
        pass
    with pytest.raises(MissingDatabase), open_reader(tmp_path):
        pass


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    """A folder that is not there is named, and not made."""
    with (
        pytest.raises(ReadOnlyPlace, match=r"there is no folder .*nowhere"),
        open_writer(tmp_path / "nowhere" / "a.db", "t"),
    ):
        pass
    assert not (tmp_path / "nowhere").exists()


def test_a_missing_database_is_named(file: Path) -> None:
    """Reading where nothing is says how to begin, and makes nothing."""
    with pytest.raises(MissingDatabase, match="import playlists first"), open_reader(file):
        pass
    assert list(file.parent.iterdir()) == []


def test_a_read_only_file_is_read_and_not_written(file: Path) -> None:
    """A file without the right to write is read, and a writer gets a sentence."""
    if os.name != "posix" or os.geteuid() == 0:
        pytest.skip("root may write any file; test_a_read_only_disk_is_read_and_not_written stands in")
    store_all(file, [playlist(1, [1])])
    file.chmod(0o444)
    with open_reader(file) as connection:
        assert read.count_rows(connection)["playlists"] == 1
    with pytest.raises(ReadOnlyPlace), open_writer(file, "testing"):
        pass


def test_a_read_only_folder_is_read_and_not_written(file: Path) -> None:
    """A writable file in a folder that cannot be written is read, and a writer gets a sentence."""
    if os.name != "posix" or os.geteuid() == 0:
        pytest.skip("root may write any folder; test_a_read_only_disk_is_read_and_not_written stands in")
    store_all(file, [playlist(1, [1])])
    for beside in (f"{file}.lock", f"{file}-wal", f"{file}-shm"):
        Path(beside).unlink(missing_ok=True)
    file.parent.chmod(0o555)
    try:
        with open_reader(file) as connection:
            assert read.count_rows(connection)["playlists"] == 1
        with pytest.raises(ReadOnlyPlace), open_writer(file, "testing"):
            pass
    finally:
        file.parent.chmod(0o755)


def test_a_read_only_disk_is_read_and_not_written(file: Path, mount: Callable[[str], Path]) -> None:
    """A database on a disk that cannot be written is read, and a writer gets a sentence."""
    store_all(file, [playlist(1, [1])])
    disk = mount("8m")
    there = Path(shutil.copy(file, disk))
    subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
    with open_reader(there) as connection:
        assert read.count_rows(connection)["playlists"] == 1
    with pytest.raises(ReadOnlyPlace), open_writer(there, "testing"):
        pass
    with pytest.raises(ReadOnlyPlace), open_writer(disk / "new.db", "testing"):
        pass


def test_a_folder_without_lock_files_is_named(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the lock's file cannot be made, a writer gets a sentence instead of the system's error."""

    def _refuse(*args: object, **options: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("filelock.FileLock.acquire", _refuse)
    with pytest.raises(ReadOnlyPlace, match="cannot be written"), open_writer(file, "testing"):
        pass


def test_a_damaged_schema_is_said_in_one_sentence(tmp_path: Path) -> None:
    """Even where the damage makes letters that are none."""
    file = tmp_path / "segue.db"
    store_all(file, [playlist(1, [1])])
    whole = file.read_bytes()
    assert b"CREATE TABLE imports" in whole
    file.write_bytes(whole.replace(b"CREATE TABLE imports", b"CREATE TABLE \xff\xfe\xff\xfe\xff\xfe\xff"))
    for opened in (open_reader(file), open_writer(file, "a test")):
        with pytest.raises(NotADatabase, match="damaged"), opened:
            pass
