"""Ratings by rater and by track, with their baselines: what the models of ratings know, as arrays."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Self

import numpy as np

from recommender.corpus import Corpus
from recommender.errors import CannotTrain, DamagedModel
from recommender.models.links import Links
from recommender.models.rated import listeners_in, names_of, rater_of
from recommender.ratings import Ratings, ratings_of

RATER_DAMPING, TRACK_DAMPING, ROUNDS = 15, 10, 10
"""Surprise's usual regularisation of raters and of tracks, and its rounds, when it fits baselines."""
Estimates = Callable[[int, np.ndarray], np.ndarray]
"""Estimates the ratings that a rater would give some tracks, each named once: float64, NaN where it cannot tell."""


@dataclass(frozen=True)
class Scale:
    """What ratings are like."""

    mean: float
    lowest: float
    highest: float
    liked: float
    """What a seed is taken to be rated."""

    def array(self) -> np.ndarray:
        """Give the four numbers: float64, shape (4,)."""
        return np.array([self.mean, self.lowest, self.highest, self.liked])

    @classmethod
    def from_array(cls, array: np.ndarray) -> Self:
        """Take the four numbers. Raises ValueError when they are none."""
        if array.shape != (4,) or array.dtype.kind != "f" or not np.isfinite(array).all():
            raise ValueError("the scale is four numbers")
        return cls(*array.tolist())

    def plays(self, estimates: np.ndarray) -> np.ndarray:
        """Turn estimated ratings of plays into plays: float32, of the same shape, NaN where that is NaN.

        Ratings are clipped to those that there were, as Surprise does it; so whoever plays a track plays it once at
        least, and never more often than anybody did. Raises DamagedModel, without the model's name.
        """
        with np.errstate(over="ignore"):
            plays: np.ndarray = np.exp(np.clip(estimates, self.lowest, self.highest)).astype(np.float32)
        if np.isinf(plays).any():
            raise DamagedModel("its scale is not one of ratings")
        return plays


@dataclass(frozen=True)
class Graded:
    """Ratings both ways. The arrays may be memory-mapped."""

    by_rater: Links
    """A row for each rater: the tracks, rising, and their ratings (float32)."""
    by_track: Links
    """A row for each track: the raters, rising, and their ratings (float32)."""
    rater_biases: np.ndarray
    """float64, shape (raters,): how far above the mean each rates."""
    track_biases: np.ndarray
    """float64, shape (tracks,): how far above the mean each is rated."""
    scale: Scale
    listeners: np.ndarray
    """bytes of UTF-8, shape (raters,) where ratings are of plays, else (0,)."""

    def baseline(self, rater_no: int, tracks: np.ndarray) -> np.ndarray:
        """Give the mean with the biases of the rater and of each track: float64, NaN where neither has ratings."""
        known = self.by_track.lengths(tracks) + self.by_rater.lengths(np.array([rater_no])) > 0
        with np.errstate(all="ignore"):
            told = self.scale.mean + self.rater_biases[rater_no] + self.track_biases[tracks]
        if not np.isfinite(told).all():
            raise DamagedModel("its baselines are no numbers")
        return np.where(known, told, np.nan)

    def foretold(self, listener_no: int, tracks: np.ndarray, estimates: Estimates) -> np.ndarray:
        """Turn estimates into plays as foretold does; the baseline stands where there is no estimate."""

        def with_baseline(rater_no: int, asked: np.ndarray) -> np.ndarray:
            told = estimates(rater_no, asked)
            return np.where(np.isnan(told), self.baseline(rater_no, asked), told)

        return foretold(self.listeners, self.by_track.n_rows, self.scale, listener_no, tracks, with_baseline)

    def notes(self) -> dict[str, str | int | float]:
        """Give the numbers of ratings and of raters, and what these are."""
        what = "listeners" if len(self.listeners) else "playlists"
        return {"ratings": len(self.by_rater.numbers), what: self.by_rater.n_rows}

    def arrays(self) -> dict[str, np.ndarray]:
        """Give everything by name."""
        assert self.by_rater.weights is not None
        assert self.by_track.weights is not None
        return {
            "rater-offsets": self.by_rater.offsets, "rated": self.by_rater.numbers, "ratings": self.by_rater.weights,
            "track-offsets": self.by_track.offsets, "raters": self.by_track.numbers, "given": self.by_track.weights,
            "rater-biases": self.rater_biases, "track-biases": self.track_biases, "scale": self.scale.array(),
            **named(self.listeners),
        }  # fmt: skip

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, np.ndarray], n_tracks: int) -> Self:
        """Take everything by name. Raises ValueError when it does not fit together."""
        by_rater = Links(arrays["rater-offsets"], arrays["rated"], arrays["ratings"])
        by_track = Links(arrays["track-offsets"], arrays["raters"], arrays["given"])
        n_raters = len(arrays["rater-offsets"]) - 1
        for links, n_rows in ((by_rater, n_raters), (by_track, n_tracks)):
            links.refuse_misfit(n_rows)
            assert links.weights is not None
            if links.n_rows != n_rows or links.weights.shape != links.numbers.shape or links.weights.dtype.kind != "f":
                raise ValueError("each rater and each track has its ratings")
        if len(by_rater.numbers) != len(by_track.numbers):
            raise ValueError("there are as many ratings by raters as of tracks")
        for name, length in (("rater-biases", n_raters), ("track-biases", n_tracks)):
            if arrays[name].shape != (length,) or arrays[name].dtype.kind != "f":
                raise ValueError("each rater and each track has one bias")
        listeners = listeners_of(arrays, n_raters)
        scale = Scale.from_array(arrays["scale"])
        return cls(by_rater, by_track, arrays["rater-biases"], arrays["track-biases"], scale, listeners)


