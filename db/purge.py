"""Taking an import back: what it brought goes, what it replaced or filled returns to what it was."""

import sqlite3
from dataclasses import dataclass

from db.connection import transaction
from db.errors import NoSuchImport
from db.index import mark_stale
from db.runs import mark_content_changed


@dataclass(frozen=True)
class Purged:
    """What taking an import back did, in rows."""

    playlists: int
    playlists_restored: int
    tracks: int
    features: int
    plays: int
    texts: int


def purge_import(connection: sqlite3.Connection, import_key: int) -> Purged:
    """Take one import back, in one transaction; the caller finishes the index afterwards. Raises NoSuchImport."""
    if not connection.execute("SELECT 1 FROM imports WHERE key = ?", [import_key]).fetchone():
        raise NoSuchImport(f"there is no import {import_key}: `segue status` lists them")
    # Every statement below keeps the references whole by itself; checked row by row they would cost a scan each.
    connection.execute("PRAGMA foreign_keys = OFF")
    try:
        with transaction(connection):
            purged = _take_back(connection, import_key)
            mark_content_changed(connection, [-import_key])
            mark_stale(connection)
    finally:
        connection.execute("PRAGMA foreign_keys = ON")
    return purged


def _take_back(connection: sqlite3.Connection, import_key: int) -> Purged:
    plays = _delete(connection, "DELETE FROM plays WHERE log_key IN (SELECT key FROM play_logs WHERE import_key = ?)", import_key)
    _delete(connection, "DELETE FROM play_logs WHERE import_key = ?", import_key)
    features = _delete(connection, "DELETE FROM audio_features WHERE import_key = ?", import_key)
    texts = _delete(connection, "DELETE FROM track_texts WHERE import_key = ?", import_key)
    playlists, restored = _take_back_playlists(connection, import_key)
    _empty_filled(connection, import_key)
    tracks = _delete_orphans(connection, import_key)
    _hand_over(connection, import_key)
    _delete(connection, "DELETE FROM imports WHERE key = ?", import_key)
    return Purged(playlists, restored, tracks, features, plays, texts)


def _take_back_playlists(connection: sqlite3.Connection, import_key: int) -> tuple[int, int]:
    _delete(
        connection,
        "DELETE FROM playlist_entries WHERE playlist_key IN (SELECT key FROM playlists WHERE import_key = ?)",
        import_key,
    )
    mine = {
        playlist_id: key
        for playlist_id, key in connection.execute(
            "SELECT playlist_id, key FROM playlists WHERE import_key = ?", [import_key]
        )
    }
    connection.execute("DELETE FROM playlists WHERE import_key = ?", [import_key])
    restored = 0
    for aside, playlist_id in connection.execute(
        "SELECT key, playlist_id FROM replaced_playlists WHERE replaced_by = ? ORDER BY key", [import_key]
    ).fetchall():
        if playlist_id in mine:
            _restore(connection, aside, mine[playlist_id])
            restored += 1
        else:  # a later import replaced it again: from now on that one replaced what this one had
            connection.execute(
                "UPDATE replaced_playlists SET replaced_by = ("
                "SELECT replaced_by FROM replaced_playlists WHERE playlist_id = ? AND import_key = ?) WHERE key = ?",
                [playlist_id, import_key, aside],
            )
    _delete(
        connection,
        "DELETE FROM replaced_entries WHERE replaced_key IN (SELECT key FROM replaced_playlists WHERE import_key = ?)",
        import_key,
    )
    _delete(connection, "DELETE FROM replaced_playlists WHERE import_key = ?", import_key)
    return len(mine) - restored, restored


def _restore(connection: sqlite3.Connection, aside: int, key: int) -> None:
    connection.execute(
        """
        INSERT INTO playlists
        SELECT ?, playlist_id, name, description, owner, genres, followers, modified_at, content_hash, import_key,
            fetched_at
        FROM replaced_playlists WHERE key = ?
        """,
        [key, aside],
    )
    connection.execute(
        """
        INSERT INTO playlist_entries SELECT ?, position, track_key, added_at FROM replaced_entries WHERE replaced_key = ?
        """,
        [key, aside],
    )
    connection.execute("DELETE FROM replaced_entries WHERE replaced_key = ?", [aside])
    connection.execute("DELETE FROM replaced_playlists WHERE key = ?", [aside])


_EMPTY = {
    "name": "UPDATE tracks SET name = '' WHERE key IN ",
    "album_key": "UPDATE tracks SET album_key = NULL WHERE key IN ",
    "duration_ms": "UPDATE tracks SET duration_ms = NULL WHERE key IN ",
    "isrc": "UPDATE tracks SET isrc = NULL WHERE key IN ",
    "popularity": "UPDATE tracks SET popularity = NULL WHERE key IN ",
    "artists": "DELETE FROM track_artists WHERE track_key IN ",
}


def _empty_filled(connection: sqlite3.Connection, import_key: int) -> None:
    for field, statement in _EMPTY.items():
        connection.execute(
            statement + "(SELECT track_key FROM filled_fields WHERE import_key = ? AND field = ?)", [import_key, field]
        )
    connection.execute("DELETE FROM filled_fields WHERE import_key = ?", [import_key])


def _delete_orphans(connection: sqlite3.Connection, import_key: int) -> int:
    connection.execute("CREATE TEMP TABLE gone AS SELECT key FROM tracks WHERE import_key = ?", [import_key])
    for used in (
        "SELECT track_key FROM playlist_entries",
        "SELECT track_key FROM replaced_entries",
        "SELECT track_key FROM plays",
        "SELECT track_key FROM audio_features",
        "SELECT track_key FROM track_texts",
    ):
        connection.execute(f"DELETE FROM gone WHERE key IN ({used})")
    connection.execute("UPDATE tracks SET linked_key = NULL WHERE linked_key IN (SELECT key FROM gone)")
    for table in ("track_artists", "track_names", "filled_fields"):
        connection.execute(f"DELETE FROM {table} WHERE track_key IN (SELECT key FROM gone)")
    tracks = connection.execute("DELETE FROM tracks WHERE key IN (SELECT key FROM gone)").rowcount
    connection.execute("DROP TABLE gone")
    connection.execute("DELETE FROM artists WHERE key NOT IN (SELECT artist_key FROM track_artists)")
    connection.execute("DELETE FROM artist_genres WHERE artist_key NOT IN (SELECT key FROM artists)")
    connection.execute(
        "DELETE FROM albums WHERE key NOT IN (SELECT album_key FROM tracks WHERE album_key IS NOT NULL)"
    )
    connection.execute("DELETE FROM listeners WHERE key NOT IN (SELECT listener_key FROM plays)")
    return tracks


def _hand_over(connection: sqlite3.Connection, import_key: int) -> None:
    """Let what others still use name a source that still stands."""
    connection.execute(
        """
        UPDATE tracks SET import_key = coalesce(
            (SELECT p.import_key FROM playlist_entries e JOIN playlists p ON p.key = e.playlist_key
                WHERE e.track_key = tracks.key LIMIT 1),
            (SELECT f.import_key FROM audio_features f WHERE f.track_key = tracks.key),
            (SELECT min(key) FROM imports WHERE key <> ?))
        WHERE import_key = ?
        """,
        [import_key, import_key],
    )
    for table in ("artists", "albums"):
        connection.execute(
            f"UPDATE {table} SET import_key = (SELECT min(key) FROM imports WHERE key <> ?) WHERE import_key = ?",
            [import_key, import_key],
        )


def _delete(connection: sqlite3.Connection, statement: str, import_key: int) -> int:
    return connection.execute(statement, [import_key]).rowcount
