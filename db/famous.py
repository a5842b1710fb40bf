"""The index of the best known tracks, which answers broad words: its rows lie in the order of fame.

Fame is in how many places of playlists a track stands; of equals the one that was stored first is before. A rowid is
made of both, so that rows come best known first without sorting, and a search stops when its page is full.
"""

import json
import sqlite3
from itertools import chain

from db.bulk import insert_rows, no_collecting
from db.connection import transaction
from db.indexed import indexed_row, named_tracks
from db.runs import content_mark

_FEW = 100_000
"""Up to so many tracks the index of all is asked alone: it is fast enough."""
_SHARE, _LEAST, _MOST = 10, 30_000, 1_000_000
"""One track in so many is a famous one, but at least and at most so many are."""
_CHUNK = 5_000
_KEY_BITS = 36
_MOST_FAME = 2 ** (63 - _KEY_BITS) - 1

KEY = f"rowid & {2**_KEY_BITS - 1}"
"""Asks for the key of a track in famous_fts."""
_ROWID = f"(({_MOST_FAME} - min({{fame}}, {_MOST_FAME})) << {_KEY_BITS}) | {{key}}"


def whole(connection: sqlite3.Connection) -> bool:
    """Tell whether the best known tracks are all in the index, as they were when it was last brought up to the rows."""
    state = dict(connection.execute("SELECT name, value FROM state WHERE name IN ('famous', 'search_stale')"))
    return bool(state.get("famous")) and "search_stale" not in state


def refresh(connection: sqlite3.Connection) -> None:
    """Bring the index of the best known tracks up to the rows, in transactions of its own; only what moved is written.

    Killed in between, it is not whole, is not asked, and goes on when it is called next.
    """
    tracks, last = connection.execute("SELECT count(*), ifnull(max(key), 0) FROM tracks").fetchone()
    mark = f"{content_mark(connection)} {last}"
    if connection.execute("SELECT 1 FROM state WHERE name = 'famous' AND value = ?", [mark]).fetchone():
        return
    wanted = _best_known(connection, min(max(tracks // _SHARE, _LEAST), _MOST)) if tracks > _FEW else []
    there = {rowid for (rowid,) in connection.execute("SELECT rowid FROM famous_fts")}
    gone = sorted(there.difference(wanted))
    if not wanted and not there:
        return
    with no_collecting():
        if 2 * len(gone) > len(there):
            with transaction(connection):
                empty(connection)
            there, gone = set(), []
        come = [rowid for rowid in wanted if rowid not in there]
        for rows, change in ((gone, take_out), (come, _put_in)):
            for at in range(0, len(rows), _CHUNK):
                with transaction(connection):
                    connection.execute("DELETE FROM state WHERE name = 'famous'")
                    change(connection, rows[at : at + _CHUNK])
    if wanted:
        with transaction(connection):
            connection.execute("INSERT OR REPLACE INTO state VALUES ('famous', ?)", [mark])


def empty(connection: sqlite3.Connection) -> None:
    """Take everything out, in the caller's transaction."""
    connection.execute("DELETE FROM state WHERE name = 'famous'")
    connection.execute("INSERT INTO famous_fts (famous_fts) VALUES ('delete-all')")


def rowids(connection: sqlite3.Connection, keys: str) -> list[int]:
    """Give the rows of these tracks, of those that are famous. keys: asks for their keys."""
    return [rowid for (rowid,) in connection.execute(f"SELECT rowid FROM famous_fts WHERE {KEY} IN ({keys})")]


def take_out(connection: sqlite3.Connection, rows: list[int]) -> None:
    """Take rows out, in the caller's transaction, while the words of their tracks are still what they were."""
    connection.executemany(
        "INSERT INTO famous_fts (famous_fts, rowid, name, artists, album) VALUES ('delete', ?, ?, ?, ?)",
        _words(connection, rows),
    )


def _put_in(connection: sqlite3.Connection, rows: list[int]) -> None:
    values = list(chain.from_iterable(_words(connection, rows)))
    insert_rows(connection, "famous_fts", ("rowid", "name", "artists", "album"), values)


def _best_known(connection: sqlite3.Connection, most: int) -> list[int]:
    """Give the rowids that the best known tracks are to have, in their order."""
    listed = f"""
        SELECT {_ROWID.format(fame="fame", key="track_key")}
        FROM (SELECT track_key, count(*) AS fame FROM playlist_entries GROUP BY track_key)
        ORDER BY fame DESC, track_key LIMIT ?
    """
    unlisted = f"""
        SELECT {_ROWID.format(fame=0, key="key")} FROM tracks
        WHERE NOT EXISTS (SELECT 1 FROM playlist_entries WHERE track_key = tracks.key) ORDER BY key LIMIT ?
    """
    best = connection.execute(listed, [most]).fetchall()
    best += connection.execute(unlisted, [most - len(best)]) if len(best) < most else []
    return [rowid for (rowid,) in best]


def _words(connection: sqlite3.Connection, rows: list[int]) -> list[tuple[int, str, str, str]]:
    """Give the words of rows, in the order of the rows; tracks of which no name is known have none."""
    by_key = {rowid & 2**_KEY_BITS - 1: rowid for rowid in rows}
    told = named_tracks(connection, "t.key IN (SELECT value FROM json_each(?))", [json.dumps(list(by_key))])
    return sorted(
        (by_key[key], *indexed_row(key, name, artists, album)[1:])
        for key, _, name, album, artists in told
        if name or artists
    )
