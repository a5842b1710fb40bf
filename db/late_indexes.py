"""Two indexes that a large import leaves out while it stores, and makes at its end.

Rows come in the order of playlists and these are in the order of tracks and artists, so that each new row touches a
page of its own: with millions of rows that takes more time than all the rest, while sorting them once takes seconds.
Nothing that stores asks for them. Where an import was killed they are made by the next `db.index.finish`; until then
what needs them goes through all rows, which is slow and right.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from db.connection import transaction

LATE = {
    "playlist_entries_by_track": "CREATE INDEX playlist_entries_by_track ON playlist_entries (track_key)",
    "track_artists_by_artist": "CREATE INDEX track_artists_by_artist ON track_artists (artist_key)",
}
"""Name → the statement of db.tables; a test holds them against it."""
FEW_ENTRIES = 50_000
"""Up to so many new entries the indexes are kept up row by row."""
_MANY_TIMES = 4
"""From then on they are left out when no more than so many times the new entries were there before."""
_CACHE_KIB = 48 * 1024
_STEPS = 100_000
_STEPS_A_ROW = 11
"""Steps of SQLite's machine for each row of an index that is made, measured."""


def put_off(connection: sqlite3.Connection, brought: int) -> bool:
    """Leave the indexes out from now on if this import is large; tells whether they are left out.

    brought: entries that it has brought so far.
    """
    if brought <= FEW_ENTRIES:
        return False
    if len(missing(connection)) < len(LATE):
        if _has_more(connection, (_MANY_TIMES + 1) * brought):
            return False
        with transaction(connection):
            for name in LATE:
                connection.execute(f"DROP INDEX IF EXISTS {name}")
    # The indexes of raw ids are filled at random, so they want a cache; slices want the rest of the memory.
    connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
    return True


def _has_more(connection: sqlite3.Connection, entries: int) -> bool:
    # Counted no further, because an import of many files asks again and again, perhaps of a large collection.
    row = connection.execute("SELECT 1 FROM playlist_entries LIMIT 1 OFFSET ?", [entries])
    return row.fetchone() is not None


def missing(connection: sqlite3.Connection) -> list[str]:
    """Name the indexes that are left out at the moment."""
    there = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'index'")}
    return [name for name in LATE if name not in there]


def rows_to_sort(connection: sqlite3.Connection) -> int:
    """Count the rows of the indexes that are left out."""
    tables = {"playlist_entries_by_track": "playlist_entries", "track_artists_by_artist": "track_artists"}
    return sum(connection.execute(f"SELECT count(*) FROM {tables[name]}").fetchone()[0] for name in missing(connection))


def make(connection: sqlite3.Connection, progress: Callable[[int], None] | None = None) -> None:
    """Make the indexes that are left out, each in a transaction of its own.

    progress: told how many rows more are done, about. Raises DiskFull by way of db.connection.
    """
    for name in missing(connection):
        with _sorting_on_disk(connection, progress), transaction(connection):
            connection.execute(LATE[name])


@contextmanager
def _sorting_on_disk(connection: sqlite3.Connection, progress: Callable[[int], None] | None) -> Iterator[None]:
    """Sort in files, because millions of rows would not fit in memory."""

    def tell() -> int:
        if progress:
            progress(_STEPS // _STEPS_A_ROW)
        return 0

    connection.execute("PRAGMA temp_store = FILE")
    connection.set_progress_handler(tell, _STEPS)
    try:
        yield
    finally:
        connection.set_progress_handler(None, 0)
        connection.execute("PRAGMA temp_store = MEMORY")
