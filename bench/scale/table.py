"""The table of steps and sizes, with what each costs and how it grows."""

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from math import isnan

from bench.scale.growth import Growth, growth
from bench.scale.steps import Measured

MOST_TIME, MOST_MEMORY = 1.15, 1.05
"""The exponents that no step is to be above."""


def table(results: Mapping[str, Mapping[Fraction, Measured]], parts: Sequence[Fraction]) -> str:
    """Set for each step its seconds, its peak memory and its disk at each size, with the exponents of growth."""
    head = f"{'':<32}" + "".join(f"{part!s:>12}" for part in parts) + "   grows as n to the"
    lines = [head]
    for step, by_part in results.items():
        lines.append(_row(f"{step}, s", by_part, parts, lambda one: one.seconds, MOST_TIME))
        lines.append(_row("  peak memory, MB", by_part, parts, lambda one: one.peak, MOST_MEMORY))
        lines.append(_row("  disk, MB", by_part, parts, lambda one: one.disk))
        names = dict.fromkeys(name for one in by_part.values() for name in one.told)
        lines += [_row(f"  {name}", by_part, parts, lambda one, name=name: one.told.get(name)) for name in names]
    return "\n".join(line for line in lines if line) + "\n"


def _row(
    name: str,
    by_part: Mapping[Fraction, Measured],
    parts: Sequence[Fraction],
    figure_of: Callable[[Measured], float | None],
    most: float | None = None,
) -> str:
    """Set one figure at each size; nothing where no size has it."""
    figures = {part: figure for part in parts if part in by_part and (figure := figure_of(by_part[part])) is not None}
    if not figures:
        return ""
    cells = "".join(f"{_figure(figures[part]) if part in figures else '':>12}" for part in parts)
    exponent = ""
    if len(figures) > 1 and min(figures.values()) > 0:
        exponent = _exponent(growth([float(part) for part in figures], list(figures.values())), most)
    return f"{name:<32}{cells}   {exponent}".rstrip()


def _exponent(found: Growth, most: float | None) -> str:
    interval = "" if isnan(found.low) else f" [{found.low:.2f}, {found.high:.2f}]"
    above = f" ABOVE {most}" if most is not None and found.exponent > most else ""
    return f"{found.exponent:.2f}{interval}{above}"


def _figure(value: float) -> str:
    return f"{value:,.3f}" if value < 1 else f"{value:,.1f}" if value < 100 else f"{value:,.0f}"
