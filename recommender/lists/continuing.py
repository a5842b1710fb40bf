"""The tracks of a playlist, stored or in a file, as the database knows them."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from recommender import catalogue
from recommender.errors import NothingToContinue, PlaylistNotClear
from recommender.lines import cut, one_line
from recommender.lists.playlists import find_playlist

if TYPE_CHECKING:
    from db.records import Playlist, Track

_WIDEST = 64
_FILES = (".csv", ".gz", ".jspf", ".json", ".m3u", ".m3u8", ".tsv", ".txt", ".zip")


@dataclass(frozen=True)
class Listed:
    """A playlist that is to be continued."""

    name: str
    track_ids: tuple[str, ...]
    """Raw ids of the tracks that the database knows, in the playlist's order, each once."""
    strangers: tuple[str, ...]
    """What the others are called, for people."""
    without: frozenset[str]
    """Raw ids of all tracks, those that the database does not know too: none of them is to be suggested."""
    titles: dict[str, str]
    """What the known tracks are called, by raw id."""

    @property
    def size(self) -> int:
        """How many different tracks it holds."""
        return len(self.track_ids) + len(self.strangers)

    @property
    def called(self) -> str:
        """Name it on one line for people, with its size."""
        return f"{_name(self.name)}, {self.size:,} track{'s' * (self.size != 1)}:"


def stored(connection: sqlite3.Connection, text: str) -> Listed:
    """Take a playlist of the database, by id, address or name. Raises PlaylistNotClear, NothingToContinue."""
    try:
        row = find_playlist(connection, text)
    except PlaylistNotClear as error:
        if text.lower().endswith(_FILES):
            raise PlaylistNotClear(f"there is no file {one_line(text)}, and {error}") from error
        raise
    track_ids = catalogue.track_ids_of(connection, row.key)
    if not track_ids:
        raise _empty(row.name)
    songs = catalogue.songs(connection, track_ids)
    titles = {track_id: catalogue.title_line(song) for track_id, song in songs.items()}
    return Listed(row.name, tuple(track_ids), (), frozenset(track_ids), titles)


def from_file(connection: sqlite3.Connection, playlist: "Playlist") -> Listed:
    """Find the tracks of a file's playlist in the database: by id, else by artist and title, else as a version.

    Raises NothingToContinue.
    """
    told = {entry.track.track_id: entry.track for entry in sorted(playlist.entries, key=lambda entry: entry.position)}
    if not told:
        raise _empty(playlist.name)
    here = catalogue.songs(connection, list(told))
    stands_for = {track_id: track_id if track_id in here else _same(connection, told[track_id]) for track_id in told}
    found = tuple(dict.fromkeys(known for known in stands_for.values() if known))
    if not found:
        raise NothingToContinue(
            f"{_none(len(told), _name(playlist.name))} known here: import playlists with such "
            "music (segue import PATH), then run `segue train`"
        )
    strangers = tuple(_title(told[track_id]) for track_id, known in stands_for.items() if not known)
    titles = {known: _title(told[track_id]) for track_id, known in stands_for.items() if known}
    return Listed(playlist.name, found, strangers, frozenset(told) | frozenset(found), titles)


def _same(connection: sqlite3.Connection, track: "Track") -> str | None:
    """Find the track that stands for one whose id is not here: of the same name, else another version of it."""
    artists: Sequence[str] = [artist.name for artist in track.artists]
    song = catalogue.SongRow(track.track_id, track.name, tuple(artists), "", None, None, 0, None)
    others = catalogue.same_song(connection, song) or catalogue.other_versions(connection, song)
    return others[0] if others else None


def _title(track: "Track") -> str:
    artists = tuple(artist.name for artist in track.artists)
    return catalogue.title_line(catalogue.SongRow(track.track_id, track.name, artists, "", None, None, 0, None))


def _name(name: str) -> str:
    return f'"{cut(one_line(name), _WIDEST)}"' if name.strip() else "a playlist without a name"


def _none(count: int, name: str) -> str:
    return f"none of the {count:,} tracks of {name} is" if count > 1 else f"the one track of {name} is not"


def _empty(name: str) -> NothingToContinue:
    cure = f'`segue suggest --title "{one_line(name)}"` suggests by the name alone' if name.strip() else "name another"
    return NothingToContinue(f"{_name(name)} holds no tracks, so there is nothing to continue: {cure}")
