"""The words under which a track is found, as they go into the index and out of it."""

import sqlite3
from collections.abc import Callable, Sequence

from db.search_text import index_text

NamedTrack = tuple[int, str, str, str, list[str]]
"""Key, track_id, name, album, artists."""


def named_tracks(connection: sqlite3.Connection, which: str, values: Sequence[int | str]) -> list[NamedTrack]:
    """Give what the index knows tracks by. which: the condition on tracks t."""
    rows = connection.execute(
        f"""
        SELECT t.key, t.track_id, t.name, ifnull(al.name, ''), (
            SELECT group_concat(name, char(31)) FROM (
                SELECT a.name FROM track_artists c JOIN artists a ON a.key = c.artist_key
                WHERE c.track_key = t.key ORDER BY c.position
            )
        )
        FROM tracks t LEFT JOIN albums al ON al.key = t.album_key WHERE {which}
        """,
        values,
    )
    return [(*told, artists.split("\x1f") if artists else []) for *told, artists in rows]


def indexed_row(
    key: int, name: str, artists: Sequence[str], album: str, folded: Callable[[str], str] = index_text
) -> tuple[int, str, str, str]:
    """Give the row of the index, which has to be the same when it is taken out: it cannot be asked for its words."""
    return key, index_text(name), " ".join(map(folded, artists)), folded(album)
