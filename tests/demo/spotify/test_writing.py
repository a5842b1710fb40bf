"""Making, filling, emptying and leaving playlists."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.demo.spotify.asking import READ, WRITE, Asker, asking


@pytest.fixture
def asker() -> Iterator[Asker]:
    with asking((*READ, *WRITE)) as asker:
        yield asker


@pytest.fixture
def restricted() -> Iterator[Asker]:
    with asking((*READ, *WRITE), regime="RESTRICTED") as asker:
        yield asker


def _uris(asker: Asker, numbers: range) -> list[str]:
    return [f"spotify:track:{asker.track_id(number)}" for number in numbers]


def _held(asker: Asker, playlist_id: str) -> list[str]:
    told = asker.get(f"/playlists/{playlist_id}/items", limit=50).json
    rest = asker.get(f"/playlists/{playlist_id}/items", limit=50, offset=50).json
    return [entry["item"]["uri"] for entry in told["items"] + rest["items"]]


def test_a_playlist_is_made_and_filled_in_order(asker: Asker, restricted: Asker) -> None:
    for one in (asker, restricted):
        made = one.send("POST", "/me/playlists", {"name": "Mine", "public": False, "description": "made here"})
        assert made.status == 201
        assert made.json["owner"]["display_name"] is None
        assert (made.json["name"], made.json["public"], made.json["description"]) == ("Mine", False, "made here")
        path = f"/playlists/{made.json['id']}/items"
        snapshots = {made.json["snapshot_id"]}
        for start in (0, 40):
            reply = one.send("POST", path, {"uris": _uris(one, range(start, start + 40))})
            assert reply.status == 201
            snapshots.add(reply.json["snapshot_id"])
        assert len(snapshots) == 3
        assert _held(one, made.json["id"]) == _uris(one, range(80))
        assert one.get("/me/playlists").json["items"][0]["id"] == made.json["id"]
        assert one.get(f"/playlists/{made.json['id']}", fields="snapshot_id").json["snapshot_id"] in snapshots


def test_a_playlist_is_public_unless_told_otherwise(asker: Asker) -> None:
    assert asker.send("POST", "/me/playlists", {"name": "Mine"}).json["public"] is True
    shared = asker.send("POST", "/me/playlists", {"name": "Ours", "public": False, "collaborative": True})
    assert shared.json["collaborative"] is True
    assert asker.send("POST", "/me/playlists", {"name": "Ours", "collaborative": True}).status == 400
    assert asker.send("POST", "/me/playlists", {}).status == 400


def test_songs_are_put_in_replaced_and_taken_out(asker: Asker) -> None:
    playlist = asker.send("POST", "/me/playlists", {"name": "Mine"}).json["id"]
    path, uris = f"/playlists/{playlist}/items", _uris(asker, range(6))
    asker.send("PUT", path, {"uris": uris[:4]})
    asker.send("POST", path, {"uris": uris[4:], "position": 1})
    assert _held(asker, playlist) == [uris[0], *uris[4:], *uris[1:4]]
    asker.send("POST", path, uris[:1])
    taken = asker.send("DELETE", path, {"items": [{"uri": uris[0]}, {"uri": uris[2]}]})
    assert taken.status == 200
    assert _held(asker, playlist) == [*uris[4:], uris[1], uris[3]]
    assert asker.send("PUT", path, {"uris": []}).status == 200
    assert _held(asker, playlist) == []


def test_odd_entries_outlive_a_write(asker: Asker) -> None:
    before = asker.whole(0)
    path = f"/playlists/{asker.playlist_id(0)}/items"
    first = before[0]["item"]["uri"]
    asker.send("DELETE", path, {"items": [{"uri": first}]})
    kept = [entry for entry in before if not (entry and entry["item"] and entry["item"]["uri"] == first)]
    assert asker.whole(0) == kept


@pytest.mark.parametrize(
    "contents",
    [
        {"uris": ["spotify:track:short"]},
        {"uris": ["spotify:local:a:b:c:1"]},
        {"uris": ["spotify:track:4uLU6hMCjMI75M1A2tKUQC"]},
        {"uris": "spotify"},
        {"uris": [7]},
        {"uris": [], "position": 1000},
        7,
    ],
)
def test_what_cannot_be_added_is_refused_and_changes_nothing(asker: Asker, contents: Any) -> None:
    before = asker.whole(8)
    reply = asker.send("POST", f"/playlists/{asker.playlist_id(8)}/items", contents)
    assert reply.status == 400
    assert asker.whole(8) == before


def test_a_hundred_at_once_and_no_more(asker: Asker) -> None:
    path = f"/playlists/{asker.playlist_id(8)}/items"
    assert asker.send("POST", path, {"uris": _uris(asker, range(100))}).status == 201
    assert asker.send("POST", path, {"uris": _uris(asker, range(101))}).status == 400
    assert asker.send("PUT", path, {"uris": _uris(asker, range(101))}).status == 400


def test_others_playlists_are_not_for_writing(asker: Asker) -> None:
    foreign = next(n for n in range(20, 200) if not asker.places.world.playlist(n).collaborative)
    assert asker.send("POST", f"/playlists/{asker.playlist_id(foreign)}/items", {"uris": []}).status == 403
    shared = next(n for n in asker.places.world.followed if asker.places.world.playlist(n).collaborative)
    assert asker.send("POST", f"/playlists/{asker.playlist_id(shared)}/items", {"uris": []}).status == 201


def test_writing_needs_its_scope() -> None:
    with asking((*READ, "playlist-modify-public")) as asker:
        assert asker.send("POST", "/me/playlists", {"name": "Mine"}).status == 201
        refused = asker.send("POST", "/me/playlists", {"name": "Mine", "public": False})
        assert (refused.status, refused.message) == (403, "Insufficient client scope")
        assert asker.send("POST", f"/playlists/{asker.playlist_id(0)}/items", {"uris": []}).status == 201
        assert asker.send("POST", f"/playlists/{asker.playlist_id(7)}/items", {"uris": []}).status == 403


def test_the_old_addresses_are_gone_for_restricted_apps(asker: Asker, restricted: Asker) -> None:
    path, uris = f"/playlists/{asker.playlist_id(8)}/tracks", {"uris": _uris(asker, range(1))}
    assert asker.send("POST", path, uris).status == 201
    assert asker.send("POST", "/users/demo_listener/playlists", {"name": "Mine"}).status == 201
    assert asker.send("DELETE", f"/playlists/{asker.playlist_id(8)}/followers").status == 200
    assert restricted.send("POST", path, uris).status == 403
    assert restricted.send("POST", "/users/demo_listener/playlists", {"name": "Mine"}).status == 403
    assert restricted.send("DELETE", f"/playlists/{restricted.playlist_id(8)}/followers").status == 403


def test_a_playlist_that_was_left_is_off_the_list(restricted: Asker) -> None:
    made = restricted.send("POST", "/me/playlists", {"name": "Mine"}).json
    assert restricted.send("DELETE", f"/me/library?uris={made['uri']}").status == 200
    listed = [one and one["id"] for one in restricted.get("/me/playlists", limit=50).json["items"]]
    assert made["id"] not in listed
    assert restricted.get(f"/playlists/{made['id']}").status == 200
    assert restricted.send("DELETE", "/me/library").status == 400
    assert restricted.send("DELETE", "/me/library?uris=spotify:track:x").status == 400
