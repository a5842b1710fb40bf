"""Songs, numbers and titles as a person would speak of them. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from recommender.catalogue import SongRow, plain_title, proofs
from recommender.lines import cut, one_line

COLUMNS = 40
"""Columns of a song's or an artist's name within a sentence."""
_ADDITION = re.compile(r"\s+[-–—]\s+|\s*[(\[]")  # noqa: RUF001 - titles have such signs
_LONGEST = 100
"""Signs of a title, or a word of it, that playlists are looked up by."""
_MOST_WORDS = 3
_SHORTEST = 3
_TELLS_NOTHING = frozenset(
    "a an and best for from in mix music my of on playlist playlists song songs the to with".split()  # noqa: SIM905
)
_BETWEEN = re.compile(r"[\s/|,;:\\–—·•…]+")  # noqa: RUF001 - titles have such signs
"""What parts words, beside spaces. What is within a word, as in hip-hop, belongs to it."""
_NOBODY = frozenset({"various artists", "various", "unknown artist", "unknown"})
_AROUND = "\"'`.,;:!?()[]{}<>|/\\*~+-_=#"


@dataclass(frozen=True, slots=True)
class Wording:
    """A title, or a word of it, and the patterns of the names that hold it."""

    text: str
    patterns: tuple[str, ...]


def playlists(number: int, whole: bool = True) -> str:
    """Speak of so many playlists, or of at least so many."""
    return f"{'' if whole else 'at least '}{number:,} {'playlist' if number == 1 else 'playlists'}"


def is_somebody(artist: str) -> bool:
    """Tell whether a name is one artist's, so that two songs under it have something in common."""
    return artist.casefold() not in _NOBODY


def titled(song: SongRow) -> str:
    """Give the title as one speaks of it, without what names a version or a guest; the id where there is none."""
    return _short_title(song.name) or song.track_id


@lru_cache(maxsize=1_000)
def _short_title(name: str) -> str:
    name = one_line(name)
    plain = plain_title(name)
    heads = (name[: addition.start()].strip() for addition in _ADDITION.finditer(name))
    return cut(next((head for head in heads if head and plain_title(head) == plain), name), COLUMNS)


def titled_apart(song: SongRow) -> str:
    """Give the title with the artist, where the title alone may mean another song."""
    artist = one_line(song.artists[0]) if song.artists else ""
    return f"{titled(song)} by {cut(artist, COLUMNS)}" if artist else titled(song)


def wordings(title: str) -> list[Wording]:
    """Give what names may hold of a title: its words in a row, then those that tell something, the longest first.

    The row has no signs between its words, and one of them at least tells something.
    """
    title = one_line(title)
    every = list(_words(title))
    row = " ".join(every)
    in_row = [row] if row in title and any(map(_tells, every)) and (len(row) > 1 or not row.isascii()) else []
    long = {word for word in every if _tells(word) and (len(word) >= _SHORTEST or not word.isascii())}
    words = sorted(long, key=lambda word: (-len(word), word))
    texts = dict.fromkeys([*in_row, *words[:_MOST_WORDS]])
    return [Wording(cut(text, COLUMNS), _patterns(text)) for text in texts if 0 < len(text) <= _LONGEST]


def _words(title: str) -> Iterator[str]:
    for word in _BETWEEN.split(title):
        if bare := word.strip(_AROUND):
            yield bare


def _tells(word: str) -> bool:
    return not word.isascii() or (word.lower() not in _TELLS_NOTHING and any(map(str.isalnum, word)))


def _patterns(text: str) -> tuple[str, ...]:
    # SQLite's lower() knows ASCII alone, so that "Été" and "été" are two; for ASCII there is one spelling.
    spellings = dict.fromkeys(map(_small, (text, text.lower(), text.upper(), text.title())))
    return tuple(map(proofs.beginning, spellings))


def _small(text: str) -> str:
    return "".join(letter.lower() if letter.isascii() else letter for letter in text)
