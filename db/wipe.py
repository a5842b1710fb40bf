"""Making the file forget: the bytes of rows that are gone, too."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from db.connection import room_for, translated
from db.errors import DatabaseBusy, DiskFull

_WAYS = ("OFF", "ON", "FAST")
_PATIENCE_MS = 1_000
"""How long readers are waited for who still hold the old contents."""


@contextmanager
def overwriting(connection: sqlite3.Connection) -> Iterator[None]:
    """Overwrite with zeros what the block deletes."""
    before = _WAYS[_number(connection, "secure_delete")]
    connection.execute("PRAGMA secure_delete = ON")
    try:
        yield
    finally:
        connection.execute(f"PRAGMA secure_delete = {before}")


def mark_unwiped(connection: sqlite3.Connection, source: str) -> None:
    """Say, inside the caller's transaction, that the file is to be written anew, because a source was removed."""
    connection.execute("INSERT OR REPLACE INTO state VALUES ('unwiped', ?)", [source])


def unwiped(connection: sqlite3.Connection) -> str | None:
    """Name the source that was removed last, as long as the file was not written anew since."""
    row = connection.execute("SELECT value FROM state WHERE name = 'unwiped'").fetchone()
    return str(row[0]) if row else None


def wipe(connection: sqlite3.Connection, path: Path) -> str:
    """Write the file anew, without the pages that were freed earlier; gives the reason where that cannot be done.

    Zeros stand only where this connection deleted; what others deleted before still lies in free pages.
    """
    pages = _number(connection, "page_count") - _number(connection, "freelist_count")
    try:
        # Once for the copy that SQLite makes, once for the log through which it comes back.
        room_for(path, 2 * pages * _number(connection, "page_size"))
        with overwriting(connection), translated(path):
            connection.execute("PRAGMA temp_store = FILE")  # in memory the whole copy would have to fit
            connection.execute("VACUUM")
            if not _emptied_log(connection):
                return f"another process still reads the old contents of {path}; wait until it is done"
            connection.execute("DELETE FROM state WHERE name = 'unwiped'")
    except (DiskFull, DatabaseBusy) as error:
        return str(error)
    finally:
        connection.execute("PRAGMA temp_store = MEMORY")
    return ""


def _emptied_log(connection: sqlite3.Connection) -> bool:
    patience = _number(connection, "busy_timeout")
    connection.execute(f"PRAGMA busy_timeout = {_PATIENCE_MS}")
    try:
        return not connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    finally:
        connection.execute(f"PRAGMA busy_timeout = {patience}")


def _number(connection: sqlite3.Connection, pragma: str) -> int:
    return int(connection.execute(f"PRAGMA {pragma}").fetchone()[0])
