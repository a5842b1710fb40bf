"""The endpoints that read: the listener, her playlists and liked songs, playlists and their pages."""

import hashlib
from collections.abc import Sequence
from typing import Any

import orjson

from demo.catalogue import ME
from demo.ids import Kind
from demo.spotify.desk import READ_LIKED, READ_PRIVATE, READ_SHARED, Desk, grant_of, need_user
from demo.spotify.entries import Wanted, liked_told
from demo.spotify.fields import mask_of, masked
from demo.spotify.library import Entry, Key, Shown
from demo.spotify.playlists import EMBEDDED, page_told
from demo.spotify.wire import Answer, Ask, Page, page_of, refuse, refused, shortened, told

_MOST_OFFSET = 100_000
_PAGE, _OLD_PAGE, _USUAL = 50, 100, 20
NULL_PLACE, ABSENT_PLACE, HOLLOW_PLACE = 4, 9, 14
"""Where on the listener's list Spotify's own playlists stand: as null, counted but left out, without a total."""
SPOTIFY_ID = "37i9dQZF1DXdemoDEMOde1"
_LIKED_FROM, _LIKED_GAP = 1_700_000_000, 86_400


def me(desk: Desk, ask: Ask, _named: str) -> Answer:
    """GET /me."""
    need_user(ask)
    user = desk.world.user(ME)
    about: dict[str, Any] = {
        "account_id": "demoaccount" + "0" * 17,
        "display_name": user.name,
        **desk.bodies.thing("user", user.user_id),
        "images": desk.bodies.images(user.user_id, (300, 64)),
    }
    if desk.regime.full:
        about["followers"] = {"href": None, "total": 7}
        if "user-read-private" in grant_of(ask).scopes:
            filters = {"filter_enabled": False, "filter_locked": False}
            about |= {"country": "DE", "explicit_content": filters, "product": "premium"}
        if "user-read-email" in grant_of(ask).scopes:
            about["email"] = "listener@example.org"
    return told(200, about)


def my_playlists(desk: Desk, ask: Ask, _named: str) -> Answer:
    """GET /me/playlists. `next` leads to /users/{id}/playlists, as recorded."""
    need_user(ask, READ_PRIVATE)
    return _listed(desk, ask, _my_list(desk, ask))


def user_playlists(desk: Desk, ask: Ask, user_id: str) -> Answer:
    """GET /users/{id}/playlists: one's own list is the same as /me/playlists."""
    number = desk.world.user_of(user_id)
    if number is None:
        return refused(404, "Resource not found")
    if number == ME and grant_of(ask).user == ME:
        return _listed(desk, ask, _my_list(desk, ask))
    found = [desk.library.shown((Kind.PLAYLIST, place)) for place in desk.world.playlists_of(number)]
    return _listed(desk, ask, [_simple(desk, shown) for shown in found if shown and shown.public], user_id)


def _my_list(desk: Desk, ask: Ask) -> list["bytes | Key | None"]:
    """Give the listener's list; the playlists among it are made into bodies only where a page needs them."""
    shared = READ_SHARED in grant_of(ask).scopes
    listed: list[bytes | Key | None] = [*desk.library.listed(shared=shared)]
    hollow = desk.bodies.thing("playlist", SPOTIFY_ID)
    for place, owned in ((NULL_PLACE, b"null"), (ABSENT_PLACE, None), (HOLLOW_PLACE, _hollow(desk, hollow))):
        listed.insert(place, owned)
    return listed


def _hollow(desk: Desk, about: dict[str, Any]) -> bytes:
    spotify = {**desk.bodies.thing("user", "spotify"), "display_name": "Spotify"}
    counts = {"href": f"{about['href']}/tracks", "total": None}
    keys = {"tracks": counts, "items": counts} if desk.regime.full else {"items": counts}
    more = {"collaborative": False, "description": "", "images": [], "name": "Made for Demo", "owner": spotify}
    return orjson.dumps({**about, **more, "public": True, "snapshot_id": "AAAAAA", **keys})


def _simple(desk: Desk, shown: Shown) -> bytes:
    return orjson.dumps(desk.pages.simple(shown))


