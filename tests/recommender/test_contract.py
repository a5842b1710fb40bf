"""What every kind of model keeps, on little worlds whose right answer is known."""

import json
from contextlib import suppress
from dataclasses import asdict, fields, is_dataclass, replace
from functools import cache
from itertools import product
from math import inf, isfinite, nan
from pathlib import Path

import numpy as np
import pytest

from recommender.artifacts import Manifest, read_model, write_model
from recommender.corpus import Corpus, corpus_from_lists, corpus_from_numbers
from recommender.errors import CannotTrain, OptionNotKnown
from recommender.models.contract import Model, Predicting
from recommender.models.options import options_of
from recommender.models.registry import CONTENT, KINDS, YARDSTICKS, limits, model_class, options_class, presets
from recommender.plays import plays_from_pairs
from recommender.ratings import FEWEST_LISTENERS
from recommender.texts import texts_of
from recommender.training import train
from tests.worlds import clean_world, noisy_world, right_share

LEARNED = tuple(kind for kind in KINDS if kind not in YARDSTICKS)
FREE = {"meaning": {"weights"}}
"""Options that may be any words, such as a folder."""
WORLDS = {"clean": clean_world, "noisy": noisy_world}


def options_for(kind: str, **changes: object) -> object:
    """Give the options of a kind, on one worker where there are several, so that chance is repeatable."""
    known = options_class(kind)
    if "workers" in known.__dataclass_fields__:
        changes.setdefault("workers", 1)
    return known(**changes)


def fit(kind: str, corpus: Corpus, seed: int = 1) -> Model:
    return model_class(kind).fit(corpus, np.random.default_rng(seed), options_for(kind))


@cache
def fitted(kind: str, world: str) -> tuple[Model, Corpus, np.ndarray]:
    """Give a kind of model fitted to a world, the world's corpus, and the taste of each track."""
    corpus, taste = WORLDS[world](np.random.default_rng(7))
    return fit(kind, corpus), corpus, taste


each_kind = pytest.mark.parametrize("kind", KINDS)
each_world = pytest.mark.parametrize("world", WORLDS)


def seeds(*numbers: int) -> np.ndarray:
    return np.array(numbers, np.int32)


@each_world
@each_kind
def test_scores_are_one_float32_for_each_track_and_never_infinite(kind: str, world: str) -> None:
    """NaN says "cannot tell"; infinity would say nothing."""
    model, corpus, _ = fitted(kind, world)
    for asked in (seeds(), seeds(0), seeds(3, 1, 4), np.arange(corpus.n_tracks, dtype=np.int32)):
        scores = model.scores(asked)
        assert scores.shape == (corpus.n_tracks,)
        assert scores.dtype == np.float32
        assert not np.isinf(scores).any()


@each_kind
def test_nothing_known_scores_nothing_and_popularity_scores_itself(kind: str) -> None:
    """Without a seed there is nothing to tell, except for those that never look at seeds."""
    model, corpus, _ = fitted(kind, "noisy")
    scores = model.scores(seeds())
    if kind == "popularity":
        assert (scores == corpus.playlist_counts).all()
    elif kind in YARDSTICKS:
        np.testing.assert_array_equal(scores, model.scores(seeds(3, 1, 4)))
    else:
        assert np.isnan(scores).all()


@each_kind
def test_a_known_seed_is_told_something(kind: str) -> None:
    """In a world of 40 tracks every track has something to say."""
    model, corpus, _ = fitted(kind, "noisy")
    for track in range(corpus.n_tracks):
        assert not np.isnan(model.scores(seeds(track))).all()


@each_kind
def test_scoring_leaves_the_seeds_and_the_model_as_they_were(kind: str) -> None:
    """The caller owns the seeds and what it gets: writing into the scores changes no later answer."""
    model, _, _ = fitted(kind, "noisy")
    asked = seeds(5, 2, 5)
    before = model.scores(asked).copy()
    model.scores(asked)[:] = 99
    assert asked.tolist() == [5, 2, 5]
    np.testing.assert_array_equal(model.scores(asked), before)


@each_kind
def test_seeds_may_be_frozen_or_repeated(kind: str) -> None:
    """Seeds may come from a read-only map; a repeat is no error."""
    model, corpus, _ = fitted(kind, "noisy")
    frozen = seeds(3, 3, 3, 8)
    frozen.setflags(write=False)
    assert model.scores(frozen).shape == (corpus.n_tracks,)


@each_kind
def test_the_same_chance_gives_the_same_scores(kind: str) -> None:
    """A training can be repeated from its seed."""
    model, corpus, _ = fitted(kind, "noisy")
    np.testing.assert_array_equal(fit(kind, corpus).scores(seeds(1, 2)), model.scores(seeds(1, 2)))


