"""Storing what is known of single tracks: audio features and texts. The first word stands."""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from operator import itemgetter
from typing import Any

from db.records import AudioFeatures, TrackText
from db.runs import ContentHash, Counts, ImportRun
from db.tracks import merge_told, resolve_tracks


def store_features(connection: sqlite3.Connection, run: ImportRun, features: Sequence[AudioFeatures]) -> Counts:
    """Store audio features of tracks that have none."""
    resolved = resolve_tracks(connection, merge_told(f.track for f in features), run)
    told = {resolved.keys[f.track.track_id]: f for f in reversed(features)}
    for (key,) in _having(connection, "audio_features", told):
        del told[key]
    if told:
        stamp = run.stamp(connection)
        connection.executemany(
            "INSERT INTO audio_features VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            # In the order of the keys the pages fill up; backwards they would stay half empty.
            (
                (key, *_feature_values(f), stamp.import_key, stamp.now)
                for key, f in sorted(told.items(), key=itemgetter(0))
            ),
        )
    return Counts(
        features=len(told), tracks_new=resolved.new, tracks_filled=resolved.filled, artists_new=resolved.new_artists
    )


def store_texts(connection: sqlite3.Connection, run: ImportRun, texts: Sequence[TrackText]) -> Counts:
    """Store texts of tracks, each text once for each track and kind."""
    resolved = resolve_tracks(connection, merge_told(t.track for t in texts), run)
    told = {(resolved.keys[t.track.track_id], t.kind, _text_hash(t.text)): t.text for t in texts}
    for key, kind, text_hash in _having(connection, "track_texts", {key for key, _, _ in told}):
        told.pop((key, kind, text_hash), None)
    if told:
        stamp = run.stamp(connection)
        connection.executemany(
            """
            INSERT INTO track_texts (track_key, kind, text_hash, text, import_key, fetched_at)
            VALUES (?, ?, ?, ?, ?, ?)
            """,
            ((*place, text, stamp.import_key, stamp.now) for place, text in told.items()),
        )
    return Counts(
        texts=len(told), tracks_new=resolved.new, tracks_filled=resolved.filled, artists_new=resolved.new_artists
    )


_HAVING = {
    "audio_features": """
        SELECT f.track_key FROM json_each(?) AS wanted CROSS JOIN audio_features f ON f.track_key = wanted.value
    """,
    "track_texts": """
        SELECT t.track_key, t.kind, t.text_hash
        FROM json_each(?) AS wanted CROSS JOIN track_texts t ON t.track_key = wanted.value
    """,
}


def _having(connection: sqlite3.Connection, table: str, keys: Iterable[int]) -> list[tuple[Any, ...]]:
    return connection.execute(_HAVING[table], [json.dumps(list(keys))]).fetchall()


def _feature_values(f: AudioFeatures) -> tuple[float | int | None, ...]:
    return (
        f.danceability,
        f.energy,
        f.key,
        f.loudness,
        f.mode,
        f.speechiness,
        f.acousticness,
        f.instrumentalness,
        f.liveness,
        f.valence,
        f.tempo,
        f.time_signature,
    )


def _text_hash(text: str) -> int:
    digest = ContentHash()
    digest.add(text)
    return digest.value()
