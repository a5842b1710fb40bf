"""What is asked to write down the whole collection, in blocks, whatever its size. Imports sqlite3 alone."""

import json
import sqlite3
from collections.abc import Iterator, Sequence

_FETCH = 50_000


def keys_by_track_id(connection: sqlite3.Connection) -> Iterator[list[tuple[int]]]:
    """Stream (track_key,) of all tracks in the order of their raw ids, in blocks of rows."""
    cursor = connection.execute("SELECT key FROM tracks ORDER BY track_id")
    while block := cursor.fetchmany(_FETCH):
        yield block


def tracks_of(connection: sqlite3.Connection, keys: Sequence[int]) -> list[tuple[str, int, int]]:
    """Give (track_id, key of its first artist, key of its album) of these tracks, in this order; -1 for none."""
    return connection.execute(
        """
        SELECT t.track_id, ifnull(c.artist_key, -1), ifnull(t.album_key, -1)
        FROM json_each(?) AS wanted CROSS JOIN tracks t ON t.key = wanted.value
        LEFT JOIN track_artists c ON c.track_key = t.key AND c.position = 0 ORDER BY wanted.key
        """,
        [json.dumps(list(keys))],
    ).fetchall()


def filled_playlists(connection: sqlite3.Connection) -> Iterator[list[tuple[str, str, int]]]:
    """Stream (playlist_id, name, date) of all playlists with entries in the order of db.read.entry_rows, in blocks.

    The date is in seconds since 1970, 0 where it is not known: that of the latest entry where the source tells none.
    """
    cursor = connection.execute(
        """
        SELECT p.playlist_id, p.name, coalesce(
            p.modified_at, (SELECT max(added_at) FROM playlist_entries e WHERE e.playlist_key = p.key), 0)
        FROM playlists p WHERE EXISTS (SELECT 1 FROM playlist_entries e WHERE e.playlist_key = p.key)
        ORDER BY p.playlist_id
        """
    )
    while block := cursor.fetchmany(_FETCH):
        yield block