@each_kind
def test_a_second_fit_leaves_the_first_model_alone(kind: str) -> None:
    """Models share no state, such as an option dict or a buffer."""
    model, _, _ = fitted(kind, "noisy")
    before = {name: array.copy() for name, array in model.arrays().items()}
    fit(kind, fitted(kind, "clean")[1], seed=2)
    for name, array in model.arrays().items():
        np.testing.assert_array_equal(array, before[name])


@each_kind
def test_a_fit_leaves_the_corpus_as_it_was(kind: str) -> None:
    """The next model learns from the same playlists."""
    corpus, _ = noisy_world(np.random.default_rng(7))
    before = corpus.fingerprint()
    for array in (corpus.entries, corpus.offsets, corpus.playlist_counts):
        array.setflags(write=False)
    fit(kind, corpus)
    assert corpus.fingerprint() == before


@each_kind
def test_what_was_learned_is_plain_arrays(kind: str, tmp_path: Path) -> None:
    """No objects, so that loading a model can never run a program."""
    model, _, _ = fitted(kind, "noisy")
    for name, array in model.arrays().items():
        assert array.dtype.kind in "biufS", (name, array.dtype)
        np.save(tmp_path / f"{name}.npy", array, allow_pickle=False)


@each_kind
def test_a_stored_model_scores_the_same_from_mapped_read_only_arrays(kind: str, tmp_path: Path) -> None:
    """Writing and reading changes no score, and scoring never writes into the files."""
    model, corpus, _ = fitted(kind, "noisy")
    manifest = Manifest(
        "m", kind, asdict(model.options), "", "", corpus.n_playlists, corpus.n_tracks, corpus.n_entries, 0, 0.0
    )
    write_model(tmp_path, manifest, corpus.vocabulary, model.arrays())
    stored = read_model(tmp_path, "m")
    # What is empty cannot be mapped, nor spoilt.
    assert not any(array.flags.writeable for array in stored.arrays.values() if array.size)
    options = options_class(kind)(**stored.manifest.options)
    back = model_class(kind).from_arrays(stored.arrays, options, corpus.n_tracks)
    for asked in (seeds(), seeds(0), seeds(9, 0, 9), np.arange(corpus.n_tracks, dtype=np.int32)):
        np.testing.assert_array_equal(back.scores(asked), model.scores(asked))
    np.testing.assert_array_equal(stored.vocabulary.ids, corpus.vocabulary.ids)


@each_kind
def test_options_travel_through_json(kind: str) -> None:
    """Options are plain values, presets too."""
    for options in (options_class(kind)(), *presets(kind).values()):
        assert is_dataclass(options)
        assert options_class(kind)(**json.loads(json.dumps(asdict(options)))) == options


@each_kind
def test_every_option_has_a_finite_range_or_choices_that_hold_the_usual_values(kind: str) -> None:
    """Only yes or no needs none."""
    ranges, choices = limits(kind)
    free = FREE.get(kind, set())
    told = {f.name for f in fields(options_class(kind)) if f.type not in (bool, "bool")}
    assert set(ranges) | set(choices) == told - free
    assert all(isfinite(low) and isfinite(high) and low < high for low, high in ranges.values())
    for preset in (None, *presets(kind)):
        options_of(kind, preset, {})


OUTSIDE = [
    *((kind, name, value) for kind in KINDS for name, value in product(limits(kind)[0], (nan, inf, -inf, -100, 1e20))),
    *((kind, name, "random") for kind in KINDS for name in limits(kind)[1]),
    *(("word2vec", name, 0) for name in ("vector_size", "window", "epochs", "workers", "negative", "alpha")),
    ("word2vec", "vector_size", 100_000_000),
    ("word2vec", "workers", 1_000_000),
    ("item-knn", "neighbours", None),
]


@pytest.mark.parametrize(("kind", "name", "value"), OUTSIDE)
def test_a_value_out_of_range_is_refused_by_words_and_by_the_fit(kind: str, name: str, value: object) -> None:
    """With the option, what it may be, and the value, before anything is learned."""
    wrong = replace(options_class(kind)(), **{name: value})
    with pytest.raises(CannotTrain, match=rf"^option {name} must be .+, not {value!r}$".replace("+20", r"\+20")):
        model_class(kind).fit(corpus_from_lists([["a", "b"]]), np.random.default_rng(1), wrong)
    with pytest.raises(OptionNotKnown, match=rf"^option {name} (must be|takes) .+, not "):
        options_of(kind, None, {name: str(value) if value is not None else "many"})


