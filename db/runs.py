"""A run of collecting: its number in the database, and what it did in rows."""

import hashlib
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class Counts:
    """What storing did, in rows; Counts add up."""

    playlists_new: int = 0
    playlists_changed: int = 0
    playlists_unchanged: int = 0
    entries: int = 0
    tracks_new: int = 0
    tracks_filled: int = 0
    artists_new: int = 0
    features: int = 0
    plays: int = 0
    texts: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))

    @property
    def changed(self) -> bool:
        """Whether anything at all was stored."""
        return any(getattr(self, f.name) for f in fields(self) if f.name != "playlists_unchanged")


class Stamp(NamedTuple):
    """The source and the time that every new row carries, in the order of its last two columns."""

    import_key: int
    now: int


@dataclass
class ImportRun:
    """One run of collecting from one source; it takes its number when it first stores something."""

    source: str
    """The format or the service that the rows come from."""
    place: str
    """The path or the address, for people."""
    now: int
    shared: int | None = None
    """The number of the import that this run is a part of; None: it takes the next there is."""
    began: int | None = None
    """When it first started, where it goes on after a stop."""
    number: int | None = field(default=None, init=False)
    """By which a person takes the import back."""
    key: int | None = field(default=None, init=False)

    def stamp(self, connection: sqlite3.Connection) -> Stamp:
        """Give the mark of this run for its rows; the first call numbers it, inside the caller's transaction."""
        if self.key is None or not self._stands(connection):
            self.number = _next_number(connection) if self.shared is None else self.shared
            self.key = connection.execute(
                "INSERT INTO imports (number, source, place, started_at) VALUES (?, ?, ?, ?)",
                [self.number, self.source, self.place, self._started],
            ).lastrowid
        assert self.key is not None
        return Stamp(self.key, self.now)

    def go_on(self, connection: sqlite3.Connection, key: int | None) -> None:
        """Take up the rows of an earlier part of this run, where they still stand."""
        self.key = key
        if key is None or not self._stands(connection):
            self.key = None
            return
        self.number = connection.execute("SELECT number FROM imports WHERE key = ?", [key]).fetchone()[0]

    @property
    def _started(self) -> int:
        return self.now if self.began is None else self.began

    def _stands(self, connection: sqlite3.Connection) -> bool:
        """Tell whether the row is still there: the transaction that numbered it may have been rolled back."""
        row = connection.execute(
            "SELECT 1 FROM imports WHERE key = ? AND source = ? AND place = ? AND started_at = ?",
            [self.key, self.source, self.place, self._started],
        )
        return row.fetchone() is not None


def _next_number(connection: sqlite3.Connection) -> int:
    # Counted apart from the rows, so that the number of an import that was taken back is not given again.
    last = connection.execute("SELECT value FROM state WHERE name = 'last_import'").fetchone()
    number = int(last[0]) + 1 if last else 1
    connection.execute("INSERT OR REPLACE INTO state VALUES ('last_import', ?)", [str(number)])
    return number


class ContentHash:
    """A 64-bit hash of values in their order, signed, as SQLite stores integers."""

    def __init__(self) -> None:
        self._digest = hashlib.blake2b(digest_size=8)

    def add(self, *values: object) -> None:
        """Take the next values in."""
        self._digest.update(repr(values).encode("utf-8", "surrogatepass"))

    def value(self) -> int:
        """Give the hash of all values so far."""
        return int.from_bytes(self._digest.digest(), "big", signed=True)


def mark_content_changed(connection: sqlite3.Connection, changes: Iterable[int]) -> None:
    """Move the content mark on, by which a model knows that it is older than the playlists."""
    digest = ContentHash()
    digest.add(content_mark(connection), *changes)
    connection.execute("INSERT OR REPLACE INTO state VALUES ('content', ?)", [f"{digest.value() % 2**64:016x}"])


def imports_mark(connection: sqlite3.Connection) -> tuple[str, int]:
    """Give what changes with every import and every purge of one: the number of the last, and how many there are."""
    row = connection.execute(
        "SELECT (SELECT value FROM state WHERE name = 'last_import'), (SELECT count(*) FROM imports)"
    ).fetchone()
    return str(row[0]), int(row[1])


def content_mark(connection: sqlite3.Connection) -> str:
    """Give 16 hex digits that change whenever the playlists do; empty while there are none."""
    row = connection.execute("SELECT value FROM state WHERE name = 'content'").fetchone()
    return str(row[0]) if row else ""
