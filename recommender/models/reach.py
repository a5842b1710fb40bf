"""How far the models of vectors reach: a track of a single playlist has next to nothing for a vector to learn. Pure."""

from dataclasses import replace

import numpy as np

from recommender.corpus import Corpus
from recommender.errors import CannotTrain

EVERYBODY = 500_000
"""Up to so many tracks all are learned."""
MOST = 2_000_000
"""Above that, what stands in a single playlist is not, nor in more, until no more than so many are left."""


def reaches_all(n_tracks: int, min_count: int | None) -> bool:
    """Tell whether each of so many tracks is learned, whatever playlists there are."""
    return min_count == 1 or (min_count is None and n_tracks <= EVERYBODY)


def fewest_playlists(playlist_counts: np.ndarray) -> int:
    """Tell in how many playlists a track has to stand to be learned. playlist_counts: shape (tracks,), never rising."""
    if len(playlist_counts) <= EVERYBODY:
        return 1
    # The first that is one too many tells: what stands in as few playlists as it does stays out with it.
    return max(2, int(playlist_counts[MOST]) + 1 if len(playlist_counts) > MOST else 2)


def within_reach(corpus: Corpus, min_count: int | None = None) -> Corpus:
    """Leave what is to be learned: of the same playlists, the first tracks; of the vocabulary, nothing is taken away.

    min_count: in how many playlists a track has to stand; None follows from the number of tracks. Raises CannotTrain.
    """
    needed = min_count or fewest_playlists(corpus.playlist_counts)
    if needed <= 1:
        return corpus
    # Tracks are numbered by their playlists, so that those of enough playlists come first.
    n_learned = int((corpus.playlist_counts >= needed).sum())
    kept = corpus.entries < n_learned
    if not kept.any():
        raise CannotTrain(f"no track stands in {needed} playlists: lower min_count, or import more playlists")
    return replace(
        corpus,
        entries=corpus.entries[kept],
        offsets=np.append(0, np.cumsum(kept))[corpus.offsets],
        playlist_counts=corpus.playlist_counts[:n_learned],
        artists=corpus.artists[:n_learned],
        albums=corpus.albums[:n_learned],
        audio=corpus.audio[:n_learned],
    )


def told_reach(corpus: Corpus, learned: Corpus) -> dict[str, str]:
    """Say in a note which tracks were learned, where it is not all of them."""
    if learned.n_tracks == corpus.n_tracks:
        return {}
    fewest = int(learned.playlist_counts[-1])
    return {"reach": f"{learned.n_tracks:,} of {corpus.n_tracks:,} tracks, each in {fewest:,} playlists or more"}
