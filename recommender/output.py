"""Suggestions as text: a table for people, and the forms that other programs read. Pure."""

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import asdict

from recommender.lines import cut, one_line, width
from recommender.suggest import Answer, Suggestion

FORMATS = ("table", "json", "csv", "m3u8", "jspf", "uris")
_WIDEST = 44
"""Columns of the table's longest titles and credits."""


def written(answer: Answer, form: str) -> str:
    """Write an answer in one of FORMATS, ending in a line break when there is anything to end."""
    return {"table": _table, "json": _json, "csv": _csv, "m3u8": _m3u8, "jspf": _jspf, "uris": _uris}[form](answer)


def uri(track_id: str) -> str:
    """Give the Spotify URI of a raw id; a made-up id stays as it is, because nobody else can play it."""
    return track_id if track_id.startswith("x:") else f"spotify:track:{track_id}"


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
        (
            f"{place}.",
            _cell(s.name or "(title not known)"),
            _cell(", ".join(s.artists)),
            "; ".join(s.reasons),
            s.track_id,
        )
        for place, s in enumerate(answer.suggestions, 1)
    ]
    return columns(rows, right=frozenset({0})) if rows else ""


def _json(answer: Answer) -> str:
    # Plain ASCII, which every pipe and terminal carries whole.
    return json.dumps(asdict(answer), indent=1) + "\n"


def _csv(answer: Answer) -> str:
    text = io.StringIO()
    sheet = csv.writer(text, lineterminator="\n")
    sheet.writerow(["Track URI", "Track Name", "Artist Name(s)", "Score", "Model", "Reasons"])
    for s in answer.suggestions:
        score = "" if s.score is None else f"{s.score:.6g}"
        names = one_line(s.name), one_line("; ".join(s.artists))
        sheet.writerow([uri(s.track_id), *names, score, s.model, "; ".join(s.reasons)])
    return text.getvalue()


def _m3u8(answer: Answer) -> str:
    lines = ["#EXTM3U", f"#PLAYLIST:{_title(answer)}"]
    for s in answer.suggestions:
        lines += [f"#EXTINF:-1,{one_line(_credit(s))}", uri(s.track_id)]
    return "\n".join(lines) + "\n"


def _jspf(answer: Answer) -> str:
    tracks = [
        {
            "title": s.name,
            "creator": ", ".join(s.artists),
            "identifier": [
                uri(s.track_id) if s.track_id.startswith("x:") else f"https://open.spotify.com/track/{s.track_id}"
            ],
        }
        for s in answer.suggestions
    ]
    return json.dumps({"playlist": {"title": _title(answer), "track": tracks}}, indent=1) + "\n"


def _uris(answer: Answer) -> str:
    return "".join(f"{uri(s.track_id)}\n" for s in answer.suggestions)


def _title(answer: Answer) -> str:
    return f"Segue: {answer.model}"


def _credit(suggestion: Suggestion) -> str:
    return " - ".join(filter(None, [", ".join(suggestion.artists), suggestion.name or suggestion.track_id]))


def _cell(text: str) -> str:
    return cut(one_line(text), _WIDEST)


def _padded(text: str, room: int, right: bool) -> str:
    gap = " " * (room - width(text))
    return gap + text if right else text + gap
