"""Collecting audio features: the next tracks in line, asked of one provider, stored; until the end of the line."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from crawler.errors import CrawlerError, Unreachable
from crawler.features.contract import Fetched, Provider
from crawler.rows import Rows
from db.connection import transaction
from db.facts import store_features
from db.lacking import Asker, next_due, note_misses
from db.runs import ImportRun

MISSED_FOR_S = 30 * 86_400
"""Seconds for which a provider that does not have a track is not asked for it again."""
PARTS = 4
"""So many requests' worth of tracks are asked for and stored together, or more where more are under way at once."""


@dataclass
class Collecting:
    """One run at work. The line stands in the database already."""

    rows_of: Rows
    now: int
    """When the run began, seconds since 1970."""
    parts: int = PARTS
    watch: Callable[[int], None] = lambda _count: None
    """Told of so many more tracks that are done with."""
    stored: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)
    imports: dict[str, int] = field(default_factory=dict)
    """The number of each provider's import, where it brought something."""
    unanswered: int = 0
    """Tracks whose requests failed: the next run asks for them again."""

    @property
    def since(self) -> int:
        """Give the time from which on misses count."""
        return self.now - MISSED_FOR_S


async def collect(work: Collecting, provider: Provider) -> CrawlerError | None:
    """Ask a provider for all in line that it may have; gives what stopped it, None at the end of the line.

    A request that fails costs its tracks their turn; when a whole block goes unanswered, that is the end.
    """
    run = ImportRun(provider.name, "audio features", work.now)
    asker, after = Asker(provider.name, provider.by_isrc), 0
    most = work.parts * provider.at_once
    while block := await work.rows_of(next_due, work.rows_of.connection, asker, work.since, after, most):
        after = block.last
        fetched = await provider.fetch(block.asked)
        work.stored[provider.name] += await work.rows_of(_keep, work, run, fetched)
        work.missed[provider.name] += len(fetched.missing)
        if run.number:
            work.imports[provider.name] = run.number
        answered = len(fetched.found) + len(fetched.missing)
        work.watch(len(block.asked))
        if fetched.trouble and not (answered and isinstance(fetched.trouble, Unreachable)):
            return fetched.trouble
        work.unanswered += len(block.asked) - answered
    return None


def _keep(work: Collecting, run: ImportRun, fetched: Fetched) -> int:
    """Store what was found, and remember what is missing, in one transaction; counts what was stored."""
    connection = work.rows_of.connection
    with transaction(connection):
        counts = store_features(connection, run, list(fetched.found.values()))
        note_misses(connection, run.source, fetched.missing, work.now)
    return counts.features
