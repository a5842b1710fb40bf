"""Playlists as sentences that gensim can walk again and again."""

from collections.abc import Iterator
from typing import Self

import numpy as np

from recommender.corpus import Corpus
from recommender.errors import CannotTrain

LONGEST_SENTENCE = 10_000
"""gensim trains on no more words of one sentence (MAX_SENTENCE_LEN) and drops the rest without a word."""


class Sentences:
    """The playlists as lists of words, tracks below min_count left out; it can be walked any number of times.

    gensim takes one walk for each epoch. A generator would be spent after the first, and gensim would train on nothing.
    """

    def __init__(self, entries: np.ndarray, offsets: np.ndarray, n_tracks: int, order: str, seed: int) -> None:
        self.counts = np.bincount(entries, minlength=n_tracks)
        """int64, shape (tracks,): how often each track stands in the sentences."""
        self.n_words = len(entries)
        self._entries, self._offsets, self._order, self._seed, self._walks = entries, offsets, order, seed, 0
        self.words = np.array([str(track) for track in range(n_tracks)], object)
        """Each is one shared text, made once: gensim finds it by its stored hash."""

    @classmethod
    def of(cls, corpus: Corpus, min_count: int, order: str, seed: int) -> Self:
        """Take the entries of tracks that stand min_count times or more. Raises CannotTrain when no pair is left."""
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
        return cls(entries, offsets, corpus.n_tracks, order, seed)

    def __iter__(self) -> Iterator[list[str]]:
        self._walks += 1
        shuffled = self._order == "shuffled" or (self._order == "mixed" and self._walks % 2 == 1)
        return self._walk(np.random.default_rng([self._seed, self._walks]) if shuffled else None)

    def frequencies(self) -> dict[str, int]:
        """Give how often each word stands in the sentences, which saves gensim a walk."""
        kept = np.flatnonzero(self.counts)
        return dict(zip(self.words[kept].tolist(), self.counts[kept].tolist(), strict=True))

    def _walk(self, rng: np.random.Generator | None) -> Iterator[list[str]]:
        for start, end in zip(self._offsets[:-1].tolist(), self._offsets[1:].tolist(), strict=True):
            tracks = self._entries[start:end]
            sentence = self.words[tracks if rng is None else rng.permutation(tracks)].tolist()
            for first in range(0, len(sentence), LONGEST_SENTENCE):
                yield sentence[first : first + LONGEST_SENTENCE]
