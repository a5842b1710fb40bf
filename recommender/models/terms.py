"""The terms of what is written about tracks: words, and three letters in a row, each on the line where it stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from recommender.models.contract import Progress
from recommender.models.links import Links
from recommender.texts import LINES, Texts

if TYPE_CHECKING:
    from scipy.sparse import csr_array

LINK_BYTES = 8
"""What one term of one track takes: an int32 each way."""
_KINDS = (*((line, False) for line in LINES), *((line, True) for line in LINES if line != "told"))
"""Each line, and whether its words or its letters count; lyrics have too many letters, and those of all tracks."""
_GRAM = 3
_AT_ONCE = 20_000
_FEW = 1_000
"""A term of so many tracks is never too common."""
_NOTHING = Links(np.zeros(1, np.int64), np.zeros(0, np.int32))


@dataclass(frozen=True)
class Terms:
    """Which track has which terms, by numbers; what a term looks like is not kept."""

    of_tracks: Links
    """A row for each track: its terms that another track has, too."""
    of_terms: Links
    """A row for each term: the tracks that have it."""
    weights: np.ndarray
    """float32, shape (terms,)."""
    norms: np.ndarray
    """float32, shape (tracks,): the length of each track's vector of weights, of terms that it alone has too."""
    left_out: int
    """How many terms are too common, or had no room."""


def terms_of(
    texts: Texts, by_line: dict[str, float], grams: float, common: float, longest: int, room: int, progress: Progress
) -> Terms:
    """Take texts apart, and weigh each term by its line and by how few tracks have it.

    by_line: the weight of each line of LINES. grams: what three letters weigh beside a word. common: the share of the
    tracks above which a term is left out. longest: the letters of a line that are read. room: how many links may be
    kept at most; the most common terms are left out for it.
    """
    weights = [by_line[line] * (grams if letters else 1) for line, letters in _KINDS]
    gathered = _Gathered(room)
    for first, last in pairwise([*range(0, len(texts), _AT_ONCE), len(texts)]):
        rows = [texts[track].split("\n", len(LINES) - 1) for track in range(first, last)]
        lines = {
            line: [row[place][:longest] if place < len(row) else "" for row in rows] for place, line in enumerate(LINES)
        }
        parts = [
            (chr(kind), *_read(lines[line], letters))
            for kind, (line, letters) in enumerate(_KINDS)
            if weights[kind] > 0
        ]
        gathered.add(parts)
        progress(0.7 * last / len(texts))
    if not len(texts):
        return Terms(_NOTHING, _NOTHING, np.zeros(0, np.float32), np.zeros(0, np.float32), 0)
    gathered.leave_out(max(_FEW, common * len(texts)))
    return gathered.told(weights, progress)


def _read(lines: list[str], letters: bool) -> tuple[list[str], "csr_array"]:
    """Give the different terms of some lines, and which line has which: ones, shape (lines, terms)."""
    import scipy.sparse as sparse
    from sklearn.feature_extraction.text import CountVectorizer

    how = {"analyzer": "char_wb", "ngram_range": (_GRAM, _GRAM)} if letters else {"token_pattern": r"(?u)\b\w+\b"}
    reader = CountVectorizer(strip_accents="unicode", binary=True, dtype=np.int8, **how)
    try:
        held = sparse.csr_array(reader.fit_transform(lines))
    except ValueError:  # what it says where no line has a term
        return [], sparse.csr_array((len(lines), 0), dtype=np.int8)
    return reader.get_feature_names_out().tolist(), held


