"""The tracks of an artist. Imports sqlite3 alone, because suggesting must start fast."""

import sqlite3


def by_its_artist(connection: sqlite3.Connection, track_id: str, most: int) -> list[tuple[str, str]]:
    """Give (track_id, name) of the other tracks of a track's main artist, at most so many."""
    return connection.execute(_BY_ITS_ARTIST, [track_id, most]).fetchall()


_BY_ITS_ARTIST = """
    SELECT t.track_id, t.name
    FROM tracks own CROSS JOIN track_artists main ON main.track_key = own.key AND main.position = 0
    CROSS JOIN track_artists c ON c.artist_key = main.artist_key CROSS JOIN tracks t ON t.key = c.track_key
    WHERE own.track_id = ? AND c.position = 0 AND t.key <> own.key LIMIT ?
"""
