"""What was suggested lately, so that it can be left out for a while. It lies in this database and nowhere else."""

import sqlite3
from collections.abc import Iterable
from pathlib import Path

from db.connection import open_aside, transaction
from db.errors import DatabaseError

KEPT_DAYS = 30
"""What was suggested longer ago is forgotten."""
_DAY_S = 86_400
_PATIENCE_MS = 250
"""A list on the screen is not kept waiting for what it leaves behind."""


def remember(path: Path, track_ids: Iterable[str], now: int) -> bool:
    """Remember that these tracks were suggested now, and forget what is too old; tells whether that was possible.

    It never raises: where the file cannot be written, or another process is writing it right now, nothing is changed.
    """
    try:
        with open_aside(path, _PATIENCE_MS) as connection, transaction(connection):
            connection.executemany(
                "INSERT OR REPLACE INTO suggested VALUES (?, ?)", ((track_id, now) for track_id in track_ids)
            )
            # A time far off in the future is that of a clock which went wrong, and would stay for as long; a list made
            # beside this one may be a moment ahead.
            kept = [now - KEPT_DAYS * _DAY_S, now + _DAY_S]
            connection.execute("DELETE FROM suggested WHERE suggested_at NOT BETWEEN ? AND ?", kept)
    except (DatabaseError, OSError):
        return False
    return True


def lately(connection: sqlite3.Connection, now: int, days: int = KEPT_DAYS) -> frozenset[str]:
    """Give the raw ids of what was suggested in the last days."""
    rows = connection.execute("SELECT track_id FROM suggested WHERE suggested_at >= ?", [now - days * _DAY_S])
    return frozenset(track_id for (track_id,) in rows)


def count_suggested(connection: sqlite3.Connection) -> int:
    """Count the tracks that are remembered as suggested."""
    return int(connection.execute("SELECT count(*) FROM suggested").fetchone()[0])


def forget_suggested(connection: sqlite3.Connection) -> int:
    """Forget all that was suggested, in the caller's transaction; tells how many tracks that were."""
    return connection.execute("DELETE FROM suggested").rowcount
