"""Values put into bins: every one is counted once, and a bin without any stands there as empty. Pure."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

Spread = Sequence[tuple[float, int]]
"""(value, how many have it), by value."""

_MOST = 24
"""Bins of one picture, as a rule."""
_HEAVY = 8
"""Where the largest hundredth is so many times the median, equal steps would show one tower and a desert."""


@dataclass(frozen=True, slots=True)
class Bin:
    """From low up to, but not with, high."""

    low: float
    high: float
    count: int


def total(spread: Spread) -> int:
    """Count all."""
    return sum(count for _, count in spread)


def mean(spread: Spread) -> float:
    """Give the mean of all values; 0 where there are none."""
    number = total(spread)
    return sum(value * count for value, count in spread) / number if number else 0.0


def quantile(spread: Spread, share: float) -> float:
    """Give the smallest value that so large a share of all reach at most; there has to be one."""
    wanted, seen = share * total(spread), 0
    for value, count in spread:
        seen += count
        if seen >= wanted - 1e-9:
            return value
    return spread[-1][0]


def is_heavy(spread: Spread) -> bool:
    """Tell whether a few have far more than most, so that steps have to grow."""
    return bool(spread) and spread[0][0] >= 0 and quantile(spread, 0.99) >= _HEAVY * max(quantile(spread, 0.5), 1)


def bins(spread: Spread, step: float | None = None, *, whole: bool = True) -> list[Bin]:
    """Put all into bins: equal steps, or doubling ones where a few have far more than most.

    step: how wide the bins are that the values come in already. whole: whether values are whole numbers, so that no bin
    is narrower than one.
    """
    if not spread:
        return []
    if step is None and is_heavy(spread):
        edges = list(_doubling(spread[0][0], spread[-1][0]))
    else:
        edges = list(_even(spread[0][0], spread[-1][0], step or nice_step(spread, whole=whole)))
    return _counted(spread, edges)


def nice_step(spread: Spread, *, whole: bool) -> float:
    """Give 1, 2 or 5 times a power of ten, the smallest that needs no more bins than a picture has."""
    width = (spread[-1][0] - spread[0][0]) / _MOST
    if width <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(width))
    step = next(power * times for times in (1, 2, 5, 10) if power * times >= width * (1 - 1e-9))
    return max(step, 1.0) if whole else step


def _even(low: float, high: float, step: float) -> Iterator[float]:
    first = math.floor(low / step + 1e-9)
    number = math.floor(high / step + 1e-9) + 1 - first
    yield from (round((first + place) * step, 9) for place in range(number + 1))


def _doubling(low: float, high: float) -> Iterator[float]:
    """Give 0 where it is needed, then 1, 2, 4, 8 and on, beyond the highest."""
    edge = 1.0
    if low < 1:
        yield 0.0
    else:
        edge = 2.0 ** math.floor(math.log2(low))
    while edge <= high:
        yield edge
        edge *= 2
    yield edge


def _counted(spread: Spread, edges: Sequence[float]) -> list[Bin]:
    found, place = [], 0
    for low, high in pairwise(edges):
        count = 0
        while place < len(spread) and spread[place][0] < high - 1e-9:
            count += spread[place][1]
            place += 1
        found.append(Bin(low, high, count))
    return found
