"""The endpoints that write: make playlists, fill them, take songs out, leave them."""

from dataclasses import replace
from typing import Any

import orjson

from demo.catalogue import ME
from demo.ids import Kind
from demo.oddities import Odd
from demo.spotify.desk import CHANGE_PRIVATE, CHANGE_PUBLIC, Desk, grant_of, need_user
from demo.spotify.entries import Wanted
from demo.spotify.library import Entry, Shown
from demo.spotify.wire import Answer, Ask, refuse, told

_MOST_URIS, _MOST_LEFT, _MOST_ENTRIES = 100, 40, 10_000


def make(desk: Desk, ask: Ask, _named: str) -> Answer:
    """POST /me/playlists; the owner in the answer has no name, as recorded."""
    body = _object(ask)
    name, public, shared = body.get("name"), body.get("public", True), body.get("collaborative", False)
    if not isinstance(name, str) or not name:
        raise refuse(400, "Missing required field: name")
    if not isinstance(public, bool) or not isinstance(shared, bool) or (public and shared):
        raise refuse(400, "Collaborative playlists can only be private")
    need_user(ask, *_scopes(public))
    if shared:
        need_user(ask, CHANGE_PUBLIC)
    shown = desk.library.shown(desk.library.make(name, str(body.get("description") or ""), public, shared))
    assert shown is not None
    made = orjson.loads(desk.pages.whole(shown, grant_of(ask), Wanted()))
    made["owner"]["display_name"] = None
    return told(201, made, (("location", made["href"]),))


def make_for(desk: Desk, ask: Ask, user_id: str) -> Answer:
    """POST /users/{id}/playlists, the old way."""
    if user_id != desk.world.user(ME).user_id:
        raise refuse(403, "You cannot create a playlist for another user")
    return make(desk, ask, "")


def add(desk: Desk, ask: Ask, playlist_id: str) -> Answer:
    """POST /playlists/{id}/items."""
    shown = _changeable(desk, ask, playlist_id)
    body = _body(ask)
    # A bare array is what some clients send; whether Spotify takes it is not known.
    told_body = {"uris": body} if isinstance(body, list) else body
    before = desk.library.entries(shown.key, 0, shown.length)
    place = told_body.get("position", len(before))
    if not isinstance(place, int) or not 0 <= place <= len(before):
        raise refuse(400, "Index out of bounds.")
    new = _read(desk, ask, told_body.get("uris", _in_query(ask)))
    if len(before) + len(new) > _MOST_ENTRIES:
        raise refuse(400, "Playlist size limit reached")
    return _snapshot(201, desk.library.write(shown.key, [*before[:place], *new, *before[place:]]))


def replace_all(desk: Desk, ask: Ask, playlist_id: str) -> Answer:
    """PUT /playlists/{id}/items with uris."""
    shown = _changeable(desk, ask, playlist_id)
    uris = _object(ask).get("uris", _in_query(ask))
    return _snapshot(200, desk.library.write(shown.key, _read(desk, ask, uris)))


def remove(desk: Desk, ask: Ask, playlist_id: str) -> Answer:
    """DELETE /playlists/{id}/items: every place of each uri."""
    shown = _changeable(desk, ask, playlist_id)
    body = _object(ask)
    items = body.get("items", body.get("tracks"))
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise refuse(400, "Missing required field: items")
    unwanted = {(entry.song, entry.odd is Odd.EPISODE) for entry in _read(desk, ask, [i.get("uri") for i in items])}
    kept = [
        entry
        for entry in desk.library.entries(shown.key, 0, shown.length)
        if _is_unnamed(entry) or (entry.song, entry.odd is Odd.EPISODE) not in unwanted
    ]
    return _snapshot(200, desk.library.write(shown.key, kept))


def leave(desk: Desk, ask: Ask, playlist_id: str) -> Answer:
    """DELETE /playlists/{id}/followers, the old way."""
    need_user(ask, CHANGE_PUBLIC, CHANGE_PRIVATE)
    desk.library.leave(desk.playlist(ask, playlist_id).key)
    return Answer(200)


def leave_many(desk: Desk, ask: Ask, _named: str) -> Answer:
    """DELETE /me/library?uris=, of which playlists are understood."""
    need_user(ask, CHANGE_PUBLIC, CHANGE_PRIVATE)
    uris = _in_query(ask)
    if not uris or len(uris) > _MOST_LEFT:
        raise refuse(400, "Invalid number of uris")
    for uri in uris:
        if not uri.startswith("spotify:playlist:"):
            raise refuse(400, "Invalid uri")
        desk.library.leave(desk.playlist(ask, uri.removeprefix("spotify:playlist:")).key)
    return Answer(200)


def _changeable(desk: Desk, ask: Ask, playlist_id: str) -> Shown:
    need_user(ask)
    # Whether somebody may change a playlist is another question than whether they may read it.
    seen = grant_of(ask)
    reading = replace(ask, grant=replace(seen, scopes=seen.scopes | {"playlist-read-private"}))
    shown = desk.playlist(reading, playlist_id)
    if shown.owner != ME and not shown.collaborative:
        raise refuse(403, "You cannot add tracks to a playlist you don't own.")
    need_user(ask, *_scopes(shown.public))
    return shown


def _scopes(public: bool) -> tuple[str, ...]:
    return (CHANGE_PUBLIC,) if public else (CHANGE_PRIVATE,)


def _read(desk: Desk, ask: Ask, uris: Any) -> list[Entry]:
    """Read uris of songs and episodes; raises Refusal (400)."""
    if not isinstance(uris, list):
        raise refuse(400, "Missing required field: uris")
    if len(uris) > _MOST_URIS:
        raise refuse(400, "You can add a maximum of 100 tracks per request.")
    return [_entry(desk, ask, uri) for uri in uris]


def _entry(desk: Desk, ask: Ask, uri: Any) -> Entry:
    parts = uri.split(":") if isinstance(uri, str) else []
    if len(parts) != 3 or parts[0] != "spotify" or parts[1] not in ("track", "episode"):
        raise refuse(400, f"Invalid track uri: {uri}")
    told_id = desk.world.read_id(parts[2])
    kinds = (Kind.SONG, Kind.OLD_SONG) if parts[1] == "track" else (Kind.EPISODE,)
    if told_id is None or told_id[0] not in kinds:
        raise refuse(400, "Payload contains a non-existing ID")
    return Entry(told_id[1], ask.wall, ME, Odd.EPISODE if parts[1] == "episode" else None)


def _is_unnamed(entry: Entry) -> bool:
    return entry.odd in (Odd.NOTHING, Odd.NO_MEDIA, Odd.LOCAL, Odd.BARE_LOCAL)


def _in_query(ask: Ask) -> list[str]:
    return [uri for value in ask.query.get("uris", []) for uri in value.split(",")]


def _object(ask: Ask) -> dict[str, Any]:
    body = _body(ask)
    if not isinstance(body, dict):
        raise refuse(400, "Error parsing JSON.")
    return body


def _body(ask: Ask) -> Any:
    if not ask.body:
        return {}
    try:
        body = orjson.loads(ask.body)
    except orjson.JSONDecodeError:
        raise refuse(400, "Error parsing JSON.") from None
    if not isinstance(body, dict | list):
        raise refuse(400, "Error parsing JSON.")
    return body


def _snapshot(status: int, snapshot: str) -> Answer:
    return told(status, {"snapshot_id": snapshot})
