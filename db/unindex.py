"""Taking a few tracks out of the full-text index; for many it is made anew."""

import sqlite3

from db import famous
from db.index import mark_stale
from db.indexed import indexed_row, named_tracks

_FEW = 20
"""Up to one track in so many is taken out one by one."""


def take_out(connection: sqlite3.Connection, gone: str) -> None:
    """Take tracks that are about to be deleted out of the index, or have it made anew by db.index.finish.

    gone: asks for their keys. Runs in the transaction that deletes them.
    """
    count, tracks, upto, stale = connection.execute(
        f"""
        SELECT (SELECT count(*) FROM ({gone})), (SELECT count(*) FROM tracks),
            (SELECT CAST(value AS INTEGER) FROM state WHERE name = 'indexed_upto'),
            (SELECT 1 FROM state WHERE name = 'search_stale')
        """
    ).fetchone()
    if not count or stale or not upto:
        return
    if count * _FEW > tracks or _stand_for_others(connection, gone):
        mark_stale(connection)
        return
    connection.executemany(
        "INSERT INTO tracks_fts (tracks_fts, rowid, name, artists, album) VALUES ('delete', ?, ?, ?, ?)",
        _words(connection, gone, upto),
    )
    famous.take_out(connection, famous.rowids(connection, gone))
    # The key of a deleted track is given again when it was the last.
    connection.execute(
        f"""
        UPDATE state SET value = (SELECT ifnull(max(key), 0) FROM tracks WHERE key <= ? AND key NOT IN ({gone}))
        WHERE name = 'indexed_upto'
        """,
        [upto],
    )


def _stand_for_others(connection: sqlite3.Connection, gone: str) -> bool:
    """Tell whether tracks that stay are linked to some that go; db.index has to look for another then."""
    linked = f"SELECT 1 FROM tracks WHERE linked_key IN ({gone}) AND key NOT IN ({gone}) LIMIT 1"
    return connection.execute(linked).fetchone() is not None


def _words(connection: sqlite3.Connection, gone: str, upto: int) -> list[tuple[int, str, str, str]]:
    """Give the words of the tracks as db.index wrote them: the index cannot find them by itself."""
    return [
        indexed_row(key, name, artists, album)
        for key, _, name, album, artists in named_tracks(connection, f"t.key IN ({gone}) AND t.key <= ?", [upto])
        if name or artists
    ]
