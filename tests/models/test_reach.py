"""Models of vectors leave out the rare tracks of very large collections, and of no others."""

from dataclasses import replace

import numpy as np
import pytest

from recommender.corpus import Corpus, corpus_from_lists
from recommender.errors import CannotTrain
from recommender.models import reach
from recommender.models.als import ALS
from recommender.models.als import Options as ALSOptions
from recommender.models.contract import Choosing, Reaching
from recommender.models.reach import fewest_playlists, told_reach, within_reach
from recommender.models.registry import model_class, options_class
from recommender.models.word2vec import Options as WordOptions
from recommender.models.word2vec import Word2Vec
from tests.worlds import noisy_world

QUICK = WordOptions(vector_size=8, epochs=2, window=2, workers=1)
NONE = np.zeros(0, np.int64)


def corpus() -> Corpus:
    """Sixty tracks of many playlists, and in each playlist two that stand nowhere else."""
    rng = np.random.default_rng(1)
    lists = [[f"t{n}" for n in rng.permutation(60)[:8]] + [f"once{number}a", f"once{number}b"] for number in range(90)]
    return corpus_from_lists(lists)


@pytest.fixture
def small_reach(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reach, "EVERYBODY", 100)


def test_up_to_a_size_all_are_learned_and_above_it_what_stands_in_two_playlists_or_more() -> None:
    counts = np.ones(reach.EVERYBODY, np.int32)
    assert fewest_playlists(counts) == 1
    assert fewest_playlists(np.ones(reach.EVERYBODY + 1, np.int32)) == 2


@pytest.mark.parametrize(("counts", "fewest"), [([5, 4, 3, 2, 1], 4), ([5, 4, 4, 2, 1], 5), ([3, 2, 1, 1, 1], 2)])
def test_no_more_are_learned_than_there_is_room_for(
    monkeypatch: pytest.MonkeyPatch, counts: list[int], fewest: int
) -> None:
    """Of tracks that stand in equally many playlists, all are learned or none."""
    monkeypatch.setattr(reach, "EVERYBODY", 1)
    monkeypatch.setattr(reach, "MOST", 2)
    assert fewest_playlists(np.array(counts)) == fewest


def test_a_small_corpus_stays_the_very_same() -> None:
    given = corpus()
    assert within_reach(given) is given
    assert told_reach(given, given) == {}


def test_what_is_left_are_the_first_tracks_of_the_same_playlists() -> None:
    given = corpus()
    left = within_reach(given, 2)
    assert left.n_tracks == 60
    assert left.n_playlists == given.n_playlists
    for before, after in zip(given, left, strict=True):
        assert after.tolist() == before[before < 60].tolist()
    assert left.playlist_counts.min() >= 2
    assert told_reach(given, left) == {
        "reach": f"60 of 240 tracks, each in {left.playlist_counts[-1]} playlists or more"
    }


def test_nothing_within_reach_is_said_with_the_cure() -> None:
    with pytest.raises(CannotTrain, match="no track stands in 91 playlists: lower min_count"):
        within_reach(corpus(), 91)


@pytest.mark.usefixtures("small_reach")
def test_models_of_vectors_score_what_they_learned_and_nothing_else_and_say_so() -> None:
    given = corpus()
    seeds = np.array([0, 5], np.int32)
    for model in (
        ALS.fit(given, np.random.default_rng(1), ALSOptions(iterations=2)),
        Word2Vec.fit(given, np.random.default_rng(1), QUICK),
    ):
        told = model.scores(seeds)
        assert told.shape == (240,)
        assert np.isfinite(told[:60]).all()
        assert np.isnan(told[60:]).all()
        assert np.isnan(model.scores(np.array([100], np.int32))).all(), "nothing is known of such a seed"
        assert np.isnan(model.vectors(np.array([100]))).all()
        assert model.notes()["reach"].startswith("60 of 240 tracks")
        again = type(model).from_arrays(model.arrays(), model.options, 240)  # type: ignore[arg-type]
        np.testing.assert_array_equal(again.scores(seeds), told)


@pytest.mark.usefixtures("small_reach")
def test_an_update_keeps_to_the_reach_of_the_larger_collection() -> None:
    given = corpus()
    rng = np.random.default_rng(1)
    old_numbers = np.arange(given.n_tracks, dtype=np.int32)[::-1].copy()
    for model in (ALS.fit(given, rng, ALSOptions(iterations=2)), Word2Vec.fit(given, rng, QUICK)):
        assert model.goes_on(given)
        updated = model.updated(given, old_numbers, rng)
        assert np.flatnonzero(np.isfinite(updated.scores(np.array([0], np.int32)))).tolist() == list(range(60))


@pytest.mark.usefixtures("small_reach")
@pytest.mark.parametrize("seeds", [[0], [3, 59, 3], [200], []])
def test_some_tracks_alone_are_scored_as_among_all(seeds: list[int]) -> None:
    given = corpus()
    asked = np.array(seeds, np.int32)
    others = np.array([30, 44, 59, 60, 239])
    for model in (
        ALS.fit(given, np.random.default_rng(1), ALSOptions(iterations=2)),
        Word2Vec.fit(given, np.random.default_rng(1), QUICK),
    ):
        assert isinstance(model, Choosing)
        expected = model.scores(asked)
        told = model.scores_of(asked, 20, others)
        np.testing.assert_allclose(told, np.concatenate([expected[:20], expected[others]]), rtol=1e-5, atol=1e-6)
        np.testing.assert_array_equal(model.scores_of(asked, 240, NONE), expected)


def test_fewer_vectors_than_tracks_are_refused_where_all_must_have_been_learned() -> None:
    model = ALS.fit(corpus(), np.random.default_rng(1), ALSOptions(iterations=1, min_count=2))
    with pytest.raises(ValueError, match="vector"):
        ALS.from_arrays(model.arrays(), replace(model.options, min_count=None), 240)


def test_very_many_rows_get_fewer_factors_so_that_the_work_stays() -> None:
    from recommender.models.als import MOST_FACTORS, factors_for

    assert factors_for(ALSOptions(), 30_000, 300_000) == MOST_FACTORS
    assert factors_for(ALSOptions(), 177_889, 1_598_000) == 56
    work = [
        (p + t) * factors_for(ALSOptions(), p, t) ** 2
        for p, t in ((177_889, 1_598_000), (44_472, 1_200_000), (10**6, 10**7))
    ]
    assert max(work) <= 400_000 * MOST_FACTORS**2


@pytest.mark.parametrize("kind", ["item-knn", "playlist-knn", "artists"])
def test_what_is_reached_is_what_is_scored(kind: str) -> None:
    """The same tracks, rising, and the same numbers to the last bit."""
    told_of, _ = noisy_world(np.random.default_rng(4))
    model = model_class(kind).fit(told_of, np.random.default_rng(1), options_class(kind)())
    assert isinstance(model, Reaching)
    for seeds in ([0], [3, 7, 3], [told_of.n_tracks - 1], []):
        asked = np.array(seeds, np.int32)
        tracks, told = model.reached(asked)
        scores = model.scores(asked)
        np.testing.assert_array_equal(tracks, np.flatnonzero(~np.isnan(scores)))
        np.testing.assert_array_equal(told, scores[tracks])
