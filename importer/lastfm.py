"""Last.fm scrobbles as tables: with a header in the words of several exporters, or without one."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime

from importer.checks import text
from importer.columns import plain_name
from importer.contract import Item, ReadOptions, Skipped
from importer.errors import BadFile
from importer.plays import PlaySums
from importer.source import Source
from importer.table import TOO_LONG, Layout, Rows, layout_of, read_rows

NAME = "lastfm"
ABOUT = "Last.fm scrobbles as CSV, with a header (Username, Artist, Track, Album, Date, Time) or without: plays"

_ROLES: Mapping[str, tuple[str, ...]] = {
    "listener": ("username", "userid", "user"),
    "artist": ("artist", "artistname"),
    "title": ("track", "trackname", "title", "song", "songname", "name"),
    "album": ("album", "albumname", "release"),
    "date": ("uts", "timestamp", "dateandtime", "datetime", "utctime", "date", "playedat", "scrobbledat", "listenedat"),
    "time": ("time",),
}
_NOT_SCROBBLES = ("playlist", "playlistname", "playlistid", "trackuri", "spotifyid", "lyrics", "trackid", "spotifyuri")
_DATE = re.compile(r"\d{1,2} [A-Z][a-z]{2} \d{4},? \d{1,2}:\d\d")
_ISO = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ?")
_UNNAMED = "scrobbles without a title"
_CURE = "export it with a header line: Username, Artist, Track, Album, Timestamp"


def recognise(head: bytes, _filename: str) -> bool:
    """Tell scrobbles by a header with artist, track and time or user, or by the known rows without a header."""
    layout = layout_of(head)
    return layout is not None and _roles_of(layout) is not None


def _roles_of(layout: Layout) -> tuple[dict[str, int], bool] | None:
    """Find the column of each role, and whether the first line is a header; None where these are no scrobbles."""
    plain = [plain_name(cell) for cell in layout.first]
    roles = {role: plain.index(name) for role, usual in _ROLES.items() if (name := _first(usual, plain))}
    if {"artist", "title"} <= set(roles):
        is_log = "date" in roles or "listener" in roles
        return (roles, True) if is_log and not any(name in plain for name in _NOT_SCROBBLES) else None
    bare = _bare_roles(layout.first)
    return (bare, False) if bare else None


def _first(usual: Sequence[str], plain: Sequence[str]) -> str:
    return next((name for name in usual if name in plain), "")


def _bare_roles(first: Sequence[str]) -> dict[str, int] | None:
    """Know a table without a header by its first row: "Artist,Album,Track,Date", or the research set of 1,000 users."""
    if len(first) == 4 and _DATE.fullmatch(first[3]):
        return {"artist": 0, "album": 1, "title": 2, "date": 3}
    if len(first) == 6 and first[0].startswith("user_") and _ISO.fullmatch(first[1]):
        return {"listener": 0, "date": 1, "artist": 3, "title": 5}
    return None


def read(source: Source, options: ReadOptions) -> Iterator[Item]:
    """Yield the plays of a file, summed by listener and track; raises BadFile."""
    layout = layout_of(source.head())
    found = _roles_of(layout) if layout else None
    if layout is None or found is None:
        lacking = "these are no scrobbles: columns for artist, track and a time or a user are needed"
        raise BadFile(lacking, place="line 1", cure=_CURE)
    roles, header = found
    sums, lost, long_rows = PlaySums(), 0, 0
    for rows in read_rows(source, layout, roles, header=header):
        lost += _add(rows, sums, options.listener or "me")
        long_rows += rows.left_out
    yield from sums.items(source.filename)
    yield from (Skipped(reason, count) for reason, count in ((_UNNAMED, lost), (TOO_LONG, long_rows)) if count)


def _add(rows: Rows, sums: PlaySums, me: str) -> int:
    """Add a batch of rows; returns how many had no title."""
    import pandas as pd

    roles = ("listener", "artist", "title", "album")
    frame = pd.DataFrame({role: pd.Series(rows.column(role), dtype=str).str.strip() for role in roles})
    frame["last"] = _times(rows)
    named = frame[frame["title"] != ""]
    grouped = named.groupby(["listener", "artist", "title"], sort=False)
    summed = grouped.agg(count=("last", "size"), last=("last", "max"), album=("album", "first")).reset_index()
    for listener, artist, title, count, last, album in summed.itertuples(index=False, name=None):
        for role, value in (("listener", listener), ("artist", artist), ("title", title), ("album", album)):
            text(value, f"rows from {rows.start:,}, {role}")
        sums.add((listener or me, artist, title), int(count), int(last) if last > 0 else None, album)
    return len(frame) - len(named)


def _times(rows: Rows) -> list[int]:
    """Read the times of a batch in seconds since 1970, 0 for none; raises BadFile where not one is understood."""
    clock = rows.columns.get("time")
    told = rows.column("date")
    if clock:
        told = [f"{day} {hour}" for day, hour in zip(told, clock, strict=True)]
    known: dict[str, int] = {}
    times = [known[when] if when in known else known.setdefault(when, _seconds(when.strip())) for when in told]
    if any(when.strip() for when in told) and not any(times):
        place = next(number for number, when in enumerate(told, rows.start) if when.strip())
        example = told[place - rows.start].strip()[:40]
        raise BadFile(f"{example!r} is no time that is understood", place=f"row {place:,}, time", cure=_TIME_CURE)
    return times


_TIME_CURE = "write times as seconds since 1970, as 2021-03-05 14:22:10, or as 05 Mar 2021 14:22"
_MONTHS = ("", "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WRITTEN = re.compile(r"(\d{1,2}) ([A-Za-z]{3})[a-z]* (\d{4})(?:,? +(\d{1,2}):(\d\d)(?::(\d\d))?)?")
_EARLIEST = 946_684_800  # 2000: before Last.fm; such times come from players with a dead clock


def _seconds(told: str) -> int:
    """Read one time; 0 where it is none, or before there was Last.fm."""
    seconds = _read_seconds(told)
    return seconds if _EARLIEST <= seconds < 2**40 else 0


def _read_seconds(told: str) -> int:
    if told.isascii() and told.isdigit() and len(told) < 15:
        number = int(told)
        return number // 1000 if number > 10**11 else number
    try:
        if written := _WRITTEN.fullmatch(told):
            day, month, year, hour, minute, second = written.groups(default="00")
            told = f"{year}-{_MONTHS.index(month.lower()):02}-{int(day):02} {int(hour):02}:{minute}:{second}"
        when = datetime.fromisoformat(told.removesuffix(" UTC"))
        return int((when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp())
    except (ValueError, OverflowError):
        return 0
