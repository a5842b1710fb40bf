"""The crawl, end to end, over HTTP against the small Spotify in each regime."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.addresses import playlist_ids
from crawler.frontier import Target
from crawler.pacing import Rate
from db.found import EMPTY, GONE, STORED, WITHHELD
from demo.ids import Kind
from demo.oddities import Odd
from demo.spotify.reading import SPOTIFY_ID
from demo.spotify.serving import Options, Places, serving
from tests.crawler.running import (
    MINE,
    Clock,
    Ran,
    crawled,
    everything,
    logged_in,
    path_of,
    query_of,
    rows_of,
    states,
    stored,
)

LEFT_OUT = (Odd.NOTHING, Odd.NO_MEDIA, Odd.EPISODE)
LOCAL = (Odd.LOCAL, Odd.BARE_LOCAL)
_GAP = 9_000


@pytest.fixture(params=["EXT", "LEGACY", "RESTRICTED"])
def spotify(request: pytest.FixtureRequest) -> Places:
    fixture = {"EXT": "extended", "LEGACY": "legacy", "RESTRICTED": "restricted"}[request.param]
    return request.getfixturevalue(fixture)  # type: ignore[no-any-return]


@pytest.fixture(params=["EXT", "LEGACY"])
def full(request: pytest.FixtureRequest) -> Places:
    return request.getfixturevalue({"EXT": "extended", "LEGACY": "legacy"}[request.param])  # type: ignore[no-any-return]


@pytest.fixture
def roomy() -> Iterator[Places]:
    """Serve a world with more playlists than one search gives."""
    with serving(Options(playlists=6000, library=2, followed=0, liked=5)) as running:
        yield running


def id_of(spotify: Places, number: int) -> str:
    return spotify.world.id_of(Kind.PLAYLIST, number)


def as_made(spotify: Places, number: int) -> list[tuple[int, str, int | None]]:
    """Give what a playlist of the made-up world holds, as it is to be stored; x: stands for a local file."""
    songs, odd = spotify.world.entries(number)
    begun = spotify.world.playlist(number).begun_at
    return [
        (
            place,
            "x:" if odd.get(place) in LOCAL else spotify.world.id_of(Kind.SONG, song),
            None if odd.get(place) is Odd.UNDATED else begun + place * _GAP,
        )
        for place, song in enumerate(songs.tolist())
        if odd.get(place) not in LEFT_OUT
    ]


def as_stored(database: Path, playlist_id: str) -> list[tuple[int, str, int | None]]:
    return [(at, "x:" if track.startswith("x:") else track, when) for at, track, when in stored(database)[playlist_id]]


def odd_counts(spotify: Places, numbers: list[int]) -> dict[str, int]:
    """Count the odd entries of some playlists as the report names them."""
    found: Counter[Odd] = Counter()
    for number in numbers:
        found.update(spotify.world.entries(number)[1].values())
    return {
        "episodes": found[Odd.EPISODE],
        "local files": found[Odd.LOCAL] + found[Odd.BARE_LOCAL],
        "unavailable": found[Odd.NOTHING] + found[Odd.NO_MEDIA],
    }


def numbers_of(spotify: Places) -> tuple[list[int], list[int]]:
    """Give the playlists on the listener's list: her own, and those that she follows."""
    return list(range(spotify.world.library)), list(spotify.world.followed)


def read_by(spotify: Places) -> list[int]:
    """Give the playlists whose contents the listener's app gets."""
    own, followed = numbers_of(spotify)
    if spotify.door.desk.regime.full:
        return own + followed
    return own + [number for number in followed if spotify.world.playlist(number).collaborative]


# One's own library.


def test_ones_own_library_is_stored_as_it_is(spotify: Places, home: Path, database: Path) -> None:
    ran = crawled(spotify, database, logged_in(spotify, home))
    assert (ran.report.reason, ran.report.exit_code) == ("done", 0)
    read = read_by(spotify)
    for number in read:
        assert as_stored(database, id_of(spotify, number)) == as_made(spotify, number), number
    (liked,) = (key for key in stored(database) if key.startswith("liked:"))
    songs = [spotify.world.id_of(Kind.SONG, song) for song in spotify.world.liked]
    assert [(at, track) for at, track, _ in stored(database)[liked]] == list(enumerate(songs))
    assert set(stored(database)) == {liked, *(id_of(spotify, number) for number in read)}
    empty = [number for number in read if spotify.world.playlist(number).length == 0]
    assert ran.counts["empty"] == len(empty) == 1
    assert ran.counts["stored"] == len(read) + 1 - len(empty)
    assert ran.counts["unchanged"] == ran.counts["failed"] == 0


