"""Storing records. Nothing here commits: the caller's `transaction()` does, one for each file."""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence

from db.bulk import insert_rows
from db.facts import store_features, store_texts
from db.records import AudioFeatures, Playlist, Record, Track, TrackText
from db.runs import ContentHash, Counts, ImportRun, Stamp, mark_content_changed
from db.track_files import store_files
from db.tracks import merge_told, resolve_tracks

_BATCH_ENTRIES = 25_000
"""So many entries are held in memory before they are stored."""


def store(connection: sqlite3.Connection, run: ImportRun, records: Iterable[Record]) -> Counts:
    """Store records in batches, playlists whole; a playlist whose contents are known and the same is left alone.

    Plays are stored by db.plays.store_plays.
    """
    counts = Counts()
    for batch in _batches(records):
        playlists = [record for record in batch if isinstance(record, Playlist)]
        features = [record for record in batch if isinstance(record, AudioFeatures)]
        texts = [record for record in batch if isinstance(record, TrackText)]
        if playlists:
            counts += _store_playlists(connection, run, {p.playlist_id: p for p in playlists})
        if names := [record for record in batch if isinstance(record, Track)]:
            resolved = resolve_tracks(connection, merge_told(names), run)
            counts += Counts(tracks_new=resolved.new, tracks_filled=resolved.filled, artists_new=resolved.new_artists)
        if features:
            counts += store_features(connection, run, features)
        if texts:
            counts += store_texts(connection, run, texts)
        store_files(connection, run, _tracks(batch))
    return counts


def _tracks(records: Iterable[Record]) -> Iterator[Track]:
    for record in records:
        if isinstance(record, Playlist):
            yield from (entry.track for entry in record.entries)
        else:
            yield record if isinstance(record, Track) else record.track


def _batches(records: Iterable[Record]) -> Iterator[list[Record]]:
    batch: list[Record] = []
    held = 0
    for record in records:
        batch.append(record)
        held += len(record.entries) if isinstance(record, Playlist) else 1
        if held >= _BATCH_ENTRIES:
            yield batch
            batch, held = [], 0
    if batch:
        yield batch


def _store_playlists(connection: sqlite3.Connection, run: ImportRun, playlists: dict[str, Playlist]) -> Counts:
    hashes = {playlist_id: content_hash(playlist) for playlist_id, playlist in playlists.items()}
    known = _known_playlists(connection, playlists)
    fresh = [p for p in playlists.values() if p.playlist_id not in known]
    changed = [
        p for p in playlists.values() if p.playlist_id in known and known[p.playlist_id][1] != hashes[p.playlist_id]
    ]
    resolved = resolve_tracks(
        connection, merge_told(entry.track for playlist in playlists.values() for entry in playlist.entries), run
    )
    rows = fresh + changed
    if rows:
        stamp = run.stamp(connection)
        keys = _make_room(connection, fresh, [(p, known[p.playlist_id][0]) for p in changed], stamp)
        _insert_playlists(connection, rows, keys, hashes, resolved.keys, stamp)
        mark_content_changed(connection, [hashes[p.playlist_id] for p in rows])
    return Counts(
        playlists_new=len(fresh),
        playlists_changed=len(changed),
        playlists_unchanged=len(playlists) - len(rows),
        entries=sum(len(p.entries) for p in rows),
        tracks_new=resolved.new,
        tracks_filled=resolved.filled,
        artists_new=resolved.new_artists,
    )


def content_hash(playlist: Playlist) -> int:
    """Hash what a playlist says, but for its followers, who come and go: a signed 64-bit number."""
    digest = ContentHash()
    digest.add(playlist.name, playlist.description, playlist.owner, playlist.genres, playlist.modified_at)
    digest.add([(entry.position, entry.track.track_id, entry.added_at) for entry in playlist.entries])
    return digest.value()


def _known_playlists(connection: sqlite3.Connection, ids: Iterable[str]) -> dict[str, tuple[int, int]]:
    rows = connection.execute(
        """
        SELECT p.playlist_id, p.key, p.content_hash
        FROM json_each(?) AS wanted CROSS JOIN playlists p ON p.playlist_id = wanted.value
        """,
        [json.dumps(list(ids))],
    )
    return {playlist_id: (key, digest) for playlist_id, key, digest in rows}


def _make_room(
    connection: sqlite3.Connection, fresh: Sequence[Playlist], changed: Sequence[tuple[Playlist, int]], stamp: Stamp
) -> dict[str, int]:
    next_key = int(connection.execute("SELECT max(key) FROM playlists").fetchone()[0] or 0) + 1
    for _, key in changed:
        _set_aside(connection, key, stamp)
    keys = {playlist.playlist_id: next_key + place for place, playlist in enumerate(fresh)}
    keys.update((playlist.playlist_id, key) for playlist, key in changed)
    return keys


def _set_aside(connection: sqlite3.Connection, key: int, stamp: Stamp) -> None:
    """Keep the contents that are about to be replaced, so that `purge --import` can bring them back."""
    mine = connection.execute("SELECT 1 FROM playlists WHERE key = ? AND import_key = ?", [key, stamp.import_key])
    if mine.fetchone() is None:
        aside = connection.execute(
            """
            INSERT INTO replaced_playlists (playlist_id, name, description, owner, genres, followers, modified_at,
                content_hash, import_key, fetched_at)
            SELECT playlist_id, name, description, owner, genres, followers, modified_at, content_hash, import_key,
                fetched_at
            FROM playlists WHERE key = ?
            """,
            [key],
        ).lastrowid
        connection.execute(
            """
            INSERT INTO replaced_entries
            SELECT ?, position, track_key, added_at FROM playlist_entries WHERE playlist_key = ?
            """,
            [aside, key],
        )
    connection.execute("DELETE FROM playlist_entries WHERE playlist_key = ?", [key])
    connection.execute("DELETE FROM playlists WHERE key = ?", [key])


def _insert_playlists(
    connection: sqlite3.Connection,
    playlists: Sequence[Playlist],
    keys: dict[str, int],
    hashes: dict[str, int],
    track_keys: dict[str, int],
    stamp: Stamp,
) -> None:
    connection.executemany(
        "INSERT INTO playlists VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            (
                keys[p.playlist_id],
                p.playlist_id,
                p.name,
                p.description or None,
                p.owner or None,
                json.dumps(p.genres, ensure_ascii=False) if p.genres else None,
                p.followers,
                p.modified_at,
                hashes[p.playlist_id],
                stamp.import_key,
                stamp.now,
            )
            for p in playlists
        ),
    )
    columns = ["playlist_key", "position", "track_key"]
    dated = any(entry.added_at is not None for playlist in playlists for entry in playlist.entries)
    values: list[int | None] = []
    for playlist in playlists:
        key = keys[playlist.playlist_id]
        for entry in playlist.entries:
            values += (key, entry.position, track_keys[entry.track.track_id])
            if dated:
                values.append(entry.added_at)
    insert_rows(connection, "playlist_entries", columns + ["added_at"] * dated, values)
