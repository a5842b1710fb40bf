"""What changes: playlists that are written to, made, left, or disturbed while they are read."""

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from demo.catalogue import ME, World
from demo.ids import Kind
from demo.oddities import Odd, Plain, Special

Key = tuple[Kind, int]
"""Kind and number of a playlist."""
_T = TypeVar("_T")
_GAP = 9_000
"""Seconds between two songs that somebody adds."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One place in a playlist."""

    song: int
    added_at: int
    """Seconds since 1970."""
    adder: int
    odd: Odd | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """A playlist as it is now, without its entries."""

    key: Key
    playlist_id: str
    name: str
    description: str
    owner: int
    length: int
    public: bool
    collaborative: bool
    followers: int
    snapshot: str
    special: Special = Plain


@dataclass(slots=True)
class Library:
    """The world's playlists and what was done to them since the start."""

    world: World
    _made: list[Shown] = field(default_factory=list)
    _entries: dict[Key, list[Entry]] = field(default_factory=dict)
    _writes: dict[Key, int] = field(default_factory=dict)
    _shakes: dict[Key, int] = field(default_factory=dict)
    _left: set[Key] = field(default_factory=set)
    _listed: dict[bool, list[Key]] = field(default_factory=dict)

    def shown(self, key: Key) -> Shown | None:
        """Show a playlist as it is now; None where there is none of that number."""
        kind, number = key
        if kind is Kind.MADE_PLAYLIST:
            made = self._made[number] if number < len(self._made) else None
            return replace(made, length=len(self._entries[key]), snapshot=self._snapshot(key)) if made else None
        if number >= self.world.playlists:
            return None
        playlist = self.world.playlist(number)
        return Shown(
            key,
            self.world.id_of(kind, number),
            playlist.name,
            playlist.description,
            playlist.owner,
            len(self._entries[key]) if key in self._entries else playlist.length,
            playlist.public,
            playlist.collaborative,
            playlist.followers,
            self._snapshot(key),
            playlist.special,
        )

    def entries(self, key: Key, offset: int, limit: int) -> list[Entry]:
        """Give a stretch of a playlist as it is now; a disturbed one is rotated by one."""
        if key in self._entries:
            return _stretch(self._entries[key], offset, limit, self.is_disturbed(key))
        playlist = self.world.playlist(key[1])
        songs, odd = self.world.entries(key[1])
        places = _stretch(range(playlist.length), offset, limit, self.is_disturbed(key))
        adders = (playlist.owner, playlist.owner + 1) if playlist.collaborative else (playlist.owner,)
        return [
            Entry(song, playlist.begun_at + place * _GAP, adders[place % len(adders)], odd.get(place))
            for place, song in zip(places, songs[places].tolist(), strict=True)
        ]

    def listed(self, *, shared: bool) -> list[Key]:
        """Give the playlists of the listener who logs in, the latest made first, without those she has left.

        shared: with those on which others work too.
        """
        if shared not in self._listed:
            made = [(Kind.MADE_PLAYLIST, number) for number in reversed(range(len(self._made)))]
            world = (
                (Kind.PLAYLIST, number)
                for number in (*range(self.world.library), *self.world.followed)
                if shared or not self.world.is_shared(number)
            )
            self._listed[shared] = [key for key in (*made, *world) if key not in self._left]
        return self._listed[shared]

    def make(self, name: str, description: str, public: bool, collaborative: bool) -> Key:
        """Make an empty playlist of the listener's."""
        key = (Kind.MADE_PLAYLIST, len(self._made))
        made = Shown(key, self.world.id_of(*key), name, description, ME, 0, public, collaborative, 0, "")
        self._made.append(made)
        self._entries[key] = []
        self._listed.clear()
        return key

    def write(self, key: Key, entries: Sequence[Entry]) -> str:
        """Replace the entries of a playlist; gives the new snapshot."""
        self._entries[key] = list(entries)
        self._writes[key] = self._writes.get(key, 0) + 1
        return self._snapshot(key)

    def leave(self, key: Key) -> None:
        """Take a playlist off the listener's list; it can still be read."""
        self._left.add(key)
        self._listed.clear()

    def shake(self, key: Key) -> None:
        """Disturb a playlist, or let it settle again: its entries move by one, and its snapshot changes."""
        self._shakes[key] = self._shakes.get(key, 0) + 1

    def is_disturbed(self, key: Key) -> bool:
        """Whether a playlist is disturbed now."""
        return self._shakes.get(key, 0) % 2 == 1

    def _snapshot(self, key: Key) -> str:
        """Tell the version, in one of the two forms that Spotify has."""
        revision = 1 + self._writes.get(key, 0) + self._shakes.get(key, 0)
        digest = hashlib.blake2b(f"{self.world.seed}/{key}/{revision}".encode(), digest_size=20)
        if key[1] % 2:
            return base64.b64encode(f"{revision},{digest.hexdigest()}".encode()).decode()
        return base64.b64encode(revision.to_bytes(4, "big") + digest.digest()).decode()


def _stretch(places: Sequence[_T], offset: int, limit: int, rotated: bool) -> list[_T]:
    if not rotated:
        return list(places[offset : offset + limit])
    return [places[(place + 1) % len(places)] for place in range(offset, min(offset + limit, len(places)))]
