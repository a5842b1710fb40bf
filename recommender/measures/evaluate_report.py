"""What was measured as one page of pictures, drawn without anything but text. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from math import isfinite

import numpy as np

from recommender.measures.bootstrap import Interval, intervals
from recommender.measures.evaluate_table import LABELS, about, best_first, character_table, grade_table, seeds_table
from recommender.measures.measuring import SAME_ARTIST, YARDSTICK, Exam, Measured

_WIDTH = 760
_LEFT = 150
_RIGHT = 90
_ROW = 26
_LINES = 260
"""Heights and widths in pixels: of a picture, the names at its left, the numbers at its right, a bar, the lines."""
_APART = 15
_PLAIN, _OTHERS = "#8a8a8a", "#2f6fb0"
_COLOURS = ("#2f6fb0", "#d1602b", "#3a8f4d", "#9a4fb5", "#b8920b", "#c0395e", "#1f9a9a", "#6b5bd2", "#7a5230")
_STYLE = """
:root { color-scheme: light dark }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 960px; margin: 2em auto; padding: 0 1em }
svg { width: 100%; max-width: 760px; height: auto; display: block }
svg text { fill: currentColor; font-size: 13px }
pre { overflow-x: auto; font-size: 13px }
"""


@dataclass(frozen=True)
class _Bar:
    name: str
    value: float
    text: str
    spread: Interval | None = None


def page(exam: Exam, measured: Sequence[Measured], weights: np.ndarray, yardstick: np.ndarray) -> str:
    """Give an HTML page that needs nothing else. The arguments are those of evaluate_table.grade_table."""
    ranked = best_first(exam, measured)
    main = exam.protocol.grades.index(exam.protocol.headline)
    label = LABELS[exam.protocol.headline]
    worth = [intervals(one.grades[:, [main]], weights)[0] for one in ranked]
    parts = [
        heading(f"{label}, and where 95 % of the means lie"),
        _bars([_Bar(one.name, w.mean, f"{w.mean:.3f}", w) for one, w in zip(ranked, worth, strict=True)]),
    ]
    if len(exam.seeds_of) > 1:
        lines = [(one.name, [float(one.by_seeds[number][main]) for number in exam.seeds_of]) for one in ranked]
        parts += [heading(f"{label} by the number of seeds"), line_picture(list(map(str, exam.seeds_of)), lines)]
    parts += [
        *_picture("Share of all tracks that ever come into a first ten", ranked, lambda one: one.coverage, ".1%"),
        *_picture("Share of different artists in a first ten", ranked, lambda one: one.variety, ".0%"),
        *_picture("Milliseconds a question", ranked, lambda one: one.milliseconds, ".2f"),
        *_picture("Seconds of training", ranked, lambda one: one.training_seconds, ".1f"),
        heading("The numbers"),
        f"<pre>{escape(_tables(exam, measured, weights, yardstick))}</pre>\n",
    ]
    return document(f"What the models are worth: {exam.protocol.name}", parts)


def document(title: str, parts: Sequence[str]) -> str:
    """Give a whole HTML page of parts that are HTML already."""
    return (
        f'<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n<title>{escape(title)}</title>\n'
        f"<style>{_STYLE}</style>\n<h1>{escape(title)}</h1>\n{''.join(parts)}</html>\n"
    )


def chart(title: str, told: Sequence[tuple[str, float, str, Interval | None]]) -> str:
    """Draw a picture under its title: name, value, what is written beside it, and where 95 % of the means lie."""
    return heading(title) + _bars([_Bar(*one) for one in told])


def _tables(exam: Exam, measured: Sequence[Measured], weights: np.ndarray, yardstick: np.ndarray) -> str:
    parts = [grade_table(exam, measured, weights, yardstick)]
    if exam.seeds_of:
        parts.append(seeds_table(exam, measured))
    return "\n".join([*parts, character_table(exam, measured), about(exam)])


def heading(text: str) -> str:
    """Give a heading between pictures."""
    return f"<h2>{escape(text)}</h2>\n"


def _picture(title: str, ranked: Sequence[Measured], value: Callable[[Measured], float], form: str) -> list[str]:
    told = [(one.name, value(one)) for one in ranked if np.isfinite(value(one))]
    return [heading(title), _bars([_Bar(name, number, format(number, form)) for name, number in told])] if told else []


def _bars(bars: Sequence[_Bar]) -> str:
    """Draw one bar below the other; those of the baselines are grey."""
    most = max(bar.spread.high if bar.spread else bar.value for bar in bars) or 1.0
    scale = (_WIDTH - _LEFT - _RIGHT) / most
    shapes = []
    for place, bar in enumerate(bars):
        top, middle = place * _ROW + 4, place * _ROW + _ROW / 2 + 1
        colour = _PLAIN if bar.name in (YARDSTICK, SAME_ARTIST, "means") else _OTHERS
        shapes += [
            _text(_LEFT - 8, middle + 4, bar.name, "end"),
            f'<rect x="{_LEFT}" y="{top}" width="{bar.value * scale:.1f}" height="{_ROW - 6}" fill="{colour}"/>',
            _text(_WIDTH - _RIGHT + 10, middle + 4, bar.text),
        ]
        if bar.spread:
            low, high = (_LEFT + end * scale for end in (bar.spread.low, bar.spread.high))
            shapes.append(f'<path d="M{low:.1f} {middle}H{high:.1f}" stroke="currentColor" stroke-width="2"/>')
    return _svg(len(bars) * _ROW + 8, shapes)


def line_picture(labels: Sequence[str], lines: Sequence[tuple[str, Sequence[float]]]) -> str:
    """Draw one line for each model over the labels, each named where it ends; NaN where it has no point."""
    most = max((value for _, values in lines for value in values if isfinite(value)), default=0.0) or 1.0
    step = (_WIDTH - _LEFT - 60) / max(len(labels) - 1, 1)
    shapes, ends = [], []
    for place, (name, values) in enumerate(lines):
        points = [
            (60 + step * column, _LINES - 20 - (_LINES - 40) * value / most)
            for column, value in enumerate(values)
            if isfinite(value)
        ]
        if not points:
            continue
        joined = " ".join(f"{x:.1f},{height:.1f}" for x, height in points)
        colour = _PLAIN if name in (YARDSTICK, SAME_ARTIST) else _COLOURS[place % len(_COLOURS)]
        shapes.append(f'<polyline points="{joined}" fill="none" stroke="{colour}" stroke-width="2"/>')
        ends.append((points[-1][1], name, colour))
    height = -float(_APART)
    for wanted, name, colour in sorted(ends):
        height = max(wanted, height + _APART)
        shapes.append(_text(_WIDTH - _LEFT + 18, height + 4, name))
        shapes.append(f'<circle cx="{_WIDTH - _LEFT + 10}" cy="{height:.1f}" r="4" fill="{colour}"/>')
    bottom = max(float(_LINES), height + _APART)
    shapes += [_text(60 + step * column, bottom, label, "middle") for column, label in enumerate(labels)]
    shapes += [_text(52, 24, f"{most:.3f}", "end"), _text(52, _LINES - 16, "0", "end")]
    return _svg(bottom + 8, shapes)


def _text(x: float, y: float, words: str, anchor: str = "start") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(words)}</text>'


def _svg(height: float, shapes: Sequence[str]) -> str:
    return f'<svg viewBox="0 0 {_WIDTH} {height:.0f}" role="img">\n' + "\n".join(shapes) + "\n</svg>\n"
