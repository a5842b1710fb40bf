"""Playlists and tracks as a matrix of who holds what, and what each track counts for."""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import DTypeLike

from recommender.corpus import Corpus

if TYPE_CHECKING:
    from scipy.sparse import csr_array


def holdings(corpus: Corpus, dtype: DTypeLike) -> "csr_array":
    """Tell which playlist holds which track: ones, of that dtype, shape (playlists, tracks); repeats count once."""
    import scipy.sparse as sparse

    # The arrays are copied, as removing repeats sorts in place.
    held = sparse.csr_array(
        (np.ones(corpus.n_entries, dtype), corpus.entries.copy(), corpus.offsets.copy()),
        shape=(corpus.n_playlists, corpus.n_tracks),
    )
    held.sum_duplicates()
    held.data[:] = 1
    return held


def counts_by_weight(corpus: Corpus) -> np.ndarray:
    """Add up the weights of the playlists that hold each track: float64, shape (tracks,); its count where all are 1."""
    if (corpus.weights == 1).all():
        return corpus.playlist_counts.astype(np.float64)
    counts: np.ndarray = holdings(corpus, np.float64).T @ corpus.weights.astype(np.float64)
    return counts
