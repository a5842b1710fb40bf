"""Surprise's SVD: vectors of raters and of tracks, learned from ratings one after the other."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np

from recommender.corpus import Corpus
from recommender.errors import CannotTrain, DamagedModel
from recommender.models.contract import Progress, no_progress
from recommender.models.graded import Scale, foretold, listeners_of, named, rated, scale_of
from recommender.models.links import Links, distinct
from recommender.models.places import places
from recommender.models.ranges import Choices, Ranges, refuse_out_of_range
from recommender.models.rated import SOURCES, names_of
from recommender.models.surprises import RATING_BYTES, import_surprise, refuse_lack, trainset
from recommender.ratings import Ratings

_SIDES = ("rater", "track")
_STEPS = {True: (0.05, 0.1), False: (0.1, 0.02)}


@dataclass(frozen=True)
class Options:
    """How large the vectors are, how they are learned, and how seeds are joined with them."""

    factors: int = 64
    """Dimensions of a vector; more tell more, and cost time."""
    epochs: int = 30
    """How often all ratings are walked through."""
    rate: float | None = None
    """How far one rating moves a vector; none: 0.05 for plays, 0.1 for playlists."""
    regularization: float | None = None
    """Holds vectors and biases small; higher trusts single ratings less; none: 0.1 for plays, 0.02 for playlists."""
    fold: float = 3.0
    """Holds the vector small that is found for the seeds; higher trusts few seeds less."""
    fame: float = 0.1
    """What a track's bias, which is its fame, counts beside the vectors in a suggestion; 1 as in a predicted rating."""
    zeros: int = 1_000
    """Tracks drawn for each playlist and, where it does not hold them, rated 0; plays need none."""
    source: str = "auto"
    """What raters are: listeners (plays), playlists, or auto, which takes listeners from 20 of them on."""

    def steps(self, of_plays: bool) -> tuple[float, float]:
        """Give rate and regularization for ratings of plays or of playlists, which are noisy or few."""
        rate, regularization = _STEPS[of_plays]
        return self.rate or rate, regularization if self.regularization is None else self.regularization


RANGES: Ranges = {
    "factors": (1, 1_000),
    "epochs": (1, 1_000),
    "rate": (1e-6, 1),
    "regularization": (0, 100),
    "fold": (1e-6, 1_000_000),
    "fame": (0, 1_000),
    "zeros": (1, 100_000),
}
CHOICES: Choices = {"source": SOURCES}
PRESETS: dict[str, Options] = {
    "study": Options(factors=100, epochs=20, rate=0.005, regularization=0.02),
    "study-tuned": Options(factors=100, epochs=30, rate=0.01, regularization=0.2),
}


