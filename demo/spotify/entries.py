"""The entries of playlists and of the liked songs as Spotify's JSON, odd ones too."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any
from urllib.parse import quote_plus

import orjson

from demo import names
from demo.ids import Kind
from demo.oddities import Odd
from demo.spotify.bodies import Bodies
from demo.spotify.library import Entry

_EPISODE_MS = 1_860_000
_FIRST_DAY = date(1970, 1, 1).toordinal()


@dataclass(frozen=True, slots=True)
class Wanted:
    """How entries are asked for."""

    market: bool = False
    """Whether a market was named: it tells what is playable."""
    episodes: bool = False
    """Whether the asker can take episodes."""


def entries_told(bodies: Bodies, entries: Iterable[Entry], wanted: Wanted) -> bytes:
    """Write entries out as a JSON array."""
    return b"[" + b",".join([_entry(bodies, entry, wanted) for entry in entries]) + b"]"


def liked_told(bodies: Bodies, entries: Iterable[Entry], wanted: Wanted) -> bytes:
    """Write liked songs out as a JSON array; their key stays `track` in every regime."""
    told = [b'{"added_at":"%s","track":%s}' % (moment(e.added_at), _media(bodies, e, wanted)) for e in entries]
    return b"[" + b",".join(told) + b"]"


def moment(seconds: int) -> bytes:
    """Write a time as Spotify does."""
    days, rest = divmod(seconds, 86_400)
    return b"%sT%02d:%02d:%02dZ" % (_day(days), rest // 3600, rest // 60 % 60, rest % 60)


@lru_cache(maxsize=4096)
def _day(days: int) -> bytes:
    return date.fromordinal(_FIRST_DAY + days).isoformat().encode()


def song_told(bodies: Bodies, number: int, market: bool) -> bytes:
    """Write a song out."""
    return bodies.song(number) + (b',"is_playable":true}' if market else b"}")


def _entry(bodies: Bodies, entry: Entry, wanted: Wanted) -> bytes:
    if entry.odd is Odd.NOTHING:
        return b"null"
    media = _media(bodies, entry, wanted)
    local = b"true" if entry.odd in (Odd.LOCAL, Odd.BARE_LOCAL) else b"false"
    added = b"null" if entry.odd is Odd.UNDATED else b'"%s"' % moment(entry.added_at)
    keys = b'"track":%s,"item":%s' % (media, media) if bodies.regime.full else b'"item":%s' % media
    return b'{"added_at":%s,"added_by":%s,"is_local":%s,"primary_color":null,%s,"video_thumbnail":{"url":null}}' % (
        added,
        _adder(bodies, entry),
        local,
        keys,
    )


def _adder(bodies: Bodies, entry: Entry) -> bytes:
    if entry.odd is Odd.NO_ADDER:
        return b"null"
    if entry.odd is Odd.EMPTY_ADDER:
        told = {**bodies.thing("user", ""), "external_urls": {"spotify": ""}}
        return orjson.dumps(told)
    return bodies.adder(entry.adder)


def _media(bodies: Bodies, entry: Entry, wanted: Wanted) -> bytes:
    playable = b',"is_playable":true' if wanted.market else b""
    match entry.odd:
        case Odd.NO_MEDIA:
            return b"null"
        case Odd.LOCAL | Odd.BARE_LOCAL:
            return orjson.dumps(_local(bodies, entry.song, entry.odd is Odd.BARE_LOCAL))
        case Odd.EPISODE:
            return _episode(bodies, entry.song, wanted)
        case Odd.UNAVAILABLE:
            return _unavailable(bodies, entry.song, wanted)
        case Odd.FLAGGED:
            return bodies.song(entry.song) + playable + b',"track":true,"episode":false}'
        case Odd.LINKED if bodies.regime.full:
            before = bodies.thing("track", bodies.world.id_of(Kind.OLD_SONG, entry.song))
            return bodies.song(entry.song) + playable + b',"linked_from":%s}' % orjson.dumps(before)
    return bodies.song(entry.song) + playable + b"}"


def _local(bodies: Bodies, luck: int, bare: bool) -> dict[str, Any]:
    artist, album = ("", "") if bare else (names.artist(luck % 999, luck), names.album(1, luck, luck))
    title = names.title(1, luck, luck)
    uri = ":".join(["spotify", "local", *(quote_plus(part) for part in (artist, album, title)), str(180 + luck % 60)])
    nothing: dict[str, Any] = {"external_urls": {}, "href": None, "id": None, "uri": None}
    told: dict[str, Any] = {
        "album": {**nothing, "album_type": None, "artists": [], "images": [], "name": album, "release_date": None,
                  "release_date_precision": None, "type": "album"},
        "artists": [{**nothing, "name": artist, "type": "artist"}],
        "disc_number": 0,
        "duration_ms": (180 + luck % 60) * 1000,
        "explicit": False,
        "external_ids": {},
        **nothing,
        "is_local": True,
        "name": title,
        "preview_url": None,
        "track_number": 0,
        "type": "track",
        "uri": uri,
    }  # fmt: skip
    return told | ({"available_markets": [], "popularity": 0} if bodies.regime.full else {})


def _episode(bodies: Bodies, luck: int, wanted: Wanted) -> bytes:
    if not wanted.episodes and luck % 2:
        return b"null"
    thing = bodies.thing("episode", bodies.world.id_of(Kind.EPISODE, luck))
    show = bodies.thing("show", bodies.world.id_of(Kind.SHOW, luck // 10))
    name, show_name = f"Episode {luck % 300}: {names.title(2, luck, luck)}", f"{names.artist(luck % 999, luck)} talks"
    if not wanted.episodes:
        return orjson.dumps(_pressed(thing, show, name, show_name))
    about = {"description": "Somebody talks.", "html_description": "<p>Somebody talks.</p>", "explicit": False}
    common = {**about, "images": bodies.images(show["id"]), "is_externally_hosted": False, "languages": ["en"]}
    told = {
        "audio_preview_url": None,
        **common,
        **thing,
        "duration_ms": _EPISODE_MS,
        "is_playable": True,
        "language": "en",
        "name": name,
        "release_date": "2024-05-17",
        "release_date_precision": "day",
        "show": {
            **common,
            **show,
            "available_markets": ["DE", "GB", "US"],
            "copyrights": [],
            "media_type": "audio",
            "name": show_name,
            "publisher": show_name,
            "total_episodes": 300,
        },
    }
    return orjson.dumps(told)


def _pressed(thing: dict[str, Any], show: dict[str, Any], name: str, show_name: str) -> dict[str, Any]:
    """Press an episode into the shape of a track, for those who did not ask for episodes."""
    nobody: dict[str, Any] = {"external_urls": {}} | dict.fromkeys(("href", "id", "name", "type", "uri"))
    return {
        **thing,
        "album": {**show, "artists": [], "images": [], "name": show_name},
        "artists": [nobody],
        "duration_ms": _EPISODE_MS,
        "episode": True,
        "explicit": False,
        "is_local": False,
        "name": name,
        "track": False,
    }


def _unavailable(bodies: Bodies, number: int, wanted: Wanted) -> bytes:
    told: dict[str, Any] = orjson.loads(bodies.song(number) + b"}")
    for named in (told, told["album"], *told["artists"]):
        named["name"] = ""
    if bodies.regime.full:
        told["available_markets"] = []
    if wanted.market:
        told["is_playable"] = False
    return orjson.dumps(told)
