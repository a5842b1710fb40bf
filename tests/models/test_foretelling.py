"""What every model that foretells plays keeps, on a world of two tastes of listeners."""

from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from recommender.artifacts import Manifest, read_model, write_model
from recommender.corpus import Corpus
from recommender.models.contract import Predicting
from recommender.models.registry import model_class, options_class
from tests.listening import two_tastes

each_kind = pytest.mark.parametrize("kind", ["clusters", "rank", "trees"])


@cache
def fitted(kind: str) -> tuple[Any, Corpus]:
    corpus, _, _ = two_tastes(np.random.default_rng(9))
    return model_class(kind).fit(corpus, np.random.default_rng(1), options_class(kind)()), corpus


@each_kind
def test_every_pair_is_foretold_as_one_play_at_least(kind: str) -> None:
    """A float32 for each track asked for, in the order of the question, repeats too."""
    model, corpus = fitted(kind)
    assert isinstance(model, Predicting)
    for listener in range(corpus.plays.n_listeners):
        foretold = model.predict(listener, np.arange(corpus.n_tracks, dtype=np.int32))
        assert foretold.dtype == np.float32
        assert foretold.shape == (corpus.n_tracks,)
        assert (foretold >= 1).all()
        twisted = model.predict(listener, np.array([5, 2, 5]))
        assert twisted.tolist() == foretold[[5, 2, 5]].tolist()


@each_kind
def test_a_stored_model_foretells_the_same_from_mapped_arrays(kind: str, tmp_path: Path) -> None:
    model, corpus = fitted(kind)
    manifest = Manifest("m", kind, asdict(model.options), "", "", 0, corpus.n_tracks, 0, 0, 0.0)
    write_model(tmp_path, manifest, corpus.vocabulary, model.arrays())
    stored = read_model(tmp_path, "m")
    back: Any = model_class(kind).from_arrays(
        stored.arrays, options_class(kind)(**stored.manifest.options), corpus.n_tracks
    )
    np.testing.assert_array_equal(back.listeners, model.listeners)
    assert [name.decode() for name in back.listeners.tolist()] == list(corpus.plays.listeners)
    tracks = np.arange(corpus.n_tracks, dtype=np.int32)
    for asked in (0, 1, 59):
        np.testing.assert_array_equal(back.predict(asked, tracks), model.predict(asked, tracks))
        np.testing.assert_array_equal(back.scores(tracks[asked % 30 : 32]), model.scores(tracks[asked % 30 : 32]))


@each_kind
def test_a_fit_to_plays_can_be_repeated_and_leaves_them_alone(kind: str) -> None:
    model, corpus = fitted(kind)
    for array in (corpus.plays.offsets, corpus.plays.tracks, corpus.plays.counts, corpus.plays.last_played):
        array.setflags(write=False)
    before = corpus.fingerprint()
    shares: list[float] = []
    again = model_class(kind).fit(corpus, np.random.default_rng(1), options_class(kind)(), shares.append)
    assert corpus.fingerprint() == before
    assert shares == sorted(shares)
    assert shares[-1] == 1
    for name, array in model.arrays().items():
        np.testing.assert_array_equal(again.arrays()[name], array)


@each_kind
def test_names_of_listeners_survive_in_any_script(kind: str) -> None:
    from dataclasses import replace

    _, corpus = fitted(kind)
    names = ("Zoë", "名前", "a b", *corpus.plays.listeners[3:])
    corpus = replace(corpus, plays=replace(corpus.plays, listeners=names))
    model: Any = model_class(kind).fit(corpus, np.random.default_rng(1), options_class(kind)())
    assert tuple(name.decode() for name in model.listeners.tolist()) == names
