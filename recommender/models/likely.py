"""Which of millions of tracks may be among the best: what comes after need not be put in order. Pure."""

import numpy as np

_COLUMNS = 4_096
"""At least so many heaps are made; fewer would let more through than they save."""
_TIMES = 4


def likely(scores: np.ndarray, excluded: np.ndarray, n: int) -> np.ndarray:
    """Give tracks among which the best n are, and all equals of the last of these: int64 track numbers, rising.

    Where fewer than n are told, it is all that are told. scores: float32, shape (tracks,), NaN for what is not told.
    excluded: integers, the tracks that may not come.
    """
    may_come = scores >= _floor(scores, n + len(excluded))
    may_come[excluded] = False
    return np.flatnonzero(may_come)


def _floor(scores: np.ndarray, n: int) -> float:
    """Give a number that at least n scores reach, and few more; minus infinity where that cannot be had cheaply."""
    # Each track goes on one of many heaps: as many tracks as there are heaps reach the tops of these. Neighbours go on
    # different heaps, because tracks are numbered by fame, and the famous are often the best.
    width = max(_COLUMNS, _TIMES * n)
    height = len(scores) // width
    tops = np.fmax.reduce(scores[: height * width].reshape(height, width), axis=0) if height > 1 else scores[:0]
    tops = tops[np.isfinite(tops)]
    if len(tops) < n:
        return -np.inf
    return float(np.partition(tops, len(tops) - n)[len(tops) - n])
