"""The tracks that sound like the seeds, by their audio features, whether or not any playlist holds them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np

from recommender.corpus import Corpus
from recommender.errors import CannotTrain, DamagedModel
from recommender.holdings import counts_by_weight
from recommender.models.contract import Progress, no_progress
from recommender.models.distinct import distinct
from recommender.models.places import places, rows_among
from recommender.models.ranges import Ranges, refuse_out_of_range
from recommender.models.sound import COLUMNS, PARTS, USUAL, scale_of, scaled, sounds, weights_of
from recommender.vocabulary import NOT_FOUND

MIDDLE = 0.3
"""How long the column is that all share, in mean lengths of a point: what sounds like everything is near its like."""
KEYS, TEMPI = [PARTS.index("key"), PARTS.index("mode")], [PARTS.index("tempo"), PARTS.index("beat")]
_AT_ONCE = 250_000
_SMALLEST = 1e-30
_LEARNED_FROM = 2_000_000
"""Entries of playlists drawn to learn the weights from, twelve numbers, which so many tell well."""
_NO_FEATURES = (
    "no track's audio features are known: run `segue features`, or import a CSV that has them (danceability, energy, "
    "tempo, ...)"
)


@dataclass(frozen=True)
class Options:
    """What counts in a sound, and beside it."""

    learned: bool = True
    """Whether playlists tell how much each feature counts; else all count the same, beat, key and mode less."""
    key: float = 1.0
    """How much key and mode count beside that; higher finds songs that can be mixed into each other, 0 none of it."""
    tempo: float = 1.0
    """How much tempo and beat count beside that; higher finds songs of the same speed, its half and its double."""
    prior: float = 0.1
    """Weight of a track's log count, as a share of the highest; higher suggests better known tracks, 0 sound alone."""


RANGES: Ranges = {"key": (0, 100), "tempo": (0, 100), "prior": (-10, 10)}
PRESETS: dict[str, Options] = {}


@dataclass(frozen=True)
class Audio:
    """Suggest the tracks that sound like the seeds.

    Idea: every track is a point, by twelve parts of its sound; the angle between two points tells how unlike the tracks
    sound. Keys stand on the circle of fifths, a minor one at its relative major; a tempo stands where its half and its
    double do, and, apart from that, on a line. Playlists tell what counts: a part by which the tracks of one list
    differ less than any two do, as energy, weighs more than one by which they differ as much, as the key.
    Formula: score(j) = mean over the known seeds i of cos(p(i), p(j)), plus prior log(1 + count(j)) / log(1 + highest
    count); p = (m, w(1) f(1), w(2) f(2), ...), with f the features by rank, as normal deviates, m a constant,
    and w^2 = 1 / (variance in a playlist) - 1 / (variance of all), by which the squared distance of two tracks tells
    how much likelier they are to share a list than any two.
    Source: Logan and Salomon, "A music similarity function based on signal analysis", ICME 2001, for nearness of sound;
    weights in the manner of Prince and Elder, "Probabilistic linear discriminant analysis for inferences about
    identity", ICCV 2007, with the covariances diagonal; the circle: Krumhansl, "Cognitive foundations of musical
    pitch", 1990.
    For: it knows a track that nobody has listed yet, needs no playlists, and one product of a matrix and a vector
    answers for millions of tracks.
    Against: it fails where a taste is not a sound: a language, a scene, an artist, a decade; the mean of seeds that
    sound unlike is a sound that nobody asked for, and a track whose features are not known is neither found nor heard.
    Cold start: a track needs features and nothing else; one that no playlist holds lacks only the prior.
    """

    name: ClassVar[str] = "audio"
    adds_up: ClassVar[bool] = True
    options: Options
    n_tracks: int
    tracks: np.ndarray
    """int32, shape (known,): the numbers of the tracks of which any feature is known, rising."""
    points: np.ndarray
    """float32, shape (known, 1 + columns): where they are, at length 1."""
    prior: np.ndarray
    """float32, shape (known,): what is added for how well each is known."""
    weights: np.ndarray
    """float32, shape (parts,): what each part of a sound was multiplied by."""

    @classmethod
    def fit(cls, corpus: Corpus, rng: np.random.Generator, options: Options, progress: Progress = no_progress) -> Self:
        """Place the tracks. Raises CannotTrain when no features are known, or an option is out of range."""
        refuse_out_of_range(options, RANGES)
        tracks = _heard(corpus.audio)
        if not len(tracks):
            raise CannotTrain(_NO_FEATURES)
        points = np.empty((len(tracks), 1 + len(COLUMNS)), np.float32)
        features = points[:, 1:]
        for part in _parts(len(tracks)):
            features[part] = sounds(corpus.audio[tracks[part]])
        progress(0.4)
        scale = scale_of(features)
        for part in _parts(len(tracks)):
            features[part] = scaled(features[part], scale)
        progress(0.6)
        weights = _told_by_lists(features, tracks, corpus, rng) if options.learned else USUAL.astype(np.float32)
        weights[KEYS] *= options.key
        weights[TEMPI] *= options.tempo
        progress(0.8)
        _place(points, weights)
        progress(1.0)
        return cls(options, corpus.n_tracks, tracks, points, _prior(corpus, tracks, options.prior), weights)

    def scores(self, seeds: np.ndarray) -> np.ndarray:
        """Score by the mean nearness to the distinct known seeds: float32, shape (tracks,), NaN for unheard ones."""
        rows = rows_among(self.tracks, distinct(seeds))
        rows = rows[rows != NOT_FOUND]
        if not len(rows):
            return np.full(self.n_tracks, np.nan, np.float32)
        with np.errstate(all="ignore"):
            told: np.ndarray = self.points @ self.points[rows].mean(axis=0)
            told += self.prior
        # One number is taken from each end rather than a mark for each of millions made.
        if not np.isfinite([told.min(), told.max()]).all():
            raise DamagedModel("its vectors are no numbers")
        if len(self.tracks) == self.n_tracks:
            return told
        if self.tracks.min() < 0 or self.tracks.max() >= self.n_tracks:
            raise DamagedModel("its tracks are not those of its vocabulary")
        scores = np.full(self.n_tracks, np.nan, np.float32)
        scores[self.tracks] = told
        return scores

    def vectors(self, track_nos: np.ndarray) -> np.ndarray:
        """Give the tracks' points: float32, of length 1, NaN where no feature is known."""
        return places(self.points, rows_among(self.tracks, track_nos))

    def arrays(self) -> Mapping[str, np.ndarray]:
        """Give tracks (int32), points, prior and weights (float32)."""
        return {"tracks": self.tracks, "points": self.points, "prior": self.prior, "weights": self.weights}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, np.ndarray], options: Options, n_tracks: int) -> Self:
        """Rebuild the model from arrays(), which may be memory-mapped. Raises ValueError when they do not fit."""
        tracks, points, prior, weights = (arrays[name] for name in ("tracks", "points", "prior", "weights"))
        if tracks.ndim != 1 or not len(tracks) or points.shape != (len(tracks), 1 + len(COLUMNS)):
            raise ValueError("each known track has one point")
        if prior.shape != tracks.shape or weights.shape != (len(PARTS),):
            raise ValueError("each known track has a prior, each part a weight")
        if tracks.dtype.kind + points.dtype.kind + prior.dtype.kind + weights.dtype.kind != "ifff":
            raise ValueError("track numbers are whole, the rest is not")
        if not (tracks[0] >= 0 and tracks[-1] < n_tracks):
            raise ValueError("the tracks are rising, and of the vocabulary")
        return cls(options, n_tracks, tracks, points, prior, weights)

    def notes(self) -> Mapping[str, str | int | float]:
        """Give the number of known tracks, and how much each part of a sound counts."""
        shares = self.weights / max(float(self.weights.sum()), _SMALLEST)
        order = np.argsort(-shares, kind="stable")
        return {"tracks": len(self.tracks), "counts": ", ".join(f"{PARTS[part]} {shares[part]:.0%}" for part in order)}


