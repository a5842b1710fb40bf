"""What is filled in bulk after the rows: the full-text index, names as keys, and links from made-up ids."""

import json
import sqlite3
from collections.abc import Callable
from functools import lru_cache
from itertools import chain

from db import famous, late_indexes
from db.bulk import insert_rows, no_collecting
from db.connection import transaction
from db.identity import name_key
from db.indexed import indexed_row, named_tracks
from db.runs import mark_content_changed
from db.search_text import index_text

_CHUNK = 50_000
_REPEATED = 20_000
"""Names of artists and albums that are remembered while a chunk is indexed."""

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
    while True:
        with no_collecting(), transaction(connection):
            taken = _index_chunk(connection)
        if not taken:
            break
        done += taken
        if progress:
            progress(min(done, todo), todo)
    famous.refresh(connection)
    return done


def mark_stale(connection: sqlite3.Connection) -> None:
    """Say that names changed under the index, so that it is made anew."""
    connection.execute("INSERT OR REPLACE INTO state VALUES ('search_stale', '1')")


def _index_chunk(connection: sqlite3.Connection) -> int:
    told = named_tracks(connection, "t.key > ? ORDER BY t.key LIMIT ?", [_indexed_upto(connection), _CHUNK])
    if not told:
        return 0
    # Artists and albums come again and again, titles hardly.
    repeated = lru_cache(_REPEATED)(index_text)
    values: list[int | str] = []
    for key, _, name, album, artists in told:
        if name or artists:
            values += indexed_row(key, name, artists, album, repeated)
    insert_rows(connection, "tracks_fts", ("rowid", "name", "artists", "album"), values)
    _link(
        connection,
        [(name_key(artists[0], name), key, track_id) for key, track_id, name, _, artists in told if name and artists],
    )
    connection.execute("INSERT OR REPLACE INTO state VALUES ('indexed_upto', ?)", [str(told[-1][0])])
    return len(told)


def _link(connection: sqlite3.Connection, named: list[tuple[int, int, str]]) -> None:
    """Link made-up tracks to Spotify's of the same artist and title, whichever of the two is new.

    One artist and title is one recording here; of its Spotify tracks the one in most playlists stands for it.
    """
    # In the order of the index each of its pages is touched once.
    pairs = sorted((name, key) for name, key, _ in named)
    insert_rows(connection, "track_names", ("name_key", "track_key"), list(chain.from_iterable(pairs)))
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
        [json.dumps(list({name for name, _, _ in named}))],
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
