"""Songs, artists, albums and playlists as the objects that Spotify's clients expect. Pure.

What is not known here is there all the same, because clients read it: no followers, no markets; 0 for a popularity or a
length that nobody told, the year 0000 for a date, as Spotify itself writes it; 0 for how many tracks an album has, and
for the place of a track in it. Albums have Segue's own picture for a cover, in the three sizes that apps take the first
or the last of; artists and playlists have none, as some have none at Spotify.
"""

import re
from collections.abc import Mapping
from typing import Any, Literal
from urllib.parse import quote, urlencode

from db.library import ArtistRow
from db.listed import PlaylistRow
from db.spotify_facts import AlbumTold, ArtistTold, TrackTold
from web.spotify.ids import is_made_up, shown

_DATE = re.compile(r"([1-9]\d{3})(?:-(0[1-9]|1[0-2])(?:-(0[1-9]|[12]\d|3[01]))?)?(?![\d-])")
_PRECISIONS = {4: "year", 7: "month", 10: "day"}
_UNTOLD: dict[str, int] = {"key": -1, "mode": 0, "tempo": 0, "time_signature": 0}
"""What Spotify writes where it could not tell; of what else is not known nothing is written."""
_SIZES = (640, 300, 64)
_OF_SPOTIFY = re.compile(r"[0-9A-Za-z]{22}")

Object = dict[str, Any]
Kind = Literal["track", "artist", "album", "playlist"]


class Maker:
    """Makes objects whose addresses lead to one server."""

    def __init__(self, base: str, cover: str, *, in_market: bool = False, names_owners: bool = True) -> None:
        """Begin. base: such as http://127.0.0.1:8484/v1; cover: the address of a picture that stands for any album.

        in_market: whether a market was named.
        """
        self.base, self.in_market = base, in_market
        self._cover = cover
        self._markets: Object = {"is_playable": True} if in_market else {"available_markets": []}
        self._names_owners = names_owners

    def address(self, path: str, **query: str | int) -> str:
        """Give an address of this server."""
        return f"{self.base}/{path}?{urlencode(query)}"

    def track(self, told: TrackTold) -> Object:
        """Give a full track."""
        return {
            "album": self.album(told.album),
            "artists": [self.artist_name(one) for one in told.artists],
            **self._markets,
            "disc_number": 1,
            "duration_ms": max(told.duration_ms or 0, 0),
            "explicit": told.explicit,
            "external_ids": {"isrc": told.isrc} if told.isrc else {},
            **self._place("track", told.track_id),
            "is_local": False,
            "name": told.name,
            "popularity": told.popularity or 0,
            "preview_url": None,
            "track_number": 0,
        }

    def artist_name(self, told: ArtistRow) -> Object:
        """Give an artist as credits name them."""
        return {**self._place("artist", told.artist_id), "name": told.name}

    def artist(self, told: ArtistTold) -> Object:
        """Give a full artist."""
        return {
            **self._place("artist", told.artist_id),
            "followers": {"href": None, "total": 0},
            "genres": list(told.genres),
            "images": [],
            "name": told.name,
            "popularity": 0,
        }

    def album(self, told: AlbumTold) -> Object:
        """Give a simplified album."""
        found = _DATE.match(told.released)
        date = found[0] if found else "0000"
        return {
            "album_type": "album",
            "artists": [self.artist_name(one) for one in told.artists],
            "available_markets": [],
            **self._place("album", told.album_id),
            "images": [{"height": size, "url": self._cover, "width": size} for size in _SIZES],
            "name": told.name,
            "release_date": date,
            "release_date_precision": _PRECISIONS[len(date)],
            "total_tracks": 0,
        }

    def features(self, track_id: str, duration_ms: int | None, audio: Mapping[str, float]) -> Object:
        """Give the audio features of a track."""
        own = shown(track_id)
        sound = {**_UNTOLD, **audio}
        return {
            **sound,
            **{name: round(sound[name]) for name in ("key", "mode", "time_signature")},
            "analysis_url": f"{self.base}/audio-analysis/{own}",
            "duration_ms": max(duration_ms or 0, 0),
            "id": own,
            "track_href": f"{self.base}/tracks/{own}",
            "type": "audio_features",
            "uri": f"spotify:track:{own}",
        }

    def playlist(self, told: PlaylistRow) -> Object:
        """Give a simplified playlist."""
        owner = told.owner if self._names_owners else ""
        tracks = {"href": f"{self.base}/playlists/{quote(told.playlist_id, safe='')}/tracks", "total": told.entries}
        return {
            "collaborative": False,
            "description": told.description,
            **self._place("playlist", told.playlist_id),
            "images": [],
            "items": tracks,
            "name": told.name,
            "owner": {
                "display_name": owner or None,
                "external_urls": {},
                "href": f"{self.base}/users/{quote(owner, safe='')}",
                "id": owner,
                "type": "user",
                "uri": f"spotify:user:{quote(owner, safe='')}",
            },
            "primary_color": None,
            "public": False,
            "snapshot_id": f"{told.modified_at or 0}",
            "tracks": tracks,
        }

    def _place(self, kind: Kind, raw_id: str) -> Object:
        """Tell what a thing is, and where it is found: here, and at Spotify where it is known there."""
        if not raw_id:
            return {"external_urls": {}, "href": "", "id": "", "type": kind, "uri": ""}
        own = quote(shown(raw_id), safe="")
        is_theirs = not is_made_up(raw_id) and _OF_SPOTIFY.fullmatch(raw_id)
        return {
            "external_urls": {"spotify": f"https://open.spotify.com/{kind}/{own}"} if is_theirs else {},
            "href": f"{self.base}/{kind}s/{own}",
            "id": shown(raw_id),
            "type": kind,
            "uri": f"spotify:{kind}:{own}",
        }
