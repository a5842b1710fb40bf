"""The yardstick: the same tracks for everybody."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np

from recommender.corpus import Corpus
from recommender.errors import DamagedModel
from recommender.holdings import counts_by_weight
from recommender.models.contract import Progress, no_progress
from recommender.models.ranges import Ranges


@dataclass(frozen=True)
class Options:
    """There is nothing to choose."""


RANGES: Ranges = {}
PRESETS: dict[str, Options] = {}


@dataclass(frozen=True)
class Popularity:
    """Suggest what stands in most playlists, whatever the seeds are.

    Idea: a track of many playlists suits many playlists.
    Formula: score(j) = number of playlists with j, each counted by its weight.
    Source: the most-popular baseline of Cremonesi, Koren and Turrin, "Performance of recommender algorithms on top-N
    recommendation tasks", RecSys 2010, which many a learned model fails to beat.
    For: it always has an answer, and is the yardstick that every other model has to beat.
    Against: it fails wherever taste matters, and never shows a track that is not known already.
    Cold start: the seeds do not matter, so unknown ones do no harm; a new track comes last until playlists take it up.
    """

    name: ClassVar[str] = "popularity"
    adds_up: ClassVar[bool] = False
    options: Options
    counts: np.ndarray
    """float32, shape (tracks,): in how many playlists each track stands, by their weights."""

    @classmethod
    def fit(cls, corpus: Corpus, rng: np.random.Generator, options: Options, progress: Progress = no_progress) -> Self:
        """Take the counts of the corpus; there is no chance in it, and nothing to refuse."""
        progress(1.0)
        return cls(options, counts_by_weight(corpus).astype(np.float32))

    def scores(self, seeds: np.ndarray) -> np.ndarray:
        """Give every track its count, whatever the seeds: float32, shape (tracks,), never NaN."""
        counts = np.array(self.counts, np.float32)
        if not np.isfinite(counts).all():
            raise DamagedModel("its counts are no numbers")
        return counts

    def arrays(self) -> Mapping[str, np.ndarray]:
        """Give counts: float32, shape (tracks,)."""
        return {"counts": self.counts}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, np.ndarray], options: Options, n_tracks: int) -> Self:
        """Rebuild the model from arrays(). Raises ValueError when they do not fit the vocabulary."""
        if arrays["counts"].shape != (n_tracks,) or arrays["counts"].dtype.kind not in "fiu":
            raise ValueError("one count for each track is needed")
        return cls(options, arrays["counts"])

    def notes(self) -> Mapping[str, str | int | float]:
        """Give the number of tracks."""
        return {"tracks": len(self.counts)}
