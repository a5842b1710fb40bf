"""All tracks of which it is known how they sound, a part at a time."""

import sqlite3
from collections.abc import Iterator


def hearable(connection: sqlite3.Connection, at_once: int) -> Iterator[tuple[float, list[tuple[str, int]]]]:
    """Stream (share of all that is read by then, [(raw id, popularity at Spotify or -1)]), so many tracks at once.

    A track that is linked to its twin at Spotify is left out for the twin.
    """
    last = connection.execute("SELECT max(track_key) FROM audio_features").fetchone()[0]
    key = 0
    while rows := connection.execute(_AFTER, [key, at_once]).fetchall():
        key = rows[-1][0]
        yield key / last, [(track_id, popularity) for _, track_id, popularity in rows]


_AFTER = """
    SELECT f.track_key, t.track_id, ifnull(t.popularity, -1)
    FROM audio_features f CROSS JOIN tracks t ON t.key = f.track_key
    WHERE f.track_key > ? AND t.linked_key IS NULL ORDER BY f.track_key LIMIT ?
"""
