"""The endpoints that Spotify took away, as a program asks them."""

import string
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from db.connection import open_writer, transaction
from db.identity import made_up_artist_id, made_up_id
from db.records import Artist, Playlist, PlaylistEntry, Track
from db.runs import ImportRun
from db.write import store
from tests.web import world
from tests.web.conftest import KEY
from web.app import create_app
from web.settings import Settings
from web.spotify.asked import TUNED

SONG = world.track_id("techno", 1, 3)
BAND = "techno1".ljust(22, "A")
STRANGER = "0" * 22


def get(client: FlaskClient, path: str, status: int = 200, **query: Any) -> Any:
    response = client.get(f"/v1/{path}?{urlencode(query)}")
    assert response.status_code == status, response.get_data(as_text=True)
    assert response.content_type == "application/json; charset=utf-8"
    body = response.get_json()
    if status != 200:
        assert set(body) == {"error"}
        assert body["error"]["status"] == status
        return body["error"]["message"]
    return body


def kinds(tracks: list[dict[str, Any]]) -> list[str]:
    return [track["id"][: -len("000")].rstrip("0123456789") for track in tracks]


class TestRecommendations:
    def test_they_are_songs_that_go_with_the_seeds(self, client: FlaskClient) -> None:
        body = get(client, "recommendations", seed_tracks=SONG, limit=10)
        assert len(body["tracks"]) == 10
        assert kinds(body["tracks"]).count("techno") >= 8
        assert SONG not in [track["id"] for track in body["tracks"]]

    def test_twenty_come_unless_told_otherwise(self, client: FlaskClient) -> None:
        assert len(get(client, "recommendations", seed_tracks=SONG)["tracks"]) == 20

    @pytest.mark.parametrize(
        ("seed", "kind", "href"),
        [("seed_artists", "ARTIST", f"/v1/artists/{BAND}"), ("seed_genres", "GENRE", None)],
    )
    def test_an_artist_and_a_genre_are_seeds_too(self, client: FlaskClient, seed: str, kind: str, href: str) -> None:
        told = BAND if kind == "ARTIST" else "techno"
        body = get(client, "recommendations", **{seed: told, "limit": 8})
        assert kinds(body["tracks"]).count("techno") >= 6
        (pool,) = body["seeds"]
        assert (pool["id"], pool["type"]) == (told, kind)
        assert (pool["href"] and urlsplit(pool["href"]).path) == href
        assert pool["initialPoolSize"] >= pool["afterFilteringSize"] == pool["afterRelinkingSize"] >= 8

    def test_five_seeds_of_all_kinds_go_together(self, client: FlaskClient) -> None:
        body = get(
            client, "recommendations", seed_tracks=f"{SONG},{world.track_id('techno', 2, 1)}", seed_artists=BAND,
            seed_genres="techno,folk", limit=30,
        )  # fmt: skip
        assert [seed["type"] for seed in body["seeds"]] == ["TRACK", "TRACK", "ARTIST", "GENRE", "GENRE"]
        assert len({track["id"] for track in body["tracks"]}) == 30

    def test_ranges_are_kept_and_the_pool_says_what_they_cost(self, client: FlaskClient) -> None:
        asked = {"seed_tracks": SONG, "max_energy": 0.5, "min_duration_ms": 190_000, "limit": 10}
        body = get(client, "recommendations", **asked)
        ids = [track["id"] for track in body["tracks"]]
        heard = get(client, "audio-features", ids=",".join(ids))["audio_features"]
        assert len(heard) == 10
        assert all(one["energy"] <= 0.5 and one["duration_ms"] >= 190_000 for one in heard)
        (pool,) = body["seeds"]
        assert 10 <= pool["afterFilteringSize"] < pool["initialPoolSize"]

    def test_a_target_brings_songs_nearer(self, client: FlaskClient) -> None:
        tempos = []
        for target in ({}, {"target_tempo": 145}):
            body = get(client, "recommendations", seed_tracks=SONG, limit=10, **target)
            ids = ",".join(track["id"] for track in body["tracks"])
            heard = get(client, "audio-features", ids=ids)["audio_features"]
            tempos.append(sum(abs(one["tempo"] - 145) for one in heard))
        assert tempos[1] < tempos[0]

    def test_a_seed_that_is_not_here_has_an_empty_pool_and_the_others_go_on(self, client: FlaskClient) -> None:
        body = get(client, "recommendations", seed_tracks=f"{STRANGER},{SONG}", seed_genres="no-such-music", limit=5)
        assert [seed["initialPoolSize"] > 0 for seed in body["seeds"]] == [False, True, False]
        assert len(body["tracks"]) == 5

    def test_where_no_seed_is_here_nothing_comes(self, client: FlaskClient) -> None:
        body = get(client, "recommendations", seed_tracks=STRANGER, seed_artists=STRANGER)
        assert body["tracks"] == []
        assert [seed["afterFilteringSize"] for seed in body["seeds"]] == [0, 0]

    def test_what_nobody_measured_shuts_nobody_out(self, database: Path) -> None:
        with open_writer(database, "a test") as connection, transaction(connection):
            connection.execute("UPDATE audio_features SET energy = NULL")
        client = create_app(database, Settings(key=KEY)).test_client()
        assert len(get(client, "recommendations", seed_tracks=SONG, min_energy=0.99)["tracks"]) == 20
        assert get(client, "recommendations", seed_tracks=SONG, min_tempo=290)["tracks"] == []

    @pytest.mark.parametrize(
        ("query", "message"),
        [
            ({}, "invalid request: name 1 to 5 seeds"),
            ({"seed_genres": "a,b,c,d,e,f"}, "invalid request: name 1 to 5 seeds"),
            ({"seed_tracks": "not an id"}, "invalid id"),
            ({"seed_tracks": SONG, "limit": 0}, "Invalid limit"),
            ({"seed_tracks": SONG, "limit": 101}, "Invalid limit"),
            ({"seed_tracks": SONG, "limit": "ten"}, "Invalid limit"),
            ({"seed_tracks": SONG, "market": "Germany"}, "Invalid market code"),
            ({"seed_tracks": SONG, "min_energy": 2}, "min_energy is a number from 0 to 1"),
            ({"seed_tracks": SONG, "target_tempo": "fast"}, "target_tempo is a number"),
            ({"seed_tracks": SONG, "max_loudness": "nan"}, "max_loudness is a number"),
            ({"seed_tracks": SONG, "min_energy": 0.8, "max_energy": 0.2}, "min_energy is above max_energy"),
        ],
    )
    def test_what_makes_no_sense_is_refused_in_one_sentence(
        self, client: FlaskClient, query: dict[str, Any], message: str
    ) -> None:
        assert message in get(client, "recommendations", 400, **query)

    def test_a_market_is_taken_and_said_to_be_playable(self, client: FlaskClient) -> None:
        (track,) = get(client, "recommendations", seed_tracks=SONG, market="SE", limit=1)["tracks"]
        assert track["is_playable"] is True
        assert "available_markets" not in track

    def test_without_a_model_it_says_what_to_do(self, tmp_path: Path) -> None:
        bare = world.make(tmp_path / "bare.db", models=())
        message = get(create_app(bare, Settings(key=KEY)).test_client(), "recommendations", 503, seed_tracks=SONG)
        assert "segue train" in message

    def test_without_a_database_it_says_what_to_do(self, tmp_path: Path) -> None:
        client = create_app(tmp_path / "none.db", Settings(key=KEY)).test_client()
        assert "segue import" in get(client, "recommendations", 503, seed_tracks=SONG)


