"""Whole crawls of a Spotify that answers as nobody expects."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest

from crawler.frontier import Target
from crawler.session import Login, log_in
from demo.spotify.serving import Places
from tests.crawler.odd_api import Api, Reply, odd_api
from tests.crawler.running import Clock, Ran, crawled, home_variables, make_login, rows_of, states, stored
from tests.crawler.test_parse import LIST_ID, OTHER_ID, entry, envelope, media, playlist, track_id

ME = Reply({"id": "listener", "display_name": None})
FORBIDDEN = Reply({"error": {"status": 403, "message": "Forbidden"}}, 403)


@pytest.fixture
def api() -> Iterator[Api]:
    with odd_api(Reply({"error": {"status": 404, "message": "Service not found"}}, 404)) as running:
        running.by_path["/me"] = ME
        yield running


def login(spotify: Places, home: Path, api: Api, *, app: bool = False) -> Login:
    """Log in at the small Spotify, and ask the odd one."""
    if not app:
        make_login(spotify, home)
    return log_in(home_variables(spotify, home, app=app) | {"SEGUE_SPOTIFY_API": api.url}, time.time())


def named(*ids: str) -> Target:
    return Target(playlists=ids)


def mine(**more: Any) -> dict[str, Any]:
    return playlist(owner={"id": "listener", "display_name": None}, **more)


def tracks(database: Path, playlist_id: str = LIST_ID) -> list[tuple[int, str]]:
    return [(position, track) for position, track, _ in stored(database)[playlist_id]]


def test_growing_ends_where_searches_are_refused(extended: Places, api: Api, home: Path, database: Path) -> None:
    found = playlist(name="alpha beta", items={"href": "x", "total": 1})
    api.replies = [
        Reply({"playlists": {"items": [found], "total": 1, "limit": 50}}),
        Reply({"error": {"status": 400, "message": "Bad query"}}, 400),
    ]
    api.by_path[f"/playlists/{LIST_ID}"] = Reply(playlist(name="alpha beta", items=envelope([entry(media(1))])))
    ran = crawled(extended, database, login(extended, home, api, app=True), Target(searches=("x y",), grow=True))
    assert api.paths.count("/search") == 3
    assert [line.partition(":")[0] for line in ran.report.refused] == ["search alpha", "search beta"]
    assert (ran.report.reason, ran.report.exit_code) == ("incomplete", 1)
    assert ran.counts["stored"] == 1


def test_a_search_that_claims_more_than_1000_results_is_not_believed(
    extended: Places, api: Api, home: Path, database: Path
) -> None:
    api.by_path["/search"] = Reply({"playlists": {"items": [None, playlist()], "total": 5000, "limit": 50}})
    api.by_path[f"/playlists/{LIST_ID}"] = Reply(playlist(items=envelope([entry(media(1))])))
    ran = crawled(extended, database, login(extended, home, api, app=True), Target(searches=("rain",)))
    assert finished(ran)
    asked = [parse_qs(path.partition("?")[2]) for path, _ in api.asked if path.startswith("/search")]
    assert sorted(int(one["offset"][0]) for one in asked) == list(range(0, 1000, 50))
    assert api.paths.count(f"/playlists/{LIST_ID}") == 1, "what stands on each page is one playlist"


def test_own_contents_are_asked_for_under_their_old_name_once_and_then_always(
    extended: Places, api: Api, home: Path, database: Path
) -> None:
    for number, playlist_id in enumerate((LIST_ID, OTHER_ID)):
        api.by_path[f"/playlists/{playlist_id}"] = Reply(mine(id=playlist_id))
        api.by_path[f"/playlists/{playlist_id}/items"] = FORBIDDEN
        api.by_path[f"/playlists/{playlist_id}/tracks"] = Reply(envelope([entry(media(number), "track")]))
    who = login(extended, home, api)
    ran = crawled(extended, database, who, named(LIST_ID, OTHER_ID), concurrency=1)
    assert ran.counts["stored"] == 2
    assert tracks(database, OTHER_ID) == [(0, track_id(1))]
    assert [path.rpartition("/")[2] for path in api.paths].count("items") == 1
    api.asked.clear()
    crawled(extended, database.with_name("other.db"), who, named(OTHER_ID), concurrency=1)
    assert api.paths.count(f"/playlists/{OTHER_ID}/tracks") == 1


def test_contents_that_are_refused_for_a_stranger_are_withheld_and_not_asked_for_twice(
    extended: Places, api: Api, home: Path, database: Path
) -> None:
    whole = envelope([entry(media(number)) for number in range(100)], total=150)
    api.by_path[f"/playlists/{LIST_ID}"] = Reply(playlist(items=whole))
    api.by_path[f"/playlists/{LIST_ID}/items"] = FORBIDDEN
    ran = crawled(extended, database, login(extended, home, api), named(LIST_ID))
    assert states(database) == {LIST_ID: "withheld"}
    assert api.paths.count(f"/playlists/{LIST_ID}/items") == 1
    assert ran.counts["withheld"] == 1
    assert stored(database) == {}
    assert rows_of(database, "SELECT count(*) FROM staged_pages") == [(0,)]


def test_a_playlist_that_shows_fewer_than_it_counts_is_stored_with_what_it_shows(
    extended: Places, api: Api, home: Path, database: Path
) -> None:
    first = envelope([entry(media(number)) for number in range(97)], total=140, limit=100)
    api.by_path[f"/playlists/{LIST_ID}"] = Reply(playlist(items=first))
    rest = {"items": [entry(media(number)) for number in range(100, 138)], "total": 140, "limit": 50}
    api.by_path[f"/playlists/{LIST_ID}/items"] = Reply(rest)
    ran = crawled(extended, database, login(extended, home, api), named(LIST_ID))
    assert ran.counts["stored"] == 1
    assert tracks(database) == [(place, track_id(place)) for place in (*range(97), *range(100, 138))]
    (asked,) = (path for path, _ in api.asked if "/items" in path)
    assert "offset=100" in asked


def test_an_empty_page_in_the_middle_ends_a_playlist(extended: Places, api: Api, home: Path, database: Path) -> None:
    first = envelope([entry(media(number)) for number in range(100)], total=400)
    api.by_path[f"/playlists/{LIST_ID}"] = Reply(playlist(items=first))
    api.by_path[f"/playlists/{LIST_ID}/items"] = Reply({"items": [], "total": 400, "limit": 50})
    ran = crawled(extended, database, login(extended, home, api), named(LIST_ID))
    assert ran.counts["stored"] == 1
    assert len(tracks(database)) == 100


def test_a_playlist_whose_form_nobody_knows_fails_alone_and_within_the_stated_tries(
    extended: Places, api: Api, home: Path, database: Path
) -> None:
    api.by_path[f"/playlists/{LIST_ID}"] = Reply({"surprise": True})
    api.by_path[f"/playlists/{OTHER_ID}"] = Reply(playlist(id=OTHER_ID, items=envelope([entry(media(1))])))
    ran = crawled(extended, database, login(extended, home, api), named(LIST_ID, OTHER_ID))
    assert states(database) == {LIST_ID: "failed", OTHER_ID: "stored"}
    assert (ran.report.reason, ran.report.exit_code, ran.counts["failed"]) == ("incomplete", 1, 1)
    assert api.paths.count(f"/playlists/{LIST_ID}") == 3


def test_a_server_that_is_broken_for_good_ends_the_crawl_with_its_reason(
    extended: Places, api: Api, home: Path, database: Path
) -> None:
    api.replies = [Reply({}, 503)]
    many = tuple(f"{number:022d}" for number in range(40))
    ran = crawled(extended, database, login(extended, home, api), named(*many), concurrency=2)
    assert (ran.report.reason, ran.report.exit_code) == ("unreachable", 1)
    assert len(api.asked) <= 1 + 5 * (5 + 2), "five playlists in a row, and those that were under way"
    assert stored(database) == {}


def test_a_login_that_is_refused_for_good_asks_no_more(extended: Places, api: Api, home: Path, database: Path) -> None:
    api.by_path["/me"] = Reply({"error": {"status": 401, "message": "Invalid access token"}}, 401)
    ran = crawled(extended, database, login(extended, home, api), named(LIST_ID))
    assert ran.report.reason == "not logged in"
    assert api.paths == ["/me", "/me"]


def finished(ran: Ran) -> bool:
    return ran.report.reason == "done"


def test_liked_songs_whose_newest_is_odd_are_read_like_others(
    extended: Places, api: Api, home: Path, database: Path
) -> None:
    songs = [entry(None, "track"), *(entry(media(number), "track") for number in range(1, 60))]
    api.by_path["/me/playlists"] = Reply({"items": [], "total": 0, "limit": 50})
    api.replies = [
        Reply(envelope(songs[:50], total=60, limit=50)),
        Reply(envelope(songs[50:], total=60, limit=50)),
        Reply(envelope(songs[:1], total=60, limit=1)),
        Reply(envelope(songs[:50], total=60, limit=50)),
    ]
    who = login(extended, home, api)
    ran = crawled(extended, database, who, Target(mine=True))
    assert finished(ran)
    assert ran.counts["stored"] == 1
    assert tracks(database, "liked:listener") == [(place, track_id(place)) for place in range(1, 60)]
    assert crawled(extended, database, who, Target(mine=True), clock=Clock(3600)).counts["unchanged"] == 1
