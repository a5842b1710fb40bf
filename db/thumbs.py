"""What a person said of songs: liked or not, by whom, and from where.

A thumb is the person's own word: no import brings one, and no purge of what was imported takes it away.
"""

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from pathlib import Path

from db.connection import open_aside, transaction

BY_HAND = "by hand"
LIBRARY = "library"
"""The source of thumbs that a playlist was taken for; what was said in any other way stands before them."""
_PATIENCE_MS = 15_000


@dataclass(frozen=True, slots=True)
class Thumb:
    """One song that is liked or not."""

    listener: str
    """Empty where nobody is named."""
    track_id: str
    liked: bool
    source: str
    """BY_HAND, LIBRARY, the name of a file, or "generated"."""
    told_at: int
    """Seconds since 1970, UTC."""


def thumbs(connection: sqlite3.Connection, listener: str = "") -> list[Thumb]:
    """List what a listener said, the latest first."""
    rows = connection.execute(
        """
        SELECT listener, track_id, liked, source, told_at FROM thumbs WHERE listener = ?
        ORDER BY told_at DESC, liked DESC, track_id
        """,
        [listener],
    )
    return [Thumb(name, track_id, bool(liked), source, told_at) for name, track_id, liked, source, told_at in rows]


def tell(path: Path, told: Sequence[Thumb]) -> list[bool]:
    """Store all of these, or nothing; what is said of a song later stands. Raises DatabaseError.

    Tells of each whether it changed what was said. One from the library stands back behind what was said otherwise, and
    takes the place of all that the library was taken for before: its dislikes were drawn by lot.
    """
    with open_aside(path, _PATIENCE_MS) as connection, transaction(connection):
        for listener in {thumb.listener for thumb in told if thumb.source == LIBRARY}:
            connection.execute("DELETE FROM thumbs WHERE listener = ? AND source = ?", [listener, LIBRARY])
        changed = []
        for thumb in told:
            before = connection.execute(
                "SELECT liked, source FROM thumbs WHERE listener = ? AND track_id = ?", [thumb.listener, thumb.track_id]
            ).fetchone()
            kept = before is not None and thumb.source == LIBRARY and before[1] != LIBRARY
            changed.append(not kept and (before is None or bool(before[0]) != thumb.liked))
            if not kept:
                connection.execute("INSERT OR REPLACE INTO thumbs VALUES (?, ?, ?, ?, ?)", astuple(thumb))
        return changed


def untell(path: Path, listener: str, track_ids: Sequence[str]) -> list[bool]:
    """Forget what a listener said of these songs, all or none; tells of each whether there was something."""
    statement = "DELETE FROM thumbs WHERE listener = ? AND track_id = ?"
    with open_aside(path, _PATIENCE_MS) as connection, transaction(connection):
        return [connection.execute(statement, [listener, track_id]).rowcount > 0 for track_id in track_ids]


def untell_all(path: Path, listener: str) -> int:
    """Forget all that a listener said; gives how many thumbs it was. Raises DatabaseError."""
    with open_aside(path, _PATIENCE_MS) as connection, transaction(connection):
        return connection.execute("DELETE FROM thumbs WHERE listener = ?", [listener]).rowcount


def popularities(connection: sqlite3.Connection, track_ids: Sequence[str]) -> dict[str, int]:
    """Give how popular tracks are at Spotify, 0 to 100, where it is known."""
    return dict(
        connection.execute(
            """
            SELECT t.track_id, t.popularity FROM json_each(?) AS wanted CROSS JOIN tracks t ON t.track_id = wanted.value
            WHERE t.popularity IS NOT NULL
            """,
            [json.dumps(list(track_ids))],
        ).fetchall()
    )


def heard_tracks(connection: sqlite3.Connection) -> list[str]:
    """List the raw ids of all tracks whose audio features are known."""
    rows = connection.execute(
        "SELECT t.track_id FROM audio_features f JOIN tracks t ON t.key = f.track_key ORDER BY t.track_id"
    )
    return [track_id for (track_id,) in rows]
