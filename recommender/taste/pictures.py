"""Pictures for a page, drawn as text: nothing is loaded from anywhere, and the page's style gives the colours. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

_WIDTH, _ROW = 760, 28
_LEFT, _RIGHT = 310, 150
"""Pixels: of a picture's width, a row's height, and the room of the names at the left and the numbers at the right."""
_SQUARE, _EDGE = 340, 60
"""Pixels: the side of a square picture, and the room around it."""
_HIGH = 220
STYLE = """
:root { color-scheme: light dark; --ink: #222; --paper: #fff; --faint: #8885; --like: #2f6fb0; --dislike: #c8562a;
  --plain: #7c7c7c }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6e6e6; --paper: #17191c; --faint: #8886; --like: #6aa9e6; --dislike: #ee8a5c; --plain: #a2a2a2 }
}
body { font: 16px/1.5 system-ui, sans-serif; max-width: 860px; margin: 2em auto; padding: 0 1em; color: var(--ink);
  background: var(--paper) }
svg { width: 100%; max-width: 760px; height: auto; display: block }
svg text { fill: var(--ink); font-size: 14px }
.axis { stroke: var(--faint); fill: none } .mark { stroke: var(--ink); stroke-dasharray: 4 4; fill: none }
.like { fill: var(--like) } .dislike { fill: var(--dislike) } .plain { fill: var(--plain) }
.line { stroke: var(--like); stroke-width: 2.5; fill: none } .area { fill: var(--like); opacity: .12 }
.spread { stroke: var(--ink); stroke-width: 1.5; fill: none }
.warning { border: 2px solid var(--dislike); padding: .6em 1em; font-weight: 600 }
pre { overflow-x: auto; font-size: 13px }
figure { margin: 1.2em 0 2.2em } figcaption { margin-bottom: .6em }
"""


@dataclass(frozen=True)
class Row:
    """One named value, with where it may lie, and what is written beside it."""

    name: str
    value: float
    low: float
    high: float
    told: str
    plain: bool = False
    """Whether it is only there to be compared with, and grey."""


def document(title: str, parts: Sequence[str]) -> str:
    """Give a whole HTML page of parts that are HTML already."""
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width">\n'
        f"<title>{escape(title)}</title>\n<style>{STYLE}</style>\n</head>\n"
        f"<body>\n<h1>{escape(title)}</h1>\n{''.join(parts)}</body>\n</html>\n"
    )


def dots(title: str, about: str, rows: Sequence[Row], low: float, high: float, mark: tuple[float, str]) -> str:
    """Draw a dot for each row with a line from where to where it may lie; mark: a value to hold them against."""
    scale = (_WIDTH - _LEFT - _RIGHT) / (high - low)

    def at(value: float) -> float:
        return _LEFT + (min(max(value, low), high) - low) * scale

    bottom = _ROW * len(rows) + 30
    shapes = [
        f'<path class="mark" d="M{at(mark[0]):.1f} 22V{bottom - 6}"/>',
        _text(at(mark[0]), 14, mark[1], "middle"),
    ]
    for place, row in enumerate(rows):
        middle = 30 + _ROW * place + _ROW / 2
        shapes += [
            _text(_LEFT - 12, middle + 5, row.name, "end"),
            f'<path class="spread" d="M{at(row.low):.1f} {middle:g}H{at(row.high):.1f}"/>',
            f'<circle class="{"plain" if row.plain else "like"}" cx="{at(row.value):.1f}" cy="{middle:g}" r="6"/>',
            _text(_WIDTH - _RIGHT + 14, middle + 5, row.told),
        ]
    return _figure(title, about, _WIDTH, bottom, shapes)


def bars(title: str, about: str, rows: Sequence[Row]) -> str:
    """Draw a bar for each row from 0 on, to the left where it is below, with a line over it for how far it spreads."""
    low, high = min(0.0, *(row.low for row in rows)), max(1e-9, *(row.high for row in rows))
    scale = (_WIDTH - _LEFT - _RIGHT) / (high - low)
    zero, bottom = _LEFT - low * scale, _ROW * len(rows) + 8
    shapes = []
    for place, row in enumerate(rows):
        top, middle = 4 + _ROW * place, 4 + _ROW * place + _ROW / 2
        start, ends = zero + min(row.value, 0) * scale, [zero + end * scale for end in (row.low, row.high)]
        shapes += [
            _text(_LEFT - 12, middle + 5, row.name, "end"),
            _rectangle("like", start, top + 4, abs(row.value) * scale, _ROW - 8),
            f'<path class="spread" d="M{ends[0]:.1f} {middle:g}H{ends[1]:.1f}"/>',
            _text(_WIDTH - _RIGHT + 14, middle + 5, row.told),
        ]
    shapes.append(f'<path class="axis" d="M{zero:.1f} 0V{bottom}"/>')
    return _figure(title, about, _WIDTH, bottom, shapes)


def curve(title: str, about: str, points: Sequence[tuple[float, float]], here: tuple[float, float]) -> str:
    """Draw a curve from corner to corner of a square, the coin's line, and the point at which one stands."""

    def at(point: tuple[float, float]) -> str:
        return f"{_EDGE + point[0] * _SQUARE:.1f},{20 + (1 - point[1]) * _SQUARE:.1f}"

    floor, wall = 20 + _SQUARE, _EDGE + _SQUARE
    joined = " ".join(map(at, points))
    x, y = at(here).split(",")
    shapes = [
        f'<path class="axis" d="M{_EDGE} 20H{wall}V{floor}H{_EDGE}Z"/>',
        f'<path class="mark" d="M{_EDGE} {floor}L{wall} 20"/>',
        f'<polygon class="area" points="{joined} {wall},{floor} {_EDGE},{floor}"/>',
        f'<polyline class="line" points="{joined}"/>',
        f'<circle class="dislike" cx="{x}" cy="{y}" r="6"/>',
        *(_text(_EDGE + share * _SQUARE, floor + 20, f"{share:.0%}", "middle") for share in (0, 0.5, 1)),
        *(_text(_EDGE - 8, floor + 5 - share * _SQUARE, f"{share:.0%}", "end") for share in (0.5, 1)),
        _text(_EDGE + _SQUARE / 2, floor + 42, "of your dislikes taken for likes", "middle"),
        _text(wall + 16, 40, "up: of your likes found"),
        _text(wall + 16, floor - 32, "dashed: a coin's line"),
        _text(wall + 16, floor - 10, "the dot: where it decides"),
    ]
    return _figure(title, about, _WIDTH, floor + 52, shapes)


