"""What Spotify tells, as records: every odd entry that people have met, and any JSON at all."""

from collections import Counter
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.errors import Unreachable
from crawler.library import library, signature
from crawler.parse import EPISODES, LOCAL, UNAVAILABLE, Me, Page, contents, list_page, me, page, snapshot
from db.identity import made_up_id
from db.records import Album, Artist, PlaylistEntry

LIST_ID, OTHER_ID = "0123456789abcdefABCDEF", "FEDCBAfedcba9876543210"


def track_id(number: int) -> str:
    return f"{number:022d}"


def media(number: int, **more: Any) -> dict[str, Any]:
    """Make a track as Spotify tells it."""
    told = {
        "album": {"id": track_id(900 + number), "name": f"Album {number}", "release_date": "2019-05", "type": "album"},
        "artists": [{"id": track_id(500 + number), "name": f"Artist {number}", "type": "artist"}],
        "duration_ms": 180_000 + number,
        "explicit": False,
        "external_ids": {"isrc": f"QZAAA26{number:05d}"},
        "id": track_id(number),
        "is_local": False,
        "name": f"Title {number}",
        "popularity": 40,
        "type": "track",
        "uri": f"spotify:track:{track_id(number)}",
    }
    return told | more


def entry(told: Any, key: str = "item", **more: Any) -> dict[str, Any]:
    return {"added_at": "2025-07-29T21:11:55Z", "added_by": {"id": "somebody"}, "is_local": False, key: told} | more


def envelope(items: list[Any], total: int | None = None, limit: int | None = 100) -> dict[str, Any]:
    return {"items": items, "total": len(items) if total is None else total, "limit": limit, "next": None, "offset": 0}


def playlist(**more: Any) -> dict[str, Any]:
    told = {
        "collaborative": False,
        "description": "",
        "id": LIST_ID,
        "name": "Rainy day",
        "owner": {"id": "somebody", "display_name": "Some Body"},
        "public": True,
        "snapshot_id": "AAAA",
    }
    return told | more


def of(*items: Any) -> Page:
    return page(envelope(list(items)), 0, 100)


def only(*items: Any) -> PlaylistEntry:
    (found,) = of(*items).entries
    return found


def test_a_track_is_kept_with_what_we_store_of_it() -> None:
    found = only(entry(media(7, external_ids={"isrc": "ushm80865849"})))
    assert (found.position, found.added_at) == (0, 1_753_823_515)
    track = found.track
    assert (track.track_id, track.name, track.isrc) == (track_id(7), "Title 7", "USHM80865849")
    assert track.artists == (Artist("Artist 7", track_id(507)),)
    assert track.album == Album("Album 7", track_id(907), "2019-05")
    assert (track.duration_ms, track.popularity, track.explicit) == (180_007, 40, False)


def test_what_a_restricted_app_is_not_told_is_simply_not_known() -> None:
    bare = {"id": track_id(1), "name": "Title", "type": "track"}
    track = only(entry(bare)).track
    assert (track.artists, track.album, track.duration_ms, track.isrc, track.popularity) == ((), None, None, None, None)
    assert track.explicit is None


@pytest.mark.parametrize(
    ("told", "known"), [(True, True), (False, False), (None, None), (0, None), (1, None), ("true", None), ([], None)]
)
def test_explicit_is_told_by_true_and_false_alone(told: Any, known: bool | None) -> None:
    assert only(entry(media(1, explicit=told))).track.explicit is known


@pytest.mark.parametrize("keys", [("item",), ("track",), ("item", "track")])
def test_an_entry_is_read_under_its_new_and_its_old_name(keys: tuple[str, ...]) -> None:
    told: dict[str, Any] = {"added_at": None, "is_local": False} | {key: media(3) for key in keys}
    found = only(told)
    assert (found.track.track_id, found.added_at) == (track_id(3), None)


@pytest.mark.parametrize("names", [("items",), ("tracks",), ("items", "tracks")])
def test_contents_are_read_under_their_new_and_their_old_name(names: tuple[str, ...]) -> None:
    told = contents(playlist(**{name: envelope([entry(media(1)), entry(media(2))]) for name in names}))
    assert told.page is not None
    assert [found.track.track_id for found in told.page.entries] == [track_id(1), track_id(2)]
    assert told.found.total == 2


