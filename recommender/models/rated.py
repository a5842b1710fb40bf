"""What clusters, rank and trees share: who rated what how, and what is known of raters and tracks alone. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from recommender.corpus import Corpus
from recommender.errors import CannotTrain
from recommender.ratings import Ratings, ratings_of

SOURCES = ("auto", "plays", "playlists")


def held_ratings(corpus: Corpus, rng: np.random.Generator, source: str) -> Ratings:
    """Gather the ratings of what is held or was played, without drawn zeros. Raises CannotTrain when there are none."""
    ratings = ratings_of(corpus, rng, 0, source)
    if not len(ratings.values):
        what = "nothing was played" if ratings.of_plays else "no playlist holds anything"
        raise CannotTrain(f"{what}, so there is nothing to learn from: import more, or change the option source")
    return ratings


def rater_of(ratings: Ratings) -> np.ndarray:
    """Give the rater's number of each rating: int32, shape (ratings,)."""
    return np.repeat(np.arange(len(ratings.raters), dtype=np.int32), np.diff(ratings.offsets))


def names_of(ratings: Ratings) -> np.ndarray:
    """Give the names of listeners as bytes of UTF-8, shape (listeners,); none where raters are playlists."""
    return np.array([name.encode() for name in ratings.raters] if ratings.of_plays else [], np.bytes_)


def listeners_in(arrays: Mapping[str, np.ndarray]) -> np.ndarray:
    """Take the names of the listeners, if there are any. Raises ValueError when they are no names."""
    listeners = arrays.get("listeners", np.zeros(0, np.bytes_))
    if listeners.ndim != 1 or listeners.dtype.kind != "S":
        raise ValueError("each listener has one name")
    return listeners


def refuse_misshapen(arrays: Mapping[str, np.ndarray], shapes: Mapping[str, tuple[str, tuple[int, ...]]]) -> None:
    """Raise ValueError when an array is not of the kind ("i" or "f") and the shape that it should have."""
    for name, (kind, shape) in shapes.items():
        if arrays[name].dtype.kind != kind or arrays[name].shape != shape:
            raise ValueError(f"{name} should be {'x'.join(map(str, shape))} numbers of kind {kind}")


@dataclass(frozen=True)
class Means:
    """The mean rating of groups, such as all of one track, drawn towards another mean where they are few."""

    sums: np.ndarray
    """float64, shape (groups,)."""
    counts: np.ndarray
    """int64, shape (groups,)."""

    def drawn_to(self, towards: np.ndarray | float, shrink: float) -> np.ndarray:
        """Give (sum + shrink towards) / (count + shrink): float64, shape (groups,); towards where nothing is known."""
        weights = self.counts + shrink
        known = weights > 0
        return np.where(known, (self.sums + shrink * towards) / np.where(known, weights, 1), towards)


def means_by(groups: np.ndarray, values: np.ndarray, n_groups: int) -> Means:
    """Add up the values of each group. groups: whole numbers from 0 on, shape (values,)."""
    sums = np.bincount(groups, values, n_groups).astype(np.float64, copy=False)
    return Means(sums, np.bincount(groups, minlength=n_groups))
