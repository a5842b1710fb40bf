"""What Spotify mails a user who asks for their data: playlists, the liked songs, and both streaming histories."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from db.records import Album, Artist, Play, Playlist, PlaylistEntry, Track
from db.told import track_of
from importer.checks import MAX_LONG_TEXT, mapping, mappings, moment, refuse_endless, sequence, text, whole
from importer.contract import Item, PlayLog, ReadOptions, Skipped
from importer.errors import BadFile
from importer.json_file import load
from importer.naming import by_name
from importer.source import Source

NAME = "spotify-export"
ABOUT = (
    "Spotify's own export (Playlist1.json, YourLibrary.json, StreamingHistory_music_0.json, "
    "Streaming_History_Audio_*.json); plays of less than 30 seconds do not count; --listener tells "
    "the playlists of several people apart"
)

SHORTEST_PLAY_MS = 30_000
"""Spotify itself counts a stream from 30 seconds on."""
LIKED = "Liked Songs"

_UNNAMED = "tracks with neither an id nor a title"
_HELD = "plays of the short history, which the extended history beside it holds"
_SHORT = "plays of less than 30 seconds"
_NO_MUSIC = "podcast episodes and audiobook chapters"
_MARKS = tuple(
    re.compile(mark)
    for mark in (
        rb'"playlists"\s*:\s*\[.*"(?:lastModifiedDate|trackUri|items)"\s*:',
        rb'^\s*\{\s*"tracks"\s*:\s*\[\s*\{[^}]*"(?:artist|track)"\s*:[^}]*"uri"\s*:\s*"spotify:',
        rb'^\s*\{\s*"tracks"\s*:\s*\[\s*\]\s*,\s*"albums"\s*:',
        rb'"endTime"\s*:.*"trackName"\s*:.*"msPlayed"|"msPlayed"\s*:.*"trackName"',
        rb'"master_metadata_track_name"\s*:',
    )
)
_NAMES = re.compile(
    r"(?:Playlist\d+|YourLibrary|StreamingHistory(?:_music_)?\d+|Streaming_History_Audio_.*|endsong_\d+)\.json"
)
_EXTENDED = re.compile(r"(?:Streaming_History_Audio_.*|endsong_\d+)\.json(?:\.gz)?")
_YEARS = re.compile(r"_(?:19|20)\d\d(?:-(?:19|20)?\d\d)?(?=[_.])")


def recognise(head: bytes, filename: str) -> bool:
    """Tell an export's file by its keys, or by its name when it is a JSON file."""
    plain = head.replace(b"\0", b"").removeprefix(b"\xef\xbb\xbf").replace(b"\n", b" ")
    return any(mark.search(plain) for mark in _MARKS) or (
        bool(_NAMES.fullmatch(filename)) and plain.lstrip()[:1] in (b"{", b"[")
    )


def read(source: Source, options: ReadOptions) -> Iterator[Item]:
    """Yield the playlists or the plays of one file; raises BadFile."""
    data = load(source)
    if _is_short(data) and _extended_comes_too(source, options.given):
        return iter((Skipped(_HELD, len(data)),))
    return parse(data, source.filename, options.listener)


def _is_short(data: Any) -> bool:
    return type(data) is list and bool(data) and all(type(play) is dict and "msPlayed" in play for play in data)


def _extended_comes_too(source: Source, given: Sequence[Path]) -> bool:
    """Tell whether this import brings an extended history from the same folder, hence of the same listener."""
    beside = [path.name for path in given if path.parent == source.path.parent] if source.named else source.neighbours()
    return any(_EXTENDED.fullmatch(name) for name in beside)


def parse(data: Any, filename: str, listener: str | None) -> Iterator[Item]:
    """Yield the playlists or the plays of one parsed file; raises BadFile with the JSON path."""
    if type(data) is list:
        return _plays(data, _YEARS.sub("", filename), listener)
    if type(data) is dict and "playlists" in data:
        return _playlists(data["playlists"], listener)
    if type(data) is dict and "tracks" in data:
        return _library(data["tracks"], listener)
    cure = "of an export, Playlist*.json, YourLibrary.json and the streaming histories are read"
    raise BadFile("this JSON holds neither playlists nor tracks nor plays", cure=cure)


def _playlists(told: object, listener: str | None) -> Iterator[Item]:
    for path, playlist in mappings(told, "playlists"):
        name = text(playlist.get("name"), f"{path}.name")
        skipped: Counter[str] = Counter()
        yield Playlist(
            by_name(NAME, name, listener),
            name,
            _entries(playlist.get("items"), f"{path}.items", skipped),
            description=text(playlist.get("description"), f"{path}.description", MAX_LONG_TEXT),
            followers=whole(playlist.get("numberOfFollowers"), f"{path}.numberOfFollowers"),
            modified_at=moment(playlist.get("lastModifiedDate"), f"{path}.lastModifiedDate"),
        )
        yield from (Skipped(reason, count) for reason, count in skipped.items())


