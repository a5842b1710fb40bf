"""Suggestions and playlists as text: a table for people, and the forms that other programs read. Pure."""

import json
from collections.abc import Sequence
from dataclasses import asdict

from recommender.answers import Answer, Suggestion
from recommender.lines import cut, one_line, width
from recommender.writing.listing import Listing, listing_of, uri

FORMATS = ("table", "json", "csv", "m3u8", "jspf", "uris")
EXPORTS = ("m3u8", "jspf", "csv", "uris", "json")
"""The forms in which a stored playlist goes out."""
_OF_THE_SEARCH = frozenset({"looked_at", "fit"})
"""What of an answer tells how it was found, and is nothing that a list has."""
_WIDEST = 44
"""Columns of the table's longest titles and credits."""
_ROOM = 76
"""Columns of a table's reasons; the strongest is told whole. `--why` and the other forms tell all."""


def written(answer: Answer, form: str, *, made_at: int | None = None, folder: str = "", title: str = "") -> str:
    """Write an answer in one of FORMATS, ending in a line break when there is anything to end.

    made_at: when it was made, in seconds since 1970, for forms that say so. folder: the absolute path of where an M3U8
    will lie, when files are to be named from there. title: what the list is called.
    """
    if form == "table":
        return _table(answer)
    if form == "json":
        return _json(answer)
    return exported(listing_of(answer, made_at, title), form, folder)


def exported(listing: Listing, form: str, folder: str = "") -> str:
    """Write a list in one of EXPORTS; folder as in written()."""
    # Each form's file is loaded only when it is asked for.
    if form == "m3u8":
        from recommender.writing.m3u8 import m3u8

        return m3u8(listing, folder)
    if form == "jspf":
        from recommender.writing.jspf import jspf

        return jspf(listing)
    if form == "csv":
        from recommender.writing.csv_sheet import sheet

        return sheet(listing)
    if form == "json":
        from recommender.writing.whole_json import whole_json

        return whole_json(listing)
    assert form == "uris", form
    return "".join(f"{uri(track.track_id)}\n" for track in listing.tracks)


def columns(rows: Sequence[Sequence[str]], right: frozenset[int] = frozenset()) -> str:
    """Set rows of text in columns; those numbered in `right` are flush right."""
    widths = [max(map(width, column)) for column in zip(*rows, strict=True)]
    lines = (
        "  ".join(
            _padded(cell, room, place in right) for place, (cell, room) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    )
    return "".join(line.rstrip() + "\n" for line in lines)


def _table(answer: Answer) -> str:
    rows = [
        (f"{place}.", _cell(s.name or "(title not known)"), _cell(", ".join(s.artists)))
        for place, s in enumerate(answer.suggestions, 1)
    ]
    if not rows:
        return ""
    if not any(s.checks for s in answer.suggestions):
        told = [(_in_short(s.reasons), s.track_id) for s in answer.suggestions]
        return columns([(*row, *more) for row, more in zip(rows, told, strict=True)], right=frozenset({0}))
    heads = columns(
        [(*row, s.track_id) for row, s in zip(rows, answer.suggestions, strict=True)], right=frozenset({0})
    ).splitlines(keepends=True)
    return "".join(head + _why(s) for head, s in zip(heads, answer.suggestions, strict=True))


def _in_short(reasons: Sequence[str]) -> str:
    """Give the strongest reason, and the others as long as there is room."""
    told = one_line(reasons[0]) if reasons else ""
    for reason in map(one_line, reasons[1:]):
        if width(told) + width(reason) + 2 > _ROOM:
            break
        told = f"{told}; {reason}"
    return told


def _why(suggestion: Suggestion) -> str:
    """Write the reasons for a suggestion, a line each, with the query that checks it below."""
    checks = (*suggestion.checks, *[""] * len(suggestion.reasons))
    lines = []
    for reason, check in zip(suggestion.reasons, checks, strict=False):
        lines.append(f"      {one_line(reason)}")
        lines += [f"        {one_line(line)}" for line in check.splitlines() if line.strip()]
    return "".join(line + "\n" for line in lines)


def _json(answer: Answer) -> str:
    told = {name: value for name, value in asdict(answer).items() if name not in _OF_THE_SEARCH}
    for suggestion in told["suggestions"]:
        if not suggestion["checks"]:
            del suggestion["checks"]
    # Plain ASCII, which every pipe and terminal carries whole.
    return json.dumps(told, indent=1) + "\n"


def _cell(text: str) -> str:
    return cut(one_line(text), _WIDEST)


def _padded(text: str, room: int, right: bool) -> str:
    gap = " " * (room - width(text))
    return gap + text if right else text + gap
