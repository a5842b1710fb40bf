"""Grades of a ranked list against the tracks that really followed.

R-precision, NDCG and clicks as in the RecSys Challenge 2018 (Chen et al., https://doi.org/10.1145/3240323.3240342), on
tracks alone.
"""

import numpy as np


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
