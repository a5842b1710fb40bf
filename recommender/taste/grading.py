"""How well likes are told from dislikes. Pure."""

import numpy as np

from recommender.taste.contract import Grades

_DRAWS = 1_000
_AT_ONCE = 2_000_000
_INNER_95 = (2.5, 97.5)


def grade(
    liked: np.ndarray, chances: np.ndarray, taken: np.ndarray, groups: np.ndarray, rng: np.random.Generator
) -> Grades:
    """Grade chances of songs that were not learned from.

    liked, taken: bool, shape (songs,): what was said, and what each was taken for. chances: float64, shape (songs,).
    groups: int64, shape (songs,): the artists, from 0.
    """
    right, false = int((taken & liked).sum()), int((taken & ~liked).sum())
    missed, passed = int((~taken & liked).sum()), int((~taken & ~liked).sum())
    low, high = np.percentile(drawn_aucs(liked, chances[None], groups, rng)[0], _INNER_95)
    return Grades(
        accuracy=(right + passed) / max(len(liked), 1),
        precision=right / max(right + false, 1),
        recall=right / max(right + missed, 1),
        f1=2 * right / max(2 * right + false + missed, 1),
        roc_auc=roc_auc(liked, chances),
        confusion=((passed, false), (missed, right)),
        auc_interval=(float(low), float(high)),
    )


def roc_auc(liked: np.ndarray, scores: np.ndarray) -> float:
    """Give the chance that a liked song is ranked above a disliked one, a tie counting half; 0.5 of no pair."""
    return float(_weighted_aucs(liked, scores, np.ones((1, len(liked))))[0])


def drawn_aucs(liked: np.ndarray, chances: np.ndarray, groups: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Give the ROC-AUC of several learners in draws of the artists: float64, shape (learners, draws).

    Of n artists n are drawn, each as often as it comes, with all its songs: songs of one are no separate evidence. All
    learners see the same draws. chances: float64, shape (learners, songs).
    """
    n_groups = int(groups.max(initial=-1)) + 1
    parts = []
    for size in _sizes(len(liked)):
        times = rng.multinomial(n_groups, np.full(n_groups, 1 / n_groups), size=size)[:, groups].astype(np.float64)
        parts.append([_weighted_aucs(liked, one, times) for one in chances])
    return np.concatenate(parts, axis=1)


def _sizes(n_songs: int) -> list[int]:
    at_once = max(_AT_ONCE // max(n_songs, 1), 1)
    return [min(at_once, _DRAWS - done) for done in range(0, _DRAWS, at_once)]


def _weighted_aucs(liked: np.ndarray, scores: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Give the ROC-AUC under several weightings of the songs: float64, shape (weightings,)."""
    order = np.argsort(scores, kind="stable")
    begins = np.flatnonzero(np.r_[True, np.diff(scores[order]) > 0])
    for_likes = np.add.reduceat(weights[:, order] * liked[order], begins, axis=1)
    against = np.add.reduceat(weights[:, order] * ~liked[order], begins, axis=1)
    below = np.cumsum(against, axis=1) - against / 2
    pairs = for_likes.sum(axis=1) * against.sum(axis=1)
    won: np.ndarray = np.divide((for_likes * below).sum(axis=1), pairs, out=np.full(len(pairs), 0.5), where=pairs > 0)
    return won


def curve(liked: np.ndarray, chances: np.ndarray, most: int = 200) -> tuple[tuple[float, float], ...]:
    """Give the points of the ROC curve, of very many songs only some of them."""
    order = np.argsort(-chances, kind="stable")
    last = np.r_[np.flatnonzero(np.diff(chances[order])), len(order) - 1]
    found = np.cumsum(liked[order])[last] / max(liked.sum(), 1)
    fooled = np.cumsum(~liked[order])[last] / max((~liked).sum(), 1)
    kept = np.unique(np.linspace(0, len(last) - 1, min(most, len(last))).astype(int))
    return ((0.0, 0.0), *zip(fooled[kept].tolist(), found[kept].tolist(), strict=True))
