"""Rows for tracks, artists and albums: found by raw id, made when new, filled where something was missing.

Runs inside the caller's transaction, under the writer lock; so new keys are counted up here instead of asked back.
"""

import json
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from db.identity import made_up_album_id, made_up_artist_id
from db.records import Album, Artist, Track
from db.runs import ImportRun, Stamp


@dataclass(frozen=True, slots=True)
class Resolved:
    """Where the tracks of a batch lie."""

    keys: dict[str, int]
    """Track key by track_id."""
    new: int
    filled: int
    new_artists: int


_LACKS = """
    SELECT t.track_id, t.key, t.name = '', t.album_key IS NULL, t.duration_ms IS NULL, t.isrc IS NULL,
        t.popularity IS NULL, NOT EXISTS (SELECT 1 FROM track_artists WHERE track_key = t.key)
    FROM json_each(?) AS wanted CROSS JOIN tracks t ON t.track_id = wanted.value
"""


def merge_told(tracks: Iterable[Track]) -> dict[str, Track]:
    """Collect tracks by track_id; of several tellings of one track the first with a name stands."""
    told: dict[str, Track] = {}
    for track in tracks:
        known = told.get(track.track_id)
        if known is None or (track is not known and not known.name and track.name):
            told[track.track_id] = track
    return told


def resolve_tracks(connection: sqlite3.Connection, tracks: Mapping[str, Track], run: ImportRun) -> Resolved:
    """Give each track (by track_id) its row, new or known; a known one takes what it lacked."""
    known = {row[0]: row[1:] for row in connection.execute(_LACKS, [json.dumps(list(tracks))])}
    keys = {track_id: row[0] for track_id, row in known.items()}
    new = [track for track_id, track in tracks.items() if track_id not in known]
    fills = [
        (lacks[0], tracks[track_id], fields)
        for track_id, lacks in known.items()
        if any(lacks[1:]) and (fields := _fields_to_fill(tracks[track_id], lacks))
    ]
    if not new and not fills:
        _add_genres(connection, tracks.values(), run)
        return Resolved(keys, 0, 0, 0)
    stamp = run.stamp(connection)
    told = new + [track for _, track, _ in fills]
    artist_keys, new_artists = _resolve_artists(connection, told, stamp)
    album_keys = _resolve_albums(connection, told, stamp)
    next_key = _next_key(connection, "tracks")
    keys.update((track.track_id, next_key + place) for place, track in enumerate(new))
    _insert(connection, new, keys, album_keys, stamp)
    _credit(connection, ((keys[track.track_id], track) for track in new), artist_keys)
    _fill(connection, fills, artist_keys, album_keys, stamp)
    _add_genres(connection, tracks.values(), run)
    return Resolved(keys, len(new), len(fills), new_artists)


def _insert(
    connection: sqlite3.Connection,
    new: list[Track],
    keys: Mapping[str, int],
    album_keys: Mapping[str, int],
    stamp: Stamp,
) -> None:
    connection.executemany(
        "INSERT INTO tracks VALUES (?, ?, ?, ?, ?, ?, ?, NULL, ?, ?)",
        (
            (
                keys[track.track_id],
                track.track_id,
                track.name,
                album_keys[_album_id(track)] if track.album else None,
                track.duration_ms,
                track.isrc,
                track.popularity,
                stamp.import_key,
                stamp.now,
            )
            for track in new
        ),
    )


def _fields_to_fill(track: Track, lacks: tuple[int, ...]) -> list[str]:
    _, name, album, duration, isrc, popularity, artists = lacks
    told = (
        ("name", name and track.name),
        ("album_key", album and track.album),
        ("duration_ms", duration and track.duration_ms is not None),
        ("isrc", isrc and track.isrc),
        ("popularity", popularity and track.popularity is not None),
        ("artists", artists and track.artists),
    )
    return [field for field, fill in told if fill]


def _fill(
    connection: sqlite3.Connection,
    fills: list[tuple[int, Track, list[str]]],
    artist_keys: Mapping[Artist, int],
    album_keys: Mapping[str, int],
    stamp: Stamp,
) -> None:
    for key, track, fields in fills:
        values = {
            "name": track.name,
            "album_key": album_keys[_album_id(track)] if track.album else None,
            "duration_ms": track.duration_ms,
            "isrc": track.isrc,
            "popularity": track.popularity,
        }
        for field in fields:
            if field != "artists":
                connection.execute(_FILL[field], (values[field], key))
        if {"name", "artists", "album_key"}.intersection(fields):
            connection.execute(_MARK_STALE, [key])
        connection.executemany(
            "INSERT OR IGNORE INTO filled_fields VALUES (?, ?, ?)", ((stamp.import_key, key, field) for field in fields)
        )
    _credit(connection, ((key, track) for key, track, fields in fills if "artists" in fields), artist_keys)


# Words of a track that the index already holds cannot be taken out one by one; db.index makes it anew.
_MARK_STALE = """
    INSERT OR REPLACE INTO state
    SELECT 'search_stale', '1' FROM state WHERE name = 'indexed_upto' AND CAST(value AS INTEGER) >= ?
"""
_FILL = {
    "name": "UPDATE tracks SET name = ? WHERE key = ?",
    "album_key": "UPDATE tracks SET album_key = ? WHERE key = ?",
    "duration_ms": "UPDATE tracks SET duration_ms = ? WHERE key = ?",
    "isrc": "UPDATE tracks SET isrc = ? WHERE key = ?",
    "popularity": "UPDATE tracks SET popularity = ? WHERE key = ?",
}


