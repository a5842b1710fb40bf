# ruff: noqa: RUF001  # titles have such signs
"""What a title says: the song's name, and the notes on which recording of it this is.

Pure: no I/O.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from db.identity import fold, normal_artist, normal_title, words
from db.version_words import Note, read_note

_CLOSING = dict(zip(")]}）】」』〉》］", "([{（【「『〈《［", strict=True))
_BRACKET = re.compile(r"[(\[{（【「『〈《［]([^()\[\]{}（）【】「」『』〈〉《》［］]*)[)\]}）】」』〉》］]")
_APART = re.compile(r"(.*\S)\s+[-‐–—−|/:~〜～]\s+(\S.*)", re.DOTALL)
_LISTED = re.compile(r"(.*\S)\s*;\s+(\S.*)", re.DOTALL)
_BEHIND_DASH = re.compile(r"(.*\S)\s+[-‐–—−]\s+(\S.*)", re.DOTALL)
_FRAMED = re.compile(r"(.*\S)\s+[-~〜～](\S[^-~〜～]*?)[-~〜～]", re.DOTALL)
_PLACE_BEHIND = re.compile(r"(.*\S)\s+[-–—]\s+(\S.*?)\s+[-–—]\s+(?![IVX]+\.|\d+\.)(\S.*)", re.DOTALL)
_BARE = re.compile(
    r"(.*\S)\s+(remix|remaster(?:ed)?(?: \d{4})?"
    r"|(?:radio|single|album|extended|acoustic|live|instrumental|karaoke|demo) (?:edit|mix|version))",
    re.IGNORECASE | re.DOTALL,
)
"""What needs no bracket and no dash to be understood."""
_SIGNS = re.compile(
    r"[(\[{（【「『〈《［)\]}）】」』〉》］;~〜～]|\s[-‐–—−|/:]|\s(?:feat|ft\.|remix|remaster|version|edit|mix)",
    re.IGNORECASE,
)
"""Without one of these a title holds nothing but the song's name."""
_DASH = re.compile(r"\s+[-‐–—−]\s+")
_GUESTS = re.compile(
    r"(?:feat|ft|featuring|with|w/|con|com|avec|mit|duet with|с участием|при участии|피처링|피쳐링)(?:\.\s*|\s+)(.+)",
    re.IGNORECASE | re.DOTALL,
)
_GUESTS_BEHIND = re.compile(r"\s(?:feat\.?|ft\.|featuring)\s((?:(?!\s[-‐–—−]\s)[^()\[\]])+)", re.IGNORECASE)
_FROM_FILM = re.compile(
    r"(?:\w+\s+){0,3}from\s+[\"“”„«'‘].*|(?:love |main )?theme (?:from|to|of)\s.*"
    r"|from\s.*\b(?:soundtrack|motion picture|film|movie|musical)\b.*"
    r"|(?:из|з)\s+(?:к/ф|м/ф|т/с|кинофильма|фильма|мультфильма|сериала|спектакля)\b.*"
    r"|(?:\w+\s+)?(?:del?|du|della|dal|da|do|aus de[mr]|extrait de|z|ze)\s+(?:la\s+|l['’])?"
    r"(?:film|película|pelicula|serie|série|musical|filme|novela|filmu|serialu)\b.*",
    re.IGNORECASE | re.DOTALL,
)
_FILM = Note("", frozenset(), frozenset(), False)
_WORKS = frozenset({"remix", "instrumental", "cover"})
"""What is a work of its own, and no version, to those who look for a song by its name."""
_MORE_NAMES = re.compile(
    r"\s*[,;/+•]\s*|\s+(?:feat\.?|ft\.?|featuring|with|vs\.?|x|×|meets|con|presents|pres\.)\s+", re.IGNORECASE
)
_TIED_NAMES = re.compile(r"\s*&\s*|\s+(?:and|y|e|und|et|и)\s+", re.IGNORECASE)


class Reading(NamedTuple):
    """A title, read."""

    name: str
    """The song's name as it is written, without notes and guests."""
    notes: tuple[Note, ...] = ()
    """The last one first."""
    guests: frozenset[str] = frozenset()
    """The guests' names, normalised."""


