"""What a kind of model is worth on these playlists."""

from typing import Any

import numpy as np

from recommender import metrics
from recommender.models.contract import Model
from recommender.ranking import best_first
from recommender.splits import HeldOut

LIST_LENGTH = 500
"""How many tracks are graded, as in the RecSys Challenge 2018."""


def grade(model: Model, held_out: HeldOut) -> dict[str, float]:
    """Grade the continuations of held-out playlists: the means of hit_rate_10, ndcg_500 and r_precision."""
    rows = []
    for seeds, truth, size in zip(held_out.seeds, held_out.truths, held_out.truth_sizes, strict=True):
        hit = metrics.hits(best_first(model.scores(seeds), seeds, LIST_LENGTH), truth)
        rows.append((metrics.hit_rate(hit, 10), metrics.ndcg(hit, size), metrics.r_precision(hit, size)))
    means: Any = np.mean(rows, axis=0)
    return dict(zip(("hit_rate_10", "ndcg_500", "r_precision"), map(float, means), strict=True))
