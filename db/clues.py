"""From what is inferred what nobody told of songs: their names and numbers, playlists, and neighbours.

Imports sqlite3 alone, because suggesting must start fast.
"""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

_GENRES_READ = 20_000
"""So many rows of genres are looked at for their names: more tell hardly another name."""


@dataclass(frozen=True, slots=True)
class Credits:
    """What stands on a record."""

    name: str
    artists: tuple[str, ...]
    isrc: str | None


def credits_of(connection: sqlite3.Connection, track_ids: Sequence[str]) -> dict[str, Credits]:
    """Give title, artists and ISRC of each of these tracks, by track_id; strangers are left out."""
    rows = connection.execute(
        """
        SELECT t.track_id, t.name, (
            SELECT json_group_array(a.name) FROM track_artists c JOIN artists a ON a.key = c.artist_key
            WHERE c.track_key = t.key
        ), t.isrc FROM json_each(?) AS wanted CROSS JOIN tracks t ON t.track_id = wanted.value
        """,
        [json.dumps(list(track_ids))],
    )
    return {track_id: Credits(name, tuple(json.loads(artists)), isrc) for track_id, name, artists, isrc in rows}


def texts_told(
    connection: sqlite3.Connection, track_ids: Sequence[str], kinds: Sequence[str]
) -> dict[str, dict[str, list[str]]]:
    """Give the short texts of these kinds (db.records.TrackText) by track_id and kind; those without are left out."""
    rows = connection.execute(
        """
        SELECT t.track_id, x.kind, x.text FROM json_each(?) AS wanted CROSS JOIN tracks t ON t.track_id = wanted.value
        CROSS JOIN track_texts x ON x.track_key = t.key AND x.kind IN (SELECT value FROM json_each(?))
        ORDER BY t.key, x.key
        """,
        [json.dumps(list(track_ids)), json.dumps(list(kinds))],
    )
    told: dict[str, dict[str, list[str]]] = {}
    for track_id, kind, text in rows:
        told.setdefault(track_id, {}).setdefault(kind, []).append(text)
    return told


def list_names(connection: sqlite3.Connection, track_ids: Sequence[str], most: int) -> dict[str, list[str]]:
    """Give the names of the playlists that each track stands in, of so many that were stored last, by track_id."""
    lists = _lists_of(connection, track_ids, most)
    keys = {key for held in lists.values() for key in held}
    names = dict(
        connection.execute(
            "SELECT p.key, p.name FROM json_each(?) AS wanted CROSS JOIN playlists p ON p.key = wanted.value",
            [json.dumps(list(keys))],
        )
    )
    return {track_id: [names[key] for key in held] for track_id, held in lists.items()}


# Famous tracks stand in thousands of playlists; the index gives the last of them without a look at the others.
def _lists_of(connection: sqlite3.Connection, track_ids: Sequence[str], most: int) -> dict[str, list[int]]:
    rows = connection.execute(
        """
        SELECT t.track_id, (
            SELECT json_group_array(playlist_key) FROM (
                SELECT DISTINCT playlist_key FROM playlist_entries WHERE track_key = t.key
                ORDER BY playlist_key DESC LIMIT ?
            )
        ) FROM json_each(?) AS wanted CROSS JOIN tracks t ON t.track_id = wanted.value
        """,
        [most, json.dumps(list(track_ids))],
    )
    return {track_id: json.loads(lists) for track_id, lists in rows}


def artists_others(connection: sqlite3.Connection, track_ids: Sequence[str], most: int) -> dict[str, list[str]]:
    """Give other tracks with the same main artist in their credit, by track_id, so many at most of each."""
    rows = connection.execute(
        """
        SELECT t.track_id, (
            SELECT json_group_array(o.track_id) FROM (
                SELECT track_key FROM track_artists c WHERE c.artist_key = m.artist_key AND c.track_key <> t.key LIMIT ?
            ) JOIN tracks o ON o.key = track_key
        ) FROM json_each(?) AS wanted CROSS JOIN tracks t ON t.track_id = wanted.value
        CROSS JOIN track_artists m ON m.track_key = t.key AND m.position = 0
        """,
        [most, json.dumps(list(track_ids))],
    )
    return {track_id: json.loads(others) for track_id, others in rows}


def listed_beside(
    connection: sqlite3.Connection, track_ids: Sequence[str], lists: int, most: int
) -> dict[str, list[str]]:
    """Give the tracks nearest to each in its playlists, by track_id; so many lists, and so many of each, are looked at.

    Those before and after it in equal number: who makes a list sets like beside like.
    """
    rows = connection.execute(
        """
        SELECT t.track_id, o.track_id FROM json_each(:wanted) AS wanted
        CROSS JOIN tracks t ON t.track_id = wanted.value
        CROSS JOIN playlist_entries mine ON mine.track_key = t.key AND mine.playlist_key IN (
            SELECT DISTINCT playlist_key FROM playlist_entries WHERE track_key = t.key
            ORDER BY playlist_key DESC LIMIT :lists
        )
        CROSS JOIN playlist_entries beside ON beside.playlist_key = mine.playlist_key
            AND beside.position BETWEEN mine.position - :reach AND mine.position + :reach
            AND beside.track_key <> t.key
        CROSS JOIN tracks o ON o.key = beside.track_key
        """,
        {"wanted": json.dumps(list(track_ids)), "lists": lists, "reach": most // 2},
    )
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for track_id, other in rows:
        found[track_id][other] = None
    return {track_id: list(others) for track_id, others in found.items()}


def lists_lately(connection: sqlite3.Connection, most: int) -> list[tuple[int, str, str | None]]:
    """Give key, name and told genres, as JSON, of so many playlists, those that were stored last first."""
    return connection.execute("SELECT key, name, genres FROM playlists ORDER BY key DESC LIMIT ?", [most]).fetchall()


def keys_in_lists(connection: sqlite3.Connection, playlist_keys: Sequence[int], most: int) -> list[int]:
    """Give the keys of the tracks among so many first entries of each of these playlists, the most frequent first."""
    rows = connection.execute(
        """
        SELECT e.track_key FROM json_each(?) AS wanted
        CROSS JOIN playlist_entries e ON e.playlist_key = wanted.value AND e.position < ?
        GROUP BY e.track_key ORDER BY count(*) DESC, e.track_key
        """,
        [json.dumps(list(playlist_keys)), most],
    )
    return [key for (key,) in rows]


def some_genre_names(connection: sqlite3.Connection) -> list[str]:
    """Give the genres that artists and playlists are told to be of, as far as the first rows of each tell."""
    rows = connection.execute(
        """
        SELECT genre FROM (SELECT genre FROM artist_genres LIMIT :most)
        UNION SELECT told.value FROM (SELECT genres FROM playlists WHERE genres IS NOT NULL LIMIT :most) p,
            json_each(p.genres) told
        ORDER BY 1
        """,
        {"most": _GENRES_READ},
    )
    return [genre for (genre,) in rows]