def _parts(n_rows: int) -> list[slice]:
    """Part rows so that what is made of one part on the way takes little room."""
    return [slice(first, first + _AT_ONCE) for first in range(0, n_rows, _AT_ONCE)]


def _heard(audio: np.ndarray) -> np.ndarray:
    """Give the tracks of which any feature is known: int32, rising. audio: as Corpus.audio."""
    if not audio.shape[1]:
        return np.zeros(0, np.int32)
    parts = [~np.isnan(audio[part]).all(axis=1) for part in _parts(len(audio))]
    return np.flatnonzero(np.concatenate([np.zeros(0, bool), *parts])).astype(np.int32)


def _told_by_lists(features: np.ndarray, tracks: np.ndarray, corpus: Corpus, rng: np.random.Generator) -> np.ndarray:
    """Let some playlists tell how much each part counts: float32, shape (parts,). features: of the tracks, scaled."""
    row_of = np.full(corpus.n_tracks, NOT_FOUND)
    row_of[tracks] = np.arange(len(tracks))
    sizes = np.diff(corpus.offsets)
    drawn = rng.permutation(corpus.n_playlists)
    drawn = np.sort(drawn[np.cumsum(sizes[drawn]) <= _LEARNED_FROM])
    begins = np.cumsum(sizes[drawn]) - sizes[drawn]
    rows = row_of[
        corpus.entries[np.repeat(corpus.offsets[drawn] - begins, sizes[drawn]) + np.arange(sizes[drawn].sum())]
    ]
    ends = np.append(0, np.cumsum(rows != NOT_FOUND))[np.append(begins, len(rows))]
    return weights_of(features, rows[rows != NOT_FOUND], ends, corpus.weights[drawn])


def _place(points: np.ndarray, weights: np.ndarray) -> None:
    """Weigh the features in all columns but the first, give that what all share, and bring points to length 1."""
    points[:, 1:] *= weights[COLUMNS]
    lengths = np.sqrt(np.einsum("ij,ij->i", points[:, 1:], points[:, 1:]))
    points[:, 0] = max(MIDDLE * float(lengths.mean(dtype=np.float64)), _SMALLEST)
    points /= np.hypot(lengths, points[:, 0])[:, None]


def _prior(corpus: Corpus, tracks: np.ndarray, weight: float) -> np.ndarray:
    """Give what is added for how well tracks are known: float32, 0 to the weight."""
    fame = np.log1p(counts_by_weight(corpus))
    told: np.ndarray = (weight / max(fame.max(initial=0), _SMALLEST) * fame[tracks]).astype(np.float32)
    return told
