"""The quota: a deadline outlives the run, nothing is sent before it, and a told rate is kept by ourselves."""

import json
import re
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime, timedelta, timezone
from math import ceil
from pathlib import Path
from sqlite3 import connect
from subprocess import CompletedProcess

import pytest

from crawler.pacing import Policy
from db.connection import open_writer, transaction
from db.gate import Gate, read_gate, write_gate
from demo.spotify.serving import Options, Places, serving
from demo.spotify.wire import Answer, told
from tests.cli.running import process
from tests.crawler.contents import differing, kept, music
from tests.crawler.running import (
    Clock,
    api_requests,
    command_environment,
    crawl_command,
    crawled,
    home_variables,
    logged_in,
    make_login,
    rows_of,
)

HOUR = 3600
_FAST = ("--accept-terms", "--pace", 0, "--concurrency", 8)
_TWENTY_HOURS = 20 * HOUR
_ELSEWHERE = "IST-5:30", timezone(timedelta(hours=5, minutes=30))
"""A time zone as the environment names it, and as Python does."""


@contextmanager
def _spotify(faults: str = "") -> Iterator[Places]:
    with serving(Options(playlists=100, library=55, followed=5, liked=60, faults=faults)) as places:
        yield places


class _Quota:
    """A quota that is used up after some requests; its answers tell to wait so long, in turn; None: not how long."""

    def __init__(self, most: int, *waits: int | None) -> None:
        self._left, self._waits, self._told = most, waits, 0

    def refusal(self, now: float) -> Answer | None:
        self._left -= 1
        if self._left >= 0:
            return None
        wait = self._waits[min(self._told, len(self._waits) - 1)]
        self._told += 1
        error = {"status": 429, "message": "Too many requests", "reason": "QUOTA_EXCEEDED"}
        return told(429, {"error": error}, (("retry-after", str(wait)),) if wait is not None else ())


def _set_quota(spotify: Places, quota: _Quota | None) -> None:
    spotify.door._quota = quota  # type: ignore[assignment]


def _deadline(database: Path) -> float:
    ((until,),) = rows_of(database, "SELECT blocked_until FROM gates")
    return float(until)


def _let_pass(database: Path) -> None:
    """Make it later: the deadline is over."""
    with closing(connect(database)) as connection, connection:
        connection.execute("UPDATE gates SET blocked_until = ?", [time.time() - 1])


def _is_close(seconds: float, wanted: float) -> bool:
    return abs(seconds - wanted) < 60


@pytest.mark.parametrize(
    ("faults", "quota", "wait_s"),
    [
        ("quota=40", None, _TWENTY_HOURS),
        ("quota=40,silent-quota", None, _TWENTY_HOURS),
        ("", _Quota(40, None), Policy().quota_wait),
    ],
    ids=["with the reason", "by its length alone", "without Retry-After"],
)
def test_a_quota_deadline_survives_a_restart(faults: str, quota: _Quota | None, wait_s: float, tmp_path: Path) -> None:
    database = tmp_path / "songs.db"
    with _spotify(faults) as spotify:
        if quota:
            _set_quota(spotify, quota)
        make_login(spotify, tmp_path / "home")
        env = command_environment(spotify, tmp_path / "home", SEGUE_DB=str(database), TZ=_ELSEWHERE[0])
        spotify.forget()
        first = crawl_command(*_FAST, env=env)
        until = _deadline(database)
        assert first.returncode == 75
        assert _is_close(until - time.time(), wait_s)
        assert _names_the_time(first.stdout, until)
        refused = [seen for seen in api_requests(spotify) if seen.status == 429]
        assert 1 <= len(refused) <= 8, "those that were under way, and no other"
        assert len(api_requests(spotify)) == 40 + len(refused)
        before = kept(database)
        _sends_nothing(spotify, tmp_path, database, until)
        _let_pass(database)
        _set_quota(spotify, None)
        spotify.forget()
        assert crawl_command(*_FAST, env=env).returncode == 0
        assert not before.asked_again(api_requests(spotify))
        crawled(spotify, tmp_path / "undisturbed.db", logged_in(spotify, tmp_path / "home"))
    assert not differing(music(tmp_path / "undisturbed.db"), music(database))


def _sends_nothing(spotify: Places, folder: Path, database: Path, until: float) -> None:
    """Make sure that no command sends anything to Spotify or its accounts, whatever app it comes as."""
    env = command_environment(spotify, folder / "home", SEGUE_DB=str(database), TZ=_ELSEWHERE[0])
    other = env | home_variables(spotify, folder / "other", app=True) | {"SPOTIPY_CLIENT_ID": "another-made-up-id"}
    spotify.forget()
    for ended in (
        crawl_command(*_FAST, env=env),
        crawl_command(*_FAST, "--search", "jazz", env=other),
        process("features", "--provider", "spotify", env=env),
    ):
        assert ended.returncode == 75, ended.stderr
        assert _names_the_time(ended.stdout + ended.stderr, until)
    assert spotify.requests() == []
    assert _deadline(database) == until


