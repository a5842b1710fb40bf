"""What a person sees of a crawl at work, on stderr: the budget first, then a bar with rate and remaining time."""

import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING, Self

import click

from crawler.work import Crawl

if TYPE_CHECKING:
    from click._termui_impl import ProgressBar


class Showing:
    """Shows a crawl; its bars only where stderr is a terminal. seconds: what one request takes at this pace."""

    def __init__(self, seconds: float, *, quiet: bool) -> None:
        self._seconds, self._quiet = seconds, quiet
        self._bars = not quiet and sys.stderr is not None and sys.stderr.isatty()
        self._bar: ProgressBar[Crawl | None] | None = None
        self._label = ""
        self._since = 0.0, 0
        self._planned = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    def say(self, sentence: str) -> None:
        """Say a sentence between the bars."""
        if not self._quiet:
            self._close()
            click.echo(sentence, err=True)

    def listed(self, work: Crawl, done: int, total: int) -> None:
        """Show how far a list was read."""
        self._show(work, "Reading lists    ", min(done, total), total)

    def planned(self, work: Crawl) -> None:
        """Say what the reading takes."""
        seconds = work.requests_ahead * self._seconds
        lasts = f", {duration(seconds)} at this pace" if seconds >= 1 else ""
        self.say(f"To read: {counted(work.todo, 'playlist')}, about {counted(work.requests_ahead, 'request')}{lasts}.")
        self._planned = work.todo

    def moved(self, work: Crawl) -> None:
        """Show how much is read."""
        self._show(work, "Reading playlists", self._planned - work.todo, self._planned)

    def _show(self, work: Crawl, label: str, done: int, total: int) -> None:
        if not self._bars or not total:
            return
        if self._bar is None or (self._label, self._bar.length) != (label, total):
            self._close()
            self._label, self._since = label, (time.monotonic(), work.transport.counts["requests"])
            self._bar = click.progressbar(
                length=total, label=label, file=sys.stderr, item_show_func=self._rate, show_pos=True
            ).__enter__()
        self._bar.update(done - self._bar.pos, work)

    def _rate(self, work: Crawl | None) -> str:
        since, before = self._since
        count = work.transport.counts["requests"] - before if work else 0
        return f"{count / max(time.monotonic() - since, 0.1):.1f} requests/s"

    def _close(self) -> None:
        if self._bar:
            self._bar.__exit__(None, None, None)
            self._bar = None


def counted(count: int, name: str) -> str:
    """Write a count with its noun."""
    return f"{count:,} {name}{'s' * (count != 1)}"


def duration(seconds: float) -> str:
    """Write a time span for people."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s" if minutes else f"{rest} s"
