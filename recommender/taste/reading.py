"""A report of a taste, from JSON back to what it was. Pure."""

from dataclasses import is_dataclass
from math import isfinite
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

from recommender.taste.contract import Report


def report_of(told: object) -> Report:
    """Build a report from its JSON object. Raises KeyError, TypeError or ValueError where it is none."""
    report: Report = _made(Report, told)
    if any(not 0 <= chance <= 1 for chances in report.chances for chance in chances):
        raise ValueError("a chance lies from 0 to 1")
    return report


def _made(kind: Any, told: Any) -> Any:
    """Give what JSON tells as the kind that a field is declared to be."""
    inner = get_args(kind)
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        return kind(**{name: _made(hints[name], value) for name, value in told.items()})  # type: ignore[operator]
    if get_origin(kind) is dict:
        return {name: _made(inner[1], value) for name, value in told.items()}
    if get_origin(kind) is tuple:
        kinds = inner[:1] * len(told) if inner[-1] is ... else inner
        return tuple(_made(one, value) for one, value in zip(kinds, told, strict=True))
    if isinstance(kind, UnionType):
        kind = type(told) if type(told) in inner else None
    if kind is float and type(told) is int:
        told = float(told)
    if type(told) is not kind or (kind is float and not isfinite(told)):
        raise TypeError(f"{told!r:.40} is not what belongs there")
    return told
