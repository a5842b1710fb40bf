"""One run of the crawler from the command line: opened, watched, stopped with Ctrl-C, told."""

import asyncio
import sqlite3
import time
from dataclasses import dataclass

from crawler.crawl import crawl
from crawler.errors import Interrupted
from crawler.frontier import Frontier, Target
from crawler.pacing import Pacer, Rate
from crawler.report import Report, left_out, report
from crawler.rows import Rows
from crawler.session import CONCURRENCY, PACE_S, Login, account_of, open_transport, refuse_while_blocked
from crawler.spotify import Spotify
from crawler.stopping import interruptible
from crawler.transport import Manner
from crawler.work import Crawl, Watch

_INTERRUPTED = "what was under way is stored; the same command goes on where it was"


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the user said about a crawl; None: what is usual."""

    target: Target
    most_requests: int | None = None
    pace: float | None = None
    rate: Rate | None = None
    concurrency: int | None = None
    market: str = "US"
    account: str | None = None

    @property
    def pace_s(self) -> float:
        """Seconds between two requests; a told rate paces by itself."""
        if self.pace is not None:
            return self.pace
        return 0.0 if self.rate else PACE_S

    def seconds(self, requests: int) -> float:
        """Foresee how long so many requests take, by pace and rate alone."""
        by_rate = max(0, requests - self.rate.most) / self.rate.most * self.rate.kept_s if self.rate else 0.0
        return max(requests * self.pace_s, by_rate)


def run(connection: sqlite3.Connection, login: Login, wishes: Wishes, watch: Watch) -> Report:
    """Crawl, and say what came of it; raises NotLoggedIn, Blocked, and what the database raises."""
    account = account_of(login.places, wishes.account)
    refuse_while_blocked(connection, account, time.time())
    return asyncio.run(_run(connection, login, wishes, account, watch))


async def _run(connection: sqlite3.Connection, login: Login, wishes: Wishes, account: str, watch: Watch) -> Report:
    rows = Rows(connection)
    concurrency = wishes.concurrency or CONCURRENCY

    def manner(pacer: Pacer) -> Manner:
        return Manner(pacer, concurrency, wishes.most_requests, tell=watch.say)

    async with open_transport(
        "Spotify", account, login.tokens, rows, manner, (wishes.pace_s, wishes.rate)
    ) as transport:
        market = wishes.market if login.flow == "app" else None
        frontier = Frontier(connection, wishes.target, _place(wishes.target), time.time)
        work = Crawl(
            rows,
            Spotify(transport, login.places.api, market),
            transport,
            frontier,
            wishes.target,
            login.credentials.client_id,
            account,
            concurrency,
            login.flow == "user",
            watch,
        )
        if login.warning:
            watch.say(login.warning)
        if frontier.goes_on:
            watch.say("Going on with the crawl that was stopped.")
        with interruptible(lambda: work.stop(Interrupted(_INTERRUPTED))):
            await crawl(work)
    told = report(
        work.stopped_by, work.counts + transport.counts, work.stored, tuple(work.refused), frontier.import_number
    )
    frontier.note_dropped(left_out(told))
    frontier.close(told.reason, finished=told.finished)
    return told


def _place(target: Target) -> str:
    """Name what is crawled, for people."""
    parts = ["my playlists"] if target.mine else []
    parts += [f"playlist {one}" for one in target.playlists[:3]] + [f"user {one}" for one in target.users[:3]]
    parts += [f"search {one!r}" for one in target.searches[:3]]
    more = len(target.playlists) + len(target.users) + len(target.searches) + target.mine - len(parts)
    return ", ".join(parts) + (f" and {more:,} more" if more else "") + (", grown" if target.grow else "")
