"""The endpoints that read, in each regime: pages, limits, fields, missing and doubled keys, error bodies, headers."""

from collections.abc import Iterator
from typing import Any

import pytest

from demo.ids import Kind
from tests.demo.spotify.asking import READ, Asker, asking


@pytest.fixture(scope="module")
def ext() -> Iterator[Asker]:
    with asking() as asker:
        yield asker


@pytest.fixture(scope="module")
def legacy() -> Iterator[Asker]:
    with asking(regime="LEGACY") as asker:
        yield asker


@pytest.fixture(scope="module")
def restricted() -> Iterator[Asker]:
    with asking(regime="RESTRICTED") as asker:
        yield asker


@pytest.fixture(params=["EXT", "LEGACY", "RESTRICTED"])
def anyone(request: pytest.FixtureRequest, ext: Asker, legacy: Asker, restricted: Asker) -> Asker:
    return {"EXT": ext, "LEGACY": legacy, "RESTRICTED": restricted}[request.param]


FOREIGN = 50


def test_the_listener_is_told_in_full_or_nearly_nothing(ext: Asker, legacy: Asker, restricted: Asker) -> None:
    more = {"country", "email", "explicit_content", "followers", "product"}
    assert set(ext.get("/me").json) & more == set(legacy.get("/me").json) & more == more
    told = restricted.get("/me").json
    assert not set(told) & more
    assert told["id"] == "demo_listener"
    assert told["account_id"]


def test_the_listeners_playlists_come_in_pages_with_gaps(anyone: Asker) -> None:
    found: list[Any] = []
    total = 1
    while len(found) < total and (page := anyone.get("/me/playlists", limit=7, offset=len(found)).json):
        total = page["total"]
        found += page["items"] + ["absent"] * (min(7, total - len(found)) - len(page["items"]))
    assert total == len(found) == 33
    assert found.count(None) == 1
    assert found.count("absent") == 1
    real = [one for one in found if isinstance(one, dict)]
    assert [one["id"] for one in real if one["owner"]["id"] == "demo_listener"] == list(
        map(anyone.playlist_id, range(20))
    )
    spotify = [one for one in real if one["owner"]["id"] == "spotify"]
    assert len(spotify) == 1
    assert spotify[0]["items"]["total"] is None
    assert anyone.get(f"/playlists/{spotify[0]['id']}").status == 404


def test_next_leads_to_the_users_playlists_which_restricted_apps_have_not(ext: Asker, restricted: Asker) -> None:
    for asker, status in ((ext, 200), (restricted, 403)):
        following = asker.get("/me/playlists", limit=10).json["next"]
        assert following == f"{asker.places.api}/users/demo_listener/playlists?offset=10&limit=10"
        assert asker.ask("GET", following, **asker.bearer).status == status


def test_old_and_new_keys_stand_side_by_side_but_for_restricted_apps(
    ext: Asker, legacy: Asker, restricted: Asker
) -> None:
    for asker in (ext, legacy):
        told = asker.get(f"/playlists/{asker.playlist_id(8)}").json
        assert told["tracks"]["items"] == told["items"]["items"]
        assert all(entry["track"] == entry["item"] for entry in told["items"]["items"])
        assert told["tracks"]["limit"] == told["items"]["limit"] == 100
        assert "/tracks?" in told["tracks"]["href"]
        assert "/items?" in told["items"]["href"]
        assert told["followers"]["href"] is None
    told = restricted.get(f"/playlists/{restricted.playlist_id(8)}").json
    assert "tracks" not in told
    assert "followers" not in told
    assert all("item" in entry and "track" not in entry for entry in told["items"]["items"])


def test_restricted_apps_lack_the_removed_fields(ext: Asker, restricted: Asker) -> None:
    gone = {"available_markets", "popularity", "linked_from"}
    full = ext.get(f"/tracks/{ext.track_id(3)}").json
    less = restricted.get(f"/tracks/{restricted.track_id(3)}").json
    assert set(full) - set(less) == {"available_markets", "popularity"}
    assert set(full["album"]) - set(less["album"]) == {"available_markets"}
    assert less["external_ids"] == full["external_ids"]
    linked = [e["item"] for e in restricted.whole(0) if e and e["item"]]
    assert not [one for one in linked if gone & set(one)]
    artist = restricted.get(f"/artists/{restricted.places.world.id_of(Kind.ARTIST, 3)}").json
    assert set(artist) == {"external_urls", "href", "id", "images", "name", "type", "uri"}
    assert {"followers", "genres", "popularity"} <= set(ext.get(f"/artists/{artist['id']}").json)


