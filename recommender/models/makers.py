"""The artists' own vectors, which word2vec adds to those of their tracks, and takes off again before it goes on."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Self

import numpy as np

from recommender.errors import DamagedModel
from recommender.models.updates import carried
from recommender.models.vectors import Start
from recommender.vocabulary import NOT_FOUND


@dataclass(frozen=True)
class Makers:
    """Who made each learned track, and the vectors of all artists as they were learned. May be memory-mapped."""

    rows: np.ndarray
    """int32, shape (learned,): the row of each learned track's artist, -1 where none is known."""
    inner: np.ndarray
    """float32, shape (artists, dimensions)."""
    outer: np.ndarray
    """float32, shape (artists, dimensions)."""

    def beside(
        self, inner: np.ndarray, outer: np.ndarray, shares: tuple[float, float]
    ) -> tuple[np.ndarray, np.ndarray]:
        """Add to the vectors of the tracks those of their artists: both float32, shape (learned, dimensions).

        shares: of the artists' inner vectors, brought to length 1, and of their outer ones; below 0 they are taken off.
        Where no artist is known, the mean over the tracks where one is takes the place.
        Raises DamagedModel, without the model's name.
        """
        if len(self.rows) and not -1 <= self.rows.min() <= self.rows.max() < len(self.inner):
            raise DamagedModel("its artists are not those of its tracks")
        return _plus(inner, shares[0], unit(self.inner), self.rows), _plus(outer, shares[1], self.outer, self.rows)

    def start(self, tracks: Start, row_of: np.ndarray, artists: np.ndarray) -> Start:
        """Give the start of artists after that of the tracks; an artist that was not learned begins as their mean.

        row_of: integers, shape (tracks,): which learned track each of the tracks is, -1 for none. artists: int32, shape
        (tracks,): the number of each one's artist, -1 where none is known.
        """
        before = np.append(self.rows, NOT_FOUND)[row_of]
        known = (before >= 0) & (artists >= 0)
        row_of_artist = np.full(int(artists.max(initial=-1)) + 1, NOT_FOUND)
        row_of_artist[artists[known]] = before[known]
        own = (carried(vectors, row_of_artist) for vectors in (self.inner, self.outer))
        return Start(*map(partial(_with_new, artists), (tracks.inner, tracks.outer), own))

    def arrays(self) -> dict[str, np.ndarray]:
        """Give everything by name; nothing where there are no artists."""
        told = {"makers": self.rows, "artist-inner": self.inner, "artist-outer": self.outer}
        return told if len(self.inner) else {}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, np.ndarray], shape: tuple[int, ...]) -> Self:
        """Take everything by name. Raises ValueError when it does not fit to vectors of this shape."""
        if "makers" not in arrays:
            return cls(np.full(shape[0], -1, np.int32), *np.zeros((2, 0, shape[1]), np.float32))
        rows, inner, outer = arrays["makers"], arrays["artist-inner"], arrays["artist-outer"]
        if rows.shape != shape[:1] or inner.ndim != 2 or inner.shape[1] != shape[1] or outer.shape != inner.shape:
            raise ValueError("each track has an artist or none, and each artist two vectors")
        if rows.dtype.kind + inner.dtype.kind + outer.dtype.kind != "iff":
            raise ValueError("rows are whole numbers, vectors are not")
        return cls(rows, inner, outer)


def unit(vectors: np.ndarray) -> np.ndarray:
    """Bring vectors to length 1; those of length 0 stay."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    told: np.ndarray = vectors / np.maximum(lengths, np.finfo(np.float32).tiny)
    return told


def _with_new(artists: np.ndarray, tracks: np.ndarray, own: np.ndarray) -> np.ndarray:
    """Put the vectors of the artists (own, 0 where there is none yet) after those of the tracks."""
    placed = (artists >= 0) & tracks.any(axis=1)
    sums = np.zeros_like(own)
    np.add.at(sums, artists[placed], tracks[placed])
    counts = np.bincount(artists[placed], minlength=len(own))
    new = ~own.any(axis=1)
    own[new] = (sums / np.maximum(counts, 1)[:, None])[new]
    return np.concatenate([tracks, own])


def _plus(vectors: np.ndarray, share: float, makers: np.ndarray, rows: np.ndarray) -> np.ndarray:
    known = rows >= 0
    if not share or not known.any():
        return vectors
    told = makers[rows]
    told[~known] = told[known].mean(axis=0)
    total: np.ndarray = vectors + np.float32(share) * told
    return total
