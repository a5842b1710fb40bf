"""Which listeners are measured: those who played enough to be judged by it. Pure."""

from dataclasses import dataclass

import numpy as np

from recommender.plays import Plays


@dataclass(frozen=True)
class Population:
    """What a listener needs in order to belong."""

    min_plays: int
    """So many plays in all, at least."""
    min_tracks: int
    """So many different tracks, at least."""
    min_mean: float
    """More plays a track than that, on the mean."""


USUAL = Population(10, 5, 0.0)
"""With five tracks one is held out; nobody is left out for listening to much but rarely twice."""
POPULATIONS = {"million-song": Population(80, 3, 2.0)}
"""Named populations: that of the Million Song study."""


def members(plays: Plays, population: Population) -> np.ndarray:
    """Give the numbers of the listeners who belong: int64, rising."""
    tracks = np.diff(plays.offsets)
    totals = np.append(0, np.cumsum(plays.counts, dtype=np.int64))
    played = np.diff(totals[plays.offsets])
    enough = (played >= population.min_plays) & (tracks >= population.min_tracks)
    return np.flatnonzero(enough & (tracks > 0) & (played > population.min_mean * tracks))
