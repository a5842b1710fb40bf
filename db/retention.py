"""How long data of a service is kept: what was not seen there for longer goes."""

import sqlite3
from dataclasses import dataclass

from db.connection import unchecked
from db.crawled import SPOTIFY, forget_unseen
from db.gate import read_setting, write_setting
from db.purge import drop_playlists
from db.runs import mark_content_changed
from db.unindex import take_out
from db.unneeded import UNNEEDED, delete_unneeded, delete_unneeded_names, weigh_tracks

KEEP_DAYS = 30
"""Days for which data is kept where the user chose no other number."""
DAY_S = 86_400


@dataclass(frozen=True)
class Expired:
    """What went because it was too old, in rows."""

    playlists: int
    playlists_restored: int
    """Playlists that show again what a file told of them."""
    tracks: int
    features: int
    found: int
    """Playlists that were found, and not looked at since."""


def keep_days(connection: sqlite3.Connection) -> int:
    """Tell for how many days data is kept."""
    told = read_setting(connection, "keep_days")
    return int(told) if told and told.isdecimal() else KEEP_DAYS


def set_keep_days(connection: sqlite3.Connection, days: int) -> None:
    """Remember for how many days data is to be kept, in the caller's transaction."""
    write_setting(connection, "keep_days", str(days))


def expire(connection: sqlite3.Connection, source: str, before: int) -> Expired:
    """Delete what a source told last before a time (seconds since 1970), in one transaction of its own.

    Contents that were replaced go by their own age; what only they needed goes with them. The caller finishes the index
    afterwards.
    """
    of_source = "import_key IN (SELECT key FROM imports WHERE source = ?) AND fetched_at < ?"
    old: list[object] = [source, before]
    with unchecked(connection):
        features = connection.execute(f"DELETE FROM audio_features WHERE {of_source}", old).rowcount
        playlists, restored = drop_playlists(connection, of_source, old)
        found = forget_unseen(connection, before) if source == SPOTIFY else 0
        weigh_tracks(connection, f"SELECT key FROM tracks WHERE {of_source}", old)
        take_out(connection, UNNEEDED)
        gone = delete_unneeded(connection)
        if gone.tracks:
            delete_unneeded_names(connection)
        if playlists or restored or gone.tracks:
            mark_content_changed(connection, [-before, playlists, restored, gone.tracks])
    return Expired(playlists, restored, gone.tracks, features + gone.features, found)
