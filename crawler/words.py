"""Words of playlist names, by which a crawl that grows finds further playlists. Pure."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable

_WORD = re.compile(r"[^\W_]\S*")
_APOSTROPHES = "'\u2019"
_LONGEST = 40


def words(names: Iterable[str]) -> Counter[str]:
    """Count the words of names, of every script, each once for each name."""
    return Counter(word for name in names for word in _found(name))


def _found(name: str) -> set[str]:
    """Find the words of a name: as they are written, because a search takes an accent for part of its letter."""
    spaced = "".join(map(_part, unicodedata.normalize("NFKC", name).casefold()))
    return {word for found in _WORD.findall(spaced) if _says(word := found.rstrip(_APOSTROPHES))}


def _part(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Cf" or "\ufe00" <= character <= "\ufe0f":  # nobody sees or types these
        return ""
    # Vowel signs are marks in Hindi, Tamil and Thai: without them a word is another one.
    return character if character.isalnum() or category in ("Mn", "Mc") or character in _APOSTROPHES else " "


def _says(word: str) -> bool:
    """Tell whether a search for it makes sense: one letter of an alphabet finds nothing, one Chinese sign does."""
    return len(word) <= _LONGEST and (len(word) > 1 or ord(word) >= 0x2E80)
