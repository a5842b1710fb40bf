"""Playlists and users as people name them: ids, URIs, links. Pure."""

import re
from collections.abc import Iterable
from urllib.parse import unquote

from crawler.errors import BadAddress
from db.told import spotify_id

_USER = re.compile(r"(?:https?://)?open\.spotify\.com/(?:intl-[\w-]+/)?user/([^/?#\s]+)|spotify:user:([^:\s]+)")
_USER_ID = re.compile(r"[^\s/?#:]{1,255}")


def playlist_ids(told: Iterable[str]) -> tuple[str, ...]:
    """Read playlists, each once; raises BadAddress."""
    return tuple(dict.fromkeys(map(_playlist_id, told)))


def user_ids(told: Iterable[str]) -> tuple[str, ...]:
    """Read users, each once; raises BadAddress."""
    return tuple(dict.fromkeys(map(_user_id, told)))


def _playlist_id(told: str) -> str:
    found = spotify_id(told, "playlist")
    if found is None:
        raise BadAddress(f"{told!r} is no playlist of Spotify's: give its 22-character id, its URI or its link")
    return found


def _user_id(told: str) -> str:
    told = told.strip()
    if link := _USER.match(told):
        return unquote(link[1] or link[2])
    if not _USER_ID.fullmatch(told):
        raise BadAddress(f"{told!r} is no user of Spotify's: give the name in the link to the profile")
    return told
