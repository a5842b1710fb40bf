"""ReccoBeats: audio features in Spotify's units, for everybody; asked by Spotify's id, then by ISRC.

One small operator runs it, without a promise: it is asked gently, and what it does not have is remembered.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from crawler.errors import Missing, NotLoggedIn, Refused
from crawler.features.contract import Fetched, in_parts
from crawler.features.records import Details, Record, by_code, by_track_id, choose, details, isrc_of, records
from crawler.pacing import message
from crawler.transport import Request, Transport
from db.identity import SPOTIFY_ID
from db.lacking import Asked

AT_ONCE = 40
"""More ids are dropped or refused."""
PACE_S = 0.5
"""Between two requests."""


class ReccoBeats:
    """The provider. place: its base URL."""

    name = "reccobeats"
    foreign = True
    at_once = AT_ONCE
    by_isrc = True

    def __init__(self, transport: Transport, place: str) -> None:
        self._transport, self._place = transport, place

    async def fetch(self, asked: Sequence[Asked]) -> Fetched:
        """Ask by Spotify's ids, and for what is left by ISRC."""
        named = [one for one in asked if SPOTIFY_ID.fullmatch(one.track_id)]
        told = await in_parts(named, AT_ONCE, self._by_id)
        unnamed = {one.track_id for one in asked if not SPOTIFY_ID.fullmatch(one.track_id)}
        left = [one for one in asked if one.track_id in told.missing | unnamed]
        coded = [one for one in left if isrc_of(one.isrc)]
        codeless = frozenset(one.track_id for one in left) - {one.track_id for one in coded}
        known = Fetched(told.found, codeless, told.trouble)
        return known | await in_parts(coded, AT_ONCE, self._by_isrc)

    async def _by_id(self, asked: Sequence[Asked]) -> Fetched:
        ids = [one.track_id for one in asked]
        found = by_track_id(records(await self._get("/v1/audio-features", ids)), ids)
        return Fetched(found, frozenset(ids) - found.keys())

    async def _by_isrc(self, asked: Sequence[Asked]) -> Fetched:
        codes = dict.fromkeys(isrc_of(one.isrc) for one in asked)
        there = by_code(records(await self._get("/v1/audio-features", [*codes])), codes)
        known = await self._details([record for several in there.values() if len(several) > 1 for record in several])
        chosen = {
            one.track_id: choose(one, there[isrc_of(one.isrc)], known) for one in asked if there[isrc_of(one.isrc)]
        }
        found = {track_id: features for track_id, record in chosen.items() if (features := record.features(track_id))}
        return Fetched(found, frozenset(one.track_id for one in asked) - found.keys())

    async def _details(self, unclear: Sequence[Record]) -> Mapping[str, Details]:
        """Ask for what tells records of one ISRC apart."""
        ids = [record.own_id for record in unclear if record.own_id]
        known: dict[str, Details] = {}
        for start in range(0, len(ids), AT_ONCE):
            known |= details(await self._get("/v1/track", ids[start : start + AT_ONCE]))
        return known

    async def _get(self, path: str, ids: Sequence[str]) -> Any:
        try:
            answer = await self._transport.send(Request("GET", self._place + path, {"ids": ",".join(ids)}))
        except NotLoggedIn:
            raise Refused("ReccoBeats wants a login, which it never did: update Segue", 401) from None
        if 200 <= answer.status < 300:
            return answer.told
        said = message(answer.told) or "no reason given"
        if answer.status == 404:
            raise Missing(f"ReccoBeats has no such place ({said}): update Segue, or leave it out (--provider spotify)")
        raise Refused(f"ReccoBeats refuses this ({said}, status {answer.status}): run this again later", answer.status)
