"""Playlists and their pages as Spotify's JSON, as each regime shows them."""

from functools import lru_cache
from typing import Any

import orjson

from demo.catalogue import ME
from demo.ids import Kind
from demo.spotify.bodies import Bodies
from demo.spotify.entries import Wanted, entries_told
from demo.spotify.library import Key, Library, Shown
from demo.spotify.wire import Grant

EMBEDDED = 100
"""How many entries come with the playlist itself."""
_PAGES_KEPT = 96
_OWNERLESS = 97
"""One of so many playlists of strangers has an owner of whom nothing is told."""


class Pages:
    """Playlists, whole and page by page."""

    def __init__(self, bodies: Bodies, library: Library) -> None:
        self.bodies = bodies
        self.library = library
        self._kept = lru_cache(maxsize=_PAGES_KEPT)(self._entries)

    def is_withheld(self, shown: Shown, grant: Grant) -> bool:
        """Whether the regime keeps the contents back: they are for the owner and those who work on it."""
        mine = grant.user is not None and (shown.owner == grant.user or shown.collaborative)
        return not self.bodies.regime.full and not mine

    def simple(self, shown: Shown) -> dict[str, Any]:
        """Give a playlist as it stands in lists."""
        counts = {"href": f"{self.bodies.base}/playlists/{shown.playlist_id}/items", "total": shown.length}
        if self.bodies.regime.full:
            old = {"href": f"{self.bodies.base}/playlists/{shown.playlist_id}/tracks", "total": shown.length}
            return {**self._about(shown), "tracks": old, "items": counts}
        return {**self._about(shown), "items": counts} | ({"tracks": None} if shown.key[1] % 4 == 1 else {})

    def whole(self, shown: Shown, grant: Grant, wanted: Wanted, limit: int = EMBEDDED) -> bytes:
        """Give a playlist with its first entries, or without any where they are withheld."""
        told = self.about(shown)
        if self.is_withheld(shown, grant):
            return orjson.dumps({**told, **self._withheld(shown)})
        entries = self._kept(shown.key, shown.snapshot, 0, limit, wanted)
        keys = ("tracks", "items") if self.bodies.regime.full else ("items",)
        pages = [b',"%s":%s' % (key.encode(), self._page(shown, key, 0, limit, entries)) for key in keys]
        return orjson.dumps(told)[:-1] + b"".join(pages) + b"}"

    def about(self, shown: Shown) -> dict[str, Any]:
        """Give a playlist without its entries."""
        followers = {"followers": {"href": None, "total": shown.followers}} if self.bodies.regime.full else {}
        return {**self._about(shown), **followers}

    def page(self, shown: Shown, name: str, offset: int, limit: int, wanted: Wanted) -> bytes:
        """Give one page of entries. name: items or tracks, as in the path."""
        return self._page(shown, name, offset, limit, self._kept(shown.key, shown.snapshot, offset, limit, wanted))

    def _page(self, shown: Shown, name: str, offset: int, limit: int, entries: bytes) -> bytes:
        path = f"{self.bodies.base}/playlists/{shown.playlist_id}/{name}"
        told = page_told(path, offset, limit, shown.length, "&additional_types=track")
        return b'{"items":%s,%s' % (entries, orjson.dumps(told)[1:])

    def _entries(self, key: Key, _snapshot: str, offset: int, limit: int, wanted: Wanted) -> bytes:
        return entries_told(self.bodies, self.library.entries(key, offset, limit), wanted)

    def _withheld(self, shown: Shown) -> dict[str, Any]:
        # Nobody's capture shows it, so each form that is spoken of is there: mostly the key is missing.
        if shown.key[1] % 7 == 1:
            return {"items": None}
        if shown.key[1] % 7 == 2:
            return {"items": {"href": f"{self.bodies.base}/playlists/{shown.playlist_id}/items", "total": shown.length}}
        return {}

    def _about(self, shown: Shown) -> dict[str, Any]:
        pictures = {
            "one": self.bodies.images(shown.playlist_id, (640, 300, 60)),
            "null": None,
            "none": [],
        }[shown.special.images]
        return {
            "collaborative": shown.collaborative,
            "description": shown.description,
            **self.bodies.thing("playlist", shown.playlist_id),
            "images": pictures if shown.length or pictures is None else [],
            "name": shown.name,
            "owner": self._owner(shown),
            "public": shown.public,
            "snapshot_id": shown.snapshot,
        }

    def _owner(self, shown: Shown) -> Any:
        stranger = shown.key[0] is Kind.PLAYLIST and shown.owner != ME and not shown.collaborative
        if stranger and shown.key[1] % _OWNERLESS == 5:
            keys = ("display_name", "external_urls", "href", "id", "type", "uri")
            return dict.fromkeys(keys)
        return orjson.Fragment(self.bodies.simple_user(shown.owner))


def page_told(path: str, offset: int, limit: int, total: int, more: str = "") -> dict[str, Any]:
    """Give what surrounds the items of a page."""
    before = max(0, offset - limit)
    return {
        "href": f"{path}?offset={offset}&limit={limit}{more}",
        "limit": limit,
        "next": f"{path}?offset={offset + limit}&limit={limit}{more}" if offset + limit < total else None,
        "offset": offset,
        "previous": f"{path}?offset={before}&limit={limit}{more}" if offset else None,
        "total": total,
    }
