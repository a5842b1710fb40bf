"""What Spotify tells, as records: only what we store; odd entries are named and counted. Pure.

Every field is taken as optional: what an app is told depends on its kind, and changes.
"""

import html
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

from crawler.errors import Unreachable
from db.found import Found
from db.identity import SPOTIFY_ID
from db.records import Album, Artist, PlaylistEntry, Track
from db.told import track_of

EPISODES, LOCAL, UNAVAILABLE = "episodes", "local files", "unavailable"
"""Odd entries: podcasts (left out), own files (kept where they have a title), and places without a track."""
CUT = "cut at 10,000"
"""Playlists that are longer than Spotify lets anybody read."""
_LONGEST = 10_000
_REPEATED = 50_000
_MARKUP = re.compile(r"<[^<>]*>")


@dataclass(frozen=True, slots=True)
class ListPage:
    """One page of a list of playlists."""

    found: tuple[Found, ...]
    beyond: int
    """The offset of the next page."""
    total: int


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a playlist's entries."""

    start: int
    beyond: int
    """The place after the last that this page is about."""
    total: int
    entries: tuple[PlaylistEntry, ...]
    odd: Counter[str] = field(default_factory=Counter)

    @property
    def hollow(self) -> bool:
        """Tell whether it has places, but nothing in any of them: what asking for fields by other names would give."""
        return not self.entries and 0 < self.odd.total() == self.odd[UNAVAILABLE]

    @property
    def last(self) -> bool:
        """Tell whether nothing comes after this page."""
        return self.beyond >= self.total or self.beyond <= self.start


@dataclass(frozen=True, slots=True)
class Contents:
    """One playlist as it was told; page: its first entries, None where the contents are withheld."""

    found: Found
    page: Page | None


@dataclass(frozen=True, slots=True)
class Me:
    """Who is logged in."""

    user_id: str
    account_id: str
    """Stays the same where user_id changes; user_id where it is not told."""
    name: str


def me(told: Any) -> Me:
    """Read `/me`; raises Unreachable where it is not one."""
    user_id = _text(_mapping(told).get("id"))
    if not user_id:
        raise Unreachable("Spotify does not say who is logged in: run this again, or log in again (segue login)")
    told_id = told.get("account_id")
    return Me(user_id, _text(told_id) or user_id, _text(told.get("display_name")) or user_id)


def list_page(told: Any, offset: int, limit: int) -> ListPage:
    """Read a page of playlists; places that hold nothing, as Spotify's own playlists do, are passed over."""
    page = _mapping(told)
    if isinstance(page.get("playlists"), dict):
        page = page["playlists"]
    items = page.get("items")
    if not isinstance(items, list):
        raise Unreachable("Spotify's list of playlists has none: its form is not one that is known; update Segue")
    found = tuple(playlist for playlist in map(_found, items) if playlist)
    total = _count(page.get("total"))
    beyond = offset + _stride(page, limit)
    return ListPage(found, beyond, total if total is not None else beyond if items else offset)


def contents(told: Any) -> Contents:
    """Read one playlist with its first entries; raises Unreachable where it is none."""
    playlist = _mapping(told)
    found = _found(playlist)
    if found is None:
        raise Unreachable("Spotify's playlist has no id: its form is not one that is known; update Segue")
    envelope = _envelope(playlist)
    if envelope is None or not isinstance(envelope.get("items"), list):
        return Contents(found, None)
    return Contents(found, page(envelope, 0, _count(envelope.get("limit")) or len(envelope["items"]) or 1))


def snapshot(told: Any) -> str | None:
    """Read the snapshot id of a playlist."""
    return _text(_mapping(told).get("snapshot_id")) or None


def page(told: Any, offset: int, limit: int) -> Page:
    """Read a page of entries, of a playlist or of the library; raises Unreachable where it is none."""
    mapping = _mapping(told)
    items = mapping.get("items")
    if not isinstance(items, list):
        raise Unreachable("a page of Spotify's has no entries: its form is not one that is known; update Segue")
    odd: Counter[str] = Counter()
    entries = tuple(
        entry for place, item in enumerate(items) if (entry := _entry(item, offset + place, odd)) is not None
    )
    total = _count(mapping.get("total"))
    beyond = offset + _stride(mapping, limit) if items else offset
    return Page(offset, beyond, beyond if total is None else total, entries, odd)


def _stride(page: Mapping[str, Any], limit: int) -> int:
    """Tell how far a page reaches: as far as asked, or as the smaller limit that it names.

    Not how many it holds: pages have fewer where Spotify leaves some out, and the places after them stay the same.
    """
    told = _count(page.get("limit"))
    return min(limit, told) if told else limit


