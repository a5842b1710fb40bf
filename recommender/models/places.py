"""Where tracks stand in the space that a model has learned: only what is asked for is read of a mapped array. Pure."""

import numpy as np

from recommender.errors import DamagedModel

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
