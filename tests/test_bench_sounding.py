"""The bench of sounds runs, on a collection that is small."""

import numpy as np
import pytest

from bench import sounding
from recommender.corpus import AUDIO


def test_the_collection_is_of_the_size_asked_for_and_all_of_it_is_heard() -> None:
    """Most of it stands in no playlist."""
    corpus = sounding.made_up(20_000)
    assert corpus.audio.shape == (20_000, len(AUDIO))
    assert not np.isnan(corpus.audio).any()
    assert corpus.n_playlists == sounding.LISTS
    assert set(np.unique(corpus.audio[:, AUDIO.index("key")])) == set(range(12))


@pytest.mark.slow
def test_both_sides_are_asked_in_processes_of_their_own() -> None:
    training, *answers = sounding.figures(3_000, 1)
    assert (training.unit, training.target, training.measured > 0) == ("s", 60, True)
    assert [(answer.unit, answer.target) for answer in answers] == [("ms", 150)] * 3
    assert all(answer.measured > 0 and "scikit-learn" in answer.detail for answer in answers)