@pytest.mark.parametrize(
    "more",
    [{}, {"items": None}, {"items": {"href": "x", "total": 9}}, {"tracks": None}, {"items": None, "tracks": None},
     {"items": {"href": "x", "total": 9}, "tracks": None}, {"items": {"items": None, "total": 9}}, {"tracks": True}],
)  # fmt: skip
def test_withheld_contents_are_not_taken_for_empty_ones(more: dict[str, Any]) -> None:
    told = contents(playlist(**more))
    assert told.page is None
    assert told.found.name == "Rainy day"
    assert told.found.total != 0


def test_an_empty_playlist_is_told_as_empty() -> None:
    told = contents(playlist(items=envelope([])))
    assert told.page is not None
    assert told.page.last
    assert (told.page.entries, told.found.total) == ((), 0)


@pytest.mark.parametrize(
    "nothing", [None, {}, entry(None), entry(None, "track"), {"added_at": None, "is_local": False}]
)
def test_a_place_without_a_track_is_counted_and_keeps_its_position(nothing: Any) -> None:
    found = of(entry(media(1)), nothing, entry(media(2)))
    assert [one.position for one in found.entries] == [0, 2]
    assert found.odd == Counter({UNAVAILABLE: 1})


def test_a_local_file_is_kept_by_what_it_tells() -> None:
    local = media(0, id=None, uri="spotify:local:Kalo+Miren:Vo%3A+One:Tu+%26+Shi:198", is_local=True, external_ids={},
                  name="Tu & Shi", artists=[{"id": None, "name": "Kalo Miren", "external_urls": {}}],
                  album={"id": None, "name": "Vo: One"}, duration_ms=198_000, popularity=0)  # fmt: skip
    found = of(entry(media(1)), entry(local, is_local=True))
    assert found.odd == Counter({LOCAL: 1})
    track = found.entries[1].track
    assert track.track_id == made_up_id("Kalo Miren", "Tu & Shi")
    assert (track.name, track.artists, track.album) == ("Tu & Shi", (Artist("Kalo Miren"),), Album("Vo: One"))
    assert track.explicit is None, "Spotify says false of every file, without having heard it"


def test_a_local_file_with_empty_parts_is_kept_by_its_uri_or_left_out() -> None:
    bare = {"id": None, "uri": "spotify:local:::Somewhere:200", "is_local": True, "type": "track", "name": "",
            "artists": [{"name": ""}], "album": {"name": ""}}  # fmt: skip
    assert only(entry(bare, is_local=True)).track.name == "Somewhere"
    nothing = bare | {"uri": "spotify:local::::200"}
    found = of(entry(nothing, is_local=True), entry(media(1)))
    assert [one.position for one in found.entries] == [1]
    assert found.odd == Counter({LOCAL: 1}), "counted once, as what it is"


def test_a_local_file_is_known_by_the_track_alone_too() -> None:
    local = {"id": None, "uri": "spotify:local:A:B:C:9", "is_local": True, "type": "track"}
    assert of({"item": local}).odd == Counter({LOCAL: 1})


def test_an_episode_is_left_out_and_counted() -> None:
    episode = {"type": "episode", "id": track_id(4), "name": "Episode 4", "show": {"name": "A show"}}
    found = of(entry(episode), entry(media(1)))
    assert [one.position for one in found.entries] == [1]
    assert found.odd == Counter({EPISODES: 1})


def test_flags_named_track_and_episode_inside_the_track_are_no_contents() -> None:
    assert only(entry(media(5, track=True, episode=False))).track.track_id == track_id(5)


def test_a_removed_track_stays_with_its_id_and_without_its_names() -> None:
    removed = media(6, name="", artists=[{"id": track_id(506), "name": ""}], album={"id": track_id(906), "name": ""},
                    is_playable=False)  # fmt: skip
    found = of(entry(removed))
    assert found.entries[0].track.track_id == track_id(6)
    assert found.entries[0].track.name == ""
    assert found.entries[0].track.artists == ()
    assert not found.odd


def test_a_relinked_track_is_kept_under_the_id_that_came() -> None:
    assert only(entry(media(8, linked_from={"id": track_id(9)}))).track.track_id == track_id(8)


