"""Made-up artists, albums and songs, as many as wanted, each of which follows from the seed and its number alone. Pure.

Nothing is enumerated: artists sit on their genre's circle in the order of their numbers, and songs stand in blocks of
32 that four artists share.
"""

from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache
from math import ceil, log10
from typing import Any

import numpy as np
from numpy.typing import NDArray

from demo import chance, names
from demo.ids import Kind, id_of, read_id

GENRES = {
    "pop": 0.30,
    "dance": 0.16,
    "hip hop": 0.12,
    "soul": 0.09,
    "jazz": 0.06,
    "blues": 0.05,
    "country": 0.05,
    "folk": 0.06,
    "indie": 0.06,
    "metal": 0.05,
}
"""Each genre's share of the listeners, in hundredths; those side by side are neighbours, the last and the first too."""
GENRE_NAMES = tuple(GENRES)
PLAYLISTS = 640

_SONGS_PER_PLAYLIST, _FEWEST_SONGS = 9, 400
_SPLITS = ((14, 9, 6, 3), (20, 7, 4, 1), (11, 10, 6, 5), (17, 8, 5, 2), (9, 8, 8, 7), (24, 5, 2, 1))
_PATTERNS = np.array([np.roll(split, turn) for split in _SPLITS for turn in range(4)])
"""How four share a block of 32: shape (24, 4)."""
_STARTS = np.cumsum(_PATTERNS, axis=1) - _PATTERNS
_SHARES = tuple(
    tuple(zip(starts, counts, strict=True)) for starts, counts in zip(_STARTS.tolist(), _PATTERNS.tolist(), strict=True)
)
SHARERS, BLOCK = 4, 32
SONGS_OF_ALBUM = 4
ALBUMS_OF_ARTIST = 8
"""Room for so many in the numbers of albums; no artist has more than six."""
_HITS_PER_SHARE = 60
_VERSION_SHARE = 0.06
_VERSIONS = (" (Live)", " - Remastered 2011", " (Acoustic)", " - Radio Edit")
_GUEST_SHARE = 0.06
_COUNTRIES = ("GB", "US", "DE", "SE", "QZ", "FR")
_DIGITS36 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class Shelf:
    """One genre's part of the numbers."""

    genre: int
    artists: int
    first_artist: int

    @property
    def first_song(self) -> int:
        """The number of its first song."""
        return self.first_artist // SHARERS * BLOCK

    @property
    def songs(self) -> int:
        """How many songs it has."""
        return self.artists // SHARERS * BLOCK


@dataclass(frozen=True, slots=True)
class Artist:
    """A made-up artist."""

    number: int
    name: str
    genre: str
    place: float
    """Where they sit on the genre's circle, 0 to 1: those who sit close are liked together."""
    fame: float
    """How often they are chosen against others of the genre."""
    first_song: int
    songs: int


@dataclass(frozen=True, slots=True)
class Album:
    """A made-up release."""

    number: int
    name: str
    artist: int
    release_date: str
    """YYYY-MM-DD, YYYY-MM or YYYY."""
    first_song: int
    songs: int


@dataclass(frozen=True, slots=True)
class Song:
    """A made-up track."""

    number: int
    title: str
    artists: tuple[int, ...]
    """Numbers; the first is the main artist."""
    album: int
    place: int
    """Its place among its main artist's songs, from 0."""
    duration_ms: int
    isrc: str
    popularity: float
    """0 to 100."""
    explicit: bool
    genre: str


