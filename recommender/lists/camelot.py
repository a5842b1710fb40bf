"""Keys as disc jockeys see them: hours of the Camelot wheel, and how far two are apart. Pure.

The wheel is Mark Davis's numbering of the circle of fifths: the next hour is a fifth higher and shares six of seven
notes; minor keys stand on the inner ring (A), each at the hour of its relative major on the outer ring (B), with which
it shares all.
"""

import numpy as np

HOURS = 12


def hours(keys: np.ndarray, modes: np.ndarray) -> np.ndarray:
    """Give the hours 1 to 12 of keys (integers, 0 is C) in their modes (1 major, 0 minor)."""
    majors = np.where(modes == 1, keys, keys + 3)
    told: np.ndarray = (7 * majors + 7) % HOURS + 1
    return told


def steps(keys: np.ndarray, modes: np.ndarray) -> np.ndarray:
    """Count the steps between all pairs of keys: integers, shape (keys, keys).

    One step goes to the next hour, or across to the other ring; so the diagonal (8A to 9B) takes two.
    """
    at = hours(keys, modes)
    around = np.abs(at[:, None] - at)
    told: np.ndarray = np.minimum(around, HOURS - around) + (modes[:, None] != modes)
    return told


def code(key: int, mode: int) -> str:
    """Name a key as the wheel does: 8B for C major, 8A for A minor."""
    return f"{int(hours(np.array(key), np.array(mode)))}{'B' if mode else 'A'}"
