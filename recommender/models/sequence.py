"""What came after what: rules from each track to those that playlists put soon after it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self

import numpy as np

from recommender.corpus import Corpus
from recommender.errors import CannotTrain
from recommender.holdings import counts_by_weight
from recommender.models.contract import Progress, no_progress
from recommender.models.links import Links, distinct, told
from recommender.models.ranges import Ranges, refuse_out_of_range

if TYPE_CHECKING:
    from scipy.sparse import csr_array

_PAIRS_AT_ONCE = 10_000_000


@dataclass(frozen=True)
class Options:
    """How far a track looks ahead, and how much each seed says."""

    window: int = 20
    """Places after a track within which another one follows it; more find more, and take longer."""
    back: float = 0.5
    """What standing before a track counts, where standing after it counts 1; 0 trusts the order alone."""
    fade: float = 0.5
    """A seed of age a weighs 1 / (1 + fade a), the last one being of age 0; 0 lets all weigh alike."""
    alpha: float = 0.2
    """Exponent of both tracks' playlist counts in the denominator; higher favours rare tracks."""
    shrink: float = 1.0
    """Added to the denominator; higher trusts rare tracks less."""
    neighbours: int = 500
    """Rules kept for each track, at most; 8 bytes each."""


RANGES: Ranges = {
    "window": (1, 1_000),
    "back": (0, 1),
    "fade": (0, 1_000_000),
    "alpha": (0, 2),
    "shrink": (0, 1_000_000),
    "neighbours": (1, 100_000),
}
PRESETS: dict[str, Options] = {"plain": Options(window=10, back=0.0, alpha=0.0, shrink=0.0)}


@dataclass(frozen=True)
class Sequence:
    """Suggest what playlists put soon after the seeds, above all after the last one.

    Idea: people put songs in order, as albums do, so that what followed a track follows it again.
    Formula: rule(i, j) = sum over the places where j stands d <= window places after i of 1 / d, and of back / d where
    it stands before i, times the playlist's weight, divided by (count(i) count(j))^alpha + shrink, counts being sums of
    weights; score(j) = sum over the seeds i of rule(i, j) / (1 + fade age(i)).
    Source: the sequential rules (SR) of Kamehkhosh, Jannach and Ludewig, "A comparison of frequent pattern techniques
    and a deep learning method for session-based recommendation", 2017; the counts in the denominator as in item-knn.
    For: fast, it puts the very next track first more often than models that are blind to order, and follows albums.
    Against: it fails for playlists in alphabetical or random order, and reaches few tracks from few seeds.
    Cold start: a track in no playlist has no rules; one playlist is enough to begin with.
    """

    name: ClassVar[str] = "sequence"
    adds_up: ClassVar[bool] = True
    options: Options
    n_tracks: int
    rules: Links
    """A row for each track: the tracks that follow it, the surest first, and how surely, above 0."""

    @classmethod
    def fit(cls, corpus: Corpus, rng: np.random.Generator, options: Options, progress: Progress = no_progress) -> Self:
        """Count who follows whom; there is no chance in it.

        Raises CannotTrain when no track follows another, or an option is out of range.
        """
        refuse_out_of_range(options, RANGES)
        following = _following(corpus, options.window, lambda done: progress(0.7 * done))
        if not following.nnz:
            raise CannotTrain("no playlist holds two different tracks, so nothing follows: import more playlists")
        if options.back:
            following = (following + following.T.tocsr() * np.float32(options.back)).tocsr()
        fame = counts_by_weight(corpus).astype(np.float32) ** np.float32(options.alpha)
        following.data /= np.repeat(fame, np.diff(following.indptr)) * fame[following.indices] + options.shrink
        rules = _surest(following, options.neighbours)
        progress(1.0)
        return cls(options, corpus.n_tracks, rules)

    def scores(self, seeds: np.ndarray) -> np.ndarray:
        """Add up the rules of the seeds: float32, shape (tracks,), NaN where none of them leads."""
        known, ages = distinct(seeds, self.n_tracks)
        return told(self.rules.added(known, 1 / (1 + self.options.fade * ages), self.n_tracks))

    def arrays(self) -> Mapping[str, np.ndarray]:
        """Give offsets (int64), followers (int32) and weights (float32)."""
        assert self.rules.weights is not None
        return {"offsets": self.rules.offsets, "followers": self.rules.numbers, "weights": self.rules.weights}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, np.ndarray], options: Options, n_tracks: int) -> Self:
        """Rebuild the model from arrays(), which may be memory-mapped. Raises ValueError when they do not fit."""
        rules = Links(arrays["offsets"], arrays["followers"], arrays["weights"])
        rules.refuse_misfit(n_tracks)
        if rules.n_rows != n_tracks or arrays["weights"].shape != rules.numbers.shape:
            raise ValueError("each track has its rules, and each rule one weight")
        if arrays["weights"].dtype.kind != "f":
            raise ValueError("weights are no whole numbers")
        return cls(options, n_tracks, rules)

    def notes(self) -> Mapping[str, str | int | float]:
        """Give the numbers of tracks and of rules."""
        return {"tracks": self.n_tracks, "rules": len(self.rules.numbers)}


def _following(corpus: Corpus, window: int, progress: Progress) -> "csr_array":
    """Add up the nearness of who follows whom: float32, shape (tracks, tracks)."""
    from scipy import sparse

    shape = (corpus.n_tracks, corpus.n_tracks)
    total = sparse.csr_array(shape, dtype=np.float32)
    for end, first, second, near in _pairs(corpus, window):
        total = total + sparse.csr_array((near, (first, second)), shape)
        progress(end / corpus.n_entries)
    return total


def _pairs(corpus: Corpus, window: int) -> Iterator[tuple[int, np.ndarray, np.ndarray, np.ndarray]]:
    """Give pairs in blocks of places: the end of the block, who is followed, by whom (int32), how near (float32)."""
    playlist_of = np.repeat(np.arange(corpus.n_playlists, dtype=np.int32), np.diff(corpus.offsets))
    step = max(1, _PAIRS_AT_ONCE // window)
    for start in range(0, corpus.n_entries, step):
        end = min(start + step, corpus.n_entries)
        parts = []
        for distance in range(1, min(window, corpus.n_entries - start - 1) + 1):
            places = np.arange(start, min(end, corpus.n_entries - distance))
            first, second = corpus.entries[places], corpus.entries[places + distance]
            follows = (playlist_of[places] == playlist_of[places + distance]) & (first != second)
            near = corpus.weights[playlist_of[places][follows]] * np.float32(1 / distance)
            parts.append((first[follows], second[follows], near))
        if parts:
            first, second, near = (np.concatenate(part) for part in zip(*parts, strict=True))
            yield end, first, second, near


def _surest(rules: "csr_array", most: int) -> Links:
    """Keep the surest rules of each track, equals by track number."""
    rules.sort_indices()
    counts = np.diff(rules.indptr)
    order = np.lexsort((-rules.data, np.repeat(np.arange(len(counts), dtype=np.int32), counts)))
    kept = order[np.arange(rules.nnz) - np.repeat(rules.indptr[:-1], counts) < most]
    offsets = np.append(0, np.cumsum(np.minimum(counts, most))).astype(np.int64)
    return Links(offsets, rules.indices[kept].astype(np.int32), rules.data[kept])
