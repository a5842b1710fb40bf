"""Sizes of made-up things: how long playlists are, in how many a track stands, how many tracks an artist has.

Pure. Each is a quantile function read off at evenly spaced places, so that every part of a collection has the same
shape, and then brought to an exact sum.
"""

import numpy as np

LENGTHS = np.array(
    [
        (0.0, 0.012), (0.01, 0.018), (0.02, 0.027), (0.05, 0.061), (0.1, 0.104), (0.25, 0.245), (0.5, 0.46),
        (0.75, 0.898), (0.9, 2.041), (0.95, 3.687), (0.98, 6.06), (0.99, 9.33), (0.995, 15.7), (1.0, 27.6),
    ]
)  # fmt: skip
"""Quantiles of the real playlists' lengths, in multiples of their mean."""
STRETCHED = 0.95
"""Lengths above this quantile are stretched until the mean is kept; what is between the knots is not known."""

COUNTS = np.array(
    [
        (1, 1.0), (2, 0.31945), (3, 0.20195), (4, 0.15207), (5, 0.11917), (7, 0.08053), (10, 0.04797), (15, 0.01885),
        (20, 0.00632), (30, 0.00066), (40, 0.0003),
    ]
)  # fmt: skip
"""The share of real tracks that stand in so many playlists or more."""
HITS = 1.635
"""The power of the tail above the last count: 82 playlists among 771 as in the real data, 3,500 among 177,889."""
MOST_COUNTED = 0.1
"""No track stands in more than this share of the playlists."""

ARTIST_TAIL = 1.3
"""The power of the tail of artists' sizes."""
LARGEST_ARTIST = 411
"""The most tracks of an artist, as in the real data, at every size, or artists' runs would grow with the size."""


def _evenly(number: int) -> np.ndarray:
    return (np.arange(number) + 0.5) / number


def lengths(n_playlists: int, n_entries: int, rng: np.random.Generator) -> np.ndarray:
    """Draw the lengths of playlists, int64, at least 1, of exactly that sum."""
    at = _evenly(n_playlists)
    multiples = np.exp(np.interp(at, LENGTHS[:, 0], np.log(LENGTHS[:, 1])))
    top = at > STRETCHED
    multiples[top] *= max(n_playlists - multiples[~top].sum(), 1.0) / max(multiples[top].sum(), 1.0)
    drawn = np.maximum(np.rint(multiples * n_entries / n_playlists), 1).astype(np.int64)
    return rng.permutation(_brought_to(drawn, n_entries, np.median(drawn), rng))


def counts(n_tracks: int, n_playlists: int, n_entries: int, rng: np.random.Generator) -> np.ndarray:
    """Give in how many playlists tracks stand, int64, falling, at least 1, of exactly that sum."""
    share = _evenly(n_tracks)
    among = share > COUNTS[-1, 1]
    drawn = np.empty(n_tracks)
    drawn[among] = np.exp(np.interp(-np.log(share[among]), -np.log(COUNTS[:, 1]), np.log(COUNTS[:, 0])))
    drawn[~among] = COUNTS[-1, 0] * (COUNTS[-1, 1] / share[~among]) ** (1 / HITS)
    whole = np.clip(np.floor(drawn), 1, max(MOST_COUNTED * n_playlists, 1)).astype(np.int64)
    return _brought_to(whole, n_entries, 3, rng)


def artist_sizes(n_artists: int, n_tracks: int, rng: np.random.Generator) -> np.ndarray:
    """Draw how many tracks each artist has, int64, at least 1, of exactly that sum."""
    tail = _evenly(n_artists) ** (-1 / ARTIST_TAIL) - 1
    low, high = 0.0, 1000.0
    for _ in range(50):
        middle = (low + high) / 2
        if np.minimum(1 + np.floor(middle * tail), LARGEST_ARTIST).sum() < n_tracks:
            low = middle
        else:
            high = middle
    drawn = np.minimum(1 + np.floor(low * tail), LARGEST_ARTIST).astype(np.int64)
    return rng.permutation(_brought_to(drawn, n_tracks, 2, rng))


def _brought_to(drawn: np.ndarray, total: int, least: float, rng: np.random.Generator) -> np.ndarray:
    """Add or take one here and there, only where there is at least so much, until the sum is right."""
    while missing := total - int(drawn.sum()):
        able = np.flatnonzero(drawn >= least) if missing > 0 else np.flatnonzero(drawn > least)
        if not len(able):
            able, least = np.arange(len(drawn)), 1
        chosen = rng.choice(able, min(abs(missing), len(able)), replace=False)
        drawn[chosen] += np.sign(missing)
    return drawn
