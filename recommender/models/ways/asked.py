"""One question to the parts of a hybrid, and how good an answer to it was. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from recommender.models.blend import REACH, best_levels
from recommender.models.contract import Choosing, Model, Reaching
from recommender.models.distinct import distinct
from recommender.models.likely import likely
from recommender.models.pairs import Facts
from recommender.models.places import rows_among
from recommender.vocabulary import NOT_FOUND

SEVERAL = 5
"""From so many seeds on, what was learned for several holds; in between, where it can be, both are mixed."""
ALL = 200_000
"""Among more tracks than these, time counts for more than the last bit of a sum."""
SEARCHED = 750_000
"""A part that compares with all tracks looks through so many of the best known; of the others, through what other parts
name."""
_CUTS = (1, SEVERAL, 10, 25)
_LENGTH = 500
_DISCOUNT = 1 / np.log2(np.arange(_LENGTH) + 2)


Best = tuple[np.ndarray, np.ndarray]
"""Tracks, int64, rising, and the level of each, float32, above 0."""
_NONE = np.zeros(0, np.int64)


@dataclass(frozen=True)
class Reached:
    """What one or more of several lists hold."""

    tracks: np.ndarray
    """int64, rising: each is in one list at least."""
    levels: np.ndarray
    """float32, shape (lists, len(tracks)): 0 to 1, 0 where a list does not hold it."""


def reached(lists: Sequence[Best]) -> Reached:
    """Set lists beside each other."""
    tracks = distinct(np.concatenate([tracks for tracks, _ in lists]))
    levels = np.zeros((len(lists), len(tracks)), np.float32)
    for row, (own, told) in enumerate(lists):
        levels[row, np.searchsorted(tracks, own)] = told
    return Reached(tracks, levels)


def best_of(scores: np.ndarray, seeds: np.ndarray) -> Best:
    """Give the best by scores of all tracks: float32, shape (tracks,), NaN what cannot be told; no seeds."""
    return _best_among(scores, len(scores), _NONE, seeds)


def _best_among(scores: np.ndarray, first: int, others: np.ndarray, seeds: np.ndarray) -> Best:
    """Give the best of the first tracks and of some after them, as Choosing scores them; seeds are left out."""
    places = _likely_places(scores, np.concatenate([seeds[seeds < first], first + _places_of(seeds, others)]))
    after = places >= first
    tracks = places.copy()
    tracks[after] = others[places[after] - first]
    return best_levels(tracks, scores[places])


def _without(seeds: np.ndarray, tracks: np.ndarray, scores: np.ndarray) -> Best:
    """Give the best of some tracks; seeds among them are left out, and what cannot be told."""
    places = _likely_places(scores, _places_of(seeds, tracks))
    return best_levels(tracks[places], scores[places])


def _places_of(seeds: np.ndarray, tracks: np.ndarray) -> np.ndarray:
    rows = rows_among(tracks, seeds)
    known: np.ndarray = rows[rows != NOT_FOUND]
    return known


def _likely_places(scores: np.ndarray, excluded: np.ndarray) -> np.ndarray:
    """Give the places among which the best are, and one more than count, so that it shows whether there are more."""
    places = likely(scores, excluded, REACH + 1)
    finite: np.ndarray = places[np.isfinite(scores[places])]
    return finite


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
    _best: dict[tuple[str, bytes], Best] = field(default_factory=dict)
    """Their best, brought to levels."""
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
        """Ask a part: float32, shape (tracks,), 0 to 1, the seeds and what it cannot tell 0; seeds: see best()."""
        levels = np.zeros(self.n_tracks, np.float32)
        tracks, own = self.best(kind, seeds)
        levels[tracks] = own
        return levels

    def best(self, kind: str, seeds: np.ndarray | None = None) -> Best:
        """Ask a part for its best, which are about 500 of perhaps millions.

        seeds: others to ask with than those that the question is about.
        """
        given = self.seeds if seeds is None else seeds
        key = (kind, given.tobytes())
        if key not in self._best:
            part = self.parts.get(kind)
            if part is None:
                self._best[key] = best_levels(_NONE, np.zeros(0, np.float32))
            elif isinstance(part, Reaching):
                self._best[key] = _without(self.seeds, *part.reached(given))
            elif isinstance(part, Choosing) and self.n_tracks > SEARCHED:
                others = self._named(given)
                scores = part.scores_of(given, SEARCHED, others)
                self._best[key] = _best_among(scores, SEARCHED, others, self.seeds)
            else:
                self._best[key] = best_of(self._answered(kind, given), self.seeds)
        return self._best[key]

    def _named(self, seeds: np.ndarray) -> np.ndarray:
        """Give the tracks of the rest that any part names which need not look through all: int64, rising."""
        named = [self.best(kind, seeds)[0] for kind, part in self.parts.items() if not isinstance(part, Choosing)]
        tracks = distinct(np.concatenate([_NONE, *named]))
        return tracks[tracks >= SEARCHED]

    def _answered(self, kind: str, seeds: np.ndarray) -> np.ndarray:
        key = (kind, seeds.tobytes())
        if key not in self._told:
            part = self.parts.get(kind)
            self._told[key] = np.full(self.n_tracks, np.nan, np.float32) if part is None else part.scores(seeds)
        return self._told[key]

    def reached(self, kinds: tuple[str, ...]) -> Reached:
        """Ask several parts: a list of each one's best."""
        return reached([self.best(kind) for kind in kinds])

    def places(self, kinds: tuple[str, ...]) -> tuple[np.ndarray, np.ndarray]:
        """Give the tracks that any of the parts reaches, and their places in each part's list.

        int64, shape (tracks,), and float64, shape (len(kinds), tracks): 0 is the best, infinite what is not reached.
        """
        if kinds not in self._places:
            found = self.reached(kinds)
            place = np.argsort(np.argsort(-found.levels, axis=1, kind="stable"), axis=1).astype(np.float64)
            self._places[kinds] = (found.tracks, np.where(found.levels > 0, place, np.inf))
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
