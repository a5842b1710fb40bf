"""What listeners played as if each had made a playlist of it, for models that know nothing but playlists. Pure."""

from dataclasses import replace

import numpy as np

from recommender.corpus import Corpus, corpus_from_numbers
from recommender.plays import Plays


def baskets(corpus: Corpus, plays: Plays | None = None) -> Corpus:
    """Give a corpus whose playlists are the listeners' tracks, in the order of oldest_first().

    plays: what is taken instead of the corpus's own, in its numbering; a listener without a pair is left out. Playlists
    and tracks that nobody played are not in it. A basket is as old as the last play in it.
    """
    plays = corpus.plays if plays is None else plays
    plays = plays.of(np.flatnonzero(np.diff(plays.offsets)))
    dates = np.maximum.reduceat(plays.last_played, plays.offsets[:-1]) if plays.n_pairs else np.zeros(0, np.int64)
    made = corpus_from_numbers(
        np.asarray(corpus.vocabulary.ids),
        plays.tracks[oldest_first(plays)],
        plays.offsets,
        corpus.artists,
        corpus.albums,
        corpus.audio,
        dates=dates,
        plays=plays,
        genres=corpus.genres.of_kept(np.zeros(0, np.int64)),
        texts=corpus.texts,
    )
    return replace(made, of_listeners=True)


def oldest_first(plays: Plays) -> np.ndarray:
    """Order each listener's pairs, the last played at the end: int64 places, shape (pairs,).

    What has no time comes before what has one; of the same time, the less played comes first, because models that tell
    the last seeds apart then lean on what was played most.
    """
    return np.lexsort((plays.counts, plays.last_played, plays.listener_of))
