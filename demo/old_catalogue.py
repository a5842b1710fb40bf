"""A made-up world of music, all of it from one seed: genres, artists, songs, and playlists with a taste. Pure."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np

from demo import names

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
"""Each genre's share of the listeners; those side by side are neighbours, and so are the last and the first."""
PLAYLISTS = 640
SONGS = 5_600
ID_START = "demo"
"""Every track id begins so, by which a database of the demo is known."""

_SONGS_OF_ARTIST = 8
_SONGS_OF_ALBUM = 4
_VERSION_SHARE = 0.03
_VERSIONS = (" (Live)", " - Remastered 2011", " (Acoustic)", " - Radio Edit")
_NEIGHBOUR_SHARE, _HIT_SHARE, _NOISE_SHARE = 0.10, 0.08, 0.04
_SPREAD = 0.12
"""How far a playlist strays from its place in the genre; a genre is a circle of length 1 on which artists sit."""
_MEAN_LENGTH, _SHORTEST, _LONGEST = 50, 12, 140
_RUN_SHARE, _REPEAT_SHARE = 0.25, 0.04
_BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Song:
    """A made-up track."""

    track_id: str
    title: str
    artist: str
    artist_id: str
    album: str
    album_id: str
    duration_ms: int
    genre: str
    place: float
    """Where its artist sits on the genre's circle, 0 to 1: those who sit close are liked together."""
    fame: float
    """How often it is chosen against the other songs of its genre."""


@dataclass(frozen=True, slots=True)
class MadePlaylist:
    """A made-up playlist."""

    name: str
    genre: str
    songs: tuple[int, ...]
    """Numbers of songs, in order; one may stand twice."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The made-up world; every song stands in a playlist."""

    songs: tuple[Song, ...]
    playlists: tuple[MadePlaylist, ...]

    @property
    def entries(self) -> int:
        """Places in playlists."""
        return sum(len(playlist.songs) for playlist in self.playlists)


def make_catalogue(rng: np.random.Generator, playlists: int = PLAYLISTS, songs: int = SONGS) -> Catalogue:
    """Make a world up; the same generator gives the same world."""
    made = _songs(rng, songs)
    shares = np.array([*GENRES.values()])
    genres = rng.choice([*GENRES], playlists, p=shares / shares.sum())
    world = _World(made)
    lists = [_playlist(rng, world, str(genre)) for genre in genres]
    return Catalogue(made, tuple(_with_forgotten(rng, world, lists)))


def slices(catalogue: Catalogue, length: int = 80) -> Iterator[tuple[str, dict[str, Any]]]:
    """Give file names and contents: the playlists in the schema of the Million Playlist Dataset."""
    for start in range(0, len(catalogue.playlists), length):
        chosen = catalogue.playlists[start : start + length]
        told = [_playlist_told(catalogue, start + place, playlist) for place, playlist in enumerate(chosen)]
        name = f"{start}-{start + len(chosen) - 1}"
        yield f"mpd.slice.{name}.json", {"info": {"slice": name, "version": "v1"}, "playlists": told}


def draw_seeds(rng: np.random.Generator, catalogue: Catalogue, count: int) -> list[Song]:
    """Draw different songs as listeners come upon them: the more playlists hold one, the likelier it is drawn."""
    uses = Counter(number for playlist in catalogue.playlists for number in playlist.songs)
    numbers = np.array([*uses])
    weights = np.array([*uses.values()], float)
    drawn = rng.choice(numbers, count, replace=False, p=weights / weights.sum())
    return [catalogue.songs[number] for number in drawn]


def _songs(rng: np.random.Generator, count: int) -> tuple[Song, ...]:
    made: list[Song] = []
    artists = names.artists(rng)
    for genre, share in GENRES.items():
        # Small genres have more songs than listeners, as in life.
        wanted = round(count * (0.5 / len(GENRES) + 0.5 * share / sum(GENRES.values())))
        discographies = (song for artist in artists for song in _discography(rng, artist, genre))
        made += islice(discographies, wanted)
    return tuple(made)


