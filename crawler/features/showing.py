"""What a person sees of `segue features` at work, on stderr: the budget, then a bar with rate and remaining time."""

import sys
import time
from typing import TYPE_CHECKING

import click

from crawler.showing import counted, duration

if TYPE_CHECKING:
    from click._termui_impl import ProgressBar


class Showing:
    """Shows one provider at work after the other; its bars only where stderr is a terminal."""

    def __init__(self, *, quiet: bool) -> None:
        self._quiet = quiet
        self._bar: ProgressBar[int | None] | None = None

    def say(self, sentence: str) -> None:
        """Say a sentence."""
        if not self._quiet:
            click.echo(sentence, err=True)

    def begin(self, service: str, tracks: int, at_once: int, pace_s: float) -> None:
        """Say what asking a service takes, and open the bar."""
        least = -(-tracks // at_once)
        lasts = f", {duration(least * pace_s)} at this pace" if least * pace_s >= 1 else ""
        self.say(f"To ask of {service}: {counted(tracks, 'track')}, {counted(least, 'request')} or more{lasts}.")
        seen = not self._quiet and sys.stderr is not None and sys.stderr.isatty()
        began = time.monotonic()

        def rate(done: int | None) -> str:
            return f"{(done or 0) / max(time.monotonic() - began, 0.1):,.0f} tracks/s"

        self._bar = click.progressbar(
            length=tracks, label="Asking", file=sys.stderr, hidden=not seen, item_show_func=rate, show_pos=True
        ).__enter__()

    def moved(self, count: int) -> None:
        """Show that so many more tracks are done with."""
        if self._bar:
            self._bar.update(count, self._bar.pos + count)

    def end(self) -> None:
        """Close the bar."""
        if self._bar:
            self._bar.__exit__(None, None, None)
            self._bar = None
