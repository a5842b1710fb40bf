"""Removing a person: what they played, liked and named, and what stands here only because of them."""

import sqlite3
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from db import index
from db.connection import open_writer, unchecked
from db.index import mark_stale
from db.purge import bring_back_plays, take_all_back
from db.runs import mark_content_changed
from db.unneeded import delete_unneeded, delete_unneeded_names, weigh_tracks
from db.use_lists import imports_of_use
from db.wipe import mark_unwiped, overwriting, unwiped, wipe

A_PERSON = "(a person)"
"""What stands for the source that was removed last, so that nobody's name is written down to forget it."""


@dataclass(frozen=True, slots=True)
class Personal:
    """What is here of one person, in rows."""

    plays: int = 0
    """Pairs of a song and a log."""
    replaced_plays: int = 0
    """Of earlier states of a log."""
    logs: int = 0
    """Logs that hold nobody else."""
    thumbs: int = 0
    profiles: int = 0
    shown_lists: int = 0
    """Lists that were shown to this person, while use was remembered."""
    use_events: int = 0
    """What was done with them."""
    imports: int = 0
    """Imports that brought nothing but this person's plays."""
    tracks: int = 0
    """Tracks that nothing else needs; known only once they are gone."""

    @property
    def is_nobody(self) -> bool:
        """Whether nothing at all is here of that person."""
        return not any(asdict(self).values())


_MINE = "SELECT key FROM listeners WHERE name = ?1"
_LOGS = f"""
    SELECT log_key FROM plays WHERE listener_key IN ({_MINE})
    UNION SELECT log_key FROM replaced_plays WHERE listener_key IN ({_MINE})
"""
_OWN_LOGS = f"""
    SELECT log_key FROM ({_LOGS}) mine WHERE NOT EXISTS (
        SELECT 1 FROM plays p WHERE p.log_key = mine.log_key AND p.listener_key NOT IN ({_MINE})
    ) AND NOT EXISTS (
        SELECT 1 FROM replaced_plays p WHERE p.log_key = mine.log_key AND p.listener_key NOT IN ({_MINE})
    )
"""
_OF_USE = ("use_events", "shown_lists")
_BROUGHT = ("playlists", "replaced_playlists", "audio_features", "track_texts", "artist_genres", "track_files")
_OWN_IMPORTS = f"""
    SELECT DISTINCT l.import_key FROM play_logs l WHERE l.key IN ({_OWN_LOGS})
        AND NOT EXISTS (SELECT 1 FROM play_logs o WHERE o.import_key = l.import_key AND o.key NOT IN ({_OWN_LOGS}))
        {" ".join(f"AND l.import_key NOT IN (SELECT import_key FROM {table})" for table in _BROUGHT)}
"""


def personal(connection: sqlite3.Connection, listener: str) -> Personal:
    """Count what is here of a person."""
    counts = {
        "plays": f"SELECT count(*) FROM plays WHERE listener_key IN ({_MINE})",
        "replaced_plays": f"SELECT count(*) FROM replaced_plays WHERE listener_key IN ({_MINE})",
        "logs": f"SELECT count(*) FROM ({_OWN_LOGS})",
        "thumbs": "SELECT count(*) FROM thumbs WHERE listener = ?1",
        "profiles": "SELECT count(*) FROM profiles WHERE listener = ?1",
        **{table: f"SELECT count(*) FROM {table} WHERE listener = ?1" for table in _OF_USE},
        "imports": f"SELECT count(*) FROM ({_OWN_IMPORTS})",
    }
    return Personal(**{name: connection.execute(asked, [listener]).fetchone()[0] for name, asked in counts.items()})


def owned_playlists(connection: sqlite3.Connection, listener: str) -> int:
    """Count the playlists whose owner is called like this person."""
    return int(connection.execute("SELECT count(*) FROM playlists WHERE owner = ?", [listener]).fetchone()[0])


def forget_listener(connection: sqlite3.Connection, listener: str) -> Personal:
    """Remove a person wholly, in one transaction; gives what went.

    What others need stays: songs that stand in playlists or that somebody else played, and imports that brought more.
    The caller finishes the index afterwards, and then has the file wiped (db.wipe).
    """
    with overwriting(connection), unchecked(connection):
        there = personal(connection, listener)
        own_logs = _keys(connection, _OWN_LOGS, listener)
        own_imports = sorted(_keys(connection, _OWN_IMPORTS, listener), reverse=True)
        if there.shown_lists:  # what was made of use is made anew of the others', when the next model learns
            own_imports += imports_of_use(connection)
        touched = _keys(
            connection,
            f"""
            SELECT track_key FROM plays WHERE listener_key IN ({_MINE})
            UNION SELECT track_key FROM replaced_plays WHERE listener_key IN ({_MINE})
            """,
            listener,
        )
        for table in ("plays", "replaced_plays"):
            connection.execute(f"DELETE FROM {table} WHERE listener_key IN ({_MINE})", [listener])
        for table in ("thumbs", "profiles", *_OF_USE):
            connection.execute(f"DELETE FROM {table} WHERE listener = ?1", [listener])
        connection.execute("DELETE FROM listeners WHERE name = ?1", [listener])
        # The id of a log names who it is of, so none stays that is of nobody else.
        connection.executemany("DELETE FROM play_logs WHERE key = ?", ([key] for key in own_logs))
        bring_back_plays(connection)
        gone = take_all_back(connection, own_imports).tracks + _drop_unneeded(connection, touched)
        mark_unwiped(connection, A_PERSON)
        if there.plays or own_imports:
            mark_content_changed(connection, touched)
            mark_stale(connection)
    return Personal(**{**asdict(there), "tracks": gone})


def _keys(connection: sqlite3.Connection, question: str, listener: str) -> list[int]:
    return [key for (key,) in connection.execute(question, [listener])]


def _drop_unneeded(connection: sqlite3.Connection, keys: list[int]) -> int:
    """Delete those of some tracks that nothing needs any more; tells how many."""
    connection.execute("CREATE TEMP TABLE touched (key INTEGER PRIMARY KEY)")
    connection.executemany("INSERT INTO touched VALUES (?)", ([key] for key in keys))
    weigh_tracks(connection, "SELECT key FROM tracks WHERE key IN (SELECT key FROM touched)", [])
    connection.execute("DROP TABLE touched")
    gone = delete_unneeded(connection)
    delete_unneeded_names(connection)
    return gone.tracks


def forget(path: Path, listener: str, say: Callable[[str], None]) -> tuple[Personal, str]:
    """Remove a person and their traces in the file; gives what went, and why the traces could not go, if so.

    say: is told what takes long. Raises DatabaseError; the person is then here as before.
    """
    # The purpose of a writer is written down for all to read, so nobody is named in it.
    with open_writer(path, "segue purge --listener") as connection, overwriting(connection):
        say("Removing the person ...")
        gone = forget_listener(connection, listener)
        say("Bringing the search index up to it ...")
        index.finish(connection)
        say("Writing the file anew ...")
        return gone, wipe(connection, path)


def is_unwiped(connection: sqlite3.Connection) -> bool:
    """Tell whether the file still has to be written anew after a person was removed."""
    return unwiped(connection) == A_PERSON