words = st.text(string.printable + "é♥漢", max_size=12)
some_ids = st.sampled_from([SONG, world.track_id("pop", 0, 0), BAND, STRANGER, "xx" + "0" * 20, "x:" + "1" * 20])
bad_ids = st.lists(st.one_of(some_ids, words), max_size=4).map(",".join)
slugs = st.sampled_from(["techno", "pop", "aldo-pop", "hip-hop"])
numbers = st.one_of(st.floats(-1, 2).map(str), st.integers(-5, 300).map(str), words)
parameters = st.builds("{}_{}".format, st.sampled_from(["min", "max", "target"]), st.sampled_from(sorted(TUNED)))
any_seeds = st.fixed_dictionaries(
    {},
    optional={
        "seed_tracks": bad_ids,
        "seed_artists": bad_ids,
        "seed_genres": st.lists(st.one_of(slugs, words), max_size=3).map(",".join),
        "limit": st.one_of(st.integers(-1, 101).map(str), words),
        "market": st.one_of(st.sampled_from(["SE", "from_token"]), words),
    },
)
good_seeds = st.fixed_dictionaries(
    {"seed_tracks": st.lists(some_ids, min_size=1, max_size=2).map(",".join)},
    optional={
        "seed_artists": st.lists(some_ids, max_size=2).map(",".join),
        "seed_genres": slugs,
        "limit": st.integers(1, 100).map(str),
    },
)


