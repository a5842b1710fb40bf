"""Ids and names of made-up things: each follows from its kind, its number and the seed.

Pure. Words have a Zipf tail: the commonest stands in a few of a hundred titles. Ids look like Spotify's, and are as far
from being in order.
"""

from dataclasses import dataclass

import numpy as np

from bench.database_size import SYLLABLES, WORDS

ALPHABET = np.frombuffer(b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", np.uint8)
ID_LENGTH = 22
HALF = 11
"""Letters that hold 64 bits: the first half alone tells the number."""
KINDS = ("track", "artist", "album", "playlist", "genre", "duration", "version", "date")
LONGEST = 6
COMMONER = 5.0
"""Flattens the top of the tail: with 5 the commonest word is about 2 % of all words."""
VERSIONS = 0.22
"""Share of the tracks with an odd number that are versions of the one before, where that has the same artist."""
ENDINGS = (
    " - Remastered 2011", " - Remastered 2009", " - 2004 Remaster", " - Live", " (Live)", " - Radio Edit",
    " - Acoustic", " (Acoustic Version)", " - Instrumental", " - Extended Mix",
)  # fmt: skip


@dataclass(frozen=True)
class Names:
    """Words, and the names made of them."""

    seed: int
    words: tuple[str, ...]
    often: np.ndarray
    """float64, shape (words,), rising to 1: the chances of the words, summed up."""

    @classmethod
    def of(cls, seed: int) -> "Names":
        """Make the words; the same for every seed, so that a search finds something in all collections."""
        rng = np.random.default_rng(1)
        sizes = rng.choice([2, 3, 3, 4, 5], WORDS)
        drawn = np.array(SYLLABLES)[rng.integers(len(SYLLABLES), size=(WORDS, 5))].tolist()
        words = tuple("".join(row[:size]).title() for row, size in zip(drawn, sizes, strict=True))
        often = np.cumsum(1 / (np.arange(WORDS) + COMMONER))
        return cls(seed, words, often / often[-1])

    def ids(self, kind: str, numbers: np.ndarray) -> np.ndarray:
        """Give ids, "S22", shape as numbers; no two numbers of a kind share one."""
        letters = np.empty((len(numbers), ID_LENGTH), np.uint8)
        rest = self._mixed(kind, numbers, 0)
        for place in range(ID_LENGTH):
            if place == HALF:
                rest = self._mixed(kind, numbers, 1)
            rest, digit = np.divmod(rest, np.uint64(len(ALPHABET)))
            letters[:, place] = ALPHABET[digit]
        return letters.view(f"S{ID_LENGTH}").ravel()

    def names(self, kind: str, numbers: np.ndarray, longest: int = LONGEST) -> list[str]:
        """Give names of one to so many words."""
        sizes = 1 + (self.chances(kind, numbers, 2) * longest).astype(np.int64)
        which = np.repeat(np.arange(len(numbers)), sizes)
        begins = np.cumsum(sizes) - sizes
        turn = np.arange(len(which)) - begins[which]
        chance = self.chances(kind, numbers[which] * LONGEST + turn, 3)
        drawn = np.minimum(np.searchsorted(self.often, chance), len(self.words) - 1).tolist()
        words, ends = self.words, (begins + sizes).tolist()
        return [
            " ".join([words[word] for word in drawn[start:end]])
            for start, end in zip(begins.tolist(), ends, strict=True)
        ]

    def titles(self, numbers: np.ndarray, same_artist: np.ndarray) -> list[str]:
        """Give the titles of tracks; same_artist tells whether the track before is by the same."""
        chance = self.chances("version", numbers)
        version = same_artist & (numbers % 2 == 1) & (chance < VERSIONS)
        titles = self.names("track", numbers - version)
        for place in np.flatnonzero(version).tolist():
            titles[place] += ENDINGS[int(chance[place] / VERSIONS * len(ENDINGS))]
        return titles

    def chances(self, kind: str, numbers: np.ndarray, stream: int = 0) -> np.ndarray:
        """Give each number its own chance, from 0 to below 1."""
        return (self._mixed(kind, numbers, stream) >> np.uint64(11)) * 2.0**-53

    def _mixed(self, kind: str, numbers: np.ndarray, stream: int) -> np.ndarray:
        """Mix the numbers (splitmix64's last steps, a bijection), each kind and stream in its own way."""
        start = ((self.seed * len(KINDS) + KINDS.index(kind)) * 8 + stream + 1) * 0x9E3779B97F4A7C15 % 2**64
        mixed = numbers.astype(np.uint64) * np.uint64(0xD1342543DE82EF95) + np.uint64(start)
        for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
            mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(factor)
        return mixed ^ (mixed >> np.uint64(31))
