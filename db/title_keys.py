# ruff: noqa: RUF001  # titles have such signs
"""Titles and credits as keys, equal where they mean the same: by these versions of a song are compared.

Pure: no I/O. Nothing of it is stored, so it may change.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from db.identity import fold, normal_artist, words
from db.sounds import is_latin, sound
from db.titles import names_in, read_title

_SAME_WORD = {
    "and": "", "the": "",
    "pt": "part", "pts": "part", "parts": "part", "parte": "part", "partie": "part", "teil": "part", "deel": "part",
    "часть": "part", "ч": "part", "czesc": "part", "bolum": "part", "number": "no", "nr": "no", "num": "no",
    "volume": "vol", "opus": "op", "kv": "k",
    "ii": "2", "iii": "3", "iv": "4", "vi": "6", "vii": "7", "viii": "8", "ix": "9", "xi": "11", "xii": "12",
}  # fmt: skip
_MASKED = re.compile(r"\b([^\W\d_])\w*(?:\*+|-{2,})[\w*-]*")
_CLEANED = frozenset({
    "fuck", "fucked", "fucker", "fuckin", "fucking", "fucks", "motherfucker", "motherfuckers", "shit", "shitty",
    "bullshit", "bitch", "bitches", "nigga", "niggas", "niggaz", "pussy", "dick", "cunt", "whore", "hoes",
    "ass", "asshole", "damn",
})  # fmt: skip
"""What clean editions write with asterisks."""
_NUMBERED = frozenset({"part", "no", "vol", "chapter", "act", "op"})
_NUMBERS = {
    "i": "1", "v": "5", "x": "10", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6",
    "seven": "7", "eight": "8", "nine": "9", "ten": "10",
}  # fmt: skip
"""What is a number behind "part" alone."""
_ROMAN = {
    "I": "1", "II": "2", "III": "3", "IV": "4", "V": "5", "VI": "6", "VII": "7", "VIII": "8", "IX": "9", "X": "10",
}  # fmt: skip
_MOVEMENT = re.compile(r"(?<![^\W_])(?:I{1,3}|IV|VI{0,3}|IX|X)(?=\.\s)")
_BETWEEN = re.compile(r"(?<=\S) n (?=\S)")  # rock 'n' roll
_GAP = re.compile(r"(?<!\d) | (?!\d)")
_WORK = re.compile(r"\b(bwv|rv|k|d|hwv|woo|swv|twv|op) (\d+[a-z]?(?: no \d+)?)\b(?: (?:mvt |movement )?(\d+)\b)?(.*)")
_SUBTITLE = re.compile(r"[(\[{（【「『〈《［]([^()\[\]{}（）【】「」『』〈〉《》［］]*)[)\]}）】」』〉》］]")
_PARTED = re.compile(r"[(\[{（【「『〈《［]|\s[-‐–—−~〜～]\s")
_DASH = re.compile(r"\s+[-‐–—−~〜～]\s+")
_OF_ANOTHER = frozenset({
    "part", "no", "vol", "chapter", "act", "op", "scene", "episode", "intro", "introduction", "outro",
    "interlude", "interludio", "interlud", "reprise", "skit", "prelude", "prelud", "overture", "finale",
    "medley", "remix", "continued", "commentary", "theme", "بداية", "الجزء", "интерлюдия", "интро", "аутро",
    "скит", "間奏", "인터루드",
})  # fmt: skip
"""Words of a subtitle that make it another track."""
_CLASSICAL = re.compile(
    r"\b(?:op|bwv|hwv|kv?|rv|woo) \d"
    r"|\b(?:symphony|symphonie|sinfonie|sonata|concerto|konzert|suite|etude|nocturne|prelude|partita|fugue|quartet)\b"
    r".*\b(?:no \d|(?:in|en) [a-g]\b)"
)
_NOTHING: frozenset[str] = frozenset()


class TitleKeys(NamedTuple):
    """A title: how the song may be called, and which recording of it this is."""

    name: str
    main: str
    """The name without subtitles; nothing when there are none, or they tell a part of something."""
    subtitles: tuple[str, ...]
    dashed: bool
    """Whether a subtitle stands behind a dash, where other things stand as well."""
    work: tuple[str, str] | None
    """The number in the catalogue of a composer's works, and the movement's; None when they are not told."""
    classical: bool
    sound: str
    latin: bool
    guests: frozenset[str]
    kinds: frozenset[str]
    """What makes it another recording than the song's first one: "live", "remix" ...; nothing for an edition."""
    details: frozenset[str]
    """Which of that kind: the place of a concert, who mixed, a year."""
    cut: bool
    """Whether it may be shorter or longer than other editions of the recording."""


