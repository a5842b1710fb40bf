"""What a road from one track to another asks of the database. Imports sqlite3 alone, because it must start fast."""

import json
import sqlite3
from collections.abc import Mapping, Sequence

from db.read import AUDIO

SOUND = (*AUDIO, "key", "mode")
"""What sounds() tells of each track, in this order."""


def companions(connection: sqlite3.Connection, track_ids: Sequence[str], lists: int, most: int) -> list[str]:
    """Give the tracks that stand in most playlists together with these, the most frequent first.

    lists: so many playlists of each track are looked at, those that were stored first.
    """
    held = set().union(*holders(connection, track_ids, lists).values()) if track_ids else set()
    rows = connection.execute(
        """
        SELECT t.track_id FROM (
            SELECT e.track_key, count(*) AS number
            FROM json_each(?) AS wanted CROSS JOIN playlist_entries e ON e.playlist_key = wanted.value
            GROUP BY e.track_key ORDER BY number DESC, e.track_key LIMIT ?
        ) found JOIN tracks t ON t.key = found.track_key ORDER BY found.number DESC, t.key
        """,
        [json.dumps(sorted(held)), most + len(track_ids)],
    )
    own = set(track_ids)
    return [track_id for (track_id,) in rows if track_id not in own][:most]


def bridge(connection: sqlite3.Connection, start: str, end: str, lists: int) -> list[str]:
    """Give the fewest tracks that lead from one to another, each in a playlist with the one before; none: no way.

    lists: so many new playlists are looked at from each side at a time; where there are more, a longer way, or none,
    may be found. Both ends are among the tracks given.
    """
    ids = {track_id: key for key, track_id in _by_id(connection, [start, end])}
    if len(ids) < 2:
        return []
    came_by: list[dict[int, int | None]] = [{ids[start]: None}, {ids[end]: None}]
    edges, seen = [[ids[start]], [ids[end]]], [set[int](), set[int]()]
    while all(edges):
        side = 0 if len(edges[0]) <= len(edges[1]) else 1
        edges[side] = _beyond(connection, edges[side], came_by[side], seen[side], lists)
        met = [key for key in edges[side] if key in came_by[1 - side]]
        if met:
            there, back = (_back(met[0], side_of) for side_of in came_by)
            way = [*reversed(there), *back[1:]]
            names = dict(connection.execute(_NAMES, [json.dumps(way)]).fetchall())
            return [names[key] for key in way]
    return []


_NAMES = "SELECT t.key, t.track_id FROM json_each(?) AS wanted CROSS JOIN tracks t ON t.key = wanted.value"


def _by_id(connection: sqlite3.Connection, track_ids: Sequence[str]) -> list[tuple[int, str]]:
    return connection.execute(
        "SELECT t.key, t.track_id FROM json_each(?) AS wanted CROSS JOIN tracks t ON t.track_id = wanted.value",
        [json.dumps(list(track_ids))],
    ).fetchall()


def _beyond(
    connection: sqlite3.Connection, edge: list[int], came_by: dict[int, int | None], seen: set[int], lists: int
) -> list[int]:
    """Step from the tracks at the edge through their playlists to tracks that were not met before."""
    through: dict[int, int] = {}
    for playlist, track in connection.execute(
        """
        SELECT e.playlist_key, e.track_key
        FROM json_each(?) AS wanted CROSS JOIN playlist_entries e ON e.track_key = wanted.value
        """,
        [json.dumps(edge)],
    ):
        if len(through) == lists:
            break
        if playlist not in seen:
            through.setdefault(playlist, track)
    seen.update(through)
    new = []
    for playlist, track in connection.execute(
        """
        SELECT e.playlist_key, e.track_key
        FROM json_each(?) AS wanted CROSS JOIN playlist_entries e ON e.playlist_key = wanted.value
        """,
        [json.dumps(list(through))],
    ):
        if track not in came_by:
            came_by[track] = through[playlist]
            new.append(track)
    return new


def _back(key: int | None, came_by: dict[int, int | None]) -> list[int]:
    """Give the way back to where one side began."""
    way = []
    while key is not None:
        way.append(key)
        key = came_by[key]
    return way


def holders(connection: sqlite3.Connection, track_ids: Sequence[str], most: int) -> dict[str, list[int]]:
    """Give the keys of the playlists that hold each track, rising; of very many only the first `most`."""
    return {
        track_id: [
            key
            for (key,) in connection.execute(
                """
                SELECT DISTINCT e.playlist_key FROM tracks t JOIN playlist_entries e ON e.track_key = t.key
                WHERE t.track_id = ? ORDER BY e.playlist_key LIMIT ?
                """,
                [track_id, most],
            )
        ]
        for track_id in track_ids
    }


def playlist_lengths(connection: sqlite3.Connection, playlist_keys: Sequence[int]) -> dict[int, int]:
    """Tell how many places each playlist has, by its last one, which is found without counting."""
    rows = connection.execute(
        """
        SELECT value, (SELECT max(position) + 1 FROM playlist_entries WHERE playlist_key = value) FROM json_each(?)
        """,
        [json.dumps(list(playlist_keys))],
    )
    return dict(rows.fetchall())


def sounds(connection: sqlite3.Connection, track_ids: Sequence[str]) -> Mapping[str, tuple[float | None, ...]]:
    """Give how each track sounds, by track_id: the values of SOUND, None where one is not known; strangers left out."""
    rows = connection.execute(
        """
        SELECT t.track_id, danceability, energy, valence, acousticness, instrumentalness, speechiness, loudness, tempo,
            f.key, mode
        FROM json_each(?) AS wanted CROSS JOIN tracks t ON t.track_id = wanted.value
        JOIN audio_features f ON f.track_key = t.key
        """,
        [json.dumps(list(track_ids))],
    )
    return {row[0]: row[1:] for row in rows}
