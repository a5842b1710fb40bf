"""Release dates of albums that were first told without one: filled by a later telling, and taken back with it.

Runs inside the caller's transaction. That a date was filled is noted at the track that told it.
"""

import json
import sqlite3
from collections.abc import Mapping

from db.identity import words
from db.records import Album, Track
from db.runs import ImportRun

_FIELD = "release_date"


def date_albums(connection: sqlite3.Connection, tracks: Mapping[str, Track], run: ImportRun) -> set[int]:
    """Fill the missing dates of stored albums from what is told of their tracks (by track_id).

    Gives the keys of the tracks that told a date.
    """
    telling = [track_id for track_id, track in tracks.items() if track.album and track.album.release_date]
    if not telling:
        return set()
    undated = connection.execute(
        """
        SELECT t.track_id, t.key, a.key, a.album_id, a.name
        FROM json_each(?) AS wanted CROSS JOIN tracks t ON t.track_id = wanted.value
        CROSS JOIN albums a ON a.key = t.album_key WHERE a.release_date IS NULL
        """,
        [json.dumps(telling)],
    ).fetchall()
    dates: dict[int, tuple[int, str]] = {}
    for track_id, track_key, album_key, album_id, name in undated:
        album = tracks[track_id].album
        if album and album.release_date and _is_same(album, album_id, name):
            dates.setdefault(album_key, (track_key, album.release_date))
    if dates:
        import_key = run.stamp(connection).import_key
        connection.executemany(
            "UPDATE albums SET release_date = ? WHERE key = ?", ((date, key) for key, (_, date) in dates.items())
        )
        connection.executemany(
            "INSERT OR IGNORE INTO filled_fields VALUES (?, ?, ?)",
            ((import_key, track_key, _FIELD) for track_key, _ in dates.values()),
        )
    return {track_key for track_key, _ in dates.values()}


def _is_same(told: Album, album_id: str, name: str) -> bool:
    """Tell whether the album told of a track is the one that it stands on: by Spotify's ids, else by the name."""
    if told.album_id and not album_id.startswith("x:"):
        return told.album_id == album_id
    return words(told.name) == words(name)


def undate_albums(connection: sqlite3.Connection, which: str, values: list[object]) -> None:
    """Take back the dates that rows of filled_fields under this condition stand for; the rows stay."""
    connection.execute(
        f"""
        UPDATE albums SET release_date = NULL WHERE key IN (
            SELECT t.album_key FROM filled_fields f JOIN tracks t ON t.key = f.track_key
            WHERE f.field = '{_FIELD}' AND f.{which}
        )
        """,
        values,
    )
