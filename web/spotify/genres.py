"""Genres as Spotify writes them, "hip-hop", and back to those that are told here. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence

from db.identity import fold, words
from recommender.lists.filters import is_called

_NO_WORD = re.compile(r"[^\w]+|_")


def slug(genre: str) -> str:
    """Write a genre as Spotify does: small words with dashes between them."""
    return words(genre.replace("&", " and ")).replace(" ", "-") or fold(genre).strip()


def slugs(genres: Iterable[str]) -> dict[str, list[str]]:
    """Give the genres that each slug stands for, by slug."""
    told: dict[str, list[str]] = {}
    for genre in sorted(genres):
        if name := slug(genre):
            told.setdefault(name, []).append(genre)
    return dict(sorted(told.items()))


def meant(asked: str, told: Mapping[str, Sequence[str]]) -> list[str]:
    """Give the genres that a client means by a slug of its own; the nearest spelling counts, and nothing farther off.

    told: of slugs(). First the slug itself; then the same letters, as "r-n-b" has those of "rnb"; then the genres in
    which its words stand, the shortest first, as "rock" stands in "soft rock".
    """
    if found := told.get(slug(asked)):
        return list(found)
    letters = _letters(asked)
    if same := [genre for genres in told.values() for genre in genres if letters and _letters(genre) == letters]:
        return same
    plain = asked.replace("-", " ")
    around = [genre for genres in told.values() for genre in genres if words(plain) and is_called(plain, genre)]
    return sorted(around, key=lambda genre: (len(genre), genre))


def _letters(genre: str) -> str:
    return _NO_WORD.sub("", fold(genre.replace("&", "n")))
