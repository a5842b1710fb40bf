"""The parts take turns. Pure."""

from itertools import product

import numpy as np

from recommender.models.ways.asked import Answer, Asked
from recommender.models.ways.grid import Grid

_PARTS = ("item-knn", "word2vec", "als", "playlist-knn", "artists")
_TURNS = (0, 1, 2)


def answer(asked: Asked, turns: tuple[int, ...]) -> Answer:
    """Interleave the lists of the parts.

    Idea: a list from several models holds for everybody something that at least one of them is sure of.
    Formula: part m gives its track at place r, counted from 0, at the time (r + 1/2) / turns(m); a track stands where
    it was first given, score(j) = - min over m of (r(m, j) + 1/2) / turns(m).
    """
    tracks, place = asked.places(_PARTS)
    taking = [row for row, share in enumerate(turns) if share]
    times = (place[taking] + 0.5) / np.array(turns)[taking][:, None]
    return Answer(tracks, -times.min(axis=0))


def _settings() -> tuple[tuple[int, ...], ...]:
    every = [turns for turns in product(_TURNS, repeat=len(_PARTS)) if 1 in turns]
    return tuple(sorted(every, key=lambda turns: turns != (1,) * len(_PARTS)))


def _words(turns: tuple[int, ...]) -> str:
    return " ".join(f"{kind} {n}" for kind, n in zip(_PARTS, turns, strict=True) if n)


WAY = Grid(_PARTS, _settings(), answer, _words)
