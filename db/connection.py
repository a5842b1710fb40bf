"""Opening and closing the file: PRAGMAs, the writer lock, `transaction()`."""

import errno
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

from db.errors import DatabaseBusy, DatabaseError, DiskFull, MissingDatabase, NewerDatabase, NotADatabase, ReadOnlyPlace
from db.version import APPLICATION_ID, SCHEMA_VERSION

_BUSY_MS = 15_000
_CLOSING_MS = 1_000
"""How long a writer that ends waits for readers, so as to leave one file without a log beside it."""
_WRITER_CACHE_KIB = 64 * 1024


@contextmanager
def open_reader(path: Path) -> Iterator[sqlite3.Connection]:
    """Open an existing database to read; an older one is brought forward first.

    Raises MissingDatabase, NotADatabase, NewerDatabase, DatabaseBusy.
    """
    if not path.is_file():
        raise MissingDatabase(
            f"there is no database at {path}: import playlists first (segue import FOLDER), or crawl them (segue crawl)"
        )
    with translated(path), closing(_connect_to_read(path)) as connection:
        older = _version(connection, path) < SCHEMA_VERSION
        if not older:
            yield connection
    if older:
        with open_writer(path, "bringing the database forward"):
            pass
        with translated(path), closing(_connect_to_read(path)) as connection:
            yield connection


@contextmanager
def open_writer(path: Path, purpose: str) -> Iterator[sqlite3.Connection]:
    """Open the database to write, made or brought forward as needed, holding its one writer lock.

    purpose: what the holder is doing, for the sentence that others get. Raises DatabaseBusy, DiskFull, ReadOnlyPlace,
    NotADatabase, NewerDatabase.
    """
    _refuse_bad_place(path)
    from db.lock import writer_lock

    with writer_lock(path, purpose), translated(path), closing(_connect(path)) as connection:
        connection.execute(f"PRAGMA cache_size = -{_WRITER_CACHE_KIB}")
        if _version(connection, path) < SCHEMA_VERSION:
            from db.migrations import migrate

            migrate(connection)
        connection.execute("PRAGMA foreign_keys = ON")
        try:
            yield connection
        finally:
            if connection.in_transaction:
                connection.rollback()
            _checkpoint(connection)


@contextmanager
def open_aside(path: Path, patience_ms: int) -> Iterator[sqlite3.Connection]:
    """Open an existing database for one small transaction that need not wait until a crawl or an import is done.

    It holds no writer lock, so it is only for tables that no other writer touches in between, and it brings nothing
    forward. patience_ms: how long a transaction of another process is waited for. Raises DatabaseError.
    """
    if not path.is_file():
        raise MissingDatabase(f"there is no database at {path}")
    with translated(path), closing(_connect(path, patience_ms)) as connection:
        _version(connection, path)
        yield connection


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Run the block as one transaction: all of it is stored, or nothing.

    Raises DiskFull when the disk fills up; any exception rolls back and goes on.
    """
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:  # SQLite itself has already rolled back when the disk was full
            connection.execute("ROLLBACK")
        raise


@contextmanager
def unchecked(connection: sqlite3.Connection) -> Iterator[None]:
    """Run the block as one transaction in which references are not checked.

    The statements for which this is keep them whole by themselves; checked row by row they would cost a scan each where
    rows go, and a fifth of the time where many come.
    """
    connection.execute("PRAGMA foreign_keys = OFF")
    try:
        with transaction(connection):
            yield
    finally:
        connection.execute("PRAGMA foreign_keys = ON")


@contextmanager
def one_moment(connection: sqlite3.Connection) -> Iterator[None]:
    """Let all questions of the block see the same state, whatever is written meanwhile."""
    connection.execute("BEGIN")
    try:
        yield
    finally:
        connection.execute("ROLLBACK")


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn SQLite's errors into sentences of this house."""
    try:
        yield
    except sqlite3.Error as error:
        raise _sentence(path, error) from error
    except UnicodeDecodeError as error:  # a damaged page of the schema
        raise NotADatabase(_damaged(path)) from error
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise DiskFull(_full(path)) from error
        raise


