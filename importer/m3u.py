"""M3U and M3U8: a playlist as a list of files or links, with titles where #EXTINF tells them."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from urllib.parse import unquote

from db.identity import is_track_id
from db.records import Album, Artist, Playlist, PlaylistEntry, Track
from db.told import artist_and_title, is_local, spotify_id, track_of
from importer.checks import refuse_endless, text
from importer.columns import surely_name_tracks
from importer.contract import Item, ReadOptions, Skipped
from importer.errors import BadFile
from importer.lines import read_lines
from importer.naming import by_name
from importer.sound_files import sound_path
from importer.source import Source
from importer.table import layout_of

NAME = "m3u"
ABOUT = "M3U and M3U8 playlists; titles from #EXTINF, else from file names like 'Artist - Title.mp3'"

_CURE = "leave --format away, so that the format is recognised"
_UNNAMED = "lines that name no track"
_EXTINF = re.compile(r"\s*(-?\d+(?:\.\d+)?)?([^,\"]*(?:\"[^\"]*\"[^,\"]*)*),(.*)")
# A bare number is a track's only with a zero before it: "7 Vo" is a title.
_TRACK_NUMBER = re.compile(r"^(?:(?:\d{1,2}-)?\d{1,3}\s*[.)_-](?:\s+|(?!\d))|(?:\d{1,2}-\d\d|0\d)\s+)(?=\S)")
_LIKELY = re.compile(
    rb"^(?:#EXT|spotify:|[a-z]+://)|\.(?:mp3|flac|m4a|ogg|oga|opus|wav|wma|aac|aiff?|ape|mp4|mka|mpc|wv|webm|alac)\s*$",
    re.IGNORECASE | re.MULTILINE,
)
_JSON = re.compile(rb'\s*(?:\{|\[\s*[\[{"])')
_STREAM = b"#EXT-X-"
_SPOTIFY = re.compile(r"(?:https?://)?[\w.]*\bspotify\.com/")


def recognise(head: bytes, filename: str) -> bool:
    """Tell M3U by its first line or its suffix; a video stream's segments are none."""
    plain = head.replace(b"\0", b"")
    if _STREAM in plain:
        return False
    start = plain.removeprefix(b"\xef\xbb\xbf").removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff").lstrip()
    return start.startswith((b"#EXTM3U", b"#EXTINF:")) or filename.lower().endswith((".m3u", ".m3u8"))


def read(source: Source, _options: ReadOptions) -> Iterator[Item]:
    """Yield the playlist of a file; raises BadFile."""
    head = source.head()
    if not recognise(head, source.filename) and not _is_likely(head):
        raise BadFile("this is no M3U: nothing in it looks like a list of audio files", cure=_CURE)
    older = "cp1252" if source.filename.lower().endswith(".m3u") else None
    return parse(read_lines(source, older), source.stem, source.folder)


def _is_likely(head: bytes) -> bool:
    layout = layout_of(head)
    is_table = layout is not None and surely_name_tracks(layout.first)
    return not is_table and not _JSON.match(head) and bool(_LIKELY.search(head.replace(b"\0", b"")))


@dataclass(slots=True)
class _Told:
    """What the comment lines tell of the next track."""

    title: str = ""
    artist: str = ""
    track_id: str = ""
    album: str = ""
    duration_ms: int | None = None


def parse(lines: Iterable[str], stem: str, folder: str = "") -> Iterator[Item]:
    """Yield the playlist that the lines make, called by #PLAYLIST or else by the file's stem; raises BadFile.

    folder: the absolute path of the folder that the file lies in; empty where it lies in none.
    """
    name, told, lost = "", _Told(), 0
    entries: list[PlaylistEntry] = []
    for number, raw in enumerate(lines, 1):
        line = text(raw, f"line {number:,}").strip()
        if line.startswith("#PLAYLIST:"):
            name = name or line.removeprefix("#PLAYLIST:").strip()
        elif line.startswith("#"):
            _take(line, told)
        elif line:
            track = _track(line, told, folder)
            if track:
                entries.append(PlaylistEntry(len(entries) + lost, track))
            lost += track is None
            told = _Told()
    refuse_endless(len(entries), "")
    name = name or stem
    yield Playlist(by_name(NAME, name), name, tuple(entries))
    if lost:
        yield Skipped(_UNNAMED, lost)


def _take(line: str, told: _Told) -> None:
    mark, _, value = line.partition(":")
    if mark == "#EXTINF" and (found := _EXTINF.fullmatch(value)):
        seconds = float(found[1] or 0)
        told.title = found[3].strip()
        told.duration_ms = int(seconds * 1000) if 0 < seconds < 1e6 else None
    elif mark == "#EXTART":
        told.artist = value.strip()
    elif mark == "#EXTALB":
        told.album = value.strip()
    elif mark == "#EXTPROV":  # where a service has it, as Music Assistant writes it: service||id||...
        service, code, *_ = *value.strip().split("||"), ""
        told.track_id = code if service == "spotify" and spotify_id(code) else told.track_id
    elif mark == "#SEGUE" and is_track_id(value):  # `segue export`, where the other lines do not tell
        told.track_id = value


def _track(line: str, told: _Told, folder: str) -> Track | None:
    artist, title = artist_and_title(told.title)
    if told.artist and not (artist and artist.casefold() == told.artist.casefold()):
        artist, title = told.artist, told.title
    spotify = line if line.startswith("spotify:") or _SPOTIFY.match(line) else ""
    if not title and not spotify:
        artist, title = _from_path(line)
        artist = told.artist or artist
    track = track_of(
        spotify if spotify_id(spotify) or is_local(spotify) else told.track_id,
        (Artist(artist),) if artist else (),
        title,
        album=Album(told.album) if told.album else None,
        duration_ms=told.duration_ms,
    )
    path = sound_path(line, folder) if track and folder and not spotify else ""
    return replace(track, path=path) if track and path else track


def _from_path(line: str) -> tuple[str, str]:
    """Read artist and title from a file's name: ".../07. Artist - Title.mp3"; nothing from a bare web address."""
    is_link = re.match(r"[a-z][a-z0-9+.-]+://", line, re.IGNORECASE) is not None
    if is_link and not line.lower().startswith("file:"):
        path = line.split("?", 1)[0].split("#", 1)[0]
        if path.count("/") < 3 or path.endswith("/"):
            return "", ""
    else:
        path = line
    last = re.split(r"[/\\]", unquote(path) if is_link else path)[-1]
    stem = re.sub(r"\.[A-Za-z0-9]{2,4}$", "", last).strip()
    if is_link and " " not in stem:
        return "", ""  # a stream's address tells no title
    numberless = _TRACK_NUMBER.sub("", stem)
    if " " not in numberless:
        numberless = numberless.replace("_", " ")
    return artist_and_title(numberless)
