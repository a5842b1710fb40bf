"""All questions to the database. Imports sqlite3 alone, because suggesting must start fast."""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from db.runs import content_mark

__all__ = [
    "AUDIO",
    "SongRow",
    "content_mark",
    "count_by_source",
    "count_rows",
    "entry_rows",
    "has_listener",
    "imports",
    "listeners",
    "played",
    "plays_stored_at",
    "shared_playlists",
    "songs",
    "songs_of_keys",
    "stranger",
    "track_ids",
    "versions",
]

AUDIO = (
    "danceability", "energy", "valence", "acousticness", "instrumentalness", "speechiness", "loudness", "tempo",
)  # fmt: skip
"""The audio features that say how a track sounds, in the order of db.columns.audio_rows."""
_FETCH = 50_000


@dataclass(frozen=True, slots=True)
class SongRow:
    """A track with what a person needs to know it by."""

    track_id: str
    name: str
    artists: tuple[str, ...]
    album: str
    duration_ms: int | None
    isrc: str | None
    playlists: int
    """In how many places of playlists it stands."""
    linked_id: str | None
    """The Spotify track that stands for this one."""


def count_rows(connection: sqlite3.Connection) -> dict[str, int]:
    """Count what is stored: playlists, tracks, artists, entries, features, plays."""
    return {
        name: int(connection.execute(question).fetchone()[0])
        for name, question in {
            "playlists": "SELECT count(*) FROM playlists",
            "tracks": "SELECT count(*) FROM tracks",
            "artists": "SELECT count(*) FROM artists",
            "entries": "SELECT count(*) FROM playlist_entries",
            "features": "SELECT count(*) FROM audio_features",
            "plays": "SELECT ifnull(sum(count), 0) FROM plays",
        }.items()
    }


def count_by_source(connection: sqlite3.Connection) -> dict[str, dict[str, int]]:
    """Count playlists, tracks and imports by the source that first brought them."""
    rows = connection.execute(
        """
        SELECT source, count(*), ifnull(sum(p.number), 0), ifnull(sum(t.number), 0)
        FROM imports i
        LEFT JOIN (SELECT import_key, count(*) AS number FROM playlists GROUP BY import_key) p ON p.import_key = i.key
        LEFT JOIN (SELECT import_key, count(*) AS number FROM tracks GROUP BY import_key) t ON t.import_key = i.key
        GROUP BY source ORDER BY source
        """
    )
    return {
        source: {"imports": n_imports, "playlists": playlists, "tracks": tracks}
        for source, n_imports, playlists, tracks in rows
    }


def imports(connection: sqlite3.Connection) -> list[tuple[int, str, str, int]]:
    """List the imports, one row for each source in them: number, source, place, seconds since 1970."""
    return connection.execute("SELECT number, source, place, started_at FROM imports ORDER BY key").fetchall()


def entry_rows(connection: sqlite3.Connection) -> Iterator[list[tuple[int, int]]]:
    """Stream (playlist_key, track_key) of all entries, playlist after playlist in order, in blocks of rows.

    By playlist_id, so that the order does not tell which file was imported first.
    """
    cursor = connection.execute(
        """
        SELECT e.playlist_key, e.track_key FROM playlists p CROSS JOIN playlist_entries e ON e.playlist_key = p.key
        ORDER BY p.playlist_id, e.position
        """
    )
    while block := cursor.fetchmany(_FETCH):
        yield block


def track_ids(connection: sqlite3.Connection) -> Iterator[list[tuple[int, str]]]:
    """Stream (track_key, track_id) of all tracks in the order of their keys, in blocks of rows."""
    cursor = connection.execute("SELECT key, track_id FROM tracks ORDER BY key")
    while block := cursor.fetchmany(_FETCH):
        yield block


def listeners(connection: sqlite3.Connection) -> list[tuple[int, str]]:
    """List (listener_key, name), by name."""
    return connection.execute("SELECT key, name FROM listeners ORDER BY name").fetchall()


def played(connection: sqlite3.Connection, listener: str, track_ids: Sequence[str]) -> dict[str, int]:
    """Count what a listener played of these tracks, over all logs; what has a Spotify twin counts for the twin."""
    rows = connection.execute(
        """
        SELECT w.track_id, sum(p.count) FROM listeners l JOIN plays p ON p.listener_key = l.key
        JOIN tracks t ON t.key = p.track_key JOIN tracks w ON w.key = ifnull(t.linked_key, t.key)
        WHERE l.name = ? AND w.track_id IN (SELECT value FROM json_each(?)) GROUP BY w.track_id
        """,
        [listener, json.dumps(list(track_ids))],
    )
    return dict(rows)


