"""Stored playlists: which one a person means by an id, an address or a name, and what is in it."""

import sqlite3
from collections.abc import Callable, Sequence

from recommender import catalogue
from recommender.catalogue import PlaylistRow
from recommender.errors import PlaylistNotClear
from recommender.lines import cut, one_line
from recommender.naming import spotify_thing
from recommender.writing.file_names import chosen
from recommender.writing.listing import Listed, Listing, is_made_up

_LISTED = 10
_WIDEST = 64


def find_playlist(connection: sqlite3.Connection, text: str) -> PlaylistRow:
    """Find the stored playlist that an id, a Spotify URI or URL, or a name means. Raises PlaylistNotClear.

    Of several whose names differ in case, accents or punctuation alone, the one spelled as the person did is meant.
    """
    text = text.strip()
    named = spotify_thing(text)
    if named and named[0] != "playlist":
        raise PlaylistNotClear(f"{text} is of the kind {named[0]}, not a playlist: name a playlist by its own link")
    if row := catalogue.playlist_of(connection, named[1] if named else text):
        return row
    if named:
        raise PlaylistNotClear(f"the playlist {named[1]} is not here: `segue crawl --playlist {named[1]}` brings it")
    called = catalogue.playlists_called(connection, text) if text else []
    spelled = [row for row in called if row.name.strip() == text]
    if len(called) == 1 or len(spelled) == 1:
        return (called if len(called) == 1 else spelled)[0]
    if called:
        several = f'{len(called):,} playlists are called "{text}"; say which, by its id'
        raise PlaylistNotClear(f"{several}:\n{listed(called)}")
    near = catalogue.playlists_near(connection, text, _LISTED)
    cure = f"near it are, with their ids:\n{listed(near)}" if near else "give a playlist's whole name, or its id"
    raise PlaylistNotClear(f'no playlist here is called "{text}": {cure}')


def read_playlist(
    connection: sqlite3.Connection, row: PlaylistRow, exists: Callable[[str], bool] | None = None
) -> Listing:
    """Read a stored playlist whole. exists: tells whether a sound file is there; without it none is looked for."""
    tracks = tuple(
        Listed(
            e.track_id,
            e.name,
            e.artists,
            e.album,
            e.duration_ms,
            chosen(e.paths, not is_made_up(e.track_id), exists) if exists else "",
            e.isrc,
            e.explicit,
            e.added_at,
        )
        for e in catalogue.entries_of(connection, row.key, files=exists is not None)
    )
    return Listing(
        title=row.name,
        tracks=tracks,
        creator=row.owner,
        annotation=row.description,
        playlist_id=row.playlist_id,
        source=row.source,
        modified_at=row.modified_at,
    )


def listed(rows: Sequence[PlaylistRow]) -> str:
    """List playlists with what tells them apart, a line each: id, name, owner, how many tracks, from where."""
    lines = [f"  {one_line(row.playlist_id)}  {_about(row)}" for row in rows[:_LISTED]]
    more = len(rows) - _LISTED
    return "\n".join([*lines, f"  and {more:,} more"] if more > 0 else lines)


def _about(row: PlaylistRow) -> str:
    owner = f" by {one_line(row.owner)}" if row.owner else ""
    tracks = "1 track" if row.entries == 1 else f"{row.entries:,} tracks"
    return f"{cut(one_line(row.name) or '(no name)', _WIDEST)}{owner} ({tracks}, from {row.source})"
