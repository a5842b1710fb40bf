"""How often people take something from the lists of a model, how sure that is, and which model chance should try. Pure.

The unit is the person, not the list: one who likes everything makes many lists look good. A share over all lists is
therefore worth less than its number of lists: the spread between people tells how many independent lists it is worth
(the effective sample size), and Wilson's interval is set on these, with Student's quantile for so many people. The
interval of a difference follows from those of the two shares (Newcombe's), as if nobody had seen both models; where
some have, it is wider than it need be.
"""

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

LEAST_PEOPLE = 5
"""With fewer for a model nothing is said of it."""
_SURE = 0.975


@dataclass(frozen=True, slots=True)
class Tally:
    """What came of one person's lists."""

    lists: int
    """At least 1."""
    taken: int
    """Lists of them from which something was taken."""


@dataclass(frozen=True, slots=True)
class Share:
    """From which share of lists something was taken, and from where to where it lies in 95 of 100 cases."""

    share: float
    """NaN where there is no list."""
    low: float
    high: float
    lists: int
    people: int

    @property
    def is_known(self) -> bool:
        """Whether enough people tell it."""
        return self.people >= LEAST_PEOPLE


@dataclass(frozen=True, slots=True)
class Difference:
    """How much more is taken from the lists of one model than from those of another."""

    more: float
    low: float
    high: float
    is_known: bool
    """Whether enough people tell it, and it is not 0 by all that is known."""


def share_of(people: Sequence[Tally]) -> Share:
    """Tell the share over all lists, and its interval."""
    lists = np.array([one.lists for one in people], np.float64)
    taken = np.array([one.taken for one in people], np.float64)
    if not lists.sum():
        return Share(math.nan, 0.0, 1.0, 0, 0)
    share = float(taken.sum() / lists.sum())
    told = (int(lists.sum()), len(people))
    if len(people) == 1:
        return Share(share, 0.0, 1.0, *told)  # of how people differ, one tells nothing
    return Share(share, *_wilson(share, _worth(lists, taken, share), _quantile(len(people) - 1)), *told)


def difference(one: Share, other: Share) -> Difference:
    """Tell how much larger one share is than another, and the interval of that."""
    if not (one.lists and other.lists):
        return Difference(math.nan, -1.0, 1.0, is_known=False)
    more = one.share - other.share
    low = more - math.hypot(one.share - one.low, other.high - other.share)
    high = more + math.hypot(one.high - one.share, other.share - other.low)
    return Difference(more, low, high, is_known=one.is_known and other.is_known and not low <= 0 <= high)


def arm_of(person: str, arms: Sequence[str]) -> str:
    """Give a person one of several models: always the same of the same ones, in whatever order they are named."""
    digest = hashlib.blake2b("\n".join([person, *sorted(arms)]).encode(), digest_size=8).digest()
    return sorted(arms)[int.from_bytes(digest, "big") % len(arms)]


def drawn_arm(tallies: Sequence[Tally], rng: np.random.Generator) -> int:
    """Draw which model makes the next list: each as often as it may well be the best (Thompson's sampling).

    tallies: one for each model, over all people; those of none are as likely to be good as bad.
    """
    draws = [rng.beta(1 + one.taken, 1 + one.lists - one.taken) for one in tallies]
    return int(np.argmax(draws))


def _worth(lists: np.ndarray, taken: np.ndarray, share: float) -> float:
    """Tell how many independent lists they are worth: at least 1, and as many as there are at most."""
    people, total = len(lists), float(lists.sum())
    alone = share * (1 - share) / total
    if alone == 0:  # all or none: of how people differ nothing is seen, so each counts once
        return float(people)
    spread = people / (people - 1) * float(((taken - share * lists) ** 2).sum()) / total**2
    return float(np.clip(total * alone / spread if spread > 0 else total, 1.0, total))


def _wilson(share: float, lists: float, quantile: float) -> tuple[float, float]:
    square = quantile**2
    middle = (share + square / (2 * lists)) / (1 + square / lists)
    half = quantile / (1 + square / lists) * math.sqrt(share * (1 - share) / lists + square / (4 * lists**2))
    return max(middle - half, 0.0), min(middle + half, 1.0)


def _quantile(freedom: int) -> float:
    from scipy.special import stdtrit  # a page without outcomes does without it

    return float(stdtrit(freedom, _SURE))
