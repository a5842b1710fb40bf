"""What answers in Spotify's form need of tracks, artists and albums. Imports sqlite3 alone, to answer fast."""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from db.library import ArtistRow
from db.search_text import match_all, match_beginnings

_AUDIO = frozenset(
    {
        "danceability", "energy", "key", "loudness", "mode", "speechiness", "acousticness", "instrumentalness",
        "liveness", "valence", "tempo", "time_signature",
    }
)  # fmt: skip
_OF_TRACKS = frozenset({"duration_ms", "popularity"})
COLUMNS = {"track": "name", "artist": "artists", "album": "album"}
"""In which column of the full-text index a field filter of Spotify's looks."""


@dataclass(frozen=True, slots=True)
class AlbumTold:
    """An album; of none nothing is filled."""

    album_id: str = ""
    name: str = ""
    released: str = ""
    artists: tuple[ArtistRow, ...] = ()
    """Of the track by which it was found."""


@dataclass(frozen=True, slots=True)
class TrackTold:
    """A track with all that its object holds; None where it is not known."""

    track_id: str
    name: str
    duration_ms: int | None
    explicit: bool
    isrc: str | None
    popularity: int | None
    artists: tuple[ArtistRow, ...]
    album: AlbumTold


@dataclass(frozen=True, slots=True)
class ArtistTold:
    """An artist with the genres that are told."""

    artist_id: str
    name: str
    genres: tuple[str, ...]


_CREDIT = """(
    SELECT json_group_array(json_array(artist_id, name)) FROM (
        SELECT a.artist_id, a.name FROM track_artists c JOIN artists a ON a.key = c.artist_key
        WHERE c.track_key = t.key ORDER BY c.position
    )
)"""
_TRACKS = f"""
    SELECT t.track_id, t.name, t.duration_ms, t.explicit, t.isrc, t.popularity, {_CREDIT}, al.album_id, al.name,
        al.release_date
    FROM json_each(?) AS wanted CROSS JOIN tracks t ON t.{{column}} = wanted.value
    LEFT JOIN albums al ON al.key = t.album_key ORDER BY wanted.key
"""


def tracks_told(connection: sqlite3.Connection, track_ids: Sequence[str]) -> dict[str, TrackTold]:
    """Give what is told of each of these tracks, by track_id; strangers are left out."""
    told = _tracks(connection, "track_id", list(dict.fromkeys(track_ids)))
    return {track.track_id: track for track in told}


def tracks_of_keys(connection: sqlite3.Connection, keys: Sequence[int]) -> list[TrackTold]:
    """Give what is told of the tracks of these keys, in their order."""
    return _tracks(connection, "key", list(keys))


def _tracks(connection: sqlite3.Connection, column: str, wanted: list[Any]) -> list[TrackTold]:
    rows = connection.execute(_TRACKS.format(column=column), [json.dumps(wanted)])
    return [_track(*row) for row in rows]


def _track(
    track_id: str, name: str, duration_ms: int | None, explicit: int | None, isrc: str | None, popularity: int | None,
    credit: str, album_id: str | None, album: str | None, released: str | None,
) -> TrackTold:  # fmt: skip
    artists = tuple(ArtistRow(*one) for one in json.loads(credit))
    about = AlbumTold(album_id, album or "", released or "", artists) if album_id else AlbumTold()
    return TrackTold(track_id, name, duration_ms, bool(explicit), isrc, popularity, artists, about)


def artists_told(connection: sqlite3.Connection, artist_ids: Sequence[str]) -> dict[str, ArtistTold]:
    """Give what is told of each of these artists, by artist_id; strangers are left out."""
    rows = connection.execute(
        """
        SELECT a.artist_id, a.name, (SELECT json_group_array(genre) FROM (
            SELECT genre FROM artist_genres WHERE artist_key = a.key ORDER BY genre
        ))
        FROM json_each(?) AS wanted CROSS JOIN artists a ON a.artist_id = wanted.value
        """,
        [json.dumps(list(dict.fromkeys(artist_ids)))],
    )
    return {artist_id: ArtistTold(artist_id, name, tuple(json.loads(genres))) for artist_id, name, genres in rows}


def of_isrc(connection: sqlite3.Connection, isrc: str, most: int) -> list[TrackTold]:
    """Give the tracks of one recording by its plain ISRC, those in most places of playlists first."""
    dashed = "-".join([isrc[:2], isrc[2:5], isrc[5:7], isrc[7:]])
    rows = connection.execute(
        """
        SELECT key FROM tracks WHERE isrc IN (?, ?)
        ORDER BY (SELECT count(*) FROM playlist_entries WHERE track_key = tracks.key) DESC, key LIMIT ?
        """,
        [isrc, dashed, most],
    )
    return tracks_of_keys(connection, [key for (key,) in rows])


def is_measured(connection: sqlite3.Connection, name: str) -> bool:
    """Tell whether of any track it is known how much it has of this: an audio feature, duration_ms or popularity."""
    assert name in _AUDIO | _OF_TRACKS
    table = "audio_features" if name in _AUDIO else "tracks"
    found = connection.execute(f"SELECT EXISTS (SELECT 1 FROM {table} WHERE {name} IS NOT NULL)")
    return bool(found.fetchone()[0])


def questions(words: str, fields: Sequence[tuple[str, str]]) -> Iterator[str]:
    """Give the full-text questions for words, and words in fields (COLUMNS): for whole words, then for beginnings.

    Those that hold no word are left out.
    """
    for match in (match_all, match_beginnings):
        parts = [match(words), *(f"{COLUMNS[field]} : ({match(text)})" for field, text in fields if match(text))]
        if told := " AND ".join(f"({part})" if place == 0 else part for place, part in enumerate(parts) if part):
            yield told


def count_found(connection: sqlite3.Connection, question: str) -> int:
    """Count the tracks that answer a full-text question."""
    found = connection.execute("SELECT count(*) FROM tracks_fts WHERE tracks_fts MATCH ?", [question])
    return int(found.fetchone()[0])
