"""Kill -9 at any moment of a crawl: going on ends as if nothing had been, and asks for no page that was kept."""

import random
import signal
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from crawler.frontier import Target
from demo.catalogue import World
from demo.ids import Kind
from demo.spotify.serving import Options, Places, serving
from demo.spotify.wire import Answer, Ask, told
from tests.crawler.contents import Kept, contents, differing, half_stored, kept, lengthen
from tests.crawler.running import (
    api_requests,
    command_environment,
    crawl_command,
    crawled,
    crawling,
    logged_in,
    make_login,
    query_of,
    rows_of,
)

pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="Windows knows no SIGKILL")

MINE: tuple[object, ...] = ()
GROWN = ("--search", "jazz", "--grow", "--max-playlists", 150)
_ALWAYS = ("--accept-terms", "--json", "--pace", 0, "--concurrency", 4)
_LATENCY_S = 0.005
_LONG, _LONG_ONES = 560, 10
"""Places of a long playlist, which takes twelve requests; and how many there are, about."""
_FINISHED = "SELECT 1 FROM crawls WHERE finished_at IS NOT NULL"
_STAGED = "SELECT 1 FROM staged_pages s JOIN found_playlists f ON f.key = s.playlist_key"
_WAITING = "SELECT 1 FROM found_playlists WHERE state = 'waiting'"


