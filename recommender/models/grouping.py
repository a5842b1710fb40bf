"""Raters and tracks described by a few numbers, and parted into clusters: scikit-learn's KMeans. Pure."""

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from recommender.models.links import Links
from recommender.ratings import Ratings

if TYPE_CHECKING:
    from scipy.sparse import csr_array

FEWEST = 2
_SAMPLE = 2_000
"""So many are drawn at most for the silhouette, which compares each with all others."""
UNDEFINED = -1.0
"""Stands for an index that a parting does not have, as stored numbers are finite; no Davies-Bouldin is below 0."""


@dataclass(frozen=True)
class Parting:
    """A set of things, each in one cluster."""

    labels: np.ndarray
    """int32, shape (things,): the number of each one's cluster; no cluster is empty."""
    centres: np.ndarray
    """float32, shape (clusters, components)."""
    quality: tuple[float, float]
    """Silhouette and Davies-Bouldin, the latter UNDEFINED with one cluster, or where each thing is alone."""

    @property
    def sizes(self) -> np.ndarray:
        """Count the things of each cluster: int32, shape (clusters,)."""
        return np.bincount(self.labels, minlength=len(self.centres)).astype(np.int32)


def matrix(ratings: Ratings, n_tracks: int) -> "csr_array":
    """Give the raters' ratings with 1 added where they are of plays, as a single play is rated 0.

    Returns float32, shape (raters, tracks).
    """
    from scipy import sparse

    values = ratings.values + np.float32(ratings.of_plays)
    # Copied, as nothing may write into a corpus.
    return sparse.csr_array((values, ratings.tracks.copy(), ratings.offsets.copy()), (len(ratings.raters), n_tracks))


def described(x: "csr_array", components: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Describe by a truncated singular value decomposition, x being about u s v'.

    Returns v, by which raters are described as x v, and v s, which describes the tracks: float32, shape (tracks,
    components, or fewer where x is narrower; then x v is x itself, turned).
    """
    from scipy.sparse import csr_matrix
    from sklearn.utils.extmath import randomized_svd

    seed = int(rng.integers(2**31))
    _, s, v = randomized_svd(csr_matrix(x), min(components, *x.shape), random_state=seed)
    return np.ascontiguousarray(v.T, np.float32), (v.T * s).astype(np.float32)


def scaled(rows: np.ndarray, unit: bool) -> np.ndarray:
    """Bring rows to length 1, or leave them; zeros stay zeros."""
    if not unit:
        return rows
    with np.errstate(all="ignore"):
        lengths = np.linalg.norm(rows, axis=1, keepdims=True)
        return np.asarray(rows / np.where(lengths > 0, lengths, 1))


def parted(rows: np.ndarray, wanted: int, n_init: int, rng: np.random.Generator) -> Parting:
    """Part rows into clusters, fewer than wanted where there are fewer different rows.

    rows: float32, shape (things, components).
    """
    from sklearn.cluster import KMeans

    kmeans = KMeans(min(wanted, len(rows)), n_init=n_init, random_state=int(rng.integers(2**31)))
    with warnings.catch_warnings():
        # It says so when there are fewer different rows than clusters; the empty ones are left out below.
        warnings.simplefilter("ignore")
        kmeans.fit(_rounded(rows))
    used, labels = np.unique(kmeans.labels_, return_inverse=True)
    quality = _quality(rows, labels, rng)
    return Parting(labels.astype(np.int32), kmeans.cluster_centers_[used].astype(np.float32), quality)


def _rounded(rows: np.ndarray) -> np.ndarray:
    """Drop the last bits, which the same things may differ in, from one machine to another: float32, of that shape."""
    most = float(np.abs(rows).max(initial=0.0))
    return np.asarray(np.round(rows / most, 5) * most, np.float32) if most else rows


def _quality(rows: np.ndarray, labels: np.ndarray, rng: np.random.Generator) -> tuple[float, float]:
    from sklearn.metrics import davies_bouldin_score, silhouette_score

    sample = rng.permutation(len(rows))[:_SAMPLE]
    if not (FEWEST <= labels.max() + 1 < len(rows) and FEWEST <= len(np.unique(labels[sample])) < len(sample)):
        return 0.0, UNDEFINED
    return float(silhouette_score(rows[sample], labels[sample])), float(davies_bouldin_score(rows, labels))


def added_up(x: "csr_array", by_rater: Parting) -> Links:
    """Add up the rows of x in each cluster of raters: a row for each cluster, with the tracks and their sums."""
    from scipy import sparse

    n_raters, n_clusters = len(by_rater.labels), len(by_rater.centres)
    members = sparse.csr_array(
        (np.ones(n_raters, np.float32), (by_rater.labels, np.arange(n_raters))), (n_clusters, n_raters)
    )
    sums = (members @ x).tocsr()
    sums.sort_indices()
    return Links(sums.indptr.astype(np.int64), sums.indices.astype(np.int32), sums.data)
