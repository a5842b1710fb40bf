"""What programs are answered as JSON."""

import json
import math
import subprocess
import sys
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from db.connection import open_writer
from recommender import catalogue
from tests.web import world
from tests.web.conftest import KEY
from web.app import create_app
from web.settings import Settings

SEED = world.track_id("techno", 1, 3)
OTHER = world.track_id("pop", 2, 5)


@pytest.fixture
def changing(database: Path) -> FlaskClient:
    """A server of a world that may be changed."""
    return create_app(database, Settings(key=KEY)).test_client()


@pytest.fixture
def afar(made: Path) -> FlaskClient:
    """A server that others can reach."""
    settings = Settings(key=KEY, host="0.0.0.0", token="a generated token")
    client = create_app(made, settings).test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = "Bearer a generated token"
    return client


def _refusal(client: FlaskClient, address: str, status: int) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    error = answer.get_json()["error"]
    assert error["status"] == status
    assert set(error) == {"status", "message"}
    return error["message"]


class TestSuggestions:
    def test_they_are_what_the_command_line_suggests(self, client: FlaskClient, made: Path) -> None:
        command = [
            sys.executable,
            "cli.py",
            "--db",
            str(made),
            "suggest",
            SEED,
            "-n",
            "5",
            "--diversity",
            "0.3",
            "--json",
        ]
        printed = subprocess.run(command, capture_output=True, text=True, check=True)
        told = client.get(f"/api/suggestions?seed={SEED}&n=5&diversity=0.3").get_json()
        for one in told["suggestions"]:
            assert not one.pop("checks")
        expected = json.loads(printed.stdout)
        for one, other in zip(told["suggestions"], expected["suggestions"], strict=True):
            # Ties of the last digits differ with what was asked before.
            assert math.isclose(one.pop("score"), other.pop("score"), rel_tol=1e-5)
        assert told == expected

    def test_reasons_come_with_their_proof_where_it_is_asked_for(self, client: FlaskClient) -> None:
        told = client.get(f"/api/suggestions?seed={SEED}&why=true").get_json()
        assert all(len(one["checks"]) == len(one["reasons"]) > 0 for one in told["suggestions"])

    def test_filters_are_kept(self, client: FlaskClient) -> None:
        told = client.get(f"/api/suggestions?seed={SEED}&genre=folk&year=..2000&n=3").get_json()
        assert [one["track_id"][:4] for one in told["suggestions"]] == ["folk"] * 3

    @pytest.mark.parametrize(
        ("query", "words"),
        [
            ("", "name a song to go by"),
            (f"seed={SEED}&sead=x", '"sead" is no parameter of this address: there are'),
            (f"seed={SEED}&n=5&n=6", "n is told 2 times: tell it once"),
            (f"seed={SEED}&n=0", "n: input should be greater than or equal to 1"),
            (f"seed={SEED}&n=many", "n: input should be a valid integer"),
            (f"seed={SEED}&energy=fast", '"fast" is no span'),
            (f"seed={SEED}&popularity=nan", "popularity: input should be"),
            (f"seed={SEED}&unlike={SEED}", "cannot be one to keep away from"),
        ],
    )
    def test_what_makes_no_sense_is_refused_with_one_sentence(
        self, client: FlaskClient, query: str, words: str
    ) -> None:
        assert words in _refusal(client, f"/api/suggestions?{query}", 400)

    def test_a_model_that_is_not_there_is_not_found(self, client: FlaskClient) -> None:
        assert "no model als is trained" in _refusal(client, f"/api/suggestions?seed={SEED}&model=als", 404)

    def test_before_a_training_the_command_that_helps_is_named(self, tmp_path: Path) -> None:
        client = create_app(world.make(tmp_path / "untrained.db", models=()), Settings(key=KEY)).test_client()
        assert "segue train" in _refusal(client, f"/api/suggestions?seed={SEED}", 503)
        assert client.get("/api/songs?q=golden").get_json()["songs"]

    def test_without_a_database_the_command_that_helps_is_named(self, tmp_path: Path) -> None:
        client = create_app(tmp_path / "none.db", Settings(key=KEY)).test_client()
        assert "segue import" in _refusal(client, "/api/status", 503)

    def test_what_did_not_change_is_not_sent_again(self, client: FlaskClient) -> None:
        first = client.get(f"/api/suggestions?seed={SEED}")
        again = client.get(f"/api/suggestions?seed={SEED}", headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.get_data()) == (304, b"")
        other = client.get(f"/api/suggestions?seed={OTHER}", headers={"If-None-Match": first.headers["ETag"]})
        assert other.status_code == 200

    def test_where_files_lie_is_told_on_this_machine_alone(
        self, database: Path, tmp_path: Path, client: FlaskClient
    ) -> None:
        first = client.get(f"/api/suggestions?seed={SEED}&n=1").get_json()["suggestions"][0]["track_id"]
        file = tmp_path / "song.mp3"
        file.write_bytes(b"sound")
        with open_writer(database, "a test") as connection:
            key = connection.execute("SELECT key FROM tracks WHERE track_id = ?", [first]).fetchone()[0]
            connection.execute("INSERT INTO track_files SELECT ?, ?, min(key) FROM imports", [key, str(file)])
        told = {}
        for settings in (Settings(key=KEY), Settings(key=KEY, host="0.0.0.0", token="t")):
            asking = create_app(database, settings).test_client()
            answer = asking.get(f"/api/suggestions?seed={SEED}&n=1", headers={"Authorization": "Bearer t"})
            told[settings.is_local] = answer.get_json()["suggestions"][0]["path"]
        assert told == {True: str(file), False: ""}


