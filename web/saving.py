"""A list as a file to take along: its form, its name, what a browser should take it for. Pure."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import quote

from recommender.answers import Answer
from recommender.writing.output import EXPORTS, written
from web.asking import Asking
from web.errors import NotFound, NotUnderstood
from web.songs import Card

FORMS = {
    "m3u8": ("M3U", "for players", "audio/x-mpegurl"),
    "jspf": ("JSPF", "for other services", "application/json"),
    "csv": ("CSV", "for a spreadsheet", "text/csv"),
    "uris": ("Links", "to paste into Spotify", "text/plain"),
    "json": ("JSON", "for programs, with all reasons", "application/json"),
}
"""Form → what it is called, what it is for, and its MIME type."""
_ENDINGS = {"uris": "txt"}
_STRANGE = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|]+')
_LONGEST = 80


def called(asking: Asking, seeds: Sequence[Card]) -> str:
    """Name a list: as the person calls it, or by the songs that it goes by."""
    if asking.title:
        return asking.title
    if not seeds:
        return "Segue"
    more = f" and {len(seeds) - 1:,} more" if len(seeds) > 1 else ""
    return f"After {seeds[0].name}{more}"


def file_name(title: str, form: str) -> str:
    """Make a name of a file that every system takes, such as "After Halo.m3u8"."""
    plain = " ".join(_STRANGE.sub(" ", title).split())[:_LONGEST].strip(" .") or "Segue"
    return f"{plain}.{_ENDINGS.get(form, form)}"


def disposition(name: str) -> str:
    """Tell a browser to keep what comes as a file of this name; one of our letters alone stands in for older ones."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def text_of(answer: Answer, form: str, title: str, made_at: int, *, paths: bool) -> str:
    """Write a list in one of FORMS. paths: whether the places of sound files may be told. Raises WebError."""
    if form not in FORMS or form not in EXPORTS:
        raise NotUnderstood(f'a list is not saved as "{form}": there are {", ".join(FORMS)}')
    if not answer.suggestions:
        raise NotFound("there is no song in this list to save: wish for less, or add songs to go by")
    if not paths:
        answer = replace(answer, suggestions=tuple(replace(song, path="") for song in answer.suggestions))
    return written(answer, form, made_at=made_at, title=title)
