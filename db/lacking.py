"""Tracks without audio features: the line in which they are asked for, and who is known not to have them.

Nothing here commits: the caller's `transaction()` does. The line is a temporary table, gone with the connection.
"""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class Asked:
    """One track whose features are asked for."""

    track_id: str
    isrc: str | None = None
    name: str = ""
    duration_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """Some tracks that stand in line, one after the other."""

    last: int
    """The place in line of the last of them."""
    asked: tuple[Asked, ...]


class Asker(NamedTuple):
    """Somebody who is asked for features, as far as the line has to know."""

    name: str
    by_isrc: bool
    """Whether a track without a Spotify id can be asked for by its ISRC."""


# Plays have no index by track, and a person may have millions: they are counted in one go, as the entries are.
_LINE_UP = """
    INSERT INTO temp.lacking (track_key)
    SELECT t.key FROM (
        SELECT track_key, sum(times) AS listed FROM (
            SELECT track_key, count(*) AS times FROM playlist_entries GROUP BY track_key
            UNION ALL
            SELECT track_key, count(*) FROM plays GROUP BY track_key
        ) GROUP BY track_key
    ) wanted CROSS JOIN tracks t ON t.key = wanted.track_key
    WHERE NOT EXISTS (SELECT 1 FROM audio_features f WHERE f.track_key = t.key)
        AND (t.track_id NOT GLOB 'x:*' OR t.isrc IS NOT NULL)
    ORDER BY wanted.listed DESC, t.key
"""
_MISSED = "EXISTS (SELECT 1 FROM feature_misses WHERE track_key = t.key AND provider = ? AND asked_at > ?)"
_DUE = f"((t.track_id NOT GLOB 'x:*' OR (? AND t.isrc IS NOT NULL)) AND NOT {_MISSED})"
_WAITING = f"""
    FROM temp.lacking l CROSS JOIN tracks t ON t.key = l.track_key
    WHERE l.place > ? AND {_DUE} AND NOT EXISTS (SELECT 1 FROM audio_features f WHERE f.track_key = t.key)
"""


def line_up(connection: sqlite3.Connection) -> int:
    """Line up the tracks of playlists and plays that have no features and can be asked for, the most listed first.

    Counts them. Reads all entries once; afterwards no question of this file does. Not inside a transaction.
    """
    # In memory, as this house has its temporary tables else, millions of tracks would take too much of it.
    connection.execute("PRAGMA temp_store = FILE")
    connection.execute("DROP TABLE IF EXISTS temp.lacking")
    connection.execute("CREATE TEMP TABLE lacking (place INTEGER PRIMARY KEY, track_key INTEGER NOT NULL)")
    return connection.execute(_LINE_UP).rowcount


def count_due(connection: sqlite3.Connection, asker: Asker, since: int) -> int:
    """Count the tracks in line that this one may be asked for: it has not missed them since."""
    row = connection.execute(f"SELECT count(*) {_WAITING}", [0, asker.by_isrc, asker.name, since]).fetchone()
    return int(row[0])


def count_known(connection: sqlite3.Connection, askers: Sequence[Asker], since: int) -> int:
    """Count the tracks in line that are known to be missing: missed since by someone, and nobody is left to ask."""
    if not askers:
        return 0
    due, missed = " OR ".join([_DUE] * len(askers)), " OR ".join([_MISSED] * len(askers))
    values = [value for asker in askers for value in (asker.by_isrc, asker.name, since)]
    values += [value for asker in askers for value in (asker.name, since)]
    question = f"""
        SELECT count(*) FROM temp.lacking l CROSS JOIN tracks t ON t.key = l.track_key
        WHERE NOT ({due}) AND ({missed})
    """
    return int(connection.execute(question, values).fetchone()[0])


def next_due(connection: sqlite3.Connection, asker: Asker, since: int, after: int, most: int) -> Block | None:
    """Give the next tracks in line that this one may be asked for; None at the end of the line."""
    rows = connection.execute(
        f"SELECT l.place, t.track_id, t.isrc, t.name, t.duration_ms {_WAITING} ORDER BY l.place LIMIT ?",
        [after, asker.by_isrc, asker.name, since, most],
    ).fetchall()
    return Block(rows[-1][0], tuple(Asked(*told) for _, *told in rows)) if rows else None


def note_misses(connection: sqlite3.Connection, provider: str, track_ids: Iterable[str], now: int) -> None:
    """Remember that a provider does not have these tracks."""
    connection.execute(
        """
        INSERT OR REPLACE INTO feature_misses (track_key, provider, asked_at)
        SELECT t.key, ?, ? FROM json_each(?) AS wanted CROSS JOIN tracks t ON t.track_id = wanted.value
        """,
        [provider, now, json.dumps(sorted(track_ids))],
    )
