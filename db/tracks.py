"""Rows for tracks, artists and albums: found by raw id, made when new, filled where something was missing.

Runs inside the caller's transaction, under the writer lock; so new keys are counted up here instead of asked back.
"""

import json
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from db.bulk import insert_rows
from db.identity import made_up_album_id, made_up_artist_id
from db.records import Album, Artist, Track
from db.release_dates import date_albums
from db.runs import ImportRun, Stamp


@dataclass(frozen=True, slots=True)
class Resolved:
    """Where the tracks of a batch lie."""

    keys: dict[str, int]
    """Track key by track_id."""
    new: int
    filled: int
    new_artists: int


_FIELDS = ("name", "album_key", "duration_ms", "isrc", "popularity", "artists", "explicit")
"""What a track may lack, in the order of the bits of _LACKS."""
_KEYS = "SELECT t.track_id, t.key FROM json_each(?) AS wanted CROSS JOIN tracks t ON t.track_id = wanted.value"
_LACKS = """
    SELECT t.key, (t.name = '') + 2 * (t.album_key IS NULL) + 4 * (t.duration_ms IS NULL)
        + 8 * (t.isrc IS NULL) + 16 * (t.popularity IS NULL)
        + 32 * (NOT EXISTS (SELECT 1 FROM track_artists WHERE track_key = t.key)) + 64 * (t.explicit IS NULL)
    FROM json_each(?) AS wanted CROSS JOIN tracks t ON t.key = wanted.value
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
    # In the order of the index, and then of the table, so that each page is read once: there may be millions of rows.
    keys: dict[str, int] = dict(connection.execute(_KEYS, [json.dumps(sorted(tracks))]))
    new = [track for track_id, track in tracks.items() if track_id not in keys]
    fills = _fillable(connection, tracks, keys)
    new_artists = 0
    if new or fills:
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
    filled = {key for key, _, _ in fills} | date_albums(connection, tracks, run)
    return Resolved(keys, len(new), len(filled.difference(keys[track.track_id] for track in new)), new_artists)


def _fillable(
    connection: sqlite3.Connection, tracks: Mapping[str, Track], known: Mapping[str, int]
) -> list[tuple[int, Track, int]]:
    """Find the known tracks that lack what is told of them now: key, track, and the bits of what can be filled."""
    lacks: dict[int, int] = dict(connection.execute(_LACKS, [json.dumps(sorted(known.values()))]))
    told_at_all = _told(tracks.values())
    return [
        (key, track, fill)
        for track_id, track in tracks.items()
        if (key := known.get(track_id)) is not None
        and lacks[key] & told_at_all
        and (fill := lacks[key] & _told([track]))
    ]


def _told(tracks: Iterable[Track]) -> int:
    """Tell which of _FIELDS any of the tracks has: a bit for each."""
    tracks = list(tracks)
    return (
        any(track.name for track in tracks)
        | any(track.album for track in tracks) << 1
        | any(track.duration_ms is not None for track in tracks) << 2
        | any(track.isrc for track in tracks) << 3
        | any(track.popularity is not None for track in tracks) << 4
        | any(track.artists for track in tracks) << 5
        | any(track.explicit is not None for track in tracks) << 6
    )


def _insert(
    connection: sqlite3.Connection,
    new: list[Track],
    keys: Mapping[str, int],
    album_keys: Mapping[str, int],
    stamp: Stamp,
) -> None:
    columns = ["key", "track_id", "name", "album_key", "duration_ms", "import_key", "fetched_at"]
    rare = any(track.isrc or track.popularity is not None or track.explicit is not None for track in new)
    values: list[str | int | None] = []
    for track in new:
        album = album_keys[_album_id(track)] if track.album else None
        values += (keys[track.track_id], track.track_id, track.name, album, track.duration_ms, *stamp)
        if rare:
            values += (track.isrc, track.popularity, track.explicit)
    insert_rows(connection, "tracks", columns + ["isrc", "popularity", "explicit"] * rare, values)


def _fill(
    connection: sqlite3.Connection,
    fills: list[tuple[int, Track, int]],
    artist_keys: Mapping[str, int],
    album_keys: Mapping[str, int],
    stamp: Stamp,
) -> None:
    for key, track, fill in fills:
        fields = [field for place, field in enumerate(_FIELDS) if fill >> place & 1]
        values = {
            "name": track.name,
            "album_key": album_keys[_album_id(track)] if track.album else None,
            "duration_ms": track.duration_ms,
            "isrc": track.isrc,
            "popularity": track.popularity,
            "explicit": track.explicit,
        }
        for field in fields:
            if field != "artists":
                connection.execute(_FILL[field], (values[field], key))
        if {"name", "artists", "album_key"}.intersection(fields):
            connection.execute(_MARK_STALE, [key])
        connection.executemany(
            "INSERT OR IGNORE INTO filled_fields VALUES (?, ?, ?)", ((stamp.import_key, key, field) for field in fields)
        )
    credited = 1 << _FIELDS.index("artists")
    _credit(connection, ((key, track) for key, track, fill in fills if fill & credited), artist_keys)


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
    "explicit": "UPDATE tracks SET explicit = ? WHERE key = ?",
}


def _credit(
    connection: sqlite3.Connection, tracks: Iterable[tuple[int, Track]], artist_keys: Mapping[str, int]
) -> None:
    values: list[int] = []
    for key, track in tracks:
        for place, artist in enumerate(track.artists):
            values += (key, place, artist_keys[_token(artist)])
    insert_rows(connection, "track_artists", ("track_key", "position", "artist_key"), values)


def _token(artist: Artist) -> str:
    """Tell artists of a batch apart; a text, because it hashes once where a record hashes each time."""
    return artist.artist_id or f"\0{artist.name}"


def _resolve_artists(connection: sqlite3.Connection, tracks: list[Track], stamp: Stamp) -> tuple[dict[str, int], int]:
    """Give the key of each credited artist by _token, and how many are new."""
    artists: dict[str, Artist] = {}
    for track in tracks:
        for artist in track.artists:
            artists.setdefault(_token(artist), artist)
    ids = _artist_ids(connection, artists)
    keys = _artist_keys(connection, ids.values())
    next_key = _next_key(connection, "artists")
    new = {ids[token]: artist for token, artist in reversed(artists.items()) if ids[token] not in keys}
    keys.update((artist_id, next_key + place) for place, artist_id in enumerate(new))
    insert_rows(
        connection,
        "artists",
        ("key", "artist_id", "name", "import_key", "fetched_at"),
        [value for artist_id, artist in new.items() for value in (keys[artist_id], artist_id, artist.name, *stamp)],
    )
    return {token: keys[artist_id] for token, artist_id in ids.items()}, len(new)


def _artist_ids(connection: sqlite3.Connection, artists: Mapping[str, Artist]) -> dict[str, str]:
    """Give a raw id to each artist, by _token: a bare name is whom Spotify's id names, or else gets a made-up one."""
    by_name = {artist.name: artist.artist_id for artist in reversed(list(artists.values())) if artist.artist_id}
    if bare := [artist.name for artist in artists.values() if artist.artist_id is None]:
        by_name.update(
            connection.execute(
                """
                SELECT a.name, a.artist_id FROM json_each(?) AS wanted CROSS JOIN artists a ON a.name = wanted.value
                WHERE a.artist_id NOT LIKE 'x:%' ORDER BY a.key DESC
                """,
                [json.dumps(bare)],
            )
        )
    return {
        token: artist.artist_id or by_name.get(artist.name) or made_up_artist_id(artist.name)
        for token, artist in artists.items()
    }


