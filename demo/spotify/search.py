"""Finding playlists by words of their names, without going through the world for each question."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from demo import chance, names
from demo.catalogue import GENRE_NAMES, World

MOST = 1000
"""A search gives no more than so many places."""
_NULL_EVERY, _NULL_PLACE = 7, 3
"""Of so many results in a row one is null, at that place: one of Spotify's own."""
NULL = -1


class Search:
    """An index by word, made at the first question: two numbers for each playlist and one for each name."""

    def __init__(self, world: World) -> None:
        self._world = world
        codes = world.name_codes(np.arange(world.playlists))
        self._order = np.argsort(codes, kind="stable").astype(np.uint32)
        self._starts = np.searchsorted(codes[self._order], np.arange(names.PLAYLIST_NAMES + 1))
        self._key = chance.key(world.seed, "search")
        self._hidden = np.array([n for n in (*range(world.library), *world.followed) if not world.playlist(n).public])
        self._codes_of: dict[str, set[int]] = {}
        for code in range(names.PLAYLIST_NAMES):
            for word in names.folded_words(names.playlist(code, GENRE_NAMES)):
                self._codes_of.setdefault(word, set()).add(code)
        self.results = lru_cache(maxsize=256)(self._results)

    def _results(self, words: frozenset[str]) -> NDArray[np.int64]:
        """Give the numbers of the playlists whose names have all the words, with NULL in between; the best first."""
        found = [self._codes(word) for word in words]
        codes = sorted(set.intersection(*found)) if found else []
        pieces = [self._order[self._starts[code] : self._starts[code + 1]] for code in codes]
        numbers = np.concatenate(pieces).astype(np.int64) if pieces else np.zeros(0, np.int64)
        numbers = numbers[~np.isin(numbers, self._hidden)]
        ranked = numbers[np.argsort(chance.drawn_many(self._key, numbers))][:MOST]
        gaps = np.arange(_NULL_PLACE, len(ranked), _NULL_EVERY - 1)
        return np.insert(ranked, gaps, NULL)[:MOST]

    def _codes(self, word: str) -> set[int]:
        exact = self._codes_of.get(word, set())
        if word.isascii():
            return exact
        # Scripts that put no spaces between words are searched for parts.
        return exact.union(*(codes for known, codes in self._codes_of.items() if word in known))
