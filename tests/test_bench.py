"""The benches run, on worlds that are small."""

import numpy as np
import pytest

from bench import blending, reasons, roads, updating
from bench.speed import PARTS


def test_the_world_of_the_hybrid_is_of_the_size_asked_for_and_told_in_full() -> None:
    """Every track has an artist and an album, for what the hybrid makes of them."""
    corpus = blending.world(600, 6_600)
    assert corpus.n_tracks == 600
    assert 5_000 < corpus.n_entries < 8_500
    assert (corpus.artists >= 0).all()
    assert np.bincount(corpus.albums).max() == blending.SONGS_OF_ALBUM
    assert all(corpus.names)


def test_questions_are_beginnings_of_playlists_of_every_length() -> None:
    corpus = blending.world(600, 6_600)
    asked = blending.questions(corpus, np.random.default_rng(1))
    starts = {playlist[:1].tobytes() for playlist in corpus}
    assert len(asked) == blending.ANSWERS
    assert {len(seeds) for seeds in asked} >= {1, 5}
    assert all(seeds[:1].tobytes() in starts for seeds in asked)


@pytest.mark.slow
def test_the_hybrid_is_trained_and_asked() -> None:
    """In a process of its own; the figures are a machine's, and so no test's."""
    assert "hybrid" in PARTS
    training, answer = blending.figures(1, 600, 6_600)
    assert (training.unit, training.target, training.at_most) == ("s", 300, True)
    assert (answer.unit, answer.target, answer.at_most) == ("ms", 50, True)
    assert training.measured > 0
    assert answer.measured > 0
    assert "600 tracks" in training.detail


@pytest.mark.slow
def test_lists_are_ordered_and_roads_are_laid() -> None:
    assert "road" in PARTS
    told = roads.figures(1_000, 1)
    assert [figure.unit for figure in told] == ["ms", "ms", "ms", "s"]
    assert all(figure.measured > 0 for figure in told)


@pytest.mark.slow
def test_an_update_is_set_beside_a_full_training_and_beside_no_training() -> None:
    """What goes on knows the new playlists nearly as well as what was trained on all of them."""
    told = updating.run(updating.made_up(1), "als", 0.5, 1)
    assert told.new_playlists > 200
    assert told.stale < told.full
    assert told.updated > (told.stale + told.full) / 2


def test_the_reasons_are_asked_for_with_few_seeds_and_many() -> None:
    assert "reasons" in PARTS
    found = reasons.figures(1_200, 2)
    assert [(figure.unit, figure.target) for figure in found] == [("ms", 10), ("ms", 10), ("ms", 40), ("ms", 40)]
    assert all(figure.measured > 0 and "1,200 tracks" in figure.what for figure in found)
