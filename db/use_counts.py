"""What was remembered of use, counted, listed and forgotten."""

import json
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from db.connection import open_aside, transaction
from db.sittings import Step
from db.use import ADDED, DISLIKED, GONE_ON, LIKED, OPENED, SKIPPED, Done

_PATIENCE_MS = 15_000


@dataclass(frozen=True, slots=True)
class Remembered:
    """How much is remembered."""

    lists: int
    events: dict[str, int]
    """How often each kind of thing was done."""
    browsers: int
    since: int | None
    """When the oldest of it happened: seconds since 1970, UTC."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one person did with the lists of one model."""

    model: str
    person: str
    """A listener or a browser, by what tells them apart."""
    lists: int
    clicked: int
    """Lists of which a song was opened, added, or gone on from."""
    liked: int
    """Lists of which a song was liked."""
    skipped: int
    """Lists of which a song was disliked, or kept away from."""


def remembered(connection: sqlite3.Connection) -> Remembered:
    """Count what is remembered."""
    events = dict(connection.execute("SELECT kind, count(*) FROM use_events GROUP BY kind ORDER BY kind").fetchall())
    lists, since = connection.execute("SELECT count(*), min(shown_at) FROM shown_lists").fetchone()
    first = connection.execute("SELECT min(happened_at) FROM use_events").fetchone()[0]
    browsers = connection.execute(
        "SELECT count(*) FROM (SELECT visitor FROM shown_lists UNION SELECT visitor FROM use_events)"
    ).fetchone()[0]
    return Remembered(lists, events, browsers, min((one for one in (since, first) if one is not None), default=None))


def latest_done(connection: sqlite3.Connection, visitor: str, most: int) -> list[Done]:
    """List what a browser did, the latest first, so many things at most."""
    rows = connection.execute(
        """
        SELECT visitor, listener, kind, happened_at, track_id, words FROM use_events WHERE visitor = ?
        ORDER BY happened_at DESC, key DESC LIMIT ?
        """,
        [visitor, most],
    )
    return [Done(*row) for row in rows]


def outcomes(connection: sqlite3.Connection, *, of_experiment: bool) -> list[Outcome]:
    """Tell what each person did with the lists of each model; of_experiment: only lists whose model was chosen so."""
    by, which = ("arm", "l.arm <> ''") if of_experiment else ("model", "true")
    rows = connection.execute(
        f"""
        SELECT l.{by}, CASE l.listener WHEN '' THEN 'v:' || l.visitor ELSE 'l:' || l.listener END AS person,
            count(*), ifnull(sum(e.clicked), 0), ifnull(sum(e.liked), 0), ifnull(sum(e.skipped), 0)
        FROM shown_lists l LEFT JOIN (
            SELECT list_key, max(kind IN (?, ?, ?)) AS clicked, max(kind = ?) AS liked, max(kind IN (?, ?)) AS skipped
            FROM use_events WHERE list_key IS NOT NULL GROUP BY list_key
        ) e ON e.list_key = l.key
        WHERE {which} GROUP BY 1, 2 ORDER BY 1, 2
        """,
        [OPENED, ADDED, GONE_ON, LIKED, SKIPPED, DISLIKED],
    )
    return [Outcome(*row) for row in rows]


def steps(connection: sqlite3.Connection) -> list[Step]:
    """List the seeds of all lists, and what was done with songs of lists, by person and time."""
    told = [
        Step(listener, visitor, at, tuple(json.loads(seeds)), "")
        for listener, visitor, at, seeds in connection.execute(
            "SELECT listener, visitor, shown_at, seeds FROM shown_lists"
        )
    ]
    told += [
        Step(listener, visitor, at, (track_id,), kind)
        for listener, visitor, at, track_id, kind in connection.execute(
            "SELECT listener, visitor, happened_at, track_id, kind FROM use_events WHERE list_key IS NOT NULL"
        )
    ]
    return sorted(told, key=lambda step: (step.listener, step.visitor, step.at, bool(step.kind)))


def forget_use(path: Path, visitor: str | None = None) -> int:
    """Forget what a browser did, or all where none is named; gives how many lists and events. Raises DatabaseError."""
    with open_aside(path, _PATIENCE_MS) as connection, transaction(connection):
        return drop_use(connection, visitor)


def drop_use(connection: sqlite3.Connection, visitor: str | None = None) -> int:
    """Forget the same, in the caller's transaction."""
    which, values = ("true", []) if visitor is None else ("visitor = ?", [visitor])
    return sum(
        connection.execute(f"DELETE FROM {table} WHERE {which}", values).rowcount
        for table in ("use_events", "shown_lists")
    )