class Music:
    """Artists, albums and songs of one world."""

    def __init__(self, seed: int, playlists: int = PLAYLISTS) -> None:
        self.seed = seed
        self.playlists = playlists
        self.shelves = _shelves(max(_FEWEST_SONGS, _SONGS_PER_PLAYLIST * playlists))
        self.artists = sum(shelf.artists for shelf in self.shelves)
        self.songs = self.artists // SHARERS * BLOCK
        self._first_artists = [shelf.first_artist for shelf in self.shelves]
        self._keys = {
            purpose: chance.key(seed, purpose) for purpose in ("block", "fame", "artist", "album", "song", "hit")
        }
        self.hits = tuple(self._hits_of(shelf) for shelf in self.shelves)
        """For each genre the numbers of its hits, the greatest first: int64."""
        self._all_hits = {int(number): place for hits in self.hits for place, number in enumerate(hits)}
        self.artist = lru_cache(maxsize=4096)(self._artist)

    def genre_of(self, track_id: str) -> str | None:
        """Tell the genre of a track id; None for a stranger."""
        told = read_id(self.seed, track_id)
        if told is None or told[0] not in (Kind.SONG, Kind.OLD_SONG) or told[1] >= self.songs:
            return None
        return GENRE_NAMES[self.shelf_of(told[1] // BLOCK * SHARERS).genre]

    def track_id(self, song: int) -> str:
        """Give the id of a song."""
        return id_of(self.seed, Kind.SONG, song)

    def shelf_of(self, artist: int) -> Shelf:
        """Find the genre of an artist."""
        return self.shelves[bisect_right(self._first_artists, artist) - 1]

    def _artist(self, number: int) -> Artist:
        shelf = self.shelf_of(number)
        block, place = divmod(number, SHARERS)
        first, count = share_of_block(chance.drawn(self._keys["block"], block))[place]
        return Artist(
            number,
            names.artist(number, chance.drawn(self._keys["artist"], number)),
            GENRE_NAMES[shelf.genre],
            (number - shelf.first_artist + 0.5) / shelf.artists,
            float(_fame(chance.share(self._keys["fame"], number))),
            block * BLOCK + first,
            count,
        )

    def artist_of(self, song: int) -> Artist:
        """Give the main artist of a song."""
        block, place = divmod(song, BLOCK)
        shares = share_of_block(chance.drawn(self._keys["block"], block))
        sharer = next(sharer for sharer, (start, count) in enumerate(shares) if place < start + count)
        return self.artist(block * SHARERS + sharer)

    def album(self, number: int) -> Album | None:
        """Give an album; None where its artist has not so many."""
        artist_number, place = divmod(number, ALBUMS_OF_ARTIST)
        artist = self.artist(artist_number)
        if place * SONGS_OF_ALBUM >= artist.songs:
            return None
        luck = chance.drawn(self._keys["album"], number)
        artist_luck = chance.drawn(self._keys["artist"], artist_number)
        year, month, day = 1972 + artist_luck % 45 + 2 * place, 1 + (luck >> 8) % 12, 1 + (luck >> 16) % 28
        date = f"{min(year, 2026)}-{month:02}-{day:02}"[: (10, 10, 10, 10, 7, 4)[luck % 6]]
        name = names.album(place, artist_luck, luck >> 24)
        first = artist.first_song + place * SONGS_OF_ALBUM
        return Album(
            number, name, artist_number, date, first, min(SONGS_OF_ALBUM, artist.songs - place * SONGS_OF_ALBUM)
        )

    def song(self, number: int) -> Song:
        """Give a song."""
        artist = self.artist_of(number)
        place = number - artist.first_song
        luck = chance.drawn(self._keys["song"], number)
        more = chance.drawn(self._keys["song"] ^ 1, number)
        shelf = self.shelf_of(artist.number)
        artists = [artist.number]
        if (more & 0xFFFF) / 0x10000 < _GUEST_SHARE:
            beside = 1 + (more >> 16) % min(6, shelf.artists - 1)
            artists.append(shelf.first_artist + (artist.number - shelf.first_artist + beside) % shelf.artists)
        return Song(
            number,
            self._title(artist, place, luck),
            tuple(artists),
            artist.number * ALBUMS_OF_ARTIST + place // SONGS_OF_ALBUM,
            place,
            60_000 + (luck >> 8) % 155_000 + (luck >> 32) % 155_000,
            self._isrc(number, luck),
            self._popularity(artist, number, more),
            (more >> 50) % 9 == 0,
            artist.genre,
        )

    def song_of_isrc(self, isrc: str) -> int | None:
        """Find the song of an ISRC in any case; None for a stranger's."""
        code = isrc.upper()
        if len(code) != 12 or not code.isascii() or not code.isalnum() or not code[5:].isdigit() or code[2] != "D":
            return None
        number = int(code[3:5], 36) * 100_000 + int(code[7:])
        known = number < self.songs and self._isrc(number, chance.drawn(self._keys["song"], number)).upper() == code
        return number if known else None

    def artists_of(self, songs: NDArray[np.int64]) -> NDArray[np.int64]:
        """Give the main artist of each song."""
        blocks, places = np.divmod(songs, BLOCK)
        return np.asarray(blocks * SHARERS + (places[:, None] >= _STARTS[self._patterns(blocks)]).sum(axis=1) - 1)

    def songs_of(self, artists: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Give the first song and the number of songs of each artist."""
        blocks, places = np.divmod(artists, SHARERS)
        patterns = self._patterns(blocks)
        return blocks * BLOCK + _STARTS[patterns, places], _PATTERNS[patterns, places]

    def place_of(self, artists: NDArray[np.int64]) -> NDArray[np.float64]:
        """Give where each artist sits on their genre's circle, 0 to 1."""
        shelves = np.searchsorted(self._first_artists, artists, side="right") - 1
        firsts = np.array(self._first_artists)[shelves]
        counts = np.array([shelf.artists for shelf in self.shelves])[shelves]
        return np.asarray((artists - firsts + 0.5) / counts)

    def fame_of(self, artists: NDArray[np.int64]) -> NDArray[np.float64]:
        """Give how often each artist is chosen against others of the genre: few are famous."""
        return np.asarray(_fame(chance.share_many(self._keys["fame"], artists)))

    def _patterns(self, blocks: NDArray[np.int64]) -> NDArray[np.int64]:
        return (chance.drawn_many(self._keys["block"], blocks) % np.uint64(len(_PATTERNS))).astype(np.int64)

    def _hits_of(self, shelf: Shelf) -> NDArray[np.int64]:
        count = max(2, round(_HITS_PER_SHARE * GENRES[GENRE_NAMES[shelf.genre]]))
        lucks = [chance.drawn(self._keys["hit"], shelf.genre * 100 + place) for place in range(count)]
        artists = np.array([*dict.fromkeys(shelf.first_artist + luck % shelf.artists for luck in lucks)])
        return self.songs_of(artists)[0]

    def _title(self, artist: Artist, place: int, luck: int) -> str:
        artist_luck = chance.drawn(self._keys["artist"], artist.number)
        # Up to the tenth song, so that no version of the first two comes twice.
        if 1 < place < 10 and (luck & 0xFF) / 0x100 < _VERSION_SHARE:
            of = place % 2
            first_luck = chance.drawn(self._keys["song"], artist.first_song + of)
            return names.title(of, artist_luck, first_luck >> 16) + _VERSIONS[place // 2 % len(_VERSIONS)]
        return names.title(place, artist_luck, luck >> 16)

    def _isrc(self, number: int, luck: int) -> str:
        high, low = divmod(number, 100_000)
        registrant = "D" + _DIGITS36[high // 36] + _DIGITS36[high % 36]
        code = f"{_COUNTRIES[luck % len(_COUNTRIES)]}{registrant}{luck % 100:02}{low:05}"
        return code if luck % 101 else code.lower()

    def _popularity(self, artist: Artist, number: int, luck: int) -> float:
        hit = self._all_hits.get(number)
        if hit is not None:
            return max(76, 96 - hit)
        told = int(min(75, max(0, 22 + 18 * log10(artist.fame / (1 + number - artist.first_song)) + luck % 9)))
        return float(told) if luck % 61 == 0 else told


def _shelves(songs: int) -> tuple[Shelf, ...]:
    """Share the songs out: small genres have more of them than listeners, as in life."""
    shelves: list[Shelf] = []
    first = 0
    for genre, share in enumerate(GENRES.values()):
        blocks = ceil(songs * (0.5 / len(GENRES) + 0.5 * share / sum(GENRES.values())) / BLOCK)
        shelves.append(Shelf(genre, blocks * SHARERS, first))
        first += blocks * SHARERS
    return tuple(shelves)


def share_of_block(luck: int) -> tuple[tuple[int, int], ...]:
    """Share a block of 32 among four: for each the start and the count."""
    return _SHARES[luck % len(_SHARES)]


def _fame(shares: Any) -> Any:
    return (1 - shares) ** (-1 / 1.2) - 0.9