def test_of_every_song_it_is_stored_whether_it_is_explicit(spotify: Places, home: Path, database: Path) -> None:
    crawled(spotify, database, logged_in(spotify, home))
    told = dict(rows_of(database, "SELECT track_id, explicit FROM tracks"))
    songs = {track_id: spotify.world.read_id(track_id) for track_id in told}
    assert told == {
        track_id: int(spotify.world.music.song(song[1]).explicit) if song else None for track_id, song in songs.items()
    }
    assert set(told.values()) == {0, 1, None}, "of local files nobody knows"


def test_every_odd_entry_is_counted_by_its_name(spotify: Places, home: Path, database: Path) -> None:
    ran = crawled(spotify, database, logged_in(spotify, home))
    wanted = odd_counts(spotify, read_by(spotify))
    assert all(wanted.values())
    assert {name: ran.counts[name] for name in wanted} == wanted


def test_empty_withheld_and_gone_are_three_different_states(spotify: Places, home: Path, database: Path) -> None:
    ran = crawled(spotify, database, logged_in(spotify, home))
    found = states(database)
    withheld = {id_of(spotify, number) for number in numbers_of(spotify)[1]} - {
        id_of(spotify, number) for number in read_by(spotify)
    }
    assert bool(withheld) == (not spotify.door.desk.regime.full)
    assert {key for key, state in found.items() if state == WITHHELD} == withheld | (
        {SPOTIFY_ID} if withheld else set()
    )
    assert {key for key, state in found.items() if state == EMPTY} == {id_of(spotify, 2)}
    assert {key for key, state in found.items() if state == GONE} == (set() if withheld else {SPOTIFY_ID})
    assert ran.counts["withheld"] == (len(withheld) + 1 if withheld else 0)
    names = dict(rows_of(database, "SELECT playlist_id, name FROM found_playlists"))
    for number in numbers_of(spotify)[1]:
        assert names[id_of(spotify, number)] == spotify.world.playlist(number).name, "withheld ones are known by name"
    assert stored(database)[id_of(spotify, 2)] == []


def test_no_request_goes_to_what_would_be_withheld_or_is_gone_from_the_api(
    restricted: Places, home: Path, database: Path
) -> None:
    ran = crawled(restricted, database, logged_in(restricted, home))
    assert {seen.status for seen in ran.asked} == {200}
    foreign = {id_of(restricted, number) for number in numbers_of(restricted)[1]} - set(stored(database))
    assert not [path for path in ran.paths if any(one in path for one in foreign)]
    assert {path.split("/")[1] for path in ran.paths} == {"me", "playlists"}


def test_no_page_is_asked_for_twice(spotify: Places, home: Path, database: Path) -> None:
    ran = crawled(spotify, database, logged_in(spotify, home))
    pages = Counter(target for target in ran.targets if "fields=snapshot_id" not in target)
    assert set(pages.values()) == {1}


def test_long_playlists_are_held_against_their_snapshot_in_the_end(
    extended: Places, home: Path, database: Path
) -> None:
    ran = crawled(extended, database, logged_in(extended, home))
    long = [number for number in read_by(extended) if extended.world.playlist(number).length > 100]
    looked_at = {path_of(seen) for seen in ran.asked if query_of(seen).get("fields") == "snapshot_id"}
    assert looked_at == {f"/playlists/{id_of(extended, number)}" for number in long}


def test_the_budget_is_what_it_then_takes(spotify: Places, home: Path, database: Path) -> None:
    ran = crawled(spotify, database, logged_in(spotify, home), Target(playlists=(id_of(spotify, 0), id_of(spotify, 1))))
    assert len(ran.heard.plans) == 1
    again = crawled(spotify, database.with_name("other.db"), logged_in(spotify, home))
    ((todo, requests),) = again.heard.plans
    assert todo == again.counts["stored"] + again.counts["gone"]
    lists = 1 + 1  # /me and /me/playlists
    liked = 2 + 1  # two more pages, and the look whether they changed
    assert len(again.asked) == lists + requests - 1 + (1 + liked)


