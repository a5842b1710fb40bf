"""Where tracks stand in the space that a model has learned: only what is asked for is read of a mapped array. Pure."""

import numpy as np

from recommender.errors import DamagedModel
from recommender.vocabulary import NOT_FOUND

_SMALLEST = 1e-30
"""Shorter vectors point nowhere."""


def places(vectors: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Give some rows, brought to length 1: float32, shape (len(rows), dimensions), NaN for a vector of length 0.

    vectors: floats, shape (any, dimensions). rows: integers; those that are none of the rows, such as -1, are NaN.
    Raises DamagedModel, without the model's name, where a row holds what is no number.
    """
    there = (rows >= 0) & (rows < len(vectors))
    own = np.asarray(vectors[rows[there]], np.float64)
    if not np.isfinite(own).all():
        raise DamagedModel("its vectors are no numbers")
    # In float64 the square of no float32 is too large.
    lengths = np.linalg.norm(own, axis=1, keepdims=True)
    told = np.full((len(rows), vectors.shape[1]), np.nan, np.float32)
    told[there] = np.divide(own, lengths, out=np.full_like(own, np.nan), where=lengths > _SMALLEST)
    return told


def rows_among(tracks: np.ndarray, track_nos: np.ndarray) -> np.ndarray:
    """Find tracks among those that a model knows: int64, NOT_FOUND for the others. tracks: int32, rising."""
    # Numbers of another kind would make a copy of all that are known.
    wanted = track_nos.astype(tracks.dtype)
    rows = np.searchsorted(tracks, wanted)
    known = rows < len(tracks)
    known[known] = tracks[rows[known]] == wanted[known]
    return np.where(known, rows, NOT_FOUND)
