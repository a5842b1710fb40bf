"""The database as a music library: artists, their albums, and the songs on them. Imports sqlite3 alone."""

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any

from db.finding import best_known

_LOOKED_AT = 20_000
"""So many of the best known tracks tell which artists are best known."""


@dataclass(frozen=True, slots=True)
class ArtistRow:
    """One artist."""

    artist_id: str
    name: str


@dataclass(frozen=True, slots=True)
class AlbumRow:
    """One album, as far as its songs are here."""

    album_id: str
    name: str
    released: str
    """As the source gave it, such as 1994 or 1994-05-01; empty where it is not known."""
    stored_at: int
    """Seconds since 1970, UTC."""
    songs: int
    duration_ms: int
    artist: ArtistRow | None
    """The main artist of its first song."""


@dataclass(frozen=True, slots=True)
class LibrarySong:
    """One song with the ids of what it belongs to."""

    track_id: str
    name: str
    artists: tuple[ArtistRow, ...]
    album_id: str
    album: str
    duration_ms: int | None
    isrc: str
    stored_at: int
    """Seconds since 1970, UTC."""


_SONGS = """
    SELECT t.track_id, t.name, (SELECT json_group_array(json_array(artist_id, name)) FROM (
            SELECT a.artist_id, a.name FROM track_artists c JOIN artists a ON a.key = c.artist_key
            WHERE c.track_key = t.key ORDER BY c.position)),
        ifnull(al.album_id, ''), ifnull(al.name, ''), t.duration_ms, ifnull(t.isrc, ''), t.fetched_at
    FROM json_each(?) AS wanted CROSS JOIN tracks t ON t.track_id = wanted.value
    LEFT JOIN albums al ON al.key = t.album_key ORDER BY wanted.key
"""


def library_songs(connection: sqlite3.Connection, track_ids: Sequence[str]) -> list[LibrarySong]:
    """Give those of these songs that are here, in their order."""
    rows = connection.execute(_SONGS, [json.dumps(list(track_ids))])
    return [
        LibrarySong(track_id, name, tuple(ArtistRow(*one) for one in json.loads(artists)), *rest)
        for track_id, name, artists, *rest in rows
    ]


def artist_of(connection: sqlite3.Connection, artist_id: str) -> ArtistRow | None:
    """Give the artist of an id."""
    row = connection.execute("SELECT artist_id, name FROM artists WHERE artist_id = ?", [artist_id]).fetchone()
    return ArtistRow(*row) if row else None


_OF_TRACKS = """
    SELECT a.artist_id, a.name FROM json_each(?) AS wanted
    CROSS JOIN track_artists c ON c.track_key = wanted.value AND c.position = 0 JOIN artists a ON a.key = c.artist_key
    GROUP BY a.key ORDER BY min(wanted.key) LIMIT ?
"""


def best_known_artists(connection: sqlite3.Connection, most: int) -> list[ArtistRow]:
    """Give the artists of the best known songs, the best known first."""
    keys = list(islice(chain.from_iterable(best_known(connection)), _LOOKED_AT))
    return [ArtistRow(*row) for row in connection.execute(_OF_TRACKS, [json.dumps(keys), most])]


_TRACKS_BY = """
    SELECT t.track_id FROM artists a JOIN track_artists c ON c.artist_key = a.key JOIN tracks t ON t.key = c.track_key
    WHERE a.artist_id = ? AND t.linked_key IS NULL
    ORDER BY (SELECT count(*) FROM playlist_entries WHERE track_key = t.key) DESC, c.position, t.key LIMIT ?
"""


def tracks_by(connection: sqlite3.Connection, artist_id: str, most: int) -> list[str]:
    """Give the raw ids of an artist's songs that stand in most playlists."""
    return [track_id for (track_id,) in connection.execute(_TRACKS_BY, [artist_id, most])]


_TRACKS_ON = """
    SELECT t.track_id FROM albums al CROSS JOIN tracks t ON t.album_key = al.key
    WHERE al.album_id = ? AND t.linked_key IS NULL ORDER BY t.key
"""
_ALBUMS = """
    SELECT al.album_id, al.name, ifnull(al.release_date, ''), al.fetched_at, count(*), ifnull(sum(t.duration_ms), 0),
        a.artist_id, a.name, min(t.key)
    FROM {tracks} JOIN albums al ON al.key = t.album_key
    LEFT JOIN track_artists c ON c.track_key = t.key AND c.position = 0 LEFT JOIN artists a ON a.key = c.artist_key
    GROUP BY al.key ORDER BY al.release_date, al.name, al.key
"""
_BY_ARTIST = _ALBUMS.format(
    tracks="artists own JOIN track_artists o ON o.artist_key = own.key AND o.position = 0 AND own.artist_id = ? "
    "JOIN tracks t ON t.key = o.track_key"
)
_OF_SONGS = _ALBUMS.format(
    tracks="json_each(?) AS wanted CROSS JOIN tracks named ON named.track_id = wanted.value "
    "JOIN tracks t ON t.key = named.key"
)


def tracks_on(connection: sqlite3.Connection, album_id: str) -> list[str]:
    """Give the raw ids of the songs on an album; it looks at every track, for no index leads from albums to them."""
    return [track_id for (track_id,) in connection.execute(_TRACKS_ON, [album_id])]


def albums_by(connection: sqlite3.Connection, artist_id: str) -> list[AlbumRow]:
    """Give the albums on which an artist has songs as their main artist, the first released first."""
    return [_album(row) for row in connection.execute(_BY_ARTIST, [artist_id])]


def albums_of(connection: sqlite3.Connection, track_ids: Sequence[str]) -> list[AlbumRow]:
    """Give the albums of these songs, counting these songs alone."""
    return [_album(row) for row in connection.execute(_OF_SONGS, [json.dumps(list(track_ids))])]


def _album(row: tuple[Any, ...]) -> AlbumRow:
    album_id, name, released, stored_at, songs, duration_ms, artist_id, artist, _first = row
    main = ArtistRow(artist_id, artist) if artist_id else None
    return AlbumRow(album_id, name, released, stored_at, songs, duration_ms, main)


_GENRES = """
    SELECT g.genre, count(DISTINCT c.track_key), count(DISTINCT t.album_key)
    FROM artist_genres g JOIN track_artists c ON c.artist_key = g.artist_key JOIN tracks t ON t.key = c.track_key
    GROUP BY g.genre ORDER BY g.genre
"""


def genre_counts(connection: sqlite3.Connection) -> list[tuple[str, int, int]]:
    """Give each genre that artists are told to be of, with how many songs and albums of theirs are here."""
    return connection.execute(_GENRES).fetchall()