LIMITS = {"duration_ms": (170_000, 220_000), "loudness": (-60, 0), "tempo": (80, 150), "time_signature": (3, 5)}
"""Around what there is in the world."""


@st.composite
def good_spans(draw: st.DrawFn) -> dict[str, str]:
    """Give spans and targets that make sense together."""
    spans: dict[str, str] = {}
    for name in draw(st.lists(st.sampled_from(sorted(TUNED)), max_size=3, unique=True)):
        least, most = LIMITS.get(name, TUNED[name])
        low, high = sorted(draw(st.tuples(st.floats(least, most), st.floats(least, most))))
        target = draw(st.floats(least, most))
        told = {f"min_{name}": low, f"max_{name}": high, f"target_{name}": target}
        spans |= {parameter: f"{value:f}" for parameter, value in told.items() if draw(st.booleans())}
    return spans


@settings(max_examples=150, deadline=None, derandomize=True)
@given(any_seeds, st.dictionaries(parameters, numbers, max_size=3))
def test_any_parameters_give_songs_or_a_sentence(app: Flask, asked: dict[str, str], spans: dict[str, str]) -> None:
    response = app.test_client().get("/v1/recommendations?" + urlencode({**asked, **spans}))
    assert response.status_code in (200, 400)
    if response.status_code == 400:
        error = response.get_json()["error"]
        assert error["status"] == 400
        assert error["message"]


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(good_seeds, good_spans())
def test_a_list_keeps_its_limit_and_its_ranges(app: Flask, asked: dict[str, str], spans: dict[str, str]) -> None:
    client = app.test_client()
    body = get(client, "recommendations", **asked, **spans)
    ids = [track["id"] for track in body["tracks"]]
    assert len(ids) == len(set(ids)) <= int(asked.get("limit", 20))
    assert not set(ids) & set(asked["seed_tracks"].split(","))
    assert 1 <= len(body["seeds"]) <= 5
    facts = {one["id"]: one for one in _heard(client, ids)}
    for parameter, text in spans.items():
        way, name = parameter.split("_", 1)
        if way != "target":
            values = [facts[track["id"]].get(name, track["popularity"]) for track in body["tracks"]]
            assert all(value >= float(text) if way == "min" else value <= float(text) for value in values), parameter


def _heard(client: FlaskClient, ids: list[str]) -> list[dict[str, Any]]:
    return list(get(client, "audio-features", ids=",".join(ids))["audio_features"]) if ids else []


@settings(max_examples=150, deadline=None, derandomize=True)
@given(
    st.sampled_from(["search", "tracks", "artists", "audio-features", "me", "x/y"]),
    st.dictionaries(st.sampled_from(["q", "type", "ids", "limit", "offset", "market"]), words, max_size=4),
)
def test_no_address_ends_in_an_error_of_ours(app: Flask, path: str, query: dict[str, str]) -> None:
    response = app.test_client().get(f"/v1/{path}?{urlencode(query)}")
    assert response.status_code in (200, 400, 404)
    assert response.is_json


fields = st.sampled_from(["artist:", "track:", "album:", "year:", "genre:", "isrc:", "tag:new"])
queries = st.lists(st.one_of(fields, words, st.sampled_from(["circuit", "1990-1999", "techno"])), max_size=6)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(queries.map(" ".join), st.integers(0, 1000), st.integers(1, 50))
def test_any_words_can_be_searched(app: Flask, text: str, offset: int, limit: int) -> None:
    query = {"q": text, "type": "track,artist,album,playlist", "offset": offset, "limit": limit}
    response = app.test_client().get("/v1/search?" + urlencode(query))
    assert response.status_code in (200, 400)
    if response.status_code == 200:
        for page in response.get_json().values():
            assert len(page["items"]) == min(limit, max(page["total"] - offset, 0))
            assert (page["next"] is None) == (offset + limit >= page["total"])


