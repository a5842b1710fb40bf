"""From scores to a list: the one place that chooses, for all models."""

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np


def best_first(scores: np.ndarray, excluded: np.ndarray, n: int) -> np.ndarray:
    """Give the n tracks of the highest scores, best first: int64 track numbers, fewer when there are fewer.

    scores: float32, shape (tracks,). excluded: int32 track numbers that may not come. NaN ("cannot tell") comes last;
    equal scores and NaN by track number, which is by popularity.
    """
    candidate = np.ones(len(scores), bool)
    candidate[excluded] = False
    told = np.flatnonzero(candidate & ~np.isnan(scores))
    top = _top(scores, told, n)
    if len(top) < n:
        untold = np.flatnonzero(candidate & np.isnan(scores))
        top = np.concatenate([top, untold[: n - len(top)]])
    return top


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
    """What choosing needs to know of a track: who made it, and which recordings it is a version of."""

    artists: tuple[Hashable, ...]
    recordings: tuple[Hashable, ...]
    """Every label under which two tracks are versions of each other: artist with plain title, and ISRC."""


def spread(cards: Iterable[Card], seeds: Sequence[Card], n: int, per_artist: int | None, versions: bool) -> list[int]:
    """Choose n places from a list that is in order, best first.

    per_artist: how many tracks of one credited artist may come, None for any number. versions: whether other versions
    of the seeds, and of what was chosen before, may come too. Returns the places chosen, in order.
    """
    heard = {label for seed in seeds for label in seed.recordings}
    by_artist: Counter[Hashable] = Counter()
    chosen: list[int] = []
    for place, card in enumerate(cards):
        if len(chosen) == n:
            break
        if not versions and heard.intersection(card.recordings):
            continue
        if per_artist is not None and any(by_artist[artist] >= per_artist for artist in card.artists):
            continue
        chosen.append(place)
        heard.update(card.recordings)
        by_artist.update(set(card.artists))
    return chosen
