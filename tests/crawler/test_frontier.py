"""What becomes of a playlist, over runs and days."""

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from crawler.frontier import GONE_FOR_S, MOST_TRIES, UNCHANGED, Frontier, Target, Whole, requests_for
from crawler.library import library
from crawler.parse import ListPage, Me, Page
from crawler.regime import REMEMBERED_S, App
from db import found as rows
from db.connection import open_writer
from db.found import EMPTY, FAILED, GONE, STORED, WAITING, WITHHELD, Found, Known, Listing
from db.purge import purge_import
from db.records import PlaylistEntry, Track
from demo.ids import Kind
from demo.spotify.reading import SPOTIFY_ID
from demo.spotify.serving import Places
from tests.crawler.running import Clock, crawled, logged_in, states, stored

ME = "listener"
OPEN, RESTRICTED = App(restricted=False), App(restricted=True)
SEARCH = Target(searches=("rain",))


class Calendar:
    """Whole seconds since 1970, moved on by hand."""

    def __init__(self) -> None:
        self.moment = 1_795_000_000.0

    def __call__(self) -> float:
        return self.moment


@pytest.fixture
def calendar() -> Calendar:
    return Calendar()


@pytest.fixture
def connection(database: Path) -> Iterator[sqlite3.Connection]:
    with open_writer(database, "a test") as opened:
        yield opened


def playlist_id(number: int) -> str:
    return f"{number:022d}"


def found(number: int, *, total: int | None = 3, snapshot: str | None = "one", **more: object) -> Found:
    told = Found(playlist_id(number), f"Name {number}", owner_id="stranger", total=total, snapshot_id=snapshot)
    return replace(told, **more)  # type: ignore[arg-type]


def page_of(*lists: Found, beyond: int = 50, total: int = 50) -> ListPage:
    return ListPage(tuple(lists), beyond, total)


def entries(count: int, start: int = 0) -> tuple[PlaylistEntry, ...]:
    return tuple(
        PlaylistEntry(place, Track(f"{place:022d}", f"Title {place}")) for place in range(start, start + count)
    )


def begin(connection: sqlite3.Connection, calendar: Calendar, target: Target = SEARCH) -> Frontier:
    frontier = Frontier(connection, target, "a test", calendar)
    frontier.me = ME
    return frontier


def waiting(frontier: Frontier) -> list[Known]:
    return frontier.waiting(0, 100)


def state(connection: sqlite3.Connection, number: int) -> str:
    (known,) = rows.known_playlists(connection, [playlist_id(number)]).values()
    return known.state


def store_all(frontier: Frontier) -> None:
    for known in waiting(frontier):
        frontier.store([Whole(known, known.found, entries(known.found.total or 0))])


# The verdicts.


def test_what_is_new_waits_and_what_is_empty_is_stored_without_a_request(
    connection: sqlite3.Connection, calendar: Calendar
) -> None:
    frontier = begin(connection, calendar)
    counts = frontier.take_list("search:rain", [page_of(found(1), found(2, total=0))], OPEN)
    assert counts == {EMPTY: 1, WAITING: 0}
    assert [known.found.playlist_id for known in waiting(frontier)] == [playlist_id(1)]
    assert state(connection, 2) == EMPTY
    assert connection.execute("SELECT name FROM playlists").fetchall() == [("Name 2",)]


def test_a_total_that_is_not_told_is_not_taken_for_empty(connection: sqlite3.Connection, calendar: Calendar) -> None:
    frontier = begin(connection, calendar)
    frontier.take_list("search:rain", [page_of(found(1, total=None), found(2, total=0, snapshot=None))], OPEN)
    assert len(waiting(frontier)) == 2


def test_the_same_snapshot_is_unchanged_and_another_waits(connection: sqlite3.Connection, calendar: Calendar) -> None:
    first = begin(connection, calendar)
    first.take_list("search:rain", [page_of(found(1), found(2))], OPEN)
    store_all(first)
    first.close("done", finished=True)
    second = begin(connection, calendar)
    counts = second.take_list("search:rain", [page_of(found(1), found(2, snapshot="two"))], OPEN)
    assert counts[UNCHANGED] == 1
    assert [known.found.playlist_id for known in waiting(second)] == [playlist_id(2)]


def test_contents_of_which_only_some_were_read_are_not_unchanged(
    connection: sqlite3.Connection, calendar: Calendar
) -> None:
    first = begin(connection, calendar)
    first.take_list("search:rain", [page_of(found(1, total=200))], OPEN)
    (known,) = waiting(first)
    first.stage(known, known.found, Page(0, 100, 200, entries(100)))
    first.close("done", finished=True)
    second = begin(connection, calendar)
    second.take_list("search:rain", [page_of(found(1, total=200))], OPEN)
    assert len(waiting(second)) == 1


def test_a_restricted_app_withholds_without_a_request(connection: sqlite3.Connection, calendar: Calendar) -> None:
    frontier = begin(connection, calendar)
    own, shared = found(2, owner_id=ME), found(3, collaborative=True)
    counts = frontier.take_list("mine", [page_of(found(1), own, shared, found(4, total=0))], RESTRICTED)
    assert counts[WITHHELD] == 2
    assert [known.found.playlist_id for known in waiting(frontier)] == [playlist_id(2), playlist_id(3)]
    assert state(connection, 4) == WITHHELD, "how many there are is not told of those"


