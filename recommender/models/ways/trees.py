"""The parts are weighed, and trees over what all of them say order the best: the usual hybrid. Pure.

Idea and formula stand with the hybrid itself. Without trees it is the plain weighted blend: score(j) = sum over m of
w(m) level(m, j).
"""

import numpy as np

from recommender.models.pairs import MORE, features
from recommender.models.ways.asked import Asked, Reached
from recommender.models.ways.ordered import Trees

PARTS = ("item-knn", "word2vec", "als", "playlist-knn", "artists")


def _lists(asked: Asked) -> Reached:
    return asked.reached(PARTS)


def _features(asked: Asked, chosen: np.ndarray, levels: np.ndarray) -> np.ndarray:
    return features(asked.facts, asked.seeds, chosen, levels)


WAY = Trees(PARTS, PARTS, _lists, _features, 2 * len(PARTS) + MORE)
