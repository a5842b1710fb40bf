"""What music players are answered: by their interface's rules, and to a real client over real HTTP."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from libopensonic import Connection
from libopensonic.errors import CredentialError, DataNotFoundError, ParameterError, SonicError

from recommender.suggest import Suggester
from tests.web import world
from tests.web.conftest import KEY, Served, serving
from web.app import create_app
from web.settings import Settings
from web.subsonic.envelope import as_xml, succeeded
from web.subsonic.methods import METHODS

SONG = world.track_id("techno", 1, 3)
ARTIST = "techno1".ljust(22, "A")
ALBUM = "techno10".ljust(22, "B")
TOKEN = "a generated token"
NAMESPACE = "{http://subsonic.org/restapi}"


def _json(client: FlaskClient, question: str, **told: str) -> dict:
    answer = client.get(f"/rest/{question}", query_string={"f": "json", **told})
    assert answer.status_code == 200
    return answer.get_json()["subsonic-response"]


@contextmanager
def playing(port: int, **told: Any) -> Iterator[Connection]:
    """Connect a player, and leave nothing of it behind."""
    player = Connection("http://127.0.0.1", port=port, **told)
    try:
        yield player
    finally:
        player.cleanup()
        player._loop.close()


def _code(client: FlaskClient, question: str, **told: str) -> int:
    answer = _json(client, question, **told)
    assert answer["status"] == "failed"
    assert answer["error"]["message"]
    return answer["error"]["code"]


class TestAnswers:
    def test_every_question_is_answered_as_xml_and_as_json(self, client: FlaskClient) -> None:
        told = {"id": ARTIST, "artist": "Bryn Machine", "query": "bryn"}
        of_songs, of_albums = {"getSong"}, {"getAlbum"}
        for name in METHODS:
            named = {**told, "id": SONG if name in of_songs else ALBUM if name in of_albums else ARTIST}
            for address in (name, f"{name}.view"):
                answer = _json(client, address, **named)
                assert (answer["status"], answer["version"], answer["openSubsonic"]) == ("ok", "1.16.1", True), name
            root = ElementTree.fromstring(client.get(f"/rest/{name}", query_string=named).data)
            assert (root.tag, root.get("status")) == (f"{NAMESPACE}subsonic-response", "ok"), name

    def test_there_is_one_folder_told_as_the_interface_says(self, client: FlaskClient) -> None:
        # py-opensonic takes the folders for a list, which they are in no server's answer.
        assert _json(client, "getMusicFolders")["musicFolders"] == {"musicFolder": [{"id": 1, "name": "Segue"}]}

    def test_both_forms_tell_the_same(self, client: FlaskClient) -> None:
        told = _json(client, "getSimilarSongs2", id=ARTIST, count="5")["similarSongs2"]["song"]
        xml = ElementTree.fromstring(client.get(f"/rest/getSimilarSongs2?id={ARTIST}&count=5").data)
        songs = xml.findall(f"{NAMESPACE}similarSongs2/{NAMESPACE}song")
        assert [one.get("id") for one in songs] == [one["id"] for one in told]
        assert [one.get("title") for one in songs] == [one["title"] for one in told]
        assert [one.get("isDir") for one in songs] == ["false"] * 5

    def test_signs_that_xml_cannot_hold_are_left_out(self) -> None:
        tree = succeeded({"song": [{"id": "1", "title": "a\x00b\x1bc <&> 𝄞"}]}, "1")
        (song,) = ElementTree.fromstring(as_xml(tree))
        assert song.get("title") == "abc <&> 𝄞"

    @pytest.mark.parametrize(
        ("question", "told", "code"),
        [
            ("getSong", {}, 10),
            ("getTopSongs", {}, 10),
            ("getSong", {"id": "nobody"}, 70),
            ("getArtist", {"id": "nobody"}, 70),
            ("getAlbum", {"id": "nobody"}, 70),
            ("getSimilarSongs", {"id": "nobody"}, 70),
            ("getSimilarSongs2", {"id": SONG, "count": "many"}, 0),
            ("ping", {"v": "0.9.0"}, 20),
            ("ping", {"v": "2.0.0"}, 30),
            ("ping", {"f": "jsonp", "callback": "x"}, 0),
            ("stream", {"id": SONG}, 0),
            ("nothing/like/this", {}, 70),
        ],
    )
    def test_what_cannot_be_answered_has_the_code_of_the_interface(
        self, client: FlaskClient, question: str, told: dict[str, str], code: int
    ) -> None:
        assert _code(client, question, **told) == code

    def test_before_a_training_the_command_that_helps_is_named(self, tmp_path: Path) -> None:
        client = create_app(world.make(tmp_path / "untrained.db", models=()), Settings(key=KEY)).test_client()
        answer = _json(client, "getSimilarSongs", id=SONG)
        assert "segue train" in answer["error"]["message"]

    def test_a_form_is_as_good_as_an_address(self, client: FlaskClient) -> None:
        answer = client.post("/rest/getSong.view", data={"id": SONG, "f": "json"})
        assert answer.get_json()["subsonic-response"]["song"]["title"] == "Golden Circuit Bryn"

    def test_without_words_all_songs_come_page_by_page(self, client: FlaskClient) -> None:
        ids: list[str] = []
        for offset in range(0, 200, 50):
            told = {"query": '""', "songCount": "50", "songOffset": str(offset), "artistCount": "0", "albumCount": "0"}
            result = _json(client, "search3", **told)["searchResult3"]
            assert result["artist"] == result["album"] == []
            ids += [one["id"] for one in result["song"]]
        assert len(ids) == len(set(ids)) == len(world.KINDS) * world.ARTISTS * world.SONGS


class TestAnything:
    NAMES = (
        "id",
        "artist",
        "query",
        "count",
        "songCount",
        "songOffset",
        "albumOffset",
        "artistCount",
        "f",
        "v",
        "u",
        "p",
    )
    TEXTS = st.text(max_size=20) | st.sampled_from(
        [SONG, ARTIST, ALBUM, "Bryn Machine", "bryn", "5", "0", "json", "xml"]
    )

    @settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
    @given(
        name=st.sampled_from(sorted(METHODS)) | st.text(max_size=8), told=st.dictionaries(st.sampled_from(NAMES), TEXTS)
    )
    def test_whatever_is_asked_has_a_whole_answer(self, client: FlaskClient, name: str, told: dict[str, str]) -> None:
        answer = client.post(f"/rest/{quote(name, safe='')}", data=told)
        assert answer.status_code == 200
        if told.get("f") == "json":
            assert answer.get_json()["subsonic-response"]["status"] in ("ok", "failed")
        else:
            assert ElementTree.fromstring(answer.data).get("status") in ("ok", "failed")


class TestProof:
    @pytest.fixture
    def client(self, made: Path) -> FlaskClient:
        return create_app(made, Settings(key=KEY, host="0.0.0.0", token=TOKEN)).test_client()

    def test_each_way_of_showing_the_token_is_let_in(self, client: FlaskClient) -> None:
        salted = hashlib.md5(f"{TOKEN}c19b2d".encode()).hexdigest()
        for told in (
            {"u": "me", "p": TOKEN},
            {"u": "me", "p": f"enc:{TOKEN.encode().hex()}"},
            {"u": "me", "t": salted, "s": "c19b2d"},
            {"apiKey": TOKEN},
        ):
            assert _json(client, "getSong", id=SONG, **told)["song"]["id"] == SONG

    @pytest.mark.parametrize(
        ("told", "code"),
        [
            ({}, 10),
            ({"u": "me"}, 10),
            ({"u": "me", "p": "wrong"}, 40),
            ({"u": "me", "p": ""}, 40),
            ({"u": "me", "p": "enc:no hex"}, 40),
            ({"u": "me", "p": "enc:ff"}, 40),
            ({"u": "me", "t": "0" * 32, "s": "c19b2d"}, 40),
            ({"u": "me", "t": "é", "s": "c19b2d"}, 40),
            ({"apiKey": "wrong"}, 44),
            ({"apiKey": TOKEN, "u": "me"}, 43),
        ],
    )
    def test_all_else_is_refused(self, client: FlaskClient, told: dict[str, str], code: int) -> None:
        for question in ("ping", "getSimilarSongs", "nobody-asks-this"):
            assert _code(client, question, id=SONG, **told) == code

    def test_what_the_server_can_is_told_to_everybody(self, client: FlaskClient) -> None:
        names = {one["name"] for one in _json(client, "getOpenSubsonicExtensions")["openSubsonicExtensions"]}
        assert names == {"formPost", "apiKeyAuthentication"}

    def test_where_files_lie_is_not_told(self, client: FlaskClient) -> None:
        assert "path" not in _json(client, "getSong", id=SONG, apiKey=TOKEN)["song"]


class TestARealClient:
    """py-opensonic, by another author, over real HTTP."""

    @pytest.fixture(params=["form", "address", "password", "key"])
    def player(self, served: Served, request: pytest.FixtureRequest) -> Iterator[Connection]:
        named = {"api_key": "any"} if request.param == "key" else {"username": "me", "password": "any"}
        ways = {"use_get": request.param == "address", "legacy_auth": request.param == "password"}
        with playing(served.port, **named, **ways) as player:
            yield player

    def test_it_goes_from_an_artist_to_what_comes_next(self, player: Connection, made: Path) -> None:
        assert player.ping()
        assert player.get_license()["license"]["valid"]
        letters = player.get_artists().index or []
        assert sum(len(letter.artist or []) for letter in letters) == len(world.KINDS) * world.ARTISTS
        found = player.search3("bryn machine")
        assert [one.name for one in found.artist or []] == ["Bryn Machine"]
        artist = player.get_artist(ARTIST)
        assert [one.name for one in artist.album or []] == ["Bryn's Circuits 1", "Bryn's Circuits 2"]
        similar = player.get_similar_songs2(ARTIST, 12)
        assert len({one.id for one in similar}) == 12
        assert sum(one.id.startswith("techno") for one in similar) > 9
        one = player.get_song(SONG)
        assert (one.title, one.artist, one.album, one.duration, one.year) == (
            "Golden Circuit Bryn", "Bryn Machine", "Bryn's Circuits 1", 192, 1993,
        )  # fmt: skip
        suggested = Suggester.open(made).suggest([SONG], 5)
        assert [one.id for one in player.get_similar_songs(SONG, 5)] == [one.track_id for one in suggested]
        assert len(player.get_similar_songs(ALBUM, 5)) == 5

    def test_it_reads_what_there_is_of_artists_albums_and_genres(self, player: Connection) -> None:
        assert {one.artist for one in player.get_top_songs("Bryn Machine", 3)} == {"Bryn Machine"}
        album = player.get_album(ALBUM)
        assert (album.song_count, len(album.song or []), album.year) == (4, 4, 1993)
        assert {one.value: one.song_count for one in player.get_genres()}["bryn techno"] == world.SONGS
        assert player.get_indexes().index
        assert {one.name for one in player.get_open_subsonic_extensions()} >= {"formPost"}

    def test_it_understands_what_went_wrong(self, player: Connection) -> None:
        with pytest.raises(DataNotFoundError, match="no song"):
            player.get_song("nobody")
        with pytest.raises(ParameterError):
            player.get_song("")
        with pytest.raises(SonicError, match="has no sound to play"):
            player.get_now_playing()

    def test_a_server_with_a_token_lets_it_in_by_each_way(self, made: Path) -> None:
        app = create_app(made, Settings(key=KEY, token=TOKEN))
        for served in serving(app):
            right = [{"username": "me", "password": TOKEN, "legacy_auth": old} for old in (False, True)]
            for named in ({"api_key": TOKEN}, *right):
                with playing(served.port, **named) as player:
                    assert player.ping()
            with (
                playing(served.port, username="me", password="wrong") as player,
                pytest.raises(CredentialError, match="segue serve --token"),
            ):
                player.get_song(SONG)