# Coming back.


def test_a_refresh_costs_one_request_for_each_page_of_unchanged_playlists(
    spotify: Places, home: Path, database: Path
) -> None:
    first = crawled(spotify, database, logged_in(spotify, home))
    before = everything(database)
    again = crawled(spotify, database, logged_in(spotify, home))
    assert again.targets == ["/v1/me", "/v1/me/playlists?offset=0&limit=50", "/v1/me/tracks?offset=0&limit=50"]
    assert again.counts["unchanged"] == first.counts["stored"]
    assert again.counts["stored"] == 0
    assert (again.counts["empty"], again.counts["withheld"]) == (first.counts["empty"], first.counts["withheld"])
    after = everything(database)
    before.pop("crawls")
    after.pop("crawls")
    assert after == before


def test_fifty_playlists_more_cost_one_request_more(home: Path, database: Path) -> None:
    with serving(Options(playlists=130, library=110, followed=0, liked=3)) as spotify:
        crawled(spotify, database, logged_in(spotify, home))
        again = crawled(spotify, database, logged_in(spotify, home))
    assert [path for path in again.paths if path == "/me/playlists"] == ["/me/playlists"] * 3
    assert len(again.asked) == 5


def test_only_what_changed_is_read_again(home: Path, database: Path) -> None:
    with serving(Options(playlists=60, library=12, followed=4, liked=20)) as spotify:
        crawled(spotify, database, logged_in(spotify, home))
        key = (Kind.PLAYLIST, 4)
        entries = spotify.door.desk.library.entries(key, 0, 500)
        spotify.door.desk.library.write(key, entries[::-1])
        again = crawled(spotify, database, logged_in(spotify, home))
        assert again.counts["stored"] == 1
        assert [path for path in again.paths if path.startswith("/playlists/")] == [f"/playlists/{id_of(spotify, 4)}"]
        kept = [spotify.world.id_of(Kind.SONG, entry.song) for entry in entries[::-1] if entry.odd is None]
        assert [track for _, track, _ in stored(database)[id_of(spotify, 4)] if track in kept] == kept


def test_a_playlist_that_changes_while_it_is_read_is_read_again(home: Path, database: Path) -> None:
    with serving(Options(playlists=60, library=8, followed=0, liked=3, faults="changing=100%")) as spotify:
        ran = crawled(spotify, database, logged_in(spotify, home), Target(playlists=(id_of(spotify, 1),)))
        assert spotify.faults()["changing"]
        # It changes at each first page: nobody can read that.
        assert (ran.report.reason, ran.report.exit_code) == ("incomplete", 1)
        assert ran.counts["changed meanwhile"] == 9
        assert ran.counts["failed"] == 1
    assert stored(database) == {}
    assert everything(database)["staged"] == []


# What the user names.


@pytest.mark.parametrize(
    "told", ["{}", "spotify:playlist:{}", "https://open.spotify.com/playlist/{}?si=0123456789abcdef"]
)
def test_named_playlists_are_read_alone(extended: Places, home: Path, database: Path, told: str) -> None:
    target = Target(playlists=playlist_ids([told.format(id_of(extended, 1)), told.format(id_of(extended, 70))]))
    ran = crawled(extended, database, logged_in(extended, home), target)
    assert set(stored(database)) == {id_of(extended, 1), id_of(extended, 70)}
    assert as_stored(database, id_of(extended, 70)) == as_made(extended, 70)
    assert "/me/playlists" not in ran.paths


def test_a_named_playlist_that_is_not_there_is_said_by_its_id(extended: Places, home: Path, database: Path) -> None:
    ran = crawled(extended, database, logged_in(extended, home), Target(playlists=("0" * 22, SPOTIFY_ID)))
    assert ran.counts["gone"] == 2
    assert (ran.report.reason, ran.report.exit_code) == ("incomplete", 1)
    assert [line.split(":")[0] for line in ran.report.refused] == [f"playlist {'0' * 22}", f"playlist {SPOTIFY_ID}"]


