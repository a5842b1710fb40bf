"""One part decides roughly, another one finely. Pure."""

from itertools import permutations, product

import numpy as np

from recommender.models.blend import REACH
from recommender.models.ways.asked import Answer, Asked
from recommender.models.ways.grid import Grid

_PARTS = ("als", "item-knn", "playlist-knn", "artists", "word2vec")
_WIDTHS = (10, 25, 50, 100, 250, 500)


def answer(asked: Asked, setting: tuple[str, str, int]) -> Answer:
    """Let the second part order what the first holds for about equally good.

    Idea: the first part knows who belongs to the seeds, and the second who comes first among these.
    Formula: score(j) = level(second, j) / 2 - floor(place(first, j) / width), the place being 500 and more for what the
    first part does not reach.
    """
    first, second, width = setting
    tracks, place = asked.places((first, second))
    band = np.minimum(place[0], REACH) // width
    return Answer(tracks, asked.level(second)[tracks] / 2 - band)


_SETTINGS = tuple((*pair, width) for pair, width in product(permutations(_PARTS, 2), _WIDTHS))

WAY = Grid(_PARTS, _SETTINGS, answer, lambda setting: f"{setting[0]} in bands of {setting[2]}, then {setting[1]}")
