"""What goes wrong on the way: a crawl comes to the same end, or ends with a reason within the stated tries."""

import itertools
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from crawler import reading, transport, work
from crawler.frontier import MOST_TRIES
from crawler.pacing import Policy
from demo.ids import Kind
from demo.spotify.faults import Plan, plan_of
from demo.spotify.serving import Options, Places, serving
from demo.spotify.wire import Answer, Ask, refused
from tests.crawler.contents import contents, differing, half_stored, lengthen
from tests.crawler.running import Ran, crawled, logged_in, path_of, query_of, rows_of

FAULT_TRIES, RATE_TRIES = Policy().fault_tries + 1, Policy().rate_tries + 1
"""So often one request is sent in all: once, and again after each fault."""
CONCURRENCY = 4
_LOUD = ("5xx", "reset", "truncated", "html")
"""Faults after which the same request is sent again soon."""
_HARMLESS = ("type", "next", "short")
_LONG = range(8, 48, 6)
_LONG_LENGTH = 230
_FAULT_SEED = 2
"""With it the wrong `next` comes up among the first requests, which are the only ones for lists."""
_HISTORY = ("crawls", "imports")


@contextmanager
def _spotify(faults: str = "") -> Iterator[Places]:
    options = Options(playlists=100, library=48, followed=5, liked=60, faults=faults, fault_seed=_FAULT_SEED)
    with serving(options) as places:
        lengthen(places, _LONG, _LONG_LENGTH)
        yield places


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a database that was crawled without a fault."""
    folder = tmp_path_factory.mktemp("expected")
    with _spotify() as spotify:
        _crawl(spotify, folder)
    return folder / "songs.db"


def _crawl(spotify: Places, folder: Path, name: str = "songs.db", concurrency: int = CONCURRENCY) -> Ran:
    return crawled(spotify, folder / name, logged_in(spotify, folder / "home"), concurrency=concurrency)


def _told(database: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Give the contents without how many runs it took."""
    return {part: rows for part, rows in contents(database).items() if part not in _HISTORY}


