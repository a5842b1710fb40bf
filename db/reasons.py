"""What a song can be recommended with: facts of tracks, the playlists that they share, and how they stand in them.

Imports sqlite3 alone, because suggesting must start fast.
"""

import json
import sqlite3
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from db import proofs

__all__ = [
    "Facts",
    "among",
    "by_artists",
    "called",
    "facts",
    "neighbours",
    "playlist_names",
    "playlists_of",
    "proofs",
    "track_id_of",
    "with_it",
]


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a track beside its names."""

    track_id: str
    key: int
    twins: tuple[tuple[str, int], ...]
    """(track_id, key) of the tracks that it stands for."""
    album_key: int | None
    artists: tuple[int, ...]
    """Keys of the credited artists, in their order."""
    tempo: float | None
    energy: float | None
    valence: float | None


def facts(connection: sqlite3.Connection, track_ids: Iterable[str]) -> dict[str, Facts]:
    """Give what is known of each of these tracks, by track_id; strangers are left out."""
    rows = connection.execute(_FACTS, [json.dumps(list(track_ids))])
    return {
        track_id: Facts(track_id, key, tuple(map(tuple, json.loads(twins))), album, tuple(json.loads(artists)), *sound)
        for track_id, key, twins, album, artists, *sound in rows
    }


_FACTS = """
    SELECT t.track_id, t.key, (SELECT json_group_array(json_array(track_id, key)) FROM tracks WHERE linked_key = t.key),
        t.album_key, (SELECT json_group_array(artist_key) FROM (
            SELECT artist_key FROM track_artists WHERE track_key = t.key ORDER BY position)),
        f.tempo, f.energy, f.valence
    FROM json_each(?) AS wanted CROSS JOIN tracks t ON t.track_id = wanted.value
    LEFT JOIN audio_features f ON f.track_key = t.key
"""


def playlists_of(connection: sqlite3.Connection, track_key: int, most: int) -> list[int]:
    """Give the keys of the first playlists that hold a track, each once, at most so many."""
    found = connection.execute(_PLAYLISTS_OF, [track_key, most]).fetchone()[0]
    keys: list[int] = json.loads(found)  # one text of many numbers is read faster than as many rows
    return keys


_PLAYLISTS_OF = """
    SELECT json_group_array(playlist_key) FROM (
        SELECT DISTINCT playlist_key FROM playlist_entries WHERE track_key = ? ORDER BY playlist_key LIMIT ?)
"""


def among(connection: sqlite3.Connection, track_keys: Collection[int], playlists: Iterable[int]) -> list[int]:
    """Give those of the playlists that hold one of the tracks."""
    question = [json.dumps(list(playlists)), json.dumps(list(track_keys))]
    return [key for (key,) in connection.execute(_AMONG, question)]


_AMONG = """
    SELECT wanted.value FROM json_each(?) AS wanted WHERE EXISTS (
        SELECT 1 FROM json_each(?) AS track
        CROSS JOIN playlist_entries e ON e.track_key = track.value AND e.playlist_key = wanted.value)
"""


def neighbours(
    connection: sqlite3.Connection, seed_keys: Collection[int], song_keys: Collection[int], playlists: Iterable[int]
) -> tuple[int, int]:
    """Count those of the playlists where the song stands directly after the seed, and where directly before it."""
    question = [json.dumps(list(keys)) for keys in (playlists, seed_keys, song_keys)]
    after, before = connection.execute(_NEIGHBOURS, question).fetchone()
    return after, before


_NEIGHBOURS = """
    SELECT count(DISTINCT iif(b.position = a.position + 1, a.playlist_key, NULL)),
        count(DISTINCT iif(b.position = a.position - 1, a.playlist_key, NULL))
    FROM json_each(?) AS wanted CROSS JOIN json_each(?) AS seed CROSS JOIN playlist_entries a
        ON a.track_key = seed.value AND a.playlist_key = wanted.value
    CROSS JOIN json_each(?) AS song CROSS JOIN playlist_entries b
        ON b.track_key = song.value AND b.playlist_key = wanted.value
        AND b.position IN (a.position - 1, a.position + 1)