def _envelope(playlist: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Find what holds the contents: `items` since 2026, `tracks` before; missing where they are withheld."""
    for name in ("items", "tracks"):
        if isinstance(playlist.get(name), dict):
            return playlist[name]  # type: ignore[no-any-return]
    return None


def _found(told: Any) -> Found | None:
    if not isinstance(told, dict):
        return None
    playlist_id = told.get("id")
    if not isinstance(playlist_id, str) or not SPOTIFY_ID.fullmatch(playlist_id):
        return None
    owner = told.get("owner")
    owner = owner if isinstance(owner, dict) else {}
    envelope = _envelope(told)
    return Found(
        playlist_id,
        _text(told.get("name")),
        _plain(_text(told.get("description"))),
        _text(owner.get("id")),
        _text(owner.get("display_name")) or _text(owner.get("id")),
        told.get("collaborative") is True,
        _count(envelope.get("total")) if envelope else None,
        _text(told.get("snapshot_id")) or None,
    )


def _entry(told: Any, position: int, odd: Counter[str]) -> PlaylistEntry | None:
    # The track itself may have keys named "track" and "episode", which are true or false.
    media = (told.get("item") or told.get("track")) if isinstance(told, dict) else None
    if not isinstance(media, dict):
        odd[UNAVAILABLE] += 1
        return None
    if media.get("type") == "episode":
        odd[EPISODES] += 1
        return None
    if local := told.get("is_local") is True or media.get("is_local") is True:
        odd[LOCAL] += 1
    track = _local_track(media) if local else _track(media)
    if track is None:
        odd[UNAVAILABLE] += not local
        return None
    return PlaylistEntry(position, track, _moment(told.get("added_at")))


def _track(media: Mapping[str, Any]) -> Track | None:
    track_id = media.get("id")
    if not isinstance(track_id, str) or not SPOTIFY_ID.fullmatch(track_id):
        return None
    codes = media.get("external_ids")
    isrc = _text(codes.get("isrc")) if isinstance(codes, dict) else ""
    return Track(
        track_id,
        _text(media.get("name")),
        _artists(media),
        _album(media.get("album")),
        _count(media.get("duration_ms")) or None,
        isrc.upper() or None,
        _count(media.get("popularity")),
        _flag(media.get("explicit")),
    )


def _local_track(media: Mapping[str, Any]) -> Track | None:
    album = _album(media.get("album"))
    return track_of(
        _text(media.get("uri")),
        _artists(media),
        _text(media.get("name")),
        album=album and Album(album.name),
        duration_ms=_count(media.get("duration_ms")) or None,
    )


def _artists(media: Mapping[str, Any]) -> tuple[Artist, ...]:
    told = media.get("artists")
    if not isinstance(told, list):
        return ()
    dicts = [artist for artist in told if isinstance(artist, dict)]
    credited = [_artist(_str(artist.get("name")), _str(artist.get("id"))) for artist in dicts]
    return tuple([artist for artist in credited if artist])


# Artists and albums come again and again.
@lru_cache(_REPEATED)
def _artist(name: str, artist_id: str) -> Artist | None:
    return Artist(told, _id(artist_id)) if (told := _text(name)) else None


def _album(told: Any) -> Album | None:
    if not isinstance(told, dict):
        return None
    return _album_told(_str(told.get("name")), _str(told.get("id")), _str(told.get("release_date")))


@lru_cache(_REPEATED)
def _album_told(name: str, album_id: str, release_date: str) -> Album | None:
    return Album(told, _id(album_id), _text(release_date) or None) if (told := _text(name)) else None


def _id(told: Any) -> str | None:
    return told if isinstance(told, str) and SPOTIFY_ID.fullmatch(told) else None


def _moment(told: Any) -> int | None:
    """Read a time as Spotify writes it: seconds since 1970; very old entries have none, or the year 1970."""
    if not isinstance(told, str):
        return None
    try:
        moment = datetime.fromisoformat(told)
    except ValueError:
        return None
    return max(0, int(moment.timestamp())) or None if moment.tzinfo else None


def _count(told: Any) -> int | None:
    """Read a number of 0 or more; some come as 56.0."""
    if isinstance(told, bool) or not isinstance(told, int | float) or not 0 <= told < 2**53:
        return None
    return int(told)


def _flag(told: Any) -> bool | None:
    return told if isinstance(told, bool) else None


def _str(told: Any) -> str:
    return told if type(told) is str else ""


def _text(told: Any) -> str:
    if type(told) is not str:
        return ""
    return told[:_LONGEST].replace("\0", " ").strip() if "\0" in told or len(told) > _LONGEST else told.strip()


def _plain(described: str) -> str:
    """Take a description's markup out: Spotify escapes it, and puts links in."""
    return html.unescape(_MARKUP.sub("", described)).strip() if described else ""


def _mapping(told: Any) -> Mapping[str, Any]:
    return told if isinstance(told, dict) else {}
