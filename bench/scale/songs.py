"""Who has made-up songs and how well they are known: artists, albums, scenes, and how often each stands in a playlist.

Pure. A scene is for so many playlists of a kind: a few dozen short ones share a few hundred songs, as many long ones
some thousands. Long playlists are of songs that many know, short ones are as likely about what nobody else has: so it
is in life.
"""

from dataclasses import dataclass

import numpy as np

from bench.scale import shape

SCENE = 28
"""Playlists to a scene."""
GENRE = 20
"""Scenes to a genre."""
OF_ARTIST = 40
"""Tracks of one artist in a scene, at most; the others are in the next scenes of the genre."""
ALBUM = 0.16
"""The chance that an album ends after a track."""
MIXED = 0.6
"""How far the playlists of a scene differ in length, as a standard deviation of the logarithm."""
BY_LENGTH, BY_CHANCE = 0.35, 1.1
"""How much a scene is better known for the length of its playlists, and as it comes."""
CROWDED = 0.8
"""How strongly the known scenes have fewer tracks for as many entries."""
FAME = 1.0, 0.2, 0.2
"""How much a track's fame is its scene's, its artist's, its own."""
GOLDEN = 5**0.5 / 2 - 0.5
"""Multiples of it, without their whole part, keep their distance however many there are."""


@dataclass(frozen=True)
class Songs:
    """Tracks, numbered artist by artist, album by album."""

    artists: np.ndarray
    """int32, shape (tracks,), rising."""
    albums: np.ndarray
    """int32, shape (tracks,), rising."""
    scenes: np.ndarray
    """int32, shape (tracks,)."""
    counts: np.ndarray
    """int32, shape (tracks,): how often each stands in a playlist."""


def by_length(lengths: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Put the playlists in a row from short to long, not strictly."""
    return np.argsort(np.log(lengths) + MIXED * rng.standard_normal(len(lengths)), kind="stable")


def draw(n_tracks: int, n_artists: int, ordered: np.ndarray, rng: np.random.Generator) -> Songs:
    """Draw songs for playlists of these lengths, given in their row; every entry has its song.

    ordered: int64, shape (playlists,).
    """
    sizes = shape.artist_sizes(n_artists, n_tracks, rng)
    artists = np.repeat(np.arange(n_artists, dtype=np.int32), sizes)
    begins = rng.random(n_tracks) < ALBUM
    begins[1:] |= artists[1:] != artists[:-1]
    albums = np.cumsum(begins, dtype=np.int32) - np.int32(begins[0])
    # What is left over joins the shortest: a scene of a few of the longest lists would be odd, and weigh much.
    begins_scene = np.arange(len(ordered) % SCENE, len(ordered), SCENE) if len(ordered) > SCENE else np.zeros(1, int)
    begins_scene[0] = 0
    width = np.add.reduceat(ordered, begins_scene).astype(float)
    known = BY_LENGTH * _standard(np.log(width)) + BY_CHANCE * _by_turns(len(width), rng)
    scenes = _scenes(sizes, artists, width * np.exp(-CROWDED * known), rng)
    fame = (known.astype(np.float32) * FAME[0])[scenes]
    fame += (rng.standard_normal(n_artists, np.float32) * FAME[1])[artists]
    fame += rng.standard_normal(n_tracks, np.float32) * FAME[2]
    counts = np.empty(n_tracks, np.int32)
    counts[np.argsort(-fame, kind="stable")] = shape.counts(n_tracks, len(ordered), int(ordered.sum()), rng)
    return Songs(artists, albums, scenes, counts)


def _by_turns(number: int, rng: np.random.Generator) -> np.ndarray:
    """Give values of mean 0 and deviation 1, well mixed everywhere: few scenes are of the longest lists."""
    return ((rng.random() + np.arange(number) * GOLDEN) % 1.0 - 0.5) * 12**0.5


def _standard(values: np.ndarray) -> np.ndarray:
    return (values - values.mean()) / max(values.std(), 1e-9)


def _scenes(sizes: np.ndarray, artists: np.ndarray, room: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Fill the scenes with artists; an artist of many tracks reaches into the next scenes of the genre."""
    row = rng.permutation(len(sizes))
    starts = np.empty(len(sizes))
    starts[row] = np.cumsum(sizes[row]) - sizes[row]
    edges = np.cumsum(room) / room.sum() * sizes.sum()
    first = np.minimum(np.searchsorted(edges, starts, "right"), len(room) - 1).astype(np.int32)[artists]
    further = (np.arange(len(artists)) - (np.cumsum(sizes) - sizes)[artists]) // OF_ARTIST
    start = first // GENRE * GENRE
    return (start + (first - start + further) % np.minimum(GENRE, len(room) - start)).astype(np.int32)
