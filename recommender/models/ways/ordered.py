"""Ways that weigh several lists against each other, and let trees order the best of them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from recommender.errors import DamagedModel
from recommender.models.blend import Case, case_of, learn_weights
from recommender.models.contract import Model
from recommender.models.distinct import distinct
from recommender.models.forest import Forest, grow
from recommender.models.pairs import candidates
from recommender.models.ways.asked import ALL, SEVERAL, Answer, Asked, Reached, beginnings
from recommender.models.ways.grid import nothing_more


@dataclass(frozen=True)
class Ordered:
    """A way, how far each of its lists is trusted, and the trees."""

    way: "Trees"
    weights: np.ndarray
    """float64, shape (2, lists): of each list for one seed and for several."""
    forest: Forest | None

    def answer(self, asked: Asked) -> Answer:
        """Add up the lists, and let the trees order the best of all that any list reaches."""
        found = self.way.lists_of(asked)
        total = _added(self.weights_for(len(distinct(asked.seeds))), found, asked.n_tracks)
        if self.forest:
            chosen = self.way.candidates(found.levels)
            if len(chosen):
                told = self.forest.predict(self.way.features(asked, found.tracks[chosen], found.levels[:, chosen]))
                order = _standard(told) + self.way.weighted * _standard(total[chosen])
                if not np.isfinite(order).all():
                    raise DamagedModel("its trees are no numbers")
                # Above all that was not looked at closely, whose levels end at 1.
                total[chosen] = order - order.min() + 2.0
        return Answer(found.tracks, total)

    def weights_for(self, n_seeds: int) -> np.ndarray:
        """Give the weight of each list for so many different seeds: float64, shape (lists,)."""
        share = np.clip(np.log(max(n_seeds, 1)) / np.log(SEVERAL), 0.0, 1.0)
        return np.asarray((1 - share) * self.weights[0] + share * self.weights[1])

    def arrays(self) -> dict[str, np.ndarray]:
        """Give weights and trees by name."""
        return {"weights": self.weights, **(self.forest.arrays() if self.forest else {})}

    def notes(self) -> dict[str, str | int | float]:
        """Give each list's weight in hundredths, for one seed and for several, and the number of trees."""
        told: dict[str, str | int | float] = {
            name: " / ".join(f"{100 * self.weights[row, place]:.0f}" for row in range(2))
            for place, name in enumerate(self.way.lists)
        }
        return {**told, "trees": len(self.forest.features) if self.forest else 0}


@dataclass(frozen=True)
class _Lesson:
    n_seeds: int
    case: Case
    rows: np.ndarray
    """float32, shape (candidates, features)."""
    right: np.ndarray
    """float32, shape (candidates,): how right each is, from 0 to 1."""


@dataclass(frozen=True)
class Trees:
    """A way that has lists, and features of their candidates."""

    parts: tuple[str, ...]
    """The kinds of models that it asks."""
    lists: tuple[str, ...]
    """The names of the lists that it makes of their answers."""
    lists_of: Callable[[Asked], Reached]
    """Makes the lists."""
    features: Callable[[Asked, np.ndarray, np.ndarray], np.ndarray]
    """Describes candidates, given with their levels: float32, shape (candidates, n_features)."""
    n_features: int
    candidates: Callable[[np.ndarray], np.ndarray] = candidates
    """Chooses from the levels (float32, shape (lists, any)) what the trees order: places in them, rising."""
    weighted: float = 1.0
    """What the weighted lists count for beside the trees."""
    usual: tuple[float, ...] = ()
    """The weights of the lists where they are not learned; empty: they are, and all alike with too little to learn."""
    truth: int | None = None
    """So many of the tracks that follow are right; None: all."""
    later: float = 0.0
    """How right, for the trees, those are that follow after these, where 1 is wholly right."""
    cut: Callable[[np.ndarray], Iterator[tuple[np.ndarray, np.ndarray]]] = beginnings
    """Cuts a playlist into questions and what is right."""
    shortest: int = SEVERAL
    """Playlists of more than twice as many tracks are kept back."""
    work_out: Callable[[Mapping[str, Model]], dict[str, np.ndarray]] = nothing_more
    """Makes arrays of the parts, once for all questions."""
    works_out: tuple[str, ...] = ()
    """The names of these arrays."""

    def lesson(self, asked: Asked, rest: np.ndarray) -> _Lesson:
        """Keep what one question teaches."""
        found, first = self.lists_of(asked), rest[: self.truth]
        chosen = self.candidates(found.levels)
        tracks = found.tracks[chosen]
        right = np.isin(tracks, rest).astype(np.float32) * np.float32(self.later if self.truth else 1.0)
        right[np.isin(tracks, first)] = 1.0
        rows = self.features(asked, tracks, found.levels[:, chosen]) if right.any() else np.zeros((0, self.n_features))
        return _Lesson(len(asked.seeds), case_of(found.tracks, found.levels, first, len(first)), rows, right)

    def learned(self, lessons: Sequence[_Lesson], trees: int, rng: np.random.Generator) -> Ordered:
        """Learn the weights and, where wanted and possible, the trees; without lessons all lists count alike."""
        n_lists = len(self.lists)
        weights = np.tile(self.usual or np.full(n_lists, 1 / n_lists), (2, 1))
        if not lessons:
            return Ordered(self, weights, None)
        if not self.usual:
            cases = [[one.case for one in lessons if (one.n_seeds > 1) == several] for several in (False, True)]
            weights = np.array([learn_weights(own, n_lists) for own in cases])
        telling = [one for one in lessons if one.right.any()]
        if not trees or not telling:
            return Ordered(self, weights, None)
        rows, right = np.concatenate([one.rows for one in telling]), np.concatenate([one.right for one in telling])
        return Ordered(self, weights, grow(rows, right, trees, int(rng.integers(2**31))))

    def read(self, arrays: Mapping[str, np.ndarray]) -> Ordered:
        """Rebuild what was learned from its arrays. Raises ValueError when they do not fit."""
        weights = np.array(arrays["weights"])
        if weights.shape != (2, len(self.lists)) or weights.dtype.kind != "f" or not np.isfinite(weights).all():
            raise ValueError("there are two weights for each part")
        forest = Forest.from_arrays(arrays, self.n_features) if "tree-features" in arrays else None
        return Ordered(self, weights, forest)


def _added(weights: np.ndarray, found: Reached, n_tracks: int) -> np.ndarray:
    """Add up lists by their weights: float64, shape (len(found.tracks),)."""
    levels, columns = found.levels, np.arange(len(found.tracks))
    if n_tracks <= ALL:
        # The linear algebra rounds a column by where it stands: with one for every track, as long as there is room,
        # a track's sum does not hang on which others were reached.
        columns = found.tracks
        levels = np.zeros((len(found.levels), n_tracks), np.float32)
        levels[:, columns] = found.levels
    return np.asarray((weights.astype(np.float32) @ levels)[columns], np.float64)


def _standard(values: np.ndarray) -> np.ndarray:
    spread = float(values.std())
    return (values - values.mean()) / spread if spread else values * 0.0
