"""What is known of a listener and a track beside the plays that are asked for, in numbers to learn from. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

import numpy as np

from recommender.errors import DamagedModel
from recommender.models.rated import Means, means_by, refuse_misshapen

FEATURES = (
    "listener's mean", "listener's tracks", "track's mean", "track's listeners", "artist's mean",
    "listener's mean of the artist", "listener's tracks of the artist", "listener and track", "of the artist and track",
)  # fmt: skip
"""The last two are the sums of two means, less that of all: a tree alone cannot add."""
_SHRINK = 5.0
_GROUPS = ("listener", "track", "artist", "taste")


@dataclass(frozen=True)
class Pairs:
    """Listeners with tracks that they played, as int64 numbers of one length; an artist of -1 is not known."""

    listeners: np.ndarray
    tracks: np.ndarray
    artists: np.ndarray

    def only(self, chosen: np.ndarray) -> "Pairs":
        """Keep some of the pairs."""
        return Pairs(self.listeners[chosen], self.tracks[chosen], self.artists[chosen])


@dataclass(frozen=True)
class Listened:
    """Mean ratings of listeners, tracks, artists, and of what each listener gives to each artist: his taste."""

    mean: float
    means: tuple[np.ndarray, ...]
    """float32, four arrays: by listener, track, artist and taste; drawn to the mean of all, tastes to a listener's."""
    counts: tuple[np.ndarray, ...]
    """float32, likewise: the logs of one more than the ratings that these are means of."""
    tastes: np.ndarray
    """int64, rising: listener times (artists + 1) plus artist, for each listener and artist that go together."""

    def features(self, pairs: Pairs) -> np.ndarray:
        """Describe each pair: float32, shape (pairs, len(FEATURES)).

        Raises DamagedModel, without the model's name, when what is known is no number.
        """
        keys = pairs.listeners * (len(self.means[2]) + 1) + pairs.artists
        places = np.minimum(np.searchsorted(self.tastes, keys), max(len(self.tastes) - 1, 0))
        met = np.zeros(len(keys), bool)
        if len(self.tastes):
            # Of an artist of -1 the key is that of an artist that there is not, as there is room for one more.
            met = self.tastes[places] == keys
        told = []
        for place, groups in enumerate((pairs.listeners, pairs.tracks, pairs.artists)):
            known = groups >= 0
            of_known = np.where(known, groups, 0)
            told += [
                _picked(self.means[place], of_known, known, self.mean),
                _picked(self.counts[place], of_known, known, 0.0),
            ]
        by_listener, by_track = told[0], told[2]
        taste = _picked(self.means[3], places, met, by_listener)
        of_taste = _picked(self.counts[3], places, met, 0.0)
        rows = np.array(
            [*told[:5], taste, of_taste, by_listener + by_track - self.mean, taste + by_track - self.mean], np.float32
        ).T
        if not np.isfinite(rows).all():
            raise DamagedModel("its means are no numbers")
        return np.ascontiguousarray(rows)

    def arrays(self) -> dict[str, np.ndarray]:
        """Give the arrays by name."""
        means = {f"{group}-means": array for group, array in zip(_GROUPS, self.means, strict=True)}
        counts = {f"{group}-counts": array for group, array in zip(_GROUPS, self.counts, strict=True)}
        return {"mean": np.array([self.mean]), "tastes": self.tastes, **means, **counts}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, np.ndarray], n_listeners: int, n_tracks: int) -> Self:
        """Take the arrays by name. Raises ValueError when they do not fit together."""
        tastes = arrays["tastes"]
        lengths = (n_listeners, n_tracks, len(arrays["artist-means"]), len(tastes))
        shapes: dict[str, tuple[str, tuple[int, ...]]] = {"mean": ("f", (1,)), "tastes": ("i", (len(tastes),))}
        for group, length in zip(_GROUPS, lengths, strict=True):
            shapes |= {f"{group}-means": ("f", (length,)), f"{group}-counts": ("f", (length,))}
        refuse_misshapen(arrays, shapes)
        means, counts = (tuple(arrays[f"{group}-{what}"] for group in _GROUPS) for what in ("means", "counts"))
        return cls(float(arrays["mean"][0]), means, counts, tastes)


def listened(pairs: Pairs, values: np.ndarray, sizes: tuple[int, int, int], scale: float = 1.0) -> Listened:
    """Gather what pairs and their ratings tell.

    values: float64, shape (pairs,). sizes: how many listeners, tracks and artists there are. scale: what counts are
    multiplied by, where the pairs are a part of those that the features will be asked beside.
    """
    n_listeners, n_tracks, n_artists = sizes
    mean = float(values.mean()) if len(values) else 0.0
    told = pairs.artists >= 0
    by_listener = means_by(pairs.listeners, values, n_listeners)
    by_track = means_by(pairs.tracks, values, n_tracks)
    by_artist = means_by(pairs.artists[told], values[told], n_artists)
    tastes, places = np.unique(pairs.listeners[told] * (n_artists + 1) + pairs.artists[told], return_inverse=True)
    by_taste = means_by(places, values[told], len(tastes))
    of_listener = by_listener.drawn_to(mean, _SHRINK)
    return Listened(
        mean,
        (
            of_listener.astype(np.float32),
            by_track.drawn_to(mean, _SHRINK).astype(np.float32),
            by_artist.drawn_to(mean, _SHRINK).astype(np.float32),
            by_taste.drawn_to(of_listener[tastes // (n_artists + 1)], _SHRINK).astype(np.float32),
        ),
        (_log(by_listener, scale), _log(by_track, scale), _log(by_artist, scale), _log(by_taste, scale)),
        tastes,
    )


def _log(means: Means, scale: float) -> np.ndarray:
    return np.log1p(means.counts * scale).astype(np.float32)


def _picked(array: np.ndarray, places: np.ndarray, known: np.ndarray, otherwise: np.ndarray | float) -> np.ndarray:
    """Give the numbers at the places, and something else where that place is not known."""
    if not len(array):
        return np.broadcast_to(np.asarray(otherwise, np.float32), known.shape)
    return np.where(known, np.asarray(array[places]), otherwise)
