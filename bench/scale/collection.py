"""A made-up collection of the article's size, or any part of it.

    from bench.scale.collection import Collection
    made = Collection.of("1/16", seed=1)
    made.arrays()          # entries, offsets, artists, albums, genres
    made.write(folder)     # the same as MPD slices of 1,000 playlists

The same part and seed give the same collection, to the byte. What is held at part 1 stays below 500 MB.
"""

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np

from bench.scale import shape
from bench.scale.laying import lay
from bench.scale.songs import by_length, draw

PLAYLISTS, TRACKS, ARTISTS, ENTRIES = 177_889, 4_995_249, 801_357, 12_000_000
"""The article's database; its entries are not told, these are 2.4 to a track as in the real data."""


@dataclass(frozen=True)
class Arrays:
    """A collection as numbers."""

    entries: np.ndarray
    """int32, shape (entries,): track numbers."""
    offsets: np.ndarray
    """int64, shape (playlists + 1,)."""
    artists: np.ndarray
    """int32, shape (tracks,)."""
    albums: np.ndarray
    """int32, shape (tracks,)."""
    genres: np.ndarray
    """int32, shape (playlists,)."""


@dataclass(frozen=True)
class Collection:
    """A collection that is not made yet: its size and its seed."""

    n_playlists: int
    n_tracks: int
    n_artists: int
    n_entries: int
    seed: int

    @classmethod
    def of(cls, part: str | float | Fraction, seed: int = 1) -> "Collection":
        """Take a part of the article's size: 1, "1/16", 0.5."""
        share = Fraction(part)
        sizes = (round(whole * share) for whole in (PLAYLISTS, TRACKS, ARTISTS, ENTRIES))
        return cls(*sizes, seed)

    def arrays(self) -> Arrays:
        """Make it, in memory."""
        rng = np.random.default_rng(self.seed)
        lengths = shape.lengths(self.n_playlists, self.n_entries, rng)
        row = by_length(lengths, rng)
        songs = draw(self.n_tracks, self.n_artists, lengths[row], rng)
        entries, genres = lay(songs, lengths, row, rng)
        return Arrays(entries, np.concatenate([[0], np.cumsum(lengths)]), songs.artists, songs.albums, genres)

    def write(self, folder: Path) -> None:
        """Make it, and write it as slices into the folder, one slice at a time."""
        from bench.scale.slices import write

        write(self.arrays(), folder, self.seed)
