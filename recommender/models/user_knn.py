"""What those who rate alike rate high: Surprise's KNNBasic over raters, and its twin without a dense matrix."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np

from recommender.corpus import Corpus
from recommender.models.alike import SIMILARITIES, Alike, weighted_means
from recommender.models.contract import Progress, no_progress
from recommender.models.graded import RATER_DAMPING, Graded, graded, rated
from recommender.models.links import Links, distinct, told
from recommender.models.ranges import Choices, Ranges, refuse_out_of_range
from recommender.models.rated import SOURCES
from recommender.models.surprises import ENGINES, similarities, stored_arrays, stored_in

_TRACKS_AT_ONCE = 1_000


@dataclass(frozen=True)
class Options:
    """Who is alike, and how many of them are believed."""

    k: int = 30
    """So many of the most similar raters of a track foretell its plays, at most."""
    min_k: int = 1
    """With fewer raters alike than that, the baseline foretells."""
    voters: int = 1_000
    """So many of the most similar raters suggest, at most; fewer are faster, and leave fewer tracks to suggest from."""
    similarity: str = "pearson_baseline"
    """pearson_baseline compares ratings beyond their baselines; cosine and msd plain ones."""
    shrinkage: float = 100.0
    """Ratings in common at which a pearson_baseline counts half; higher trusts those less who share little."""
    zeros: int = 60
    """Tracks drawn for each playlist and, where it does not hold them, rated 0; plays need none."""
    source: str = "auto"
    """What raters are: listeners (plays), playlists, or auto, which takes listeners from 20 of them on."""
    engine: str = "sparse"
    """sparse reckons a row of similarities when it is asked for; surprise keeps all that Surprise finds, the same ones,
    at 40 bytes of memory for each pair of raters."""


RANGES: Ranges = {
    "k": (1, 100_000),
    "min_k": (1, 100_000),
    "voters": (1, 10_000_000),
    "shrinkage": (0, 1_000_000),
    "zeros": (1, 100_000),
}
CHOICES: Choices = {"similarity": SIMILARITIES, "source": SOURCES, "engine": ENGINES}
PRESETS: dict[str, Options] = {"study": Options(k=30, min_k=1), "study-tuned": Options(k=10, min_k=3)}


@dataclass(frozen=True)
class UserKNN:
    """Suggest what is rated high by those who rate the seeds as somebody would who likes them all.

    Idea: who agreed on some tracks agrees on others. Raters are listeners, whose ratings are the log of their plays, or
    playlists, which rate their own tracks 1 and some drawn ones 0.
    Formula: sim(u, v) = (n - 1) / (n - 1 + shrinkage) times the correlation of r(u, i) - b(u, i) and r(v, i) - b(v, i)
    over the n tracks i that both rate, with the baseline b(u, i) = mean + b(u) + b(i); predicted r(u, i) = the mean of
    r(v, i) over the k most similar raters v of i with sim > 0, weighted by sim. score(j) = sum over the most similar
    raters v of sim(seeds, v) r(v, j) / sqrt(ratings of v), with n in the place of n - 1, and r + 1 where r is of plays:
    a mean would put on top what a single neighbour holds.
    Source: Resnick et al., "GroupLens: an open architecture for collaborative filtering of netnews", CSCW 1994, as
    KNNBasic in Surprise, with the similarity of Koren, "Factor in the neighbors", TKDD 2010.
    For: nothing but baselines is learned, so that a fit takes a moment, and each answer has its reason: the raters.
    Against: it fails for raters who share little with anybody, as most do, and leaves the baseline out of what it
    foretells; an answer takes longer with every rater of the seeds.
    Cold start: a track that nobody rated is never suggested, and its plays are the listener's baseline; one rating is
    enough to be suggested.
    """

    name: ClassVar[str] = "user-knn"
    adds_up: ClassVar[bool] = True
    options: Options
    graded: Graded
    stored: Links | None
    """Surprise's similarities of raters, with engine surprise."""

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
            model = cls(options, known, similarities(cls.name, known, model.alike, by_rater=True))
        progress(1.0)
        return model

    @property
    def alike(self) -> Alike:
        """What compares raters."""
        known, options = self.graded, self.options
        return Alike(
            known.by_rater, known.by_track, known.rater_biases, known.track_biases, known.scale.mean,
            options.similarity, options.shrinkage, self.stored,
        )  # fmt: skip

    @property
    def listeners(self) -> np.ndarray:
        """The listeners' names: bytes of UTF-8; empty when it learned from playlists."""
        return self.graded.listeners

    def scores(self, seeds: np.ndarray) -> np.ndarray:
        """Let the raters who are most alike vote: float32, shape (tracks,), NaN for what none of them rated."""
        known = self.graded
        tracks, _ = distinct(seeds, known.by_track.n_rows)
        raters, similar = self.alike.newcomer(tracks, np.full(len(tracks), known.scale.liked), RATER_DAMPING)
        similar /= np.sqrt(np.maximum(known.by_rater.lengths(raters), 1))
        if len(raters) > self.options.voters:
            # The stable order takes equals by number, so that an answer can be repeated anywhere.
            kept = np.sort(np.argsort(-similar, kind="stable")[: self.options.voters])
            raters, similar = raters[kept], similar[kept]
        total = known.by_rater.added(raters, similar, known.by_track.n_rows)
        if len(known.listeners):
            total += Links(known.by_rater.offsets, known.by_rater.numbers).added(raters, similar, len(total))
        return told(total)

    def estimates(self, rater_no: int, tracks: np.ndarray) -> np.ndarray:
        """Estimate ratings as KNNBasic does: float64, NaN where too few who are alike rated the track.

        tracks: integers from 0 on, each once.
        """
        by_track, row, parts = self.graded.by_track, self.alike.row(rater_no), []
        for start in range(0, len(tracks), _TRACKS_AT_ONCE):
            some = tracks[start : start + _TRACKS_AT_ONCE]
            track_of, raters, ratings = by_track.told(some, len(row))
            means = weighted_means(track_of, len(some), row[raters], ratings, self.options.k, self.options.min_k)
            parts.append(means)
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
        return cls(options, known, stored_in(arrays, known.by_rater.n_rows))

    def notes(self) -> Mapping[str, str | int | float]:
        """Give the numbers of ratings and of raters, and what these are."""
        return self.graded.notes()