class TestSongs:
    def test_words_and_filters_find_them_page_by_page(self, client: FlaskClient) -> None:
        pages = [client.get(f"/api/songs?q=golden&genre=techno&n=2&page={n}").get_json()["songs"] for n in (1, 2, 3)]
        ids = [song["track_id"] for page in pages for song in page]
        assert len(ids) == len(set(ids)) == world.ARTISTS
        assert all(track_id.startswith("techno") for track_id in ids)

    def test_they_come_in_the_order_that_is_asked_for(self, client: FlaskClient) -> None:
        songs = client.get("/api/songs?q=circuit&sort=-tempo").get_json()["songs"]
        tempos = [song["features"]["tempo"] for song in songs]
        assert tempos == sorted(tempos, reverse=True)
        assert "cannot be sorted" in _refusal(client, "/api/songs?sort=colour", 400)

    def test_one_song_is_told_whole(self, client: FlaskClient) -> None:
        told = client.get(f"/api/songs/{SEED}").get_json()
        assert told["name"] == "Golden Circuit Bryn"
        assert told["genres"] == ["bryn techno", "techno"]
        assert told["link"] == f"https://open.spotify.com/track/{SEED}"

    def test_one_that_is_not_here_is_not_found(self, client: FlaskClient) -> None:
        assert "GET /api/songs?q=" in _refusal(client, "/api/songs/nobody", 404)

    def test_a_road_leads_from_one_to_another(self, client: FlaskClient) -> None:
        told = client.get(f"/api/path?from={SEED}&to={OTHER}&n=6").get_json()
        assert (told["songs"][0]["track_id"], told["songs"][-1]["track_id"]) == (SEED, OTHER)
        assert told["songs"][0]["step"] is None
        assert told["worst"] == max(song["step"] for song in told["songs"][1:]) <= told["straight"]["worst"]
        assert "name two different ones" in _refusal(client, f"/api/path?from={SEED}&to={SEED}", 400)

    def test_genres_and_playlists_are_listed(self, client: FlaskClient) -> None:
        assert "bryn techno" in client.get("/api/genres").get_json()["genres"]
        found = client.get("/api/playlists?q=Techno Night&n=3").get_json()["playlists"]
        assert len(found) == 3
        assert all("techno" in one["name"] and "night" in one["name"] for one in found)
        first, second = (client.get(f"/api/playlists?n=5&page={n}").get_json()["playlists"] for n in (1, 2))
        assert len({one["playlist_id"] for one in [*first, *second]}) == 10


class TestContinuation:
    def test_a_list_of_ids_and_names_goes_on(self, changing: FlaskClient) -> None:
        tracks = [SEED, {"artist": "bryn machine", "title": "Paper Circuit Bryn"}, {"artist": "No", "title": "Body"}]
        told = changing.post("/api/continuation", json={"tracks": tracks, "title": "techno for the night", "n": 4})
        assert told.status_code == 200
        answer = told.get_json()
        assert answer["seeds"] == [SEED, world.track_id("techno", 1, 6)]
        assert answer["strangers"] == ["Body · No"]
        assert answer["size"] == 3
        assert {one["track_id"] for one in answer["suggestions"]}.isdisjoint(answer["seeds"])
        assert any("title" in note for note in answer["notes"])

    def test_a_stored_one_goes_on_with_what_it_does_not_hold(self, client: FlaskClient, made: Path) -> None:
        told = client.get("/api/playlists/made:2/continuation?n=20").get_json()
        with catalogue.open_reader(made) as connection:
            row = catalogue.playlist_of(connection, "made:2")
            assert row
            held = set(catalogue.track_ids_of(connection, row.key))
        assert held
        assert held.isdisjoint(one["track_id"] for one in told["suggestions"])
        assert "/api/playlists?q=" in _refusal(client, "/api/playlists/none/continuation", 404)

    @pytest.mark.parametrize(
        ("body", "words"),
        [
            (b"{", "invalid JSON"),
            (b"[]", "object"),
            (b'{"tracks": []}', "tracks: "),
            (b'{"tracks": "abc"}', "tracks: "),
            (b'{"tracks": ["a"], "colour": 1}', "colour: "),
            (b'{"tracks": ["a"], "n": "5"}', "n: "),
            (b'{"tracks": ["a"], "popularity": NaN}', "popularity: "),
            (b'{"tracks": ["\\ud800"]}', "invalid JSON"),
        ],
    )
    def test_a_body_that_is_not_understood_is_refused(self, client: FlaskClient, body: bytes, words: str) -> None:
        told = client.post("/api/continuation", data=body, content_type="application/json")
        assert told.status_code == 400
        assert words in told.get_json()["error"]["message"]

    def test_a_form_is_refused(self, client: FlaskClient) -> None:
        told = client.post("/api/continuation", data={"tracks": SEED})
        assert told.status_code == 415
        assert "Content-Type: application/json" in told.get_json()["error"]["message"]


