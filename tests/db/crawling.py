"""Rows as a crawl leaves them, made up."""

import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path

from db import found, gate, index, read, staging
from db.connection import open_writer, transaction
from db.found import STORED, WAITING, Found
from db.records import AudioFeatures, Playlist, PlaylistEntry, Track
from db.runs import ImportRun
from db.write import store
from tests.db.make import NOW, raw_id, track

CRAWL_TABLES = (
    "found_playlists",
    "found_words",
    "crawls",
    "crawl_listings",
    "staged_pages",
    "app_answers",
    "gates",
    "feature_misses",
)
DAY = 86_400


def playlist_id(number: int) -> str:
    """Make a playlist id in the form of Spotify's."""
    return raw_id("playlist", number)


def contents(number: int, tracks: Sequence[Track | int], told_by: str = "crawl") -> Playlist:
    """Make a playlist under an id of Spotify's."""
    members = [track(member) if isinstance(member, int) else member for member in tracks]
    entries = tuple(PlaylistEntry(place, member) for place, member in enumerate(members))
    return Playlist(playlist_id(number), f"Mix {number} by {told_by}", entries, owner="Ada Made-Up")


def crawl(
    path: Path,
    playlists: Mapping[int, Sequence[Track | int]],
    now: int = NOW,
    features: Sequence[int] = (),
    target: str = "a target",
) -> int:
    """Store playlists by number as one finished crawl, with all that it remembers; gives the number of its import."""
    run = ImportRun("spotify", "my playlists", now)
    with open_writer(path, "testing") as connection:
        with transaction(connection):
            key, _, _, _ = found.open_crawl(connection, target, now)
            for number, tracks in playlists.items():
                _store(connection, run, key, number, tracks)
            store(connection, run, [AudioFeatures(track(n), 0.25) for n in features])
            found.write_listing(connection, key, "mine", found.Listing(50, 50, True))
            found.add_words(connection, [("mix", 1)])
            found.note_crawl(connection, key, run.key, "done")
            found.finish_crawl(connection, key, now)
        index.finish(connection)
    assert run.number is not None
    return run.number


def _store(
    connection: sqlite3.Connection, run: ImportRun, key: int, number: int, tracks: Sequence[Track | int]
) -> None:
    told = contents(number, tracks)
    snapshot = f"snapshot-{number}-{run.now}"
    one = Found(told.playlist_id, told.name, "", "ada", told.owner, False, len(tracks), snapshot)
    found.put_found(connection, [(one, WAITING, run.now)], key)
    store(connection, run, [told])
    found.confirm_contents(connection, [told.playlist_id], run.now)
    known = found.known_playlists(connection, [told.playlist_id])[told.playlist_id]
    found.settle(connection, known.key, STORED, snapshot, run.now)
    staging.drop_staged(connection, known.key)


def recco(path: Path, numbers: Sequence[int], now: int = NOW, misses: Sequence[int] = ()) -> int | None:
    """Store features as ReccoBeats gives them, for those of the tracks that stand here; and what it did not know."""
    run = ImportRun("reccobeats", "a service", now)
    with open_writer(path, "testing") as connection:
        with transaction(connection):
            there = read.songs(connection, [track(n).track_id for n in numbers])
            store(connection, run, [AudioFeatures(Track(track_id), 0.75) for track_id in there])
            gate.write_setting(connection, "consent:reccobeats", "yes")
            connection.executemany(
                "INSERT INTO feature_misses SELECT key, 'reccobeats', ? FROM tracks WHERE track_id = ?",
                [(now, track(n).track_id) for n in misses],
            )
        index.finish(connection)
    return run.number


def known(path: Path, number: int) -> tuple[str, str | None] | None:
    """Give state and stored snapshot of a found playlist."""
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(
            "SELECT state, stored_snapshot FROM found_playlists WHERE playlist_id = ?", [playlist_id(number)]
        ).fetchone()


def count(path: Path, table: str) -> int:
    """Count the rows of a table."""
    with closing(sqlite3.connect(path)) as connection:
        return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])
