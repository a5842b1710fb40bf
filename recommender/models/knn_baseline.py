"""The original article's model: Surprise's KNNBaseline over tracks, given ratings that it can learn from."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import repeat
from typing import TYPE_CHECKING, ClassVar, Self

import numpy as np

from recommender.corpus import Corpus, taking_part
from recommender.errors import CannotTrain
from recommender.memory import available_bytes
from recommender.models.contract import Progress, no_progress
from recommender.models.neighbours import Collector, Neighbours
from recommender.models.ranges import Ranges, refuse_out_of_range
from recommender.models.surprises import import_surprise

if TYPE_CHECKING:
    from scipy.sparse import csr_array

DEFAULT_TRACKS = 10_000
PAIR_BYTES = 40
"""Surprise's Pearson similarity holds five dense arrays of 8 bytes for each pair of tracks."""
RATING_BYTES = 200
"""Surprise holds each rating as two Python tuples, one by playlist and one by track."""
_MEMORY_SHARE = 0.5
_ROWS_AT_ONCE = 256


@dataclass(frozen=True)
class Options:
    """How many tracks and playlists are fitted, and what they are rated."""

    top_tracks: int | None = None
    """So many of the most frequent tracks are fitted, at 40 bytes of memory for each pair of them; None: 10,000, or as
    many as half of the free memory holds."""
    neighbours: int = 500
    """Neighbours kept for each track, at most; 8 bytes each."""
    zeros: int = 200
    """Tracks drawn for each playlist and, where it does not hold them, rated 0; more tell fame from taste, and take
    longer, by the square."""
    shrinkage: float = 100.0
    """Ratings in common at which a similarity counts half; higher trusts pairs less that few playlists rate."""
    playlists: int = 10_000
    """Playlists that are used, at most, drawn by chance; with a half-life, old ones are drawn by their weight alone."""


RANGES: Ranges = {
    "top_tracks": (2, 1_000_000),
    "neighbours": (1, 100_000),
    "zeros": (1, 100_000),
    "shrinkage": (0, 1_000_000),
    "playlists": (2, 10_000_000),
}
PRESETS: dict[str, Options] = {"small": Options(top_tracks=2_000, neighbours=100)}


@dataclass(frozen=True)
class KNNBaseline:
    """Suggest the neighbours of the seeds, alike by how playlists rate them beyond the baselines.

    Idea: a playlist rates its own tracks 1, and some drawn ones that it does not hold 0: all ones would make every
    similarity the same. A pair that never stood together is no neighbour, as only drawn zeros speak for it.
    Formula: sim(i, j) = (n - 1) / (n - 1 + shrinkage) times the correlation of r(p, i) - b(p, i) and r(p, j) - b(p, j)
    over the n playlists p that rate both, with the baseline b(p, i) = mean + b(p) + b(i); score(j) = sum over the seeds
    i of sim(i, j), where it is positive. Source: Koren, "Factor in the neighbors", TKDD 2010, as in Surprise.
    For: it is the article's model, and evens out playlists that hold much or little, and tracks that all or few know.
    Against: it fails for large catalogues, as its dense arrays take 40 bytes for each pair of tracks, so that only the
    most frequent ones are known; item-knn knows them all. The zeros are drawn, so that another seed gives other scores.
    Cold start: tracks that are not among the most frequent are neither suggested nor of use as seeds.
    """

    name: ClassVar[str] = "knn-baseline"
    adds_up: ClassVar[bool] = True
    options: Options
    n_tracks: int
    nearest: Neighbours

    @classmethod
    def fit(cls, corpus: Corpus, rng: np.random.Generator, options: Options, progress: Progress = no_progress) -> Self:
        """Rate, fit with Surprise, and keep the nearest.

        Raises CannotTrain when an option is out of range, memory lacks for top_tracks, or nothing can be rated 0.
        """
        refuse_out_of_range(options, RANGES)
        chosen = _choose(corpus.weights, options.playlists, rng)
        n_ratings = int(np.diff(corpus.offsets)[chosen].sum()) + options.zeros * len(chosen)
        n_fitted = _affordable(corpus.n_tracks, options.top_tracks, n_ratings, available_bytes())
        held = _held(corpus, chosen, n_fitted)
        drawn = _drawn(held, options.zeros, rng)
        if not held.nnz or not drawn.nnz:
            raise CannotTrain(
                "no track can be rated 0, as every playlist holds every track that was drawn, and ratings that are all "
                "alike teach nothing: import more playlists, or train item-knn"
            )
        progress(0.1)
        similar = _similarities(held, drawn, options.shrinkage)
        progress(0.8)
        return cls(options, corpus.n_tracks, _nearest(similar, held, options.neighbours, progress))

    def scores(self, seeds: np.ndarray) -> np.ndarray:
        """Add up the similarities to the seeds: float32, shape (tracks,), NaN for tracks not fitted or not near."""
        return self.nearest.summed(seeds, self.n_tracks)

    def arrays(self) -> Mapping[str, np.ndarray]:
        """Give offsets (int64), neighbours (int32) and similarities (float32): see Neighbours."""
        return self.nearest.arrays()

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, np.ndarray], options: Options, n_tracks: int) -> Self:
        """Rebuild the model from arrays(), which may be memory-mapped."""
        return cls(options, n_tracks, Neighbours.from_arrays(arrays, n_tracks))

    def notes(self) -> Mapping[str, str | int | float]:
        """Give how many tracks were fitted and pairs kept, and say aloud when memory allowed fewer than usual."""
        fitted = self.nearest.n_rows
        notes: dict[str, str | int | float] = {"tracks fitted": fitted, "pairs": len(self.nearest.numbers)}
        if self.options.top_tracks is None and fitted < min(DEFAULT_TRACKS, self.n_tracks):
            notes["memory"] = (
                f"only the {fitted} most frequent tracks fit into half of the free memory; item-knn knows all"
            )
        return notes


