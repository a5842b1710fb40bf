"""What is filled in bulk after the rows: the full-text index, names as keys, and links from made-up ids."""

import json
import sqlite3
from collections.abc import Callable, Generator
from contextlib import closing
from itertools import chain
from pathlib import Path

from db import famous, late_indexes
from db.ahead import one_ahead
from db.bulk import LONG, insert_rows, no_collecting
from db.connection import open_reader, transaction
from db.indexed import Chunk, chunks
from db.runs import mark_content_changed

_CHUNK = 50_000
_FEW = 50_000
"""Up to so many tracks reading ahead saves too little for the memory that its thread takes, some megabytes."""

Progress = Callable[[int, int], None]
"""Called with the tracks done and the tracks to do."""


def behind(connection: sqlite3.Connection) -> int:
    """Tell how many tracks the index does not know yet."""
    last = connection.execute("SELECT ifnull(max(key), 0) FROM tracks").fetchone()[0]
    if _state(connection, "search_stale"):
        return int(last)
    return int(last) - _indexed_upto(connection)


def finish(connection: sqlite3.Connection, progress: Progress | None = None) -> int:
    """Bring the index up to the rows, chunk by chunk in transactions of its own; returns how many tracks it took in.

    Killed in between, it goes on where it was when it is called next.
    """
    late_indexes.make(connection)
    if _state(connection, "search_stale"):
        with transaction(connection):
            connection.execute("INSERT INTO tracks_fts (tracks_fts) VALUES ('delete-all')")
            famous.empty(connection)
            connection.execute("DELETE FROM track_names")
            connection.execute("DELETE FROM state WHERE name IN ('search_stale', 'indexed_upto')")
    todo, done = behind(connection), 0
    with no_collecting(), closing(_chunks(connection, todo)) as chunks_to_come:
        for chunk in chunks_to_come:
            with transaction(connection):
                _index(connection, chunk)
            done += chunk.tracks
            if progress:
                progress(min(done, todo), todo)
    famous.refresh(connection)
    return done


def mark_stale(connection: sqlite3.Connection) -> None:
    """Say that names changed under the index, so that it is made anew."""
    connection.execute("INSERT OR REPLACE INTO state VALUES ('search_stale', '1')")


def _chunks(connection: sqlite3.Connection, todo: int) -> Generator[Chunk, None, None]:
    """Give what is to come into the index; where it is much, read and folded while the part before is written.

    The thread reads by a connection of its own. It sees all there is to read: the rows are stored, and writing the
    index changes none of what it reads.
    """
    after = _indexed_upto(connection)
    if todo <= _FEW:
        yield from chunks(connection, after, _CHUNK)
        return
    with open_reader(_path(connection)) as reader, closing(one_ahead(chunks(reader, after, _CHUNK))) as ahead:
        yield from ahead


def _index(connection: sqlite3.Connection, chunk: Chunk) -> None:
    insert_rows(connection, "tracks_fts", ("rowid", "name", "artists", "album"), chunk.words, LONG)
    insert_rows(connection, "track_names", ("name_key", "track_key"), list(chain.from_iterable(chunk.names)), LONG)
    _link(connection, chunk.names)
    connection.execute("INSERT OR REPLACE INTO state VALUES ('indexed_upto', ?)", [str(chunk.last)])


def _link(connection: sqlite3.Connection, names: list[tuple[int, int]]) -> None:
    """Link made-up tracks to Spotify's of the same artist and title, whichever of the two is new.

    One artist and title is one recording here; of its Spotify tracks the one in most playlists stands for it.
    """
    if not _has_made_up(connection):
        return
    meeting = connection.execute(
        """
        SELECT DISTINCT made_up.track_key, real.track_key, x.linked_key,
            (SELECT count(*) FROM playlist_entries WHERE track_key = real.track_key) AS playlists
        FROM json_each(?) AS wanted
        CROSS JOIN track_names made_up ON made_up.name_key = wanted.value
        JOIN tracks x ON x.key = made_up.track_key AND x.track_id LIKE 'x:%'
        JOIN track_names real ON real.name_key = wanted.value
        JOIN tracks t ON t.key = real.track_key AND t.track_id NOT LIKE 'x:%'
        ORDER BY playlists, real.track_key DESC
        """,
        [json.dumps(list({name for name, _ in names}))],
    ).fetchall()
    best = {made_up: (real, linked) for made_up, real, linked, _ in meeting}
    links = {made_up: real for made_up, (real, linked) in best.items() if real != linked}
    if links:
        connection.executemany(
            "UPDATE tracks SET linked_key = ? WHERE key = ?", ((real, made_up) for made_up, real in links.items())
        )
        mark_content_changed(connection, sorted(links.values()))


def _has_made_up(connection: sqlite3.Connection) -> bool:
    # Asked by their range in the index of ids, where LIKE would go through all tracks.
    return bool(
        connection.execute(
            "SELECT EXISTS (SELECT 1 FROM tracks WHERE track_id >= 'x:' AND track_id < 'x;')"
        ).fetchone()[0]
    )


def _indexed_upto(connection: sqlite3.Connection) -> int:
    return int(_state(connection, "indexed_upto") or 0)


def _state(connection: sqlite3.Connection, name: str) -> str | None:
    row = connection.execute("SELECT value FROM state WHERE name = ?", [name]).fetchone()
    return row[0] if row else None


def _path(connection: sqlite3.Connection) -> Path:
    return Path(connection.execute("SELECT file FROM pragma_database_list WHERE name = 'main'").fetchone()[0])