def test_all_is_asked_for_where_the_user_wants_to_try(connection: sqlite3.Connection, calendar: Calendar) -> None:
    frontier = begin(connection, calendar, Target(searches=("rain",), try_all=True))
    frontier.take_list("search:rain", [page_of(found(1))], RESTRICTED)
    assert len(waiting(frontier)) == 1


def test_what_is_gone_is_not_asked_for_within_30_days(connection: sqlite3.Connection, calendar: Calendar) -> None:
    for days, wanted in ((0, WAITING), (29, GONE), (1.1, WAITING)):
        calendar.moment += days * 86_400
        frontier = begin(connection, calendar)
        frontier.take_list("search:rain", [page_of(found(1))], OPEN)
        assert state(connection, 1) == wanted
        for known in waiting(frontier):
            frontier.settle(known, GONE)
        frontier.close("done", finished=True)
    assert GONE_FOR_S == 30 * 86_400


def test_a_named_playlist_keeps_what_was_known_of_it(connection: sqlite3.Connection, calendar: Calendar) -> None:
    frontier = begin(connection, calendar)
    frontier.take_list("search:rain", [page_of(found(1))], OPEN)
    (known,) = waiting(frontier)
    frontier.settle(known, GONE)
    frontier.close("done", finished=True)
    named = begin(connection, calendar, Target(playlists=(playlist_id(1),)))
    assert named.take_named([Found(playlist_id(1))], OPEN) == {GONE: 1}
    assert rows.known_playlists(connection, [playlist_id(1)])[playlist_id(1)].found.name == "Name 1"


def test_a_playlist_is_taken_once_in_a_crawl(connection: sqlite3.Connection, calendar: Calendar) -> None:
    frontier = begin(connection, calendar)
    frontier.take_list("search:rain", [page_of(found(1), found(1))], OPEN)
    store_all(frontier)
    assert frontier.take_list("search:gold", [page_of(found(1, snapshot="two"))], OPEN) == {}
    assert waiting(frontier) == []


# Room, words, lists.


def test_there_is_room_for_so_many_and_withheld_ones_take_none(
    connection: sqlite3.Connection, calendar: Calendar
) -> None:
    frontier = begin(connection, calendar, Target(searches=("rain",), most=2))
    lists = [page_of(found(1), found(2, owner_id=ME), found(3, owner_id=ME), found(4, owner_id=ME), total=500)]
    frontier.take_list("search:rain", lists, RESTRICTED)
    assert [known.found.playlist_id for known in waiting(frontier)] == [playlist_id(2), playlist_id(3)]
    assert frontier.room() == 0
    assert frontier.listing("search:rain").done, "what there is no room for need not be listed"
    store_all(frontier)
    assert frontier.room() == 0


def test_without_a_limit_there_is_always_room(connection: sqlite3.Connection, calendar: Calendar) -> None:
    assert begin(connection, calendar).room() is None


def test_a_list_is_read_on_where_it_was(connection: sqlite3.Connection, calendar: Calendar) -> None:
    first = begin(connection, calendar)
    first.take_list("search:rain", [page_of(found(1), beyond=50, total=120)], OPEN)
    first.close("interrupted", finished=False)
    second = begin(connection, calendar)
    assert second.goes_on
    assert second.listing("search:rain") == Listing(50, 120, False)
    assert begin(connection, calendar, Target(searches=("rain", "gold"))).goes_on is False


def test_a_crawl_goes_on_when_only_the_number_of_playlists_differs(
    connection: sqlite3.Connection, calendar: Calendar
) -> None:
    begin(connection, calendar, Target(searches=("rain",), most=2)).close("interrupted", finished=False)
    assert begin(connection, calendar, Target(searches=("rain",), most=9)).goes_on


def test_the_word_of_most_names_comes_next_and_each_once(connection: sqlite3.Connection, calendar: Calendar) -> None:
    frontier = begin(connection, calendar)
    names = ["Rain jazz", "rain gold", "RAIN", "jazz 夜"]
    lists = [found(number, name=name) for number, name in enumerate(names)]
    frontier.take_list("search:x", [page_of(*lists)], OPEN)
    frontier.mark_searched("Rain")
    asked = []
    while word := frontier.next_word():
        asked.append(word)
        frontier.mark_searched(word)
    assert asked == ["jazz", "gold", "夜"]
    frontier.take_list("search:y", [page_of(found(0), found(9, name="rain"))], OPEN)
    assert frontier.next_word() is None, "words of known names, and those that were searched for, do not come again"


def test_the_liked_songs_give_no_words(connection: sqlite3.Connection, calendar: Calendar) -> None:
    frontier = begin(connection, calendar, Target(mine=True))
    frontier.take_named([library(Me("a", "b", "C"))], OPEN)
    assert frontier.next_word() is None


# Reading.


