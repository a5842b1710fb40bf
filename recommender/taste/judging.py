"""What is said of a taste in sentences: why a learner is kept, and how sure one may be. Pure."""

from collections.abc import Sequence

import numpy as np

from recommender.taste.contract import Grades, Tried

_COIN = 0.5
_HARDLY = 0.01
"""So little ROC-AUC nobody hears."""
STEADY, FEW_SONGS = "random-forest", 300
"""Of few songs all learners lie within chance of each other, so that the best is the luckiest. On artists that none had
heard of the forest was worth the most in every such taste of `python -m bench.tasting` that was looked at."""
_WIDE = 0.15
"""An interval of the ROC-AUC from which on it is worth saying how wide it is."""
_FEW = 200


def choice(aucs: Sequence[float], draws: np.ndarray, steady: int | None) -> tuple[int, int]:
    """Choose the simplest learner that is hardly below the best, and perhaps by chance; gives it and the best.

    aucs: the ROC-AUC of each, the simplest first. draws: float64, shape (learners, draws): the same when artists are
    drawn anew. steady: the one that is kept, of few songs, wherever chance may be all that another has before it.
    """
    top = int(np.argmax(aucs))
    noise = (draws[top] - draws).std(axis=1)
    if steady is not None and aucs[top] - aucs[steady] <= noise[steady]:
        return steady, top
    near = [aucs[top] - auc <= min(_HARDLY, own) for auc, own in zip(aucs, noise.tolist(), strict=True)]
    return near.index(True), top


def why(tried: Sequence[Tried], kept: int, top: int) -> str:
    """Say why a learner is kept. kept, top: the places of the one that is kept and of the highest ROC-AUC."""
    own, best = tried[kept], tried[top]
    if len(tried) == 1:
        return f"{own.learner} is kept, because no other was tried"
    if kept == top:
        simpler = " and none that is simpler is as good" if kept else ", and it is the simplest"
        return f"{own.learner} is kept: its ROC-AUC of {own.grades.roc_auc:.3f} is the highest{simpler}"
    far = f"is no further from the {best.grades.roc_auc:.3f} of {best.learner} than chance may make it"
    cause = "it is simpler" if kept < top or own.learner != STEADY else "of few songs it errs least on new artists"
    return f"{own.learner} is kept: its ROC-AUC of {own.grades.roc_auc:.3f} {far}, and {cause}"


def unsure(kept: Grades, anew: Grades, likes: int, dislikes: int) -> str:
    """Say how unsure a taste is; empty where there is no cause to.

    anew: what comes out where each fold chooses its own learner; the one that is kept has the luck of being the best.
    """
    low, high = min(kept.auc_interval[0], anew.auc_interval[0]), kept.auc_interval[1]
    told = f"{likes:,} likes and {dislikes:,} dislikes"
    between = f"between {low:.2f} and {high:.2f}"
    if low <= _COIN:
        return f"from {told} it may be about as good as a coin (ROC-AUC {between}): tell more, and of more artists"
    if high - low > _WIDE or likes + dislikes < _FEW:
        return f"from {told} its ROC-AUC lies anywhere {between}: four times as many would halve that"
    return ""
