"""Slices of the Million Playlist Dataset, in their genuine schema and with fields left out."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from db.records import Album, Artist, Playlist, PlaylistEntry, Track
from db.told import spotify_id, track_of
from importer.checks import (
    MAX_INTEGER,
    MAX_LONG_TEXT,
    MAX_TEXT,
    mapping,
    refuse_endless,
    sequence,
    text,
    whole,
)
from importer.contract import Item, ReadOptions, Skipped
from importer.credits import split_credit
from importer.errors import BadFile
from importer.json_file import load
from importer.source import Source

NAME = "mpd"
ABOUT = "slices of the Million Playlist Dataset (mpd.slice.*.json), also with fields left out"

_UNNAMED = "tracks with neither an id nor a title"
_PLAYLISTS = re.compile(rb'"playlists"\s*:\s*\[')
_ENTRY = re.compile(rb'"track_uri"|"pid"\s*:')


def recognise(head: bytes, filename: str) -> bool:
    """Tell a slice by its playlists with track URIs or pids, or by its well-known name."""
    plain = head.replace(b"\0", b"")  # UTF-16 reads as ASCII that way
    return bool(_PLAYLISTS.search(plain) and _ENTRY.search(plain)) or filename.startswith("mpd.slice.")


def read(source: Source, _options: ReadOptions) -> Iterator[Item]:
    """Yield the playlists of a slice; raises BadFile."""
    return parse(load(source))


def parse(data: Any) -> Iterator[Item]:
    """Yield the playlists of a parsed slice, and forget what is read of it; raises BadFile with the JSON path."""
    if type(data) is not dict or type(data.get("playlists")) is not list:
        cure = "leave --format away, so that the format is recognised"
        raise BadFile('this is no slice of playlists: it has no list "playlists" at the top', cure=cure)
    known = _Known()
    lists = data["playlists"]
    for number, told in enumerate(lists):
        path, lists[number] = f"playlists[{number}]", None
        playlist = _playlist(mapping(told, path), path, known)
        yield playlist
        if lost := len(told["tracks"]) - len(playlist.entries):
            yield Skipped(_UNNAMED, lost)


def _playlist(told: dict[str, Any], path: str, known: "_Known") -> Playlist:
    pid = whole(told.get("pid"), f"{path}.pid")
    if pid is None:
        raise BadFile("the playlist has no pid", place=path, cure="if this is no slice of the MPD, name its --format")
    entries = _entries(sequence(told.get("tracks"), f"{path}.tracks"), f"{path}.tracks", known)
    ids = "".join([entry.track.track_id for entry in entries])
    return Playlist(
        f"mpd:{pid}:{hashlib.blake2b(ids.encode(), digest_size=8).hexdigest()}",
        text(told.get("name"), f"{path}.name"),
        entries,
        description=text(told.get("description"), f"{path}.description", MAX_LONG_TEXT),
        followers=whole(told.get("num_followers"), f"{path}.num_followers"),
        modified_at=whole(told.get("modified_at"), f"{path}.modified_at"),
    )


def _entries(told: list[Any], path: str, known: "_Known") -> tuple[PlaylistEntry, ...]:
    """Make the entries at the positions that the file gives, or in its order where those are no positions.

    This is the inner loop of a whole import: one look-up for each entry, all checks once for each distinct track.
    """
    refuse_endless(len(told), path)
    tracks = _tracks(told, path, known)
    places = [entry.get("pos") for entry in told]
    if not _are_positions(places):
        places = list(range(len(tracks)))
    return tuple([PlaylistEntry(place, track) for place, track in zip(places, tracks, strict=True) if track])


def _tracks(told: list[Any], path: str, known: "_Known") -> list[Track | None]:
    seen = known.tracks
    try:
        return [seen.get(entry["track_uri"]) or known.learn(entry, path, place) for place, entry in enumerate(told)]
    except (KeyError, TypeError):  # something is no object, or has no URI, or one that is no text
        return [known.learn(entry, path, place) for place, entry in enumerate(told)]


@dataclass(slots=True)
class _Known:
    """What a file has told so far, each once."""

    tracks: dict[str, Track] = field(default_factory=dict)
    """By URI."""
    artists: dict[str, tuple[Artist, ...]] = field(default_factory=dict)
    """Credits, by the artist's URI where the row has one, else by themselves."""
    albums: dict[str, Album] = field(default_factory=dict)
    """By album URI."""

    def learn(self, entry: object, path: str, number: int) -> Track | None:
        """Make the track of an entry, checked; raises BadFile with the JSON path."""
        told = entry if type(entry) is dict else mapping(entry, f"{path}[{number}]")
        track = self._plain(told) or _track(told, f"{path}[{number}]")
        if track and track.name and (uri := told.get("track_uri")):
            self.tracks[uri] = track  # a nameless one is not kept: a later entry may tell its name
        return track

    def _plain(self, entry: dict[str, Any]) -> Track | None:
        """Make the track of a row with nothing odd in it, the fast road for millions; None for any other row."""
        get = entry.get
        title, credit, artist_uri = get("track_name", ""), get("artist_name", ""), get("artist_uri", "")
        album, album_uri, duration = get("album_name", ""), get("album_uri", ""), get("duration_ms")
        try:
            told = "".join((title, credit, artist_uri, album, album_uri))
            track_id = _id(entry["track_uri"], "spotify:track:")
        except (KeyError, TypeError, AttributeError):
            return None
        # Half characters need no look: the JSON parser has refused them already.
        if track_id is None or len(told) > MAX_TEXT or "\0" in told:
            return None
        if duration is not None and (type(duration) is not int or not 0 <= duration <= MAX_INTEGER):
            return None
        artists = self.artists.get(artist_uri or credit) or self._credit(credit, artist_uri)
        release = self.albums.get(album_uri)
        if release is None and (album_uri or album):
            release = _release(album, album_uri)
            if album_uri:
                self.albums[album_uri] = release
        return Track(track_id, title, artists, release, duration)

    def _credit(self, credit: str, artist_uri: str) -> tuple[Artist, ...]:
        artists = _credited(credit, artist_uri)
        if artists and (artists[0].artist_id or not artist_uri):
            self.artists[artist_uri or credit] = artists
        return artists