def test_staged_pages_come_back_as_they_were_and_nobody_sees_half_a_playlist(
    connection: sqlite3.Connection, calendar: Calendar
) -> None:
    first = begin(connection, calendar)
    first.take_list("search:rain", [page_of(found(1, total=130))], OPEN)
    (known,) = waiting(first)
    first.stage(known, known.found, Page(0, 100, 130, entries(97)))
    first.close("interrupted", finished=False)
    assert connection.execute("SELECT count(*) FROM playlists").fetchone() == (0,)
    second = begin(connection, calendar)
    (again,) = waiting(second)
    (page,) = second.staged(again)
    assert (page.start, page.beyond, page.total, page.snapshot_id, page.entries) == (0, 100, 130, "one", entries(97))
    second.store([Whole(again, again.found, page.entries)])
    assert second.staged(again) == []
    assert connection.execute("SELECT count(*) FROM playlist_entries").fetchone() == (97,)


def test_two_parts_of_a_crawl_are_one_import(connection: sqlite3.Connection, calendar: Calendar) -> None:
    first = begin(connection, calendar)
    first.take_list("search:rain", [page_of(found(1), found(2), total=99)], OPEN)
    known = waiting(first)
    first.store([Whole(known[0], known[0].found, entries(3))])
    first.close("interrupted", finished=False)
    calendar.moment += 500
    second = begin(connection, calendar)
    store_all(second)
    second.close("done", finished=True)
    assert second.import_number == first.import_number == 1
    assert connection.execute("SELECT count(*) FROM imports").fetchone() == (1,)
    assert not begin(connection, calendar).goes_on


def test_what_cannot_be_read_comes_again_a_few_times_and_then_fails(
    connection: sqlite3.Connection, calendar: Calendar
) -> None:
    frontier = begin(connection, calendar)
    frontier.take_list("search:rain", [page_of(found(1))], OPEN)
    again = []
    while known := waiting(frontier):
        again.append(frontier.put_back(known[0]))
    assert again == [True] * (MOST_TRIES - 1) + [False]
    assert state(connection, 1) == FAILED
    frontier.close("done", finished=True)
    later = begin(connection, calendar)
    later.take_list("search:rain", [page_of(found(1))], OPEN)
    (known_again,) = waiting(later)
    assert known_again.tries == 0, "the next crawl tries it anew"


@pytest.mark.parametrize(
    ("total", "requests"), [(0, 1), (1, 1), (100, 1), (101, 3), (150, 3), (151, 4), (340, 7), (10_000, 200)]
)
def test_requests_are_foreseen(total: int, requests: int) -> None:
    assert requests_for(total) == requests


def test_what_waits_is_foreseen(connection: sqlite3.Connection, calendar: Calendar) -> None:
    frontier = begin(connection, calendar)
    lists = [found(1, total=10), found(2, total=340), found(3, total=None)]
    frontier.take_list("search:rain", [page_of(*lists)], OPEN)
    assert frontier.waiting_requests() == (3, 1 + 7 + 1)


# What is remembered of the app.


def test_the_kind_of_an_app_is_remembered_for_a_week(connection: sqlite3.Connection, calendar: Calendar) -> None:
    frontier = begin(connection, calendar)
    frontier.learn_app("a client", App(), App(restricted=True, small_search=True))
    assert frontier.known_app("a client") == App(restricted=True, small_search=True)
    assert frontier.known_app("another client") == App()
    calendar.moment += REMEMBERED_S + 1
    assert frontier.known_app("a client") == App()


# Over the network.


def test_a_purged_import_is_read_again(extended: Places, home: Path, database: Path) -> None:
    login = logged_in(extended, home)
    first = crawled(extended, database, login)
    before = stored(database)
    assert first.report.import_number is not None
    with open_writer(database, "a test") as connection:
        purge_import(connection, first.report.import_number)
    assert stored(database) == {}
    again = crawled(extended, database, login)
    assert again.counts["stored"] == first.counts["stored"]
    assert stored(database) == before


def test_spotifys_own_playlist_is_asked_for_once_a_month(extended: Places, home: Path, database: Path) -> None:
    login = logged_in(extended, home)
    asked = []
    for days in (0, 1, 29.5, 31):
        ran = crawled(extended, database, login, Target(playlists=(SPOTIFY_ID,)), clock=Clock(days * 86_400))
        asked.append(f"/playlists/{SPOTIFY_ID}" in ran.paths)
        assert ran.counts["gone"] == 1
    assert asked == [True, False, False, True]


def test_two_crawls_of_different_targets_do_not_take_each_others_playlists(
    extended: Places, home: Path, database: Path
) -> None:
    login = logged_in(extended, home)
    crawled(extended, database, login, Target(searches=("jazz",)), most_requests=3)
    named = Target(playlists=(extended.world.id_of(Kind.PLAYLIST, 5),))
    other = crawled(extended, database, login, named)
    assert other.counts["stored"] == 1
    assert set(stored(database)) >= {named.playlists[0]}
    rest = crawled(extended, database, login, Target(searches=("jazz",)))
    assert rest.report.reason == "done"
    assert WAITING not in states(database).values()
    assert set(states(database).values()) == {STORED}
