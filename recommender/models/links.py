"""Rows of linked numbers as flat arrays, such as the playlists of each track: adding up many rows at once."""

from dataclasses import dataclass

import numpy as np

from recommender.errors import DamagedModel


@dataclass(frozen=True)
class Links:
    """For each row the numbers that it is linked to. May be memory-mapped: only what is asked for is read."""

    offsets: np.ndarray
    """int64, shape (rows + 1,): the numbers of row i are numbers[offsets[i]:offsets[i + 1]]."""
    numbers: np.ndarray
    """int32, shape (links,): the same number never twice in one row."""
    weights: np.ndarray | None = None
    """float32, shape (links,): what each link weighs; None: all weigh 1."""

    @property
    def n_rows(self) -> int:
        """Count the rows."""
        return len(self.offsets) - 1

    def refuse_misfit(self, most_rows: int) -> None:
        """Raise ValueError when the arrays do not fit together, or have more rows than there can be."""
        offsets, numbers = self.offsets, self.numbers
        if offsets.ndim != 1 or numbers.ndim != 1 or offsets.dtype.kind + numbers.dtype.kind != "ii":
            raise ValueError("links are flat arrays of whole numbers")
        if not 1 <= len(offsets) <= most_rows + 1 or offsets[0] != 0 or offsets[-1] != len(numbers):
            raise ValueError("the offsets begin at 0, end with the links, and are of rows that there are")

    def lengths(self, rows: np.ndarray) -> np.ndarray:
        """Count the links of some rows: int64, shape (len(rows),)."""
        counts: np.ndarray = self.offsets[rows + 1] - self.offsets[rows]
        return counts

    def places(self, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Give the length of each row, and where its links stand, row after row: int64, shape (links of the rows,).

        rows: integers from 0 on, each once. Raises DamagedModel, without the model's name, when there is no such place.
        """
        starts, ends = np.asarray(self.offsets[rows]), np.asarray(self.offsets[rows + 1])
        # Checked here and not at opening, because whole mapped arrays would have to be read then.
        if len(rows) and (starts.min() < 0 or (ends < starts).any() or ends.max() > len(self.numbers)):
            raise DamagedModel("its lists lie outside of their array")
        lengths = ends - starts
        total = int(lengths.sum())
        # Rows of sound files share no place, so that together they are never longer than the whole.
        if total > len(self.numbers):
            raise DamagedModel("its lists overlap")
        return lengths, ranges(starts, lengths)

    def told(self, rows: np.ndarray, n_numbers: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Give all links of some rows: the place of the row, the number (below n_numbers), and the weight (float64).

        rows: integers from 0 on, each once. Raises DamagedModel, without the model's name, when those are no links.
        """
        lengths, places = self.places(rows)
        numbers = np.asarray(self.numbers)[places]
        weights = np.ones(len(places)) if self.weights is None else np.asarray(self.weights)[places].astype(np.float64)
        if len(numbers) and not (numbers.min() >= 0 and numbers.max() < n_numbers and np.isfinite(weights).all()):
            raise DamagedModel("its lists hold numbers of nothing, or weights that are no numbers")
        return np.repeat(np.arange(len(rows)), lengths), numbers, weights

    def added(self, rows: np.ndarray, shares: np.ndarray, n_numbers: int) -> np.ndarray:
        """Add up the shares of the rows at the numbers they are linked to: float64, shape (n_numbers,), 0 for no link.

        rows: integers from 0 on, each once. shares: shape (len(rows),), multiplied by the weights of the links.
        Raises DamagedModel, without the model's name, when what it touches is no row of links.
        """
        # Of nothing at all, bincount makes whole numbers.
        return np.bincount(*self._shared_out(rows, shares, n_numbers), n_numbers).astype(np.float64, copy=False)

    def totals(self, rows: np.ndarray, shares: np.ndarray, n_numbers: int) -> tuple[np.ndarray, np.ndarray]:
        """Add up as added does, and give only what is linked: the numbers, each once, and their sums (float64)."""
        return totals(*self._shared_out(rows, shares, n_numbers), n_numbers)

    def _shared_out(self, rows: np.ndarray, shares: np.ndarray, n_numbers: int) -> tuple[np.ndarray, np.ndarray]:
        """Give the numbers that the rows are linked to, row after row, and each one's part of the share."""
        lengths, places = self.places(rows)
        numbers, parts = np.asarray(self.numbers)[places], np.repeat(shares, lengths)
        if self.weights is not None:
            parts = parts * np.asarray(self.weights)[places]
        if len(places) and not (numbers.min() >= 0 and numbers.max() < n_numbers and np.isfinite(parts).all()):
            raise DamagedModel("its lists hold numbers of nothing, or weights that are no numbers")
        return numbers, parts


def totals(numbers: np.ndarray, parts: np.ndarray, n_numbers: int) -> tuple[np.ndarray, np.ndarray]:
    """Add up the parts of each number: the numbers, each once, in any order, and their sums (float64).

    numbers: int32, from 0 and below n_numbers, which may be millions: it takes time for the parts alone.
    """
    # Only what is written is read again, so that the other pages are never touched.
    place_of = np.empty(n_numbers, np.int32)
    every = np.arange(len(numbers), dtype=np.int32)
    place_of[numbers] = every
    places = place_of[numbers]
    own = places == every
    return numbers[own], np.bincount(places, parts, len(numbers))[own]


def ranges(starts: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    """Put ranges one after the other: starts[0], starts[0] + 1, ... for lengths[0] numbers, and so on; int64."""
    before = np.cumsum(lengths) - lengths
    places: np.ndarray = np.arange(int(lengths.sum())) + np.repeat(starts - before, lengths)
    return places


def distinct(seeds: np.ndarray, n_tracks: int) -> tuple[np.ndarray, np.ndarray]:
    """Give the known seeds, each once, rising (int32), and their ages (int64): 0 for the last, 1 for the one before.

    A seed that comes twice is as old as its last time.
    """
    known = seeds[(seeds >= 0) & (seeds < n_tracks)]
    tracks, ages = np.unique(known[::-1], return_index=True)
    return tracks, ages


def told(total: np.ndarray) -> np.ndarray:
    """Turn sums into scores: float32, NaN where nothing was added.

    Raises DamagedModel, without the model's name, when a sum is no number that a score can be.
    """
    with np.errstate(over="ignore"):
        scores = total.astype(np.float32)
    if not np.isfinite(scores).all():
        raise DamagedModel("its weights are no numbers")
    scores[scores == 0] = np.nan
    return scores