def squares(title: str, about: str, counts: Sequence[Sequence[int]], rows: Sequence[str], heads: Sequence[str]) -> str:
    """Draw a table of counts, each stronger the more of its row it holds."""
    wide, high = 190, 84
    shapes = [_text(_LEFT + wide * (column + 0.5), 18, head, "middle") for column, head in enumerate(heads)]
    for place, (name, row) in enumerate(zip(rows, counts, strict=True)):
        top = 30 + place * high
        shapes.append(_text(_LEFT - 12, top + high / 2 + 5, name, "end"))
        for column, count in enumerate(row):
            share, left = count / max(sum(row), 1), _LEFT + wide * column
            kind = "like" if column == place else "dislike"
            shapes += [
                _rectangle(kind, left, top, wide - 4, high - 4, 0.08 + 0.62 * share),
                _text(left + wide / 2, top + high / 2 + 5, f"{count:,} ({share:.0%})", "middle"),
            ]
    return _figure(title, about, _WIDTH, 34 + high * len(rows), shapes)


def towers(title: str, about: str, counts: Sequence[tuple[int, int]], mark: tuple[float, str]) -> str:
    """Draw two towers for each tenth from 0 % to 100 %: of the dislikes and the likes; mark: a share to show."""
    wide, most = (_WIDTH - 2 * _EDGE) / len(counts), max(1, *(count for pair in counts for count in pair))
    floor = _HIGH + 48
    shapes = [f'<path class="axis" d="M{_EDGE} {floor}H{_WIDTH - _EDGE}"/>']
    for place, pair in enumerate(counts):
        for side, (count, kind) in enumerate(zip(pair, ("dislike", "like"), strict=True)):
            left, tall = _EDGE + wide * place + 4 + side * (wide - 8) / 2, _HIGH * count / most
            shapes.append(_rectangle(kind, left, floor - tall, (wide - 8) / 2, tall))
            if count:
                shapes.append(_text(left + (wide - 8) / 4, floor - tall - 5, f"{count:,}", "middle"))
    at = _EDGE + mark[0] * (_WIDTH - 2 * _EDGE)
    shapes += [
        *(
            _text(_EDGE + wide * place, floor + 20, f"{place / len(counts):.0%}", "middle")
            for place in range(0, len(counts) + 1, 2)
        ),
        f'<path class="mark" d="M{at:.1f} 20V{floor}"/>',
        _text(at, 14, mark[1], "middle"),
        _rectangle("dislike", _EDGE, floor + 32, 12, 12),
        _text(_EDGE + 18, floor + 43, "songs you dislike"),
        _rectangle("like", _EDGE + 180, floor + 32, 12, 12),
        _text(_EDGE + 198, floor + 43, "songs you like"),
    ]
    return _figure(title, about, _WIDTH, floor + 52, shapes)


def _text(x: float, y: float, words: str, anchor: str = "start") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(words)}</text>'


def _rectangle(kind: str, x: float, y: float, wide: float, high: float, opacity: float = 1.0) -> str:
    place = f'x="{x:.1f}" y="{y:.1f}" width="{wide:.1f}" height="{high:.1f}"'
    return f'<rect class="{kind}" {place} opacity="{opacity:.2f}"/>'


def _figure(title: str, about: str, wide: int, high: float, shapes: Sequence[str]) -> str:
    """Put a picture under its title, which those hear who cannot see it."""
    return (
        f"<figure>\n<h2>{escape(title)}</h2>\n<figcaption>{escape(about)}</figcaption>\n"
        f'<svg viewBox="0 0 {wide} {high:.0f}" role="img">\n'
        f"<title>{escape(title)}</title>\n<desc>{escape(about)}</desc>\n" + "\n".join(shapes) + "\n</svg>\n</figure>\n"
    )