@dataclass(frozen=True)
class SVD:
    """Suggest what somebody who likes the seeds would rate high, by vectors of raters and tracks.

    Idea: a rating is made of the rater's habit, the track's fame, and how well their vectors go together. Raters are
    listeners, whose ratings are the log of their plays, or playlists, which rate their own tracks 1 and some drawn ones
    0.
    Formula: predicted r(u, i) = mean + b(u) + b(i) + q(i) . p(u), learned by stochastic gradient descent on the squared
    error + regularization times all squares; score(j) = fame b(j) + q(j) . p, where p solves (sum over the seeds of
    q q' + fold I) p = sum over the seeds i of q(i) (liked - mean - b(i)), liked being the upper quartile of ratings, or
    1.
    Source: Funk, "Netflix update: try this at home", 2006; Koren, Bell and Volinsky, "Matrix factorization techniques
    for recommender systems", IEEE Computer 2009; as in Surprise.
    For: it foretells how often a listener plays a track, for every pair of them, in a moment.
    Against: it fails as a recommender where the ratings are few: als, which weighs all that was not chosen instead of
    drawing zeros, knows more from the same playlists; the study's settings, which were found for plays, lose even to
    popularity there; and a score has no reason that one could tell.
    Cold start: a track that nobody rated has no vector and is never suggested; its plays are the listener's habit.
    """

    name: ClassVar[str] = "svd"
    adds_up: ClassVar[bool] = True
    options: Options
    scale: Scale
    biases: tuple[np.ndarray, np.ndarray]
    """Of the raters and of the tracks: float32, shape (raters,) and (tracks,); 0 for those without ratings."""
    factors: tuple[np.ndarray, np.ndarray]
    """Their vectors: float32, shape (raters, factors) and (tracks, factors); 0 for those without ratings."""
    listeners: np.ndarray
    """The listeners' names: bytes of UTF-8; empty when it learned from playlists."""

    @classmethod
    def fit(cls, corpus: Corpus, rng: np.random.Generator, options: Options, progress: Progress = no_progress) -> Self:
        """Let Surprise learn.

        Raises CannotTrain when there are no ratings that differ, an option is out of range, memory lacks, or the
        vectors are no numbers.
        """
        refuse_out_of_range(options, RANGES, CHOICES)
        ratings = rated(corpus, rng, options.zeros, options.source)
        needed = RATING_BYTES * len(ratings.values) + 16 * options.factors * (len(ratings.raters) + corpus.n_tracks)
        refuse_lack(f"svd, for {len(ratings.values):,} ratings,", needed, "set zeros or factors lower, or train als")
        progress(0.1)
        scale = scale_of(ratings)
        biases, factors = _learned(ratings, corpus.n_tracks, scale, options, int(rng.integers(2**31)))
        progress(1.0)
        return cls(options, scale, biases, factors, names_of(ratings))

    def scores(self, seeds: np.ndarray) -> np.ndarray:
        """Find the vector of a rater who likes the seeds: float32, shape (tracks,), NaN for tracks without ratings."""
        biases, factors = self.biases[1], self.factors[1]
        tracks, _ = distinct(seeds, len(biases))
        own = np.asarray(factors[tracks], np.float64)
        told = own.any(axis=1)
        own, tracks = own[told], tracks[told]
        if not len(tracks):
            return np.full(len(biases), np.nan, np.float32)
        with np.errstate(all="ignore"):
            beyond = self.scale.liked - self.scale.mean - np.asarray(biases[tracks], np.float64)
            try:
                vector = np.linalg.solve(own.T @ own + self.options.fold * np.eye(own.shape[1]), own.T @ beyond)
            except np.linalg.LinAlgError as error:
                raise DamagedModel("its vectors are not those that were learned") from error
            scores: np.ndarray = factors @ vector.astype(np.float32) + np.float32(self.options.fame) * biases
        if not np.isfinite(scores).all():
            raise DamagedModel("its vectors are no numbers")
        scores[~np.asarray(factors).any(axis=1)] = np.nan
        return scores

    def estimates(self, rater_no: int, tracks: np.ndarray) -> np.ndarray:
        """Estimate ratings as Surprise does, before it clips them: float64, NaN where neither ever rated.

        tracks: integers from 0 on.
        """
        (rater_biases, track_biases), (rater_factors, track_factors) = self.biases, self.factors
        vector, vectors = np.asarray(rater_factors[rater_no], np.float64), np.asarray(track_factors[tracks], np.float64)
        with np.errstate(all="ignore"):
            told = self.scale.mean + float(rater_biases[rater_no]) + track_biases[tracks] + vectors @ vector
        if not np.isfinite(told).all():
            raise DamagedModel("its vectors are no numbers")
        return np.where(vectors.any(axis=1) | vector.any(), told, np.nan)

    def vectors(self, track_nos: np.ndarray) -> np.ndarray:
        """Give the tracks' vectors, brought to length 1: float32, NaN for tracks without ratings."""
        return places(self.factors[1], track_nos)

    def predict(self, listener_no: int, track_nos: np.ndarray) -> np.ndarray:
        """Foretell plays: float32, shape (len(track_nos),), NaN where neither listener nor track has ratings."""
        return foretold(self.listeners, len(self.biases[1]), self.scale, listener_no, track_nos, self.estimates)

    def arrays(self) -> Mapping[str, np.ndarray]:
        """Give biases and factors of raters and of tracks (float32), the scale (float64) and the listeners (bytes)."""
        biases = {f"{side}-biases": array for side, array in zip(_SIDES, self.biases, strict=True)}
        factors = {f"{side}-factors": array for side, array in zip(_SIDES, self.factors, strict=True)}
        return {**biases, **factors, "scale": self.scale.array(), **named(self.listeners)}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, np.ndarray], options: Options, n_tracks: int) -> Self:
        """Rebuild the model from arrays(), which may be memory-mapped. Raises ValueError when they do not fit."""
        raters, tracks = (arrays[f"{side}-factors"] for side in _SIDES)
        if raters.ndim != 2 or tracks.ndim != 2 or raters.shape[1] != tracks.shape[1] or len(tracks) != n_tracks:
            raise ValueError("raters and tracks have vectors of one length")
        biases = arrays["rater-biases"], arrays["track-biases"]
        if biases[0].shape != (len(raters),) or biases[1].shape != (n_tracks,):
            raise ValueError("each rater and each track has one bias")
        if any(array.dtype.kind != "f" for array in (raters, tracks, *biases)):
            raise ValueError("biases and vectors are no whole numbers")
        listeners = listeners_of(arrays, len(raters))
        return cls(options, Scale.from_array(arrays["scale"]), biases, (raters, tracks), listeners)

    def notes(self) -> Mapping[str, str | int | float]:
        """Give the numbers of raters, of tracks with ratings, and of dimensions."""
        what = "listeners" if len(self.listeners) else "playlists"
        told = int(np.asarray(self.factors[1]).any(axis=1).sum())
        return {what: len(self.biases[0]), "tracks": told, "dimensions": self.factors[1].shape[1]}


def _learned(
    ratings: Ratings, n_tracks: int, scale: Scale, options: Options, seed: int
) -> tuple[tuple[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]:
    """Give the biases and the vectors of raters and tracks: float32. Raises CannotTrain when they are no numbers."""
    known = trainset(Links(ratings.offsets, ratings.tracks, ratings.values), None, n_tracks, scale)
    rate, regularization = options.steps(ratings.of_plays)
    model = import_surprise().SVD(
        n_factors=options.factors, n_epochs=options.epochs, lr_all=rate, reg_all=regularization, random_state=seed
    )
    with np.errstate(all="ignore"):
        model.fit(known)
        biases = np.asarray(model.bu, np.float32), np.asarray(model.bi, np.float32)
        factors = np.asarray(model.pu, np.float32), np.asarray(model.qi, np.float32)
    if not all(np.isfinite(array).all() for array in (*biases, *factors)):
        raise CannotTrain("the vectors are no numbers: set rate lower")
    # Those without ratings still have the chance vectors that Surprise began with; it would not use them either.
    factors[0][np.diff(ratings.offsets) == 0] = 0
    factors[1][np.bincount(ratings.tracks, minlength=n_tracks) == 0] = 0
    return biases, factors
