"""A network as a picture: dots, lines, and names that do not lie on each other. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from recommender.maps.network import Network, laid_out

MIDDLE, NEAR, FAR, SHARED = "middle", "near", "far", "shared"
_RADII = {MIDDLE: 9.0, NEAR: 7.0, FAR: 4.5, SHARED: 5.0}
_PADDING = 4.0
_BOLD = 1.12
"""So much wider are bold letters."""


@dataclass(frozen=True)
class Sheet:
    """What a network is drawn on."""

    name: str
    width: int
    letters: int
    """So many letters of a name fit in."""
    letter: float
    """How wide one is."""
    line: float
    """How high one is."""
    room: float
    """How high the sheet is for each node beyond the tenth, on top of the least height."""
    least: float


SHEETS = (Sheet("wide", 1100, 24, 6.9, 15, 7.5, 430), Sheet("tall", 380, 16, 6.1, 14, 15.0, 460))
"""One for a desk, and one for a phone."""


@dataclass(frozen=True)
class Node:
    """One dot with its name."""

    number: int
    x: float
    y: float
    radius: float
    kind: str
    lines: tuple[str, ...]
    """The name, and for some the artist."""


@dataclass(frozen=True)
class Line:
    """Joins two dots."""

    a: Node
    b: Node


@dataclass(frozen=True)
class Drawn:
    """A network on one sheet."""

    sheet: Sheet
    height: int
    nodes: tuple[Node, ...]
    lines: tuple[Line, ...]


def kinds_of(web: Network) -> list[str]:
    """Say of each node how it is drawn: what only one other is near to, or what several share."""
    return [
        MIDDLE if level == 0 else NEAR if level == 1 else SHARED if web.shared(node) else FAR
        for node, level in enumerate(web.levels)
    ]


def drawn(web: Network, names: Sequence[tuple[str, str]], sheet: Sheet) -> Drawn:
    """Draw a network. names: of each node what it is called, and by whom; the latter may be empty."""
    kinds = kinds_of(web)
    lines = [
        tuple(_short(text, sheet.letters) for text in (told if kind in (MIDDLE, NEAR) else told[:1]) if text)
        for kind, told in zip(kinds, names, strict=True)
    ]
    boxes = np.array([_box(kind, text, sheet) for kind, text in zip(kinds, lines, strict=True)])
    height = sheet.least + sheet.room * max(len(kinds) - 11, 0)
    places = laid_out(web, boxes, (sheet.width, height))
    nodes = tuple(
        Node(
            number,
            round(float(x), 1),
            round(float(y - boxes[number, 1] / 2 + _RADII[kind] + 1), 1),
            _RADII[kind],
            kind,
            text,
        )
        for number, ((x, y), kind, text) in enumerate(zip(places, kinds, lines, strict=True))
    )
    return Drawn(sheet, round(height), nodes, tuple(Line(nodes[a], nodes[b]) for a, b in _once(web)))


def _box(kind: str, lines: Sequence[str], sheet: Sheet) -> tuple[float, float]:
    """Tell how wide and high a dot is with its name below."""
    letters = [len(line) for line in lines] or [1]
    if kind in (MIDDLE, NEAR):
        letters[0] = round(letters[0] * _BOLD)
    wide = max(letters) * sheet.letter
    return wide + 2 * _PADDING, 2 * _RADII[kind] + len(lines) * sheet.line + _PADDING


def _once(web: Network) -> list[tuple[int, int]]:
    """Give each edge once, where two nodes are near to each other."""
    return list({frozenset(edge): edge for edge in reversed(web.edges)}.values())[::-1]


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip(" ,(-") + "…"
