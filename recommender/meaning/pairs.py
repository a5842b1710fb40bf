"""Pairs of songs of one playlist, and which of them must not be told apart."""

from dataclasses import dataclass

import numpy as np

from recommender.corpus import Corpus
from recommender.errors import CannotTrain
from recommender.meaning.reading import EMPTY, hashes, sentence
from recommender.texts import Texts

_HELD_SHARE = 0.1


@dataclass(frozen=True, eq=False)
class Drawn:
    """Some pairs: the sentences of one song and of the other of each, and what is no example of two that are apart."""

    one: list[str]
    other: list[str]
    alike: np.ndarray
    """bool, shape (pairs, pairs): whether the pairs, where they are not the same, share a playlist or a text."""


@dataclass(frozen=True, eq=False)
class Pairs:
    """Playlists from which pairs are drawn."""

    entries: np.ndarray
    """int32, shape (any,): the tracks of one playlist after the other, each with a text."""
    offsets: np.ndarray
    """int64, shape (playlists + 1,)."""
    chances: np.ndarray
    """float64, shape (playlists,): how likely each is drawn from, 1 in all."""
    texts: Texts
    hashes: np.ndarray
    """uint64, shape (tracks,): the same for the same text."""

    def drawn(self, rng: np.random.Generator, n_pairs: int) -> Drawn:
        """Draw n_pairs pairs; those of one text are left out."""
        playlists = rng.choice(len(self.chances), n_pairs, p=self.chances)
        lengths = np.diff(self.offsets)[playlists]
        first = (rng.random(n_pairs) * lengths).astype(np.int64)
        second = (rng.random(n_pairs) * (lengths - 1)).astype(np.int64)
        second += second >= first
        one, other = (self.entries[self.offsets[playlists] + place] for place in (first, second))
        differ = self.hashes[one] != self.hashes[other]
        one, other, playlists = one[differ], other[differ], playlists[differ]
        mine, theirs = self.hashes[one], self.hashes[other]
        alike = (playlists[:, None] == playlists) | (mine[:, None] == mine) | (theirs[:, None] == theirs)
        alike |= (mine[:, None] == theirs) | (theirs[:, None] == mine)
        np.fill_diagonal(alike, val=False)
        sentences = [[sentence(self.texts[track_no]) for track_no in tracks.tolist()] for tracks in (one, other)]
        return Drawn(sentences[0], sentences[1], alike)


def parted(corpus: Corpus, rng: np.random.Generator) -> tuple[Pairs, Pairs]:
    """Part the playlists of two different texts or more: what is learned from, and a tenth to see whether it helps.

    Raises CannotTrain where there are too few.
    """
    told = hashes(corpus.texts)
    owners = np.repeat(np.arange(corpus.n_playlists), np.diff(corpus.offsets))
    kept = told[corpus.entries] != EMPTY
    owners, entries = owners[kept], corpus.entries[kept]
    # Where the highest number of a text is not the lowest, there are two.
    high, low = np.zeros(corpus.n_playlists, np.uint64), np.full(corpus.n_playlists, np.iinfo(np.uint64).max)
    np.maximum.at(high, owners, told[entries])
    np.minimum.at(low, owners, told[entries])
    usable = rng.permutation(np.flatnonzero((high > low) & (corpus.weights > 0)))
    n_held = max(int(_HELD_SHARE * len(usable)), 1)
    if len(usable) < n_held + 2:
        raise CannotTrain("too few playlists hold two songs with different texts to fine-tune on: import more")

    def pairs(playlists: np.ndarray) -> Pairs:
        mine = np.isin(owners, playlists)
        lengths = np.bincount(owners[mine], minlength=corpus.n_playlists)[playlists]
        chances = lengths * corpus.weights[playlists].astype(np.float64)
        offsets = np.concatenate([[0], np.cumsum(lengths)])
        return Pairs(entries[mine], offsets, chances / chances.sum(), corpus.texts, told)

    return pairs(np.sort(usable[n_held:])), pairs(np.sort(usable[:n_held]))
