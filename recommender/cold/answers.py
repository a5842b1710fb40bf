"""Which tracks of no playlist go with known seeds. Pure."""

from collections.abc import Sequence

import numpy as np

from recommender.cold.steps import Scores
from recommender.models.blend import levelled
from recommender.models.contract import Model
from recommender.ranking import best_first

_BESIDE = 25
"""So many of the best known tracks that go with the seeds say, beside these, what cold ones are to be like."""
_LIKE = 0.3
"""What a model of content says counts so much beside who made a track."""


def among(scores: Scores, readers: Sequence[Model], seeds: np.ndarray, artists: np.ndarray, listed: int) -> np.ndarray:
    """Score the tracks of no playlist: float32, shape (tracks,), NaN for others and where nobody can tell.

    By what the model of playlists says of their artists' known tracks, and less by what they are like. scores: of that
    model. readers: models of content. artists: int32, shape (tracks,),
    -1 where none is known. listed: so many tracks, the first ones, stand in playlists.
    """
    told = scores(seeds)
    asked = np.concatenate([seeds, going_with(told, seeds, listed)])
    found = np.full(len(artists), np.nan, np.float32)
    found[listed:] = added(
        of_artists(told, artists, listed)[listed:], [reader.scores(asked)[listed:] for reader in readers]
    )
    return found


def going_with(told: np.ndarray, seeds: np.ndarray, listed: int) -> np.ndarray:
    """Give the known tracks that go best with the seeds: int32. told: scores of a model of playlists."""
    best = best_first(told[:listed], seeds, _BESIDE).astype(np.int32)
    going: np.ndarray = best[~np.isnan(told[best])]
    return going


def added(by_artist: np.ndarray, alike: Sequence[np.ndarray]) -> np.ndarray:
    """Add what is said of tracks: float32, shape (tracks,), NaN where nothing is.

    by_artist: the score of each one's artist. alike: of each model of content how alike each is.
    """
    nobody = np.zeros(0, np.int32)
    total = levelled(by_artist, nobody)
    for scores in alike:
        total = total + _LIKE * levelled(scores, nobody)
    found: np.ndarray = np.where(total > 0, total, np.nan).astype(np.float32)
    return found


def of_artists(scores: np.ndarray, artists: np.ndarray, listed: int) -> np.ndarray:
    """Give each track the mean score of its artist's known tracks, those that cannot be told counting 0.

    Returns float32, shape (tracks,), NaN where none of them can be told.
    """
    by = artists[:listed]
    known = by >= 0
    n_artists = int(artists.max(initial=-1)) + 1
    sums = np.bincount(by[known], np.nan_to_num(scores[:listed])[known], n_artists)
    means = sums / np.maximum(np.bincount(by[known], minlength=n_artists), 1)
    # The last place is that of the unknown artist.
    found: np.ndarray = np.append(np.where(means > 0, means, np.nan), np.nan)[artists].astype(np.float32)
    return found
