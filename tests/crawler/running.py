"""Crawls of the small Spotify: in this process with a clock that jumps over waits, and as the real command."""

import asyncio
import contextlib
import secrets
import sqlite3
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from crawler import accounts
from crawler.crawl import crawl
from crawler.credentials import Credentials
from crawler.frontier import Frontier, Target
from crawler.pacing import Pacer, Rate
from crawler.places import Places
from crawler.report import Report, report
from crawler.rows import Rows
from crawler.session import Login, account_of, log_in, open_transport
from crawler.spotify import Spotify
from crawler.token import READ_SCOPES
from crawler.token_file import token_path
from crawler.transport import Manner
from crawler.work import Crawl
from db.connection import open_writer
from demo.spotify.seen import Seen
from demo.spotify.serving import Places as Served
from tests.cli.running import command, environment

CLIENT_ID, SECRET = "made-up-id", "made-up-secret"
APP = Credentials(CLIENT_ID, SECRET)
MINE = Target(mine=True)


class Clock:
    """The time, and a sleep that moves it on in place of waiting; whoever sleeps until the same moment wakes at it."""

    def __init__(self, ahead: float = 0.0) -> None:
        self.ahead = ahead
        self.slept: list[float] = []

    def now(self) -> float:
        return time.time() + self.ahead

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        until = self.now() + seconds
        await asyncio.sleep(0)
        self.ahead += max(0.0, until - self.now())


def home_variables(spotify: Served, home: Path, *, app: bool = False) -> dict[str, str]:
    """Give the variables by which Segue finds the small Spotify and its own folder; app: without a user."""
    told = {
        "SEGUE_HOME": str(home),
        "SEGUE_SPOTIFY_API": spotify.api,
        "SEGUE_SPOTIFY_ACCOUNTS": spotify.accounts,
        "SEGUE_RECCOBEATS_API": spotify.reccobeats,
        "SPOTIPY_CLIENT_ID": CLIENT_ID,
    }
    return told | ({"SPOTIPY_CLIENT_SECRET": SECRET} if app else {})


def make_login(spotify: Served, home: Path, scopes: Sequence[str] = READ_SCOPES) -> Path:
    """Log the listener in and keep the token, as `segue login` does; gives its file."""
    where = Places(spotify.api, spotify.accounts, spotify.reccobeats)
    begun = accounts.Login(APP, where.accounts, scopes, secrets.token_urlsafe(16))
    path = token_path(APP, where, "user", home)
    begun.trade(_code(begun.address), path)
    return path


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


def _code(address: str) -> str:
    """Agree at Spotify, and read the code out of where the browser is sent."""
    try:
        urllib.request.build_opener(_Stay).open(address, timeout=10)
    except urllib.error.HTTPError as answer:
        with answer:
            return parse_qs(urlsplit(answer.headers["Location"]).query)["code"][0]
    raise AssertionError("the browser is sent nowhere")


def logged_in(spotify: Served, home: Path, *, app: bool = False, scopes: Sequence[str] = READ_SCOPES) -> Login:
    """Give a login as the command finds it: the listener's, made where there is none, or the app's own."""
    if not app and not list((home / "tokens").glob("user-*.json")):
        make_login(spotify, home, scopes)
    return log_in(home_variables(spotify, home, app=app), time.time(), scopes)


@dataclass
class Heard:
    """A watch that remembers what it was told."""

    plans: list[tuple[int, int]] = field(default_factory=list)
    """Playlists and requests, as foreseen."""
    lists: list[tuple[int, int]] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    def listed(self, work: Crawl, done: int, total: int) -> None:
        self.lists.append((done, total))

    def planned(self, work: Crawl) -> None:
        self.plans.append((work.todo, work.requests_ahead))

    def moved(self, work: Crawl) -> None:
        pass


@dataclass(frozen=True)
class Ran:
    """What one crawl did."""

    report: Report
    asked: list[Seen]
    """The requests to the Web API, in the order in which they came."""
    heard: Heard
    clock: Clock

    @property
    def counts(self) -> dict[str, int]:
        return self.report.counts

    @property
    def paths(self) -> list[str]:
        """The paths that were asked for, without /v1 and without their queries."""
        return [path_of(seen) for seen in self.asked]

    @property
    def targets(self) -> list[str]:
        """The paths with their queries."""
        return [seen.path for seen in self.asked]


def path_of(seen: Seen) -> str:
    return seen.path.partition("?")[0].removeprefix("/v1")


def query_of(seen: Seen) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(seen.path.partition("?")[2], keep_blank_values=True).items()}


def api_requests(spotify: Served) -> list[Seen]:
    """Give what was asked of the Web API, without logins and tokens."""
    return [seen for seen in spotify.requests() if seen.path.startswith("/v1/")]


def crawled(
    spotify: Served,
    database: Path,
    login: Login,
    target: Target = MINE,
    *,
    clock: Clock | None = None,
    most_requests: int | None = None,
    concurrency: int = 4,
    pace: tuple[float, Rate | None] = (0.0, None),
    market: str = "US",
) -> Ran:
    """Crawl once in this process, as `segue crawl` does it."""
    clock = clock or Clock()
    spotify.forget()
    with open_writer(database, "a test") as connection:
        told, heard = asyncio.run(_crawl(connection, login, target, clock, most_requests, concurrency, pace, market))
    return Ran(told, api_requests(spotify), heard, clock)


