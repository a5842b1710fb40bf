"""Lists as JSPF, the JSON form of XSPF: only what is known, each value of the kind that XSPF asks for. Pure."""

import json
import re
from typing import Any

from recommender.writing.file_names import address
from recommender.writing.listing import Listed, Listing, link, moment, uri

PLAYLIST_MORE = "https://musicbrainz.org/doc/jspf#playlist"
TRACK_MORE = "https://musicbrainz.org/doc/jspf#track"
"""What MusicBrainz calls its extensions; ours hold only what it names too."""
_URI = re.compile(r"https?://[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]+")
_LONGEST_MS = 2**63 - 1


def jspf(listing: Listing) -> str:
    """Write a list."""
    more = {"last_modified_at": moment(listing.modified_at)}
    playlist = {
        "title": listing.title,
        "creator": listing.creator,
        "annotation": listing.annotation,
        "identifier": _playlist_uri(listing.playlist_id),
        "date": moment(listing.made_at),
        "extension": _extension(PLAYLIST_MORE, more),
        "track": [_track(track) for track in listing.tracks],
    }
    told = {name: value for name, value in playlist.items() if value or name == "track"}
    return json.dumps({"playlist": told}, indent=1) + "\n"


def _track(track: Listed) -> dict[str, Any]:
    # The names apart only where one line does not tell them apart: ", " may be part of a name.
    apart = [{"artist_credit_name": name} for name in track.artists] if len(track.artists) > 1 else []
    more = {"added_at": moment(track.added_at), "additional_metadata": {"artists": apart} if apart else None}
    told = {
        "location": list(filter(None, [address(track.path) if track.path else link(track.track_id)])),
        "identifier": [link(track.track_id) or uri(track.track_id)],
        "title": track.name,
        "creator": ", ".join(track.artists),
        "annotation": "; ".join(track.reasons),
        "album": track.album,
        "duration": track.duration_ms if track.duration_ms and 0 < track.duration_ms <= _LONGEST_MS else None,
        "extension": _extension(TRACK_MORE, more),
    }
    return {name: value for name, value in told.items() if value}


def _extension(kind: str, more: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    told = {name: value for name, value in more.items() if value}
    return {kind: [told]} if told else {}


def _playlist_uri(playlist_id: str) -> str:
    """Give the address of a playlist that has one outside of this database."""
    if re.fullmatch(r"[0-9A-Za-z]{22}", playlist_id):
        return f"https://open.spotify.com/playlist/{playlist_id}"
    return playlist_id if _URI.fullmatch(playlist_id) else ""