def _id(uri: str, start: str) -> str | None:
    """Cut the id out of a URI as Spotify writes it; several times as fast as spotify_id, which knows all spellings."""
    code = uri[len(start) :]
    return code if len(code) == 22 and uri.startswith(start) and code.isalnum() and code.isascii() else None


def _are_positions(places: list[Any]) -> bool:
    if places == list(range(len(places))):
        return True
    return all(type(place) is int and 0 <= place < 2**31 for place in places) and len(set(places)) == len(places)


def _track(told: dict[str, Any], path: str) -> Track | None:
    title = text(told.get("track_name"), f"{path}.track_name")
    uri = text(told.get("track_uri"), f"{path}.track_uri")
    return track_of(
        uri,
        _artists(told, path),
        title,
        album=_album(told, path),
        duration_ms=whole(told.get("duration_ms"), f"{path}.duration_ms"),
    )


def _artists(told: dict[str, Any], path: str) -> tuple[Artist, ...]:
    credit = text(told.get("artist_name"), f"{path}.artist_name")
    return _credited(credit, text(told.get("artist_uri"), f"{path}.artist_uri"))


def _credited(credit: str, uri: str) -> tuple[Artist, ...]:
    """Take a credit with an artist's URI as that one artist; a bare one may name several."""
    if not credit.strip():
        return ()
    if artist_id := _id(uri, "spotify:artist:") or spotify_id(uri, "artist"):
        return (Artist(credit, artist_id),)
    return tuple([Artist(name) for name in split_credit(credit)])


def _album(told: dict[str, Any], path: str) -> Album | None:
    name = text(told.get("album_name"), f"{path}.album_name")
    uri = text(told.get("album_uri"), f"{path}.album_uri")
    return _release(name, uri) if name or uri else None


def _release(name: str, uri: str) -> Album:
    return Album(name, _id(uri, "spotify:album:") or spotify_id(uri, "album"))