"""


def playlist_names(connection: sqlite3.Connection, playlists: Iterable[int]) -> list[str]:
    """Give the names of these playlists."""
    return [name for (name,) in connection.execute(_PLAYLIST_NAMES, [json.dumps(list(playlists))])]


_PLAYLIST_NAMES = "SELECT p.name FROM json_each(?) AS wanted CROSS JOIN playlists p ON p.key = wanted.value"


def called(
    connection: sqlite3.Connection, playlists: Iterable[int], wordings: Sequence[Sequence[str]]
) -> tuple[int, ...]:
    """Count, for each wording, those of the playlists whose names one of its patterns (proofs.beginning) fits."""
    sums = (" OR ".join(["' ' || lower(p.name) GLOB ?"] * len(patterns)) for patterns in wordings)
    columns = ", ".join(f"count(iif({fits}, 1, NULL))" for fits in sums)
    patterns = [pattern for wording in wordings for pattern in wording]
    counts: tuple[int, ...] = connection.execute(
        f"SELECT {columns} FROM json_each(?) AS wanted CROSS JOIN playlists p ON p.key = wanted.value",
        [*patterns, json.dumps(list(playlists))],
    ).fetchone()
    return counts


def with_it(connection: sqlite3.Connection, playlists: Iterable[int], most: int, least: int) -> dict[int, int]:
    """Count, by track key, in how many of the playlists each track stands, if in as many as `least`.

    most: so many entries are read.
    """
    return dict(connection.execute(_WITH_IT, [json.dumps(list(playlists)), most, least]))


_WITH_IT = """
    SELECT track_key, count(DISTINCT playlist_key) AS number FROM (
        SELECT e.track_key, e.playlist_key FROM json_each(?) AS wanted
        CROSS JOIN playlist_entries e ON e.playlist_key = wanted.value LIMIT ?)
    GROUP BY track_key HAVING number >= ?
"""


def by_artists(
    connection: sqlite3.Connection, playlists: Iterable[int], artists: Iterable[int], but: Iterable[int], most: int
) -> tuple[dict[int, tuple[int, int]], bool]:
    """Count, by artist key, the playlists that hold a track credited to the artist, and the names of such tracks.

    but: keys of tracks that do not count. most: so many places of each playlist are read; with whether these are all.
    """
    listed = json.dumps(list(playlists))
    question = [listed, most, json.dumps(list(artists)), json.dumps(list(but))]
    found = {artist: (number, names) for artist, number, names in connection.execute(_BY_ARTISTS, question)}
    return found, not connection.execute(_LONGER, [listed, most]).fetchone()[0]


_BY_ARTISTS = """
    SELECT a.artist_key, count(DISTINCT e.playlist_key), count(DISTINCT t.name)
    FROM json_each(?) AS wanted CROSS JOIN playlist_entries e ON e.playlist_key = wanted.value AND e.position < ?
    CROSS JOIN track_artists a ON a.track_key = e.track_key CROSS JOIN tracks t ON t.key = e.track_key
    WHERE a.artist_key IN (SELECT value FROM json_each(?)) AND e.track_key NOT IN (SELECT value FROM json_each(?))
    GROUP BY a.artist_key
"""
_LONGER = """
    SELECT EXISTS (SELECT 1 FROM json_each(?) AS wanted
        CROSS JOIN playlist_entries e ON e.playlist_key = wanted.value AND e.position >= ?)
"""


def track_id_of(connection: sqlite3.Connection, track_key: int) -> str:
    """Give the id of a track that is there, by its key."""
    found: str = connection.execute("SELECT track_id FROM tracks WHERE key = ?", [track_key]).fetchone()[0]
    return found
