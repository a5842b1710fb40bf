"""Plays foretold from two sides: by the cluster of the listener, and by the cluster of the track. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

import numpy as np

from recommender.errors import DamagedModel
from recommender.models.links import Links
from recommender.models.rated import means_by, rater_of, refuse_misshapen
from recommender.ratings import Ratings


@dataclass(frozen=True)
class BothMeans:
    """Mean ratings, which are natural logs of plays. The arrays may be memory-mapped."""

    beyond: Links
    """A row for each cluster of raters: the tracks that these rated, and how far their mean is above the track's; no
    weights where ratings are not of plays."""
    track_means: np.ndarray
    """float32, shape (tracks,)."""
    rater_clusters: np.ndarray
    """int32, shape (listeners,): none where ratings are not of plays."""
    track_clusters: np.ndarray
    """int32, shape (tracks,): -1 for what nobody rated."""
    expected: np.ndarray
    """float32, shape (listeners, clusters of tracks): each listener's mean over the tracks of a cluster."""

    def predict(self, listener_no: int, track_nos: np.ndarray) -> np.ndarray:
        """Foretell plays, 1 at least: float32, shape (len(track_nos),), NaN for unknown listeners and tracks.

        Raises DamagedModel, without the model's name.
        """
        foretold = np.full(len(track_nos), np.nan, np.float32)
        if not 0 <= listener_no < len(self.rater_clusters):
            return foretold
        n_tracks, cluster = len(self.track_clusters), int(self.rater_clusters[listener_no])
        known = np.flatnonzero((track_nos >= 0) & (track_nos < n_tracks))
        known = known[self.track_clusters[track_nos[known]] >= 0]
        tracks = track_nos[known]
        kinds = self.track_clusters[tracks]
        if not 0 <= cluster < self.beyond.n_rows or kinds.max(initial=0) >= self.expected.shape[1]:
            raise DamagedModel("its clusters are none of those that there are")
        more = self.beyond.added(np.array([cluster]), np.ones(1), n_tracks)[tracks]
        with np.errstate(all="ignore"):
            ratings = (self.track_means[tracks] + more + self.expected[listener_no, kinds]) / 2
            foretold[known] = np.exp(np.maximum(ratings, 0.0))
        if not np.isfinite(foretold[known]).all():
            raise DamagedModel("its means are no numbers")
        return foretold

    def arrays(self) -> dict[str, np.ndarray]:
        """Give the arrays by name, without the favourites' own."""
        beyond = np.zeros(0, np.float32) if self.beyond.weights is None else self.beyond.weights
        return {
            "beyond-means": beyond, "track-means": self.track_means, "rater-clusters": self.rater_clusters,
            "track-clusters": self.track_clusters, "expected": self.expected,
        }  # fmt: skip

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, np.ndarray], favourites: Links, n_listeners: int, n_tracks: int) -> Self:
        """Take the arrays by name. Raises ValueError when they do not fit together."""
        n_clusters = arrays["expected"].shape[-1]
        shapes = {
            "beyond-means": ("f", favourites.numbers.shape if n_listeners else (0,)), "track-means": ("f", (n_tracks,)),
            "rater-clusters": ("i", (n_listeners,)), "track-clusters": ("i", (n_tracks,)),
            "expected": ("f", (n_listeners, n_clusters)),
        }  # fmt: skip
        refuse_misshapen(arrays, shapes)
        beyond = Links(favourites.offsets, favourites.numbers, arrays["beyond-means"] if n_listeners else None)
        names = ("track-means", "rater-clusters", "track-clusters", "expected")
        return cls(beyond, *(arrays[name] for name in names))


def both_means(
    ratings: Ratings, favourites: Links, labels: np.ndarray, track_clusters: np.ndarray, shrink: float
) -> BothMeans:
    """Learn the means; nothing but the tracks' clusters where ratings are not of plays.

    favourites: a row for each cluster of raters with the tracks that these rated, rising. labels: int32, shape
    (raters,), the cluster of each. track_clusters: int32, shape (tracks,), -1 for what nobody rated.
    """
    n_tracks, n_kinds = len(track_clusters), int(track_clusters.max()) + 1
    if not ratings.of_plays:
        nothing = Links(favourites.offsets, favourites.numbers)
        means, none = np.zeros(n_tracks, np.float32), np.zeros((0, n_kinds), np.float32)
        return BothMeans(nothing, means, np.zeros(0, np.int32), track_clusters, none)
    tracks, values = ratings.tracks, ratings.values.astype(np.float64)
    mean, groups = float(values.mean()), labels[rater_of(ratings)].astype(np.int64)
    of_track = means_by(tracks, values, n_tracks).drawn_to(mean, shrink)
    rows = np.repeat(np.arange(favourites.n_rows), np.diff(favourites.offsets))
    # Numbered by their places among the favourites, pairs of a cluster and a track need no room for what is no pair.
    places = np.searchsorted(rows * n_tracks + favourites.numbers, groups * n_tracks + tracks)
    own = of_track[favourites.numbers]
    beyond = means_by(places, values, len(own)).drawn_to(own, shrink) - own
    return BothMeans(
        Links(favourites.offsets, favourites.numbers, beyond.astype(np.float32)),
        of_track.astype(np.float32),
        labels,
        track_clusters,
        _expected(ratings, groups, labels, track_clusters[tracks], shrink).astype(np.float32),
    )


def _expected(ratings: Ratings, groups: np.ndarray, labels: np.ndarray, kinds: np.ndarray, shrink: float) -> np.ndarray:
    """Give what each rater gives to each cluster of tracks: float64, shape (raters, clusters of tracks).

    groups: int64, shape (ratings,), the cluster of each rating's rater. kinds: int32, likewise, that of its track.
    """
    raters, values = rater_of(ratings).astype(np.int64), ratings.values.astype(np.float64)
    n_raters, n_groups, n_kinds = len(labels), int(labels.max()) + 1, int(kinds.max()) + 1
    mean = float(values.mean())
    of_rater = means_by(raters, values, n_raters).drawn_to(mean, shrink)
    of_group = means_by(groups, values, n_groups).drawn_to(mean, shrink)[:, None]
    blocks = means_by(groups * n_kinds + kinds, values, n_groups * n_kinds)
    more = blocks.drawn_to(np.repeat(of_group, n_kinds), shrink).reshape(n_groups, n_kinds) - of_group
    prior = of_rater[:, None] + more[labels]
    own = means_by(raters * n_kinds + kinds, values, n_raters * n_kinds)
    return own.drawn_to(prior.ravel(), shrink).reshape(prior.shape)