def _credit(
    connection: sqlite3.Connection, tracks: Iterable[tuple[int, Track]], artist_keys: Mapping[Artist, int]
) -> None:
    connection.executemany(
        "INSERT INTO track_artists VALUES (?, ?, ?)",
        ((key, place, artist_keys[artist]) for key, track in tracks for place, artist in enumerate(track.artists)),
    )


def _resolve_artists(
    connection: sqlite3.Connection, tracks: list[Track], stamp: Stamp
) -> tuple[dict[Artist, int], int]:
    artists = dict.fromkeys(artist for track in tracks for artist in track.artists)
    ids = _artist_ids(connection, artists)
    keys = _artist_keys(connection, ids.values())
    next_key = _next_key(connection, "artists")
    new = {ids[artist]: artist for artist in reversed(artists) if ids[artist] not in keys}
    keys.update((artist_id, next_key + place) for place, artist_id in enumerate(new))
    connection.executemany(
        "INSERT INTO artists VALUES (?, ?, ?, ?, ?)",
        ((keys[artist_id], artist_id, artist.name, stamp.import_key, stamp.now) for artist_id, artist in new.items()),
    )
    return {artist: keys[ids[artist]] for artist in artists}, len(new)


def _artist_ids(connection: sqlite3.Connection, artists: Iterable[Artist]) -> dict[Artist, str]:
    """Give each artist a raw id: a bare name is the artist whom Spotify's id names, or else gets a made-up one."""
    artists = list(artists)
    by_name = {artist.name: artist.artist_id for artist in reversed(artists) if artist.artist_id}
    by_name.update(
        connection.execute(
            """
            SELECT a.name, a.artist_id FROM json_each(?) AS wanted CROSS JOIN artists a ON a.name = wanted.value
            WHERE a.artist_id NOT LIKE 'x:%' ORDER BY a.key DESC
            """,
            [json.dumps([artist.name for artist in artists if artist.artist_id is None])],
        )
    )
    return {
        artist: artist.artist_id or by_name.get(artist.name) or made_up_artist_id(artist.name) for artist in artists
    }


def _artist_keys(connection: sqlite3.Connection, ids: Iterable[str]) -> dict[str, int]:
    return dict(
        connection.execute(
            "SELECT a.artist_id, a.key FROM json_each(?) AS wanted CROSS JOIN artists a ON a.artist_id = wanted.value",
            [json.dumps(list(set(ids)))],
        )
    )


def _add_genres(connection: sqlite3.Connection, tracks: Iterable[Track], run: ImportRun) -> None:
    """Add the genres that are told of stored artists."""
    artists = dict.fromkeys(artist for track in tracks for artist in track.artists if artist.genres)
    if not artists:
        return
    ids = _artist_ids(connection, artists)
    keys = _artist_keys(connection, ids.values())
    told = {
        (keys[artist_id], genre) for artist, artist_id in ids.items() if artist_id in keys for genre in artist.genres
    }
    known = connection.execute(
        """
        SELECT g.artist_key, g.genre FROM json_each(?) AS wanted
        CROSS JOIN artist_genres g ON g.artist_key = wanted.value
        """,
        [json.dumps(list(keys.values()))],
    )
    if added := sorted(told.difference(known)):
        stamp = run.stamp(connection)
        connection.executemany(
            "INSERT INTO artist_genres VALUES (?, ?, ?)", ((key, genre, stamp.import_key) for key, genre in added)
        )


def _resolve_albums(connection: sqlite3.Connection, tracks: list[Track], stamp: Stamp) -> dict[str, int]:
    albums = {_album_id(track): track.album for track in tracks if track.album}
    keys = dict(
        connection.execute(
            "SELECT a.album_id, a.key FROM json_each(?) AS wanted CROSS JOIN albums a ON a.album_id = wanted.value",
            [json.dumps(list(albums))],
        )
    )
    next_key = _next_key(connection, "albums")
    new: dict[str, Album] = {album_id: album for album_id, album in albums.items() if album_id not in keys}
    keys.update((album_id, next_key + place) for place, album_id in enumerate(new))
    connection.executemany(
        "INSERT INTO albums VALUES (?, ?, ?, ?, ?, ?)",
        (
            (keys[album_id], album_id, album.name, album.release_date, stamp.import_key, stamp.now)
            for album_id, album in new.items()
        ),
    )
    return keys


def _album_id(track: Track) -> str:
    assert track.album is not None
    if track.album.album_id:
        return track.album.album_id
    return made_up_album_id(track.artists[0].name if track.artists else "", track.album.name)


def _next_key(connection: sqlite3.Connection, table: str) -> int:
    newest = {
        "tracks": "SELECT max(key) FROM tracks",
        "artists": "SELECT max(key) FROM artists",
        "albums": "SELECT max(key) FROM albums",
    }[table]
    return int(connection.execute(newest).fetchone()[0] or 0) + 1
