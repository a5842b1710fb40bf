"""Values of options that click has no type for."""

from typing import Any

import click

LONGEST_PACE_S = 3600.0


class Pace(click.FloatRange):
    """Seconds between two requests: a number, and no more than an hour."""

    def __init__(self) -> None:
        super().__init__(0, LONGEST_PACE_S)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Take a number; nan is none."""
        seconds = super().convert(value, param, ctx)
        if seconds != seconds:
            self.fail(f"{value!r} is no number of seconds", param, ctx)
        return seconds


class Word(click.ParamType[str]):
    """A text that can be written down: printable, of real characters, and not empty."""

    name = "text"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Take a text."""
        if not isinstance(value, str) or not value.strip() or not value.isprintable():
            self.fail("it is empty, or holds characters that cannot be written down", param, ctx)
        return value
