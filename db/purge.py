"""Taking an import back: what it brought goes, what it replaced or filled returns to what it was."""

import sqlite3
from dataclasses import astuple, dataclass

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


def purge_import(connection: sqlite3.Connection, number: int) -> Purged:
    """Take one import back, in one transaction; the caller finishes the index afterwards. Raises NoSuchImport."""
    keys = connection.execute("SELECT key FROM imports WHERE number = ? ORDER BY key DESC", [number]).fetchall()
    if not keys:
        raise NoSuchImport(f"there is no import {number}: `segue status` lists them")
    # Every statement below keeps the references whole by itself; checked row by row they would cost a scan each.
    connection.execute("PRAGMA foreign_keys = OFF")
    try:
        with transaction(connection):
            parts = [_take_back(connection, key) for (key,) in keys]
            mark_content_changed(connection, [-number])
            mark_stale(connection)
    finally:
        connection.execute("PRAGMA foreign_keys = ON")
    return Purged(*map(sum, zip(*map(astuple, parts), strict=True)))


def _take_back(connection: sqlite3.Connection, import_key: int) -> Purged:
    plays = _take_back_plays(connection, import_key)
    features = _change(connection, "DELETE FROM audio_features WHERE import_key = ?", import_key)
    texts = _change(connection, "DELETE FROM track_texts WHERE import_key = ?", import_key)
    _change(connection, "DELETE FROM artist_genres WHERE import_key = ?", import_key)
    playlists, restored = _take_back_playlists(connection, import_key)
    _empty_filled(connection, import_key)
    tracks = _delete_unused_tracks(connection, import_key)
    _delete_unused_names(connection)
    for table in ("artists", "albums"):  # what is left of them, others use
        connection.execute(
            f"UPDATE {table} SET import_key = (SELECT min(key) FROM imports WHERE key <> ?) WHERE import_key = ?",
            [import_key, import_key],
        )
    _change(connection, "DELETE FROM imports WHERE key = ?", import_key)
    return Purged(playlists, restored, tracks, features, plays, texts)


def _take_back_plays(connection: sqlite3.Connection, import_key: int) -> int:
    mine = "SELECT key FROM play_logs WHERE import_key = ?"
    plays = _change(connection, f"DELETE FROM plays WHERE log_key IN ({mine})", import_key)
    _change(connection, f"DELETE FROM replaced_plays WHERE log_key IN ({mine})", import_key)
    _change(connection, "DELETE FROM play_logs WHERE import_key = ?", import_key)
    for (log_key,) in connection.execute(
        "SELECT max(key) FROM play_logs GROUP BY log_id HAVING NOT max(stands)"
    ).fetchall():
        connection.execute("UPDATE play_logs SET stands = 1 WHERE key = ?", [log_key])
        connection.execute(
            """
            INSERT INTO plays
            SELECT listener_key, track_key, log_key, count, last_played_at FROM replaced_plays WHERE log_key = ?
            """,
            [log_key],
        )
        connection.execute("DELETE FROM replaced_plays WHERE log_key = ?", [log_key])
    return plays