class TestThings:
    def test_a_track_is_told_with_all_that_is_known(self, client: FlaskClient) -> None:
        track = get(client, f"tracks/{SONG}")
        assert (track["name"], track["duration_ms"], track["popularity"]) == ("Golden Circuit Bryn", 192_000, 45)
        assert track["external_ids"] == {"isrc": "SET120010003"}
        assert track["album"]["release_date"] == "1993"
        assert track["album"]["release_date_precision"] == "year"
        assert track["artists"][0]["href"] == f"http://localhost/v1/artists/{BAND}"
        assert track["external_urls"] == {"spotify": f"https://open.spotify.com/track/{SONG}"}

    def test_an_app_that_shows_the_first_or_the_last_cover_finds_one(self, client: FlaskClient) -> None:
        images = get(client, f"tracks/{SONG}")["album"]["images"]
        assert [(image["width"], image["height"]) for image in images] == [(640, 640), (300, 300), (64, 64)]
        with client.get(images[0]["url"]) as picture:
            assert (picture.status_code, picture.mimetype) == (200, "image/svg+xml")

    @pytest.mark.parametrize(("path", "known"), [("tracks", SONG), ("artists", BAND), ("audio-features", SONG)])
    def test_several_come_in_their_order_with_null_for_strangers(
        self, client: FlaskClient, path: str, known: str
    ) -> None:
        (found,) = get(client, path, ids=f"{STRANGER},{known},{known}").values()
        assert [one and one["id"] for one in found] == [None, known, known]
        assert get(client, f"{path}/{STRANGER}", 404) == "Resource not found"
        assert get(client, f"{path}/nonsense", 400) == "invalid id"
        assert get(client, path, 400) == "invalid id"
        assert get(client, path, 400, ids=",".join([known] * 101)) == "Too many ids requested"

    def test_an_artist_has_genres(self, client: FlaskClient) -> None:
        assert get(client, f"artists/{BAND}")["genres"] == ["bryn techno", "techno"]

    def test_related_artists_play_the_same_music(self, client: FlaskClient) -> None:
        artists = get(client, f"artists/{BAND}/related-artists")["artists"]
        assert [one["id"][:-16] for one in artists[:4]].count("techno") >= 3
        assert BAND not in [one["id"] for one in artists]
        assert len(artists) <= 20
        assert get(client, f"artists/{STRANGER}/related-artists", 404) == "Resource not found"

    def test_top_tracks_are_the_artists_own(self, client: FlaskClient) -> None:
        tracks = get(client, f"artists/{BAND}/top-tracks", country="SE")["tracks"]
        assert len(tracks) == world.SONGS
        assert {track["artists"][0]["id"] for track in tracks} == {BAND}

    def test_genres_are_written_as_spotify_does_and_found_again(self, client: FlaskClient) -> None:
        genres = get(client, "recommendations/available-genre-seeds")["genres"]
        assert {"pop", "folk", "techno", "aldo-techno"} <= set(genres)
        assert get(client, "recommendations", seed_genres="aldo-techno")["seeds"][0]["initialPoolSize"] > 0

    def test_another_endpoint_is_no_service(self, client: FlaskClient) -> None:
        for path in ("me", "playlists/x/tracks", ""):
            assert get(client, path, 404) == "Service not found"
        assert client.post("/v1/tracks").get_json() == {"error": {"status": 404, "message": "Service not found"}}

    @pytest.mark.parametrize("path", ["tracks/", f"tracks/{SONG}/", f"/tracks/{SONG}", "//tracks"])
    def test_all_forms_of_slashes_answer_at_once(self, client: FlaskClient, path: str) -> None:
        assert get(client, path, ids=SONG)

    def test_any_authorization_passes_where_no_token_is_asked_for(self, client: FlaskClient) -> None:
        for told in ("Bearer of Spotify's", "Basic eDp5", "nonsense"):
            assert client.get(f"/v1/tracks/{SONG}", headers={"Authorization": told}).status_code == 200

    def test_where_a_token_is_asked_for_it_is_refused_in_spotifys_form(self, made: Path) -> None:
        client = create_app(made, Settings(key=KEY, token="a generated token")).test_client()
        assert client.get(f"/v1/tracks/{SONG}").get_json()["error"]["status"] == 401
        shown = {"Authorization": "Bearer a generated token"}
        assert client.get(f"/v1/tracks/{SONG}", headers=shown).status_code == 200


