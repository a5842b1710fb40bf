"""A token that ends in mid-crawl: renewed once, by one worker, however many were at work with it."""

import asyncio
import re
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

import pytest

from demo.spotify.seen import Seen
from demo.spotify.serving import Options, Places, serving
from demo.spotify.wire import Answer, Ask
from tests.crawler.contents import contents, differing, kept
from tests.crawler.running import (
    Clock,
    api_requests,
    command_environment,
    crawl_command,
    crawled,
    logged_in,
    make_login,
    rows_of,
)

WORKERS = 16


@contextmanager
def _spotify(faults: str = "latency=15ms") -> Iterator[Places]:
    with serving(Options(playlists=120, library=110, followed=5, liked=120, faults=faults)) as places:
        yield places


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a database that was crawled with one token."""
    folder = tmp_path_factory.mktemp("expected")
    with _spotify() as spotify:
        crawled(spotify, folder / "songs.db", logged_in(spotify, folder / "home"))
    return folder / "songs.db"


class _Ending:
    """A door at which all tokens end after so many requests to the Web API, again and again."""

    def __init__(self, spotify: Places, *after: int, revoke: bool = False) -> None:
        self._spotify, self._whole, self._after, self._revoke = spotify, spotify.door._of_api, set(after), revoke
        self._number = 0

    def __call__(self, ask: Ask) -> Answer:
        self._number += 1
        if self._number in self._after:
            self._spotify.door.accounts.expire()
            if self._revoke:
                self._spotify.door.accounts.revoke()
        return self._whole(ask)


def _renewals(spotify: Places) -> list[Seen]:
    return [seen for seen in spotify.requests() if seen.path == "/api/token"]


@pytest.mark.parametrize("after", [(60,), (1,), (2, 40, 100)], ids=["in the middle", "at once", "three times"])
def test_a_token_that_is_refused_is_renewed_once_with_16_at_work(
    after: tuple[int, ...], tmp_path: Path, expected: Path
) -> None:
    with _spotify() as spotify:
        login = logged_in(spotify, tmp_path / "home")
        spotify.door._of_api = _Ending(spotify, *after)  # type: ignore[method-assign]
        ran = crawled(spotify, tmp_path / "songs.db", login, concurrency=WORKERS)
        assert len(_renewals(spotify)) == len(after)
    assert [seen.status for seen in ran.asked].count(401) > 0
    assert (ran.report.reason, ran.report.exit_code) == ("done", 0)
    assert ran.counts["renewals"] == len(after)
    assert not differing(contents(expected), contents(tmp_path / "songs.db"))


def test_a_token_of_a_short_life_is_renewed_before_it_ends(tmp_path: Path, expected: Path) -> None:
    """Nobody is ever refused, and each token is used for half of its life, but for the second that is rounded off."""
    with _spotify("latency=15ms,expires=3s") as spotify:
        login = logged_in(spotify, tmp_path / "home")
        clock, pace = _Waiting(), (0.025, None)
        ran = crawled(spotify, tmp_path / "songs.db", login, clock=clock, concurrency=WORKERS, pace=pace)
        renewals = _renewals(spotify)
    assert ran.report.reason == "done"
    assert {seen.status for seen in ran.asked} <= {200, 404}
    assert len(renewals) >= 2
    assert all(later.at - earlier.at >= 0.95 for earlier, later in pairwise(renewals))
    assert not differing(contents(expected), contents(tmp_path / "songs.db"))


class _Waiting(Clock):
    """A clock that really waits."""

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


def test_a_login_that_has_ended_stops_the_crawl_which_goes_on_after_a_new_one(tmp_path: Path, expected: Path) -> None:
    """One line, exit 1, the token file gone; nothing that was stored is asked for again."""
    database, home = tmp_path / "songs.db", tmp_path / "home"
    with _spotify() as spotify:
        make_login(spotify, home)
        env = command_environment(spotify, home, SEGUE_DB=str(database))
        words = ("--accept-terms", "--pace", 0, "--concurrency", WORKERS)
        whole = spotify.door._of_api
        spotify.door._of_api = _Ending(spotify, 70, revoke=True)  # type: ignore[method-assign]
        spotify.forget()
        ended = crawl_command(*words, env=env)
        assert ended.returncode == 1
        assert len(_renewals(spotify)) == 1
        said = [line for line in (ended.stdout + ended.stderr).splitlines() if "segue login" in line]
        assert len(said) == 1
        assert "Traceback" not in ended.stderr
        assert not list(home.rglob("user-*.json"))
        assert 0 < _count(database, "stored") < _count(expected, "stored")
        before = kept(database)
        spotify.forget()
        again = crawl_command(*words, env=env)
        assert (again.returncode, spotify.requests()) == (1, [])
        assert re.fullmatch(r"Error: [^\n]*segue login[^\n]*\n", again.stderr)
        spotify.door._of_api = whole  # type: ignore[method-assign]
        make_login(spotify, home)
        spotify.forget()
        assert crawl_command(*words, env=env).returncode == 0
        assert not before.asked_again(api_requests(spotify))
    assert _count(database, "stored") == _count(expected, "stored")


def _count(database: Path, state: str) -> int:
    return int(rows_of(database, "SELECT count(*) FROM found_playlists WHERE state = ?", [state])[0][0])
