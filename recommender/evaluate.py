"""Grades of a model on held-out playlists."""

import numpy as np

from recommender import metrics
from recommender.models.contract import Model
from recommender.ranking import best_first
from recommender.splits import HeldOut

LIST_LENGTH = 500
"""How many tracks are graded, as in the RecSys Challenge 2018."""
GRADES = ("hit_rate_10", "ndcg_500", "r_precision")


def grades(model: Model, held_out: HeldOut) -> np.ndarray:
    """Grade the continuation of each held-out playlist: float64, shape (playlists, len(GRADES))."""
    return grades_of(model, held_out.seeds, held_out.truths, held_out.truth_sizes)


def grades_of(model: Model, seeds: list[np.ndarray], truths: list[np.ndarray], truth_sizes: list[int]) -> np.ndarray:
    """Grade the continuation of lists that are given as in HeldOut: float64, shape (playlists, len(GRADES))."""
    rows = []
    for given, truth, size in zip(seeds, truths, truth_sizes, strict=True):
        hit = metrics.hits(best_first(model.scores(given), given, LIST_LENGTH), truth)
        rows.append((metrics.hit_rate(hit, 10), metrics.ndcg(hit, size), metrics.r_precision(hit, size)))
    return np.array(rows)
