"""JSPF, the playlists of ListenBrainz: one playlist in a file, or several as its interface lists them."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from db.identity import MADE_UP_ID
from db.records import Album, Artist, Playlist, PlaylistEntry, Track
from db.told import spotify_id, track_of
from importer.checks import MAX_LONG_TEXT, mapping, mappings, moment, refuse_endless, sequence, text, whole
from importer.contract import Item, ReadOptions, Skipped
from importer.errors import BadFile
from importer.json_file import load
from importer.naming import by_name
from importer.sound_files import sound_path
from importer.source import Source

NAME = "jspf"
ABOUT = "JSPF playlists, such as ListenBrainz gives out (*.jspf, *.json)"

_CURE = "leave --format away, so that the format is recognised"
_UNNAMED = "tracks with neither an id nor a title"
_MARK = re.compile(rb'"playlist"\s*:\s*\{')
_TRACKS = re.compile(rb'"track"\s*:\s*\[')
_PLAYLIST_MORE = "https://musicbrainz.org/doc/jspf#playlist"
_TRACK_MORE = "https://musicbrainz.org/doc/jspf#track"


def recognise(head: bytes, filename: str) -> bool:
    """Tell JSPF by its playlist object with a list called track, or by its suffix."""
    plain = head.replace(b"\0", b"")
    if filename.lower().endswith(".jspf"):
        return True
    return bool(_MARK.search(plain) and (_TRACKS.search(plain) or b'"creator"' in plain))


def read(source: Source, _options: ReadOptions) -> Iterator[Item]:
    """Yield the playlists of a file; raises BadFile."""
    return parse(load(source), source.stem, on_disk=source.member is None)


def parse(data: Any, stem: str, *, on_disk: bool = False) -> Iterator[Item]:
    """Yield the playlists of a parsed file; raises BadFile with the JSON path.

    on_disk: whether the file lies on this disk, so that files it speaks of may do so too.
    """
    if type(data) is dict and "playlist" in data:
        yield from _playlist(data["playlist"], "playlist", stem, on_disk)
    elif type(data) is dict and "playlists" in data:
        for path, told in mappings(data["playlists"], "playlists"):
            if "playlist" not in told:
                raise BadFile('this is no JSPF: it has no "playlist" here', place=path, cure=_CURE)
            yield from _playlist(told["playlist"], f"{path}.playlist", stem, on_disk)
    else:
        raise BadFile('this is no JSPF: it has no "playlist" at the top', cure=_CURE)


def _playlist(told: object, path: str, stem: str, on_disk: bool) -> Iterator[Item]:
    told = mapping(told, path)
    name = text(told.get("title"), f"{path}.title") or stem
    tracks = sequence(told.get("track"), f"{path}.track")
    refuse_endless(len(tracks), f"{path}.track")
    more = _more(told, _PLAYLIST_MORE, path)
    entries = []
    for place, (inside, track_told) in enumerate(mappings(tracks, f"{path}.track")):
        if track := _track(track_told, inside, on_disk):
            added = moment(_more(track_told, _TRACK_MORE, inside).get("added_at"), f"{inside}.extension.added_at")
            entries.append(PlaylistEntry(place, track, added))
    yield Playlist(
        _playlist_id(told, path, name),
        name,
        tuple(entries),
        description=text(told.get("annotation"), f"{path}.annotation", MAX_LONG_TEXT),
        owner=text(told.get("creator"), f"{path}.creator"),
        modified_at=moment(more.get("last_modified_at") or told.get("date"), f"{path}.date"),
    )
    if lost := len(tracks) - len(entries):
        yield Skipped(_UNNAMED, lost)


def _playlist_id(told: dict[str, Any], path: str, name: str) -> str:
    codes = _texts(told.get("identifier"), f"{path}.identifier")
    spotify = (spotify_id(code, "playlist") for code in codes)
    return next(filter(None, spotify), None) or next(iter(codes), None) or by_name(NAME, name)


def _track(told: dict[str, Any], path: str, on_disk: bool) -> Track | None:
    codes = [code for key in ("identifier", "location") for code in _texts(told.get(key), f"{path}.{key}")]
    # A bare 22-character code is an id of Spotify's only where Spotify is spoken of.
    known = [code for code in codes if ("spotify" in code and spotify_id(code)) or MADE_UP_ID.fullmatch(code)]
    album = text(told.get("album"), f"{path}.album")
    track = track_of(
        known[0] if known else "",
        _artists(told, path),
        text(told.get("title"), f"{path}.title"),
        album=Album(album) if album.strip() else None,
        duration_ms=whole(told.get("duration"), f"{path}.duration"),
    )
    files = [found for code in codes if on_disk and (found := sound_path(code))]
    return replace(track, path=files[0]) if track and files else track


def _artists(told: dict[str, Any], path: str) -> tuple[Artist, ...]:
    """Take the artists from the credit that the extension spells out, else the creator as one."""
    details = _more(told, _TRACK_MORE, path).get("additional_metadata")
    credited = details.get("artists") if isinstance(details, dict) else None
    if isinstance(credited, list) and credited:
        inside = f"{path}.extension.artists"
        names = [text(credit.get("artist_credit_name"), place) for place, credit in mappings(credited, inside)]
    else:
        names = [text(told.get("creator"), f"{path}.creator")]
    return tuple([Artist(name) for name in dict.fromkeys(names) if name.strip()])


def _more(told: dict[str, Any], kind: str, path: str) -> dict[str, Any]:
    """Take what an extension tells; JSPF has extensions as lists, ListenBrainz as objects."""
    extension = told.get("extension")
    more = mapping(extension, f"{path}.extension").get(kind) if extension is not None else None
    if type(more) is list:
        more = more[0] if more else None
    return mapping(more, f"{path}.extension") if more is not None else {}


def _texts(told: object, path: str) -> list[str]:
    """Take a text or a list of texts."""
    many = told if type(told) is list else [told]
    return [code for code in (text(one, path) for one in many) if code]
