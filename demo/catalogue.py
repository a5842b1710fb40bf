"""A made-up world of music and of the people who listen to it, all of it from a seed, a size and a number. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from math import exp

import numpy as np
from numpy.typing import NDArray

from demo import chance, drawing, names
from demo.drawing import Taste
from demo.ids import ID_START, Kind, id_of, read_id
from demo.music import BLOCK, GENRE_NAMES, GENRES, PLAYLISTS, SHARERS, Music, share_of_block
from demo.oddities import OWN_PLAYLISTS, Odd, Plain, Special, odd_places

__all__ = ["GENRES", "GENRE_NAMES", "ID_START", "ME", "PLAYLISTS", "Playlist", "User", "World"]

ME = 0
"""The number of the user who logs in."""
_MEDIAN_LENGTH, _LENGTH_SPREAD, _SHORTEST, _LONGEST, _VERY_LONGEST = 45, 0.5, 12, 140, 400
_LONG_SHARE = 0.02
_SHARED_EVERY = 5
"""Of the playlists that the listener follows, one of so many is shared with her."""
_CYCLE = 100
_START_OF_TIME, _YEARS = 1_420_070_400, 10.5
"""Playlists were begun from 2015 on: seconds since 1970."""
_YEAR = 31_556_952


@dataclass(frozen=True, slots=True)
class User:
    """A made-up listener."""

    number: int
    user_id: str
    name: str | None


@dataclass(frozen=True, slots=True)
class Playlist:
    """A made-up playlist without its entries."""

    number: int
    name: str
    description: str
    owner: int
    genre: str
    length: int
    """Places in it, odd ones too."""
    public: bool
    collaborative: bool
    followers: int
    begun_at: int
    """Seconds since 1970."""
    special: Special


class World:
    """All there is; two of one seed and size are the same."""

    def __init__(
        self, seed: int, playlists: int = PLAYLISTS, library: int = 60, followed: int = 20, liked: int = 200
    ) -> None:
        self.seed = seed
        self.playlists = playlists
        self.library = min(library, playlists)
        """The listener who logs in owns playlists 0 to library - 1."""
        self.music = Music(seed, playlists)
        self.followed = self._followed(followed)
        self._shared = frozenset(self.followed[::_SHARED_EVERY])
        self.liked = self._liked(liked)
        """Numbers of songs, the latest first."""
        self._slots = _slots(seed)
        self._keys = {
            purpose: chance.key(seed, purpose) for purpose in ("playlist", "name", "user", "home", "entries", "owner")
        }
        self.entries = lru_cache(maxsize=256)(self._entries)

    def genre_of(self, track_id: str) -> str | None:
        """Tell the genre of a track id; None for a stranger."""
        return self.music.genre_of(track_id)

    def read_id(self, text: str) -> tuple[Kind, int] | None:
        """Tell kind and number of an id of something that is there; None for a stranger."""
        told = read_id(self.seed, text)
        counts = {
            Kind.ARTIST: self.music.artists,
            Kind.SONG: self.music.songs,
            Kind.OLD_SONG: self.music.songs,
            Kind.PLAYLIST: self.playlists,
        }
        return told if told and told[1] < counts.get(told[0], told[1] + 1) else None

    def id_of(self, kind: Kind, number: int) -> str:
        """Give the id of a thing."""
        return id_of(self.seed, kind, number)

    def name_codes(self, numbers: NDArray[np.int64]) -> NDArray[np.int32]:
        """Give the code of each playlist's name (demo.names), -1 for one without a name: int32."""
        found = map(self._name_code, numbers.tolist())
        return np.fromiter(found, np.int32, len(numbers))

    def playlist(self, number: int) -> Playlist:
        """Give a playlist."""
        luck = chance.drawn(self._keys["playlist"], number)
        own = number < self.library
        special = OWN_PLAYLISTS.get(number, Plain) if own else Plain
        shared = self.is_shared(number)
        code = self._name_code(number)
        return Playlist(
            number,
            names.playlist(code, GENRE_NAMES) if code >= 0 else "",
            special.description if special.description is not None else _description(luck),
            self.owner_of(number),
            GENRE_NAMES[int(self._slots[number % _CYCLE])],
            special.length
            if special.length is not None
            else _length(luck, chance.drawn(self._keys["playlist"] ^ 1, number)),
            special.public and (not own or luck % 7 != 0) and not shared,
            shared,
            (luck >> 40) % 12 if luck % 5 else (luck >> 40) % 5000,
            _START_OF_TIME + int((luck >> 20) % 4096 / 4096 * _YEARS * _YEAR),
            special,
        )

    def is_shared(self, number: int) -> bool:
        """Whether several people work on a playlist."""
        if number < self.library:
            return number in OWN_PLAYLISTS and OWN_PLAYLISTS[number].collaborative
        return number in self._shared

    def _entries(self, number: int) -> tuple[NDArray[np.int64], dict[int, Odd]]:
        """Give the songs in order, and what is odd at which place; under some odd entries the song means nothing."""
        playlist = self.playlist(number)
        key = chance.drawn(self._keys["entries"], number)
        songs = drawing.draw(self.music, key, self._taste(number), playlist.length)
        odd = odd_places(playlist.special, key, playlist.length)
        for place, kind in sorted(odd.items()):
            if kind is Odd.REPEATED and place:
                songs[place] = songs[place - 1]
        songs.setflags(write=False)
        return songs, odd

    def owner_of(self, playlist: int) -> int:
        """Give the owner of a playlist: 0 is the listener who logs in."""
        if playlist < self.library:
            return ME
        block, place = divmod(playlist - self.library, BLOCK)
        shares = share_of_block(chance.drawn(self._keys["owner"], block))
        return 1 + block * SHARERS + next(who for who, (start, count) in enumerate(shares) if place < start + count)

    def playlists_of(self, user: int) -> range:
        """Give the numbers of the playlists that a user owns."""
        if user == ME:
            return range(self.library)
        block, who = divmod(user - 1, SHARERS)
        start, count = share_of_block(chance.drawn(self._keys["owner"], block))[who]
        first = self.library + block * BLOCK + start
        return range(min(first, self.playlists), min(first + count, self.playlists))

    def user(self, number: int) -> User:
        """Give a user."""
        if number == ME:
            return User(ME, f"{ID_START}_listener", "Demo Listener")
        luck = chance.drawn(self._keys["user"], number)
        nameless = luck % 19 == 0 or number in map(self.owner_of, self.followed[:1])
        return User(number, f"{ID_START}_user_{number}", None if nameless else names.user(number, luck >> 8))

    def user_of(self, user_id: str) -> int | None:
        """Tell the number of a user's id; None for a stranger."""
        if user_id == f"{ID_START}_listener":
            return ME
        start, number = user_id[: len(ID_START) + 6], user_id[len(ID_START) + 6 :]
        known = start == f"{ID_START}_user_" and number.isascii() and number.isdigit() and len(number) < 9
        return int(number) if known and self.playlists_of(int(number)) else None

    def _name_code(self, number: int) -> int:
        luck = chance.drawn(self._keys["name"], number)
        if number < self.library and number in OWN_PLAYLISTS:
            return (
                -1 if OWN_PLAYLISTS[number].nameless else names.playlist_code(int(self._slots[number % _CYCLE]), luck)
            )
        return -1 if luck >> 56 == 0 else names.playlist_code(int(self._slots[number % _CYCLE]), luck & 0xFFFFFFFF)

    def _taste(self, number: int) -> Taste:
        cycle, place = divmod(number, _CYCLE)
        genre = int(self._slots[place])
        before = int((self._slots[:place] == genre).sum())
        per_cycle = int((self._slots == genre).sum())
        rest = int((self._slots[: self.playlists % _CYCLE] == genre).sum())
        count = self.playlists // _CYCLE * per_cycle + rest
        # Each playlist of the genre has a piece of the circle of its own; a stride scatters them over the numbers.
        piece = (cycle * per_cycle + before) * _stride(count) % count
        shelf, luck = self.music.shelves[genre], chance.drawn(self._keys["home"], number)
        beside = self.music.shelves[(genre + (1 if luck & 1 else -1)) % len(self.music.shelves)]
        first, last = (shelf.first_song + shelf.songs * edge // count for edge in (piece, piece + 1))
        return Taste(shelf, beside, (piece + 0.5) / count, first, last - first)

    def _followed(self, wanted: int) -> tuple[int, ...]:
        others = range(self.library, self.playlists)
        step = max(1, len(others) // wanted) if wanted else 1
        return tuple(others[::step][:wanted])

    def _liked(self, wanted: int) -> tuple[int, ...]:
        key = chance.key(self.seed, "liked")
        drawn = (chance.share_many(key, np.arange(wanted)) * self.music.songs).astype(np.int64)
        return tuple(dict.fromkeys(drawn.tolist()))


def _slots(seed: int) -> NDArray[np.int64]:
    """Give the genres of a hundred playlists in a row, in the seed's own order: so the shares are kept exactly."""
    slots = np.repeat(np.arange(len(GENRES)), [round(_CYCLE * share) for share in GENRES.values()])
    return slots[np.argsort(chance.drawn_many(chance.key(seed, "slots"), np.arange(_CYCLE)))]


def _stride(count: int) -> int:
    """Give a step that goes once through all of count: coprime to it, near the golden section."""
    return next(step for step in _upwards(max(1, int(count * 0.618))) if np.gcd(step, count) == 1)


def _upwards(start: int) -> Iterator[int]:
    return iter(range(start, 2 * start + 2))


def _length(luck: int, more: int) -> int:
    if luck % 1000 < 1000 * _LONG_SHARE:
        return _LONGEST + 1 + more % (_VERY_LONGEST - _LONGEST)
    # Twelve uniform draws of five bits each, less their mean, are near enough to a normal draw.
    normal = (sum(more >> 5 * place & 31 for place in range(12)) - 186) / 32
    return int(min(_LONGEST, max(_SHORTEST, _MEDIAN_LENGTH * exp(_LENGTH_SPREAD * normal))))


def _description(luck: int) -> str:
    told = (luck >> 12) % 8
    if told > 2:
        return ""
    return ("for the kitchen", "songs that stay", "not sorted yet")[told]
