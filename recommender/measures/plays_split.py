"""Which pairs of a listener and a track to learn from, and which to be measured on: a fifth of each listener's. Pure.

By chance, as the studies of plays do it, or by time: the pairs that the listener came to last. A split by time is
harder and closer to use, though a pair is dated by its last play alone, and listeners are cut each at a time of their
own.
"""

from dataclasses import dataclass, replace

import numpy as np

from recommender.baskets import baskets
from recommender.corpus import Corpus
from recommender.plays import Plays

BY_CHANCE, BY_TIME = "chance", "time"
_HELD_OUT = 0.2


@dataclass(frozen=True)
class PlaysSplit:
    """A corpus to learn from, and the pairs of the same listeners that are not in it."""

    training: Corpus
    """Baskets and plays of the same pairs."""
    held_out: Plays
    """The other pairs of the training part's listeners, in their order, with the tracks' numbers of the training part:
    NOT_FOUND for those that it lacks, which so may come several times for one listener."""


def split_plays(corpus: Corpus, plays: Plays, by: str, on: str, rng: np.random.Generator) -> PlaysSplit:
    """Hold out a fifth of each listener's pairs: for the test; for "validation" a fifth of what the test leaves.

    plays: what is parted, in the numbering of the corpus. The test part of the same rng is in no part of a validation.
    """
    held = hold_pairs(plays, by, rng)
    if on == "validation":
        plays = plays.only(~held)
        held = hold_pairs(plays, by, rng)
    # Each listener keeps at least one pair, so that baskets() drops nobody, and the numbers of the listeners agree.
    plays = plays.of(np.flatnonzero(np.diff(plays.offsets)))
    training = baskets(corpus, plays.only(~held))
    rest = plays.only(held)
    numbers = training.vocabulary.numbers_of(corpus.vocabulary)
    return PlaysSplit(training, replace(rest, tracks=numbers[rest.tracks]))


def hold_pairs(plays: Plays, by: str, rng: np.random.Generator) -> np.ndarray:
    """Choose a fifth of each listener's pairs, rounded, one at least where there are two: bool, shape (pairs,).

    By time the latest ones, of the same time by chance; a pair without a time is never chosen.
    """
    lengths = np.diff(plays.offsets)
    wanted = np.where(lengths > 1, np.maximum(1, np.round(_HELD_OUT * lengths)), 0).astype(np.int64)
    drawn = rng.random(plays.n_pairs)
    times = plays.last_played if by == BY_TIME else np.zeros(plays.n_pairs, np.int64)
    order = np.lexsort((drawn, times, plays.listener_of))
    place = np.empty(plays.n_pairs, np.int64)
    place[order] = np.arange(plays.n_pairs)
    late = place >= np.repeat(plays.offsets[1:] - wanted, lengths)
    held: np.ndarray = late & ((times > 0) | (by != BY_TIME))
    return held
