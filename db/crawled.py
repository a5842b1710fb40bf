"""What services that are asked over the network leave beside playlists and tracks, and how it is forgotten.

Nothing here commits: the caller's `transaction()` does.
"""

import sqlite3

SPOTIFY, RECCOBEATS = "spotify", "reccobeats"
SERVICES = (SPOTIFY, RECCOBEATS)
"""Sources that are asked over the network; they give audio features of tracks that stand here already."""


def forget_contents(connection: sqlite3.Connection, which: str, values: list[object]) -> None:
    """Say that crawled contents are about to go, so that the next crawl reads them again.

    which: the condition that they fulfil in playlists, or in replaced_playlists.
    """
    crawled = f"import_key IN (SELECT key FROM imports WHERE source = '{SPOTIFY}')"
    connection.execute(
        f"""
        UPDATE found_playlists SET stored_snapshot = NULL, state = iif(state = 'stored', 'waiting', state)
        WHERE playlist_id IN (
            SELECT playlist_id FROM playlists WHERE {crawled} AND {which}
            UNION
            SELECT playlist_id FROM replaced_playlists WHERE {crawled} AND {which}
                AND playlist_id NOT IN (SELECT playlist_id FROM playlists WHERE {crawled})
        )
        """,
        values * 2,
    )


def forget_service(connection: sqlite3.Connection, source: str, now: int) -> int:
    """Delete what a service left apart from its imports; counts the found playlists among it.

    A time until which Spotify wants no requests is kept, and so is the number of days that the user chose.
    """
    if source == RECCOBEATS:
        connection.execute("DELETE FROM feature_misses WHERE provider = ?", [source])
        connection.execute("DELETE FROM state WHERE name = ?", [f"setting:consent:{source}"])
    if source != SPOTIFY:
        return 0
    connection.execute("DELETE FROM gates WHERE blocked_until <= ?", [now])
    connection.execute(
        """
        DELETE FROM state WHERE name LIKE 'setting:%' AND name <> 'setting:keep_days'
            AND (name NOT LIKE 'setting:consent:%' OR name = ?)
        """,
        [f"setting:consent:{source}"],
    )
    for table in ("staged_pages", "crawl_listings", "crawls", "found_words", "app_answers", "feature_misses"):
        connection.execute(f"DELETE FROM {table}")
    return connection.execute("DELETE FROM found_playlists").rowcount


def forget_unseen(connection: sqlite3.Connection, before: int) -> int:
    """Delete the found playlists that were not looked at since; counts them.

    A crawl that still wanted to read one of them reads its lists from the beginning.
    """
    unseen = "SELECT key FROM found_playlists WHERE checked_at < ?"
    connection.execute(
        """
        DELETE FROM crawl_listings WHERE crawl_key IN (
            SELECT crawl_key FROM found_playlists WHERE checked_at < ? AND state = 'waiting'
        )
        """,
        [before],
    )
    connection.execute(f"DELETE FROM staged_pages WHERE playlist_key IN ({unseen})", [before])
    return connection.execute("DELETE FROM found_playlists WHERE checked_at < ?", [before]).rowcount
