"""The demo's collecting: a login, a crawl that grows, and audio features, all at the small Spotify."""

import sqlite3
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

from crawler.credentials import find_credentials, home
from crawler.features import run as features
from crawler.frontier import Target
from crawler.login import Person
from crawler.login import log_in as ask_to_log_in
from crawler.places import places
from crawler.report import Report
from crawler.running import Wishes, run
from crawler.session import log_in
from crawler.token import READ_SCOPES
from crawler.work import Crawl
from db import index
from demo.errors import NothingCollected
from demo.spotify.serving import Places

CONCURRENCY = 8
CLIENT, SECRET, REDIRECT = "demo-client", "demo-secret", "http://127.0.0.1/callback"

Progress = Callable[[str, float], None]
"""Told what is being done, and the share of it that is done."""


@dataclass(frozen=True, slots=True)
class Collected:
    """What came of the collecting."""

    crawl: Report
    features: Mapping[str, int]
    """Tracks that got audio features, by provider."""


def collect(
    connection: sqlite3.Connection, spotify: Places, folder: Path, playlists: int, now: float, progress: Progress
) -> Collected:
    """Log in, crawl own playlists and then what searches find, and fetch audio features.

    folder: for the token; playlists: at most so many. Raises NothingCollected, and what the crawler raises.
    """
    environment = _environment(spotify, folder)
    credentials = find_credentials(environment, home(environment))
    ask_to_log_in(credentials, places(environment), READ_SCOPES, home(environment), Person(_agree, _ignore, None))
    wishes = Wishes(Target(mine=True, grow=True, most=playlists), pace=0.0, concurrency=CONCURRENCY)
    crawl = run(connection, log_in(environment, now), wishes, _Watch(playlists, progress))
    if crawl.reason != "done":
        raise NothingCollected(f"the crawl of the small Spotify stopped ({crawl.reason}): {crawl.sentence}")
    index.finish(connection)
    asked = features.Wishes(("reccobeats",), pace=0.0, concurrency=CONCURRENCY, quiet=True)
    progress("Fetching features", 0.0)
    told = features.run(connection, environment, asked, None)
    progress("Fetching features", 1.0)
    return Collected(crawl, told.stored)


def _environment(spotify: Places, folder: Path) -> dict[str, str]:
    return {
        "SEGUE_SPOTIFY_API": spotify.api,
        "SEGUE_SPOTIFY_ACCOUNTS": spotify.accounts,
        "SEGUE_RECCOBEATS_API": spotify.reccobeats,
        "SPOTIPY_CLIENT_ID": CLIENT,
        "SPOTIPY_CLIENT_SECRET": SECRET,
        "SPOTIPY_REDIRECT_URI": REDIRECT,
        "SEGUE_HOME": str(folder),
    }


def _agree(address: str) -> None:
    """Agree to the login, as a person would in a browser: the small Spotify sends whoever comes straight back."""

    def visit() -> None:
        with urlopen(address) as page:  # noqa: S310 - the address is the small Spotify's
            page.read()

    threading.Thread(target=visit, daemon=True).start()


def _ignore(_sentence: str) -> None:
    """Say nothing."""


class _Watch:
    """Passes on how far the crawl is."""

    def __init__(self, playlists: int, progress: Progress) -> None:
        self._playlists, self._progress = playlists, progress

    def say(self, sentence: str) -> None:
        """Say nothing: the demo has sentences of its own."""

    def listed(self, work: Crawl, done: int, total: int) -> None:
        """Show nothing of lists, which are quick."""

    def planned(self, work: Crawl) -> None:
        """Show how much is read."""
        self.moved(work)

    def moved(self, work: Crawl) -> None:
        """Show how much is read."""
        self._progress("Crawling", min(1.0, work.counts["stored"] / self._playlists))
