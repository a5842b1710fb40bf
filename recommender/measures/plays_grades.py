"""Grades of foretold plays and of lists made for listeners. Pure.

A rating is ln(plays), and so is a predicted one, of 1 or more plays. Each grade of many listeners is a quotient of
sums, top over bottom: of the errors over the pairs, of a listener's grade over the listeners. So any listeners can be
drawn anew and weighed.
"""

import numpy as np

from recommender import metrics

K = 30
"""So many tracks of a list are graded, as in the Million Song study."""
ERRORS = ("mae", "rmse")
AT_THRESHOLD = ("precision_30", "recall_30", "f1_30", "map_30", "ndcg_30", "novelty_30")
PLAYS_RMSE = "plays_rmse"
"""The name of the error that is measured when a model is trained, beside its other worth."""
LISTS = ("hit_rate_30", "recall_30", "ndcg_30", "novelty_30")

Graded = list[tuple[float, float]]
"""For each grade of one listener what he adds to its top and to its bottom."""


def rating(plays: np.ndarray) -> np.ndarray:
    """Give ln of 1 or more plays; NaN stays: float64, of the same shape."""
    return np.log(np.maximum(np.asarray(plays, np.float64), 1))


def errors(foretold: np.ndarray, real: np.ndarray) -> Graded:
    """Give the ERRORS of one listener's ratings, over his pairs: the root of "rmse" is that of the whole quotient."""
    off = foretold - real
    return [(float(np.abs(off).sum()), len(off)), (float((off**2).sum()), len(off))]


def at_threshold(foretold: np.ndarray, real: np.ndarray, threshold: float, surprise: np.ndarray) -> Graded:
    """Give the grades AT_THRESHOLD of one listener's held-out pairs, ranked by the foretold rating.

    Relevant is what he rated `threshold` or higher. Recommended is, of the first K, what was foretold to be. Precision
    and recall as in Surprise's FAQ: each is 0 where nothing is recommended or relevant, and such a listener counts too.
    F1 is that of the listener's two. MAP and NDCG grade the recommended, where they stand among K places. Novelty is
    that of the recommended (see self_information), over the listeners who have any.

    foretold, real: float64 ratings, shape (pairs,), the better known track first of those that are foretold alike.
    surprise: float64, of the same shape.
    """
    order = np.argsort(-foretold, kind="stable")[:K]
    order = order[foretold[order] >= threshold]
    hit, n_relevant = real[order] >= threshold, int((real >= threshold).sum())
    precision = float(hit.mean()) if len(hit) else 0.0
    recall = float(hit.sum() / n_relevant) if n_relevant else 0.0
    both = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    places = np.zeros(K, bool)
    places[: len(hit)] = hit
    mean_precision = metrics.average_precision(places, K, n_relevant) if n_relevant else 0.0
    gain = metrics.ndcg(places, n_relevant) if n_relevant else 0.0
    return [*((grade, 1.0) for grade in (precision, recall, both, mean_precision, gain)), _mean(surprise[order])]


def of_list(ranked: np.ndarray, truth: np.ndarray, surprise: np.ndarray) -> Graded:
    """Give the grades LISTS of a list of tracks from the whole catalogue, against what was held out.

    ranked: track numbers, best first, K at most. truth: track numbers, 1 at least; those below 0 are in no list, hence
    missed. surprise: float64, shape (tracks,).
    """
    places = np.zeros(K, bool)
    places[: len(ranked)] = metrics.hits(ranked, truth)
    size = len(truth)
    grades = (metrics.hit_rate(places, K), metrics.recall(places, size), metrics.ndcg(places, size))
    return [*((grade, 1.0) for grade in grades), _mean(surprise[ranked])]


def self_information(listeners_of: np.ndarray, n_listeners: int) -> np.ndarray:
    """Give how new each track is to people: -log2(share who played it) / log2(listeners): float64, 0.0 to 1.0.

    0 is played by everybody, 1 by one. The self-information of Zhou et al., "Solving the apparent diversity-accuracy
    dilemma of recommender systems", PNAS 2010, over the most that it can be, so that populations can be compared. (One
    minus the share itself tells little: it is above .95 for nearly every track of a large catalogue.)

    listeners_of: shape (tracks,): how many of n_listeners played each; none counts as one.
    """
    most = np.log2(max(n_listeners, 2))
    told: np.ndarray = 1 - np.log2(np.maximum(listeners_of, 1)) / most
    return told


def _mean(values: np.ndarray) -> tuple[float, float]:
    return (float(values.mean()), 1.0) if len(values) else (0.0, 0.0)