def _artist_keys(connection: sqlite3.Connection, ids: Iterable[str]) -> dict[str, int]:
    return dict(
        connection.execute(
            "SELECT a.artist_id, a.key FROM json_each(?) AS wanted CROSS JOIN artists a ON a.artist_id = wanted.value",
            [json.dumps(sorted(set(ids)))],
        )
    )


def _add_genres(connection: sqlite3.Connection, tracks: Iterable[Track], run: ImportRun) -> None:
    """Add the genres that are told of stored artists."""
    artists = {_token(artist): artist for track in tracks for artist in track.artists if artist.genres}
    if not artists:
        return
    ids = _artist_ids(connection, artists)
    keys = _artist_keys(connection, ids.values())
    told = {
        (keys[ids[token]], genre) for token, artist in artists.items() if ids[token] in keys for genre in artist.genres
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
    albums: dict[str, Album] = {_album_id(track): track.album for track in tracks if track.album}
    keys = dict(
        connection.execute(
            "SELECT a.album_id, a.key FROM json_each(?) AS wanted CROSS JOIN albums a ON a.album_id = wanted.value",
            [json.dumps(sorted(albums))],
        )
    )
    next_key = _next_key(connection, "albums")
    new = {album_id: album for album_id, album in albums.items() if album_id not in keys}
    keys.update((album_id, next_key + place) for place, album_id in enumerate(new))
    columns = ["key", "album_id", "name", "import_key", "fetched_at"]
    dated = any(album.release_date for album in new.values())
    values: list[str | int | None] = []
    for album_id, album in new.items():
        values += (keys[album_id], album_id, album.name, *stamp)
        if dated:
            values.append(album.release_date)
    insert_rows(connection, "albums", columns + ["release_date"] * dated, values)
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