@lru_cache(maxsize=50_000)
def read_title(title: str) -> Reading:
    """Read a title from its end: notes and guests are taken off one by one, while something is left."""
    rest = " ".join(title.split())
    if not _SIGNS.search(rest):
        return Reading(rest)
    notes: list[Note] = []
    guests: set[str] = set()
    while taken := _last(rest):
        rest, said = taken
        if isinstance(said, Note):
            notes.append(said)
        else:
            guests |= names_in(said)
    name, inner = _without_inner(rest)
    return Reading(name, (*notes, *inner), frozenset(guests))


def plain_title(title: str) -> str:
    """Clean a title of what names a version: "Wonderwall - Remastered 2014" and "Wonderwall (Live)" are Wonderwall.

    A remix, an instrumental and a cover are works of their own. A title that is nothing but a version's name keeps it.
    """
    reading = read_title(title)
    kept = [note.words for note in reversed(reading.notes) if note.kinds & _WORKS]
    return " ".join([words(reading.name), *kept]).strip() or normal_title(title)


def recording(artist: str, title: str) -> tuple[str, str]:
    """Name the recording that a track is a version of: normalised main artist and plain title."""
    return normal_artist(artist), plain_title(title)


@lru_cache(maxsize=50_000)
def names_in(credit: str) -> frozenset[str]:
    """Split a credit into all the names that may be in it, normalised, and the whole as one."""
    several = [name for name in _MORE_NAMES.split(" ".join(credit.split())) if name]
    tied = [name for part in several for name in _TIED_NAMES.split(part) if name]
    return frozenset(map(normal_artist, (credit, *several, *tied)))


def _last(text: str) -> tuple[str, Note | str] | None:
    """Split off the last note, or the guests (as text); None when there is none, or nothing before it."""
    for rest, note in _ends(text):
        if fold(rest).strip():
            said = _said(note)
            if said is not None:
                return rest, said
    *_, behind = [None, *_GUESTS_BEHIND.finditer(text)]
    if behind and behind.end() == len(text) and text[: behind.start()].strip():
        return text[: behind.start()].rstrip(), behind[1]
    return None


def _ends(text: str) -> Iterator[tuple[str, str]]:
    """Give the ways in which something may stand apart at the end: what is before it, and it."""
    closing = text[-1:]
    if closing in _CLOSING:
        depth = 0
        for place in range(len(text) - 1, -1, -1):
            depth += (text[place] == closing) - (text[place] == _CLOSING[closing])
            if not depth:
                yield text[:place].rstrip(), text[place + 1 : -1]
                break
    for form in (_APART, _BEHIND_DASH, _FRAMED, _LISTED, _BARE):
        if found := form.fullmatch(text):
            yield found[1], found[2]
    if found := _PLACE_BEHIND.fullmatch(text):  # Live - Brighton
        yield found[1], f"{found[2]} at {found[3]}"


def _said(note: str) -> Note | str | None:
    """Tell what a bracket or a part after a dash says: of the version, who the guests are (as text), or None."""
    note = note.replace("@", " at ").strip()
    if said := read_note(words(_GUESTS_BEHIND.sub(" ", note))):
        return said
    if guests := _GUESTS.fullmatch(note):
        return guests[1]
    return _FILM if _FROM_FILM.fullmatch(note) else None


def _without_inner(text: str) -> tuple[str, Iterable[Note]]:
    """Take out notes and guests that stand before the end."""
    notes: list[Note] = []

    def without(note: str, kept: str) -> str:
        said = _said(note)
        if isinstance(said, Note):
            notes.append(said)
        return kept if said is None else ""

    first, *parts = _DASH.split(_GUESTS_BEHIND.sub(" ", _BRACKET.sub(lambda found: without(found[1], found[0]), text)))
    bare = " - ".join([first, *filter(None, (without(part, part) for part in parts))]).strip()
    return (bare, notes) if words(bare) else (text, ())
