"""What a person never wants to be offered: tracks by their raw ids, artists by their normalised names.

A block is the person's own will: no import brings one, and no purge of what was imported takes it away.
"""

import json
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path

from db.connection import open_aside, transaction

TRACK, ARTIST = "track", "artist"
_PATIENCE_MS = 15_000


@dataclass(frozen=True, slots=True)
class Block:
    """One track or artist that is blocked."""

    kind: str
    """TRACK or ARTIST."""
    raw_id: str
    """Of a track its raw id, of an artist the normalised name (db.identity.normal_artist)."""
    name: str
    """What a person knows it by; empty where that was not known."""
    blocked_at: int
    """Seconds since 1970, UTC."""


@dataclass(frozen=True, slots=True)
class Blocked:
    """All that may not come."""

    tracks: frozenset[str]
    """Raw ids."""
    artists: frozenset[str]
    """Normalised names, as db.identity.normal_artist gives them."""


def blocked(connection: sqlite3.Connection) -> Blocked:
    """Give all that is blocked."""
    found = connection.execute("SELECT kind, raw_id FROM blocks").fetchall()
    tracks, artists = (frozenset(raw_id for kind, raw_id in found if kind == wanted) for wanted in (TRACK, ARTIST))
    return Blocked(tracks, artists)


def blocks(connection: sqlite3.Connection) -> list[Block]:
    """List the blocks, tracks after artists, each by name."""
    rows = connection.execute(
        "SELECT kind, raw_id, name, blocked_at FROM blocks ORDER BY kind, name COLLATE NOCASE, raw_id"
    )
    return [Block(*row) for row in rows]


def block(path: Path, wanted: Sequence[Block]) -> list[bool]:
    """Block all of these, or nothing; tells of each whether it is new. Raises DatabaseError."""
    return _change(path, wanted, lambda one: ("INSERT OR IGNORE INTO blocks VALUES (?, ?, ?, ?)", astuple(one)))


def unblock(path: Path, wanted: Sequence[Block]) -> list[bool]:
    """Take these blocks away, all of them or none; tells of each whether it was there. Raises DatabaseError."""
    statement = "DELETE FROM blocks WHERE kind = ? AND raw_id = ?"
    return _change(path, wanted, lambda one: (statement, (one.kind, one.raw_id)))


def _change(path: Path, wanted: Sequence[Block], way: Callable[[Block], tuple[str, tuple[object, ...]]]) -> list[bool]:
    with open_aside(path, _PATIENCE_MS) as connection, transaction(connection):
        return [connection.execute(*way(one)).rowcount > 0 for one in wanted]


def artist_names(connection: sqlite3.Connection) -> list[str]:
    """Give the name of every artist, each spelling once."""
    return [name for (name,) in connection.execute("SELECT DISTINCT name FROM artists ORDER BY name")]


def most_credited(connection: sqlite3.Connection, names: Sequence[str]) -> list[str]:
    """Put names of artists in order: those of the most tracks here first."""
    rows = connection.execute(
        """
        SELECT wanted.value FROM json_each(?) AS wanted
        ORDER BY (SELECT count(*) FROM artists a JOIN track_artists c ON c.artist_key = a.key
            WHERE a.name = wanted.value) DESC, wanted.value
        """,
        [json.dumps(list(names))],
    )
    return [name for (name,) in rows]
