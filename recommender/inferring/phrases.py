"""Phrases looked for in the names of playlists. Pure."""

import re
from collections.abc import Callable, Iterator, Mapping

from recommender.models.title_words import title_words

_WORD = re.compile("[a-z0-9]+")
_QUIET = re.compile("['\N{RIGHT SINGLE QUOTATION MARK}]")
_FOLDED = re.compile(r"[^\W\d_a-zA-Z]|[^\D0-9]|[&`\u0300-\u036f\u00ad\u00b4\u200b\u200c\u2060\ufeff\uff06]")
"""Finds what folding turns into other letters: letters and digits that are not plain, and what joins letters."""


class Phrases:
    """Words, one or several after another, and what they mean; of those that overlap the longest is meant."""

    def __init__(self, meanings: Mapping[tuple[str, ...], str]) -> None:
        """Take the phrases as their words (title_words), with what each means; of an empty meaning nothing is said."""
        self._meanings = meanings
        self._longest: dict[str, int] = {}
        for words in meanings:
            self._longest[words[0]] = max(len(words), self._longest.get(words[0], 0))

    def meaning(self, is_meant: Callable[[str], bool]) -> "Phrases":
        """Give those phrases alone that mean what is asked for."""
        return Phrases({words: meaning for words, meaning in self._meanings.items() if meaning and is_meant(meaning)})

    def within(self, name: str) -> tuple[str, ...]:
        """Give what the phrases in a name mean, each meaning once, in their order."""
        # Most names hold no phrase. Folding is most of the work, and these need none to be seen.
        if not _FOLDED.search(name) and self._longest.keys().isdisjoint(_WORD.findall(_QUIET.sub("", name).lower())):
            return ()
        return tuple(dict.fromkeys(meaning for meaning in self._found(title_words(name)) if meaning))

    def _found(self, words: list[str]) -> Iterator[str]:
        place = 0
        while place < len(words):
            longest = min(self._longest.get(words[place], 0), len(words) - place)
            lengths = range(longest, 0, -1)
            length = next((n for n in lengths if tuple(words[place : place + n]) in self._meanings), 0)
            if length:
                yield self._meanings[tuple(words[place : place + length])]
            place += max(length, 1)
