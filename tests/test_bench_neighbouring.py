"""The bench of the models of neighbours runs, on a part that is small."""

import pytest

from bench.scale import neighbouring


@pytest.mark.slow
def test_neighbours_are_learned_and_asked_beside_the_bare_product() -> None:
    """Each in a process of its own; the figures are a machine's, and so no test's."""
    told = {figure.what: figure for figure in neighbouring.figures("1/1024")}
    training, peer = told["item-knn, training"], told["sparse_dot_topn's bare product of the rows stored"]
    assert (training.unit, training.target, training.at_most) == ("s", 120, True)
    assert "4,878 tracks" in training.detail
    assert (peer.unit, peer.target) == ("s", None)
    assert told["item-knn, peak memory"].target == 4_000
    assert told["item-knn, scores for 25 seeds"].target == 20
    assert told["playlist-knn, scores for 100 seeds"].target == 50
    assert all(figure.measured > 0 for figure in told.values())
