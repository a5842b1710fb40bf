"""The cassettes: replayed without a network, clean of secrets, and the same when they are recorded again."""

import asyncio
import json
import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from demo.spotify.serving import serving
from tests.crawler import record
from tests.crawler.cassettes import (
    ELSEWHERE,
    FOLDER,
    agreed_at_once,
    cassette_path,
    no_network,
    read_cassette,
    record_small,
    replay,
    text_of,
)
from tests.crawler.flows import FLOWS, MADE_UP, SCOPES, SMALL
from tests.crawler.running import home_variables, make_login
from tests.crawler.scrubbing import leaks

MOST_BYTES = 300_000
LOGIN, LIBRARY = "login-and-refresh", "own-library-restricted"
every_flow = pytest.mark.parametrize("name", FLOWS)


@pytest.fixture
def offline() -> Iterator[None]:
    with no_network():
        yield


def asked(name: str) -> list[tuple[str, str, int]]:
    """Give method, path and status of each request of a cassette."""
    return [
        (one["request"]["method"], urlsplit(one["request"]["uri"]).path, one["response"]["status"]["code"])
        for one in read_cassette(name)["interactions"]
    ]


# As they are.


def test_there_is_one_cassette_for_each_flow_and_nothing_else() -> None:
    assert {path.name for path in FOLDER.iterdir()} == {f"{name}.yaml" for name in FLOWS}


@every_flow
def test_a_flow_replayed_without_a_network_brings_the_same_and_plays_every_answer(
    name: str, tmp_path: Path, offline: None
) -> None:
    played = replay(FLOWS[name], cassette_path(FOLDER, name), tmp_path)
    assert played.told == played.recorded
    assert played.played == played.answers == len(read_cassette(name)["interactions"]) > 0
    assert played.wrong == []


