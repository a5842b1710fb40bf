"""Playlists as sentences that gensim can walk again and again."""

from collections.abc import Iterator
from typing import Self

import numpy as np

from recommender.corpus import Corpus, taking_part
from recommender.errors import CannotTrain

LONGEST_SENTENCE = 10_000
"""gensim trains on no more words of one sentence (MAX_SENTENCE_LEN) and drops the rest without a word."""


class Sentences:
    """The playlists as lists of words, tracks below min_count left out; it can be walked any number of times.

    A word is a track or, where they are asked for, the artist of the track before it. gensim takes one walk for each
    epoch. A generator would be spent after the first, and gensim would train on nothing. All playlists take part in the
    first walk, so that every track is learned; in each other one a playlist does with its weight for a probability.
    """

    def __init__(
        self, entries: np.ndarray, offsets: np.ndarray, artists: np.ndarray, order: str, seed: int, weights: np.ndarray
    ) -> None:
        self.artists = np.where(artists >= 0, len(artists) + artists, -1)
        """int64, shape (tracks,): the word of each track's artist, -1 where none stands in the sentences."""
        known = self.artists[entries] >= 0
        told = np.concatenate([entries, self.artists[entries][known]])
        by_entry = np.repeat(weights.astype(np.float64), np.diff(offsets))
        self.counts = _by_weight(
            told, np.append(by_entry, by_entry[known]), max(len(artists), int(self.artists.max(initial=-1)) + 1)
        )
        """int64, shape (words,): how often each track stands in the sentences, by their weights but at least once, and
        then each artist."""
        self.n_words = len(told)
        self._lengths = np.diff(np.append(0, np.cumsum(1 + known))[offsets])
        self._weights, self._all = weights, np.ones_like(weights)
        self._entries, self._offsets, self._order, self._seed, self._walks = entries, offsets, order, seed, 0
        self.words = np.full(len(self.counts), None, object)
        """Each is one shared text, made once: gensim finds it by its stored hash; None for what is in no sentence."""
        there = np.flatnonzero(self.counts)
        self.words[there] = list(map(str, there.tolist()))

    @classmethod
    def of(cls, corpus: Corpus, min_count: int, order: str, seed: int, artists: bool = False) -> Self:
        """Take the entries of tracks that stand min_count times or more. Raises CannotTrain when no pair is left.

        artists: whether each track is followed by its artist, where one is known.
        """
        often = np.bincount(corpus.entries, minlength=corpus.n_tracks) >= min_count
        kept = often[corpus.entries]
        offsets = np.concatenate([[0], np.cumsum(kept)])[corpus.offsets]
        entries = corpus.entries[kept]
        if not len(entries):
            raise CannotTrain(f"no track stands {min_count} times: lower min_count, or import more playlists")
        changes = entries[1:] != entries[:-1]
        changes[[border - 1 for border in offsets[1:-1].tolist() if 0 < border < len(entries)]] = False
        if not changes.any():
            raise CannotTrain("no playlist holds two different tracks that are often enough: import more playlists")
        makers = corpus.artists if artists else np.full(corpus.n_tracks, -1)
        return cls(entries, offsets, makers, order, seed, corpus.weights)

    def __iter__(self) -> Iterator[list[str]]:
        self._walks += 1
        shuffled = self._order == "shuffled" or (self._order == "mixed" and self._walks % 2 == 1)
        rng = np.random.default_rng([self._seed, self._walks]) if shuffled else None
        return self._walk(self._taking_part(self._walks), rng)

    def words_in(self, walks: int) -> int:
        """Count the words of the first walks."""
        return sum(int(self._lengths[self._taking_part(walk)].sum()) for walk in range(1, walks + 1))

    def _taking_part(self, walk: int) -> np.ndarray:
        """Draw the playlists of one walk, whenever it is asked, the same: int64, shape (any,)."""
        # The chance of the order is another one, which not all walks have.
        return taking_part(self._weights if walk > 1 else self._all, np.random.default_rng([self._seed, walk, 1]))

    def frequencies(self) -> dict[str, int]:
        """Give how often each word stands in the sentences, which saves gensim a walk."""
        kept = np.flatnonzero(self.counts)
        return dict(zip(self.words[kept].tolist(), self.counts[kept].tolist(), strict=True))

    def _walk(self, playlists: np.ndarray, rng: np.random.Generator | None) -> Iterator[list[str]]:
        any_artist = self.n_words > len(self._entries)
        for start, end in zip(self._offsets[playlists].tolist(), self._offsets[playlists + 1].tolist(), strict=True):
            told = self._entries[start:end]
            if rng is not None:
                told = rng.permutation(told)
            if any_artist:
                told = _without_unknown(np.stack([told, self.artists[told]], axis=1).ravel())
            sentence = self.words[told].tolist()
            for first in range(0, len(sentence), LONGEST_SENTENCE):
                yield sentence[first : first + LONGEST_SENTENCE]


def _without_unknown(words: np.ndarray) -> np.ndarray:
    known: np.ndarray = words[words >= 0]
    return known


def _by_weight(words: np.ndarray, weights: np.ndarray, n_words: int) -> np.ndarray:
    counts = np.rint(np.bincount(words, weights, n_words)).astype(np.int64)
    counts[words] = np.maximum(counts[words], 1)
    return counts
