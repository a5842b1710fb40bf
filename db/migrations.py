"""How the database came to its shape: append only. A change, its record and `user_version` share one transaction.

Keys: `*_key` is an integer inside this file only; `*_id` is a raw id that means something outside.
`import_key` tells the source of a row, `fetched_at` when it came (seconds since 1970, UTC); an entry's are
its playlist's.
"""

import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from db.dropped_tables import DROPPED_TABLES
from db.tables import CRAWL_TABLES, FIRST_TABLES, LIST_TABLES, SEARCH_TABLES, TASTE_TABLES
from db.use_tables import USE_TABLES
from db.version import APPLICATION_ID


@contextmanager
def _without(name: str) -> Iterator[None]:
    """Let the block go on without a module that it could use, unless that is loaded already."""
    if name in sys.modules:
        yield
        return
    sys.modules[name] = None  # type: ignore[assignment]  # so Python refuses to load it
    try:
        yield
    finally:
        del sys.modules[name]


# sqlite-utils loads pandas only to know its tables when it sees them: 80 MB and half a second that no migration needs.
with _without("pandas"):
    from sqlite_utils import Database, Migrations

migrations = Migrations("segue")


def migrate(connection: sqlite3.Connection) -> None:
    """Bring an opened database to the newest shape, from nothing or from an older one."""
    connection.execute("PRAGMA journal_mode = WAL")
    # First of all, so that a new file whose maker was killed is still known as ours.
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    migrations.apply(Database(connection, execute_plugins=False))


@migrations(name="0001_playlists")
def _playlists(db: Database) -> None:
    """Make the first tables."""
    _run(db, FIRST_TABLES)
    db.execute("PRAGMA user_version = 1")


@migrations(name="0002_crawl")
def _crawl(db: Database) -> None:
    """Make the tables of collecting over the network."""
    _run(db, CRAWL_TABLES)
    db.execute("PRAGMA user_version = 2")


@migrations(name="0003_lists")
def _lists(db: Database) -> None:
    """Make what a list is chosen by: explicit tracks, local files, blocks, and what was suggested lately."""
    _run(db, LIST_TABLES)
    db.execute("PRAGMA user_version = 3")


@migrations(name="0004_search")
def _search(db: Database) -> None:
    """Make the index of the best known tracks; db.index fills it."""
    _run(db, SEARCH_TABLES)
    db.execute("PRAGMA user_version = 4")


@migrations(name="0005_taste")
def _taste(db: Database) -> None:
    """Make what a person says of songs, and of themselves."""
    _run(db, TASTE_TABLES)
    db.execute("PRAGMA user_version = 5")


@migrations(name="0006_use")
def _use(db: Database) -> None:
    """Make what is remembered of use: lists that were shown, and what was done with them."""
    _run(db, USE_TABLES)
    db.execute("PRAGMA user_version = 6")


@migrations(name="0007_dropped")
def _dropped(db: Database) -> None:
    """Make what imports left out, and why."""
    _run(db, DROPPED_TABLES)
    db.execute("PRAGMA user_version = 7")


def _run(db: Database, statements: str) -> None:
    for statement in statements.split(";\n"):
        if statement.strip():
            db.execute(statement)