def _as_it_is_now(spotify: Places, folder: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Crawl the same service without faults: its playlists have moved on where they changed."""
    spotify.door.mischief.plan = Plan()
    _crawl(spotify, folder, "calm.db")
    return _told(folder / "calm.db")


# One answer in ten.


@pytest.mark.parametrize("fault", ["5xx", "429", *_LOUD[1:], *_HARMLESS])
def test_a_fault_in_one_of_ten_answers_changes_nothing(fault: str, tmp_path: Path, expected: Path) -> None:
    with _spotify(f"{fault}=10%") as spotify:
        ran = _crawl(spotify, tmp_path)
        assert spotify.faults()[fault] > 0
    assert (ran.report.reason, ran.report.exit_code) == ("done", 0)
    assert not differing(contents(expected), contents(tmp_path / "songs.db"))
    assert (ran.counts["retries"] > 0) == (fault not in _HARMLESS)


def test_late_answers_change_nothing(tmp_path: Path, expected: Path) -> None:
    with _spotify("latency=15ms") as spotify:
        ran = _crawl(spotify, tmp_path)
    assert ran.report.reason == "done"
    assert not differing(contents(expected), contents(tmp_path / "songs.db"))


def test_playlists_that_change_while_they_are_read_are_read_again(tmp_path: Path, expected: Path) -> None:
    """One request at a time, so that always the same ones are hit."""
    with _spotify("changing=40%") as spotify:
        ran = _crawl(spotify, tmp_path, concurrency=1)
        assert 0 < spotify.faults()["changing"] == ran.counts["changed meanwhile"]
        now = _as_it_is_now(spotify, tmp_path)
    assert (ran.report.reason, ran.report.exit_code) == ("done", 0)
    assert not differing(now, _told(tmp_path / "songs.db"))
    assert not differing(_unordered(_told(expected)), _unordered(_told(tmp_path / "songs.db")))


def test_all_faults_together_change_nothing(tmp_path: Path, expected: Path) -> None:
    """One request at a time, so that always the same ones are hit."""
    with _spotify("all=10%") as spotify:
        ran = _crawl(spotify, tmp_path, concurrency=1)
        now = _as_it_is_now(spotify, tmp_path)
    assert (ran.report.reason, ran.report.exit_code) == ("done", 0)
    assert ran.counts["retries"] > 10
    assert not differing(now, _told(tmp_path / "songs.db"))
    assert not differing(_unordered(_told(expected)), _unordered(_told(tmp_path / "songs.db")))


def _unordered(told: dict[str, list[tuple[Any, ...]]]) -> dict[str, list[tuple[Any, ...]]]:
    """Leave out what a change of the order changes."""
    songs = sorted((playlist_id, track_id) for playlist_id, _, track_id, _ in told["entries"])
    return {"songs": songs, "tracks": told["tracks"], "artists": told["artists"], "words": told["words"]}


# Without end.


@pytest.mark.parametrize("fault", _HARMLESS)
def test_what_does_no_harm_may_always_be_there(fault: str, tmp_path: Path, expected: Path) -> None:
    with _spotify(f"{fault}=100%") as spotify:
        ran = _crawl(spotify, tmp_path)
    assert (ran.report.reason, ran.report.exit_code, ran.counts["retries"]) == ("done", 0, 0)
    assert not differing(contents(expected), contents(tmp_path / "songs.db"))


@pytest.mark.parametrize("fault", [*_LOUD, "429"])
def test_a_service_that_never_works_is_left_alone_after_the_stated_tries(
    fault: str, tmp_path: Path, expected: Path
) -> None:
    """One request, sent Policy.fault_tries or Policy.rate_tries times more, and no other."""
    with _spotify(f"{fault}=100%") as spotify:
        ran = _crawl(spotify, tmp_path)
        assert (ran.report.reason, ran.report.exit_code) == ("unreachable", 1)
        assert "run this again later" in ran.report.sentence
        assert Counter(ran.paths) == {"/me": RATE_TRIES if fault == "429" else FAULT_TRIES}
        assert not rows_of(tmp_path / "songs.db", "SELECT 1 FROM found_playlists UNION SELECT 1 FROM playlists")
        spotify.door.mischief.plan = Plan()
        assert _crawl(spotify, tmp_path).report.reason == "done"
    assert not differing(contents(expected), contents(tmp_path / "songs.db"))


@pytest.mark.parametrize(
    ("fault", "requests"),
    [
        ("5xx", 1),
        ("reset", 3),
        pytest.param("truncated", 9, marks=pytest.mark.slow),
        pytest.param("html", 25, marks=pytest.mark.slow),
        pytest.param("5xx", 40, marks=pytest.mark.slow),
        ("429", 1),
        ("429", 40),
    ],
)
def test_a_service_that_breaks_down_is_left_alone_after_the_stated_tries(
    fault: str, requests: int, tmp_path: Path, expected: Path
) -> None:
    """From then on at most (_HOPELESS + those at work beside it) playlists, or MOST_TRIES lists, times the tries."""
    tries = RATE_TRIES if fault == "429" else FAULT_TRIES
    with _spotify() as spotify:
        _break_after(spotify, requests, plan_of(f"{fault}=100%"))
        ran = _crawl(spotify, tmp_path)
        assert (ran.report.reason, ran.report.exit_code) == ("unreachable", 1)
        assert not half_stored(tmp_path / "songs.db", expected)
        gone = sum(seen.status == 404 for seen in ran.asked[requests:])  # a true answer still, which no fault spoils
        assert len(ran.asked) - gone <= requests + (work._HOPELESS + CONCURRENCY - 1) * tries
        assert max(Counter(ran.targets).values()) <= MOST_TRIES * tries + 1
        _mend(spotify)
        again = _crawl(spotify, tmp_path)
    assert (again.report.reason, again.report.exit_code) == ("done", 0)
    assert not differing(contents(expected), contents(tmp_path / "songs.db"))


def test_answers_that_never_come_are_waited_for_the_stated_times(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, "_TIMEOUT", aiohttp.ClientTimeout(sock_read=0.05))
    with _spotify("latency=1s") as spotify:
        ran = _crawl(spotify, tmp_path)
    assert (ran.report.reason, ran.counts["requests"]) == ("unreachable", FAULT_TRIES)
    assert "no answer came" in ran.report.sentence


@pytest.mark.parametrize("fault", ["5xx", "429"])
@pytest.mark.parametrize("place", ["", "offset=200"], ids=["the playlist", "one of its pages"])
def test_one_playlist_that_never_answers_holds_nothing_else_up(
    fault: str, place: str, tmp_path: Path, expected: Path
) -> None:
    """It is taken up MOST_TRIES times, each with the tries of one request; what came before it is asked for once."""
    tries = RATE_TRIES if fault == "429" else FAULT_TRIES
    status = 429 if fault == "429" else 503
    with _spotify() as spotify:
        broken = spotify.world.id_of(Kind.PLAYLIST, _LONG[2])
        _break(spotify, lambda ask: broken in ask.path and place in f"offset={ask.get('offset')}", status)
        ran = _crawl(spotify, tmp_path)
        assert (ran.report.reason, ran.report.exit_code, ran.counts["failed"]) == ("incomplete", 1, 1)
        assert "run this again" in ran.report.sentence
        asked = Counter(target for target in ran.targets if broken in target)
        assert max(asked.values()) == MOST_TRIES * tries
        assert sorted(asked.values())[:-1] == [1] * (len(asked) - 1)
        assert not half_stored(tmp_path / "songs.db", expected)
        _mend(spotify)
        again = _crawl(spotify, tmp_path)
    assert (again.report.reason, again.report.exit_code, again.counts["failed"]) == ("done", 0, 0)
    assert not differing(_told(expected), _told(tmp_path / "songs.db"))


def test_a_list_that_never_answers_ends_the_crawl(tmp_path: Path, expected: Path) -> None:
    """It is taken up MOST_TRIES times; its pages before are kept."""
    with _spotify() as spotify:
        _break(spotify, lambda ask: ask.path == "/me/playlists" and ask.get("offset") == "50", 502)
        ran = _crawl(spotify, tmp_path)
        assert (ran.report.reason, ran.report.exit_code) == ("unreachable", 1)
        assert Counter(ran.targets) == {
            "/v1/me": 1,
            "/v1/me/playlists?offset=0&limit=50": 1,
            "/v1/me/playlists?offset=50&limit=50": MOST_TRIES * FAULT_TRIES,
        }
        _mend(spotify)
        again = _crawl(spotify, tmp_path)
    assert "/v1/me/playlists?offset=0&limit=50" not in again.targets
    assert not differing(contents(expected), contents(tmp_path / "songs.db"))


def test_a_playlist_that_changes_all_the_time_is_read_the_stated_times(tmp_path: Path, expected: Path) -> None:
    """It is read _CHANGES times whenever it is taken up, and taken up MOST_TRIES times."""
    with _spotify() as spotify:
        restless = (Kind.PLAYLIST, _LONG[3])
        _shake_with_each_first_page(spotify, restless)
        ran = _crawl(spotify, tmp_path)
        assert (ran.report.reason, ran.report.exit_code, ran.counts["failed"]) == ("incomplete", 1, 1)
        path = f"/playlists/{spotify.world.id_of(*restless)}"
        firsts = [s for s in ran.asked if path_of(s) == path and query_of(s)["fields"] != "snapshot_id"]
        assert len(firsts) == MOST_TRIES * reading._CHANGES
        assert not half_stored(tmp_path / "songs.db", expected)
        assert not rows_of(tmp_path / "songs.db", "SELECT 1 FROM staged_pages")
        _mend(spotify)
        again = _crawl(spotify, tmp_path)
        assert (again.report.reason, again.report.exit_code) == ("done", 0)
        assert not differing(_as_it_is_now(spotify, tmp_path), _told(tmp_path / "songs.db"))


def test_playlists_that_all_change_all_the_time_end_the_crawl(tmp_path: Path, expected: Path) -> None:
    """However often it is run: nothing is half stored, and the run after the last change completes it."""
    with _spotify("changing=100%") as spotify:
        for _ in range(MOST_TRIES + 1):
            ran = _crawl(spotify, tmp_path)
            assert ran.report.exit_code == 1
            assert "run this again" in ran.report.sentence
            assert not set(half_stored(tmp_path / "songs.db", expected)) - _changed(spotify)
        now = _as_it_is_now(spotify, tmp_path)
        again = _crawl(spotify, tmp_path)
    assert (again.report.reason, again.report.exit_code) == ("done", 0)
    assert not differing(now, _told(tmp_path / "songs.db"))


def _changed(spotify: Places) -> set[str]:
    return {spotify.world.id_of(*key) for key in spotify.door.desk.library._shakes}


class _Broken:
    """Endpoints of which some never answer well."""

    def __init__(self, whole: Any, is_broken: Callable[[Ask], bool], status: int) -> None:
        self.whole, self._is_broken, self._status = whole, is_broken, status

    def answer(self, ask: Ask) -> Answer:
        if self._is_broken(ask):
            return refused(self._status, "API rate limit exceeded" if self._status == 429 else "Bad gateway")
        return self.whole.answer(ask)  # type: ignore[no-any-return]


def _break(spotify: Places, is_broken: Callable[[Ask], bool], status: int) -> None:
    spotify.door._api = _Broken(spotify.door._api, is_broken, status)  # type: ignore[assignment]


def _shake_with_each_first_page(spotify: Places, key: tuple[Kind, int]) -> None:
    playlist_id = spotify.world.id_of(*key)

    def shakes(ask: Ask) -> bool:
        if ask.path == f"/playlists/{playlist_id}" and ask.get("fields") != "snapshot_id":
            spotify.door.desk.library.shake(key)
        return ask.path.startswith(f"/playlists/{playlist_id}/") and spotify.door.desk.library.shake(key) is not None

    _break(spotify, shakes, 500)


def _break_after(spotify: Places, requests: int, plan: Plan) -> None:
    draw, number = spotify.door.mischief.draw, itertools.count()

    def late() -> list[str]:
        if next(number) >= requests:  # each late one sees to it itself, because several are answered at once
            spotify.door.mischief.plan = plan
        return draw()

    spotify.door.mischief.draw = late  # type: ignore[method-assign]


def _mend(spotify: Places) -> None:
    spotify.door.mischief.plan = Plan()
    spotify.door.mischief.__dict__.pop("draw", None)
    if isinstance(spotify.door._api, _Broken):
        spotify.door._api = spotify.door._api.whole
