# ruff: noqa: PT012  # a transaction that fails is more than one statement
"""A full disk: a sentence, the old state, and all is well again when there is room."""

import errno
import io
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from db import index
from db.connection import open_reader, open_writer, room_for, transaction, translated
from db.errors import DatabaseError, DiskFull
from db.purge import purge_import
from db.write import store
from tests.db.make import entries_of, is_sound, meaning, playlist, run, store_all


@pytest.fixture
def small(mount: Callable[[str], Path]) -> Path:
    """Give a path on a disk of four megabytes, with a few playlists stored there."""
    path = mount("4m") / "songs.db"
    store_all(path, _few())
    return path


def _few() -> list:
    return [playlist(number, range(number, number + 10)) for number in range(3)]


def _many() -> list:
    return [playlist(number, range(number * 90, number * 90 + 100)) for number in range(3, 400)]


def test_a_full_disk_is_said_and_changes_nothing(small: Path, tmp_path: Path) -> None:
    """Storing more than fits raises DiskFull; what stood before stands, and is stored in full when there is room."""
    before = meaning(small)
    with pytest.raises(DiskFull, match=r"disk of .*songs\.db is full: make room"):
        store_all(small, _many())
    assert is_sound(small)
    assert meaning(small) == before
    store_all(small, [playlist(500, [1])])
    roomy = Path(shutil.copy(small, tmp_path / "roomy.db"))
    store_all(roomy, _many())
    assert len(entries_of(roomy, "made-up:100")) == 100
    assert is_sound(roomy)


def test_a_disk_filled_by_others_changes_nothing(small: Path) -> None:
    """Without one free byte the database is read, writing is refused with a sentence, and works again later."""
    before = meaning(small)
    filler = small.with_name("filler")
    _fill(filler)
    with open_reader(small) as connection:
        assert connection.execute("SELECT count(*) FROM playlists").fetchone() == (3,)
    with pytest.raises(DiskFull):
        store_all(small, [playlist(number, range(100)) for number in range(500, 510)])
    filler.unlink()
    assert is_sound(small)
    assert meaning(small) == before
    store_all(small, [playlist(500, range(20))])
    assert len(entries_of(small, "made-up:500")) == 20


def _fill(path: Path) -> None:
    with path.open("wb", buffering=0) as stream:
        for size in (65536, 4096, 1):
            with pytest.raises(OSError, match="No space left"):
                _write_on(stream, b"\xff" * size)


def _write_on(stream: io.RawIOBase, block: bytes) -> None:
    while True:
        stream.write(block)


def test_a_disk_that_fills_while_indexing_loses_no_playlist(small: Path) -> None:
    """A disk that is full in the middle of the index leaves the playlists, and the index goes on later."""
    filler = small.with_name("filler")
    with pytest.raises(DiskFull), open_writer(small, "testing") as connection:
        with transaction(connection):
            store(connection, run(), _many()[:20])
        _fill(filler)
        index.finish(connection)
    filler.unlink()
    assert is_sound(small)
    with open_writer(small, "testing") as connection:
        index.finish(connection)
        assert index.behind(connection) == 0
    assert len(entries_of(small, "made-up:10")) == 100


def test_a_purge_on_a_full_disk_changes_nothing(small: Path) -> None:
    """A purge that finds no room has done nothing."""
    store_all(small, _many()[:30])
    before = meaning(small)
    filler = small.with_name("filler")
    _fill(filler)
    with pytest.raises(DiskFull), open_writer(small, "testing") as connection:
        purge_import(connection, 2)
    filler.unlink()
    assert is_sound(small)
    assert meaning(small) == before


def test_a_database_is_not_made_on_a_full_disk(mount: Callable[[str], Path]) -> None:
    """Where not even an empty database fits, the sentence says so, and it is made when there is room."""
    path = mount("1m") / "songs.db"
    filler = path.with_name("filler")
    _fill(filler)
    with pytest.raises(DiskFull), open_writer(path, "testing"):
        pass
    filler.unlink()
    store_all(path, _few())
    assert is_sound(path)


def test_sqlite_s_own_limit_is_a_full_disk(file: Path) -> None:
    """SQLite's own "database or disk is full" is DiskFull too, and takes the transaction back."""
    store_all(file, _few())
    before = meaning(file)
    with pytest.raises(DiskFull), open_writer(file, "testing") as connection:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages + 5}")
        with transaction(connection):
            store(connection, run(), _many())
    assert meaning(file) == before
    assert is_sound(file)


def test_the_system_s_no_space_is_a_full_disk(file: Path) -> None:
    """ENOSPC from the system becomes DiskFull; other errors of the system stay what they are."""
    with pytest.raises(DiskFull, match="is full"), translated(file):
        raise OSError(errno.ENOSPC, "No space left on device")
    with pytest.raises(FileNotFoundError), translated(file):
        raise FileNotFoundError


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("SQLITE_IOERR_WRITE", "gave an error"),
        ("SQLITE_BUSY", "try again"),
        ("SQLITE_READONLY_DBMOVED", "permissions"),
        ("SQLITE_MISUSE", "odd"),
    ],
)
def test_every_error_of_sqlite_becomes_a_sentence(file: Path, name: str, words: str) -> None:
    """Whatever SQLite raises is a DatabaseError that names the file, with the cause behind it."""
    error = sqlite3.OperationalError("odd")
    error.sqlite_errorname = name
    with pytest.raises(DatabaseError, match=words) as raised, translated(file):
        raise error
    assert str(file) in str(raised.value)
    assert raised.value.__cause__ is error


def test_room_is_asked_for_beforehand(file: Path) -> None:
    """More than the disk has is refused before anything is written, with both numbers; less is not."""
    room_for(file, 1_000)
    with pytest.raises(DiskFull, match=r"has [\d,]+ MB free and this needs about 1,000,000,000 MB: make room"):
        room_for(file, 10**15)
