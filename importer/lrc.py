"""LRC: the lyrics of one song with their times, which are left out."""

import re
from collections.abc import Iterable, Iterator

from db.records import Album, Artist, TrackText
from db.told import artist_and_title, track_of
from importer.checks import MAX_LONG_TEXT, text
from importer.contract import Item, ReadOptions
from importer.errors import BadFile
from importer.lines import read_lines
from importer.source import Source

NAME = "lrc"
ABOUT = "LRC lyrics ([ti:], [ar:] and timed lines), else named 'Artist - Title.lrc'"

_TIMED = re.compile(rb"^\s*\[\d{1,3}:\d{1,2}(?:[.:]\d+)?\]", re.MULTILINE)
_TIME = re.compile(r"\[\d{1,3}:\d{1,2}(?:[.:]\d+)?\]|<\d{1,3}:\d{1,2}(?:[.:]\d+)?>")
_TAG = re.compile(r"\s*\[([a-zA-Z#]{1,10}):(.*)\]\s*")


def recognise(head: bytes, filename: str) -> bool:
    """Tell LRC by its timed lines, or by its suffix."""
    return filename.lower().endswith(".lrc") or len(_TIMED.findall(head[:8192].replace(b"\0", b""))) > 2


def read(source: Source, _options: ReadOptions) -> Iterator[Item]:
    """Yield the lyrics of a file; raises BadFile."""
    lines = read_lines(source)
    if not recognise(source.head(), source.filename) and not any(_TAG.fullmatch(s) or _TIME.match(s) for s in lines):
        cure = "leave --format away, so that the format is recognised"
        raise BadFile("this is no LRC: it has no tags and no times", cure=cure)
    return parse(lines, source.stem)


def parse(lines: Iterable[str], stem: str) -> Iterator[Item]:
    """Yield the lyrics that the lines make, of the song that the tags or else the file's stem name; raises BadFile."""
    tags: dict[str, str] = {}
    sung: list[str] = []
    for line in lines:
        if found := _TAG.fullmatch(line):
            tags.setdefault(found[1].lower(), found[2].strip())
        else:
            sung.append(_TIME.sub("", line).strip())
    artist, title = artist_and_title(stem)
    artist, title = tags.get("ar") or artist, tags.get("ti") or title
    for place, told in (("[ar:]", artist), ("[ti:]", title), ("[al:]", tags.get("al", ""))):
        text(told, place)
    album = Album(tags["al"]) if tags.get("al") else None
    track = track_of("", (Artist(artist),) if artist else (), title, album=album)
    if track is None:
        raise BadFile("it does not tell whose lyrics these are", cure="add [ar:Artist] and [ti:Title] lines at its top")
    if lyrics := text("\n".join(sung).strip(), "the lyrics", MAX_LONG_TEXT):
        yield TrackText(track, "lyrics", lyrics)