def _take_back_playlists(connection: sqlite3.Connection, import_key: int) -> tuple[int, int]:
    set_aside = "SELECT key FROM replaced_playlists WHERE import_key = ?"
    _change(connection, f"DELETE FROM replaced_entries WHERE replaced_key IN ({set_aside})", import_key)
    _change(connection, "DELETE FROM replaced_playlists WHERE import_key = ?", import_key)
    # What was set aside last is what stood before: the others of that playlist are older still.
    before = connection.execute(
        """
        SELECT max(r.key), p.key FROM replaced_playlists r JOIN playlists p ON p.playlist_id = r.playlist_id
        WHERE p.import_key = ? GROUP BY p.key
        """,
        [import_key],
    ).fetchall()
    mine = "SELECT key FROM playlists WHERE import_key = ?"
    _change(connection, f"DELETE FROM playlist_entries WHERE playlist_key IN ({mine})", import_key)
    playlists = _change(connection, "DELETE FROM playlists WHERE import_key = ?", import_key)
    for aside, key in before:
        _restore(connection, aside, key)
    return playlists - len(before), len(before)


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
        INSERT INTO playlist_entries
        SELECT ?, position, track_key, added_at FROM replaced_entries WHERE replaced_key = ?
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
    renamed = "SELECT track_key FROM filled_fields WHERE import_key = ? AND field IN ('name', 'artists')"
    for side in ("key", "linked_key"):  # db.index links again what still has the name
        _change(
            connection,
            f"UPDATE tracks SET linked_key = NULL WHERE linked_key > 0 AND {side} IN ({renamed})",
            import_key,
        )
    for field, statement in _EMPTY.items():
        connection.execute(
            statement + "(SELECT track_key FROM filled_fields WHERE import_key = ? AND field = ?)", [import_key, field]
        )
    connection.execute("DELETE FROM filled_fields WHERE import_key = ?", [import_key])


_USES = (
    "SELECT e.track_key, p.import_key FROM playlist_entries e JOIN playlists p ON p.key = e.playlist_key",
    "SELECT e.track_key, r.import_key FROM replaced_entries e JOIN replaced_playlists r ON r.key = e.replaced_key",
    "SELECT p.track_key, l.import_key FROM plays p JOIN play_logs l ON l.key = p.log_key",
    "SELECT p.track_key, l.import_key FROM replaced_plays p JOIN play_logs l ON l.key = p.log_key",
    "SELECT track_key, import_key FROM audio_features",
    "SELECT track_key, import_key FROM track_texts",
)
"""Tracks with the imports that still need them."""


def _delete_unused_tracks(connection: sqlite3.Connection, import_key: int) -> int:
    """Delete the tracks that only this import needed; the others pass to the first import that needs them."""
    connection.execute("CREATE TEMP TABLE mine (key INTEGER PRIMARY KEY, heir INTEGER)")
    _change(connection, "INSERT INTO mine SELECT key, NULL FROM tracks WHERE import_key = ?", import_key)
    for uses in _USES:
        connection.execute(
            f"""
            INSERT INTO mine SELECT * FROM ({uses}) WHERE track_key IN (SELECT key FROM mine)
            ON CONFLICT DO UPDATE SET heir = min(ifnull(heir, excluded.heir), excluded.heir)
            """
        )
    gone = "SELECT key FROM mine WHERE heir IS NULL"
    connection.execute(f"UPDATE tracks SET linked_key = NULL WHERE linked_key IN ({gone})")
    for table in ("track_artists", "track_names", "filled_fields"):
        connection.execute(f"DELETE FROM {table} WHERE track_key IN ({gone})")
    tracks = connection.execute(f"DELETE FROM tracks WHERE key IN ({gone})").rowcount
    _change(
        connection,
        "UPDATE tracks SET import_key = (SELECT heir FROM mine WHERE mine.key = tracks.key) WHERE import_key = ?",
        import_key,
    )
    connection.execute("DROP TABLE mine")
    return tracks


def _delete_unused_names(connection: sqlite3.Connection) -> None:
    connection.execute("DELETE FROM artists WHERE key NOT IN (SELECT artist_key FROM track_artists)")
    connection.execute("DELETE FROM artist_genres WHERE artist_key NOT IN (SELECT key FROM artists)")
    connection.execute("DELETE FROM albums WHERE key NOT IN (SELECT album_key FROM tracks WHERE album_key IS NOT NULL)")
    connection.execute(
        """
        DELETE FROM listeners WHERE key NOT IN (SELECT listener_key FROM plays)
            AND key NOT IN (SELECT listener_key FROM replaced_plays)
        """
    )


def _change(connection: sqlite3.Connection, statement: str, import_key: int) -> int:
    return connection.execute(statement, [import_key]).rowcount
