"""Every row of the page's table of odd data is met on the wire."""

import html
import itertools
from collections.abc import Iterator
from typing import Any

import pytest

from tests.demo.spotify.asking import Asker, asking


@pytest.fixture(scope="module")
def asker() -> Iterator[Asker]:
    with asking() as asker:
        yield asker


@pytest.fixture(scope="module")
def entries(asker: Asker) -> list[Any]:
    return asker.whole(0)


@pytest.fixture(scope="module")
def media(entries: list[Any]) -> list[Any]:
    return [entry["item"] for entry in entries if entry and entry["item"]]


def test_entries_and_their_songs_can_be_null(asker: Asker, entries: list[Any]) -> None:
    assert None in entries
    assert any(entry and entry["item"] is None and entry["track"] is None for entry in entries)
    assert len(entries) == asker.places.world.playlist(0).length


def test_local_files_have_no_id(entries: list[Any], media: list[Any]) -> None:
    local = [one for one in media if one["is_local"]]
    assert len(local) == 2
    assert all(one["id"] is None and one["external_ids"] == {} and one["popularity"] == 0 for one in local)
    assert all(one["uri"].startswith("spotify:local:") and one["uri"].count(":") == 5 for one in local)
    assert all(one["external_urls"] == {} and one["artists"][0]["external_urls"] == {} for one in local)
    assert any(one["uri"].startswith("spotify:local:::") for one in local)
    assert [entry["is_local"] for entry in entries if entry and entry["item"] in local] == [True, True]


def test_episodes_come_whole_to_those_who_ask_for_them(asker: Asker, entries: list[Any]) -> None:
    path = f"/playlists/{asker.playlist_id(0)}/items"
    told = asker.get(path, limit=50, additional_types="track,episode").json["items"]
    episodes = [entry["item"] for entry in told if entry and entry["item"] and entry["item"]["type"] == "episode"]
    assert len(episodes) == 1
    assert "artists" not in episodes[0]
    assert episodes[0]["show"]["name"]
    place = next(n for n, entry in enumerate(told) if entry and entry["item"] == episodes[0])
    unasked = entries[place]["item"]
    assert unasked is None or (unasked["type"], unasked["episode"], unasked["artists"][0]["id"]) == (
        "episode",
        True,
        None,
    )


def test_unasked_episodes_come_as_null_or_mangled() -> None:
    seen = set()
    for seed in range(8):
        with asking(seed=seed, playlists=8) as asker:
            place = list(asker.places.world.entries(0)[1].values()).index("episode") * 4 + 1
            unasked = asker.whole(0)[place]["item"]
            seen.add(unasked is None)
    assert seen == {True, False}


def test_boolean_keys_stand_inside_a_song(media: list[Any]) -> None:
    flagged = [one for one in media if one["type"] == "track" and one.get("track") is True]
    assert [one["episode"] for one in flagged] == [False]


def test_removed_songs_keep_their_id_and_lose_their_names(asker: Asker, media: list[Any]) -> None:
    removed = [one for one in media if one["name"] == "" and one["id"]]
    assert [(one["album"]["name"], one["artists"][0]["name"]) for one in removed] == [("", "")]
    told = asker.get(f"/playlists/{asker.playlist_id(0)}/items", limit=50, market="DE").json["items"]
    playable = {e["item"]["id"]: e["item"].get("is_playable") for e in told if e and e["item"]}
    assert playable[removed[0]["id"]] is False


def test_linked_songs_name_the_id_before(asker: Asker, media: list[Any]) -> None:
    linked = [one for one in media if "linked_from" in one]
    assert len(linked) == 1
    before = linked[0]["linked_from"]["id"]
    assert before != linked[0]["id"]
    assert asker.get(f"/tracks/{before}").json["id"] == linked[0]["id"]


def test_a_song_stands_twice(media: list[Any]) -> None:
    ids = [one["id"] for one in media if one["id"]]
    assert any(one == other for one, other in itertools.pairwise(ids))


def test_who_added_it_and_when_may_not_be_told(entries: list[Any]) -> None:
    told = [entry for entry in entries if entry]
    assert [entry["added_at"] for entry in told].count(None) == 1
    assert [entry["added_by"] for entry in told].count(None) == 1
    assert [entry["added_by"]["id"] for entry in told if entry["added_by"]].count("") == 1


def test_playlists_are_empty_nameless_without_pictures_and_escaped(asker: Asker) -> None:
    told = [asker.get(f"/playlists/{asker.playlist_id(number)}").json for number in range(8)]
    assert (told[2]["items"]["total"], told[2]["items"]["items"], told[2]["images"]) == (0, [], [])
    assert told[3]["collaborative"]
    assert told[4]["name"] == ""
    assert told[5]["images"] is None
    assert told[6]["images"] == []
    assert '<a href="https://' in told[6]["description"]
    assert "gehört" in html.unescape(told[6]["description"])
    assert told[7]["public"] is False
    assert len({one["snapshot_id"][:4] for one in told}) > 1


def test_owners_may_have_no_name_or_nothing_at_all() -> None:
    with asking(playlists=300) as asker:
        listed = asker.get("/me/playlists", limit=50).json["items"]
        assert any(one and one["owner"]["display_name"] is None for one in listed)
        numbers = (n for n in range(30, 300) if n % 97 == 5)
        assert {asker.get(f"/playlists/{asker.playlist_id(n)}").json["owner"]["id"] for n in numbers} == {None}


def test_numbers_are_floats_and_codes_are_small_now_and_then(asker: Asker) -> None:
    songs = [asker.places.world.music.song(number) for number in range(1500)]
    odd = next(song.number for song in songs if isinstance(song.popularity, float))
    small = next(song.number for song in songs if song.isrc.islower())
    assert b'"popularity":%d.0' % songs[odd].popularity in asker.get(f"/tracks/{asker.track_id(odd)}").body
    assert asker.get(f"/tracks/{asker.track_id(small)}").json["external_ids"]["isrc"].islower()
