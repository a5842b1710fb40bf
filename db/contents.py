"""What one stored playlist holds."""

import sqlite3


def track_ids_of(connection: sqlite3.Connection, playlist_key: int) -> list[str]:
    """Give the raw ids of a playlist's tracks in its order, each once; a linked one by that of its Spotify twin."""
    rows = connection.execute(
        """
        SELECT w.track_id FROM playlist_entries e JOIN tracks t ON t.key = e.track_key
        JOIN tracks w ON w.key = ifnull(t.linked_key, t.key) WHERE e.playlist_key = ? ORDER BY e.position
        """,
        [playlist_key],
    )
    return list(dict.fromkeys(track_id for (track_id,) in rows))