class TestThumbs:
    def test_they_are_told_listed_and_taken_back(self, changing: FlaskClient) -> None:
        told = changing.post("/api/thumbs", json={"track_id": SEED, "liked": True})
        assert told.get_json() == {"track_id": SEED, "changed": True}
        assert not changing.post("/api/thumbs", json={"track_id": SEED, "liked": True}).get_json()["changed"]
        (thumb,) = changing.get("/api/thumbs").get_json()["thumbs"]
        assert (thumb["track_id"], thumb["liked"], thumb["song"]) == (SEED, True, "Golden Circuit Bryn · Bryn Machine")
        assert changing.delete(f"/api/thumbs?track_id={SEED}").get_json()["changed"]
        assert not changing.delete(f"/api/thumbs?track_id={SEED}").get_json()["changed"]
        assert changing.get("/api/thumbs").get_json() == {"thumbs": []}

    def test_each_listener_has_their_own(self, changing: FlaskClient) -> None:
        changing.post("/api/thumbs", json={"track_id": SEED, "liked": False, "listener": "listener 3"})
        assert changing.get("/api/thumbs").get_json() == {"thumbs": []}
        assert len(changing.get("/api/thumbs?listener=listener 3").get_json()["thumbs"]) == 1

    def test_another_site_can_change_nothing(self, changing: FlaskClient) -> None:
        for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
            told = changing.post("/api/thumbs", json={"track_id": SEED, "liked": True}, headers=headers)
            assert told.status_code == 403
            assert changing.delete(f"/api/thumbs?track_id={SEED}", headers=headers).status_code == 403
        # A form needs no leave of ours to be sent from another site, but it is no JSON.
        text = changing.post("/api/thumbs", data='{"track_id": "x", "liked": true}', content_type="text/plain")
        assert text.status_code == 415
        assert changing.get("/api/thumbs").get_json() == {"thumbs": []}

    def test_a_song_that_is_not_here_has_none(self, changing: FlaskClient) -> None:
        assert changing.post("/api/thumbs", json={"track_id": "nobody", "liked": True}).status_code == 404


class TestListeners:
    def test_a_list_for_somebody_holds_nothing_that_they_played(self, client: FlaskClient, made: Path) -> None:
        told = client.get("/api/listeners/LISTENER 3/suggestions?n=10").get_json()
        with catalogue.open_reader(made) as connection:
            ids = [one["track_id"] for one in told["suggestions"]]
            assert len(ids) == 10
            assert not catalogue.played(connection, "listener 3", ids)
        assert "listener 3" in client.get("/api/listeners").get_json()["listeners"]
        assert "there is nobody called" in _refusal(client, "/api/listeners/nobody/suggestions", 404)

    @pytest.mark.parametrize(
        "address", ["/api/listeners", "/api/listeners/listener 3/suggestions", "/api/thumbs?listener=listener 3"]
    )
    def test_they_are_named_on_this_machine_alone(self, afar: FlaskClient, address: str) -> None:
        assert "listener 3" not in _refusal(afar, address, 403)


class TestState:
    def test_models_are_told_as_the_command_line_tells_them(self, client: FlaskClient) -> None:
        told = client.get("/api/models").get_json()
        assert {one["name"] for one in told["models"]} == set(world.MODELS)
        assert not any(one["stale"] for one in told["models"])
        assert told["damaged"] == []

    def test_a_damaged_model_is_said_and_the_others_are_told(self, changing: FlaskClient, database: Path) -> None:
        (database.with_suffix(".models") / "svd" / "manifest.json").write_text("{")
        told = changing.get("/api/models").get_json()
        assert len(told["models"]) == len(world.MODELS) - 1
        assert "svd" in told["damaged"][0]

    def test_the_state_counts_what_is_here(self, client: FlaskClient) -> None:
        told = client.get("/api/status").get_json()
        assert told["counts"]["playlists"] == world.LISTS * len(world.KINDS)
        assert told["imports"][0]["source"] == "made-up"

    def test_what_is_not_there_and_what_is_asked_wrongly_is_said_in_json(self, client: FlaskClient) -> None:
        assert "/api lists those" in _refusal(client, "/api/nothing", 404)
        wrong = client.put("/api/models")
        assert (wrong.status_code, wrong.is_json) == (405, True)
        assert set(wrong.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}

    def test_the_token_is_asked_for(self, made: Path) -> None:
        client = create_app(made, Settings(key=KEY, token="a generated token")).test_client()
        assert "Bearer" in _refusal(client, "/api/models", 401)