def test_pages_together_are_the_whole_playlist(anyone: Asker) -> None:
    whole = anyone.get(f"/playlists/{anyone.playlist_id(1)}").json["items"]
    assert whole["total"] == 340
    assert len(whole["items"]) == 100
    entries = anyone.whole(1, limit=50)
    assert len(entries) == 340
    assert entries[:100] == whole["items"]
    assert anyone.whole(1, limit=17) == entries
    last = anyone.get(f"/playlists/{anyone.playlist_id(1)}/items", limit=50, offset=300).json
    assert (last["next"], len(last["items"]), last["total"]) == (None, 40, 340)
    assert last["previous"].endswith("offset=250&limit=50&additional_types=track")
    assert anyone.get(f"/playlists/{anyone.playlist_id(1)}/items", offset=400).json["items"] == []
    assert len(anyone.get(f"/playlists/{anyone.playlist_id(1)}/items").json["items"]) == 20


def test_limits_are_kept_to(ext: Asker, restricted: Asker) -> None:
    path = f"/playlists/{ext.playlist_id(1)}"
    assert ext.get(f"{path}/items", limit=51).message == "Invalid limit"
    assert ext.get(f"{path}/tracks", limit=100).status == 200
    assert ext.get(f"{path}/tracks", limit=101).status == 400
    assert ext.get("/me/playlists", limit=0).message == "Invalid limit"
    assert ext.get("/me/playlists", limit="many").message == "Invalid limit"
    assert ext.get("/me/tracks", offset=-1).message == "Invalid offset"
    assert ext.get("/me/playlists", offset=100_001).status == 400
    assert restricted.get(f"{path}/tracks").status == 403


def test_strangers_playlists_are_withheld_from_restricted_apps(ext: Asker, restricted: Asker) -> None:
    for number in range(FOREIGN, FOREIGN + 14):
        path = f"/playlists/{restricted.playlist_id(number)}"
        if restricted.places.world.playlist(number).collaborative:
            continue
        told = restricted.get(path)
        assert told.status == 200
        assert told.json["snapshot_id"]
        assert "items" not in (told.json.get("items") or {})
        refusal = restricted.get(f"{path}/items")
        assert (refusal.status, refusal.json) == (403, {"error": {"status": 403, "message": "Forbidden"}})
        assert ext.get(path).json["items"]["items"]


def test_shared_playlists_are_read_by_restricted_apps(restricted: Asker) -> None:
    shared = next(n for n in restricted.places.world.followed if restricted.places.world.playlist(n).collaborative)
    assert restricted.get(f"/playlists/{restricted.playlist_id(shared)}/items").status == 200
    assert restricted.get(f"/playlists/{restricted.playlist_id(shared)}").json["collaborative"] is True


def test_without_a_user_restricted_apps_see_no_contents() -> None:
    with asking((), user=False, regime="RESTRICTED") as app:
        own = f"/playlists/{app.playlist_id(0)}"
        assert "items" not in (app.get(own).json.get("items") or {})
        assert app.get(f"{own}/items").status == 403
        assert app.get("/me").status == 401
    with asking((), user=False) as app:
        assert app.get(f"/playlists/{app.playlist_id(0)}/items").status == 200


def test_batches_are_for_full_apps(ext: Asker, legacy: Asker, restricted: Asker) -> None:
    songs = [ext.track_id(number) for number in (3, 1, 2)]
    asked = ",".join([songs[0], "4uLU6hMCjMI75M1A2tKUQC", *songs[1:]])
    for asker in (ext, legacy):
        told = asker.get("/tracks", ids=asked).json["tracks"]
        assert [one and one["id"] for one in told] == [songs[0], None, *songs[1:]]
        artists = asker.get("/artists", ids=f"{told[0]['artists'][0]['id']},{songs[0]}").json["artists"]
        assert artists[0]["name"] == told[0]["artists"][0]["name"]
        assert artists[1] is None
        assert asker.get("/tracks", ids=",".join(songs[:1] * 51)).status == 400
        assert asker.get("/tracks", ids="short").message == "invalid id"
        assert asker.get("/tracks").status == 400
    for path in ("/tracks", "/artists", "/albums"):
        assert restricted.get(path, ids=asked).json == {"error": {"status": 403, "message": "Forbidden"}}
    assert restricted.get(f"/tracks/{songs[0]}").json["id"] == songs[0]


def test_audio_features_are_for_those_who_had_them(ext: Asker, legacy: Asker, restricted: Asker) -> None:
    songs = [ext.track_id(number) for number in range(100)]
    told = ext.get("/audio-features", ids=",".join([*songs[:99], "4uLU6hMCjMI75M1A2tKUQC"])).json["audio_features"]
    assert [one and one["id"] for one in told] == [*songs[:99], None]
    assert ext.get(f"/audio-features/{songs[5]}").json == told[5]
    assert ext.get("/audio-features", ids=",".join([*songs, songs[0]])).status == 400
    for asker in (legacy, restricted):
        for reply in (asker.get("/audio-features", ids=songs[0]), asker.get(f"/audio-features/{songs[0]}")):
            assert (reply.status, reply.json) == (403, {"error": {"status": 403}})
    with asking(features=False) as ungranted:
        assert ungranted.get(f"/audio-features/{songs[0]}").json == {"error": {"status": 403}}


