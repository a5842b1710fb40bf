"""How far a song lies from the middle of what is liked, as a step that learns that middle."""

from typing import Self

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin


class LikedCentre(TransformerMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """Add to each row how far it lies from the mean of the liked ones, and how much nearer than to the disliked.

    It is fitted like any other step, so that the songs that are held out have no part in the middle.
    """

    def __init__(self, columns: int = 0):
        self.columns = columns
        """The first so many columns are those in which distances are told."""

    def fit(self, rows: np.ndarray, liked: np.ndarray) -> Self:
        """Find the middle of the liked rows and of the others. liked: bool, shape (rows,)."""
        told = rows[:, : self.columns]
        self.liked_ = told[liked].mean(axis=0)
        self.disliked_ = told[~liked].mean(axis=0)
        return self

    def transform(self, rows: np.ndarray) -> np.ndarray:
        """Add the two columns to new rows."""
        told = rows[:, : self.columns]
        return _with(rows, _distance(told, self.liked_), _distance(told, self.disliked_))

    def fit_transform(self, rows: np.ndarray, liked: np.ndarray) -> np.ndarray:
        """Add the two columns to the rows that the middles are found from, each as if it were not among them.

        A song draws its own middle towards it, by which a learner would know it; a new song does not.
        """
        self.fit(rows, liked)
        told = rows[:, : self.columns]
        to_liked, to_disliked = _distance(told, self.liked_), _distance(told, self.disliked_)
        for own, distances in ((liked, to_liked), (~liked, to_disliked)):
            count = int(own.sum())
            # Taking one away moves the mean of n along the line to it, so that its distance grows by n / (n - 1).
            distances[own] *= count / max(count - 1, 1)
        return _with(rows, to_liked, to_disliked)


def _distance(rows: np.ndarray, middle: np.ndarray) -> np.ndarray:
    distances: np.ndarray = np.sqrt(((rows - middle) ** 2).sum(axis=1))
    return distances


def _with(rows: np.ndarray, to_liked: np.ndarray, to_disliked: np.ndarray) -> np.ndarray:
    return np.column_stack([rows, to_liked, to_liked - to_disliked])
