"""Playlists and tracks as vectors whose product tells who holds what: implicit's alternating least squares."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isqrt
from typing import ClassVar, Self

import numpy as np

from recommender.corpus import Corpus
from recommender.errors import CannotTrain, DamagedModel
from recommender.holdings import holdings
from recommender.models.contract import Progress, no_progress
from recommender.models.distinct import distinct
from recommender.models.places import places
from recommender.models.ranges import Ranges, refuse_out_of_range
from recommender.models.reach import reaches_all, told_reach, within_reach
from recommender.models.updates import GROWN, carried
from recommender.vocabulary import NOT_FOUND

MOST_FACTORS, FEWEST_FACTORS = 128, 2
"""Few playlists need few: with 128, eighty playlists are learned by heart, noise and all."""
UPDATE_ITERATIONS = 3
"""Rounds of an update, from vectors that are nearly right; by measuring (bench/updating.py)."""
_WORK = 400_000 * MOST_FACTORS**2
"""Rows of playlists and tracks times the square of the factors: with more rows, the usual factors keep to it."""
_STEP = 8
"""A multiple of it is computed faster."""
_CHUNK = 65_536
_NONE = np.zeros(0, np.int64)


@dataclass(frozen=True)
class Options:
    """How large the vectors are, and how much what stands in a playlist outweighs what does not."""

    factors: int | None = None
    """Dimensions; none: a third of the playlists or an eighth of the tracks, 2 to 128, fewer for very many tracks."""
    alpha: float = 10.0
    """How much a track that a playlist holds weighs, times the playlist's weight; each that it does not hold, 1."""
    regularization: float = 0.01
    """Holds the vectors small; higher trusts few playlists less, and suggests better known tracks."""
    iterations: int = 15
    """Rounds, each of which solves for the playlists and then for the tracks."""
    workers: int = 2
    """Threads; any number learns the same vectors."""
    min_count: int | None = None
    """Playlists that a track needs to be learned; none: 1, and above 500,000 tracks 2 or what leaves 2,000,000."""


RANGES: Ranges = {
    "factors": (1, 1_000),
    "alpha": (1, 10_000),
    "regularization": (1e-4, 10_000),
    "iterations": (1, 1_000),
    "workers": (1, 64),
    "min_count": (1, 1_000_000),
}
PRESETS: dict[str, Options] = {"small": Options(factors=64)}


@dataclass(frozen=True)
class ALS:
    """Suggest the tracks that a playlist holding the seeds would hold, by vectors of playlists and tracks.

    Idea: what a playlist holds is the product of its vector with those of the tracks; a continuation is a playlist
    that holds the seeds alone, whose vector is found as those of the others were.
    Formula: score(j) = x . y(j), where x solves (sum over all tracks of y y' + (alpha - 1) sum over the seeds of y y' +
    regularization I) x = alpha sum over the seeds of y.
    Source: Hu, Koren and Volinsky, "Collaborative filtering for implicit feedback datasets", ICDM 2008; solved as in
    Takacs, Pilaszy and Tikk, "Applications of the conjugate gradient method for implicit feedback collaborative
    filtering", RecSys 2011, by implicit.
    For: it knows tracks as alike that never met, has a score for every track, and was the best single model on
    large collections.
    Against: it fails for tracks of few playlists, whose vectors are short, is blind to the order of the seeds, and
    a score has no reason that one could tell.
    Cold start: a track in no playlist has no vector; one of a single playlist is told by that playlist's vector.
    """

    name: ClassVar[str] = "als"
    adds_up: ClassVar[bool] = True
    options: Options
    factors: np.ndarray
    """float32, shape (learned, factors): y of the first tracks, which is all of them but in very large collections."""
    gram: np.ndarray
    """float64, shape (factors, factors): the sum over all learned tracks of y y'."""
    n_tracks: int | None = None
    """How many tracks there are; None: as many as vectors."""
    reach: Mapping[str, str] = field(default_factory=dict)
    """What notes() says of tracks that were not learned; not among the arrays."""

    @classmethod
    def fit(cls, corpus: Corpus, rng: np.random.Generator, options: Options, progress: Progress = no_progress) -> Self:
        """Let implicit alternate. Raises CannotTrain when an option is out of range, or the vectors are no numbers."""
        refuse_out_of_range(options, RANGES)
        learned = within_reach(corpus, options.min_count)
        vectors = _alternated(learned, rng, options, options.iterations, progress)
        return cls(options, vectors, gram_of(vectors), corpus.n_tracks, told_reach(corpus, learned))

    def goes_on(self, corpus: Corpus) -> bool:
        """Tell whether the vectors still have about the dimensions that a fit would give them."""
        learned = within_reach(corpus, self.options.min_count)
        return bool(factors_for(self.options, learned.n_playlists, learned.n_tracks) <= GROWN * self.factors.shape[1])

    def updated(
        self, corpus: Corpus, old_numbers: np.ndarray, rng: np.random.Generator, progress: Progress = no_progress
    ) -> Self:
        """Alternate a few times more, from the tracks' vectors; what is new starts from 0. Raises CannotTrain."""
        learned = within_reach(corpus, self.options.min_count)
        before = old_numbers[: learned.n_tracks]
        start = carried(self.factors, np.where(before < len(self.factors), before, NOT_FOUND))
        rounds = min(UPDATE_ITERATIONS, self.options.iterations)
        vectors = _alternated(learned, rng, self.options, rounds, progress, start)
        return type(self)(self.options, vectors, gram_of(vectors), corpus.n_tracks, told_reach(corpus, learned))

    def scores(self, seeds: np.ndarray) -> np.ndarray:
        """Solve for the vector of a playlist of the distinct known seeds: float32, shape (tracks,)."""
        return self.scores_of(seeds, self.n_tracks or len(self.factors), _NONE)

    def scores_of(self, seeds: np.ndarray, first: int, others: np.ndarray) -> np.ndarray:
        """Score the first tracks and some that come after them: see Choosing."""
        scores = np.full(first + len(others), np.nan, np.float32)
        n_first, n_learned = min(first, len(self.factors)), int((others < len(self.factors)).sum())
        playlist = self._playlist(seeds)
        if playlist is None:
            return scores
        with np.errstate(all="ignore"):
            scores[:n_first] = self.factors[:n_first] @ playlist
            scores[first : first + n_learned] = self.factors[others[:n_learned]] @ playlist
        if not (np.isfinite(scores[:n_first]).all() and np.isfinite(scores[first : first + n_learned]).all()):
            raise DamagedModel("its vectors are no numbers")
        return scores

    def _playlist(self, seeds: np.ndarray) -> np.ndarray | None:
        """Give the vector of a playlist of the distinct known seeds, None where there is none: float32."""
        known = distinct(seeds[(seeds >= 0) & (seeds < len(self.factors))])
        # What was only played has no vector.
        known = known[np.asarray(self.factors[known]).any(axis=1)]
        if not len(known):
            return None
        own = np.asarray(self.factors[known], np.float64)
        options = self.options
        with np.errstate(all="ignore"):
            held = self.gram + (options.alpha - 1) * own.T @ own + options.regularization * np.eye(len(self.gram))
            try:
                return np.asarray(np.linalg.solve(held, options.alpha * own.sum(axis=0)), np.float32)
            except np.linalg.LinAlgError as error:
                raise DamagedModel("its vectors are not those that were learned") from error

    def vectors(self, track_nos: np.ndarray) -> np.ndarray:
        """Give the tracks' vectors, brought to length 1: float32, NaN for what no playlist holds."""
        return places(self.factors, track_nos)

    def arrays(self) -> Mapping[str, np.ndarray]:
        """Give vectors (float32) and gram (float64)."""
        return {"vectors": self.factors, "gram": self.gram}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, np.ndarray], options: Options, n_tracks: int) -> Self:
        """Rebuild the model from arrays(), which may be memory-mapped. Raises ValueError when they do not fit."""
        vectors, gram = arrays["vectors"], arrays["gram"]
        fewest = n_tracks if reaches_all(n_tracks, options.min_count) else 1
        if vectors.ndim != 2 or not fewest <= len(vectors) <= n_tracks or vectors.dtype.kind + gram.dtype.kind != "ff":
            raise ValueError("each of the first tracks has one vector")
        if gram.shape != (vectors.shape[1], vectors.shape[1]):
            raise ValueError("the sum of products is square, and of the vectors' dimensions")
        return cls(options, vectors, gram, n_tracks)

    def notes(self) -> Mapping[str, str | int | float]:
        """Give the numbers of tracks and dimensions."""
        return {"tracks": len(self.factors), "dimensions": self.factors.shape[1], **self.reach}


