"""What one part answers becomes a question to another. Pure."""

from itertools import product

import numpy as np

from recommender.models.ways.asked import Answer, Asked
from recommender.models.ways.grid import Grid

_FIRST = ("item-knn", "artists", "als")
_SECOND = ("als", "item-knn", "playlist-knn", "word2vec")
_MORE = (2, 5, 15)


def answer(asked: Asked, setting: tuple[str, int, str]) -> Answer:
    """Ask the second part about the seeds and the best tracks of the first.

    Idea: few seeds say little; what one model holds for near to them tells another one more.
    Formula: score(j) = level(second, j) for the first part's n best tracks, the best of them last, followed by the
    seeds; what the second part does not reach comes after, by the first's level.
    """
    first, more, second = setting
    from_first = asked.level(first)
    best = np.argsort(-from_first, kind="stable")[:more]
    best = best[from_first[best] > 0]
    # The seeds come last, as parts that look at the order trust the last ones most.
    level = asked.level(second, np.concatenate([best[::-1], asked.seeds]).astype(np.int32))
    tracks = np.flatnonzero((level > 0) | (from_first > 0))
    return Answer(tracks, np.where(level > 0, 1.0 + level, from_first)[tracks].astype(np.float64))


WAY = Grid(
    tuple(dict.fromkeys(_FIRST + _SECOND)),
    tuple(product(_FIRST, _MORE, _SECOND)),
    answer,
    lambda setting: f"{setting[2]} after {setting[1]} from {setting[0]}",
)
