"""What a made-up listener puts into a playlist: songs around a place on a genre's circle, hits, noise, habits. Pure."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from demo import chance
from demo.music import SONGS_OF_ALBUM, Music, Shelf

_NEIGHBOUR_SHARE, _HIT_SHARE, _NOISE_SHARE = 0.06, 0.06, 0.02
_SPREAD = 0.12
"""How far a playlist strays from its place on a small genre's circle, which has length 1."""
_SMALL_GENRE = 100
"""Artists. In larger genres the spread covers more of them, but a smaller part of the circle."""
_GROWTH = 0.35
_OTHERS_ACCEPTED = 0.4
"""Near the share of a genre's draws that fame lets through, so that hits and noise keep their shares."""
_FAME_CAP = 3.0
_RUN_SHARE, _REPEAT_SHARE = 0.25, 0.04
_FAR = 4.0
"""In a second round, for long playlists, it strays so many times farther."""


@dataclass(frozen=True, slots=True)
class Taste:
    """What a playlist is drawn from."""

    shelf: Shelf
    beside: Shelf
    """A neighbour of the genre."""
    home: float
    """The place on the circle."""
    first: int
    count: int
    """Songs around the home that stand here for certain, so that every song stands somewhere."""


def draw(music: Music, key: int, taste: Taste, length: int) -> NDArray[np.int64]:
    """Draw the songs of a playlist in order: int64, shape (length,)."""
    if not length:
        return np.zeros(0, np.int64)
    certain = np.arange(taste.first, taste.first + min(taste.count, length // 2))
    chosen = _distinct(np.concatenate([certain, _candidates(music, key, taste, 4 * length + 64, 1.0)]))
    if len(chosen) < length:
        chosen = _distinct(np.concatenate([chosen, _candidates(music, key ^ 1, taste, 8 * length + 64, _FAR)]))
    if len(chosen) < length:
        everywhere = (chance.share_many(key ^ 2, np.arange(8 * length)) * music.songs).astype(np.int64)
        chosen = _distinct(np.concatenate([chosen, everywhere]))
    ordered = _ordered(music, key, taste.home, np.resize(chosen, length))
    return _with_habits(music, key, ordered)


def _candidates(music: Music, key: int, taste: Taste, count: int, far: float) -> NDArray[np.int64]:
    """Draw songs by the listener's habits, with repeats: int64, shape (at most count,)."""
    which, first, second, taken, song = chance.share_many(key, np.arange(5 * count)).reshape(5, count)
    beside, hit, noise = (which < share for share in np.cumsum([_NEIGHBOUR_SHARE, _HIT_SHARE, _NOISE_SHARE]))
    artists = np.where(beside, taste.beside.artists, taste.shelf.artists)
    spread = far * _SPREAD * np.maximum(artists / _SMALL_GENRE, 1.0) ** (_GROWTH - 1)
    place = (taste.home + spread * chance.normal_many(first, second)) % 1.0
    starts = np.where(beside, taste.beside.first_artist, taste.shelf.first_artist)
    artist = starts + np.minimum((place * artists).astype(np.int64), artists - 1)
    first_song, songs = music.songs_of(artist)
    drawn = first_song + (songs * song**2).astype(np.int64)
    drawn = np.where(noise & ~hit, (song * music.songs).astype(np.int64), drawn)
    drawn = np.where(hit & ~beside, _hits(music, first, song), drawn)
    fame = np.sqrt(music.fame_of(artist)) / _FAME_CAP
    accepted = taken < np.where(noise & ~beside, _OTHERS_ACCEPTED, fame)
    return np.asarray(drawn[accepted])


def _hits(music: Music, genre: NDArray[np.float64], song: NDArray[np.float64]) -> NDArray[np.int64]:
    """Draw hits: every genre's alike, its greatest most."""
    counts = np.array([len(hits) for hits in music.hits])
    starts = np.cumsum(counts) - counts
    genres = (genre * len(counts)).astype(np.int64)
    places = starts[genres] + (counts[genres] * song**2).astype(np.int64)
    return np.asarray(np.concatenate(music.hits)[places])


def _distinct(songs: NDArray[np.int64]) -> NDArray[np.int64]:
    """Keep each song where it first stands."""
    return songs[np.sort(np.unique(songs, return_index=True)[1])]


def _ordered(music: Music, key: int, home: float, songs: NDArray[np.int64]) -> NDArray[np.int64]:
    """Order by place, roughly: the songs that follow each other are alike."""
    first, second = chance.share_many(key ^ 3, np.arange(2 * len(songs))).reshape(2, len(songs))
    place = (music.place_of(music.artists_of(songs)) - home + 0.5) % 1.0
    return songs[np.argsort(place + chance.normal_many(first, second) * _SPREAD / 2, kind="stable")]


def _with_habits(music: Music, key: int, songs: NDArray[np.int64]) -> NDArray[np.int64]:
    """Let an album run through in some playlists, and a song stand twice in some; the length stays."""
    run, where, repeat = (chance.share(key ^ 4, number) for number in range(3))
    length = len(songs)
    if run < _RUN_SHARE:
        place = int(where * length)
        artist = music.artist_of(int(songs[place]))
        start = artist.first_song + (int(songs[place]) - artist.first_song) // SONGS_OF_ALBUM * SONGS_OF_ALBUM
        album = np.arange(start, min(start + SONGS_OF_ALBUM, artist.first_song + artist.songs))
        before, after = songs[:place], songs[place:]
        songs = np.concatenate([before[~np.isin(before, album)], album, after[~np.isin(after, album)]])[:length]
    if repeat < _REPEAT_SHARE and len(songs) > 1:
        songs[-1] = songs[0]
    return songs
