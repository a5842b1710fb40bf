"""Hybrid: several models added up, each by its worth."""

from dataclasses import replace

import numpy as np
import pytest

from recommender.corpus import corpus_from_lists
from recommender.models import hybrid
from recommender.models.blend import levelled
from recommender.models.hybrid import Hybrid, Options
from recommender.models.ways.ordered import Ordered
from recommender.models.ways.trees import PARTS
from tests.worlds import noisy_world, right_share

QUICK = Options(word2vec_s=1.0)


@pytest.fixture(scope="module")
def fitted() -> Hybrid:
    corpus, _ = noisy_world(np.random.default_rng(1))
    return Hybrid.fit(corpus, np.random.default_rng(2), QUICK)


def learned(model: Hybrid) -> Ordered:
    assert isinstance(model.learned, Ordered)
    return model.learned


def without_trees(model: Hybrid) -> Hybrid:
    return replace(model, learned=replace(learned(model), forest=None))


def test_scores_are_the_weighted_levels_of_its_parts(fitted: Hybrid) -> None:
    seeds = np.array([0, 3, 5, 9, 11], np.int32)
    expected = np.zeros(fitted.n_tracks)
    for kind, part in fitted.parts.items():
        expected += learned(fitted).weights[1, PARTS.index(kind)] * levelled(part.scores(seeds), seeds)
    weighted = without_trees(fitted)
    np.testing.assert_allclose(np.nan_to_num(weighted.scores(seeds)), expected, atol=1e-5)


def test_with_trees_what_was_looked_at_closely_comes_first(fitted: Hybrid) -> None:
    """The trees order the candidates; nothing else can come before one of them."""
    assert learned(fitted).forest is not None
    seeds = np.array([0, 3, 5], np.int32)
    told = fitted.scores(seeds)
    assert np.isnan(told[seeds]).all(), "a seed is no candidate"
    known = told[~np.isnan(told)]
    assert (known >= 2).all()
    assert not np.array_equal(
        np.argsort(-np.nan_to_num(told)), np.argsort(-np.nan_to_num(without_trees(fitted).scores(seeds)))
    )


def test_without_enough_playlists_all_parts_count_alike_and_there_are_no_trees() -> None:
    corpus = corpus_from_lists([[f"t{number}" for number in range(start, start + 12)] for start in range(15)])
    model = Hybrid.fit(corpus, np.random.default_rng(1), QUICK)
    assert learned(model).forest is None
    assert len(set(learned(model).weights.ravel().tolist())) == 1


def test_from_one_seed_to_several_the_weights_move(fitted: Hybrid) -> None:
    model = replace(learned(fitted), weights=np.array([np.eye(len(PARTS))[0], np.eye(len(PARTS))[1]]))
    one, two, five = (model.weights_for(n) for n in (1, 2, 5))
    assert one.tolist() == np.eye(len(PARTS))[0].tolist()
    assert five.tolist() == model.weights_for(50).tolist() == np.eye(len(PARTS))[1].tolist()
    assert 0 < two[1] < 1
    assert model.weights_for(0).tolist() == one.tolist()


def test_a_part_that_cannot_be_trained_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is too little for one model may be enough for another."""
    corpus, taste = noisy_world(np.random.default_rng(1))
    real = hybrid.model_class

    class Refusing:
        @classmethod
        def fit(cls, *_: object) -> None:
            raise hybrid.CannotTrain("too little")

    monkeypatch.setattr(hybrid, "model_class", lambda kind: Refusing if kind == "word2vec" else real(kind))
    model = Hybrid.fit(corpus, np.random.default_rng(2), QUICK)
    assert "word2vec" not in model.parts
    assert "word2vec" not in model.notes()
    monkeypatch.undo()
    again = Hybrid.from_arrays(model.arrays(), QUICK, corpus.n_tracks)
    assert set(again.parts) == set(model.parts)
    assert right_share(again, corpus, taste, np.random.default_rng(3)) > 0.8


def test_damaged_arrays_are_refused(fitted: Hybrid) -> None:
    arrays = dict(fitted.arrays())
    with pytest.raises(ValueError, match="two weights"):
        Hybrid.from_arrays(arrays | {"weights": np.zeros(3)}, QUICK, fitted.n_tracks)
    alone = {name: array for name, array in arrays.items() if "_" not in name}
    with pytest.raises(ValueError, match="no part"):
        Hybrid.from_arrays(alone, QUICK, fitted.n_tracks)
    with pytest.raises(ValueError, match="not of these tracks"):
        Hybrid.from_arrays(arrays, QUICK, fitted.n_tracks + 1)