def test_a_named_playlist_of_a_stranger_is_asked_for_and_may_be_withheld(
    restricted: Places, home: Path, database: Path
) -> None:
    strangers = range(60, 75)
    target = Target(playlists=tuple(id_of(restricted, number) for number in strangers))
    ran = crawled(restricted, database, logged_in(restricted, home), target)
    assert ran.counts["withheld"] == len(strangers), "in each of the forms that a withheld one has"
    assert len(ran.asked) == 1 + len(strangers), "one request for each, none for contents"
    names = dict(rows_of(database, "SELECT playlist_id, name FROM found_playlists"))
    assert names[id_of(restricted, 60)] == restricted.world.playlist(60).name
    assert stored(database) == {}


def test_a_users_public_playlists_are_read(full: Places, home: Path, database: Path) -> None:
    user = full.world.owner_of(70)
    target = Target(users=(full.world.user(user).user_id,))
    crawled(full, database, logged_in(full, home), target)
    public = [number for number in full.world.playlists_of(user) if full.world.playlist(number).public]
    assert set(stored(database)) == {id_of(full, number) for number in public}


def test_a_users_list_that_the_app_does_not_get_is_said(restricted: Places, home: Path, database: Path) -> None:
    user = restricted.world.user(restricted.world.owner_of(70)).user_id
    ran = crawled(restricted, database, logged_in(restricted, home), Target(users=(user, "nobody-at-all")))
    assert ran.report.exit_code == 1
    assert [line.partition(":")[0] for line in ran.report.refused] == [f"user {user}", "user nobody-at-all"]
    assert len(ran.asked) == 3


def test_an_app_without_a_user_reads_named_playlists_and_says_which_country(
    full: Places, home: Path, database: Path
) -> None:
    ran = crawled(full, database, logged_in(full, home, app=True), Target(playlists=(id_of(full, 70),)), market="SE")
    assert as_stored(database, id_of(full, 70)) == as_made(full, 70)
    assert {query_of(seen).get("market") for seen in ran.asked} == {"SE"}
    assert "/me" not in ran.paths


def test_a_user_names_no_country(extended: Places, home: Path, database: Path) -> None:
    ran = crawled(extended, database, logged_in(extended, home), market="SE")
    assert {query_of(seen).get("market") for seen in ran.asked} == {None}


def test_a_restricted_app_without_a_user_learns_that_all_is_withheld(
    restricted: Places, home: Path, database: Path
) -> None:
    login = logged_in(restricted, home, app=True)
    first = crawled(restricted, database, login, Target(playlists=(id_of(restricted, 70),)))
    assert first.counts["withheld"] == 1
    then = crawled(restricted, database, login, Target(searches=("jazz",)))
    assert then.counts["withheld"] > 0
    assert then.counts["stored"] == 0
    assert set(then.paths) == {"/search"}, "it remembers the kind of app, and asks for nothing that is withheld"


# Searching and growing.


def searches(ran: Ran) -> list[tuple[str, int, int]]:
    """Give the searches: words, offset, limit."""
    asked = [query_of(seen) for seen in ran.asked if path_of(seen) == "/search"]
    return [(one["q"], int(one["offset"]), int(one["limit"])) for one in asked]


def test_a_search_is_read_in_pages_of_50(full: Places, home: Path, database: Path) -> None:
    ran = crawled(full, database, logged_in(full, home), Target(searches=("jazz",)))
    found = full.door.desk.search.results(frozenset({"jazz"}))
    assert set(stored(database)) == {id_of(full, number) for number in found.tolist() if number >= 0}
    assert searches(ran) == [("jazz", 0, 50)], "the first page is asked for once"


def test_the_small_pages_of_a_restricted_app_are_found_out_once(restricted: Places, home: Path, database: Path) -> None:
    login = logged_in(restricted, home, app=True)
    ran = crawled(restricted, database, login, Target(searches=("jazz",), try_all=True))
    asked = searches(ran)
    assert asked[:2] == [("jazz", 0, 50), ("jazz", 0, 10)]
    assert [seen.status for seen in ran.asked if path_of(seen) == "/search"][:2] == [400, 200]
    again = crawled(restricted, database, login, Target(searches=("rock", "deep")))
    assert {limit for _, _, limit in searches(again)} == {10}
    assert {seen.status for seen in again.asked} == {200}


