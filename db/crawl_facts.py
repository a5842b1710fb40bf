"""What is known of collecting over the network, for those who ask how things stand."""

import sqlite3
from dataclasses import dataclass

from db.crawled import SERVICES
from db.found import count_states, unfinished_crawls
from db.gate import Gate, app_kinds, gates
from db.retention import keep_days


@dataclass(frozen=True)
class CrawlFacts:
    """What the database knows of crawling."""

    found: dict[str, int]
    """Found playlists by what became of them (db.found)."""
    unfinished: list[tuple[str, int, str]]
    """Crawls that can go on: target, start, why they stopped."""
    gates: dict[str, Gate]
    """The gates by account, open ones too."""
    apps: list[tuple[str, str, int]]
    """Client id, kind of app, when it was seen."""
    keep_days: int
    features: dict[str, int]
    """Tracks with audio features by the source of these."""
    misses: int
    """How often a service had no features for a track."""

    @property
    def any(self) -> bool:
        """Whether there was any collecting over the network at all."""
        asked = any(source in SERVICES for source in self.features)
        return bool(self.found or self.unfinished or self.gates or self.apps or self.misses or asked)


def crawl_facts(connection: sqlite3.Connection) -> CrawlFacts:
    """Ask for all that is known of crawling."""
    features = connection.execute(
        """
        SELECT i.source, sum(f.number) FROM imports i
        JOIN (SELECT import_key, count(*) AS number FROM audio_features GROUP BY import_key) f ON f.import_key = i.key
        GROUP BY i.source ORDER BY i.source
        """
    )
    return CrawlFacts(
        count_states(connection),
        unfinished_crawls(connection),
        gates(connection),
        app_kinds(connection),
        keep_days(connection),
        dict(features.fetchall()),
        int(connection.execute("SELECT count(*) FROM feature_misses").fetchone()[0]),
    )
