"""Taking imports back: what they brought goes, what they replaced or filled returns to what it was."""

import sqlite3
from collections.abc import Sequence
from dataclasses import astuple, dataclass

from db.connection import unchecked
from db.crawled import SERVICES, SPOTIFY, forget_contents, forget_service
from db.errors import NoSuchImport, NoSuchSource
from db.index import mark_stale
from db.release_dates import undate_albums
from db.runs import mark_content_changed
from db.unneeded import delete_unneeded, delete_unneeded_names, empty_untold, hand_on, weigh_tracks
from db.use import USE
from db.use_counts import drop_use, remembered
from db.wipe import mark_unwiped, overwriting, unwiped


@dataclass(frozen=True)
class Purged:
    """What taking imports back did, in rows."""

    playlists: int = 0
    playlists_restored: int = 0
    tracks: int = 0
    features: int = 0
    plays: int = 0
    texts: int = 0

    def __add__(self, other: "Purged") -> "Purged":
        return Purged(*map(sum, zip(astuple(self), astuple(other), strict=True)))


def purge_import(connection: sqlite3.Connection, number: int) -> Purged:
    """Take one import back, in one transaction; the caller finishes the index afterwards. Raises NoSuchImport."""
    keys = connection.execute("SELECT key FROM imports WHERE number = ? ORDER BY key DESC", [number]).fetchall()
    if not keys:
        raise NoSuchImport(f"there is no import {number}: `segue status` lists them")
    with unchecked(connection):
        purged = take_all_back(connection, [key for (key,) in keys])
        mark_content_changed(connection, [-number])
        mark_stale(connection)
    return purged


def purge_source(connection: sqlite3.Connection, source: str, now: int) -> tuple[Purged, int]:
    """Remove all that came from one source, in one transaction; tells too how many found playlists went.

    The caller finishes the index afterwards, and then has the file wiped (db.wipe). Raises NoSuchSource.
    """
    refuse_unknown(connection, source)
    keys = connection.execute("SELECT key FROM imports WHERE source = ? ORDER BY key DESC", [source]).fetchall()
    with overwriting(connection), unchecked(connection):
        purged = take_all_back(connection, [key for (key,) in keys], wholly=source == SPOTIFY)
        found = forget_service(connection, source, now)
        if source == USE:  # or the next training would make the same of it again
            drop_use(connection)
        mark_unwiped(connection, source)
        if keys:
            mark_content_changed(connection, [-key for (key,) in keys])
            mark_stale(connection)
    return purged, found


def refuse_unknown(connection: sqlite3.Connection, source: str) -> None:
    """Make sure that there may be something of this source; raises NoSuchSource, naming those there are."""
    sources = [name for (name,) in connection.execute("SELECT DISTINCT source FROM imports ORDER BY source")]
    if source not in (*sources, *SERVICES, USE, unwiped(connection)):
        there = f"there are {', '.join(sources)}" if sources else "nothing is imported yet"
        raise NoSuchSource(f"nothing here came from {source!r}: {there}")


def count_source(connection: sqlite3.Connection, source: str) -> dict[str, int]:
    """Count what came from one source: imports, playlists, tracks, audio features, texts, listening logs, and so on."""
    mine = "import_key IN (SELECT key FROM imports WHERE source = ?)"
    counts = {"imports": connection.execute("SELECT count(*) FROM imports WHERE source = ?", [source]).fetchone()[0]}
    for table, name in {
        "playlists": "playlists",
        "replaced_playlists": "replaced playlists",
        "tracks": "tracks",
        "audio_features": "audio features",
        "track_texts": "texts",
        "play_logs": "listening logs",
    }.items():
        counts[name] = connection.execute(f"SELECT count(*) FROM {table} WHERE {mine}", [source]).fetchone()[0]
    if source == SPOTIFY:
        counts["found playlists"] = connection.execute("SELECT count(*) FROM found_playlists").fetchone()[0]
    if source == USE:
        there = remembered(connection)
        counts |= {"shown lists": there.lists, "things done": sum(there.events.values())}
    return counts