def test_a_restricted_app_with_a_user_starts_with_small_pages(restricted: Places, home: Path, database: Path) -> None:
    ran = crawled(restricted, database, logged_in(restricted, home), Target(searches=("jazz",)))
    assert {limit for _, _, limit in searches(ran)} == {10}
    assert {seen.status for seen in ran.asked} == {200}


def test_a_search_ends_at_offset_1000(roomy: Places, home: Path, database: Path) -> None:
    assert len(roomy.door.desk.search.results(frozenset({"best"}))) == 1000, "there are more, and no search gives them"
    ran = crawled(roomy, database, logged_in(roomy, home), Target(searches=("best",)), most_requests=22)
    assert sorted(at for _, at, _ in searches(ran)) == list(range(0, 1000, 50))
    assert {seen.status for seen in ran.asked} == {200}


def test_growing_goes_on_with_the_words_of_names_of_every_script(extended: Places, home: Path, database: Path) -> None:
    ran = crawled(extended, database, logged_in(extended, home), Target(searches=("my",), grow=True))
    words = [word for word, offset, _ in searches(ran) if offset == 0]
    assert len(words) > 5
    assert len(set(words)) == len(words), "no word is searched for twice"
    assert [word for word in words if not word.isascii()], "words of other scripts are searched for too"
    read = [path for path in ran.paths if path.startswith("/playlists/") and not path.endswith("/items")]
    looks = [path_of(seen) for seen in ran.asked if "fields=snapshot_id" in seen.path]
    assert Counter(read) - Counter(looks) == Counter(set(read)), "a playlist that was seen once is not fetched again"


def test_growing_reaches_what_no_first_search_finds(extended: Places, home: Path, database: Path) -> None:
    narrow = crawled(extended, database, logged_in(extended, home), Target(searches=("jazz",)))
    wide = crawled(
        extended, database.with_name("wide.db"), logged_in(extended, home), Target(searches=("jazz",), grow=True)
    )
    assert wide.report.reason == "done"
    assert wide.counts["stored"] > 2 * narrow.counts["stored"]
    assert set(stored(database)) < set(stored(database.with_name("wide.db")))
    left = rows_of(database.with_name("wide.db"), "SELECT word FROM found_words WHERE searched_at IS NULL")
    assert left == [], "it ends when every word was searched for"


def test_growing_from_a_named_playlist_uses_the_words_of_its_name(extended: Places, home: Path, database: Path) -> None:
    number = next(
        n for n in range(60, 120) if extended.world.playlist(n).name.isascii() and extended.world.playlist(n).name
    )
    target = Target(playlists=(id_of(extended, number),), grow=True, most=3)
    ran = crawled(extended, database, logged_in(extended, home), target)
    first = searches(ran)[0][0]
    assert first in extended.world.playlist(number).name.lower()


def test_a_word_written_large_is_not_searched_for_again(extended: Places, home: Path, database: Path) -> None:
    ran = crawled(extended, database, logged_in(extended, home), Target(searches=("JAZZ",), grow=True, most=40))
    assert [word for word, offset, _ in searches(ran) if offset == 0].count("jazz") == 0


# How much.


@pytest.mark.parametrize("most", [1, 3, 7])
def test_at_most_so_many_playlists_are_taken(extended: Places, home: Path, database: Path, most: int) -> None:
    ran = crawled(extended, database, logged_in(extended, home), Target(searches=("my",), grow=True, most=most))
    assert len(stored(database)) == most
    assert ran.report.reason == "done"
    again = crawled(extended, database, logged_in(extended, home), Target(searches=("my",), grow=True, most=most))
    assert len(stored(database)) == most
    assert again.counts["stored"] == 0


