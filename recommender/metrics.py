"""Grades of a ranked list against the tracks that really followed.

R-precision, NDCG and clicks as in the RecSys Challenge 2018 (Chen et al., https://doi.org/10.1145/3240323.3240342), on
tracks alone. In all of them hit is bool, shape (list length,): which places, best first, hold a right track; n_truth is
how many right tracks there are, at least 1.
"""

import numpy as np

_SHOWN = 10
_NEVER = 51.0


def hits(ranked: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """Tell which places of the list hold a track of the truth: bool, shape (len(ranked),)."""
    return np.isin(ranked, truth)


def hit_rate(hit: np.ndarray, k: int) -> float:
    """Give 1.0 when one of the first k is right, else 0.0."""
    return float(hit[:k].any())


def r_precision(hit: np.ndarray, n_truth: int) -> float:
    """Give the share of the truth found within as many places as there are right tracks."""
    return float(hit[:n_truth].sum() / n_truth)


def ndcg(hit: np.ndarray, n_truth: int) -> float:
    """Give the discounted gain of the whole list over that of a perfect one of the same length."""
    discount = 1 / np.log2(np.arange(len(hit)) + 2)
    best = discount[: min(n_truth, len(hit))].sum()
    return float((hit * discount).sum() / best) if best else 0.0


def recall(hit: np.ndarray, n_truth: int) -> float:
    """Give the share of the truth that the whole list finds."""
    return float(hit.sum() / n_truth)


def precision(hit: np.ndarray, k: int) -> float:
    """Give the share of k places that are right; a shorter list leaves places empty."""
    return float(hit[:k].sum() / k)


def clicks(hit: np.ndarray) -> float:
    """Count the times that a listener asks for ten more before one is right: 0.0 to 49.0, and 51.0 for never."""
    return float(hit.argmax() // _SHOWN) if hit.any() else _NEVER


def reciprocal_rank(hit: np.ndarray, k: int) -> float:
    """Give one over the place of the first right track among the first k, else 0.0."""
    return float(1 / (hit[:k].argmax() + 1)) if hit[:k].any() else 0.0


def average_precision(hit: np.ndarray, k: int, n_truth: int) -> float:
    """Give the mean precision at the places of right tracks among the first k, over as many as could be right."""
    places = np.flatnonzero(hit[:k]) + 1
    return float((np.arange(1, len(places) + 1) / places).sum() / min(k, n_truth))
