"""What is wrong with a cassette is found: by the check what should not be in it, by the replay what is no longer so."""

import copy
import gzip
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import yaml
from vcr.errors import CannotOverwriteExistingCassetteException, MissingMetadataError

from tests.crawler.cassettes import Cassette, Played, cassette_path, no_network, read_cassette, replay, text_of
from tests.crawler.flows import FLOWS, MADE_UP
from tests.crawler.scrubbing import Scrubber, leaks

TOKEN = "BQ" + "a1-_" * 40
LOGIN, LIBRARY = "login-and-refresh", "own-library-restricted"


@pytest.fixture(autouse=True)
def offline() -> Iterator[None]:
    with no_network():
        yield


def test_an_answer_is_scrubbed_whatever_it_holds() -> None:
    scrubber = Scrubber((("http://127.0.0.1:4711", "https://accounts.spotify.com"),))
    headers = {
        "Location": ["http://127.0.0.1:4711/back?code=abc&state=xyz&more=1"],
        "Retry-After": ["72001"],
        "Set-Cookie": ["sp=1"],
        "Date": ["Sat, 21 Nov 2026 10:11:12 GMT"],
        "Content-Encoding": ["gzip"],
    }
    body = gzip.compress(json.dumps({"access_token": TOKEN, "href": "http://127.0.0.1:4711/me"}).encode())
    once = scrubber.response(
        {"headers": headers, "body": {"string": body}, "status": {"code": 302, "message": "Found"}}
    )
    assert once["headers"] == {
        "location": ["https://accounts.spotify.com/back?code=made-up-code-1&state=made-up-state-1&more=1"],
        "retry-after": ["72000"],
    }
    told = {"access_token": "made-up-access_token-1", "href": "https://accounts.spotify.com/me"}
    assert json.loads(once["body"]["string"]) == told
    assert scrubber.response(copy.deepcopy(once)) == once


def _with_header(part: str, name: str, value: str) -> Callable[[str], str]:
    def spoil(text: str) -> str:
        told = yaml.safe_load(text)
        told["interactions"][0][part]["headers"][name] = [value]
        return yaml.safe_dump(told)

    return spoil


LEAKS: dict[str, Callable[[str], str]] = {
    "a token in a header": _with_header("request", "authorization", f"Bearer {TOKEN}"),
    "a short token in a header": _with_header("request", "authorization", "abc"),
    "client id and secret in a header": _with_header("request", "authorization", "Basic bWFkZTp1cA=="),
    "a cookie": _with_header("response", "set-cookie", "sp=1"),
    "a date": _with_header("response", "date", "Sat, 21 Nov 2026 10:11:12 GMT"),
    "a token in an answer": lambda text: text.replace('"made-up-access_token-1"', f'"{TOKEN}"'),
    "a short token in an answer": lambda text: text.replace('"made-up-refresh_token-1"', '"abc"'),
    "a token that is sent": lambda text: text.replace("refresh_token=made-up-refresh_token-1", "refresh_token=abc"),
    "a code": lambda text: text.replace("made-up-code-1", "abc"),
    "a verifier": lambda text: text.replace("made-up-code_verifier-1", "abc"),
    "a client id": lambda text: text.replace("made-up-client_id-1", "0123456789abcdef" * 2),
    "a code in an address": _with_header("response", "location", "https://accounts.spotify.com/?code=abc"),
    "this machine": lambda text: text.replace("https://api.spotify.com/v1/users", "http://127.0.0.1:4711/v1/users"),
    "this machine by name": lambda text: text.replace('"Demo Listener"', '"localhost"'),
    "a stranger": lambda text: text.replace("uri: https://api.spotify.com/", "uri: https://api.example.org/"),
    "an open line": lambda text: text.replace("uri: https://api.spotify.com/", "uri: http://api.spotify.com/"),
    "an e-mail address": lambda text: text.replace('"Demo Listener"', '"demo@listener.example"'),
}  # fmt: skip


@pytest.mark.parametrize("kind", LEAKS)
def test_what_should_not_be_in_a_cassette_is_found(kind: str) -> None:
    spoilt = LEAKS[kind](text_of(LOGIN))
    assert spoilt != text_of(LOGIN)
    assert leaks(spoilt)


def test_a_cassette_that_is_only_written_in_another_way_is_clean() -> None:
    assert leaks(yaml.safe_dump(read_cassette(LOGIN))) == []


def replayed(spoil: Callable[[Cassette], object], folder: Path, name: str = LIBRARY) -> Played:
    """Replay a spoilt copy."""
    cassette = read_cassette(name)
    spoil(cassette)
    path = cassette_path(folder, name)
    path.write_text(yaml.safe_dump(cassette), encoding="utf-8")
    return replay(FLOWS[name], path, folder)


def test_a_copy_that_is_not_spoilt_plays(tmp_path: Path) -> None:
    assert replayed(lambda cassette: None, tmp_path).wrong == []


@pytest.mark.parametrize("place", [0, 4, -1])
def test_an_answer_that_is_missing_fails_the_replay(place: int, tmp_path: Path) -> None:
    with pytest.raises(CannotOverwriteExistingCassetteException):
        replayed(lambda cassette: cassette["interactions"].pop(place), tmp_path)


def test_an_answer_that_nobody_asks_for_is_noticed(tmp_path: Path) -> None:
    def spoil(cassette: Cassette) -> None:
        cassette["interactions"].append(cassette["interactions"][-1])

    assert replayed(spoil, tmp_path).wrong == ["1 of 9 recorded answers were not asked for"]


@pytest.mark.parametrize("status", [403, 404])
def test_an_answer_of_another_status_is_noticed(status: int, tmp_path: Path) -> None:
    def spoil(cassette: Cassette) -> None:
        cassette["interactions"][-1]["response"]["status"]["code"] = status

    assert any(line.startswith("playlists:") for line in replayed(spoil, tmp_path).wrong)


def test_an_answer_of_other_contents_is_noticed(tmp_path: Path) -> None:
    def spoil(cassette: Cassette) -> None:
        body = cassette["interactions"][-1]["response"]["body"]
        told = json.loads(body["string"])
        told["items"]["items"][5]["item"]["name"] += "!"
        body["string"] = json.dumps(told)

    (wrong,) = replayed(spoil, tmp_path).wrong
    assert wrong.startswith("fingerprint:")


def test_another_token_than_the_recorded_one_is_noticed(tmp_path: Path) -> None:
    def spoil(cassette: Cassette) -> None:
        cassette["interactions"][3]["request"]["headers"]["authorization"] = [MADE_UP.format("access_token", 1)]

    with pytest.raises(CannotOverwriteExistingCassetteException):
        replayed(spoil, tmp_path, LOGIN)


def test_other_tracks_in_what_is_written_are_noticed(tmp_path: Path) -> None:
    def spoil(cassette: Cassette) -> None:
        for one in cassette["interactions"]:
            if one["request"]["body"]:
                one["request"]["body"] = one["request"]["body"].replace("spotify:track:demo", "spotify:track:Demo")

    with pytest.raises(CannotOverwriteExistingCassetteException):
        replayed(spoil, tmp_path, "playlist-export")


def test_a_cassette_without_what_it_brought_is_no_cassette(tmp_path: Path) -> None:
    with pytest.raises(MissingMetadataError):
        replayed(lambda cassette: cassette.pop("metadata"), tmp_path)
