"""Tracks written back as a new playlist of the user's: made once, filled in order, never twice.

Spotify has no key by which it knows a repeated request: after a lost answer it is looked whether the request arrived.
"""

import asyncio
import html
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from crawler import parse
from crawler.errors import Blocked, CrawlerError, Missing, Refused, Unreachable
from crawler.spotify import ADDED_AT_ONCE, LIST_PAGE, LONGEST_PLAYLIST, Spotify
from db.identity import SPOTIFY_ID

PAUSES_S = (1.0, 4.0, 15.0)
"""After a lost answer, before it is looked whether its request arrived: it may still be under way."""
_LONGEST_DESCRIPTION = 300

Sleep = Callable[[float], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Exported:
    """A playlist that was made."""

    playlist_id: str
    url: str
    added: int
    left_out: int
    """Tracks that are not Spotify's, or beyond the length that a playlist can have."""


async def export_playlist(
    spotify: Spotify,
    name: str,
    description: str,
    track_ids: Sequence[str],
    public: bool,
    sleep: Sleep = asyncio.sleep,
) -> Exported:
    """Make a playlist and put these tracks in, in order.

    description: best one that says when it was made; by it and the name a playlist is known again whose making was
    not answered. Raises Missing, before anything is made, where no track is Spotify's, and what Spotify's methods
    raise; the message then says where the playlist is and how much is in it.
    """
    uris = [f"spotify:track:{track_id}" for track_id in track_ids if SPOTIFY_ID.fullmatch(track_id)][:LONGEST_PLAYLIST]
    if not uris:
        raise Missing("none of these tracks is Spotify's, so no playlist was made: suggest from tracks that are")
    playlist_id = await _make(spotify, name, _plain(description), public=public, sleep=sleep)
    url, added = f"https://open.spotify.com/playlist/{playlist_id}", 0
    try:
        while added < len(uris):
            added += await _add(spotify, playlist_id, uris[added : added + ADDED_AT_ONCE], added, sleep)
    except CrawlerError as error:
        raise _midway(error, f"{url} holds {added:,} of {len(uris):,} tracks") from error
    return Exported(playlist_id, url, added, len(track_ids) - added)


async def _make(spotify: Spotify, name: str, description: str, *, public: bool, sleep: Sleep) -> str:
    """Make the playlist, and give its id."""
    lost = Unreachable("Spotify does not say which playlist it made: look at your playlists")
    for pause in PAUSES_S:
        try:
            if playlist_id := _id(await spotify.create_playlist(name, description, public=public)):
                return playlist_id
        except Unreachable as error:
            lost = error
        await sleep(pause)
        if playlist_id := await _made(spotify, name, description):
            return playlist_id
    raise lost


async def _made(spotify: Spotify, name: str, description: str) -> str | None:
    """Look for the playlist that may have been made: an own one without entries, among the latest."""
    me = parse.me(await spotify.me())
    listed = parse.list_page(await spotify.my_playlists(0, LIST_PAGE), 0, LIST_PAGE)
    told = name.strip(), html.unescape(description).strip(), me.user_id, 0
    same = (f.playlist_id for f in listed.found if (f.name, f.description, f.owner_id, f.total) == told)
    return next(same, None)


async def _add(spotify: Spotify, playlist_id: str, uris: Sequence[str], before: int, sleep: Sleep) -> int:
    """Put tracks behind those that are in the playlist before; counts them."""
    lost: Unreachable | None = None
    for pause in PAUSES_S:
        try:
            await spotify.add_items(playlist_id, uris)
            return len(uris)
        except Unreachable as error:
            lost = error
        await sleep(pause)
        if await _length(spotify, playlist_id, (before, before + len(uris))) > before:
            return len(uris)
    assert lost is not None
    raise lost


async def _length(spotify: Spotify, playlist_id: str, possible: tuple[int, int]) -> int:
    """Count the entries of the playlist; raises Refused where it is none of the possible numbers."""
    page = parse.contents(await spotify.playlist(playlist_id)).page
    if page is None:
        page = parse.page(await spotify.playlist_items(playlist_id, 0), 0, LIST_PAGE)
    if page.total not in possible:
        raise Refused(f"somebody else changes the playlist, in which there are {page.total:,} entries now", 409)
    return page.total


def _id(told: Any) -> str | None:
    playlist_id = told.get("id") if isinstance(told, dict) else None
    return playlist_id if isinstance(playlist_id, str) and SPOTIFY_ID.fullmatch(playlist_id) else None


def _plain(description: str) -> str:
    """Write a description as Spotify takes it: one line without markup."""
    return " ".join(description.replace("<", " ").replace(">", " ").split())[:_LONGEST_DESCRIPTION].strip()


def _midway(error: CrawlerError, where: str) -> CrawlerError:
    """Add to an error of Spotify's what is in the playlist."""
    sentence = f"{error}; {where}"
    if isinstance(error, Blocked):
        return Blocked(sentence, error.until)
    return Refused(sentence, error.status) if isinstance(error, Refused) else type(error)(sentence)
