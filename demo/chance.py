"""Numbers that look drawn, each a function of a key and a number: any can be had without those before it. Pure."""

import hashlib

import numpy as np
from numpy.typing import NDArray

_MASK = 2**64 - 1
_GOLDEN = 0x9E3779B97F4A7C15
_FIRST, _SECOND = 0xBF58476D1CE4E5B9, 0x94D049BB133111EB
"""Of splitmix64 (Steele, Lea, Flood 2014), whose every output bit depends on every input bit."""
_UNIT = 2.0**-53


def key(seed: int, purpose: str) -> int:
    """Give the 64-bit key for one purpose, so that draws for different purposes have nothing in common."""
    return int.from_bytes(hashlib.blake2b(f"{seed}/{purpose}".encode(), digest_size=8).digest(), "little")


def drawn(key: int, number: int) -> int:
    """Draw 64 bits."""
    z = (number * _GOLDEN + key) & _MASK
    z = ((z ^ (z >> 30)) * _FIRST) & _MASK
    z = ((z ^ (z >> 27)) * _SECOND) & _MASK
    return z ^ (z >> 31)


def share(key: int, number: int) -> float:
    """Draw from 0 to 1, 1 excluded."""
    return (drawn(key, number) >> 11) * _UNIT


def drawn_many(key: int, numbers: NDArray[np.int64]) -> NDArray[np.uint64]:
    """Draw 64 bits for each number: what drawn gives, shape as given."""
    z = numbers.astype(np.uint64) * np.uint64(_GOLDEN) + np.uint64(key)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(_FIRST)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(_SECOND)
    return z ^ (z >> np.uint64(31))


def share_many(key: int, numbers: NDArray[np.int64]) -> NDArray[np.float64]:
    """Draw from 0 to 1 for each number: what share gives, shape as given."""
    return (drawn_many(key, numbers) >> np.uint64(11)).astype(np.float64) * _UNIT


def normal_many(first: NDArray[np.float64], second: NDArray[np.float64]) -> NDArray[np.float64]:
    """Turn pairs of shares into normal draws of width 1 (Box and Muller)."""
    return np.asarray(np.sqrt(-2 * np.log1p(-first)) * np.cos(2 * np.pi * second))