def _names_the_time(text: str, until: float) -> bool:
    there = datetime.fromtimestamp(ceil(until / 60) * 60, _ELSEWHERE[1])  # never too early
    today = there.date() == datetime.now(_ELSEWHERE[1]).date()
    return (f"{there:%H:%M}" if today else f"{there:%Y-%m-%d %H:%M}") in text


def test_programs_are_told_the_deadline(tmp_path: Path) -> None:
    with _spotify("quota=5") as spotify:
        make_login(spotify, tmp_path / "home")
        env = command_environment(spotify, tmp_path / "home", SEGUE_DB=str(tmp_path / "songs.db"))
        ended: CompletedProcess[str] = crawl_command(*_FAST, "--json", env=env)
    said = json.loads(ended.stdout)
    assert (said["reason"], ended.returncode) == ("quota", 75)
    assert said["until"] == _deadline(tmp_path / "songs.db")


def test_a_later_shorter_answer_does_not_shorten_the_deadline(tmp_path: Path) -> None:
    """Sixteen are under way: the first is told of twenty hours, the others of two minutes, or of nothing."""
    with _spotify("latency=20ms") as spotify:
        _set_quota(spotify, _Quota(30, _TWENTY_HOURS, 120, None))
        ran = crawled(spotify, tmp_path / "songs.db", logged_in(spotify, tmp_path / "home"), concurrency=16)
        assert sum(seen.status == 429 for seen in ran.asked) > 2
        assert (ran.report.reason, ran.report.exit_code) == ("quota", 75)
        assert ran.report.until is not None
        assert _is_close(ran.report.until - time.time(), _TWENTY_HOURS)
        assert _is_close(_deadline(tmp_path / "songs.db") - time.time(), _TWENTY_HOURS)


def test_the_database_keeps_the_latest_deadline(tmp_path: Path) -> None:
    """Whoever writes: another process may have been told of less."""
    with open_writer(tmp_path / "songs.db", "a test") as connection:
        for deadline in (2e9, 1e9, 0.0):
            with transaction(connection):
                write_gate(connection, "an account", Gate(deadline, "quota", 1))
            assert read_gate(connection, "an account").blocked_until == 2e9


def test_answers_that_were_under_way_together_count_once(tmp_path: Path) -> None:
    """Without Retry-After the wait doubles from run to run, not from worker to worker."""
    database = tmp_path / "songs.db"
    with _spotify("latency=20ms") as spotify:
        for number, wait in enumerate((300, 600, 1200)):
            _set_quota(spotify, _Quota(0 if number else 30, None))
            ran = crawled(spotify, database, logged_in(spotify, tmp_path / "home"), concurrency=16)
            assert ran.report.reason == "quota"
            assert _is_close(_deadline(database) - time.time(), wait)
            _let_pass(database)


def test_a_quota_stops_all_workers_and_loses_no_answer(tmp_path: Path) -> None:
    with _spotify("latency=20ms") as spotify:
        login = logged_in(spotify, tmp_path / "home")
        _set_quota(spotify, _Quota(50, _TWENTY_HOURS))
        ran = crawled(spotify, tmp_path / "songs.db", login, concurrency=16)
        read = {seen.path for seen in ran.asked if seen.status == 200 and re.search("/playlists/[^?]", seen.path)}
        before = kept(tmp_path / "songs.db")
        assert len(ran.asked) <= 50 + 16
        assert read
        assert {f"GET {path}" for path in read if not path.endswith("fields=snapshot_id")} <= set(
            before.asked_again(ran.asked)
        )
        _set_quota(spotify, None)
        clock = Clock(_TWENTY_HOURS + 60)
        again = crawled(spotify, tmp_path / "songs.db", login, clock=clock, concurrency=16)
    assert again.report.reason == "done"
    assert not before.asked_again(again.asked)


# The rate that the user tells.


def _crawl_in_two(faults: str, rate: str, first: int, library: int, folder: Path) -> int:
    """Crawl at a rate, stopped after some requests and gone on with at once; gives the number of requests."""
    with serving(Options(playlists=max(100, library), library=library, followed=5, liked=60, faults=faults)) as spotify:
        make_login(spotify, folder / "home")
        env = command_environment(spotify, folder / "home", SEGUE_DB=str(folder / "songs.db"))
        words = ("--accept-terms", "--rate", rate, "--concurrency", 8)
        spotify.forget()
        stopped = crawl_command(*words, "--max-requests", first, env=env)
        assert len(api_requests(spotify)) == first, stopped.stderr
        ended = crawl_command(*words, env=env)
        assert ended.returncode == 0, ended.stderr
        asked = api_requests(spotify)
    assert 429 not in {seen.status for seen in asked}
    return len(asked)


def test_a_told_rate_is_kept_across_a_stop(tmp_path: Path) -> None:
    assert _crawl_in_two("rate=50/2s", "50/2s", 45, 60, tmp_path) > 75


@pytest.mark.slow
def test_a_told_rate_is_kept_over_hundreds_of_requests(tmp_path: Path) -> None:
    assert _crawl_in_two("rate=30/3s", "30/3s", 75, 200, tmp_path) > 200
