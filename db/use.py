"""What is remembered of use: lists that were shown, and what was done with them. It lies in this database alone.

Nothing here raises while it is written: a page is not to fail, nor to wait, for what it leaves behind.
"""

import json
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from db.connection import open_aside, transaction
from db.errors import DatabaseError

USE = "use"
"""The source of playlists that were made of it (db.use_lists); `segue purge --source` forgets these and all here."""
KEPT_DAYS = 365
"""What happened longer ago is forgotten."""
OPENED, ADDED, GONE_ON, LIKED, DISLIKED, SKIPPED, SEARCHED = (
    "opened", "added", "gone on from", "liked", "disliked", "skipped", "searched",
)  # fmt: skip
"""What can be done: with a song of a list, or without one; SEARCHED has words instead."""
TAKEN = (OPENED, ADDED, GONE_ON, LIKED)
"""What speaks for a song."""
_DAY_S = 86_400
_REACH_S = 6 * 3_600
"""Something that is done with a song is taken to be about a list that was shown up to so long before."""
_LATEST = 30
"""So many lists of a browser are looked through for the song that something was done with."""
_PATIENCE_MS = 250


@dataclass(frozen=True, slots=True)
class Shown:
    """A list that was shown."""

    visitor: str
    """A random number of the browser."""
    listener: str
    """Empty where nobody is named."""
    model: str
    """That made the list."""
    trained_at: int
    """When that was trained: seconds since 1970, UTC; 0 where it is not known."""
    arm: str
    """The model that an experiment chose; empty where a person chose, or there is none."""
    seeds: tuple[str, ...]
    """Raw ids, as all here."""
    unlike: tuple[str, ...]
    """What the list keeps away from."""
    tracks: tuple[str, ...]
    """In the order of the list."""
    at: int
    """Seconds since 1970, UTC."""


@dataclass(frozen=True, slots=True)
class Done:
    """One thing that was done."""

    visitor: str
    listener: str
    kind: str
    at: int
    track_id: str | None = None
    words: str | None = None


def remember_list(path: Path, shown: Shown) -> bool:
    """Remember that a list was shown, and what its seeds tell of the list before; tells whether that was possible.

    A seed that stood in an earlier list was added from there, or gone on from; what it keeps away from was skipped.
    The same list once more is not another one.
    """

    def store(connection: sqlite3.Connection) -> None:
        kind = GONE_ON if len(shown.seeds) == 1 else ADDED
        steps = [*((kind, track_id) for track_id in shown.seeds), *((SKIPPED, track_id) for track_id in shown.unlike)]
        latest = _latest(connection, shown.visitor, shown.at)
        for step, track_id in steps:
            if place := _holds(latest, track_id):
                _insert(connection, place, Done(shown.visitor, shown.listener, step, shown.at, track_id))
        told = (shown.model, list(shown.seeds), list(shown.tracks))
        if not latest or (latest[0][1], latest[0][2], latest[0][3]) != told:
            connection.execute(
                """
                INSERT INTO shown_lists (visitor, listener, model, trained_at, arm, seeds, tracks, shown_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """,
                [
                    *(shown.visitor, shown.listener, shown.model, shown.trained_at, shown.arm),
                    *(json.dumps(shown.seeds), json.dumps(shown.tracks), shown.at),
                ],
            )

    return _possible(path, shown.at, store)


def remember(path: Path, done: Done) -> bool:
    """Remember one thing that was done, about the latest list that holds the song; tells whether that was possible."""

    def store(connection: sqlite3.Connection) -> None:
        if done.kind in (LIKED, DISLIKED):
            _take_thumb(connection, done.visitor, done.track_id)
        latest = _latest(connection, done.visitor, done.at) if done.track_id else []
        _insert(connection, _holds(latest, done.track_id), done)

    return _possible(path, done.at, store)


def take_back_thumb(path: Path, visitor: str, track_id: str, now: int) -> bool:
    """Forget that a browser liked or disliked a song; tells whether that was possible."""
    return _possible(path, now, lambda connection: _take_thumb(connection, visitor, track_id))


def _possible(path: Path, now: int, store: Callable[[sqlite3.Connection], None]) -> bool:
    try:
        with open_aside(path, _PATIENCE_MS) as connection, transaction(connection):
            _forget_old(connection, now)
            store(connection)
    except (DatabaseError, OSError):
        return False
    return True


def _forget_old(connection: sqlite3.Connection, now: int) -> None:
    # A time far off in the future is that of a clock which went wrong.
    span = [now - KEPT_DAYS * _DAY_S, now + _DAY_S]
    old = "SELECT key FROM shown_lists WHERE shown_at < ? OR shown_at > ?"
    connection.execute(f"DELETE FROM use_events WHERE list_key IN ({old})", span)
    connection.execute("DELETE FROM use_events WHERE happened_at < ? OR happened_at > ?", span)
    connection.execute("DELETE FROM shown_lists WHERE shown_at < ? OR shown_at > ?", span)


_List = tuple[int, str, list[str], list[str]]
"""Its key, its model, its seeds and its tracks."""


def _latest(connection: sqlite3.Connection, visitor: str, now: int) -> list[_List]:
    rows = connection.execute(
        """
        SELECT key, model, seeds, tracks FROM shown_lists WHERE visitor = ? AND shown_at >= ?
        ORDER BY shown_at DESC, key DESC LIMIT ?
        """,
        [visitor, now - _REACH_S, _LATEST],
    )
    return [(key, model, json.loads(seeds), json.loads(tracks)) for key, model, seeds, tracks in rows]


def _holds(latest: Sequence[_List], track_id: str | None) -> int | None:
    """Give the key of the latest list in which a song was suggested."""
    return next((key for key, _, _, tracks in latest if track_id in tracks), None)


def _take_thumb(connection: sqlite3.Connection, visitor: str, track_id: str | None) -> None:
    statement = "DELETE FROM use_events WHERE visitor = ? AND track_id = ? AND kind IN (?, ?)"
    connection.execute(statement, [visitor, track_id, LIKED, DISLIKED])


def _insert(connection: sqlite3.Connection, place: int | None, done: Done) -> None:
    connection.execute(
        """
        INSERT OR IGNORE INTO use_events (list_key, kind, track_id, words, visitor, listener, happened_at)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        """,
        [place, done.kind, done.track_id, done.words, done.visitor, done.listener, done.at],
    )
