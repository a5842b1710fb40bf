"""Popularity gives everybody the counts."""

import numpy as np

from recommender.corpus import corpus_from_lists
from recommender.models.popularity import Options, Popularity

RNG = np.random.default_rng(0)


def fitted() -> Popularity:
    return Popularity.fit(corpus_from_lists([["a", "b"], ["a", "c", "c"], ["a", "b", "d"]]), RNG, Options())


def test_scores_are_the_playlist_counts_whatever_the_seeds() -> None:
    """A repeat within one playlist counts once; no seeds are as good as any."""
    for seeds in ([], [3], [0, 1, 2]):
        scores = fitted().scores(np.array(seeds, np.int32))
        assert scores.dtype == np.float32
        assert scores.tolist() == [3, 2, 1, 1]


def test_arrays_rebuild_it_and_a_caller_cannot_change_it() -> None:
    """What scores() gives belongs to the caller."""
    model = Popularity.from_arrays(fitted().arrays(), Options(), 4)
    model.scores(np.array([], np.int32))[:] = 0
    assert model.scores(np.array([1], np.int32)).tolist() == [3, 2, 1, 1]
    assert model.notes() == {"tracks": 4}