def _alternated(
    corpus: Corpus,
    rng: np.random.Generator,
    options: Options,
    rounds: int,
    progress: Progress,
    start: np.ndarray | None = None,
) -> np.ndarray:
    """Run implicit: the tracks' vectors, float32, shape (tracks, factors). Raises CannotTrain.

    start: the vectors to begin with, of that shape; None begins with chance.
    """
    from implicit.cpu.als import AlternatingLeastSquares
    from scipy import sparse
    from threadpoolctl import threadpool_limits

    playlists = sparse.csr_matrix(holdings(corpus, np.float32))
    # What a playlist of little weight holds is taken for unknown rather than for held.
    playlists.data *= np.repeat(corpus.weights, np.diff(playlists.indptr))
    factors = factors_for(options, corpus.n_playlists, corpus.n_tracks) if start is None else start.shape[1]
    # implicit's own threads and those of the linear algebra under them get into each other's way.
    with threadpool_limits(1, "blas"):
        model = AlternatingLeastSquares(
            factors, alpha=options.alpha, regularization=options.regularization, iterations=rounds,
            num_threads=options.workers, random_state=int(rng.integers(2**31)),
        )  # fmt: skip
        model.item_factors = start
        model.fit(playlists, show_progress=False, callback=lambda done, _seconds, _loss: progress((done + 1) / rounds))
    vectors = np.asarray(model.item_factors, np.float32)
    if not np.isfinite(vectors).all():
        raise CannotTrain("the vectors are no numbers: raise regularization")
    return vectors


def factors_for(options: Options, n_playlists: int, n_tracks: int) -> int:
    """Choose the dimensions for so many playlists and learned tracks where the options leave them open."""
    allowed = isqrt(_WORK // max(n_playlists + n_tracks, 1))
    most = MOST_FACTORS if allowed >= MOST_FACTORS else max(allowed // _STEP * _STEP, _STEP)
    return options.factors or max(min(n_playlists // 3, n_tracks // 8, most), FEWEST_FACTORS)


def gram_of(vectors: np.ndarray) -> np.ndarray:
    """Add up the products y y' of all vectors: float64, shape (factors, factors), without a float64 copy of them."""
    gram = np.zeros((vectors.shape[1], vectors.shape[1]))
    for start in range(0, len(vectors), _CHUNK):
        part = vectors[start : start + _CHUNK].astype(np.float64)
        gram += part.T @ part
    return gram
