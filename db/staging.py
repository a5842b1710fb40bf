"""Pages of a playlist that is not whole yet: kept apart, so that nobody sees half a playlist.

Nothing here commits: the caller's `transaction()` does.
"""

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from db.records import Album, Artist, PlaylistEntry, Track


@dataclass(frozen=True, slots=True)
class StagedPage:
    """Some entries of a playlist, from one place to the place before `beyond`."""

    start: int
    beyond: int
    total: int
    """Places in the whole playlist, as this page tells."""
    snapshot_id: str | None
    """The snapshot that the first page was of."""
    entries: tuple[PlaylistEntry, ...]


def stage_page(connection: sqlite3.Connection, playlist_key: int, page: StagedPage) -> None:
    """Keep a page until its playlist is whole."""
    connection.execute(
        """
        INSERT OR REPLACE INTO staged_pages (playlist_key, start, beyond, total, snapshot_id, entries)
        VALUES (?, ?, ?, ?, ?, ?)
        """,
        [playlist_key, page.start, page.beyond, page.total, page.snapshot_id, _packed(page.entries)],
    )


def staged_pages(connection: sqlite3.Connection, playlist_key: int) -> list[StagedPage]:
    """Give the staged pages of a playlist in order."""
    rows = connection.execute(
        "SELECT start, beyond, total, snapshot_id, entries FROM staged_pages WHERE playlist_key = ? ORDER BY start",
        [playlist_key],
    )
    return [
        StagedPage(start, beyond, total, snapshot, _unpacked(entries))
        for start, beyond, total, snapshot, entries in rows
    ]


def drop_staged(connection: sqlite3.Connection, playlist_key: int) -> None:
    """Throw the staged pages of a playlist away."""
    connection.execute("DELETE FROM staged_pages WHERE playlist_key = ?", [playlist_key])


def _packed(entries: Iterable[PlaylistEntry]) -> bytes:
    return json.dumps([_plain(entry) for entry in entries], ensure_ascii=False, separators=(",", ":")).encode(
        "utf-8", "surrogatepass"
    )


def _plain(entry: PlaylistEntry) -> list[Any]:
    track, album = entry.track, entry.track.album
    return [
        entry.position,
        entry.added_at,
        track.track_id,
        track.name,
        [[artist.name, artist.artist_id] for artist in track.artists],
        [album.name, album.album_id, album.release_date] if album else None,
        track.duration_ms,
        track.isrc,
        track.popularity,
        track.explicit,
    ]


def _unpacked(told: bytes) -> tuple[PlaylistEntry, ...]:
    return tuple(_entry(plain) for plain in json.loads(told.decode("utf-8", "surrogatepass")))


def _entry(plain: list[Any]) -> PlaylistEntry:
    # A page that an older Segue staged tells nothing of explicit.
    position, added_at, track_id, name, artists, album, duration_ms, isrc, popularity, *explicit = plain
    track = Track(
        track_id,
        name,
        tuple(Artist(artist_name, artist_id) for artist_name, artist_id in artists),
        Album(*album) if album else None,
        duration_ms,
        isrc,
        popularity,
        *explicit,
    )
    return PlaylistEntry(position, track, added_at)
