"""One crawl at work: what its parts share."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Protocol

from crawler.errors import Blocked, CrawlerError, Interrupted, Unreachable
from crawler.frontier import Frontier, Target
from crawler.regime import App
from crawler.rows import Rows
from crawler.spotify import Spotify
from crawler.transport import Transport
from db.runs import Counts

_HOPELESS = 5
"""So many playlists in a row that cannot be read, and the service is taken to be down."""


class Watch(Protocol):
    """Who is told how the crawl goes."""

    def say(self, sentence: str) -> None:
        """Hear a sentence for people."""
        ...

    def listed(self, work: "Crawl", done: int, total: int) -> None:
        """Hear how far a list was read."""
        ...

    def planned(self, work: "Crawl") -> None:
        """Hear that the reading begins: work.todo and work.requests_ahead are known."""
        ...

    def moved(self, work: "Crawl") -> None:
        """Hear that something more was read."""
        ...


@dataclass
class Crawl:
    """One crawl at work."""

    rows_of: Rows
    spotify: Spotify
    transport: Transport
    frontier: Frontier
    target: Target
    client: str
    """The client id, for what is remembered of the app."""
    account: str
    """The gate."""
    concurrency: int
    of_user: bool
    """Whether somebody is logged in, or the app asks for itself."""
    watch: "Watch"
    app: App = field(default_factory=App)
    counts: Counter[str] = field(default_factory=Counter)
    stored: Counts = field(default_factory=Counts)
    todo: int = 0
    """Playlists that wait to be read."""
    requests_ahead: int = 0
    """What reading them takes, as far as that is known."""
    refused: list[str] = field(default_factory=list)
    """Lists that could not be read, each with the reason."""
    stopped_by: CrawlerError | None = None
    _unlucky: int = 0

    async def learn(self, app: App) -> None:
        """Take in, and remember, what is new of the app."""
        if app != self.app:
            await self.rows_of(self.frontier.learn_app, self.client, self.app, app)
            self.app = app

    async def remember(self) -> None:
        """Keep the gate now and then: a run that is killed cannot, and the next one has to keep the rate too."""
        await self.rows_of(self.rows_of.remember_gate, self.account, self.transport.gate)

    def stop(self, why: CrawlerError) -> None:
        """Let what is in flight come home, and start nothing more."""
        before = self.stopped_by
        later = isinstance(before, Blocked) and isinstance(why, Blocked) and why.until > before.until
        stopped = isinstance(before, Interrupted) and not isinstance(why, Interrupted)
        if before is None or stopped or later:
            self.stopped_by = why
        self.transport.stop()

    def lucky(self) -> None:
        """Note that a playlist could be read."""
        self._unlucky = 0

    def unlucky(self, why: Unreachable) -> None:
        """Note that a playlist could not be read; stops when that is no longer chance."""
        self._unlucky += 1
        if self._unlucky >= _HOPELESS:
            self.stop(why)
