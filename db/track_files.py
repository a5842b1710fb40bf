"""Where the sound files of tracks lie, as playlists of files tell: any number for a track, each told once.

Nothing here commits: the caller's `transaction()` does.
"""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from db.records import Track
    from db.runs import ImportRun


def store_files(connection: sqlite3.Connection, run: "ImportRun", tracks: "Iterable[Track]") -> None:
    """Add the paths that are told of stored tracks."""
    told = {(track.track_id, track.path) for track in tracks if track.path}
    if not told:
        return
    keys = dict(
        connection.execute(
            "SELECT t.track_id, t.key FROM json_each(?) AS wanted CROSS JOIN tracks t ON t.track_id = wanted.value",
            [json.dumps(list({track_id for track_id, _ in told}))],
        )
    )
    files = {(keys[track_id], path) for track_id, path in told if track_id in keys}
    known = connection.execute(
        "SELECT f.track_key, f.path FROM json_each(?) AS wanted CROSS JOIN track_files f ON f.track_key = wanted.value",
        [json.dumps(list({key for key, _ in files}))],
    )
    if added := sorted(files.difference(known)):
        stamp = run.stamp(connection)
        connection.executemany(
            "INSERT INTO track_files VALUES (?, ?, ?)", ((key, path, stamp.import_key) for key, path in added)
        )


def files_of(connection: sqlite3.Connection, track_ids: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Give the paths of these tracks, by raw id; those of a made-up track are its Spotify twin's too, and so back."""
    if not has_files(connection):
        return {}
    rows = connection.execute(
        f"""
        SELECT t.track_id, {FILES}
        FROM json_each(?) AS wanted CROSS JOIN tracks t ON t.track_id = wanted.value
        """,
        [json.dumps(list(track_ids))],
    )
    return {track_id: tuple(json.loads(paths)) for track_id, paths in rows if paths != "[]"}


def has_files(connection: sqlite3.Connection) -> bool:
    """Tell whether the path of any track is known."""
    return bool(connection.execute("SELECT EXISTS (SELECT 1 FROM track_files)").fetchone()[0])


FILES = """
    (SELECT json_group_array(path) FROM (
        SELECT f.path FROM track_files f WHERE f.track_key = ifnull(t.linked_key, t.key)
        UNION SELECT f.path FROM tracks twin JOIN track_files f ON f.track_key = twin.key
        WHERE twin.linked_key = ifnull(t.linked_key, t.key)
        ORDER BY 1
    ))
"""
"""Asks for the paths of a track t and of what is linked to it, as a JSON list."""
