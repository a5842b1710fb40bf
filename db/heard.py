"""What a listener has heard already. Imports sqlite3 alone, because suggesting must start fast."""

import json
import sqlite3
from collections.abc import Sequence

from db.titles import recording


def heard(connection: sqlite3.Connection, listener: str, track_ids: Sequence[str]) -> frozenset[str]:
    """Give those of these tracks that a listener played at least once: as they stand, as a twin, or as a version.

    A twin is what links have in common; a version has the same main artist and plain title (db.titles.recording).
    """
    found = connection.execute("SELECT key FROM listeners WHERE name = ?", [listener]).fetchone()
    if not found:
        return frozenset()
    ids, key = json.dumps(list(track_ids)), found[0]
    known = connection.execute(_WANTED, [key, ids]).fetchall()
    artists = sorted({artist for _, _, artist, _ in known if artist})
    played = {
        recording(artist, name) for artist, name in connection.execute(_PLAYED_BY_ARTIST, [json.dumps(artists), key])
    }
    return frozenset(
        track_id
        for track_id, name, artist, itself in known
        if itself or (name and artist and recording(artist, name) in played)
    )


_WANTED = """
    SELECT t.track_id, t.name, a.name, EXISTS (
        SELECT 1 FROM plays p WHERE p.listener_key = ? AND p.track_key IN (
            SELECT t.key UNION ALL SELECT t.linked_key
            UNION ALL SELECT w.key FROM tracks w WHERE w.linked_key = ifnull(t.linked_key, t.key)
        )
    )
    FROM json_each(?) AS wanted CROSS JOIN tracks t ON t.track_id = wanted.value
    LEFT JOIN track_artists c ON c.track_key = t.key AND c.position = 0 LEFT JOIN artists a ON a.key = c.artist_key
"""
_PLAYED_BY_ARTIST = """
    SELECT a.name, t.name FROM json_each(?) AS wanted
    CROSS JOIN artists a ON a.name = wanted.value JOIN track_artists c ON c.artist_key = a.key AND c.position = 0
    JOIN tracks t ON t.key = c.track_key
    WHERE t.name <> '' AND EXISTS (SELECT 1 FROM plays p WHERE p.listener_key = ? AND p.track_key = t.key)
"""


def listener_names(connection: sqlite3.Connection, most: int) -> list[str]:
    """Name those who played something, by name, so many at most."""
    rows = connection.execute(
        """
        SELECT name FROM listeners l WHERE EXISTS (SELECT 1 FROM plays p WHERE p.listener_key = l.key)
        ORDER BY name LIMIT ?
        """,
        [most],
    )
    return [name for (name,) in rows]
