"""Lists as JSON, with all that is known of each track. Pure."""

import json

from recommender.writing.listing import Listed, Listing, link, moment


def whole_json(listing: Listing) -> str:
    """Write a stored list: one object, in plain ASCII, which every pipe and terminal carries whole."""
    playlist = {
        "id": listing.playlist_id,
        "name": listing.title,
        "description": listing.annotation,
        "owner": listing.creator,
        "source": listing.source,
        "modified_at": moment(listing.modified_at) or None,
    }
    told = {"playlist": playlist, "tracks": [_track(track) for track in listing.tracks]}
    return json.dumps(told, indent=1) + "\n"


def _track(track: Listed) -> dict[str, object]:
    return {
        "track_id": track.track_id,
        "name": track.name,
        "artists": track.artists,
        "album": track.album,
        "duration_ms": track.duration_ms,
        "isrc": track.isrc or None,
        "explicit": track.explicit,
        "added_at": moment(track.added_at) or None,
        "link": link(track.track_id) or None,
        "path": track.path or None,
    }
