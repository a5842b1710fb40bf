"""Spotify's own audio features, which only apps with a grant from before 2024-11-27 still get."""

from collections.abc import Mapping, Sequence
from typing import Any

from crawler.errors import Unreachable
from crawler.features.contract import Fetched, in_parts
from crawler.features.values import features_of, text
from crawler.spotify import FEATURES_AT_ONCE, Spotify
from db.identity import SPOTIFY_ID
from db.lacking import Asked
from db.records import AudioFeatures


class SpotifyFeatures:
    """The provider."""

    name = "spotify"
    foreign = False
    at_once = FEATURES_AT_ONCE
    by_isrc = False

    def __init__(self, spotify: Spotify) -> None:
        self._spotify = spotify

    async def fetch(self, asked: Sequence[Asked]) -> Fetched:
        """Ask by Spotify's ids."""
        return await in_parts([one for one in asked if SPOTIFY_ID.fullmatch(one.track_id)], self.at_once, self._part)

    async def _part(self, asked: Sequence[Asked]) -> Fetched:
        ids = [one.track_id for one in asked]
        found = read(await self._spotify.audio_features(ids), ids)
        return Fetched(found, frozenset(ids) - found.keys())


def read(told: Any, ids: Sequence[str]) -> dict[str, AudioFeatures]:
    """Read an answer: by the ids in it, and by place where Spotify tells a track under the id that it is linked to.

    Raises Unreachable where it is none.
    """
    entries = told.get("audio_features") if isinstance(told, dict) else None
    if not isinstance(entries, list):
        raise Unreachable("Spotify's answer has no audio features: its form is not one that is known; update Segue")
    named = {text(entry.get("id")): entry for entry in entries if isinstance(entry, dict)}
    placed = dict(zip(ids, entries, strict=False)) if _in_place(entries, ids) else {}
    found = {}
    for track_id in ids:
        entry = named.get(track_id) or placed.get(track_id)
        if isinstance(entry, dict) and (features := features_of(entry, track_id)):
            found[track_id] = features
    return found


def _in_place(entries: Sequence[Any], ids: Sequence[str]) -> bool:
    """Tell whether entries stand at the places of their ids: none that was asked for stands only elsewhere."""
    if len(entries) != len(ids):
        return False
    there = {(track_id, _id(entry)) for track_id, entry in zip(ids, entries, strict=True)}
    return all((told, told) in there for _, told in there if told in ids)


def _id(entry: Any) -> str:
    return text(entry.get("id")) if isinstance(entry, Mapping) else ""
