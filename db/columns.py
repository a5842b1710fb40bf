"""What a corpus is made of, column by column, as text with commas: SQLite joins it faster than rows reach Python."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

from db.read import AUDIO

HEARD = (*AUDIO, "liveness", "mode", "key")
"""The audio features that models learn from, in the order of audio_rows()."""
ID_LENGTH = 22
_KEYS_AT_ONCE = 100_000
_PLAYLISTS_AT_ONCE = 500
_ROWS_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class TrackColumns:
    """A range of tracks: each text is a column of whole numbers, joined by commas, but for the ids."""

    keys: str
    ids: str
    """ID_LENGTH characters for each track, joined by nothing, shorter ones filled up with spaces."""
    albums: str
    """The key of each track's album, -1 for none."""
    credited: str
    """The keys of those tracks of the range that have a first artist."""
    artists: str
    """The keys of these first artists."""


def last_track(connection: sqlite3.Connection) -> int:
    """Give the highest key of a track, 0 where there is none."""
    return int(connection.execute("SELECT ifnull(max(key), 0) FROM tracks").fetchone()[0])


def track_columns(connection: sqlite3.Connection) -> Iterator[TrackColumns]:
    """Stream all tracks in ranges of their keys; a range without tracks is left out."""
    for low in range(0, last_track(connection) + 1, _KEYS_AT_ONCE):
        keys, ids, albums = connection.execute(_TRACKS, [low, low + _KEYS_AT_ONCE]).fetchone()
        if keys is not None:
            credited, artists = connection.execute(_FIRST_ARTISTS, [low, low + _KEYS_AT_ONCE]).fetchone()
            yield TrackColumns(keys, ids, albums, credited or "", artists or "")


_TRACKS = f"""
    SELECT group_concat(key), group_concat(substr(track_id || '{" " * ID_LENGTH}', 1, {ID_LENGTH}), ''),
        group_concat(ifnull(album_key, -1))
    FROM tracks WHERE key >= ? AND key < ?
"""
_FIRST_ARTISTS = """
    SELECT group_concat(track_key), group_concat(artist_key)
    FROM track_artists WHERE track_key >= ? AND track_key < ? AND position = 0
"""


def playlist_rows(connection: sqlite3.Connection) -> Iterator[list[tuple[str, int, str | None, str | None]]]:
    """Stream (name, seconds since 1970 or 0 where it is not known, genres as JSON or None, track keys or None) of all.

    By playlist_id, so that the order does not tell which file was imported first. A playlist whose source does not date
    it is as old as the latest entry in it.
    """
    cursor = connection.execute(
        """
        SELECT p.name, coalesce(
            p.modified_at, (SELECT max(added_at) FROM playlist_entries e WHERE e.playlist_key = p.key), 0
        ), p.genres, (
            SELECT group_concat(track_key) FROM (
                SELECT track_key FROM playlist_entries e WHERE e.playlist_key = p.key ORDER BY e.position
            )
        )
        FROM playlists p ORDER BY p.playlist_id
        """
    )
    while block := cursor.fetchmany(_PLAYLISTS_AT_ONCE):
        yield block


def audio_rows(connection: sqlite3.Connection) -> Iterator[list[tuple[int | float, ...]]]:
    """Stream (track_key, *HEARD) of all tracks with audio features, in blocks of rows; infinite where not known.

    As rows: numbers with a fraction would lose their last digits as text. A key of -1 and a tempo of 0 are what Spotify
    gives where it could not tell.
    """
    told = {"key": "nullif(key, -1)", "tempo": "nullif(tempo, 0)"}
    wanted = ", ".join(f"ifnull({told.get(feature, feature)}, 9e999)" for feature in HEARD)
    cursor = connection.execute(f"SELECT track_key, {wanted} FROM audio_features")
    while block := cursor.fetchmany(_ROWS_AT_ONCE):
        yield block


def artist_genres(connection: sqlite3.Connection) -> Iterator[tuple[int, str]]:
    """Stream (artist_key, genre) of all artists whose genres are told, by genre and artist."""
    yield from connection.execute("SELECT artist_key, genre FROM artist_genres ORDER BY genre, artist_key")


def text_rows(connection: sqlite3.Connection) -> Iterator[list[tuple[int, str]]]:
    """Stream (track_key, text) of all tracks, in blocks of rows.

    On its lines stand its artists, title, album, its artists' genres, and what else was told of it, where line breaks
    become spaces.
    """
    cursor = connection.execute(_TEXTS)
    while block := cursor.fetchmany(_ROWS_AT_ONCE):
        yield block


_TEXTS = """
    SELECT t.key, replace(replace(
        (SELECT ifnull(group_concat(name, ', '), '') FROM (
            SELECT a.name FROM track_artists c JOIN artists a ON a.key = c.artist_key
            WHERE c.track_key = t.key ORDER BY c.position
        )) || char(31) || t.name || char(31) || ifnull(al.name, '') || char(31) ||
        (SELECT ifnull(group_concat(genre, ', '), '') FROM (
            SELECT DISTINCT g.genre FROM track_artists c CROSS JOIN artist_genres g ON g.artist_key = c.artist_key
            WHERE c.track_key = t.key ORDER BY g.genre
        )) || char(31) ||
        (SELECT ifnull(group_concat(text, ' '), '') FROM (
            SELECT x.text FROM track_texts x WHERE x.track_key = t.key ORDER BY x.kind, x.text_hash
        )), char(10), ' '), char(31), char(10))
    FROM tracks t LEFT JOIN albums al ON al.key = t.album_key ORDER BY t.key
"""


def play_columns(connection: sqlite3.Connection) -> Iterator[tuple[int, str, str, str]]:
    """Stream (listener_key, track keys, counts, seconds since 1970 or 0) of what each listener played."""
    yield from connection.execute(
        """
        SELECT listener_key, group_concat(track_key), group_concat(count), group_concat(ifnull(last_played_at, 0))
        FROM plays GROUP BY listener_key
        """
    )


def link_columns(connection: sqlite3.Connection) -> tuple[str, str]:
    """Give the keys of the tracks for which a Spotify track stands, and the keys of those that do."""
    keys, linked = connection.execute(
        "SELECT group_concat(key), group_concat(linked_key) FROM tracks WHERE linked_key IS NOT NULL"
    ).fetchone()
    return keys or "", linked or ""