def take_all_back(connection: sqlite3.Connection, keys: Sequence[int], *, wholly: bool = False) -> Purged:
    """Take imports back, one after the other. wholly: what they told of tracks that stay goes, too."""
    purged = Purged()
    for key in keys:
        purged += _take_back(connection, key)
    weigh_tracks(connection, "SELECT key FROM tracks WHERE import_key NOT IN (SELECT key FROM imports)", [])
    hand_on(connection)
    if wholly:
        empty_untold(connection)
    gone = delete_unneeded(connection)
    delete_unneeded_names(connection)
    return purged + Purged(tracks=gone.tracks, features=gone.features)


def _take_back(connection: sqlite3.Connection, import_key: int) -> Purged:
    plays = _take_back_plays(connection, import_key)
    features = _change(connection, "DELETE FROM audio_features WHERE import_key = ?", import_key)
    texts = _change(connection, "DELETE FROM track_texts WHERE import_key = ?", import_key)
    _change(connection, "DELETE FROM artist_genres WHERE import_key = ?", import_key)
    _change(connection, "DELETE FROM track_files WHERE import_key = ?", import_key)
    _change(connection, "DELETE FROM dropped WHERE import_key = ?", import_key)
    playlists, restored = drop_playlists(connection, "import_key = ?", [import_key])
    _empty_filled(connection, import_key)
    _change(connection, "DELETE FROM imports WHERE key = ?", import_key)
    return Purged(playlists, restored, 0, features, plays, texts)


def _take_back_plays(connection: sqlite3.Connection, import_key: int) -> int:
    mine = "SELECT key FROM play_logs WHERE import_key = ?"
    plays = _change(connection, f"DELETE FROM plays WHERE log_key IN ({mine})", import_key)
    _change(connection, f"DELETE FROM replaced_plays WHERE log_key IN ({mine})", import_key)
    _change(connection, "DELETE FROM play_logs WHERE import_key = ?", import_key)
    bring_back_plays(connection)
    return plays


def bring_back_plays(connection: sqlite3.Connection) -> None:
    """Let the last log that was replaced stand again, where the one that replaced it is gone."""
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


def drop_playlists(connection: sqlite3.Connection, which: str, values: list[object]) -> tuple[int, int]:
    """Delete contents, and bring back what they replaced; counts the playlists that are gone, and those brought back.

    which: the condition that they fulfil in playlists, or set aside in replaced_playlists.
    """
    forget_contents(connection, which, values)
    set_aside = f"SELECT key FROM replaced_playlists WHERE {which}"
    connection.execute(f"DELETE FROM replaced_entries WHERE replaced_key IN ({set_aside})", values)
    connection.execute(f"DELETE FROM replaced_playlists WHERE {which}", values)
    # What was set aside last is what stood before: the others of that playlist are older still.
    before = connection.execute(
        f"""
        SELECT max(r.key), p.key FROM replaced_playlists r
        JOIN (SELECT key, playlist_id FROM playlists WHERE {which}) p ON p.playlist_id = r.playlist_id GROUP BY p.key
        """,
        values,
    ).fetchall()
    mine = f"SELECT key FROM playlists WHERE {which}"
    connection.execute(f"DELETE FROM playlist_entries WHERE playlist_key IN ({mine})", values)
    playlists = connection.execute(f"DELETE FROM playlists WHERE {which}", values).rowcount
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
    "explicit": "UPDATE tracks SET explicit = NULL WHERE key IN ",
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
    undate_albums(connection, "import_key = ?", [import_key])  # by the albums that the tracks still have
    for field, statement in _EMPTY.items():
        connection.execute(
            statement + "(SELECT track_key FROM filled_fields WHERE import_key = ? AND field = ?)", [import_key, field]
        )
    connection.execute("DELETE FROM filled_fields WHERE import_key = ?", [import_key])


def _change(connection: sqlite3.Connection, statement: str, import_key: int) -> int:
    return connection.execute(statement, [import_key]).rowcount
