"""Where the shapes of a picture lie: pixels and words, for a template to draw. Pure."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from web.binning import Bin

WIDTH, HEIGHT = 360, 200
_LEFT, _RIGHT, _TOP, _FLOOR = 44, 20, 10, 170
"""Pixels: the room of the numbers at the left, and where the columns end. As narrow as a phone, so that the numbers
are as large as they are written."""
_TALL = _FLOOR - _TOP
_WIDEST = 60.0
_LEAST = 2.0
"""A column of one is still to be seen."""
_STEEP = 300
"""From so many times the lowest column on each line of the height is ten times the one below it."""
_LETTER = 7.0
STRIP, _EDGE = 240, 8
"""Pixels: how wide a strip is, the part of a row in which a dot or a bar is drawn, and the room at its ends."""


@dataclass(frozen=True, slots=True)
class Tick:
    """A line of an axis, and what is written at it."""

    at: float
    told: str


@dataclass(frozen=True, slots=True)
class Column:
    """One bin, drawn."""

    x: float
    y: float
    width: float
    height: float
    told: str


@dataclass(frozen=True, slots=True)
class Histogram:
    """Columns over an axis."""

    columns: tuple[Column, ...]
    across: tuple[Tick, ...]
    up: tuple[Tick, ...]
    steep: bool
    """Whether each line of the height is ten times the one below."""
    width: int = WIDTH
    height: int = HEIGHT
    left: int = _LEFT
    right: int = WIDTH - _RIGHT
    floor: int = _FLOOR


@dataclass(frozen=True, slots=True)
class Point:
    """One row of a picture of dots: where the mean lies, and where 95 % of the means do."""

    name: str
    value: float
    low: float
    high: float
    plain: bool = False
    """Whether it is a yardstick."""


@dataclass(frozen=True, slots=True)
class Dot:
    """One row of a picture of dots, drawn on a strip."""

    name: str
    x: float
    low: float
    high: float
    plain: bool


@dataclass(frozen=True, slots=True)
class Dots:
    """Names with a dot each, over one axis; each on a strip of its own."""

    rows: tuple[Dot, ...]
    across: tuple[Tick, ...]
    mark: float | None
    """Where the yardstick lies."""
    width: int = STRIP


def histogram(found: Sequence[Bin], *, whole: bool = True, years: bool = False) -> Histogram:
    """Draw bins as columns of equal width; where the bins double, heights may grow by tens, too."""
    most = max(one.count for one in found)
    least = min(one.count for one in found if one.count)
    steep = most >= _STEEP * least and found[-1].high - found[-1].low > 1.5 * (found[0].high - found[0].low)
    wide = min((WIDTH - _LEFT - _RIGHT) / len(found), _WIDEST)
    columns = []
    for place, one in enumerate(found):
        tall = max(_tall(one.count, most, steep=steep), _LEAST) if one.count else 0.0
        told = f"{label(one, whole=whole, years=years)}: {one.count:,}"
        columns.append(Column(_LEFT + place * wide + 1, _FLOOR - tall, max(wide - 2, 1), tall, told))
    return Histogram(tuple(columns), _across(found, wide, whole=whole, years=years), _up(most, steep=steep), steep)


def label(one: Bin, *, whole: bool = True, years: bool = False) -> str:
    """Say what lies in a bin: a number, or from which to which."""
    form = plain_year if years else short
    if not whole:
        return f"{form(one.low)} to {form(one.high)}"
    last = one.high - 1
    return form(one.low) if last <= one.low else f"{form(one.low)}–{form(last)}"  # noqa: RUF001 - as in a book


def short(value: float) -> str:
    """Write a number for an axis: 950, 1,500, 20k, 3M, 0.25."""
    for size, letter in ((1e9, "bn"), (1e6, "M"), (1e4, "k")):
        if abs(value) >= size:
            return f"{value / (1e3 if letter == 'k' else size):,.3g}{letter}"
    return f"{value:,.0f}" if value == int(value) else f"{value:,.3g}"


def plain_year(value: float) -> str:
    """Write a year, which has no comma."""
    return f"{value:.0f}"


def _tall(count: int, most: int, *, steep: bool) -> float:
    if steep:
        # One stands half a step above the floor.
        return _TALL * (math.log10(count) + 0.5) / (math.log10(most) + 0.5)
    return _TALL * count / most


def _across(found: Sequence[Bin], wide: float, *, whole: bool, years: bool) -> tuple[Tick, ...]:
    """Write where columns begin, as many as have room, and where the last ends; a single number under its own."""
    form = plain_year if years else short
    single = whole and all(one.high - one.low == 1 for one in found)
    texts = [form(one.low) for one in found] + ([] if single else [form(found[-1].high)])
    start = _LEFT + wide / 2 if single else _LEFT
    every = max(1, math.ceil((max(map(len, texts)) + 2.5) * _LETTER / wide))
    return tuple(Tick(start + place * wide, text) for place, text in enumerate(texts) if place % every == 0)


def _up(most: int, *, steep: bool) -> tuple[Tick, ...]:
    if steep:
        powers = range(math.floor(math.log10(most)) + 1)
        return tuple(Tick(_FLOOR - _tall(10**power, most, steep=True), short(10**power)) for power in powers)
    step = round_step(most, 4, whole=True)
    return tuple(
        Tick(_FLOOR - _TALL * place * step / most, short(place * step)) for place in range(int(most / step) + 1)
    )


def round_step(most: float, lines: int, *, whole: bool = False) -> float:
    """Give 1, 2 or 5 times a power of ten, so that about so many lines reach to the most."""
    width = most / lines
    power = 10.0 ** math.floor(math.log10(width)) if width > 0 else 1.0
    step = next(power * times for times in (1, 2, 5, 10) if power * times >= width * (1 - 1e-9))
    return max(step, 1.0) if whole else step


def dots(points: Sequence[Point]) -> Dots:
    """Draw rows of dots with their intervals over an axis that begins at the round number below the lowest."""
    lowest, highest = min(point.low for point in points), max(point.high for point in points)
    step = round_step(max(highest - lowest, 1e-3), 5)
    lowest = math.floor(lowest / step + 1e-9) * step
    highest = max(highest, lowest + step)
    scale = (STRIP - 2 * _EDGE) / (highest - lowest)

    def at(value: float) -> float:
        return round(_EDGE + (value - lowest) * scale, 1)

    rows = [Dot(point.name, at(point.value), at(point.low), at(point.high), point.plain) for point in points]
    first, last = math.ceil(lowest / step - 1e-9), math.floor(highest / step + 1e-9)
    across = tuple(Tick(at(place * step), short(round(place * step, 9))) for place in range(first, last + 1))
    return Dots(tuple(rows), across, next((row.x for row in rows if row.plain), None))


def bars(counts: Sequence[tuple[str, int]]) -> list[tuple[str, float, str]]:
    """Give names with the width of a bar on a strip, and what is written beside it."""
    most = max(count for _, count in counts)
    return [(name, round(max(STRIP * count / most, _LEAST), 1), f"{count:,}") for name, count in counts]
