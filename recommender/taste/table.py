"""A table of songs that were liked or not, as people have it: CSV with a column that says so."""

import csv
import io
import re
import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from recommender import catalogue
from recommender.catalogue import SongRow
from recommender.errors import SeedNotClear, ThumbsNotClear
from recommender.lines import one_line
from recommender.naming import raw_id

_LIKED = ("liked", "like", "target", "rating")
_TRACK = (
    "trackuri", "spotifyuri", "trackid", "spotifytrackid", "spotifyid", "spotifytrackuri", "uri", "trackurl",
    "spotifyurl", "url", "id", "track",
)  # fmt: skip
_TITLE = ("trackname", "tracktitle", "title", "songtitle", "songname", "song", "track", "name")
_ARTIST = ("artistnames", "artists", "artistname", "trackartists", "trackartist", "artist", "performer")
"""The columns' usual names, best first, as the importer knows them, too. A track is an id where it looks like one, and
else a title."""
_YES, _NO = (
    {"1", "1.0", "yes", "y", "true", "like", "liked"},
    {"0", "0.0", "no", "n", "false", "dislike", "disliked", "-1"},
)
_PLAIN = re.compile(r"[^a-z0-9]")
_NUMBER = re.compile(r"-?[0-9]{1,9}([.,][0-9]{1,9})?")
_MOST_BYTES = 256 * 2**20
_LISTED = 3
UNCLEAR, NAMELESS, STRANGER = (
    "rows that say neither yes nor no",
    "rows with neither an id nor artist and title",
    "songs that are not in this database",
)


@dataclass(frozen=True)
class Table:
    """What a file says."""

    liked: dict[str, bool]
    """By raw id; what a later row says stands."""
    skipped: dict[str, tuple[int, str]]
    """Why rows are left out: how many, and where the first are."""


def read_table(connection: sqlite3.Connection, path: Path) -> Table:
    """Read who likes what from a CSV file. Raises ThumbsNotClear."""
    header, rows = _rows(path)
    places = [_place(header, names) for names in (_LIKED, _TRACK, _TITLE, _ARTIST)]
    if places[0] is None:
        raise ThumbsNotClear(f"{path} has no column that says what is liked: call it liked (1 or 0, yes or no)")
    if places[1] is None and (places[2] is None or places[3] is None):
        raise ThumbsNotClear(f"{path} names no songs: it needs a column track (ids or URIs), or title and artist")
    told: dict[str, bool] = {}
    skipped, where = Counter[str](), dict[str, list[str]]()
    _refuse_stars(rows, places[0], header)
    lines = list(_rows_told(rows, places))
    known = catalogue.songs(connection, [line.track_id for line in lines if line.track_id])
    for line in lines:
        track_id = _stored(connection, line, known)
        if line.liked is not None and track_id:
            told.pop(track_id, None)
            told[track_id] = line.liked
            continue
        named = line.track_id or (line.title and line.artist)
        why = UNCLEAR if line.liked is None else STRANGER if named else NAMELESS
        skipped[why] += 1
        where.setdefault(why, []).append(f"{line.number:,}")
    return Table(told, {why: (count, _places(where[why], count)) for why, count in skipped.items()})


@dataclass(frozen=True)
class _Row:
    number: int
    """From 1, the header not counted."""
    liked: bool | None
    track_id: str
    title: str
    artist: str


def _places(numbers: Sequence[str], count: int) -> str:
    some = ", ".join(numbers[:_LISTED])
    return f"row{'s' if count > 1 else ''} {some}{', ...' if count > _LISTED else ''}"


def _rows(path: Path) -> tuple[list[str], list[list[str]]]:
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise ThumbsNotClear(f"{path} is larger than {_MOST_BYTES >> 20} MB: leave only songs and a liked column")
        data = path.read_bytes()
        text = data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except OSError as error:
        raise ThumbsNotClear(f"{path} cannot be read ({error.strerror or error}): name another file") from error
    except UnicodeError as error:
        raise ThumbsNotClear(f"{path} is not text in UTF-8: save it as CSV UTF-8") from error
    first = text.split("\n", 1)[0]
    delimiter = max("\t;,", key=first.count)
    try:
        rows = [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) if any(row)]
    except csv.Error as error:
        raise ThumbsNotClear(f"{path} is no table ({error}): save it as CSV UTF-8") from error
    if len(rows) < 2:
        raise ThumbsNotClear(f"{path} has no rows: it needs a header, and a row for each song")
    return rows[0], rows[1:]


def _place(header: Sequence[str], names: Sequence[str]) -> int | None:
    plain = [_PLAIN.sub("", cell.lower()) for cell in header]
    return next((plain.index(name) for name in names if name in plain), None)


def _refuse_stars(rows: Sequence[Sequence[str]], at: int, header: Sequence[str]) -> None:
    """Raise ThumbsNotClear where songs have stars or points, of which 1 is the least and no like."""
    words = {row[at].strip().lower() for row in rows if at < len(row)}
    if more := sorted(word for word in words - _YES - _NO if _NUMBER.fullmatch(word)):
        raise ThumbsNotClear(
            f'the column "{one_line(header[at])}" holds {more[-1]}, so that 1 may be no like: write 1 for what is '
            "liked and 0 for what is not"
        )


def _rows_told(rows: Sequence[Sequence[str]], places: Sequence[int | None]) -> Iterator[_Row]:
    for number, row in enumerate(rows, start=1):
        word, track, title, artist = (row[at].strip() if at is not None and at < len(row) else "" for at in places)
        plain = word.lower()
        liked = True if plain in _YES else False if plain in _NO else None
        yield _Row(number, liked, _id(track), title, artist)


def _id(text: str) -> str:
    try:
        return raw_id(text) or ""
    except SeedNotClear:
        return ""


def _stored(connection: sqlite3.Connection, row: _Row, known: Mapping[str, SongRow]) -> str:
    """Give the stored track that a row means: by its id, else the best known of its artist and title; "" for none."""
    if song := known.get(row.track_id):
        return song.linked_id or song.track_id
    # A cell may name several artists, or one with a comma in the name.
    for artist in dict.fromkeys((row.artist, row.artist.split(";")[0], row.artist.split(",")[0])):
        named = replace(catalogue.stranger(row.track_id), name=row.title, artists=(artist.strip(),))
        if row.title and artist and (found := catalogue.same_song(connection, named)):
            song = catalogue.songs(connection, found[:1])[found[0]]
            return song.linked_id or song.track_id
    return ""
