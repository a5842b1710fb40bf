"""The stand-in's answers held against Spotify's own description of its API."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.described import description_at_hand, errors, schema_of
from tests.web import world

SONG, BAND = world.track_id("techno", 1, 3), "techno1".ljust(22, "A")
ASKED = {
    "/recommendations": f"/recommendations?seed_tracks={SONG}&seed_artists={BAND}&limit=30",
    "/recommendations/available-genre-seeds": "/recommendations/available-genre-seeds",
    "/audio-features": f"/audio-features?ids={SONG}",
    "/audio-features/{id}": f"/audio-features/{SONG}",
    "/tracks": f"/tracks?ids={SONG}",
    "/tracks/{id}": f"/tracks/{SONG}?market=SE",
    "/artists": f"/artists?ids={BAND}",
    "/artists/{id}": f"/artists/{BAND}",
    "/artists/{id}/related-artists": f"/artists/{BAND}/related-artists",
    "/artists/{id}/top-tracks": f"/artists/{BAND}/top-tracks",
    "/search": "/search?q=bryn&type=track,artist,album,playlist,show,episode,audiobook&limit=5",
}


@pytest.fixture(scope="module")
def description() -> dict[str, Any]:
    return description_at_hand()


@pytest.mark.parametrize("path", ASKED)
def test_every_answer_is_as_described(client: FlaskClient, description: dict[str, Any], path: str) -> None:
    body = client.get(f"/v1{ASKED[path]}").get_json()
    assert errors(description, schema_of(description, "GET", "200", path), body) == set()


def test_a_playlist_is_as_described(client: FlaskClient, description: dict[str, Any]) -> None:
    body = client.get("/v1/search?q=techno&type=playlist").get_json()
    assert body["playlists"]["items"]
    assert errors(description, schema_of(description, "GET", "200", "/search"), body) == set()


@pytest.mark.parametrize(("status", "path"), [("400", "/recommendations"), ("404", f"/tracks/{'0' * 22}")])
def test_an_error_is_as_described(client: FlaskClient, description: dict[str, Any], status: str, path: str) -> None:
    response = client.get(f"/v1{path}")
    assert response.status_code == int(status)
    schema = schema_of(description, "GET", "401", "/recommendations")
    assert errors(description, schema, response.get_json()) == set()


def test_an_answer_that_is_not_as_described_is_found(client: FlaskClient, description: dict[str, Any]) -> None:
    body = {**client.get(f"/v1/tracks/{SONG}").get_json(), "name": 7}
    assert errors(description, schema_of(description, "GET", "200", "/tracks/{id}"), body)
