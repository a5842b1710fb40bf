"""Storing plays: what one listening log says, whole."""

import sqlite3
from collections.abc import Iterable
from itertools import islice

from db.records import Play
from db.runs import ContentHash, Counts, ImportRun
from db.tracks import merge_told, resolve_tracks

_BATCH = 50_000


def store_plays(connection: sqlite3.Connection, run: ImportRun, log_id: str, plays: Iterable[Play]) -> Counts:
    """Store the plays of one log; what stood under its log_id before is replaced when it differs.

    Plays of one listener and track within the log are summed and the latest time kept. So a second import of the log,
    or of a longer export of it, counts nothing twice.
    """
    stood = connection.execute(
        "SELECT key, content_hash, import_key FROM play_logs WHERE log_id = ? AND stands", [log_id]
    ).fetchone()
    connection.execute("SAVEPOINT one_log")
    numbered = run.key, run.number
    stamp = run.stamp(connection)
    if stood:
        _make_room(connection, stood[0], mine=stood[2] == stamp.import_key)
    log_key = connection.execute(
        "INSERT INTO play_logs (log_id, stands, content_hash, import_key, fetched_at) VALUES (?, 1, 0, ?, ?)",
        [log_id, stamp.import_key, stamp.now],
    ).lastrowid
    assert log_key is not None
    digest, counts, rest = ContentHash(), Counts(), iter(plays)
    while batch := list(islice(rest, _BATCH)):
        counts += _store_batch(connection, run, batch, log_key)
        digest.add([(play.listener, play.track.track_id, play.count, play.last_played_at) for play in batch])
    connection.execute("UPDATE play_logs SET content_hash = ? WHERE key = ?", [digest.value(), log_key])
    if stood and stood[1] == digest.value():
        connection.execute("ROLLBACK TO one_log")
        run.key, run.number = numbered
        counts = Counts()
    connection.execute("RELEASE one_log")
    return counts


def _make_room(connection: sqlite3.Connection, log_key: int, *, mine: bool) -> None:
    """Take the standing plays of a log away, and keep another import's, for `purge --import` to bring back."""
    if not mine:
        connection.execute(
            """
            INSERT INTO replaced_plays
            SELECT log_key, listener_key, track_key, count, last_played_at FROM plays WHERE log_key = ?
            """,
            [log_key],
        )
    connection.execute("DELETE FROM plays WHERE log_key = ?", [log_key])
    if mine:
        connection.execute("DELETE FROM play_logs WHERE key = ?", [log_key])
    else:
        connection.execute("UPDATE play_logs SET stands = 0 WHERE key = ?", [log_key])


def _store_batch(connection: sqlite3.Connection, run: ImportRun, batch: list[Play], log_key: int) -> Counts:
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
