"""The words under which a track is found, as they go into the index and out of it."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from db.identity import name_key, words
from db.search_text import index_text

NamedTrack = tuple[int, str, str, str, list[str]]
"""Key, track_id, name, album, artists."""
_REPEATED = 20_000
"""Names of artists and albums that are remembered while a chunk is folded."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """What some tracks in the order of their keys bring into the index."""

    tracks: int
    last: int
    """The last one's key."""
    words: list[int | str]
    """Rows of tracks_fts one after the other: rowid, name, artists, album."""
    names: list[tuple[int, int]]
    """Name key and track key of those of which artist and title are known, in the order of the table."""


def chunks(connection: sqlite3.Connection, after: int, size: int) -> Iterator[Chunk]:
    """Read and fold the tracks behind this key, so many at a time."""
    while chunk := _chunk(connection, after, size):
        yield chunk
        after = chunk.last


def _chunk(connection: sqlite3.Connection, after: int, size: int) -> Chunk | None:
    tracks = connection.execute(
        """
        SELECT t.key, t.name, ifnull(al.name, '') FROM tracks t LEFT JOIN albums al ON al.key = t.album_key
        WHERE t.key > ? ORDER BY t.key LIMIT ?
        """,
        [after, size],
    ).fetchall()
    if not tracks:
        return None
    last = tracks[-1][0]
    credited = _credits(connection, after, last)
    # Artists and albums come again and again, titles hardly.
    repeated = lru_cache(_REPEATED)(index_text)
    values: list[int | str] = []
    names: list[tuple[int, int]] = []
    for key, name, album in tracks:
        artists = credited.get(key, ())
        if name or artists:
            plain = words(name)
            values += (key, index_text(name, plain), " ".join(map(repeated, artists)), repeated(album))
        if name and artists:
            names.append((name_key(artists[0], name, plain), key))
    return Chunk(len(tracks), last, values, sorted(names))


def _credits(connection: sqlite3.Connection, after: int, last: int) -> dict[int, list[str]]:
    """Give the artists of the tracks between two keys; one question for all takes two thirds of the time."""
    credited: dict[int, list[str]] = {}
    for key, name in connection.execute(
        """
        SELECT c.track_key, a.name FROM track_artists c CROSS JOIN artists a ON a.key = c.artist_key
        WHERE c.track_key > ? AND c.track_key <= ? ORDER BY c.track_key, c.position
        """,
        [after, last],
    ):
        credited.setdefault(key, []).append(name)
    return credited


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
