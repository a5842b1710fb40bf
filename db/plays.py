"""Storing plays: what one listening log says, whole."""

import sqlite3
from collections.abc import Iterable
from itertools import islice

from db.records import Play
from db.runs import ContentHash, Counts, ImportRun, Stamp
from db.tracks import merge_told, resolve_tracks

_BATCH = 50_000


def store_plays(connection: sqlite3.Connection, run: ImportRun, log_id: str, plays: Iterable[Play]) -> Counts:
    """Store the plays of one log; what stood under its log_id before is replaced when it differs.

    Plays of one listener and track within the log are summed and the latest time kept. So a second import of the log,
    or of a longer export of it, counts nothing twice.
    """
    stood = connection.execute("SELECT key, content_hash FROM play_logs WHERE log_id = ?", [log_id]).fetchone()
    connection.execute("SAVEPOINT one_log")
    fresh, numbered = run.key is None, run.key
    stamp = run.stamp(connection)
    if stood:
        connection.execute("DELETE FROM plays WHERE log_key = ?", [stood[0]])
        connection.execute("DELETE FROM play_logs WHERE key = ?", [stood[0]])
    log_key = connection.execute(
        "INSERT INTO play_logs (log_id, content_hash, import_key, fetched_at) VALUES (?, 0, ?, ?)",
        [log_id, stamp.import_key, stamp.now],
    ).lastrowid
    assert log_key is not None
    digest, counts, rest = ContentHash(), Counts(), iter(plays)
    while batch := list(islice(rest, _BATCH)):
        counts += _store_batch(connection, run, batch, log_key, stamp)
        digest.add([(play.listener, play.track.track_id, play.count, play.last_played_at) for play in batch])
    connection.execute("UPDATE play_logs SET content_hash = ? WHERE key = ?", [digest.value(), log_key])
    if stood and stood[1] == digest.value():
        connection.execute("ROLLBACK TO one_log")
        run.key = None if fresh else numbered
        counts = Counts()
    connection.execute("RELEASE one_log")
    return counts


def _store_batch(
    connection: sqlite3.Connection, run: ImportRun, batch: list[Play], log_key: int, stamp: Stamp
) -> Counts:
    resolved = resolve_tracks(connection, merge_told(play.track for play in batch), run)
    names = {play.listener for play in batch}
    connection.executemany("INSERT OR IGNORE INTO listeners (name) VALUES (?)", ([name] for name in sorted(names)))
    listeners = {
        name: connection.execute("SELECT key FROM listeners WHERE name = ?", [name]).fetchone()[0] for name in names
    }
    connection.executemany(
        """
        INSERT INTO plays VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET
            count = count + excluded.count,
            last_played_at = max(ifnull(last_played_at, excluded.last_played_at), ifnull(excluded.last_played_at,
                last_played_at))
        """,
        (
            (listeners[play.listener], resolved.keys[play.track.track_id], log_key, play.count, play.last_played_at)
            for play in batch
        ),
    )
    return Counts(
        plays=len(batch), tracks_new=resolved.new, tracks_filled=resolved.filled, artists_new=resolved.new_artists
    )