def test_ids_are_malformed_or_unknown_or_of_something_else(anyone: Asker) -> None:
    for path in ("/playlists/{}", "/playlists/{}/items", "/tracks/{}", "/artists/{}"):
        assert anyone.get(path.format("short")).json == {"error": {"status": 400, "message": "invalid id"}}
        gone = anyone.get(path.format("4uLU6hMCjMI75M1A2tKUQC"))
        assert gone.json == {"error": {"status": 404, "message": "Resource not found"}}
    assert anyone.get(f"/playlists/{anyone.track_id(1)}").status == 404
    assert anyone.get("/recommendations", seed_tracks=anyone.track_id(1)).status == 404
    assert anyone.get("/no/such/thing").json["error"]["status"] == 404


def test_what_was_removed_is_forbidden_to_restricted_apps(ext: Asker, restricted: Asker) -> None:
    for path in ("/browse/new-releases", "/browse/categories", "/markets", "/users/demo_user_1/playlists"):
        assert restricted.get(path).status == 403
    told = ext.get("/users/demo_user_1/playlists").json
    assert {one["owner"]["id"] for one in told["items"]} <= {"demo_user_1", None}
    assert ext.get("/users/nobody/playlists").status == 404


def test_liked_songs_keep_the_old_key(anyone: Asker) -> None:
    first = anyone.get("/me/tracks", limit=50).json
    rest = [anyone.get("/me/tracks", limit=50, offset=offset).json["items"] for offset in (50, 100)]
    liked = [*first["items"], *rest[0], *rest[1]]
    assert first["total"] == len(liked) == len(anyone.places.world.liked)
    assert all(set(entry) == {"added_at", "track"} for entry in liked)
    assert [entry["added_at"] for entry in liked] == sorted((entry["added_at"] for entry in liked), reverse=True)


def test_fields_choose(ext: Asker, restricted: Asker) -> None:
    path = f"/playlists/{ext.playlist_id(8)}"
    assert set(ext.get(path, fields="snapshot_id").json) == {"snapshot_id"}
    assert set(ext.get(path, fields="name,owner.id,public").json) == {"name", "owner", "public"}
    assert set(ext.get(path, fields="name,owner.id").json["owner"]) == {"id"}
    wanted = "items(added_at,item(id,artists.name),track(id)),next,total"
    told = ext.get(f"{path}/items", fields=wanted, limit=5).json
    assert set(told) == {"items", "next", "total"}
    assert set(told["items"][0]) == {"added_at", "item", "track"}
    assert set(told["items"][0]["item"]["artists"][0]) == {"name"}
    assert all(entry == {} for entry in restricted.get(f"{path}/items", fields="items.track.id").json["items"])
    assert set(ext.get(path, fields="!tracks").json) == set(ext.get(path).json) - {"tracks"}


def test_a_market_tells_what_is_playable(anyone: Asker) -> None:
    path = f"/tracks/{anyone.track_id(3)}"
    assert "is_playable" not in anyone.get(path).json
    assert anyone.get(path, market="DE").json["is_playable"] is True


def test_an_etag_saves_the_body(ext: Asker) -> None:
    path = f"{ext.places.api}/playlists/{ext.playlist_id(8)}"
    first = ext.ask("GET", path, **ext.bearer)
    assert first.headers["cache-control"] == "private, max-age=0"
    again = ext.ask("GET", path, **ext.bearer, **{"if-none-match": first.headers["etag"]})
    assert (again.status, again.body) == (304, b"")
    assert ext.get(f"/tracks/{ext.track_id(1)}").headers["cache-control"] == "public, max-age=7200"
    assert "x-ratelimit-limit" not in first.headers


def test_scopes_open_doors() -> None:
    with asking(()) as nothing:
        for path in ("/me/playlists", "/me/tracks"):
            reply = nothing.get(path)
            assert reply.json == {"error": {"status": 403, "message": "Insufficient client scope"}}
        assert set(nothing.get("/me").json) >= {"id", "display_name", "account_id"}
        private = next(n for n in range(20) if not nothing.places.world.playlist(n).public)
        assert nothing.get(f"/playlists/{nothing.playlist_id(private)}").status == 404
        assert nothing.get(f"/playlists/{nothing.playlist_id(0)}").status == 200
        some = Asker(nothing.places, nothing.places.token("playlist-read-private"))
        every = Asker(nothing.places, nothing.places.token(*READ))
        assert some.get(f"/playlists/{nothing.playlist_id(private)}").status == 200
        less, more = (one.get("/me/playlists").json["total"] for one in (some, every))
        assert less < more


def test_a_restart_changes_nothing() -> None:
    def read() -> list[bytes]:
        with asking() as asker:
            paths = ("/me", "/me/playlists", f"/playlists/{asker.playlist_id(0)}", f"/tracks/{asker.track_id(7)}")
            port = asker.places.accounts.rsplit(":", 1)[1].encode()
            return [asker.get(path).body.replace(port, b"") for path in paths]

    assert read() == read()
