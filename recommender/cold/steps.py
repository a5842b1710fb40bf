"""Which known songs speak for one that no playlist holds, step by step. Pure.

What only tells what songs are like ranks worse than what playlists tell: so each step names known songs that are near
in its own sense, and the model of playlists goes on from these.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

import numpy as np

from recommender.models.blend import levelled
from recommender.ranking import best_first

RECORDING, ARTIST = "recording", "artist"
OF_ANYTHING = ("hybrid", "artists", "trees", "popularity", "rank")
"""Kinds of models that say something of a song of no playlist, by its artist or by nothing at all."""
OF_ARTIST = 10
"""So many of an artist's songs speak, the best known ones."""
FEWEST, NEAREST = 5, 100
"""So many speak that are only alike, at least and at most, a hundredth of all between: each says little, together they
outvote what is odd about any of them; but more of a small collection would be all that there is."""
_OF_ALL = 100
_NOBODY = np.zeros(0, np.int32)

Scores = Callable[[np.ndarray], np.ndarray]
"""Scores every track by seeds: float32, shape (tracks,), NaN where it cannot tell."""
Step = tuple[str, Callable[[], np.ndarray]]
"""A step's name, and what finds the tracks that speak: int32 numbers, none where it finds nothing."""


class Served(NamedTuple):
    """What was found for one song."""

    step: str
    scores: np.ndarray
    """float32, shape (tracks,)."""


def served(steps: Iterable[Step], scores: Scores) -> Served | None:
    """Go down the steps to the first whose tracks the model can go on from; None where there is none."""
    for name, find in steps:
        tracks = find()
        if len(tracks) and not np.isnan(told := scores(tracks)).all():
            return Served(name, told)
    return None


def of_artist(tracks: np.ndarray, listed: int) -> np.ndarray:
    """Choose those of an artist's tracks that speak. listed: so many tracks, the first ones, stand in playlists."""
    known = np.sort(tracks[(tracks >= 0) & (tracks < listed)])
    return known[:OF_ARTIST].astype(np.int32)


def nearest(scores: np.ndarray, listed: int) -> np.ndarray:
    """Choose the known tracks that a model of content finds most alike: int32, rising."""
    known = scores[:listed]
    most = min(max(FEWEST, listed // _OF_ALL), NEAREST)
    return np.sort(best_first(known, _NOBODY, most)[: int((~np.isnan(known)).sum())]).astype(np.int32)


def together(found: Sequence[np.ndarray]) -> np.ndarray:
    """Add up what was found for several songs, each counting alike: float32, shape (tracks,). found: scores of each."""
    if len(found) == 1:
        return found[0]
    total = np.sum([levelled(told, _NOBODY) for told in found], axis=0)
    scores: np.ndarray = np.where(total > 0, total, np.nan).astype(np.float32)
    return scores
