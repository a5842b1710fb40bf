"""What is rated like the seeds: Surprise's KNNBasic over tracks, and its twin without a dense matrix."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np

from recommender.corpus import Corpus
from recommender.models.alike import SIMILARITIES, Alike, weighted_means
from recommender.models.contract import Progress, no_progress
from recommender.models.graded import Graded, graded, rated
from recommender.models.links import Links, distinct, told
from recommender.models.ranges import Choices, Ranges, refuse_out_of_range
from recommender.models.rated import SOURCES
from recommender.models.surprises import ENGINES, similarities, stored_arrays, stored_in

_TRACKS_AT_ONCE = 1_000


@dataclass(frozen=True)
class Options:
    """Which tracks are alike, and how many of them are believed."""

    k: int = 30
    """So many of a listener's most similar tracks foretell the plays of another one, at most."""
    min_k: int = 1
    """With fewer tracks alike than that, the baseline foretells."""
    asked: int = 1_000
    """So many raters of a seed tell what it is like when tracks are suggested, at most; more take longer."""
    similarity: str = "pearson_baseline"
    """pearson_baseline compares ratings beyond their baselines; cosine and msd plain ones."""
    shrinkage: float = 100.0
    """Raters in common at which a pearson_baseline counts half; higher trusts those less that few raters share."""
    zeros: int = 60
    """Tracks drawn for each playlist and, where it does not hold them, rated 0; plays need none."""
    source: str = "auto"
    """What raters are: listeners (plays), playlists, or auto, which takes listeners from 20 of them on."""
    engine: str = "sparse"
    """sparse reckons similarities when they are asked for; surprise keeps all that Surprise finds, the same ones, at 40
    bytes of memory for each pair of tracks."""


RANGES: Ranges = {
    "k": (1, 100_000),
    "min_k": (1, 100_000),
    "asked": (1, 10_000_000),
    "shrinkage": (0, 1_000_000),
    "zeros": (1, 100_000),
}
CHOICES: Choices = {"similarity": SIMILARITIES, "source": SOURCES, "engine": ENGINES}
PRESETS: dict[str, Options] = {"study": Options(k=30, min_k=1), "study-tuned": Options(k=30, min_k=3)}


@dataclass(frozen=True)
class ItemKNNBasic:
    """Suggest the tracks that raters rate as they rate the seeds.

    Idea: two tracks are alike when those who rate one above the baseline rate the other above it. Raters are listeners,
    whose ratings are the log of their plays, or playlists, which rate their own tracks 1 and some drawn ones 0.
    Formula: sim(i, j) = (n - 1) / (n - 1 + shrinkage) times the correlation of r(u, i) - b(u, i) and r(u, j) - b(u, j)
    over the n raters u of both, with the baseline b(u, i) = mean + b(u) + b(i); predicted r(u, j) = the mean of r(u, i)
    over the k tracks i of u that are most similar to j with sim > 0, weighted by sim. score(j) = sum over the seeds i
    of sim(i, j), with n in the place of n - 1, where somebody played both or one playlist holds both: a mean would put
    on top what is near to a single seed.
    Source: Sarwar et al., "Item-based collaborative filtering recommendation algorithms", WWW 2001, as KNNBasic in
    Surprise, with the similarity of Koren, "Factor in the neighbors", TKDD 2010.
    For: nothing but baselines is learned, so that a fit takes a moment; unlike knn-baseline it knows all tracks, and
    unlike item-knn it heeds how often a track was played.
    Against: it fails for tracks of few raters, whose correlations are chance, and leaves the baseline out of what it
    foretells; an answer takes longer with every rater of the seeds.
    Cold start: a track that nobody rated is never suggested, and its plays are the listener's baseline; one rating is
    enough to be suggested.
    """

    name: ClassVar[str] = "item-knn-basic"
    adds_up: ClassVar[bool] = True
    options: Options
    graded: Graded
    stored: Links | None
    """Surprise's similarities of tracks, with engine surprise."""

    @classmethod
    def fit(cls, corpus: Corpus, rng: np.random.Generator, options: Options, progress: Progress = no_progress) -> Self:
        """Gather the ratings with their baselines; the only chance is in the drawn zeros.

        Raises CannotTrain when there are no ratings that differ, an option is out of range, or Surprise lacks memory.
        """
        refuse_out_of_range(options, RANGES, CHOICES)
        known = graded(rated(corpus, rng, options.zeros, options.source), corpus.n_tracks)
        progress(0.5)
        model = cls(options, known, None)
        if options.engine == "surprise":
            model = cls(options, known, similarities(cls.name, known, model.alike, by_rater=False))
        progress(1.0)
        return model

    @property
    def alike(self) -> Alike:
        """What compares tracks."""
        known, options = self.graded, self.options
        return Alike(
            known.by_track, known.by_rater, known.track_biases, known.rater_biases, known.scale.mean,
            options.similarity, options.shrinkage, self.stored,
        )  # fmt: skip

    @property
    def listeners(self) -> np.ndarray:
        """The listeners' names: bytes of UTF-8; empty when it learned from playlists."""
        return self.graded.listeners

    def scores(self, seeds: np.ndarray) -> np.ndarray:
        """Add up the similarities to the seeds: float32, shape (tracks,), NaN where none of them is like a seed."""
        alike, total = self.alike, np.zeros(self.graded.by_track.n_rows)
        for seed in distinct(seeds, len(total))[0].tolist():
            tracks, similar = alike.loosely(seed, not len(self.listeners), self.options.asked)
            total[tracks] += similar
        return told(total)

    def estimates(self, rater_no: int, tracks: np.ndarray) -> np.ndarray:
        """Estimate ratings as KNNBasic does: float64, NaN where too few tracks of the rater are like the track.

        tracks: integers from 0 on, each once.
        """
        by_rater, alike, parts = self.graded.by_rater, self.alike, []
        _, own, ratings = by_rater.told(np.array([rater_no]), self.graded.by_track.n_rows)
        for start in range(0, len(tracks), _TRACKS_AT_ONCE):
            some = tracks[start : start + _TRACKS_AT_ONCE]
            similar = alike.block(some, own).reshape(-1)
            track_of = np.repeat(np.arange(len(some)), len(own))
            theirs = np.tile(ratings, len(some))
            parts.append(weighted_means(track_of, len(some), similar, theirs, self.options.k, self.options.min_k))
        return np.concatenate([*parts, np.zeros(0)])

    def predict(self, listener_no: int, track_nos: np.ndarray) -> np.ndarray:
        """Foretell plays: float32, shape (len(track_nos),), by baseline without an estimate, NaN without that too."""
        return self.graded.foretold(listener_no, track_nos, self.estimates)

    def arrays(self) -> Mapping[str, np.ndarray]:
        """Give the ratings both ways, the baselines, the scale, the listeners, and Surprise's similarities if any."""
        return {**self.graded.arrays(), **stored_arrays(self.stored)}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, np.ndarray], options: Options, n_tracks: int) -> Self:
        """Rebuild the model from arrays(), which may be memory-mapped. Raises ValueError when they do not fit."""
        known = Graded.from_arrays(arrays, n_tracks)
        return cls(options, known, stored_in(arrays, known.by_track.n_rows))

    def notes(self) -> Mapping[str, str | int | float]:
        """Give the numbers of ratings and of raters, and what these are."""
        return self.graded.notes()
