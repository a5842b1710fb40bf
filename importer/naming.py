"""Ids for playlists that have nothing but a name.

Pure.
"""

from dataclasses import replace
from hashlib import blake2b

from db.records import Playlist


def by_name(format_name: str, name: str, listener: str | None = None) -> str:
    """Give the id of a playlist of which only the name is known, and perhaps whose it is."""
    return f"{format_name}:{listener}:{name}" if listener else f"{format_name}:{name}"


class NameBook:
    """Tells apart the playlists of one import that share a name: the second other one is "NAME (2)", and so on."""

    def __init__(self, listener: str | None = None) -> None:
        self._listener = listener
        self._contents: dict[str, bytes] = {}

    def place(self, playlist: Playlist, format_name: str) -> Playlist:
        """Give the playlist its own id; ids that are not by_name(...) stay."""
        if playlist.playlist_id not in [by_name(format_name, playlist.name, who) for who in (None, self._listener)]:
            return playlist
        contents = _digest(playlist)
        wanted, number = playlist.playlist_id, 1
        while self._contents.setdefault(wanted, contents) != contents:
            number += 1
            wanted = f"{playlist.playlist_id} ({number})"
        return playlist if number == 1 else replace(playlist, playlist_id=wanted)


def _digest(playlist: Playlist) -> bytes:
    told = "\n".join(f"{entry.position} {entry.track.track_id}" for entry in playlist.entries)
    return blake2b(told.encode(), digest_size=8).digest()
