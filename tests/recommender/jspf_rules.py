"""What a JSPF has to be, from XSPF version 1 and its JSON form: a strict reader that names what is wrong."""

import re
from typing import Any

_TEXTS = {"title", "creator", "annotation"}
_URIS = {"info", "location", "identifier", "image", "license"}
_PLAYLIST = _TEXTS | _URIS | {"date", "attribution", "link", "meta", "extension", "track"}
_TRACK = _TEXTS | {
    "location",
    "identifier",
    "info",
    "image",
    "album",
    "trackNum",
    "duration",
    "link",
    "meta",
    "extension",
}
# An absolute URI of RFC 3986: a scheme, and then only letters that a URI may hold, with whole percent signs.
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:(?:[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})+")
_DATE = re.compile(r"-?\d{4,}-(0[1-9]|1[0-2])-\d\dT([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?(Z|[+-]\d\d:\d\d)")


def faults(data: Any) -> list[str]:
    """List all that is wrong, by JSON path."""
    if not isinstance(data, dict) or list(data) != ["playlist"] or not isinstance(data["playlist"], dict):
        return ["the file is no object with a playlist alone"]
    playlist = data["playlist"]
    found = [f"playlist.{key} is not known" for key in playlist.keys() - _PLAYLIST]
    found += _texts(playlist, _TEXTS, "playlist")
    found += [f"playlist.{key} is no URI" for key in _URIS & playlist.keys() if not _is_uri(playlist[key])]
    if "date" in playlist and not (isinstance(playlist["date"], str) and _DATE.fullmatch(playlist["date"])):
        found.append("playlist.date is no date")
    found += _extensions(playlist, "playlist")
    if not isinstance(playlist.get("track"), list):
        return [*found, "playlist.track is no list"]
    for place, track in enumerate(playlist["track"]):
        found += _track(track, f"playlist.track[{place}]")
    return found


def _track(track: Any, path: str) -> list[str]:
    if not isinstance(track, dict):
        return [f"{path} is no object"]
    found = [f"{path}.{key} is not known" for key in track.keys() - _TRACK]
    found += _texts(track, _TEXTS | {"album"}, path)
    for key in ("location", "identifier"):
        many = track.get(key, [])
        if not isinstance(many, list) or not all(map(_is_uri, many)):
            found.append(f"{path}.{key} is no list of URIs")
    found += [f"{path}.{key} is no URI" for key in {"info", "image"} & track.keys() if not _is_uri(track[key])]
    for key in ("trackNum", "duration"):
        if key in track and (type(track[key]) is not int or track[key] < 0):
            found.append(f"{path}.{key} is no whole number")
    return found + _extensions(track, path)


def _texts(told: dict[str, Any], keys: set[str], path: str) -> list[str]:
    return [f"{path}.{key} is no text" for key in keys & told.keys() if not isinstance(told[key], str)]


def _extensions(told: dict[str, Any], path: str) -> list[str]:
    extensions = told.get("extension", {})
    if not isinstance(extensions, dict):
        return [f"{path}.extension is no object"]
    right = [_is_uri(key) and isinstance(value, list) for key, value in extensions.items()]
    return [] if all(right) else [f"{path}.extension is not a list under each URI"]


def _is_uri(value: Any) -> bool:
    return isinstance(value, str) and bool(_URI.fullmatch(value))
