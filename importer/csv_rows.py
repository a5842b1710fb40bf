"""What one row of a CSV tells: its track, audio features, texts."""

import re
from collections.abc import Iterator

from db.records import Album, Artist, AudioFeatures, Track, TrackText
from db.told import spotify_id, track_of
from importer.checks import MAX_INTEGER, MAX_LONG_TEXT, MAX_TEXT, moment
from importer.columns import FEATURES, TEXTS
from importer.credits import split_credit
from importer.errors import BadFile
from importer.table import Rows

_RANGES = {
    "loudness": (-200.0, 50.0),
    "tempo": (0.0, 1000.0),
    "key": (-1, 11),
    "mode": (0, 1),
    "time_signature": (0, 9),
}
"""Of Spotify's audio features; the others go from 0 to 1."""
_WHOLE = ("key", "mode", "time_signature")
_FLAGS = {
    **dict.fromkeys(("true", "yes", "y", "t", "1", "1.0", "explicit", "e"), True),
    **dict.fromkeys(("false", "no", "n", "f", "0", "0.0", "clean", "cleaned", "notexplicit", "not explicit"), False),
}
"""How programs write whether a track is explicit."""
_MISSING = ("", "na", "nan", "null", "none", "n/a")
_TAGS = re.compile(r"\s*[,;|]\s*")


def track_at(rows: Rows, row: int, *, one_artist: bool) -> Track | None:
    """Make the track of a row; None where it has neither id nor title. Raises BadFile.

    one_artist: a cell of the artist column names one artist, whatever commas it holds.
    """
    popularity = _whole(rows, "popularity", row)
    if popularity is not None and popularity > 100:
        what = f"{popularity} is no popularity (0 to 100)"
        raise BadFile(what, place=rows.place("popularity", row), cure=_NUMBER_CURE)
    return track_of(
        rows.cell("track", row),
        _artists(rows, row, one_artist),
        rows.cell("title", row),
        album=_album(rows, row),
        duration_ms=_whole(rows, "duration_ms", row),
        isrc=rows.cell("isrc", row) or None,
        popularity=popularity,
        explicit=_flag(rows, "explicit", row),
    )


def _artists(rows: Rows, row: int, one_artist: bool) -> tuple[Artist, ...]:
    credit = rows.cell("artist", row)
    if not credit:
        return ()
    ids = [spotify_id(told, "artist") for told in re.findall(r"[^\s,;'\"\[\]]+", rows.cell("artist_id", row))]
    names = (credit,) if one_artist or len(ids) == 1 else split_credit(credit)
    if len(ids) != len(names):
        ids = [None] * len(names)
    genres = tuple(_tags(rows.cell("artist_genres", row))) if len(names) == 1 else ()
    return tuple([Artist(name, artist_id, genres) for name, artist_id in zip(names, ids, strict=True)])


def _album(rows: Rows, row: int) -> Album | None:
    name, album_id = rows.cell("album", row), spotify_id(rows.cell("album_id", row), "album")
    return Album(name, album_id, rows.cell("released", row) or None) if name or album_id else None


def features_at(rows: Rows, row: int, track: Track) -> AudioFeatures | None:
    """Make the audio features of a row; None where it has none, or none in Spotify's ranges. Raises BadFile."""
    values: dict[str, float | int | None] = {name: _number(rows, name, row) for name in FEATURES}
    told = {name: value for name, value in values.items() if value is not None}
    if not told or any(not _in_range(name, value) for name, value in told.items()):
        return None
    return AudioFeatures(track, **{n: int(v) if n in _WHOLE else v for n, v in told.items()})  # type: ignore[arg-type]


def _in_range(name: str, value: float) -> bool:
    least, most = _RANGES.get(name, (0.0, 1.0))
    return least <= value <= most and (name not in _WHOLE or float(value).is_integer())


def texts_at(rows: Rows, row: int, track: Track) -> Iterator[TrackText]:
    """Yield the texts of a row; a cell of tags holds several. Raises BadFile."""
    for role in TEXTS:
        told = rows.cell(role, row, MAX_LONG_TEXT if role in ("lyrics", "comment") else MAX_TEXT)
        if role == "tags":
            yield from (TrackText(track, "tag", tag) for tag in _tags(told))
        elif told:
            yield TrackText(track, role, told)


def _tags(told: str) -> list[str]:
    if told.startswith("["):
        return list(split_credit(told))
    return list(dict.fromkeys(tag for tag in _TAGS.split(told) if tag))


def added_at(rows: Rows, row: int) -> int | None:
    """Give the time at which a row's track was added; None where it is not told in a way that is understood."""
    try:
        return moment(rows.cell("added", row), "")
    except BadFile:
        return None


_NUMBER_CURE = "correct the cell, or say with --column which column holds it"


def _number(rows: Rows, role: str, row: int) -> float | None:
    told = rows.cell(role, row)
    if told.lower() in _MISSING:
        return None
    try:
        return float(told)
    except ValueError as error:
        raise BadFile(f"{told[:40]!r} is no number", place=rows.place(role, row), cure=_NUMBER_CURE) from error


def _whole(rows: Rows, role: str, row: int) -> int | None:
    number = _number(rows, role, row)
    if number is None:
        return None
    if not 0 <= number < MAX_INTEGER:
        raise BadFile(f"{rows.cell(role, row)[:40]} is out of range", place=rows.place(role, row), cure=_NUMBER_CURE)
    return int(number)


def _flag(rows: Rows, role: str, row: int) -> bool | None:
    told = rows.cell(role, row).lower()
    if told not in _FLAGS and told not in _MISSING:
        raise BadFile(f"{told[:40]!r} is neither true nor false", place=rows.place(role, row), cure=_NUMBER_CURE)
    return _FLAGS.get(told)