def played_too(corpus: Corpus, n_listeners: int) -> Corpus:
    """Add listeners of two tracks each: one that playlists hold, and one that was only played."""
    listeners = np.arange(n_listeners).repeat(2)
    tracks = np.stack([np.arange(n_listeners) % corpus.n_tracks, np.full(n_listeners, corpus.n_tracks)], 1).reshape(-1)
    names = tuple(f"listener {number}" for number in range(n_listeners))
    plays = plays_from_pairs(names, listeners, tracks, 1 + listeners % 5, np.zeros(len(tracks), np.int64))
    raw_ids = np.append(np.asarray(corpus.vocabulary.ids), np.bytes_(b"only played"))
    artists = np.append(corpus.artists, corpus.artists.max() + 1)
    audio = np.append(corpus.audio, np.full((1, corpus.audio.shape[1]), np.nan, np.float32), axis=0)
    return corpus_from_numbers(
        raw_ids, corpus.entries, corpus.offsets, artists, audio=audio, names=corpus.names, plays=plays,
        genres=corpus.genres, texts=texts_of([*corpus.texts, ""]),
    )  # fmt: skip


@pytest.mark.filterwarnings("error")
@each_kind
@pytest.mark.parametrize("n_listeners", [2, FEWEST_LISTENERS])
def test_a_track_that_was_only_played_is_no_trouble(kind: str, n_listeners: int) -> None:
    """No playlist holds it, so that its count is 0: models of playlists do not know it, and the others' seeds do."""
    corpus = played_too(noisy_world(np.random.default_rng(7))[0], n_listeners)
    only_played = corpus.n_tracks - 1
    assert corpus.playlist_counts[only_played] == 0
    model = fit(kind, corpus)
    for asked in (seeds(only_played), seeds(0, only_played), seeds(0, 1)):
        scores = model.scores(asked)
        assert scores.shape == (corpus.n_tracks,)
        assert not np.isinf(scores).any()
    assert not np.isnan(model.scores(seeds(0, only_played))).all()
    if kind != "popularity" and not isinstance(model, Predicting):
        assert np.isnan(model.scores(seeds(only_played))).all()


@each_kind
def test_notes_are_plain_values(kind: str) -> None:
    """They go into the manifest and onto the screen."""
    notes = dict(fitted(kind, "noisy")[0].notes())
    assert json.loads(json.dumps(notes)) == notes
    assert notes


@each_kind
@pytest.mark.parametrize("playlists", [[], [["a", "b"]], [["a"], ["a"]]])
def test_too_small_a_corpus_is_refused_with_a_sentence(kind: str, playlists: list[list[str]]) -> None:
    """Nothing, one playlist, or one track teach nothing."""
    with pytest.raises(
        CannotTrain,
        match="import a CSV|import playlists|nothing is written"
        if kind in CONTENT
        else "too few to learn from: import more",
    ):
        train(kind, corpus_from_lists(playlists), options_for(kind), np.random.default_rng(1))


@pytest.mark.parametrize("kind", LEARNED)
def test_a_corpus_of_strangers_is_refused_or_learned_but_never_crashes(kind: str) -> None:
    """Playlists that share nothing may teach little; then a sentence says so."""
    corpus = corpus_from_lists([[f"{p}-{t}" for t in range(3)] for p in range(4)])
    with suppress(CannotTrain):
        assert fit(kind, corpus).scores(seeds(0)).shape == (corpus.n_tracks,)


@pytest.mark.parametrize("kind", LEARNED)
def test_in_the_clean_world_every_model_finds_the_taste(kind: str) -> None:
    """Where nothing is foreign, nearly every suggestion is right."""
    model, corpus, taste = fitted(kind, "clean")
    assert right_share(model, corpus, taste, np.random.default_rng(3)) >= 0.9


@pytest.mark.parametrize("kind", LEARNED)
def test_in_the_noisy_world_every_model_beats_popularity(kind: str) -> None:
    """A model that merely runs is a coin toss here, like the one of equal ratings."""
    model, corpus, taste = fitted(kind, "noisy")
    popularity = fitted("popularity", "noisy")[0]
    yardstick = right_share(popularity, corpus, taste, np.random.default_rng(3))
    assert right_share(model, corpus, taste, np.random.default_rng(3)) >= yardstick + 0.1


@each_kind
def test_progress_rises_to_one(kind: str) -> None:
    """The bar of a training never runs backwards, and it is full at the end."""
    corpus, _ = noisy_world(np.random.default_rng(7))
    shares: list[float] = []
    train(kind, corpus, options_for(kind), np.random.default_rng(1), progress=shares.append)
    assert shares == sorted(shares)
    assert 0 <= shares[0] <= shares[-1] == 1