@pytest.mark.parametrize("path", sorted(FOLDER.iterdir()), ids=lambda path: path.name)
def test_no_cassette_holds_a_secret_or_a_place_of_its_making(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert leaks(text) == []
    assert text.isascii()
    assert len(text) < MOST_BYTES


@every_flow
def test_recorded_again_a_cassette_is_the_same(name: str, tmp_path: Path) -> None:
    """If not, then the small Spotify or what we ask of it has changed: `make record`, and look at the difference."""
    again = cassette_path(tmp_path, name)
    (tmp_path / "made").mkdir()
    record_small(FLOWS[name], again, tmp_path / "made")
    assert again.read_text(encoding="utf-8") == text_of(name)


def test_without_a_network_nobody_is_reached_and_the_event_loop_works(offline: None) -> None:
    async def reach() -> None:
        await asyncio.open_connection("127.0.0.1", 9)

    with pytest.raises(AssertionError, match="without a network"):
        asyncio.run(reach())
    with pytest.raises(AssertionError, match="without a network"):
        socket.create_connection(("api.spotify.com", 443), timeout=1)
    with socket.socket() as ours, pytest.raises(AssertionError, match="without a network"):
        ours.connect_ex(("127.0.0.1", 9))
    asyncio.run(asyncio.sleep(0))


# What they show.


def test_a_login_is_renewed_until_it_is_refused_and_each_new_token_is_used() -> None:
    told = read_cassette(LOGIN)["metadata"]["told"]
    assert (told["access tokens"], told["refresh tokens"]) == (5, 2)
    assert told["who"] == ["demo_listener"] * 5 + ["nobody"]
    assert told["kept after the refusal"] is False
    used = [one["request"]["headers"].get("authorization") for one in read_cassette(LOGIN)["interactions"]]
    assert used[1:10:2] == [[MADE_UP.format("access_token", number)] for number in range(1, 6)]
    assert asked(LOGIN)[-2:] == [("POST", "/api/token", 400), ("POST", "/api/token", 200)]


def test_each_regime_shows_its_own_library() -> None:
    told = {
        kind: read_cassette(f"own-library-{kind}")["metadata"]["told"] for kind in ("extended", "legacy", "restricted")
    }
    states = {kind: {one.split(",")[0] for one in told[kind]["playlists"].values()} for kind in told}
    assert states["extended"] == states["legacy"] == {"stored", "empty", "gone"}
    assert states["restricted"] == {"stored", "empty", "withheld"}
    for kind in told:
        assert [status for _, _, status in asked(f"own-library-{kind}") if status != 200] == (
            [] if kind == "restricted" else [404]
        )


def test_a_search_grows_to_further_words() -> None:
    words = [
        parse_qs(urlsplit(one["request"]["uri"]).query).get("q")
        for one in read_cassette("search-and-grow")["interactions"]
    ]
    assert len([word for word in words if word]) == 3


def test_features_that_spotify_refuses_are_asked_for_by_id_and_then_by_isrc() -> None:
    cassette = read_cassette("features-with-fallback")
    ways = [one for one in cassette["interactions"] if "audio-features" in one["request"]["uri"]]
    assert [urlsplit(one["request"]["uri"]).netloc for one in ways] == ["api.spotify.com"] + ["api.reccobeats.com"] * 3
    assert [one["response"]["status"]["code"] for one in ways] == [403, 200, 200, 200]
    by_isrc = parse_qs(urlsplit(ways[-1]["request"]["uri"]).query)["ids"][0].split(",")
    assert {len(code) for code in by_isrc} == {12}
    assert json.loads(ways[-1]["response"]["body"]["string"])["content"]
    assert list(cassette["metadata"]["told"]["stored"]) == ["reccobeats"]


def test_a_quota_ends_the_crawl_and_nothing_more_is_asked() -> None:
    told, last = read_cassette("quota")["metadata"]["told"], read_cassette("quota")["interactions"][-1]["response"]
    assert "QUOTA_EXCEEDED" in last["body"]["string"]
    assert [status for _, _, status in asked("quota")] == [200] * 6 + [429]
    assert (told["reason"], told["exit code"], told["hours"]) == ("quota", 75, 20)
    assert told["again"] == "blocked until the same moment"


def test_a_playlist_is_written_back_in_two_parts() -> None:
    writes = [one for one in read_cassette("playlist-export")["interactions"] if one["request"]["method"] == "POST"]
    bodies = [json.loads(one["request"]["body"]) for one in writes]
    assert [len(body.get("uris", [])) for body in bodies] == [0, 100, 20]
    assert {one["response"]["status"]["code"] for one in writes} == {201}


# Recording from another service than the small one of the flow.


def test_a_recording_with_ones_own_login_is_scrubbed_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The small Spotify stands in for the real one, which nobody here can ask."""
    home, folder = tmp_path / "home", tmp_path / "mine"
    with serving(replace(SMALL, regime="RESTRICTED")) as spotify:
        make_login(spotify, home, SCOPES)
        for name, value in home_variables(spotify, home).items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("SPOTIPY_REDIRECT_URI", ELSEWHERE)
        monkeypatch.setattr(record, "_agreed_by_hand", agreed_at_once)
        before = {path: path.read_bytes() for path in home.rglob("*.json")}
        assert record.main(["--real", str(folder), LIBRARY, LOGIN, "features-with-fallback"]) == 0
        assert {path: path.read_bytes() for path in home.rglob("*.json")} == before
    for path in folder.iterdir():
        assert leaks(path.read_text(encoding="utf-8")) == []
    assert {path.stem for path in folder.iterdir()} == {LIBRARY, LOGIN, "features-with-fallback"}


@pytest.mark.parametrize(
    "words",
    [["nonsense"], ["--real", "elsewhere"], ["--real", str(FOLDER), LIBRARY], ["--real", str(FOLDER.parent), LIBRARY]],
)
def test_ones_own_data_never_goes_into_the_repository(words: list[str], tmp_path: Path) -> None:
    before = {path: path.read_bytes() for path in FOLDER.iterdir()}
    with pytest.raises(SystemExit):
        record.main(words)
    assert {path: path.read_bytes() for path in FOLDER.iterdir()} == before