def test_the_same_song_twice_has_two_places() -> None:
    found = of(entry(media(1)), entry(media(1)))
    assert [(one.position, one.track.track_id) for one in found.entries] == [(0, track_id(1)), (1, track_id(1))]


@pytest.mark.parametrize("wrong", [None, "", "short", "é" * 22, 7, track_id(1) + "0"])
def test_a_track_without_a_proper_id_is_unavailable(wrong: Any) -> None:
    assert of(entry(media(1, id=wrong))).odd == Counter({UNAVAILABLE: 1})


@pytest.mark.parametrize(
    "added", [None, "", "yesterday", 7, "2025-07-29T21:11:55", "1970-01-01T00:00:00Z", "0001-01-01T00:00:00Z"]
)
def test_a_time_that_tells_nothing_is_not_known(added: Any) -> None:
    assert only(entry(media(1), added_at=added)).added_at is None


@pytest.mark.parametrize("adder", [None, {}, {"id": ""}, {"id": None}])
def test_who_added_an_entry_may_be_missing(adder: Any) -> None:
    assert only(entry(media(1), added_by=adder)).track.track_id == track_id(1)


def test_whole_numbers_that_come_as_floats_are_read() -> None:
    track = only(entry(media(1, popularity=56.0, duration_ms=180_000.0))).track
    assert (track.popularity, track.duration_ms) == (56, 180_000)
    assert isinstance(track.popularity, int)


def test_a_description_is_told_without_markup() -> None:
    told = playlist(
        description='K&uuml;rzlich &amp; &quot;gemocht&quot; by <a href="https://example.org/">Rosa &lt;3</a> &#x27;26'
    )
    assert contents(told).found.description == 'Kürzlich & "gemocht" by Rosa <3 \'26'


@pytest.mark.parametrize("owner", [None, {}, {"id": None, "display_name": None}, "somebody", []])
def test_an_owner_of_whom_nothing_is_told_is_nobody(owner: Any) -> None:
    found = contents(playlist(owner=owner, images=None)).found
    assert (found.owner_id, found.owner) == ("", "")


def test_an_owner_without_a_name_is_told_by_the_id() -> None:
    assert contents(playlist(owner={"id": "somebody", "display_name": None})).found.owner == "somebody"


def test_an_empty_name_is_a_name() -> None:
    assert contents(playlist(name="")).found.name == ""
    assert contents(playlist(name=None)).found.name == ""


def test_null_places_of_a_list_are_passed_over() -> None:
    told = {"items": [None, playlist(), None, playlist(id=OTHER_ID), {"id": "37"}, 5], "total": 60, "limit": 20}
    found = list_page(told, 20, 20)
    assert [one.playlist_id for one in found.found] == [LIST_ID, OTHER_ID]
    assert (found.beyond, found.total) == (40, 60)


def test_the_results_of_a_search_are_a_list_too() -> None:
    found = list_page({"playlists": {"items": [playlist()], "total": 1, "limit": 10}}, 0, 10)
    assert [one.playlist_id for one in found.found] == [LIST_ID]


def test_a_total_that_is_null_is_not_known_and_not_zero() -> None:
    (found,) = list_page({"items": [playlist(tracks={"total": None})], "total": 1}, 0, 50).found
    assert found.total is None


def test_a_page_reaches_as_far_as_its_limit_however_few_it_holds() -> None:
    told = envelope([entry(media(number)) for number in range(19)], total=96, limit=18)
    assert page(told, 36, 18).beyond == 54
    assert page(envelope([entry(media(1))], 96, 33), 0, 50).beyond == 33, "the smaller limit that it names"
    assert page(envelope([entry(media(1))], 96, None), 0, 50).beyond == 50


def test_a_playlist_that_shows_96_of_98_is_read_whole() -> None:
    told = contents(playlist(items=envelope([entry(media(number)) for number in range(96)], total=98, limit=100)))
    assert told.page is not None
    assert told.page.last


def test_an_empty_page_is_the_last() -> None:
    assert page(envelope([], total=340), 100, 50).last
    assert list_page({"items": [], "total": None}, 50, 50).total == 50


@pytest.mark.parametrize("told", [None, [], "x", 5, {}, {"items": None}, {"items": {}}, {"error": {"status": 500}}])
def test_what_is_no_page_is_said_to_be_none(told: Any) -> None:
    with pytest.raises(Unreachable, match="update Segue"):
        page(told, 0, 50)
    with pytest.raises(Unreachable, match="update Segue"):
        list_page(told, 0, 50)
    with pytest.raises(Unreachable, match="update Segue"):
        contents(told)
    with pytest.raises(Unreachable, match="who is logged in"):
        me(told)


