"""The small Spotify held against Spotify's own description of its API (2026-05-30)."""

from collections.abc import Iterator
from typing import Any

import pytest

from demo.ids import Kind
from tests.demo.spotify.asking import READ, WRITE, Asker, asking
from tests.described import description_at_hand, errors, schema_of

DEVIATIONS = {
    ("GET 200 /me/playlists", "items.*.images: None is not of type 'array'"): "section 4, images: null",
    (
        "GET 200 /me/playlists",
        "items.*.items.total: None is not of type 'integer'",
    ): "section 4, Spotify-owned",
    (
        "GET 200 /me/playlists",
        "items.*.tracks.total: None is not of type 'integer'",
    ): "section 4, Spotify-owned",
    ("GET 200 /me/playlists", "items.*: None is not of type 'object'"): "section 4, null in list arrays",
    ("GET 200 /playlists/{playlist_id}", "+ followers"): "section 2.1, still in LEGACY responses",
    ("GET 200 /playlists/{playlist_id}", "+ items.items.primary_color"): "section 2.2",
    ("GET 200 /playlists/{playlist_id}", "+ items.items.video_thumbnail"): "section 2.2",
    ("GET 200 /playlists/{playlist_id}", "+ tracks.items.primary_color"): "section 2.2",
    ("GET 200 /playlists/{playlist_id}", "+ tracks.items.video_thumbnail"): "section 2.2",
    ("GET 200 /playlists/{playlist_id}/items", "+ items.primary_color"): "section 2.2",
    ("GET 200 /playlists/{playlist_id}/items", "+ items.video_thumbnail"): "section 2.2",
    ("GET 200 /playlists/{playlist_id}/tracks", "+ items.primary_color"): "section 2.2",
    ("GET 200 /playlists/{playlist_id}/tracks", "+ items.video_thumbnail"): "section 2.2",
    ("GET 200 /search", "playlists.items.*: None is not of type 'object'"): "section 4, null in search arrays",
    ("POST 201 /me/playlists", "+ followers"): "section 2.1, still in LEGACY responses",
}
"""Where the service differs on purpose: endpoint and place in the answer, with the section of the page on how Spotify
behaves that tells of it."""


@pytest.fixture(scope="module")
def description() -> dict[str, Any]:
    return description_at_hand()


@pytest.fixture(scope="module")
def asker() -> Iterator[Asker]:
    with asking((*READ, *WRITE)) as asker:
        yield asker


def _undescribed(description: dict[str, Any], schema: dict[str, Any], body: Any, place: str = "") -> set[str]:
    """Give the places of keys that the description does not have."""
    if isinstance(body, list):
        items = [kind["items"] for kind in _kinds(description, schema) if "items" in kind]
        return {found for item in body for kind in items[:1] for found in _undescribed(description, kind, item, place)}
    if not isinstance(body, dict):
        return set()
    known: dict[str, Any] = {}
    for kind in _kinds(description, schema):
        for key, below in kind.get("properties", {}).items():
            known.setdefault(key, {"anyOf": []})["anyOf"].append(below)
    if not known:
        return set()
    extra = {f"{place}.{key}".lstrip(".") for key in body if key not in known}
    below = [
        _undescribed(description, known[key], value, f"{place}.{key}") for key, value in body.items() if key in known
    ]
    return extra.union(*below)


def _kinds(description: dict[str, Any], schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Give a schema and all that it is put together from."""
    if "$ref" in schema:
        yield from _kinds(description, description["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]])
    yield schema
    for word in ("allOf", "anyOf", "oneOf"):
        for part in schema.get(word, []):
            yield from _kinds(description, part)


@pytest.fixture(scope="module")
def bodies(asker: Asker) -> dict[str, Any]:
    """Give an ordinary success body of every endpoint, under its method, status and path in the description."""
    song, artist = asker.track_id(5), asker.places.world.id_of(Kind.ARTIST, 3)
    # Number 8 has nothing odd about it; the odd ones have tests of their own.
    playlist = asker.playlist_id(8)
    asked = {
        "GET 200 /me": "/me",
        "GET 200 /me/playlists": "/me/playlists?limit=50",
        "GET 200 /me/tracks": "/me/tracks?market=DE",
        "GET 200 /users/{user_id}/playlists": "/users/demo_user_1/playlists",
        "GET 200 /playlists/{playlist_id}": f"/playlists/{playlist}",
        "GET 200 /playlists/{playlist_id}/items": f"/playlists/{playlist}/items?additional_types=track,episode",
        "GET 200 /playlists/{playlist_id}/tracks": f"/playlists/{playlist}/tracks",
        "GET 200 /search": "/search?type=playlist&q=pop",
        "GET 200 /tracks": f"/tracks?ids={song}",
        "GET 200 /tracks/{id}": f"/tracks/{song}?market=DE",
        "GET 200 /artists": f"/artists?ids={artist}",
        "GET 200 /artists/{id}": f"/artists/{artist}",
        "GET 200 /audio-features": f"/audio-features?ids={song}",
        "GET 200 /audio-features/{id}": f"/audio-features/{song}",
    }
    made = asker.send("POST", "/me/playlists", {"name": "a new one"})
    path, uris = f"/playlists/{made.json['id']}/items", {"uris": [f"spotify:track:{song}"]}
    written = {
        "POST 201 /me/playlists": made,
        "POST 201 /playlists/{playlist_id}/items": asker.send("POST", path, uris),
        "PUT 200 /playlists/{playlist_id}/items": asker.send("PUT", path, uris),
        "DELETE 200 /playlists/{playlist_id}/items": asker.send("DELETE", path, {"items": [{"uri": uris["uris"][0]}]}),
    }
    replies = {name: asker.get(target) for name, target in asked.items()} | written
    assert {name: f"{reply.status}" for name, reply in replies.items()} == {n: n.split()[1] for n in replies}
    return {name: reply.json for name, reply in replies.items()}


def _differences(description: dict[str, Any], bodies: dict[str, Any]) -> set[tuple[str, str]]:
    found = set()
    for name, body in bodies.items():
        schema = schema_of(description, *name.split())
        found |= {(name, place) for place in errors(description, schema, body)}
        found |= {(name, f"+ {place}") for place in _undescribed(description, schema, body)}
    return found


def test_every_ordinary_answer_is_as_described_but_for_what_is_known(
    description: dict[str, Any], bodies: dict[str, Any]
) -> None:
    assert _differences(description, bodies) - set(DEVIATIONS) == set()


def test_every_known_deviation_is_there_and_names_its_section(
    description: dict[str, Any], bodies: dict[str, Any]
) -> None:
    assert set(DEVIATIONS) - _differences(description, bodies) == set()
    assert all(section.startswith("section ") for section in DEVIATIONS.values())


def test_a_body_that_is_not_as_described_is_found(description: dict[str, Any], bodies: dict[str, Any]) -> None:
    name = "GET 200 /tracks/{id}"
    wrong = {**bodies[name], "name": 7, "made_up": True}
    found = _differences(description, {name: wrong})
    assert {(name, "name: 7 is not of type 'string'"), (name, "+ made_up")} <= found
