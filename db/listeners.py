"""What the database holds of one person: plays, thumbs, and what they named. Imports sqlite3 alone, to start fast."""

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from db.connection import open_aside, transaction

_PATIENCE_MS = 15_000


@dataclass(frozen=True, slots=True)
class Heard:
    """One song that a listener played."""

    track_id: str
    """Of what has a Spotify twin, the twin's."""
    count: int
    last_played_at: int
    """Seconds since 1970, UTC; 0 where it is not known."""
    artist: int
    """What tells main artists apart; -1 where none is known."""


@dataclass(frozen=True, slots=True)
class Profile:
    """What a person says to like when asked at first."""

    listener: str
    artists: tuple[str, ...] = ()
    genres: tuple[str, ...] = ()
    told_at: int = 0
    """Seconds since 1970, UTC."""


def people(connection: sqlite3.Connection, most: int) -> list[str]:
    """Name everybody of whom anything is known, by name, so many at most."""
    rows = connection.execute(
        """
        SELECT name FROM listeners UNION SELECT listener FROM thumbs UNION SELECT listener FROM profiles
        ORDER BY 1 LIMIT ?
        """,
        [most],
    )
    return [name for (name,) in rows]


def history(connection: sqlite3.Connection, listener: str) -> list[Heard]:
    """List what a listener played, over all logs, the last played at the end; of equal times the most played."""
    rows = connection.execute(
        """
        SELECT w.track_id, sum(p.count), max(ifnull(p.last_played_at, 0)) AS last, ifnull(c.artist_key, -1)
        FROM listeners l CROSS JOIN plays p ON p.listener_key = l.key
        JOIN tracks t ON t.key = p.track_key JOIN tracks w ON w.key = ifnull(t.linked_key, t.key)
        LEFT JOIN track_artists c ON c.track_key = w.key AND c.position = 0
        WHERE l.name = ? GROUP BY w.key ORDER BY last, sum(p.count), w.track_id
        """,
        [listener],
    )
    return [Heard(*row) for row in rows]


def profile_of(connection: sqlite3.Connection, listener: str) -> Profile | None:
    """Give what a listener named; None where nobody asked."""
    row = connection.execute("SELECT artists, genres, told_at FROM profiles WHERE listener = ?", [listener]).fetchone()
    return None if row is None else Profile(listener, tuple(json.loads(row[0])), tuple(json.loads(row[1])), row[2])


def keep_profile(path: Path, profile: Profile) -> None:
    """Store what a listener named, in the place of what they named before. Raises DatabaseError."""
    told = [json.dumps(list(names), ensure_ascii=False) for names in (profile.artists, profile.genres)]
    with open_aside(path, _PATIENCE_MS) as connection, transaction(connection):
        connection.execute(
            "INSERT OR REPLACE INTO profiles VALUES (?, ?, ?, ?)", [profile.listener, *told, profile.told_at]
        )


_BEST_OF_ARTISTS = """
    SELECT track_id FROM (
        SELECT t.track_id, (SELECT count(*) FROM playlist_entries e WHERE e.track_key = t.key) AS known
        FROM artists a JOIN track_artists c ON c.artist_key = a.key AND c.position = 0
        JOIN tracks t ON t.key = c.track_key
        WHERE a.name IN (SELECT value FROM json_each(?)) AND t.linked_key IS NULL
    ) ORDER BY known DESC, track_id LIMIT ?
"""
_LISTS_OF_GENRE = 300
"""So many playlists of a genre, those that were stored last, tell what it sounds like."""
_BEST_OF_LISTS = f"""
    SELECT w.track_id FROM (
        SELECT p.key FROM playlists p WHERE p.genres IS NOT NULL
            AND EXISTS (SELECT 1 FROM json_each(p.genres) told WHERE told.value = ?)
        ORDER BY p.key DESC LIMIT {_LISTS_OF_GENRE}
    ) lists CROSS JOIN playlist_entries e ON e.playlist_key = lists.key
    JOIN tracks t ON t.key = e.track_key JOIN tracks w ON w.key = ifnull(t.linked_key, t.key)
    GROUP BY w.key ORDER BY count(DISTINCT e.playlist_key) DESC, w.track_id LIMIT ?
"""
_BEST_BY_GENRE = """
    SELECT track_id FROM (
        SELECT t.track_id, (SELECT count(*) FROM playlist_entries e WHERE e.track_key = t.key) AS known
        FROM artist_genres g JOIN track_artists c ON c.artist_key = g.artist_key AND c.position = 0
        JOIN tracks t ON t.key = c.track_key
        WHERE g.genre = ? AND t.linked_key IS NULL
    ) ORDER BY known DESC, track_id LIMIT ?
"""


def best_by(connection: sqlite3.Connection, spellings: Sequence[str], most: int) -> list[str]:
    """Give the raw ids of an artist's tracks that most playlists hold. spellings: the artist's names."""
    return [track_id for (track_id,) in connection.execute(_BEST_OF_ARTISTS, [json.dumps(list(spellings)), most])]


def best_in(connection: sqlite3.Connection, genre: str, most: int) -> list[str]:
    """Give the raw ids of the tracks that stand for a genre: those by its artists, or else those of its playlists."""
    for question in (_BEST_BY_GENRE, _BEST_OF_LISTS):
        if found := [track_id for (track_id,) in connection.execute(question, [genre, most])]:
            return found
    return []


def best_known_artists(connection: sqlite3.Connection, most: int) -> list[str]:
    """Name the artists whose songs stand most often in playlists."""
    rows = connection.execute(
        """
        SELECT a.name FROM (
            SELECT track_key, count(*) AS known FROM playlist_entries GROUP BY track_key ORDER BY known DESC LIMIT ?
        ) top JOIN track_artists c ON c.track_key = top.track_key AND c.position = 0
        JOIN artists a ON a.key = c.artist_key GROUP BY a.name ORDER BY sum(top.known) DESC, a.name LIMIT ?
        """,
        [_TOP_TRACKS, most],
    )
    return [name for (name,) in rows]


_TOP_TRACKS = 2_000


def most_told_genres(connection: sqlite3.Connection, most: int) -> list[str]:
    """Name the genres of most artists and playlists."""
    rows = connection.execute(
        """
        SELECT genre FROM (
            SELECT genre FROM artist_genres
            UNION ALL SELECT told.value FROM playlists p, json_each(p.genres) told WHERE p.genres IS NOT NULL
        ) GROUP BY genre ORDER BY count(*) DESC, genre LIMIT ?
        """,
        [most],
    )
    return [genre for (genre,) in rows]