def _discography(rng: np.random.Generator, artist: str, genre: str) -> list[Song]:
    artist_id, place, fame = _made_up_id(rng), rng.random(), rng.pareto(1.2) + 0.1
    titles = list(islice(names.titles(rng), 1 + int(rng.poisson(_SONGS_OF_ARTIST - 1))))
    titles += [title + str(rng.choice(_VERSIONS)) for title in titles if rng.random() < _VERSION_SHARE]
    albums = [(name, _made_up_id(rng)) for name in islice(names.albums(rng), 1 + len(titles) // _SONGS_OF_ALBUM)]
    return [
        Song(
            _made_up_id(rng),
            title,
            artist,
            artist_id,
            *albums[number // _SONGS_OF_ALBUM],
            int(np.clip(rng.normal(215_000, 45_000), 60_000, 600_000)),
            genre,
            place,
            fame / (1 + number),
        )
        for number, title in enumerate(titles)
    ]


class _World:
    """The songs as arrays, by genre, for drawing from."""

    def __init__(self, songs: tuple[Song, ...]) -> None:
        self.songs = songs
        self.place = np.array([song.place for song in songs])
        self.fame = np.array([song.fame for song in songs])
        genres = np.array([song.genre for song in songs])
        self.of_genre = {genre: np.flatnonzero(genres == genre) for genre in GENRES}
        self.hits = np.concatenate([self._best(genre, share) for genre, share in GENRES.items()])
        weights = np.concatenate([np.full(len(self._best(g, s)), s / len(self._best(g, s))) for g, s in GENRES.items()])
        self.hit_weights = weights / weights.sum()

    def _best(self, genre: str, share: float) -> np.ndarray:
        numbers = self.of_genre[genre]
        return numbers[np.argsort(-self.fame[numbers])][: max(2, round(60 * share))]

    def near(self, rng: np.random.Generator, genre: str, home: float, count: int) -> np.ndarray:
        """Draw songs of a genre, famous ones and those near the place first: int64, shape (at most count,)."""
        numbers = self.of_genre[genre]
        apart = np.abs(self.place[numbers] - home)
        apart = np.minimum(apart, 1 - apart)
        weights = np.sqrt(self.fame[numbers]) * (np.exp(-0.5 * (apart / _SPREAD) ** 2) + 1e-3)
        return rng.choice(numbers, min(count, len(numbers)), replace=False, p=weights / weights.sum())


def _playlist(rng: np.random.Generator, world: _World, genre: str) -> MadePlaylist:
    length = int(np.clip(rng.lognormal(np.log(_MEAN_LENGTH), 0.5), _SHORTEST, _LONGEST))
    neighbours, hits, noise = rng.multinomial(length, [_NEIGHBOUR_SHARE, _HIT_SHARE, _NOISE_SHARE, 1])[:3]
    home, everything = rng.random(), [*GENRES]
    beside = everything[(everything.index(genre) + int(rng.choice([-1, 1]))) % len(everything)]
    chosen = np.concatenate(
        [
            world.near(rng, genre, home, length - neighbours - hits - noise),
            world.near(rng, beside, home, neighbours),
            rng.choice(world.hits, hits, p=world.hit_weights),
            rng.choice(len(world.songs), noise),
        ]
    )
    chosen = np.array([*dict.fromkeys(chosen.tolist())])
    # In order of place, roughly: the songs that follow each other are alike.
    order = [*chosen[np.argsort(world.place[chosen] + rng.normal(0, _SPREAD / 2, len(chosen)))].tolist()]
    return MadePlaylist(names.playlist(rng, genre), genre, tuple(_with_habits(rng, world, order)))


def _with_habits(rng: np.random.Generator, world: _World, order: list[int]) -> list[int]:
    """Let an album run through in some playlists, and a song stand twice in some."""
    if rng.random() < _RUN_SHARE:
        place = int(rng.integers(len(order)))
        first = order[place]
        near = range(first, min(first + _SONGS_OF_ALBUM, len(world.songs)))
        run = [number for number in near if world.songs[number].album_id == world.songs[first].album_id]
        order = [*dict.fromkeys([*(n for n in order[:place] if n not in run), *run, *order[place:]])]
    if rng.random() < _REPEAT_SHARE:
        order.append(order[0])
    return order


def _with_forgotten(rng: np.random.Generator, world: _World, lists: list[MadePlaylist]) -> list[MadePlaylist]:
    """Put every song that nobody chose into a playlist of its genre, so that all songs are there to be found."""
    chosen = {number for playlist in lists for number in playlist.songs}
    more: dict[int, list[int]] = {}
    for genre, numbers in world.of_genre.items():
        hosts = [place for place, playlist in enumerate(lists) if playlist.genre == genre] or [0]
        for number in numbers.tolist():
            if number not in chosen:
                more.setdefault(int(rng.choice(hosts)), []).append(number)
    return [
        MadePlaylist(playlist.name, playlist.genre, (*playlist.songs, *more.get(place, ())))
        for place, playlist in enumerate(lists)
    ]


def _playlist_told(catalogue: Catalogue, pid: int, playlist: MadePlaylist) -> dict[str, Any]:
    songs = [catalogue.songs[number] for number in playlist.songs]
    tracks = [
        {
            "pos": place,
            "artist_name": song.artist,
            "track_uri": f"spotify:track:{song.track_id}",
            "artist_uri": f"spotify:artist:{song.artist_id}",
            "track_name": song.title,
            "album_uri": f"spotify:album:{song.album_id}",
            "duration_ms": song.duration_ms,
            "album_name": song.album,
        }
        for place, song in enumerate(songs)
    ]
    return {"name": playlist.name, "pid": pid, "num_tracks": len(songs), "num_followers": 1, "tracks": tracks}


def _made_up_id(rng: np.random.Generator) -> str:
    return ID_START + "".join(_BASE62[n] for n in rng.integers(len(_BASE62), size=22 - len(ID_START)))