class _Gathered:
    """The terms of block after block, never many more than there is room for."""

    def __init__(self, room: int) -> None:
        self._room = room
        self._places: dict[str, int] = {}
        self._counts = np.zeros(0, np.int32)
        self._kept = np.zeros(0, bool)
        self._numbers: list[np.ndarray] = []
        self._lengths: list[np.ndarray] = []
        self._n_tracks = 0

    def add(self, parts: "Sequence[tuple[str, list[str], csr_array]]") -> None:
        """Take the next tracks: for each kind of term its sign, the terms, and which track has which."""
        import scipy.sparse as sparse

        block = sparse.csr_array(sparse.hstack([held for *_, held in parts], "csr"))
        places = self._places
        keys = (sign + term for sign, terms, _ in parts for term in terms)
        numbers = np.fromiter((places.setdefault(key, len(places)) for key in keys), np.int32, block.shape[1])
        new = len(places) - len(self._counts)
        self._counts = np.append(self._counts, np.zeros(new, np.int32))
        self._kept = np.append(self._kept, np.ones(new, bool))
        self._counts[numbers] += np.bincount(block.indices, minlength=block.shape[1]).astype(np.int32)
        self._numbers.append(numbers[block.indices])
        self._lengths.append(np.diff(block.indptr).astype(np.int64))
        self._n_tracks += block.shape[0]
        self._drop(len(self._numbers) - 1)
        if sum(map(len, self._numbers)) > 2 * self._room:
            self.leave_out(self._n_tracks)

    def leave_out(self, most: float) -> None:
        """Drop the terms of more than so many tracks, and then the most common until there is room for the others."""
        counts = np.where(self._kept & (self._counts <= most) & (self._counts > 1), self._counts, 0)
        links = np.bincount(counts, minlength=2) * np.arange(max(int(counts.max(initial=0)) + 1, 2))
        fitting = int(np.searchsorted(np.cumsum(links), self._room, side="right")) - 1
        self._kept &= self._counts <= min(most, max(fitting, 1))
        for place in range(len(self._numbers)):
            self._drop(place)

    def told(self, by_kind: Sequence[float], progress: Progress) -> Terms:
        """Weigh all and turn it round. by_kind: the weight of each kind of term, by its sign."""
        import scipy.sparse as sparse

        base = np.array(by_kind)[np.fromiter((ord(key[0]) for key in self._places), np.int8, len(self._places))]
        weights = (base * np.log((self._n_tracks + 1) / np.maximum(self._counts, 1))).astype(np.float32)
        norms = np.concatenate([self._norms(place, weights) for place in range(len(self._numbers))])
        progress(0.8)
        left_out = int((~self._kept).sum())
        # What one track has alone is long, and says nothing of another.
        self._kept &= self._counts > 1
        new = np.cumsum(self._kept, dtype=np.int32) - 1
        for place in range(len(self._numbers)):
            self._drop(place)
            self._numbers[place] = new[self._numbers[place]]
        offsets = np.append(0, np.cumsum(np.concatenate(self._lengths)))
        numbers = np.concatenate(self._numbers)
        self._numbers.clear()
        progress(0.9)
        shape = (self._n_tracks, int(self._kept.sum()))
        back = sparse.csr_array((np.ones(len(numbers), np.int8), numbers, offsets), shape=shape).tocsc()
        of_terms = Links(back.indptr.astype(np.int64), back.indices.astype(np.int32, copy=False))
        return Terms(Links(offsets, numbers), of_terms, weights[self._kept], norms, left_out)

    def _norms(self, place: int, weights: np.ndarray) -> np.ndarray:
        lengths = self._lengths[place]
        squares = weights[self._numbers[place]].astype(np.float64) ** 2
        return np.sqrt(np.bincount(np.repeat(np.arange(len(lengths)), lengths), squares, len(lengths))).astype(
            np.float32
        )

    def _drop(self, place: int) -> None:
        """Drop from a block what is not kept."""
        numbers, lengths = self._numbers[place], self._lengths[place]
        kept = self._kept[numbers]
        rows = np.repeat(np.arange(len(lengths)), lengths)
        self._lengths[place] = np.bincount(rows[kept], minlength=len(lengths)).astype(np.int64)
        self._numbers[place] = numbers[kept]