@pytest.mark.parametrize("most", [1, 2, 3, 5, 11])
@pytest.mark.parametrize("concurrency", [1, 8])
def test_at_most_so_many_requests_are_sent(
    extended: Places, home: Path, database: Path, most: int, concurrency: int
) -> None:
    login = logged_in(extended, home)
    ran = crawled(extended, database, login, most_requests=most, concurrency=concurrency)
    assert (ran.report.reason, ran.report.exit_code) == ("max-requests", 0)
    assert len(ran.asked) == ran.counts["requests"] == most


def test_a_crawl_in_many_small_parts_asks_for_no_page_twice_and_ends_alike(
    spotify: Places, home: Path, database: Path
) -> None:
    login = logged_in(spotify, home)
    whole = crawled(spotify, database.with_name("whole.db"), login)
    parts = []
    for _ in range(40):
        parts.append(crawled(spotify, database, login, most_requests=4, concurrency=3))
        if parts[-1].report.reason == "done":
            break
    assert parts[-1].report.reason == "done"
    pages = Counter(target for ran in parts for target in ran.targets if "fields=" not in target and target != "/v1/me")
    assert {target: count for target, count in pages.items() if count > 1} == {}
    assert set(pages) == {target for target in whole.targets if "fields=" not in target and target != "/v1/me"}
    one, other = everything(database), everything(database.with_name("whole.db"))
    assert one == other
    for name in ("stored", "empty", "withheld", "gone"):
        assert sum(ran.counts[name] for ran in parts) == whole.counts[name]


def test_lists_and_pages_that_are_shorter_than_asked_lose_nothing(home: Path, database: Path) -> None:
    sizes = {"playlists": 90, "library": 60, "followed": 4, "liked": 130}
    with serving(Options(**sizes)) as spotify:
        crawled(spotify, database, logged_in(spotify, home))
    other, elsewhere = database.with_name("short.db"), home.with_name("elsewhere")
    with serving(Options(**sizes, faults="short=70%,next=50%")) as spotify:
        ran = crawled(spotify, other, logged_in(spotify, elsewhere))
        assert spotify.faults()["short"]
        assert spotify.faults()["next"]
    assert {seen.status for seen in ran.asked} == {200, 404}, "404 for the one that Spotify keeps to itself"
    assert everything(other) == everything(database)


def test_two_crawls_of_one_database_may_differ_in_what_they_are_after(
    extended: Places, home: Path, database: Path
) -> None:
    login = logged_in(extended, home)
    crawled(extended, database, login, MINE, most_requests=6)
    other = crawled(extended, database, login, Target(playlists=(id_of(extended, 1),)))
    assert other.report.reason == "done"
    rest = crawled(extended, database, login, MINE)
    assert rest.report.reason == "done"
    whole = crawled(extended, database.with_name("whole.db"), login)
    assert whole.report.reason == "done"
    assert stored(database) == stored(database.with_name("whole.db"))
    assert {key for key, state in states(database).items() if state == STORED} == {
        key for key, state in states(database.with_name("whole.db")).items() if state == STORED
    }


class RealClock(Clock):
    """The time as it is, for a server that has no other."""

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


def test_a_told_rate_is_used_without_one_refusal(home: Path, database: Path) -> None:
    with serving(Options(playlists=90, library=60, followed=0, liked=10, faults="rate=30/1s")) as spotify:
        login = logged_in(spotify, home)
        pace = (0.0, Rate(30, 1.0))
        ran = crawled(spotify, database, login, clock=RealClock(), pace=pace, concurrency=8)
    assert {seen.status for seen in ran.asked} <= {200, 404}
    assert ran.counts["waits"] == 0
    lasted = ran.asked[-1].at - ran.asked[0].at
    assert lasted >= (len(ran.asked) - 1) // 30


def test_what_exceeds_an_unknown_rate_is_waited_out(home: Path, database: Path) -> None:
    with serving(Options(playlists=60, library=30, followed=0, liked=10, faults="rate=25/1s")) as spotify:
        ran = crawled(spotify, database, logged_in(spotify, home), clock=RealClock())
        assert finished_with(ran, 30)
    assert 429 in {seen.status for seen in ran.asked}
    assert ran.counts["waits"] == sum(seen.status == 429 for seen in ran.asked)


def finished_with(ran: Ran, playlists: int) -> bool:
    return ran.report.reason == "done" and ran.counts["stored"] + ran.counts["empty"] == playlists + 1