def _entries(told: object, path: str, skipped: Counter[str]) -> tuple[PlaylistEntry, ...]:
    refuse_endless(len(sequence(told, path)), path)
    entries = []
    for place, (inside, item) in enumerate(mappings(told, path)):
        track = _item_track(item, inside)
        if track:
            entries.append(PlaylistEntry(place, track, moment(item.get("addedDate"), f"{inside}.addedDate")))
        else:
            skipped[_NO_MUSIC if item.get("episode") or item.get("audiobook") else _UNNAMED] += 1
    return tuple(entries)


def _item_track(item: dict[str, Any], path: str) -> Track | None:
    for kind in ("track", "localTrack"):
        if item.get(kind) is not None:
            told, inside = mapping(item[kind], f"{path}.{kind}"), f"{path}.{kind}"
            return _track(
                text(told.get("trackUri") or told.get("uri"), f"{inside}.trackUri"),
                text(told.get("artistName"), f"{inside}.artistName"),
                text(told.get("trackName"), f"{inside}.trackName"),
                text(told.get("albumName"), f"{inside}.albumName"),
            )
    return None


def _track(uri: str, artist: str, title: str, album: str) -> Track | None:
    return track_of(
        uri, (Artist(artist),) if artist.strip() else (), title, album=Album(album) if album.strip() else None
    )


def _library(told: object, listener: str | None) -> Iterator[Item]:
    refuse_endless(len(sequence(told, "tracks")), "tracks")
    entries, lost = [], 0
    for place, (path, liked) in enumerate(mappings(told, "tracks")):
        keys = ("uri", "artist", "track", "album")
        uri, artist, title, album = (text(liked.get(key), f"{path}.{key}") for key in keys)
        if track := _track(uri, artist, title, album):
            entries.append(PlaylistEntry(place, track))
        else:
            lost += 1
    yield Playlist(by_name(NAME, LIKED, listener), LIKED, tuple(entries))
    if lost:
        yield Skipped(_UNNAMED, lost)


def _plays(told: list[Any], log: str, listener: str | None) -> Iterator[Item]:
    """Yield the plays of a streaming history, summed by listener and track, in the order of their first play."""
    tracks: dict[tuple[str, ...], Track | None] = {}
    sums: dict[tuple[str, str], tuple[Track, int, int | None]] = {}
    skipped: Counter[str] = Counter()
    for path, play in mappings(told, ""):
        if not (told_track := _played(play, path)):
            skipped[_NO_MUSIC] += 1
            continue
        if told_track not in tracks:
            tracks[told_track] = _track(*told_track)
        track = tracks[told_track]
        if track is None:
            skipped[_UNNAMED] += 1
        elif (whole(play.get("ms_played", play.get("msPlayed")), f"{path}.ms_played") or 0) < SHORTEST_PLAY_MS:
            skipped[_SHORT] += 1
        else:
            ended = moment(play.get("ts", play.get("endTime")), f"{path}.ts")
            who = text(play.get("username"), f"{path}.username") or listener or "me"
            known, count, last = sums.get((who, track.track_id), (track, 0, None))
            sums[who, track.track_id] = (known, count + 1, max(filter(None, (last, ended)), default=None))
    yield from (Skipped(reason, count) for reason, count in skipped.items())
    if sums:
        listeners = {who for who, _ in sums}
        yield PlayLog(log, listeners.pop() if len(listeners) == 1 else "")
        yield from (Play(who, track, count, last) for (who, _), (track, count, last) in sums.items())


def _played(play: dict[str, Any], path: str) -> tuple[str, str, str, str] | None:
    """Read URI, artist, title and album of a play in either history; None where it was no music."""
    if "ms_played" in play:
        keys = ("spotify_track_uri", "master_metadata_album_artist_name", "master_metadata_track_name",
                "master_metadata_album_album_name")  # fmt: skip
        uri, artist, title, album = (text(play.get(key), f"{path}.{key}") for key in keys)
        return (uri, artist, title, album) if uri or title else None
    if "msPlayed" in play:
        artist, title = (text(play.get(key), f"{path}.{key}") for key in ("artistName", "trackName"))
        return ("", artist, title, "") if title else None
    cure = "of an export, Playlist*.json, YourLibrary.json and the streaming histories are read"
    raise BadFile("this is no play: it tells no ms_played and no msPlayed", place=path, cure=cure)
