"""Playlists as they are listed, found by what a person calls them, and read out entry by entry."""

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

from db.identity import fold, words
from db.track_files import FILES, has_files

_FETCH = 1_000


@dataclass(frozen=True, slots=True)
class PlaylistRow:
    """One stored playlist without its entries."""

    key: int
    """Its key inside the database, for the questions of this file."""
    playlist_id: str
    name: str
    description: str
    owner: str
    source: str
    """The format or service that it came from."""
    modified_at: int | None
    """Seconds since 1970, UTC."""
    entries: int


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One place in a playlist, with what other programs know the track by."""

    track_id: str
    """The raw id; of a made-up track the one of the Spotify track that stands for it, where there is one."""
    name: str
    artists: tuple[str, ...]
    album: str
    duration_ms: int | None
    isrc: str
    explicit: bool | None
    added_at: int | None
    """Seconds since 1970, UTC."""
    paths: tuple[str, ...]
    """Where its sound file may lie."""


_PLAYLISTS = """
    SELECT p.key, p.playlist_id, p.name, ifnull(p.description, ''), ifnull(p.owner, ''), i.source, p.modified_at,
        (SELECT count(*) FROM playlist_entries e WHERE e.playlist_key = p.key)
    FROM {source} JOIN imports i ON i.key = p.import_key
"""
_ALL = _PLAYLISTS.format(source="playlists p") + " ORDER BY p.playlist_id"
_BY_ID = _PLAYLISTS.format(source="playlists p") + " WHERE p.playlist_id = ?"
_LAST = (
    _PLAYLISTS.format(source="(SELECT key AS last FROM playlists ORDER BY key DESC LIMIT ? OFFSET ?) JOIN playlists p")
    + " WHERE p.key = last ORDER BY p.key DESC"
)
_BY_KEY = _PLAYLISTS.format(source="json_each(?) AS wanted CROSS JOIN playlists p ON p.key = wanted.value")


def playlist_rows(connection: sqlite3.Connection) -> Iterator[PlaylistRow]:
    """Stream all playlists by their ids."""
    return _rows(connection.execute(_ALL))


def playlists_last(connection: sqlite3.Connection, first: int, most: int) -> list[PlaylistRow]:
    """Give the playlists that were stored last, the last first: so many from a place on, counted from 0."""
    return list(_rows(connection.execute(_LAST, [most, first])))


def count_playlists(connection: sqlite3.Connection) -> int:
    """Count the stored playlists."""
    return int(connection.execute("SELECT count(*) FROM playlists").fetchone()[0])


def playlist_of(connection: sqlite3.Connection, playlist_id: str) -> PlaylistRow | None:
    """Give the playlist of one raw id."""
    return next(_rows(connection.execute(_BY_ID, [playlist_id])), None)


def playlists_called(connection: sqlite3.Connection, name: str) -> list[PlaylistRow]:
    """Give the playlists of a name, case, accents and punctuation aside, the longest first."""
    wanted = _plain(name)
    return playlists_of_keys(connection, [key for key, called in _names(connection) if _plain(called) == wanted])


def playlists_near(connection: sqlite3.Connection, name: str, most: int) -> list[PlaylistRow]:
    """Give up to `most` playlists whose names hold all words of a name, the longest first."""
    asked = _plain(name).split()
    near = [key for key, called in _names(connection) if asked and all(word in _plain(called) for word in asked)]
    return playlists_of_keys(connection, near)[:most]


_ENTRIES = """
    SELECT ifnull((SELECT track_id FROM tracks WHERE key = t.linked_key), t.track_id), t.name, (
            SELECT json_group_array(name) FROM (
                SELECT a.name FROM track_artists c JOIN artists a ON a.key = c.artist_key
                WHERE c.track_key = t.key ORDER BY c.position
            )
        ), ifnull(al.name, ''), t.duration_ms, ifnull(t.isrc, ''), t.explicit, e.added_at, {paths}
    FROM playlist_entries e JOIN tracks t ON t.key = e.track_key LEFT JOIN albums al ON al.key = t.album_key
    WHERE e.playlist_key = ? ORDER BY e.position
"""


def entries_of(connection: sqlite3.Connection, playlist_key: int, *, files: bool = True) -> Iterator[EntryRow]:
    """Stream the entries of a playlist in order. files: whether their paths are wanted."""
    paths = FILES if files and has_files(connection) else "'[]'"
    cursor = connection.execute(_ENTRIES.format(paths=paths), [playlist_key])
    while block := cursor.fetchmany(_FETCH):
        for track_id, name, artists, album, duration_ms, isrc, explicit, added_at, found in block:
            yield EntryRow(
                track_id, name, tuple(json.loads(artists)), album, duration_ms, isrc,
                None if explicit is None else bool(explicit), added_at, tuple(json.loads(found)),
            )  # fmt: skip


def genres_of_playlist(connection: sqlite3.Connection, playlist_key: int) -> tuple[str, ...]:
    """Give the genres that a playlist is told to be of."""
    (told,) = connection.execute("SELECT ifnull(genres, '[]') FROM playlists WHERE key = ?", [playlist_key]).fetchone()
    return tuple(json.loads(told))


def _names(connection: sqlite3.Connection) -> Iterator[tuple[int, str]]:
    return connection.execute("SELECT key, name FROM playlists")


def _plain(name: str) -> str:
    """Fold a name to its words; one of signs alone, such as a heart, stays as it is."""
    return words(name) or fold(name).strip()


def playlists_of_keys(connection: sqlite3.Connection, keys: list[int]) -> list[PlaylistRow]:
    """Give the playlists of these keys, the longest first."""
    rows = _rows(connection.execute(_BY_KEY, [json.dumps(keys)]))
    return sorted(rows, key=lambda row: (-row.entries, row.playlist_id))


def _rows(cursor: sqlite3.Cursor) -> Iterator[PlaylistRow]:
    while block := cursor.fetchmany(_FETCH):
        yield from (PlaylistRow(*row) for row in block)
