"""Scores of several models brought to one scale, and the weights by which they are added up. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from recommender.models.likely import likely

REACH = 500
"""So many of a model's best count; what comes after says too little."""
_LENGTH = 500
"""The length of the list whose gain the weights are chosen for."""
_STEPS = (0.0, 0.5, 0.75, 1.33, 2.0)
_ROUNDS = 4
_PIECE = 50_000
_LEAST_GAIN = 1e-4
"""A change of a weight has to bring that much, so that chance alone moves little."""


@dataclass(frozen=True)
class Case:
    """One continuation whose truth is known, as far as the models reach."""

    levels: np.ndarray
    """float32, shape (models, candidates)."""
    right: np.ndarray
    """bool, shape (candidates,)."""
    n_truth: int
    """Right tracks in all, those that no model reaches too."""


def levelled(scores: np.ndarray, seeds: np.ndarray) -> np.ndarray:
    """Bring scores to a scale from 0 to 1: float32, shape (tracks,).

    1 is the best track that is no seed, 0 the track at place REACH and everything after it, and what cannot be told.
    """
    levels = np.zeros(len(scores), np.float32)
    # One more than count, so that it shows whether there are more.
    tracks = likely(scores, seeds, REACH + 1)
    tracks = tracks[np.isfinite(scores[tracks])]
    best, own = best_levels(tracks, scores[tracks])
    levels[best] = own
    return levels


def best_levels(tracks: np.ndarray, scores: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Give the tracks whose level is above 0, as rising as they came, and their levels: float32, as in levelled.

    tracks: integers, shape (any,), no seeds. scores: float32, of the same shape, finite.
    """
    if not len(scores):
        return tracks, np.zeros(0, np.float32)
    # Where a model tells few tracks, the worst of them still says more than one that it cannot tell.
    cut = len(scores) > REACH
    lowest = np.partition(scores, len(scores) - REACH)[len(scores) - REACH] if cut else scores.min()
    tops = np.flatnonzero(scores >= lowest) if cut else np.arange(len(scores))
    told, least = scores[tops].astype(np.float64), float(lowest)
    best = float(told.max())
    if best <= least:
        return tracks[tops], np.ones(len(tops), np.float32)
    floor = 0.0 if cut else 0.01
    levels = np.maximum(floor + (1 - floor) * (told - least) / (best - least), 0.0).astype(np.float32)
    above = levels > 0
    return tracks[tops[above]], levels[above]


def over(total: np.ndarray, scores: np.ndarray) -> np.ndarray:
    """Put levels over a model's scores: float32, shape (tracks,), NaN where neither can tell.

    total: float32, shape (tracks,), 0 or more. What it leaves at 0 keeps the order of the scores, below 0.
    """
    whole = np.array(scores, np.float32)
    if not len(whole):
        return whole
    above = np.flatnonzero(total != 0)
    whole[above] = np.nan
    best, least = float(np.fmax.reduce(whole)), float(np.fmin.reduce(whole))
    span = (best - least) or 1.0
    # Piece by piece, because the numbers between, of twice the width, would else be millions.
    for start in range(0, len(whole), _PIECE):
        piece = whole[start : start + _PIECE]
        below = piece.astype(np.float64)
        below -= best
        below /= span
        piece[:] = below
    whole[above] = total[above]
    return whole


def case_of(tracks: np.ndarray, levels: np.ndarray, truth: np.ndarray, n_truth: int) -> Case:
    """Keep the levels (float32, shape (models, len(tracks))) of the tracks that any model reaches."""
    return Case(np.ascontiguousarray(levels), np.isin(tracks, truth), n_truth)


def learn_weights(cases: Sequence[Case], n_models: int) -> np.ndarray:
    """Choose the weight of each model so that the mean NDCG over the cases is high: float64, shape (models,).

    Coordinate ascent from equal weights; there is no chance in it.
    """
    weights = np.ones(n_models)
    if not cases:
        return weights / max(n_models, 1)
    gain = _gain(cases, weights)
    for _ in range(_ROUNDS):
        before = gain
        for model in range(n_models):
            for step in _STEPS:
                tried = weights.copy()
                tried[model] = weights[model] * step if weights[model] else step
                tried_gain = _gain(cases, tried) if tried.any() else 0.0
                if tried_gain > gain + _LEAST_GAIN:
                    weights, gain = tried, tried_gain
        if gain <= before:
            break
    return np.asarray(weights / weights.sum())


def _gain(cases: Sequence[Case], weights: np.ndarray) -> float:
    return float(np.mean([_ndcg(case, weights) for case in cases]))


def _ndcg(case: Case, weights: np.ndarray) -> float:
    total = weights.astype(np.float32) @ case.levels
    if len(total) > _LENGTH:
        top = np.argpartition(-total, _LENGTH - 1)[:_LENGTH]
        top = top[np.argsort(-total[top], kind="stable")]
    else:
        top = np.argsort(-total, kind="stable")
    best = _DISCOUNT[: min(case.n_truth, _LENGTH)].sum()
    return float(_DISCOUNT[: len(top)][case.right[top]].sum() / best) if best else 0.0


_DISCOUNT = 1 / np.log2(np.arange(_LENGTH) + 2)