def room_for(path: Path, needed_bytes: int) -> None:
    """Make sure that the disk of the database has room for that many more bytes; raises DiskFull."""
    free = shutil.disk_usage(path.parent).free
    if free < needed_bytes:
        raise DiskFull(
            f"the disk of {path} has {_megabytes(free)} free and this needs about {_megabytes(needed_bytes)}: "
            "make room, or keep the database elsewhere (--db PATH)"
        )


def _connect_to_read(path: Path) -> sqlite3.Connection:
    try:
        connection = _connect(path)
        connection.execute("PRAGMA query_only = ON")
        return connection
    except sqlite3.Error as error:
        # In a folder that cannot be written, or on a disk without a free byte, WAL has no place for its index, and
        # nobody else can write either.
        full = getattr(error, "sqlite_errorname", "").startswith("SQLITE_IOERR_SHM")
        blocked = isinstance(error, sqlite3.OperationalError) and not os.access(path.parent, os.W_OK)
        log = Path(f"{path}-wal")
        if not (full or blocked) or (log.exists() and log.stat().st_size):
            raise _sentence(path, error) from error
        return sqlite3.connect(
            f"file:{quote(str(path.resolve()))}?mode=ro&immutable=1",
            uri=True,
            isolation_level=None,
            check_same_thread=False,
        )


def _connect(path: Path, patience_ms: int = _BUSY_MS) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=patience_ms / 1000, isolation_level=None, check_same_thread=False)
    try:
        connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone()
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA temp_store = MEMORY")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _version(connection: sqlite3.Connection, path: Path) -> int:
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    owner = int(connection.execute("PRAGMA application_id").fetchone()[0])
    if version > SCHEMA_VERSION and owner == APPLICATION_ID:
        raise NewerDatabase(
            f"{path} was written by a newer Segue (database version {version}, this one knows {SCHEMA_VERSION}): "
            "update Segue (pip install -U segue)"
        )
    if owner != APPLICATION_ID:
        tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if tables or version:
            raise NotADatabase(f"{path} is an SQLite file of another program: name another file (--db PATH)")
    return version


def _checkpoint(connection: sqlite3.Connection) -> None:
    try:
        connection.execute(f"PRAGMA busy_timeout = {_CLOSING_MS}")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except sqlite3.OperationalError:
        # A reader still holds the log, or the disk is full: what is committed stays valid in the log beside the file.
        return


def _refuse_bad_place(path: Path) -> None:
    if not path.parent.is_dir():
        raise ReadOnlyPlace(f"there is no folder {path.parent}: make it, or name another file (--db PATH)")
    if path.is_dir():
        raise NotADatabase(f"{path} is a folder: name a file (--db PATH)")
    if not os.access(path if path.exists() else path.parent, os.W_OK):
        raise ReadOnlyPlace(f"{path} cannot be written by you: name another file (--db PATH)")


def _sentence(path: Path, error: sqlite3.Error) -> DatabaseError:
    name = getattr(error, "sqlite_errorname", "")
    if name == "SQLITE_FULL":
        return DiskFull(_full(path))
    if name.startswith(("SQLITE_NOTADB", "SQLITE_CORRUPT")):
        return NotADatabase(_damaged(path))
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return DatabaseBusy(f"another process is writing to {path}: try again when it is done")
    if name.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM")):
        return ReadOnlyPlace(f"{path} cannot be opened or written: check its permissions, or name another (--db PATH)")
    if name.startswith("SQLITE_IOERR"):
        return DiskFull(f"the disk of {path} gave an error ({name}): check its room and health; the old state stands")
    return DatabaseError(f"{path}: {error}")


def _damaged(path: Path) -> str:
    return f"{path} is no database of Segue, or it is damaged: name another file (--db PATH)"


def _full(path: Path) -> str:
    return f"the disk of {path} is full: make room and run this again; what was stored before stands"


def _megabytes(size: int) -> str:
    return f"{size / 1e6:,.0f} MB"
