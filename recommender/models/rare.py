"""Neighbours of tracks that stand in few playlists: found in these when they are asked for, and never stored."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

import numpy as np

from recommender.errors import DamagedModel
from recommender.models.distinct import distinct
from recommender.models.links import Links
from recommender.models.neighbours import NearTracks


@dataclass(frozen=True)
class Rare:
    """The last tracks of the vocabulary, and the playlists that tell their neighbours. May be memory-mapped.

    Most tracks of a large collection stand in one playlist or two, and their lists, which hold little but the tracks of
    these, would take most of the room: the playlists themselves take a fiftieth of it.
    """

    first: int
    """The number of the first track without a stored list."""
    playlists: Links
    """A row for each of these tracks: the playlists that hold it."""
    tracks: Links
    """A row for each playlist: the tracks that it holds."""
    weights: np.ndarray
    """float32, shape (playlists,): what standing together in each playlist is worth."""
    counts: np.ndarray
    """float32, shape (tracks,): the playlists that hold each track, added up by weight."""

    def lists(self, seeds: np.ndarray, alpha: float, shrink: float, most: int) -> list[NearTracks]:
        """Give the lists of the different seeds that are among these tracks, `most` of the nearest, by track number.

        Equal similarities are ordered by track number. Raises DamagedModel, without the model's name.
        """
        rows = distinct(seeds[(seeds >= self.first) & (seeds < len(self.counts))]) - self.first
        return [self._list(int(row), alpha, shrink, most) for row in rows]

    def _list(self, row: int, alpha: float, shrink: float, most: int) -> NearTracks:
        _, playlist_nos, _ = self.playlists.told(np.array([row]), self.tracks.n_rows)
        numbers, together = self.tracks.totals(playlist_nos, np.asarray(self.weights)[playlist_nos], len(self.counts))
        others = (numbers != self.first + row) & (together > 0)
        numbers, together = numbers[others], together[others].astype(np.float32)
        with np.errstate(all="ignore"):
            fame = np.asarray(self.counts)[numbers] ** np.float32(alpha)
            below = self.counts[self.first + row] ** np.float32(alpha) * fame + np.float32(shrink)
            similarities = together / below
        if not np.isfinite(similarities).all() or (similarities < 0).any():
            raise DamagedModel("its counts are no numbers")
        if len(numbers) > most:
            last = np.partition(similarities, len(numbers) - most)[len(numbers) - most]
            kept = similarities >= last
            numbers, similarities = numbers[kept], similarities[kept]
        best = np.lexsort((numbers, -similarities))[:most]
        return numbers[best], similarities[best]

    def arrays(self) -> dict[str, np.ndarray]:
        """Give the arrays by name."""
        return {
            "rare-offsets": self.playlists.offsets, "rare-playlists": self.playlists.numbers,
            "playlist-offsets": self.tracks.offsets, "playlist-tracks": self.tracks.numbers,
            "playlist-weights": self.weights, "counts": self.counts,
        }  # fmt: skip

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, np.ndarray], first: int, n_tracks: int) -> Self:
        """Take the arrays by name. Raises ValueError when they do not fit together."""
        playlists = Links(arrays["rare-offsets"], arrays["rare-playlists"])
        tracks = Links(arrays["playlist-offsets"], arrays["playlist-tracks"])
        playlists.refuse_misfit(n_tracks)
        tracks.refuse_misfit(len(arrays["playlist-weights"]))
        if first + playlists.n_rows != n_tracks or len(arrays["playlist-weights"]) != tracks.n_rows:
            raise ValueError("each track has a list or its playlists, and each playlist has a weight")
        if arrays["counts"].shape != (n_tracks,) or arrays["playlist-weights"].ndim != 1:
            raise ValueError("each track has a count")
        if arrays["counts"].dtype.kind + arrays["playlist-weights"].dtype.kind != "ff":
            raise ValueError("counts and weights are no whole numbers")
        return cls(first, playlists, tracks, arrays["playlist-weights"], arrays["counts"])