async def _crawl(
    connection: sqlite3.Connection,
    login: Login,
    target: Target,
    clock: Clock,
    most_requests: int | None,
    concurrency: int,
    pace: tuple[float, Rate | None],
    market: str,
) -> tuple[Report, Heard]:
    rows, heard, account = Rows(connection), Heard(), account_of(login.places, None)

    def manner(pacer: Pacer) -> Manner:
        return Manner(
            pacer,
            concurrency,
            most_requests,
            now=clock.now,
            sleep=clock.sleep,
            draw=lambda: 0.5,
            tell=heard.said.append,
        )

    async with open_transport("Spotify", account, login.tokens, rows, manner, pace) as transport:
        of_user = login.flow == "user"
        frontier = Frontier(connection, target, "a test", clock.now)
        work = Crawl(
            rows,
            Spotify(transport, login.places.api, None if of_user else market),
            transport,
            frontier,
            target,
            login.credentials.client_id,
            account,
            concurrency,
            of_user,
            heard,
        )
        await crawl(work)
    told = report(
        work.stopped_by, work.counts + transport.counts, work.stored, tuple(work.refused), frontier.import_number
    )
    frontier.close(told.reason, finished=told.finished)
    return told, heard


def command_environment(spotify: Served, home: Path, *, app: bool = False, **more: str) -> dict[str, str]:
    """Give the environment of the real command."""
    return environment(**home_variables(spotify, home, app=app), **more)


def crawl_command(*words: object, env: dict[str, str], timeout: float = 60) -> subprocess.CompletedProcess[str]:
    """Run `segue crawl` as a process of its own, to its end."""
    return subprocess.run(
        command("crawl", *words),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        env=env,
        timeout=timeout,
    )


@contextlib.contextmanager
def crawling(*words: object, env: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    """Start `segue crawl` as a process of its own, to be stopped or killed; it is gone when the block ends."""
    with subprocess.Popen(
        command("crawl", *words),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=env,
    ) as started:
        try:
            yield started
        finally:
            started.kill()


def rows_of(database: Path, question: str, told: Sequence[object] = ()) -> list[tuple[Any, ...]]:
    """Ask the database, past the program."""
    with closing(sqlite3.connect(database, timeout=10)) as connection:
        return connection.execute(question, told).fetchall()


def states(database: Path) -> dict[str, str]:
    """Give what became of each playlist that was found."""
    return dict(rows_of(database, "SELECT playlist_id, state FROM found_playlists"))


def stored(database: Path) -> dict[str, list[tuple[int, str, int | None]]]:
    """Give the contents of each stored playlist by its id: (position, track id, when it was added)."""
    found: dict[str, list[tuple[int, str, int | None]]] = {
        playlist_id: [] for (playlist_id,) in rows_of(database, "SELECT playlist_id FROM playlists")
    }
    for playlist_id, *entry in rows_of(database, _ENTRIES):
        found[playlist_id].append((entry[0], entry[1], entry[2]))
    return found


def everything(database: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Give all that a crawl brought, by raw ids: without times of ours, internal numbers and gates."""
    return {name: rows_of(database, question) for name, question in _ALL.items()}


_ENTRIES = """
    SELECT p.playlist_id, e.position, t.track_id, e.added_at FROM playlists p
    JOIN playlist_entries e ON e.playlist_key = p.key JOIN tracks t ON t.key = e.track_key ORDER BY 1, 2
"""
_ALL = {
    "playlists": "SELECT playlist_id, name, description, owner, content_hash FROM playlists ORDER BY 1",
    "entries": _ENTRIES,
    "tracks": """
        SELECT t.track_id, t.name, al.album_id, t.duration_ms, t.isrc, t.popularity, t.explicit, l.track_id
        FROM tracks t LEFT JOIN albums al ON al.key = t.album_key LEFT JOIN tracks l ON l.key = t.linked_key ORDER BY 1
    """,
    "artists": "SELECT artist_id, name FROM artists ORDER BY 1",
    "credits": """
        SELECT t.track_id, c.position, a.artist_id FROM track_artists c JOIN tracks t ON t.key = c.track_key
        JOIN artists a ON a.key = c.artist_key ORDER BY 1, 2
    """,
    "albums": "SELECT album_id, name, release_date FROM albums ORDER BY 1",
    "found": """
        SELECT playlist_id, state, name, description, owner_id, owner, collaborative, total, snapshot_id,
            stored_snapshot FROM found_playlists ORDER BY 1
    """,
    "words": "SELECT word, count, searched_at IS NULL FROM found_words ORDER BY 1",
    "staged": "SELECT playlist_key, start FROM staged_pages",
    "replaced": "SELECT playlist_id, content_hash FROM replaced_playlists ORDER BY 1, 2",
    "imports": "SELECT number, source, place FROM imports ORDER BY 1",
    "crawls": "SELECT target, finished_at IS NULL, reason FROM crawls ORDER BY key",
}
"""Questions that two crawls of one world answer alike, however often one of them was stopped."""
