"""What every model with a space of its own keeps: where tracks stand in it, read row by row."""

import tracemalloc
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest

from recommender.artifacts import Manifest, read_model, write_model
from recommender.errors import DamagedModel
from recommender.models.als import ALS
from recommender.models.als import Options as ALSOptions
from recommender.models.contract import Embedding
from recommender.models.options import options_of
from recommender.models.places import places
from recommender.models.registry import KINDS, model_class
from recommender.models.word2vec import Options, Word2Vec
from recommender.vocabulary import NOT_FOUND
from tests.recommender.test_contract import fitted, played_too
from tests.worlds import noisy_world

SPACES = ("hybrid", "word2vec", "als", "svd", "audio", "meaning")
OWN = {"word2vec": "inner", "als": "vectors", "svd": "track-factors", "audio": "points"}
"""The array that a kind reads the places from."""

each_space = pytest.mark.parametrize("kind", SPACES)


def embedding(kind: str) -> Embedding:
    model = fitted(kind, "noisy")[0]
    assert isinstance(model, Embedding)
    return model


def test_these_kinds_have_a_space_and_no_others() -> None:
    """An attribute of that name that cannot be called would look like one."""
    there = [kind for kind in KINDS if issubclass(model_class(kind), Embedding)]
    assert sorted(there) == sorted(SPACES)
    assert all(callable(model_class(kind).vectors) for kind in SPACES)


@each_space
def test_places_are_of_length_one_or_unknown(kind: str) -> None:
    """In float32, a row for each track asked, in the order asked, repeats too."""
    n_tracks = fitted(kind, "noisy")[1].n_tracks
    everything = embedding(kind).vectors(np.arange(n_tracks))
    assert everything.dtype == np.float32
    assert everything.ndim == 2
    known = ~np.isnan(everything).any(axis=1)
    assert known.all()  # every track of this world is in several playlists
    np.testing.assert_allclose(np.linalg.norm(everything, axis=1), 1, atol=1e-5)
    asked = np.array([7, 3, 7, 0])
    np.testing.assert_array_equal(embedding(kind).vectors(asked), everything[asked])
    assert embedding(kind).vectors(np.zeros(0, np.int64)).shape == (0, everything.shape[1])


@each_space
def test_tracks_that_are_none_have_no_place(kind: str) -> None:
    """NOT_FOUND comes from tracks of another vocabulary."""
    told = embedding(kind).vectors(np.array([NOT_FOUND, 0, 10_000, -7], np.int32))
    assert np.isnan(told).all(axis=1).tolist() == [True, False, True, True]


@each_space
def test_tracks_of_one_taste_are_more_alike(kind: str) -> None:
    """Else the space says nothing."""
    model, corpus, taste = fitted(kind, "noisy")
    assert isinstance(model, Embedding)
    vectors = model.vectors(np.arange(corpus.n_tracks))
    alike = vectors @ vectors.T
    same = taste[:, None] == taste
    others = ~np.eye(len(taste), dtype=bool)
    assert alike[same & others].mean() > alike[~same].mean() + 0.05


@pytest.mark.parametrize("kind", ["word2vec", "als"])
def test_a_track_that_was_only_played_has_no_place(kind: str) -> None:
    """No playlist holds it, so that nothing was learned of it."""
    corpus = played_too(noisy_world(np.random.default_rng(7))[0], 2)
    options = options_of(kind, None, {"workers": "1"})
    model = model_class(kind).fit(corpus, np.random.default_rng(1), options)
    assert isinstance(model, Embedding)
    told = model.vectors(np.array([0, corpus.n_tracks - 1]))
    assert np.isnan(told).all(axis=1).tolist() == [False, True]


def test_a_hybrid_without_such_a_part_knows_no_place() -> None:
    """And says so by NaN, as its contract has it; with als alone it takes that."""
    hybrid = fitted("hybrid", "noisy")[0]
    parts = dict(hybrid.parts)  # type: ignore[attr-defined]
    als = parts["als"]
    without = {kind: part for kind, part in parts.items() if not isinstance(part, Embedding)}
    made = [type(hybrid)(**{**vars(hybrid), "parts": some}) for some in (without, without | {"als": als})]
    asked = np.arange(4)
    assert np.isnan(made[0].vectors(asked)).all()  # type: ignore[attr-defined]
    assert len(made[0].vectors(asked)) == 4  # type: ignore[attr-defined]
    np.testing.assert_array_equal(made[1].vectors(asked), als.vectors(asked))  # type: ignore[attr-defined]


