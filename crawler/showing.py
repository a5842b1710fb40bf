"""What a person sees of a crawl at work, on stderr: the budget first, then a bar with rate and remaining time."""

import sys
import time
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING, Self

import click

from crawler.work import Crawl

if TYPE_CHECKING:
    from click._termui_impl import ProgressBar


class Showing:
    """Shows a crawl; its bars only where stderr is a terminal.

    seconds: foresees what so many requests take; most_requests: as many as this run may send.
    """

    def __init__(self, seconds: Callable[[int], float], most_requests: int | None = None, *, quiet: bool) -> None:
        self._seconds, self._most, self._quiet = seconds, most_requests, quiet
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
        left = work.requests_ahead if self._most is None else max(0, self._most - work.transport.counts["requests"])
        now = min(work.requests_ahead, left)
        lasts = f", {duration(self._seconds(now))} at this pace" if self._seconds(now) >= 1 else ""
        some = f" ({now:,} of them in this run)" if now < work.requests_ahead else ""
        ahead = f"about {counted(work.requests_ahead, 'request')}{some}"
        self.say(f"To read: {counted(work.todo, 'playlist')}, {ahead}{lasts}.")
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
                length=total, label=label, file=sys.stderr, item_show_func=self._rate, show_pos=True, width=0
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
