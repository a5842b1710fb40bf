"""Spotify's Web API: one method for each endpoint that we use. The only file that knows its URLs and page sizes."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from crawler.errors import Missing, NotAllowed, NotLoggedIn, Refused
from crawler.pacing import UNREADABLE, Answer, message
from crawler.transport import Request, Transport

LIST_PAGE = 50
"""Playlists of a person on one page, and songs of the library."""
ITEMS_PAGE = 50
FIRST_PAGE = 100
"""Entries that come with the playlist itself."""
FURTHEST_SEARCH = 1000
"""No result of a search lies beyond."""
FEATURES_AT_ONCE = 100
ADDED_AT_ONCE = 100
LONGEST_PLAYLIST = 10_000
_CURES = {
    "premium": "the owner of the app needs Premium; after a change it takes some hours",
    "not registered": "its owner adds you under User Management in the Spotify Developer Dashboard",
}
"""Words of an answer that concerns all requests → what helps."""
_TYPES = {"additional_types": "track,episode"}
_TRACK = (
    "type,id,uri,name,is_local,duration_ms,explicit,popularity,external_ids,artists(id,name),"
    "album(id,name,release_date)"
)
_ENTRIES = f"total,limit,offset,items(added_at,is_local,item({_TRACK}))"
PLAYLIST_FIELDS = f"id,name,description,owner(id,display_name),collaborative,snapshot_id,items({_ENTRIES})"
"""What is wanted of an answer: a tenth of its bytes."""


class Spotify:
    """The endpoints. Each raises Missing (404), Refused (400, 403), and what Transport.send raises.

    market: the country whose catalogue counts, for an app without a user; a user's own country counts otherwise.
    """

    def __init__(self, transport: Transport, api: str, market: str | None = None) -> None:
        self._transport, self._api = transport, api
        self._market = {"market": market} if market else {}

    async def me(self) -> Any:
        """Ask who is logged in."""
        return await self._get("/me")

    async def my_playlists(self, offset: int, limit: int) -> Any:
        """List the playlists that the user owns or follows."""
        return await self._get("/me/playlists", offset=offset, limit=limit)

    async def my_tracks(self, offset: int, limit: int) -> Any:
        """List the liked songs, newest first."""
        return await self._get("/me/tracks", offset=offset, limit=limit)

    async def user_playlists(self, user: str, offset: int, limit: int) -> Any:
        """List a user's public playlists."""
        return await self._get(f"/users/{quote(user, safe='')}/playlists", offset=offset, limit=limit)

    async def search_playlists(self, words: str, offset: int, limit: int) -> Any:
        """Search for playlists by words of their names."""
        return await self._get("/search", q=words, type="playlist", offset=offset, limit=limit, **self._market)

    async def playlist(self, playlist_id: str, *, narrow: bool = False) -> Any:
        """Get a playlist with its first FIRST_PAGE entries; narrow: only the fields that are stored."""
        wanted = {"fields": PLAYLIST_FIELDS} if narrow else {}
        return await self._get(f"/playlists/{playlist_id}", **wanted, **_TYPES, **self._market)

    async def playlist_snapshot(self, playlist_id: str) -> Any:
        """Get of a playlist what tells whether it changed."""
        return await self._get(f"/playlists/{playlist_id}", fields="snapshot_id", **self._market)

    async def playlist_items(self, playlist_id: str, offset: int, *, narrow: bool = False) -> Any:
        """Get ITEMS_PAGE entries of a playlist; narrow: only the fields that are stored."""
        wanted = {"fields": _ENTRIES} if narrow else {}
        return await self._get(
            f"/playlists/{playlist_id}/items", offset=offset, limit=ITEMS_PAGE, **wanted, **_TYPES, **self._market
        )

    async def playlist_tracks(self, playlist_id: str, offset: int) -> Any:
        """Get ITEMS_PAGE entries of a playlist under the name that the endpoint had before 2026."""
        path = f"/playlists/{playlist_id}/tracks"
        return await self._get(path, offset=offset, limit=ITEMS_PAGE, **_TYPES, **self._market)

    async def audio_features(self, track_ids: Sequence[str]) -> Any:
        """Get the audio features of FEATURES_AT_ONCE tracks at most."""
        return await self._get("/audio-features", ids=",".join(track_ids))

    async def create_playlist(self, name: str, description: str, *, public: bool) -> Any:
        """Make an empty playlist of the user's."""
        body = {"name": name, "description": description, "public": public}
        return await self._write("POST", "/me/playlists", body)

    async def add_items(self, playlist_id: str, uris: Sequence[str]) -> Any:
        """Put ADDED_AT_ONCE tracks at most at the end of a playlist."""
        return await self._write("POST", f"/playlists/{playlist_id}/items", {"uris": list(uris)})

    async def _get(self, path: str, **params: object) -> Any:
        told = {name: str(value) for name, value in params.items()}
        return _told(await self._transport.send(Request("GET", self._api + path, told)))

    async def _write(self, method: str, path: str, body: Any) -> Any:
        return _told(await self._transport.send(Request(method, self._api + path, body=body, safe=False)))


def _told(answer: Answer) -> Any:
    if 200 <= answer.status < 300:
        return None if answer.told is UNREADABLE else answer.told
    said = message(answer.told) or f"status {answer.status}"
    if answer.status == 404:
        raise Missing(f"Spotify has no such thing ({said})")
    for words, cure in _CURES.items():
        if words in said.lower():
            raise NotAllowed(f"Spotify refuses everything ({said}): {cure}")
    if "scope" in said.lower():
        raise NotLoggedIn(f"the login does not allow this ({said}): log in again (segue login, or segue login --write)")
    raise Refused(f"Spotify refuses this: {said}", answer.status)