def test_who_is_logged_in_is_known_by_what_stays() -> None:
    assert me({"id": "a", "account_id": "b", "display_name": "C"}) == Me("a", "b", "C")
    assert me({"id": "a", "display_name": None}) == Me("a", "a", "a")


def test_a_snapshot_may_be_missing() -> None:
    assert snapshot({"snapshot_id": "AAAA"}) == "AAAA"
    assert snapshot({}) is None
    assert snapshot([]) is None


def test_the_liked_songs_are_told_apart_by_their_number_and_their_newest() -> None:
    first = page(envelope([entry(media(1), "track"), entry(media(2), "track")], total=60, limit=50), 0, 50)
    alone = page(envelope([entry(media(1), "track")], total=60, limit=1), 0, 1)
    assert signature(first) == signature(alone)
    other = page(envelope([entry(media(3), "track")], total=60, limit=1), 0, 1)
    assert signature(other) != signature(alone)


def test_liked_songs_whose_newest_is_odd_have_not_changed_for_that() -> None:
    first = page(envelope([entry(None, "track"), entry(media(2), "track")], total=60, limit=50), 0, 50)
    alone = page(envelope([entry(None, "track")], total=60, limit=1), 0, 1)
    assert signature(first) == signature(alone)


def test_the_liked_songs_are_a_playlist_of_an_account() -> None:
    assert library(Me("a", "b", "C")).playlist_id == "liked:b"


LEAF = (
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats() | st.text(max_size=12)
    | st.sampled_from([LIST_ID, track_id(1), "episode", "track", "spotify:local:a:b:c:1", "2025-07-29T21:11:55Z"])
)  # fmt: skip
KEYS = st.sampled_from(
    ["added_at", "album", "artists", "collaborative", "description", "display_name", "duration_ms", "explicit",
     "external_ids", "id", "is_local", "isrc", "item", "items", "limit", "name", "owner", "playlists", "popularity",
     "release_date", "snapshot_id", "total", "track", "tracks", "type", "uri"]
)  # fmt: skip
ANYTHING = st.recursive(
    LEAF, lambda some: st.lists(some, max_size=4) | st.dictionaries(KEYS, some, max_size=6), max_leaves=40
)
NEARLY_ENTRY = st.fixed_dictionaries({}, optional=dict.fromkeys(("item", "track", "added_at", "is_local"), ANYTHING))
NEARLY_PAGE = st.fixed_dictionaries(
    {"items": st.lists(st.none() | NEARLY_ENTRY | st.builds(entry, st.builds(media, st.integers(0, 99))), max_size=5)},
    optional={"total": ANYTHING, "limit": ANYTHING},
)


@given(ANYTHING)
def test_any_json_is_read_or_refused(told: Any) -> None:
    for read in (me, contents, snapshot, lambda it: list_page(it, 0, 50), lambda it: page(it, 0, 50)):
        with suppress(Unreachable):
            read(told)


@given(NEARLY_PAGE, st.integers(0, 500), st.integers(1, 50))
def test_positions_are_kept_whatever_stands_between(told: dict[str, Any], offset: int, limit: int) -> None:
    found = page(told, offset, limit)
    positions = [one.position for one in found.entries]
    assert positions == sorted(set(positions))
    assert all(offset <= position < offset + len(told["items"]) for position in positions)
    for one in found.entries:
        alone = page({"items": [told["items"][one.position - offset]]}, one.position, 1)
        assert alone.entries == (one,)
    assert len(found.entries) + sum(found.odd.values()) - found.odd[LOCAL] <= len(told["items"])
    assert found.beyond > offset or not told["items"]


@given(st.lists(st.none() | st.builds(playlist, id=st.sampled_from([LIST_ID, OTHER_ID, "x"])), max_size=8))
def test_every_playlist_of_a_list_is_found(items: list[Any]) -> None:
    found = list_page({"items": items, "total": 100}, 0, 50)
    assert [one.playlist_id for one in found.found] == [one["id"] for one in items if one and len(one["id"]) == 22]
