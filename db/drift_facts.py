"""How far the playlists of today are from those of a time before."""

import sqlite3


def playlists_since(connection: sqlite3.Connection, when: int) -> tuple[int, int]:
    """Count the playlists that were stored, or changed, after a time (seconds since 1970), and all."""
    new, every = connection.execute("SELECT ifnull(sum(fetched_at > ?), 0), count(*) FROM playlists", [when]).fetchone()
    return int(new), int(every)


def count_entries(connection: sqlite3.Connection) -> int:
    """Count the places of all playlists."""
    return int(connection.execute("SELECT count(*) FROM playlist_entries").fetchone()[0])


def tracks_since(connection: sqlite3.Connection, when: int) -> list[tuple[str, int]]:
    """Give (raw id, places) of the tracks in playlists that were stored, or changed, after a time.

    A track that is linked to its twin at Spotify counts as the twin.
    """
    return connection.execute(
        """
        SELECT w.track_id, count(*) FROM playlists p CROSS JOIN playlist_entries e ON e.playlist_key = p.key
        JOIN tracks t ON t.key = e.track_key JOIN tracks w ON w.key = ifnull(t.linked_key, t.key)
        WHERE p.fetched_at > ? GROUP BY w.key
        """,
        [when],
    ).fetchall()