class TestSearch:
    def find(self, client: FlaskClient, q: str, kind: str, **query: Any) -> dict[str, Any]:
        page: dict[str, Any] = get(client, "search", q=q, type=kind, **query)[f"{kind}s"]
        return page

    def test_a_whole_title_comes_first(self, client: FlaskClient) -> None:
        assert self.find(client, "golden circuit bryn", "track", limit=1)["items"][0]["id"] == SONG

    def test_words_can_be_asked_of_fields(self, client: FlaskClient) -> None:
        of_band = self.find(client, 'artist:"Bryn Machine" track:golden', "track")
        assert [track["id"] for track in of_band["items"]] == [SONG]
        assert self.find(client, "track:machine", "track")["total"] == 0
        years = self.find(client, "circuit year:1993-1994", "track", limit=50)["items"]
        assert {track["album"]["release_date"] for track in years} == {"1993", "1994"}
        by_isrc = self.find(client, "isrc:SE-T12-001-0003", "track")
        assert [track["id"] for track in by_isrc["items"]] == [SONG]
        folk = self.find(client, "genre:folk", "track", limit=50)["items"]
        assert folk
        assert set(kinds(folk)) == {"folk"}

    def test_artists_albums_and_playlists_are_found_by_their_names(self, client: FlaskClient) -> None:
        assert [one["name"] for one in self.find(client, "bryn machine", "artist")["items"]] == ["Bryn Machine"]
        albums = self.find(client, "album:circuits artist:bryn", "album")["items"]
        assert {one["name"] for one in albums} == {"Bryn's Circuits 1", "Bryn's Circuits 2"}
        lists_ = self.find(client, "techno for the road", "playlist", limit=50)["items"]
        assert lists_
        assert all("techno for the road" in one["name"] for one in lists_)

    def test_pages_follow_each_other_and_hold_everything_once(self, client: FlaskClient) -> None:
        page, seen = self.find(client, "circuit", "track", limit=7), list[str]()
        while True:
            seen += [track["id"] for track in page["items"]]
            if page["next"] is None:
                break
            at = urlsplit(page["next"])
            page = client.get(f"{at.path}?{at.query}").get_json()["tracks"]
            assert page["previous"]
        assert len(seen) == len(set(seen)) == page["total"] == world.ARTISTS * world.SONGS

    @pytest.mark.parametrize(
        ("query", "message"),
        [
            ({"type": "track"}, "No search query"),
            ({"q": "x"}, "Missing parameter type"),
            ({"q": "x", "type": "song"}, "Bad search type field song"),
            ({"q": "x", "type": "track", "limit": 51}, "Invalid limit"),
            ({"q": "x", "type": "track", "offset": 1001}, "Invalid offset"),
            ({"q": "year:late", "type": "track"}, "invalid request"),
        ],
    )
    def test_what_makes_no_sense_is_refused_as_spotify_does(
        self, client: FlaskClient, query: dict[str, Any], message: str
    ) -> None:
        assert message in get(client, "search", 400, **query)

    def test_owners_are_named_on_this_machine_alone(self, made: Path) -> None:
        for settings_, named in ((Settings(key=KEY), True), (Settings(key=KEY, host="0.0.0.0"), False)):
            client = create_app(made, settings_).test_client()
            (page,) = get(client, "search", q="techno", type="playlist", limit=1).values()
            assert (page["items"][0]["owner"]["display_name"] is not None) is named


def test_a_song_of_which_only_names_are_known_has_an_id_that_clients_take(database: Path) -> None:
    maker = Artist("Home Tapers", made_up_artist_id("Home Tapers"))
    tape = Track(made_up_id("Home Tapers", "Kitchen Tape"), "Kitchen Tape", (maker,))
    entries = (PlaylistEntry(0, tape, None), PlaylistEntry(1, world.song("techno", 1, 3), None))
    with open_writer(database, "a test") as connection, transaction(connection):
        store(connection, ImportRun("made-up", "nowhere", world.NOW), [Playlist("made:tape", "tapes", entries)])
    client = create_app(database, Settings(key=KEY)).test_client()
    shown = "xx" + tape.track_id.removeprefix("x:")
    both = (shown, tape.track_id)
    for one in both:
        track = get(client, f"tracks/{one}")
        assert (track["id"], track["name"]) == (shown, "Kitchen Tape")
        assert track["external_urls"] == {}
        assert get(client, urlsplit(track["artists"][0]["href"]).path.removeprefix("/v1/"))["name"] == "Home Tapers"
    (seed,) = get(client, "recommendations", seed_tracks=",".join(both))["seeds"]
    assert seed["id"] in both
