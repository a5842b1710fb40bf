"""Finding playlists by words of their names."""

import time
import tracemalloc
from collections.abc import Iterator

import pytest

from demo import names
from demo.catalogue import World
from demo.spotify.search import MOST, Search
from tests.demo.spotify.asking import Asker, asking


@pytest.fixture(scope="module")
def asker() -> Iterator[Asker]:
    with asking(playlists=3000) as asker:
        yield asker


def test_every_result_has_all_the_words(asker: Asker) -> None:
    told = asker.get("/search", q="RAINY soul", type="playlist", limit=50).json["playlists"]
    found = [one["name"].lower() for one in told["items"] if one]
    assert len(found) > 10
    assert all("rainy" in name and "soul" in name for name in found)


def test_every_open_playlist_of_a_name_is_found(asker: Asker) -> None:
    world = asker.places.world
    told = asker.get("/search", q="driving jazz", type="playlist", limit=50).json["playlists"]
    wanted = {
        asker.playlist_id(number)
        for number in range(world.playlists)
        if {"driving", "jazz"} <= names.folded_words(world.playlist(number).name) and world.playlist(number).public
    }
    assert {one["id"] for one in told["items"] if one} == wanted


@pytest.mark.parametrize("words", ["вечер", "ДОЖДЬ", "夜の", "ÉTÉ", "🔥", "καλοκαίρι"])
def test_any_script_is_understood(asker: Asker, words: str) -> None:
    told = asker.get("/search", q=words, type="playlist").json["playlists"]
    assert told["total"] > 0
    assert all(words.casefold() in one["name"].casefold() for one in told["items"] if one)


def test_some_results_are_null_and_pages_fit_together(asker: Asker) -> None:
    first, second = (
        asker.get("/search", q="deep", type="playlist", limit=20, offset=offset).json["playlists"] for offset in (0, 20)
    )
    both = asker.get("/search", q="deep", type="playlist", limit=40).json["playlists"]
    assert first["items"] + second["items"] == both["items"]
    assert 0 < both["items"].count(None) < 10


def test_what_is_not_understood_is_refused(asker: Asker) -> None:
    assert asker.get("/search", q="deep").status == 400
    assert asker.get("/search", q="deep", type="nonsense").status == 400
    assert asker.get("/search", q=" ", type="playlist").message == "No search query"
    assert asker.get("/search", q="deep", type="playlist", limit=51).message == "Invalid limit"
    assert asker.get("/search", q="deep", type="playlist", limit=20, offset=981).status == 400
    assert asker.get("/search", q="deep", type="playlist", limit=20, offset=980).status == 200
    assert asker.get("/search", q="xyzzy", type="playlist").json["playlists"]["total"] == 0
    assert asker.get("/search", q="!!!", type="playlist").json["playlists"]["total"] == 0


def test_restricted_apps_get_ten_at_most() -> None:
    with asking(regime="RESTRICTED") as asker:
        assert len(asker.get("/search", q="pop", type="playlist").json["playlists"]["items"]) == 5
        assert len(asker.get("/search", q="pop", type="playlist", limit=10).json["playlists"]["items"]) == 10
        reply = asker.get("/search", q="pop", type="playlist", limit=11)
        assert reply.json == {"error": {"status": 400, "message": "Invalid limit"}}


def test_a_large_world_is_searched_quickly_and_in_little_memory() -> None:
    world = World(1, 100_000)
    started = time.perf_counter()
    tracemalloc.start()
    search = Search(world)
    found = search.results(frozenset({"pop"}))
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert time.perf_counter() - started < 20
    assert most < 50_000_000
    assert len(found) == MOST
    again = time.perf_counter()
    search.results(frozenset({"deep", "soul"}))
    assert time.perf_counter() - again < 0.1