def _listed(desk: Desk, ask: Ask, listed: Sequence["bytes | Key | None"], user_id: str = "") -> Answer:
    limit, offset = page_of(ask, _USUAL, _PAGE, _MOST_OFFSET)
    bodies = []
    for one in listed[offset : offset + limit]:
        if isinstance(one, tuple):
            shown = desk.library.shown(one)
            bodies.append(_simple(desk, shown) if shown else b"null")
        elif one is not None:
            bodies.append(one)
    path = f"{desk.bodies.base}/users/{user_id or desk.world.user(ME).user_id}/playlists"
    around = orjson.dumps(page_told(path, offset, limit, len(listed)))[1:]
    return Answer(200, b'{"items":[%s],%s' % (b",".join(bodies), around))


def my_tracks(desk: Desk, ask: Ask, _named: str) -> Answer:
    """GET /me/tracks."""
    need_user(ask, READ_LIKED)
    limit, offset = page_of(ask, _USUAL, _PAGE, _MOST_OFFSET)
    liked = desk.world.liked[offset : offset + limit]
    entries = [Entry(song, _LIKED_FROM - place * _LIKED_GAP, ME) for place, song in enumerate(liked, offset)]
    around = page_told(f"{desk.bodies.base}/me/tracks", offset, limit, len(desk.world.liked))
    items = liked_told(desk.bodies, entries, _wanted(ask))
    return Answer(200, b'{"items":%s,%s' % (items, orjson.dumps(around)[1:]), (_etag(ask, str(len(desk.world.liked))),))


def playlist(desk: Desk, ask: Ask, playlist_id: str) -> Answer:
    """GET /playlists/{id}, with its first 100 entries."""
    shown = desk.playlist(ask, playlist_id)
    etag, mask = _etag(ask, shown.snapshot), mask_of(ask.get("fields") or "")
    if mask and all(name not in ("items", "tracks", "*") and not name.startswith("!") for name in mask):
        return told(200, masked(orjson.loads(orjson.dumps(desk.pages.about(shown))), mask), (etag,))
    limit = shortened(ask, EMBEDDED)
    body = desk.pages.whole(shown, grant_of(ask), _wanted(ask), limit)
    withheld = desk.pages.is_withheld(shown, grant_of(ask))
    page = None if withheld else Page(*shown.key, 0, shown.length <= limit)
    return Answer(200, _only(body, ask.get("fields")), (etag,), page=page)


def playlist_items(desk: Desk, ask: Ask, playlist_id: str) -> Answer:
    """GET /playlists/{id}/items."""
    return _page(desk, ask, playlist_id, "items", _PAGE, _USUAL)


def playlist_tracks(desk: Desk, ask: Ask, playlist_id: str) -> Answer:
    """GET /playlists/{id}/tracks, which is gone in the RESTRICTED regime."""
    return _page(desk, ask, playlist_id, "tracks", _OLD_PAGE, _OLD_PAGE)


def _page(desk: Desk, ask: Ask, playlist_id: str, name: str, most: int, usual: int) -> Answer:
    shown = desk.playlist(ask, playlist_id)
    if desk.pages.is_withheld(shown, grant_of(ask)):
        raise refuse(403, "Forbidden")
    limit, offset = page_of(ask, usual, most, _MOST_OFFSET)
    body = desk.pages.page(shown, name, offset, limit, _wanted(ask))
    page = Page(*shown.key, offset, offset + limit >= shown.length)
    return Answer(200, _only(body, ask.get("fields")), (_etag(ask, shown.snapshot),), page=page)


def _only(body: bytes, fields: str | None) -> bytes:
    return orjson.dumps(masked(orjson.loads(body), mask_of(fields))) if fields else body


def _wanted(ask: Ask) -> Wanted:
    return Wanted("market" in ask.query, "episode" in (ask.get("additional_types") or "").split(","))


def _etag(ask: Ask, version: str) -> tuple[str, str]:
    told = f"{ask.path}?{sorted(ask.query.items())}#{version}#{ask.grant and ask.grant.user}"
    return "etag", f'W/"{hashlib.blake2b(told.encode(), digest_size=12).hexdigest()}"'