def _affordable(n_tracks: int, asked: int | None, n_ratings: int, available: int | None) -> int:
    """Give the number of tracks to fit; available is in bytes, None unknown. Raises CannotTrain."""
    wanted = min(n_tracks, DEFAULT_TRACKS if asked is None else asked)
    if available is None:
        return wanted
    budget = available * _MEMORY_SHARE - RATING_BYTES * n_ratings
    fits = int((max(budget, 0.0) / PAIR_BYTES) ** 0.5)
    if wanted <= fits:
        return wanted
    if asked is None and fits > 1:
        return fits
    needed = PAIR_BYTES * wanted**2 + RATING_BYTES * n_ratings
    fewer = f"set top_tracks to {fits} at most, or " if fits > 1 else ""
    raise CannotTrain(
        f"knn-baseline needs {needed / 1e9:.1f} GB for {wanted} tracks, and half of the free memory is "
        f"{available * _MEMORY_SHARE / 1e9:.1f} GB: {fewer}train item-knn, which takes every track and needs no "
        "dense matrix"
    )


def _choose(weights: np.ndarray, most: int, rng: np.random.Generator) -> np.ndarray:
    chosen = taking_part(weights, rng)
    return chosen if len(chosen) <= most else np.sort(rng.choice(chosen, most, replace=False))


def _held(corpus: Corpus, chosen: np.ndarray, n_fitted: int) -> "csr_array":
    """Give what the chosen playlists hold of the first tracks: ones, float32, shape (playlists, n_fitted)."""
    from scipy import sparse

    tracks = np.concatenate([corpus.playlist(playlist_no) for playlist_no in chosen.tolist()] or [corpus.entries[:0]])
    rows = np.repeat(np.arange(len(chosen)), np.diff(corpus.offsets)[chosen])
    known = tracks < n_fitted
    held = sparse.csr_array((np.ones(known.sum(), np.float32), (rows[known], tracks[known])), (len(chosen), n_fitted))
    held.sum_duplicates()
    held.data[:] = 1
    # A playlist of none of these tracks would add zeros only.
    return held[np.flatnonzero(np.diff(held.indptr))]


def _drawn(held: "csr_array", zeros: int, rng: np.random.Generator) -> "csr_array":
    """Draw tracks for each playlist that it does not hold: ones where the rating is 0, of the shape of held."""
    from scipy import sparse

    n_playlists, n_tracks = held.shape
    rows = np.repeat(np.arange(n_playlists), zeros)
    tracks = rng.integers(max(n_tracks, 1), size=len(rows))
    drawn = sparse.csr_array((np.ones(len(rows), np.float32), (rows, tracks)), held.shape)
    drawn.sum_duplicates()
    drawn.data[:] = 1
    drawn -= drawn * held
    drawn.eliminate_zeros()
    drawn.sort_indices()
    return drawn


def _similarities(held: "csr_array", drawn: "csr_array", shrinkage: float) -> np.ndarray:
    """Fit KNNBaseline and give its similarities: float64, shape (tracks, tracks)."""
    surprise = import_surprise()
    ones_by_track, zeros_by_track = held.T.tocsr(), drawn.T.tocsr()
    # Built by hand: Surprise's own Dataset would go through a tuple of raw ids and two look-ups for every rating.
    ratings = surprise.Trainset(
        _rated(held, drawn), _rated(ones_by_track, zeros_by_track), *held.shape, held.nnz + drawn.nnz, (0, 1), {}, {}
    )
    # A fresh dict each time: Surprise writes into the one that it is given, and shares its default between models.
    options = {"name": "pearson_baseline", "user_based": False, "shrinkage": shrinkage}
    model = surprise.KNNBaseline(sim_options=options, bsl_options={}, verbose=False)
    try:
        model.fit(ratings)
    except ZeroDivisionError as error:
        raise CannotTrain(
            "the ratings of some tracks do not differ from their baselines, so that Surprise cannot correlate them: "
            "import more playlists, or train item-knn"
        ) from error
    similar: np.ndarray = model.sim
    return similar


def _rated(ones: "csr_array", zeros: "csr_array") -> dict[int, list[tuple[int, float]]]:
    rated = {}
    for row in range(ones.shape[0]):
        liked = ones.indices[ones.indptr[row] : ones.indptr[row + 1]].tolist()
        unseen = zeros.indices[zeros.indptr[row] : zeros.indptr[row + 1]].tolist()
        rated[row] = [*zip(liked, repeat(1.0)), *zip(unseen, repeat(0.0))]
    return rated


def _nearest(similar: np.ndarray, held: "csr_array", neighbours: int, progress: Progress) -> Neighbours:
    n_tracks = len(similar)
    by_track = held.T.tocsr()
    most = np.minimum(by_track @ (np.diff(held.indptr) - 1), min(neighbours, n_tracks - 1))
    collector = Collector(most)
    numbers = np.arange(n_tracks, dtype=np.int32)[None, :]
    for start in range(0, n_tracks, _ROWS_AT_ONCE):
        rows = slice(start, min(start + _ROWS_AT_ONCE, n_tracks))
        together = (by_track[rows] @ held).toarray() > 0
        block = np.where(together, similar[rows], 0).astype(np.float32)
        collector.add(np.broadcast_to(numbers, block.shape), block, neighbours)
        progress(0.8 + 0.2 * rows.stop / n_tracks)
    return collector.neighbours()
