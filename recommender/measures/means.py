"""The baseline of predicted plays: what is usual, what the listener adds to it, and what the track adds. Pure.

The ratings are modelled as mu + b_listener + b_track (Koren, Bell and Volinsky, "Matrix factorization techniques for
recommender systems", Computer 2009), both shrunk towards 0 as in Surprise: reg_i 10, reg_u 15, ten rounds.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np

from recommender.plays import Plays

_SHRINK_TRACK = 10
_SHRINK_LISTENER = 15
_ROUNDS = 10


@dataclass(frozen=True)
class Means:
    """How far the listeners and tracks are above the mean of all ratings, which are natural logs of plays."""

    mean: float
    of_listeners: np.ndarray
    """float64, shape (listeners,)."""
    of_tracks: np.ndarray
    """float64, shape (tracks,)."""

    @classmethod
    def fit(cls, plays: Plays, n_tracks: int) -> Self:
        """Learn from the pairs; there is no chance in it."""
        values, listeners = np.log(plays.counts), plays.listener_of
        mean = float(values.mean()) if len(values) else 0.0
        of_listeners, of_tracks = np.zeros(plays.n_listeners), np.zeros(n_tracks)
        ratings_of_track = np.bincount(plays.tracks, minlength=n_tracks) + _SHRINK_TRACK
        ratings_of_listener = np.diff(plays.offsets) + _SHRINK_LISTENER
        for _ in range(_ROUNDS):
            over = values - mean - of_listeners[listeners]
            of_tracks = np.bincount(plays.tracks, over, n_tracks) / ratings_of_track
            over = values - mean - of_tracks[plays.tracks]
            of_listeners = np.bincount(listeners, over, plays.n_listeners) / ratings_of_listener
        return cls(mean, of_listeners, of_tracks)

    def predict(self, listener_no: int, track_nos: np.ndarray) -> np.ndarray:
        """Foretell plays: float32, shape (len(track_nos),). What is numbered below 0 is unknown, hence a mean track."""
        over = np.where(track_nos >= 0, self.of_tracks[track_nos], 0) if len(self.of_tracks) else 0
        told: np.ndarray = np.exp(self.mean + self.of_listeners[listener_no] + over).astype(np.float32)
        return told
