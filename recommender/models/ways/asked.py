"""One question to the parts of a hybrid, and how good an answer to it was. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from recommender.models.blend import levelled
from recommender.models.contract import Model
from recommender.models.pairs import Facts

SEVERAL = 5
"""From so many seeds on, what was learned for several holds; in between, where it can be, both are mixed."""
_CUTS = (1, SEVERAL, 10, 25)
_LENGTH = 500
_DISCOUNT = 1 / np.log2(np.arange(_LENGTH) + 2)


@dataclass(frozen=True)
class Asked:
    """Seeds, and those who can be asked about them; each of them is asked only once with the same seeds."""

    parts: Mapping[str, Model]
    facts: Facts
    worked_out: Mapping[str, np.ndarray]
    """What a way made of the parts once for all questions."""
    seeds: np.ndarray
    """int32 track numbers, oldest first, not empty."""
    _told: dict[tuple[str, bytes], np.ndarray] = field(default_factory=dict)
    """The scores of those that were asked already, by kind and seeds."""
    _levels: dict[tuple[str, bytes], np.ndarray] = field(default_factory=dict)
    """The same brought to levels."""
    _places: dict[tuple[str, ...], tuple[np.ndarray, np.ndarray]] = field(default_factory=dict)
    """What places() gave already."""

    @property
    def n_tracks(self) -> int:
        """Count the tracks that there are."""
        return len(self.facts.counts)

    def raw(self, kind: str, seeds: np.ndarray) -> np.ndarray:
        """Give a part's own scores: float32, shape (tracks,), 0 where it cannot tell or is missing."""
        return np.asarray(np.nan_to_num(self._answered(kind, seeds)))

    def level(self, kind: str, seeds: np.ndarray | None = None) -> np.ndarray:
        """Ask a part: float32, shape (tracks,), 0 to 1, the seeds and what it cannot tell 0.

        seeds: others to ask with than those that the question is about.
        """
        given = self.seeds if seeds is None else seeds
        key = (kind, given.tobytes())
        if key not in self._levels:
            self._levels[key] = levelled(self._answered(kind, given), self.seeds)
        return self._levels[key]

    def _answered(self, kind: str, seeds: np.ndarray) -> np.ndarray:
        key = (kind, seeds.tobytes())
        if key not in self._told:
            part = self.parts.get(kind)
            self._told[key] = np.full(self.n_tracks, np.nan, np.float32) if part is None else part.scores(seeds)
        return self._told[key]

    def levels(self, kinds: tuple[str, ...]) -> np.ndarray:
        """Ask several parts: float32, shape (len(kinds), tracks)."""
        return np.array([self.level(kind) for kind in kinds])

    def places(self, kinds: tuple[str, ...]) -> tuple[np.ndarray, np.ndarray]:
        """Give the tracks that any of the parts reaches, and their places in each part's list.

        int64, shape (tracks,), and float64, shape (len(kinds), tracks): 0 is the best, infinite what is not reached.
        """
        if kinds not in self._places:
            levels = self.levels(kinds)
            tracks = np.flatnonzero(levels.any(axis=0))
            own = levels[:, tracks]
            place = np.argsort(np.argsort(-own, axis=1, kind="stable"), axis=1).astype(np.float64)
            self._places[kinds] = (tracks, np.where(own > 0, place, np.inf))
        return self._places[kinds]


@dataclass(frozen=True)
class Answer:
    """The tracks that an answer holds, in any order; all others come after them."""

    tracks: np.ndarray
    """int64 track numbers, each once."""
    told: np.ndarray
    """float64, shape (len(tracks),): higher is better."""


def ndcg(answer: Answer, right: np.ndarray) -> float:
    """Grade an answer by its first 500. right: bool, shape (tracks,), whether each track is right."""
    found = np.flatnonzero(right[answer.tracks])
    own = answer.told[found, None]
    # Equals stand in the order of the answer.
    before = (answer.told > own) | ((answer.told == own) & (np.arange(len(answer.told)) < found[:, None]))
    place = before.sum(axis=1)
    most = min(int(right.sum()), _LENGTH)
    return float(_DISCOUNT[place[place < _LENGTH]].sum() / _DISCOUNT[:most].sum()) if most else 0.0


def beginnings(tracks: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Cut a playlist into its beginnings of several lengths and what followed."""
    for n_seeds in _CUTS:
        if len(tracks) > n_seeds:
            yield tracks[:n_seeds], tracks[n_seeds:]
