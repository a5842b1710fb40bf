"""From scores to a list: the one place that chooses, for all models."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from recommender.lists.dials import marginal
from recommender.lists.versions import Known, Title
from recommender.models.likely import likely


def best_first(scores: np.ndarray, excluded: np.ndarray, n: int) -> np.ndarray:
    """Give the n tracks of the highest scores, best first: int64 track numbers, fewer when there are fewer.

    scores: float32, shape (tracks,). excluded: int32 track numbers that may not come. NaN ("cannot tell") comes last;
    equal scores and NaN by track number, which is by popularity.
    """
    top = _top(scores, likely(scores, excluded, n), n)
    if len(top) < n:
        top = np.concatenate([top, _untold(scores, excluded, n - len(top))])
    return top


def _untold(scores: np.ndarray, excluded: np.ndarray, n: int) -> np.ndarray:
    """Give the first n tracks that cannot be told: int64, fewer when there are fewer."""
    looked_at = n + len(excluded)
    while True:
        untold = np.isnan(scores[:looked_at])
        untold[excluded[excluded < looked_at]] = False
        found = np.flatnonzero(untold)
        if len(found) >= n or looked_at >= len(scores):
            return found[:n]
        looked_at *= 4


def _top(scores: np.ndarray, told: np.ndarray, n: int) -> np.ndarray:
    values = scores[told]
    if n < len(told):
        # Of those equal to the last one that gets in, the first in number get in: a partition alone would choose
        # among them as it likes.
        last = np.partition(values, len(values) - n)[len(values) - n]
        above = np.flatnonzero(values > last)
        level = np.flatnonzero(values == last)[: n - len(above)]
        kept = np.sort(np.concatenate([above, level]))
        told, values = told[kept], values[kept]
    return told[np.argsort(-values, kind="stable")]


@dataclass(frozen=True, slots=True)
class Card:
    """What choosing needs to know of a track: who made it, how known it is, and which song it is."""

    artists: tuple[str, ...]
    """Normalised names."""
    title: Title
    """What tells whether it is a version of another one."""
    playlists: int = 0
    """In how many places of playlists it stands."""


class Nearness(Protocol):
    """How like a candidate is to what was chosen before."""

    def after(self, place: int) -> np.ndarray:
        """Take note that this place was chosen, and give each place's likeness: float32, shape (places,), 0 to 1."""
        ...


@dataclass(frozen=True, slots=True)
class Rules:
    """What a list may not hold."""

    per_artist: int | None
    """So many tracks of one credited artist may come; None for any number."""
    versions: bool
    """Whether versions of the seeds, and of each other, may come."""


def best_known(cards: Sequence[Card]) -> dict[int, int]:
    """Let the best known version of each recording stand where its best placed one stood; the others go.

    Returns, for each place that stays, in order, the place of the card that stands there. Of equally known ones it is
    the better placed one.
    """
    known, stands, at = Known(), dict[int, int](), list[int]()
    for place, card in enumerate(cards):
        kin, other = known.nearest(card.title)
        known.add(card.title)
        at.append(at[other] if kin == "same" and other is not None else place)
        if at[place] == place or card.playlists > cards[stands[at[place]]].playlists:
            stands[at[place]] = place
    return stands


def choose(
    relevance: np.ndarray,
    cards: Sequence[Card],
    heard: Sequence[Card],
    n: int,
    rules: Rules,
    *,
    diversity: float = 0.0,
    nearness: Nearness | None = None,
    neighbours: bool = False,
) -> list[int]:
    """Choose n places of candidates, best first, no two of one artist in a row.

    relevance: float32, shape (candidates,), falling. heard: the seeds, and whatever else may not come again. diversity:
    how much a candidate's likeness to those chosen before counts against its relevance, by maximal marginal relevance
    (Carbonell and Goldstein, SIGIR 1998). neighbours: whether two of one artist may follow each other where nothing
    else is left. Returns the places chosen, in order.
    """
    table = _Table(heard, rules)
    waiting, chosen = list(range(len(cards))), list[int]()
    value = relevance
    while waiting and len(chosen) < n:
        if chosen and diversity and nearness is not None:
            value = marginal(relevance, nearness.after(chosen[-1]), diversity)
            waiting.sort(key=lambda place: -value[place])
        place = table.next_of(waiting, cards, neighbours=neighbours)
        if place is None:
            break
        waiting.remove(place)
        table.take(cards[place])
        chosen.append(place)
    return chosen


class _Table:
    """What is chosen so far, and what that forbids."""

    def __init__(self, heard: Sequence[Card], rules: Rules) -> None:
        self._rules = rules
        self._known = Known(card.title for card in heard)
        self._by_artist: Counter[str] = Counter()
        self._last: frozenset[str] = frozenset()

    def take(self, card: Card) -> None:
        self._known.add(card.title)
        self._last = frozenset(card.artists)
        self._by_artist.update(self._last)

    def next_of(self, waiting: list[int], cards: Sequence[Card], *, neighbours: bool) -> int | None:
        """Give the first that may come now; those that never may are dropped from the row."""
        late: int | None = None
        for place in list(waiting):
            card = cards[place]
            if self._is_over(card):
                waiting.remove(place)
            elif self._last.isdisjoint(card.artists):
                return place
            elif late is None:
                late = place
        return late if neighbours else None

    def _is_over(self, card: Card) -> bool:
        most = self._rules.per_artist
        if most is not None and any(self._by_artist[artist] >= most for artist in card.artists):
            return True
        return not self._rules.versions and self._known.nearest(card.title)[0] != "none"
