"""What a map is made of, ready to be drawn. Pure."""

from dataclasses import dataclass

import numpy as np

FULL = 65_535
"""Places go from 0 to this, in both directions."""
NO_TONE = 255
"""The tone of what is of none of the groups that have one."""
TONES = 7
_EDGE = 0.001
"""Of so many at each end places may lie beyond the frame: they are drawn at its border."""


@dataclass(frozen=True)
class Region:
    """A part of a map."""

    name: str
    """What sets it apart, such as "rock · Queen, U2"."""
    size: int
    place: tuple[int, int]
    """Where its name stands."""
    tone: int
    """From 0 to TONES - 1; regions beside each other differ."""
    members: tuple[int, ...]
    """The first few of its points."""


@dataclass(frozen=True)
class Atlas:
    """A map: songs or listeners as points, the best known first."""

    names: tuple[str, ...]
    """Raw ids of songs, or names of listeners."""
    places: np.ndarray
    """uint16, shape (points, 2)."""
    regions: tuple[Region, ...]
    """The largest first."""
    labels: np.ndarray
    """uint8, shape (points,): the region of each point."""
    genres: tuple[str, ...]
    """The most frequent genres, TONES at most; empty where none is told."""
    tones: np.ndarray
    """uint8, shape (points,): the number of each point's genre, or NO_TONE."""
    is_laid_out: bool
    """Whether training laid it out; otherwise it is a projection, made at once."""

    @property
    def packed(self) -> bytes:
        """Give all points in 6 bytes each: x of all, y of all (little endian, 16 bits), regions, genres."""
        columns = (self.places[:, 0].astype("<u2"), self.places[:, 1].astype("<u2"), self.labels, self.tones)
        return b"".join(column.tobytes() for column in columns)


def framed(places: np.ndarray) -> np.ndarray:
    """Bring places into the frame, both directions alike: uint16, of the same shape. places: floats, shape (any, 2)."""
    if not len(places):
        return np.zeros((0, 2), np.uint16)
    low, high = np.quantile(places, [_EDGE, 1 - _EDGE], axis=0)
    size = max(float((high - low).max()), 1e-12) * 1.04
    within = np.clip((places - (low + high) / 2) / size + 0.5, 0, 1)
    return np.asarray(np.round(within * FULL), np.uint16)


def toned(places: np.ndarray) -> list[int]:
    """Give each region a tone that those nearest to it do not have, as far as there are tones.

    places: shape (regions, 2).
    """
    tones: list[int] = []
    spots = np.asarray(places, np.float64)
    for region in range(len(spots)):
        far = np.square(spots[:region] - spots[region]).sum(axis=1)
        own = np.array(tones)
        nearest = [far[own == tone].min(initial=np.inf) for tone in range(TONES)]
        tones.append(int(np.argmax(nearest)))
    return tones
