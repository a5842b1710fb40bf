"""What every preset of the hybrid keeps, as every kind of model does, on the noisy little world."""

from contextlib import suppress
from dataclasses import asdict, replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from recommender.artifacts import Manifest, read_model, write_model
from recommender.corpus import Corpus, corpus_from_lists
from recommender.errors import CannotTrain, DamagedModel
from recommender.models.hybrid import NOT_RECOMMENDED, PRESETS, Hybrid, Options
from recommender.models.popularity import Options as Plain
from recommender.models.popularity import Popularity
from recommender.models.ways.registry import NAMES, way_of
from tests.worlds import noisy_world, right_share

each_preset = pytest.mark.parametrize("preset", PRESETS)


def quick(preset: str) -> Options:
    return replace(PRESETS[preset], word2vec_s=0.3, trees=min(PRESETS[preset].trees, 20))


@cache
def world() -> tuple[Corpus, np.ndarray]:
    return noisy_world(np.random.default_rng(7))


@cache
def fitted(preset: str) -> Hybrid:
    return Hybrid.fit(world()[0], np.random.default_rng(1), quick(preset))


def seeds(*numbers: int) -> np.ndarray:
    return np.array(numbers, np.int32)


def questions(n_tracks: int) -> list[np.ndarray]:
    return [seeds(), seeds(0), seeds(3, 1, 4), seeds(9, 0, 9), np.arange(n_tracks, dtype=np.int32)]


@each_preset
def test_scores_are_one_float32_for_each_track_and_nothing_without_seeds(preset: str) -> None:
    model = fitted(preset)
    for asked in questions(model.n_tracks):
        scores = model.scores(asked)
        assert scores.shape == (model.n_tracks,)
        assert scores.dtype == np.float32
        assert not np.isinf(scores).any()
        assert np.isnan(scores).all() or len(asked)
    assert np.isnan(model.scores(seeds())).all()


@each_preset
def test_a_known_seed_is_told_something_and_is_no_answer_itself(preset: str) -> None:
    model = fitted(preset)
    for track in range(model.n_tracks):
        scores = model.scores(seeds(track))
        assert np.isfinite(scores).any()
        assert np.isnan(scores[track])


@each_preset
def test_scoring_leaves_the_seeds_and_the_model_as_they_were(preset: str) -> None:
    model, asked = fitted(preset), seeds(5, 2, 5)
    asked.setflags(write=False)
    before = model.scores(asked).copy()
    model.scores(asked)[:] = 99
    np.testing.assert_array_equal(model.scores(asked), before)


@each_preset
def test_a_stored_model_scores_the_same_from_mapped_read_only_arrays(preset: str, tmp_path: Path) -> None:
    model, corpus = fitted(preset), world()[0]
    manifest = Manifest("m", "hybrid", asdict(model.options), "", "", corpus.n_playlists, corpus.n_tracks,
                        corpus.n_entries, 0, 0.0)  # fmt: skip
    write_model(tmp_path, manifest, corpus.vocabulary, model.arrays())
    stored = read_model(tmp_path, "m")
    back = Hybrid.from_arrays(stored.arrays, Options(**stored.manifest.options), corpus.n_tracks)
    for asked in questions(corpus.n_tracks):
        np.testing.assert_array_equal(back.scores(asked), model.scores(asked))
    assert back.notes() == model.notes()


@each_preset
def test_every_way_beats_popularity(preset: str) -> None:
    corpus, taste = world()
    popularity = Popularity.fit(corpus, np.random.default_rng(1), Plain())
    yardstick = right_share(popularity, corpus, taste, np.random.default_rng(3))
    assert right_share(fitted(preset), corpus, taste, np.random.default_rng(3)) >= yardstick + 0.1


@each_preset
def test_with_too_little_to_learn_from_a_way_stays_as_it_is(preset: str) -> None:
    corpus = corpus_from_lists([[f"t{number}" for number in range(start, start + 12)] for start in range(15)])
    model = Hybrid.fit(corpus, np.random.default_rng(1), quick(preset))
    assert np.isfinite(model.scores(seeds(0))).any()
    nothing = way_of(model.options.way).learned([], 0, np.random.default_rng(1))
    assert model.learned.notes() == nothing.notes()


@each_preset
def test_a_corpus_of_strangers_is_refused_or_learned_but_never_crashes(preset: str) -> None:
    corpus = corpus_from_lists([[f"{p}-{t}" for t in range(3)] for p in range(4)])
    with suppress(CannotTrain):
        model = Hybrid.fit(corpus, np.random.default_rng(1), quick(preset))
        assert model.scores(seeds(0)).shape == (corpus.n_tracks,)


def test_every_way_has_a_preset_of_its_name_and_the_reasons_are_those_of_presets() -> None:
    assert {options.way for options in PRESETS.values()} == set(NAMES)
    assert set(NOT_RECOMMENDED) <= set(PRESETS)


def test_a_stored_way_that_there_is_not_is_refused() -> None:
    model = fitted("switching")
    with pytest.raises(ValueError, match="no way sideways"):
        Hybrid.from_arrays(model.arrays(), replace(model.options, way="sideways"), model.n_tracks)


WRONG = [
    ("switching", "chosen", np.zeros(3, np.int64), "one setting"),
    ("switching", "chosen", np.zeros(4), "one setting"),
    ("switching", "known", np.zeros(2), "one setting"),
    ("mixed", "chosen", np.full(4, 10_000), "a setting is chosen"),
    ("cascade", "chosen", np.full(4, -1), "a setting is chosen"),
    ("feature-augmentation", "known", np.array([np.nan]), "a setting is chosen"),
    ("feature-combination", "weights", np.zeros((2, 5)), "two weights"),
    ("feature-combination", "tree-features", np.full((20, 29), 99, np.int16), "a feature that there is not"),
    ("next", "weights", np.full((2, 7), np.nan), "two weights"),
    ("feature-combination", "albums", np.full(40, 2**30, np.int32), "an album that there is not"),
    ("feature-combination", "artists", np.full(40, -2, np.int32), "an artist"),
    ("next", "artists", np.full(40, 10, np.int32), "an artist"),
    ("next", "counts", np.full(40, np.inf, np.float32), "counts are numbers"),
    ("meta-level", "albums", np.zeros(40, np.float32), "whole numbers"),
    ("next", "tree-lefts", np.full((20, 29), -1, np.int16), "leads nowhere"),
]


@pytest.mark.parametrize(("preset", "name", "array", "words"), WRONG)
def test_damaged_arrays_are_refused(preset: str, name: str, array: np.ndarray, words: str) -> None:
    model = fitted(preset)
    with pytest.raises(ValueError, match=words):
        Hybrid.from_arrays({**model.arrays(), name: array}, model.options, model.n_tracks)


def test_nonsense_that_is_met_while_scoring_is_told() -> None:
    model = fitted("next")
    spoilt = {**model.arrays(), "tree-values": np.full((20, 29), np.nan, np.float32)}
    with pytest.raises(DamagedModel, match="trees are no numbers"):
        Hybrid.from_arrays(spoilt, model.options, model.n_tracks).scores(seeds(1, 2))
    model = fitted("meta-level")
    spoilt = {**model.arrays(), "playlist-vectors": np.zeros((3, 3), np.float32)}
    with pytest.raises(DamagedModel, match="other vectors"):
        Hybrid.from_arrays(spoilt, model.options, model.n_tracks).scores(seeds(1, 2))