def plays_stored_at(connection: sqlite3.Connection) -> int:
    """Tell when a log of plays was last stored: seconds since 1970, UTC; 0 where none is."""
    return int(connection.execute("SELECT ifnull(max(fetched_at), 0) FROM play_logs WHERE stands").fetchone()[0])


def has_listener(connection: sqlite3.Connection, name: str) -> bool:
    """Tell whether anybody of this name played something."""
    found = connection.execute(
        "SELECT EXISTS (SELECT 1 FROM listeners l JOIN plays p ON p.listener_key = l.key WHERE l.name = ?)", [name]
    )
    return bool(found.fetchone()[0])


_SONGS = """
    SELECT t.track_id, t.name, (
            SELECT json_group_array(name) FROM (
                SELECT a.name FROM track_artists c JOIN artists a ON a.key = c.artist_key
                WHERE c.track_key = t.key ORDER BY c.position
            )
        ), al.name, t.duration_ms, t.isrc,
        (SELECT count(*) FROM playlist_entries WHERE track_key = t.key),
        (SELECT track_id FROM tracks WHERE key = t.linked_key)
    FROM {source} JOIN tracks t ON {condition} LEFT JOIN albums al ON al.key = t.album_key
"""
_BY_ID = _SONGS.format(source="json_each(?) AS wanted CROSS", condition="t.track_id = wanted.value")
_BY_KEY = _SONGS.format(source="json_each(?) AS wanted CROSS", condition="t.key = wanted.value")


def songs(connection: sqlite3.Connection, track_ids: Sequence[str]) -> dict[str, SongRow]:
    """Give what is known of each of these tracks, by track_id; strangers are left out."""
    rows = connection.execute(_BY_ID, [json.dumps(list(track_ids))])
    return {song.track_id: song for song in map(_song, rows)}


def stranger(track_id: str) -> SongRow:
    """Stand in for a track that the database no longer holds, as after a purge."""
    return SongRow(track_id, "", (), "", None, None, 0, None)


def versions(connection: sqlite3.Connection, track_id: str, name: int) -> list[str]:
    """Give the other tracks of one artist and title (db.identity.name_key), those in most playlists first."""
    rows = connection.execute(
        """
        SELECT t.track_id FROM track_names n JOIN tracks t ON t.key = n.track_key
        WHERE n.name_key = ? AND t.track_id <> ?
        ORDER BY (SELECT count(*) FROM playlist_entries WHERE track_key = t.key) DESC, t.key
        """,
        [name, track_id],
    )
    return [other for (other,) in rows]


def songs_of_keys(connection: sqlite3.Connection, keys: Sequence[int]) -> list[SongRow]:
    """Give what is known of the tracks of these keys, in their order."""
    return [_song(row) for row in connection.execute(_BY_KEY, [json.dumps(list(keys))])]


def shared_playlists(
    connection: sqlite3.Connection, seed_ids: Sequence[str], track_ids: Sequence[str]
) -> dict[str, int]:
    """Count, for each track, the playlists that hold it together with at least one of the seeds."""
    rows = connection.execute(
        """
        WITH of_seeds AS MATERIALIZED (
            SELECT DISTINCT e.playlist_key FROM json_each(?) AS seed
            CROSS JOIN tracks t ON t.track_id = seed.value JOIN playlist_entries e ON e.track_key = t.key
        )
        SELECT wanted.value, count(DISTINCT e.playlist_key) FROM json_each(?) AS wanted
        CROSS JOIN tracks t ON t.track_id = wanted.value JOIN playlist_entries e ON e.track_key = t.key
        WHERE e.playlist_key IN of_seeds GROUP BY wanted.value
        """,
        [json.dumps(list(seed_ids)), json.dumps(list(track_ids))],
    )
    return dict(rows.fetchall())


def _song(row: tuple[Any, ...]) -> SongRow:
    track_id, name, artists, album, duration_ms, isrc, playlists, linked_id = row
    return SongRow(track_id, name, tuple(json.loads(artists)), album or "", duration_ms, isrc, playlists, linked_id)
