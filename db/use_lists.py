"""Playlists that were made of use: one for each sitting, all of one import, and made anew when anything changes."""

import json
import sqlite3
from collections.abc import Sequence
from pathlib import Path

from db import index
from db.connection import open_reader, open_writer, unchecked
from db.purge import drop_playlists, take_all_back
from db.records import Playlist, PlaylistEntry, Track
from db.runs import ImportRun, mark_content_changed
from db.sittings import LEAST, Sitting, sittings
from db.use import USE
from db.use_counts import steps
from db.write import content_hash, store

_PLACE = "what was done on the pages"
_MINE = f"import_key IN (SELECT key FROM imports WHERE source = '{USE}')"


def imports_of_use(connection: sqlite3.Connection) -> list[int]:
    """Give the keys of the imports that hold them, the latest first."""
    return [key for (key,) in connection.execute("SELECT key FROM imports WHERE source = ? ORDER BY key DESC", [USE])]


def take_up(path: Path, now: int) -> tuple[int, bool]:
    """Let the sittings that are remembered, and no others, stand as playlists; tells how many, and whether any changed.

    now: seconds since 1970. Raises DatabaseError.
    """
    with open_reader(path) as connection:
        playlists = _playlists(connection, sittings(steps(connection)))
        wanted = {playlist.playlist_id: content_hash(playlist) for playlist in playlists}
        if _stored(connection) == wanted:
            return len(playlists), False
    with open_writer(path, "taking up what was done") as connection:
        with unchecked(connection):
            old = imports_of_use(connection)
            drop_playlists(connection, _MINE, [])
            store(connection, ImportRun(USE, _PLACE, now), playlists)
            # Only now, so that no song goes that another import brought, is gone with, and the new ones still need.
            gone = take_all_back(connection, old)
            mark_content_changed(connection, [-key for key in old])
            if gone.tracks:
                index.mark_stale(connection)
        index.finish(connection)
    return len(playlists), True


def _playlists(connection: sqlite3.Connection, found: Sequence[Sitting]) -> list[Playlist]:
    """Make playlists of sittings, of the songs that are still here."""
    here = _known(connection, {track_id for sitting in found for track_id, _ in sitting.songs})
    made = []
    for sitting in found:
        songs = [(track_id, at) for track_id, at in sitting.songs if track_id in here]
        entries = tuple(PlaylistEntry(place, Track(track_id), at) for place, (track_id, at) in enumerate(songs))
        if len(entries) >= LEAST:
            made.append(Playlist(sitting.sitting_id, "", entries, modified_at=max(at for _, at in songs)))
    return made


def _known(connection: sqlite3.Connection, track_ids: set[str]) -> frozenset[str]:
    rows = connection.execute(
        "SELECT t.track_id FROM json_each(?) AS wanted CROSS JOIN tracks t ON t.track_id = wanted.value",
        [json.dumps(sorted(track_ids))],
    )
    return frozenset(track_id for (track_id,) in rows)


def _stored(connection: sqlite3.Connection) -> dict[str, int]:
    return dict(connection.execute(f"SELECT playlist_id, content_hash FROM playlists WHERE {_MINE}").fetchall())
