"""How much raters like tracks, in numbers that differ: from plays or, without them, from playlists. Pure."""

from dataclasses import dataclass

import numpy as np

from recommender.corpus import Corpus, taking_part

FEWEST_LISTENERS = 20
"""With fewer listeners than that, playlists tell more."""
_LIKED_SHARE = 0.75


@dataclass(frozen=True)
class Ratings:
    """Ratings of tracks, one rater after the other."""

    of_plays: bool
    """Whether raters are listeners and a rating the natural log of their plays; else playlists, 1 held and 0 drawn."""
    raters: tuple[str, ...]
    """The names of the listeners, or of the playlists."""
    offsets: np.ndarray
    """int64, shape (raters + 1,): rater r rated tracks[offsets[r]:offsets[r + 1]]."""
    tracks: np.ndarray
    """int32, shape (ratings,): track numbers, each once for each rater, rising."""
    values: np.ndarray
    """float32, shape (ratings,)."""
    liked: float
    """What a seed is taken to be rated: the upper quartile of the listeners' ratings, or 1."""


def ratings_of(corpus: Corpus, rng: np.random.Generator, zeros: int, source: str = "auto") -> Ratings:
    """Gather the ratings that a corpus holds.

    zeros: for each playlist so many drawn tracks that it does not hold are rated 0, because ratings that are all alike
    teach nothing. A playlist rates with its weight for a probability. source: "plays", "playlists" or "auto", which
    takes plays from FEWEST_LISTENERS listeners on.
    """
    if source == "plays" or (source == "auto" and corpus.plays.n_listeners >= FEWEST_LISTENERS):
        plays = corpus.plays
        values = np.log(plays.counts).astype(np.float32)
        liked = float(np.quantile(values, _LIKED_SHARE)) if len(values) else 0.0
        # Where nearly everything was played once, a seed still counts as liked.
        return Ratings(True, plays.listeners, plays.offsets, plays.tracks, values, max(liked, float(np.log(2))))
    return _of_playlists(corpus, rng, zeros)


def _of_playlists(corpus: Corpus, rng: np.random.Generator, zeros: int) -> Ratings:
    width = max(corpus.n_tracks, 1)
    playlist_of = np.repeat(np.arange(corpus.n_playlists, dtype=np.int64), np.diff(corpus.offsets))
    raters = taking_part(corpus.weights, rng)
    taken = np.isin(playlist_of, raters)
    held = np.unique(playlist_of[taken] * width + corpus.entries[taken])
    rows = np.repeat(raters, zeros)
    drawn = np.unique(rows * width + rng.integers(width, size=len(rows))) if corpus.n_tracks else held
    drawn = np.setdiff1d(drawn, held, assume_unique=True)
    pairs, values = np.concatenate([held, drawn]), np.repeat(np.array([1, 0], np.float32), [len(held), len(drawn)])
    order = np.argsort(pairs)
    pairs = pairs[order]
    offsets = np.searchsorted(pairs, np.arange(corpus.n_playlists + 1) * width)
    return Ratings(False, corpus.names, offsets, (pairs % width).astype(np.int32), values[order], 1.0)
