"""Models that learn in rounds go on from where they stood when playlists are added; all others learn anew."""

import numpy as np

from recommender.corpus import Corpus
from recommender.holdings import holdings
from recommender.models.contract import Model, Progress, Updating
from recommender.vocabulary import NOT_FOUND

GROWN = 1.1
"""Where a fit would give vectors more than so many times the dimensions, it is time for one."""


def brought_up(
    model: Model, corpus: Corpus, old_numbers: np.ndarray, rng: np.random.Generator, progress: Progress
) -> Model:
    """Bring a model up to a corpus: where it can, it goes on, and else it is fitted anew with the same options.

    old_numbers: int32, shape (tracks,): see Updating. Raises CannotTrain.
    """
    if isinstance(model, Updating) and model.goes_on(corpus):
        return model.updated(corpus, old_numbers, rng, progress)
    return type(model).fit(corpus, rng, model.options, progress)


def carried(vectors: np.ndarray, old_numbers: np.ndarray) -> np.ndarray:
    """Give each track the vector that it had: float32, shape (tracks, dimensions), 0 for tracks that had none.

    vectors: shape (old tracks, dimensions), a row for each number in old_numbers, which is NOT_FOUND for new tracks.
    """
    told = np.zeros((len(old_numbers), vectors.shape[1]), np.float32)
    known = old_numbers != NOT_FOUND
    told[known] = vectors[old_numbers[known]]
    return told


def placed(vectors: np.ndarray, corpus: Corpus) -> np.ndarray:
    """Place tracks without a vector at the mean of their playlists' means: float32, of the same shape.

    Those whose playlists hold nothing that has a vector stay without.
    """
    held = holdings(corpus, np.float32)
    known = vectors.any(axis=1)
    means = _divided(held @ vectors, held @ known.astype(np.float32))
    told = vectors.copy()
    told[~known] = _divided(held.T @ means, held.T @ means.any(axis=1).astype(np.float32))[~known]
    return told


def _divided(sums: np.ndarray, counts: np.ndarray) -> np.ndarray:
    means: np.ndarray = sums / np.maximum(counts, 1)[:, None]
    return means
