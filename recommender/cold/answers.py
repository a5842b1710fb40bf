"""Which tracks of no playlist go with known seeds. Pure."""

from collections.abc import Sequence

import numpy as np

from recommender.cold.steps import Scores
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
    by_artist = standing(of_artists(told, artists, listed)[listed:], told[:listed])
    alike = [reader.scores(asked) for reader in readers]
    found = np.full(len(artists), np.nan, np.float32)
    found[listed:] = added(by_artist, [standing(own[listed:], own[:listed]) for own in alike])
    return found


def standing(scores: np.ndarray, known: np.ndarray) -> np.ndarray:
    """Tell how high scores would stand among those of known tracks: float32, of the shape of scores, 1 is above all.

    The level falls with the logarithm of the place, to 0 below all, and for what is NaN; so that it does not hang on
    how many cold tracks there are. known: float32, shape (any,), NaN where a known track cannot be told.
    """
    rising = np.sort(known[~np.isnan(known)])
    above = len(rising) - np.searchsorted(rising, np.nan_to_num(scores, nan=-np.inf), "right")
    levels: np.ndarray = 1 - np.log1p(above) / np.log1p(max(len(rising), 1))
    return np.where(np.isnan(scores), 0, levels).astype(np.float32)


def going_with(told: np.ndarray, seeds: np.ndarray, listed: int) -> np.ndarray:
    """Give the known tracks that go best with the seeds: int32. told: scores of a model of playlists."""
    best = best_first(told[:listed], seeds, _BESIDE).astype(np.int32)
    going: np.ndarray = best[~np.isnan(told[best])]
    return going


def added(by_artist: np.ndarray, alike: Sequence[np.ndarray]) -> np.ndarray:
    """Add what is said of tracks: float32, shape (tracks,), NaN where nothing is.

    by_artist: how high each one's artist stands. alike: of each model of content how high each track does.
    """
    total = by_artist.astype(np.float64)
    for levels in alike:
        total += _LIKE * levels
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
