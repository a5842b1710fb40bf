"""Where to look first for songs of a genre, a country or a language: where they stand together.

Among the best known tracks of all there may be none of a rare kind, and there is no time to look at millions.
"""

import json
import sqlite3
from collections.abc import Callable, Iterator
from itertools import chain, islice

from recommender import catalogue
from recommender.inferring import countries, languages
from recommender.inferring.genres import Lexicon
from recommender.lists.filters import Filters, is_called

_LISTS = 12_000
"""So many playlists, those that were stored last, are asked by their names."""
_TELLING, _ENTRIES = 200, 100
"""So many of those that tell what is asked for are opened, and so many entries of each looked at."""
_MOST_KEYS, _MOST_PAGES = 1_500, 10


def likely_first(
    connection: sqlite3.Connection,
    filters: Filters,
    lexicon: Callable[[], Lexicon],
    best_known: Iterator[list[int]],
) -> Iterator[list[int]]:
    """Give the keys of all tracks, page after page: first those that are likely to be what is asked for."""
    question = _question(filters)
    likely = catalogue.best_known(connection, question) if question else iter(())
    if filters.genres or filters.countries:
        likely = chain(likely, [_in_telling_lists(connection, filters, lexicon())])
    seen: set[int] = set()
    for page in chain(islice(likely, _MOST_PAGES), best_known):
        if fresh := [key for key in page if key not in seen]:
            seen.update(fresh)
            yield fresh


def _in_telling_lists(connection: sqlite3.Connection, filters: Filters, words: Lexicon) -> list[int]:
    """Give keys of tracks of playlists that tell the genre or the country, those in most of these lists first."""
    genres = words.phrases.meaning(lambda genre: _is_asked(filters, genre)) if filters.genres else None
    places = countries.phrases().meaning(lambda code: code in filters.countries) if filters.countries else None
    telling = (
        key
        for key, name, told in catalogue.lists_lately(connection, _LISTS)
        if (genres and genres.within(name))
        or (places and places.within(name))
        or (genres and told and any(_is_asked(filters, genre) for genre in json.loads(told)))
    )
    return catalogue.keys_in_lists(connection, list(islice(telling, _TELLING)), _ENTRIES)[:_MOST_KEYS]


def _is_asked(filters: Filters, genre: str) -> bool:
    return any(is_called(asked, genre) for asked in filters.genres)


def _question(filters: Filters) -> str:
    """Give the full-text question for tracks with frequent letters of the languages; empty where letters tell none."""
    letters = [languages.FREQUENT.get(language, "") for language in filters.languages]
    return " OR ".join(f'"{letter}"*' for letter in "".join(letters)) if all(letters) else ""
