"""Lists of nearest neighbours as flat arrays: cutting them out of similarities, and scoring from them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from recommender.errors import DamagedModel
from recommender.models.distinct import distinct
from recommender.models.links import totals

NearTracks = tuple[np.ndarray, np.ndarray]
"""Track numbers (int32), each once, and how alike each is (float32), above 0."""

# Larger than the key of any real neighbour, so that what is no neighbour sorts behind all of them.
_NOBODY = np.iinfo(np.int64).max
_HIGHEST_BITS = np.int64(0x7FFFFFFF)


@dataclass(frozen=True)
class Neighbours:
    """For each of the first rows of the vocabulary, its nearest tracks, nearest first. May be memory-mapped."""

    offsets: np.ndarray
    """int64, shape (rows + 1,): the list of track i is [offsets[i]:offsets[i + 1]] of the two arrays below."""
    numbers: np.ndarray
    """int32, shape (pairs,): the track numbers of the neighbours; the same number never twice in one list."""
    similarities: np.ndarray
    """float32, shape (pairs,): how alike the two are, above 0."""

    @property
    def n_rows(self) -> int:
        """Give how many tracks have a list, which may be empty."""
        return len(self.offsets) - 1

    def arrays(self) -> dict[str, np.ndarray]:
        """Give the three arrays by name."""
        return {"offsets": self.offsets, "neighbours": self.numbers, "similarities": self.similarities}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, np.ndarray], n_tracks: int) -> Self:
        """Take the three arrays by name. Raises ValueError when they do not fit together."""
        offsets, numbers, similarities = arrays["offsets"], arrays["neighbours"], arrays["similarities"]
        if offsets.ndim != 1 or numbers.ndim != 1 or numbers.shape != similarities.shape:
            raise ValueError("lists of neighbours are three flat arrays, two of one length")
        if offsets.dtype.kind + numbers.dtype.kind + similarities.dtype.kind != "iif":
            raise ValueError("offsets and numbers are whole, similarities are not")
        if not 1 <= len(offsets) <= n_tracks + 1 or offsets[0] != 0 or offsets[-1] != len(numbers):
            raise ValueError("the offsets begin at 0, end with the pairs, and are of tracks")
        return cls(offsets, numbers, similarities)

    def summed(self, seeds: np.ndarray, n_tracks: int) -> np.ndarray:
        """Add up the lists of the seeds: float32, shape (n_tracks,), NaN for what is in no list.

        seeds: int32, shape (any,); a seed that comes twice counts once, one without a list not at all.
        Raises DamagedModel, without the model's name, when what it touches is no list of neighbours.
        """
        return summed(self.lists(seeds), n_tracks)

    def lists(self, seeds: np.ndarray) -> list[NearTracks]:
        """Give the lists of the different seeds that have one, by track number."""
        spans = [self._span(row) for row in distinct(seeds[(seeds >= 0) & (seeds < self.n_rows)]).tolist()]
        return [(self.numbers[span], self.similarities[span]) for span in spans]

    def _span(self, row: int) -> slice:
        start, end = int(self.offsets[row]), int(self.offsets[row + 1])
        if not 0 <= start <= end <= len(self.numbers):
            raise DamagedModel("its lists of neighbours overlap")
        return slice(start, end)


def summed(lists: Sequence[NearTracks], n_tracks: int) -> np.ndarray:
    """Add up lists of neighbours: float32, shape (n_tracks,), NaN for what is in none. Raises DamagedModel."""
    scores = np.full(n_tracks, np.nan, np.float32)
    tracks, sums = sums_of(lists, n_tracks)
    scores[tracks] = sums
    return scores


def sums_of(lists: Sequence[NearTracks], n_tracks: int) -> NearTracks:
    """Add up lists of neighbours: what is in one at least, in any order, and the sums. Raises DamagedModel."""
    if not lists:
        return np.zeros(0, np.int32), np.zeros(0, np.float32)
    numbers, weights = (np.concatenate(parts) for parts in zip(*lists, strict=True))
    # Checked here and not at opening, because whole mapped arrays would have to be read then.
    if len(numbers) and not (numbers.min() >= 0 and numbers.max() < n_tracks and np.isfinite(weights).all()):
        raise DamagedModel("its neighbours are not tracks with similarities")
    tracks, sums = totals(numbers, weights, n_tracks)
    told = sums != 0
    return tracks[told], sums[told].astype(np.float32)


class Collector:
    """Gathers the lists block by block into arrays whose size is bounded beforehand.

    Pages that stay untouched take no memory, whereas a list of blocks and its concatenation would take it twice.
    """

    def __init__(self, most: np.ndarray) -> None:
        """Make room for most[i] neighbours of row i: integers, shape (rows,)."""
        room = int(most.sum())
        self._counts = np.zeros(len(most), np.int64)
        self._numbers = np.empty(room, np.int32)
        self._similarities = np.empty(room, np.float32)
        self.n_rows = 0
        self._used = 0

    def add(self, numbers: np.ndarray, similarities: np.ndarray, most: int) -> None:
        """Take the next rows, and keep the nearest of each.

        numbers: int32, and similarities: float32, both of shape (rows, width); what is not above 0, and the row's own
        number, is no neighbour. Equal similarities are ordered by track number.
        """
        own = np.arange(self.n_rows, self.n_rows + len(numbers))[:, None]
        keys = _keys(numbers, similarities, own)
        if keys.shape[1] > 2 * most:
            keys = np.partition(keys, most - 1, axis=1)[:, :most]
        keys = np.sort(keys, axis=1)[:, :most]
        real = keys != _NOBODY
        self._counts[self.n_rows : self.n_rows + len(keys)] = real.sum(1)
        kept = keys[real]
        span = slice(self._used, self._used + len(kept))
        self._numbers[span] = kept & _HIGHEST_BITS
        self._similarities[span] = (_HIGHEST_BITS - (kept >> 32)).astype(np.int32).view(np.float32)
        self.n_rows += len(keys)
        self._used += len(kept)

    def neighbours(self) -> Neighbours:
        """Give all lists that were added."""
        offsets = np.zeros(len(self._counts) + 1, np.int64)
        np.cumsum(self._counts, out=offsets[1:])
        return Neighbours(offsets, self._numbers[: self._used], self._similarities[: self._used])


def _keys(numbers: np.ndarray, similarities: np.ndarray, own: np.ndarray) -> np.ndarray:
    # One integer for both: positive floats sort like their bits, so that one plain sort puts the most similar first
    # and equals by number, several times faster than an indirect sort by two arrays.
    bits = np.ascontiguousarray(similarities, np.float32).view(np.int32)
    keys = (_HIGHEST_BITS - bits) << np.int64(32)
    keys |= numbers
    keys[(similarities <= 0) | (numbers == own)] = _NOBODY
    return keys