def foretold(
    listeners: np.ndarray, n_tracks: int, scale: Scale, listener_no: int, tracks: np.ndarray, estimates: Estimates
) -> np.ndarray:
    """Turn estimates into plays: float32, shape (len(tracks),), NaN for a listener or track that is not there.

    Raises DamagedModel, without the model's name.
    """
    plays = np.full(len(tracks), np.nan, np.float32)
    there = (tracks >= 0) & (tracks < n_tracks)
    if 0 <= listener_no < len(listeners):
        asked, back = np.unique(tracks[there], return_inverse=True)
        plays[there] = scale.plays(estimates(listener_no, asked))[back]
    return plays


def named(listeners: np.ndarray) -> dict[str, np.ndarray]:
    """Give the names of the listeners by name; nothing where there are none."""
    return {"listeners": listeners} if len(listeners) else {}


def listeners_of(arrays: Mapping[str, np.ndarray], n_raters: int) -> np.ndarray:
    """Take the names of the listeners, if there are any. Raises ValueError when they are not of all raters."""
    listeners = listeners_in(arrays)
    if len(listeners) not in (0, n_raters):
        raise ValueError("each listener has one name")
    return listeners


def rated(corpus: Corpus, rng: np.random.Generator, zeros: int, source: str) -> Ratings:
    """Gather ratings that differ. Raises CannotTrain when there are none, or all are alike."""
    ratings = ratings_of(corpus, rng, zeros, source)
    if not len(ratings.values):
        what = "nothing was played" if source == "plays" else "there are no playlists"
        raise CannotTrain(f"{what}, so there are no ratings: import more, or change the option source")
    if ratings.values.min() == ratings.values.max():
        raise CannotTrain(
            "all ratings are alike, which teaches nothing: import more, or train a model of playlists, such as item-knn"
        )
    return ratings


def scale_of(ratings: Ratings) -> Scale:
    """Tell what the ratings are like."""
    values = ratings.values.astype(np.float64)
    return Scale(float(values.mean()), float(values.min()), float(values.max()), ratings.liked)


def graded(ratings: Ratings, n_tracks: int) -> Graded:
    """Turn ratings about, and fit the baselines."""
    raters = rater_of(ratings)
    order = np.argsort(ratings.tracks, kind="stable")
    offsets = np.append(0, np.cumsum(np.bincount(ratings.tracks, minlength=n_tracks)))
    by_track = Links(offsets, raters[order], ratings.values[order])
    by_rater = Links(ratings.offsets, ratings.tracks, ratings.values)
    scale = scale_of(ratings)
    biases = _baselines(ratings, raters, n_tracks, scale.mean)
    return Graded(by_rater, by_track, *biases, scale, names_of(ratings))


def _baselines(ratings: Ratings, rater_nos: np.ndarray, n_tracks: int, mean: float) -> tuple[np.ndarray, np.ndarray]:
    """Alternate between raters and tracks as Surprise does, to the last bit: both biases, float64."""
    beyond = ratings.values.astype(np.float64) - mean
    n_raters = len(ratings.raters)
    by_rater, by_track = np.zeros(n_raters), np.zeros(n_tracks)
    rater_counts, track_counts = np.diff(ratings.offsets), np.bincount(ratings.tracks, minlength=n_tracks)
    for _ in range(ROUNDS):
        by_track = np.bincount(ratings.tracks, beyond - by_rater[rater_nos], n_tracks) / (TRACK_DAMPING + track_counts)
        by_rater = np.bincount(rater_nos, beyond - by_track[ratings.tracks], n_raters) / (RATER_DAMPING + rater_counts)
    return by_rater, by_track