class CreditKeys(NamedTuple):
    """The artists of a track."""

    artists: frozenset[str]
    within: frozenset[str]
    """The same, and all names that may be within one of them, as in "A feat. B" and "A & B"."""
    sounds: tuple[tuple[bool, str], ...]
    """Whether each is in Latin letters, and how it sounds."""


class Credit(NamedTuple):
    """The artists of a track as they are stored: their keys are made when somebody asks, as few are ever asked."""

    artists: tuple[str, ...]

    def keys(self) -> CreditKeys:
        """Give the keys."""
        return credit_keys(self.artists)


@lru_cache(maxsize=50_000)
def title_keys(title: str) -> TitleKeys:
    """Give the keys of a title."""
    reading = read_title(title)
    name, notes = reading.name, reading.notes
    tokens = _tokens(_MOVEMENT.sub(lambda found: _ROMAN[found[0]], name) if "." in name else name)
    main, subtitles, dashed = _parts(name) if _PARTED.search(name) else ("", (), False)
    spelt = " ".join(tokens)
    return TitleKeys(
        _key(tokens),
        main,
        subtitles,
        dashed,
        _work(spelt),
        bool(_CLASSICAL.search(spelt)),
        sound(spelt),
        is_latin(spelt),
        frozenset(map(_simplified, reading.guests)),
        frozenset().union(*(note.kinds for note in notes)) if notes else _NOTHING,
        frozenset().union(*(note.details for note in notes)) if notes else _NOTHING,
        any(note.cut for note in notes),
    )


@lru_cache(maxsize=50_000)
def credit_keys(artists: tuple[str, ...]) -> CreditKeys:
    """Give the keys of a credit."""
    names = frozenset(_simplified(normal_artist(artist)) for artist in artists)
    within = names.union(_simplified(name) for artist in artists for name in names_in(artist))
    return CreditKeys(names, within, tuple((is_latin(name), sound(name)) for name in names))


def _tokens(text: str) -> list[str]:
    if "*" in text or "--" in text:
        text = _MASKED.sub(r" masked\1 ", text)
    folded = words(text) or fold(text).strip()
    tokens: list[str] = []
    for token in _simplified(folded).split():
        same = f"masked{token[0]}" if token in _CLEANED else _SAME_WORD.get(token, token)
        if tokens and tokens[-1] in _NUMBERED:
            same = _NUMBERS.get(same, same)
        if same:
            tokens.append(same[:-1] if len(same) > 4 and same.endswith("ing") else same)
    return tokens or [folded]


def _simplified(text: str) -> str:
    if text.isascii():
        return text
    from db.han import simplified  # what is open longer than it is used is opened late

    return simplified(text)


def _key(tokens: list[str]) -> str:
    """Join the words, as "day dream" is "daydream", but "1 2" is not "12"."""
    return _GAP.sub("", _BETWEEN.sub(" ", " ".join(tokens)))


def _parts(name: str) -> tuple[str, tuple[str, ...], bool]:
    """Give the main name, the subtitles, and whether one stands behind a dash; nothing where they tell a part."""
    first, *behind = _DASH.split(_SUBTITLE.sub(" ", name))
    subtitles = [_tokens(text) for text in (*_SUBTITLE.findall(name), *behind)]
    if any(word in _OF_ANOTHER or word[:1].isdigit() or word[:1] == "第" for sub in subtitles for word in sub):
        return "", (), False
    main = _key(_tokens(first)) if words(first) else ""
    return main, tuple(key for key in map(_key, subtitles) if key), bool(behind)


def _work(folded: str) -> tuple[str, str] | None:
    found = _WORK.search(folded)
    if not found or not (found[3] or not found[4].strip()):
        return None
    # Only "op" is counted by every composer anew.
    kind = folded.split(" ", 1)[0] if found[1] == "op" else ""
    return f"{kind} {found[1]} {found[2]}", found[3] or ""
