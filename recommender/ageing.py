"""Old playlists and old plays weigh less: each half as much as one that is a half-life younger. Pure."""

from dataclasses import replace

import numpy as np

from recommender.corpus import Corpus
from recommender.errors import CannotTrain
from recommender.plays import Plays

DAY = 86_400
FAINTEST = 2.0**-20
"""What is older still weighs so much, because a weight of 0 would leave tracks that stand nowhere."""


def aged(corpus: Corpus, half_life_days: float | None) -> Corpus:
    """Weigh each playlist by 0.5 ** (age / half-life), and count plays as often as that leaves of them.

    The age of a playlist is counted from the latest playlist, that of plays from the latest play, and never from the
    clock, so that a training can be repeated. What is not dated weighs like the median of what is. None leaves all as
    it is. Raises CannotTrain when nothing is dated.
    """
    if half_life_days is None:
        return corpus
    if not (corpus.dates > 0).any() and not (corpus.plays.last_played > 0).any():
        raise CannotTrain("no playlist is dated, and nothing that was played, so none is old: leave --half-life out")
    weights = corpus.weights * weights_of(corpus.dates, half_life_days)
    return replace(corpus, weights=weights, plays=_fading(corpus.plays, half_life_days))


def weights_of(dates: np.ndarray, half_life_days: float) -> np.ndarray:
    """Weigh by age: float32, of the same shape, FAINTEST to 1. dates: int64, seconds since 1970, 0 where not known."""
    dated = dates > 0
    if not dated.any():
        return np.ones(dates.shape, np.float32)
    days = (dates[dated].max() - dates) / DAY
    days[~dated] = np.median(days[dated])
    weights: np.ndarray = np.maximum(np.exp2(-days / half_life_days), FAINTEST).astype(np.float32)
    return weights


def _fading(plays: Plays, half_life_days: float) -> Plays:
    """Count old plays less: once at the least, as a rating is the log of the count, and one play is a rating of 0."""
    left = plays.counts * weights_of(plays.last_played, half_life_days).astype(np.float64)
    return replace(plays, counts=np.maximum(np.rint(left), 1).astype(np.int32))