@each_space
def test_a_stored_model_tells_the_same_places_from_mapped_arrays(kind: str, tmp_path: Path) -> None:
    """To the last bit."""
    model, corpus, _ = fitted(kind, "noisy")
    manifest = Manifest(
        "m", kind, asdict(model.options), "", "", corpus.n_playlists, corpus.n_tracks, corpus.n_entries, 0, 0.0
    )
    write_model(tmp_path, manifest, corpus.vocabulary, model.arrays())
    again = model_class(kind).from_arrays(read_model(tmp_path, "m").arrays, model.options, corpus.n_tracks)
    assert isinstance(again, Embedding)
    asked = np.array([5, 1, NOT_FOUND])
    np.testing.assert_array_equal(again.vectors(asked), embedding(kind).vectors(asked))


@pytest.mark.parametrize("kind", OWN)
@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_places_that_are_no_numbers_are_damage(kind: str, value: float) -> None:
    """Where they are touched, and nowhere else."""
    model, corpus, _ = fitted(kind, "noisy")
    arrays = {name: array.copy() for name, array in model.arrays().items()}
    arrays[OWN[kind]][3] = value
    spoilt = model_class(kind).from_arrays(arrays, model.options, corpus.n_tracks)
    assert isinstance(spoilt, Embedding)
    assert not np.isnan(spoilt.vectors(np.array([0, 4]))).any()
    with pytest.raises(DamagedModel, match="its vectors are no numbers"):
        spoilt.vectors(np.array([0, 3]))


def test_track_numbers_that_are_out_of_order_are_no_crash() -> None:
    """A damaged word2vec finds nothing, or what is there."""
    model, corpus, _ = fitted("word2vec", "noisy")
    arrays = {name: array.copy() for name, array in model.arrays().items()}
    arrays["tracks"][1:-1] = arrays["tracks"][1:-1][::-1]
    spoilt = model_class("word2vec").from_arrays(arrays, model.options, corpus.n_tracks)
    assert isinstance(spoilt, Embedding)
    assert len(spoilt.vectors(np.arange(corpus.n_tracks))) == corpus.n_tracks


@pytest.mark.parametrize("kind", ["word2vec", "als"])
def test_of_a_mapped_array_only_what_is_asked_for_is_read(kind: str, tmp_path: Path) -> None:
    """Thirty megabytes of vectors, of which three rows are copied, whatever the dtype of the numbers."""
    n_tracks, size = 120_000, 64
    np.save(tmp_path / "vectors.npy", np.ones((n_tracks, size), np.float32))
    vectors = np.load(tmp_path / "vectors.npy", mmap_mode="r", allow_pickle=False)
    if kind == "als":
        model: Embedding = ALS(ALSOptions(), vectors, np.eye(size))
    else:
        np.save(tmp_path / "tracks.npy", np.arange(n_tracks, dtype=np.int32))
        tracks = np.load(tmp_path / "tracks.npy", mmap_mode="r", allow_pickle=False)
        arrays = {"tracks": tracks, "inner": vectors}
        model = Word2Vec.from_arrays(arrays, Options(scoring="cosine"), n_tracks)
    for dtype in (np.int32, np.int64):
        asked = np.array([5, 70_000, 119_999], dtype)
        tracemalloc.start()
        told = model.vectors(asked)
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        np.testing.assert_allclose(told, np.full((3, size), size**-0.5), rtol=1e-6)
        assert most < 100_000


def test_places_of_long_and_of_no_vectors() -> None:
    """Very long vectors have a direction too; a vector of length 0 has none."""
    told = places(np.float32([[3e38, 3e38], [0, 0], [3, 4]]), np.array([0, 1, 2, -1, 3]))
    np.testing.assert_allclose(told[[0, 2]], [[0.5**0.5, 0.5**0.5], [0.6, 0.8]], rtol=1e-6)
    assert np.isnan(told[[1, 3, 4]]).all()