@contextmanager
def _spotify(library: int) -> Iterator[Places]:
    """Serve a library of which every few playlists are long enough to be staged page by page."""
    options = Options(
        playlists=max(300, library),
        library=library,
        followed=10,
        liked=430,
        faults=f"latency={_LATENCY_S * 1000:.0f}ms",
    )
    with serving(options) as places:
        lengthen(places, range(8, library, (library - 8) // _LONG_ONES), _LONG)
        yield places


@dataclass
class _Killed:
    """A crawl that is killed again and again, and what it asked for."""

    spotify: Places
    folder: Path
    words: tuple[object, ...]
    where: Counter[str] = field(default_factory=Counter)
    requests: int = 0
    _kept: list[Kept] = field(default_factory=list)

    @property
    def database(self) -> Path:
        return self.folder / "killed.db"

    @property
    def env(self) -> dict[str, str]:
        return command_environment(self.spotify, self.folder / "home", SEGUE_DB=str(self.database))

    def kill_after(self, requests: int, seconds: float) -> bool:
        """Let it go on, and kill it so long after so many requests; tells whether it was still at work."""
        self.spotify.forget()
        with crawling(*_ALWAYS, *self.words, env=self.env) as child:
            while child.poll() is None and len(api_requests(self.spotify)) < requests:
                time.sleep(0.001)
            time.sleep(seconds)
            at_work = child.poll() is None
            child.kill()
            child.communicate()
        time.sleep(10 * _LATENCY_S)  # what was on its way to the server arrives
        self._look()
        if at_work:
            self.where[self._place()] += 1
            self._kept.append(kept(self.database))
        return at_work

    def to_the_end(self) -> None:
        """Let it go on undisturbed."""
        self.spotify.forget()
        ended = crawl_command(*_ALWAYS, *self.words, env=self.env)
        assert ended.returncode == 0, ended.stderr
        self._look()

    def is_finished(self) -> bool:
        """Tell whether the crawl came to its end: the next one of its kind would begin anew."""
        return self.database.exists() and bool(rows_of(self.database, _FINISHED))

    def _look(self) -> None:
        asked = api_requests(self.spotify)
        self.requests += len(asked)
        again = [line for before in self._kept for line in before.asked_again(asked)]
        assert not again, f"asked for again: {sorted(set(again))}"

    def _place(self) -> str:
        """Tell where in the crawl the kill fell, by what the last requests were for and what is kept."""
        last = [seen.path for seen in api_requests(self.spotify)[-4:]]
        if not any("/playlists" in path or "/search" in path or "/tracks" in path for path in last):
            return "starting"
        if any(path.startswith(("/v1/me/playlists", "/v1/search")) for path in last):
            return "lists"
        answered = {path.split("/")[3].partition("?")[0] for path in last if path.startswith("/v1/playlists/")}
        marks = ", ".join("?" * len(answered))
        if rows_of(self.database, f"{_STAGED} WHERE f.playlist_id IN ({marks})", [*answered]):
            return "pages"
        waits = rows_of(self.database, f"{_WAITING} AND playlist_id IN ({marks})", [*answered])
        return "storing" if waits else "between playlists"


def _undisturbed(spotify: Places, folder: Path, words: tuple[object, ...]) -> tuple[Path, int]:
    """Crawl without a kill: the database, and the requests that it took."""
    database = folder / "undisturbed.db"
    spotify.forget()
    env = command_environment(spotify, folder / "home", SEGUE_DB=str(database))
    ended = crawl_command(*_ALWAYS, *words, env=env)
    assert ended.returncode == 0, ended.stderr
    return database, len(api_requests(spotify))


def _killed_at_many_moments(library: int, folder: Path, words: tuple[object, ...], times: int, seed: int) -> None:
    rng = random.Random(seed)
    with _spotify(library) as spotify:
        make_login(spotify, folder / "home")
        expected, requests = _undisturbed(spotify, folder, words)
        one, kills = _Killed(spotify, folder, words), 0
        for number in range(times):
            # The lists come first and are few: a quarter of the kills is theirs. Some fall before the first request.
            early = 0 if number % 10 == 9 else 1 if number < times / 4 else None
            wanted = rng.randint(1, max(2, requests // times)) if early is None else early
            kills += one.kill_after(wanted, rng.random() * {None: 0.03, 1: 0.025, 0: 0.4}[early])
            wrong = half_stored(one.database, expected) if kept(one.database).settled else []
            assert not wrong
            if one.is_finished():
                break
        else:
            one.to_the_end()
        print(  # noqa: T201  # the figures, for whoever runs it with -s
            f"\n{kills} of {times} kills fell into the crawl: {dict(one.where)}; "
            f"{one.requests} requests in {times + 1} runs, {requests} in one that nobody stops"
        )
        assert not differing(contents(expected), contents(one.database))
        assert kills >= 0.9 * times, "the moments must lie in the work"
        assert one.requests >= requests


def test_killed_at_8_moments_of_the_own_library(tmp_path: Path) -> None:
    """Whatever the moment, nothing is lost, nothing is half stored, and no page that was kept is asked for again."""
    _killed_at_many_moments(60, tmp_path, MINE, 8, seed=8)


def test_killed_at_4_moments_of_a_growing_search(tmp_path: Path) -> None:
    """The same where searches lead from one to the next."""
    _killed_at_many_moments(20, tmp_path, GROWN, 4, seed=4)


@pytest.mark.slow
def test_killed_at_50_moments_of_the_own_library(tmp_path: Path) -> None:
    """The same at fifty moments, with long playlists and liked songs."""
    _killed_at_many_moments(700, tmp_path, MINE, 50, seed=50)


@pytest.mark.slow
def test_killed_at_30_moments_of_a_growing_search(tmp_path: Path) -> None:
    """The same at thirty moments of searches that grow."""
    _killed_at_many_moments(20, tmp_path, GROWN, 30, seed=30)


class _Searches:
    """Endpoints at which a search finds what is laid out here: word → playlists, by number and name."""

    def __init__(self, whole: Any, found: dict[str, list[tuple[int, str]]], world: World) -> None:
        self._whole, self._found, self._world = whole, found, world

    def answer(self, ask: Ask) -> Answer:
        if ask.path != "/search":
            return self._whole.answer(ask)  # type: ignore[no-any-return]
        found, offset, limit = self._found.get(ask.get("q") or "", []), int(ask.get("offset") or 0), 50
        items = [
            {"id": self._world.id_of(Kind.PLAYLIST, number), "name": name, "items": {"total": 20}}
            for number, name in found[offset : offset + limit]
        ]
        return told(200, {"playlists": {"items": items, "total": len(found), "limit": limit, "offset": offset}})


def test_a_search_that_was_stopped_is_ended_before_another_begins(tmp_path: Path) -> None:
    """Although what it has found so far speaks for another word, which an undisturbed crawl never comes to."""
    found = {
        "start": [(number, "one") for number in range(10, 25)] + [(number, "two") for number in range(25, 30)],
        "one": [(number, "two") for number in range(30, 130)],
        "two": [(number, "three") for number in range(130, 230)],
    }
    target = Target(searches=("start",), grow=True, most=90)
    with serving(Options(playlists=240, library=5, followed=0, liked=0)) as spotify:
        spotify.door._api = _Searches(spotify.door._api, found, spotify.world)  # type: ignore[assignment]
        login = logged_in(spotify, tmp_path / "home")
        whole = crawled(spotify, tmp_path / "whole.db", login, target, concurrency=1)
        stop = 1 + next(place for place, seen in enumerate(whole.asked) if query_of(seen).get("q") == "one")
        crawled(spotify, tmp_path / "stopped.db", login, target, concurrency=1, most_requests=stop)
        assert crawled(spotify, tmp_path / "stopped.db", login, target, concurrency=1).report.reason == "done"
    assert not differing(contents(tmp_path / "whole.db"), contents(tmp_path / "stopped.db"))
