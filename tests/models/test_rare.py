"""Tracks of few playlists go without stored neighbours where room is short, and nobody can tell from the answers."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.corpus import Corpus, corpus_from_lists
from recommender.errors import DamagedModel
from recommender.models.item_knn import ItemKNN, Options
from recommender.models.links import Links, totals
from tests.worlds import noisy_world, right_share

WHOLE = Options()
corpora = st.lists(st.lists(st.sampled_from("abcdefghijkl"), min_size=2, max_size=9), min_size=1, max_size=9).filter(
    lambda playlists: any(len(set(playlist)) > 1 for playlist in playlists)
)


def fit(corpus: Corpus, options: Options, pairs: int | None = None) -> ItemKNN:
    """Fit with room for so many pairs, for all without."""
    with pytest.MonkeyPatch.context() as patch:
        if pairs is not None:
            patch.setattr("recommender.models.item_knn.PAIR_BYTES", options.megabytes * 1_000_000 // pairs)
        return ItemKNN.fit(corpus, np.random.default_rng(0), options)


def list_of(model: ItemKNN, track: int) -> tuple[np.ndarray, np.ndarray]:
    """Give a track's neighbours, stored or found."""
    seed = np.array([track], np.int32)
    options = model.options
    found = model.rare.lists(seed, options.alpha, options.shrink, options.neighbours) if model.rare else []
    ((numbers, similarities),) = model.nearest.lists(seed) + found
    return numbers, similarities


def long_tail(n_playlists: int = 60) -> Corpus:
    """Some tracks stand in many playlists, most in one or two; the playlists are of all lengths."""
    rng = np.random.default_rng(5)
    drawn = [(300 * rng.random(int(rng.integers(3, 60))) ** 3).astype(int) for _ in range(n_playlists)]
    return corpus_from_lists([[f"t{track}" for track in tracks] for tracks in drawn])


@settings(max_examples=80, deadline=None)
@given(corpora, st.integers(1, 40), st.integers(1, 12), st.sampled_from([0, 3, 200]), st.sampled_from([0.0, 0.4, 1.0]))
def test_what_is_found_is_what_would_be_stored(
    playlists: list[list[str]], pairs: int, kept: int, half: int, alpha: float
) -> None:
    """The same similarities, at tracks that are that near, nearest first and equals by number."""
    corpus = corpus_from_lists(playlists)
    options = Options(neighbours=kept, half_length=half, alpha=alpha)
    short, whole = fit(corpus, options, pairs), fit(corpus, replace(options, neighbours=100))
    assert short.nearest.n_rows + (short.rare.playlists.n_rows if short.rare else 0) == corpus.n_tracks
    for track in range(corpus.n_tracks):
        numbers, similarities = list_of(short, track)
        all_numbers, all_similarities = list_of(whole, track)
        assert similarities == pytest.approx(all_similarities[:kept], rel=1e-6)
        told = dict(zip(all_numbers.tolist(), all_similarities.tolist(), strict=True))
        assert similarities == pytest.approx([told[number] for number in numbers.tolist()], rel=1e-6)
        if short.rare and track >= short.rare.first:
            assert list(zip(-similarities, numbers, strict=True)) == sorted(zip(-similarities, numbers, strict=True))
        assert len(set(numbers.tolist())) == len(numbers)


@pytest.mark.parametrize("pairs", [1, 2_000, 8_000])
def test_scores_are_those_of_the_whole_model(pairs: int) -> None:
    corpus = long_tail()
    short, whole = fit(corpus, replace(WHOLE, rare=1_000), pairs), fit(corpus, WHOLE)
    assert whole.rare is None
    assert short.rare is not None
    rng = np.random.default_rng(2)
    for _ in range(40):
        seeds = rng.integers(-2, corpus.n_tracks + 3, rng.integers(0, 30)).astype(np.int32)
        assert short.scores(seeds) == pytest.approx(whole.scores(seeds), rel=1e-5, nan_ok=True)


def test_old_playlists_weigh_as_little_when_they_are_asked_as_when_all_is_stored() -> None:
    """A playlist of weight 0 makes nobody a neighbour."""
    corpus = long_tail()
    weights = np.random.default_rng(4).choice([0.0, 0.1, 1.0], corpus.n_playlists).astype(np.float32)
    aged = replace(corpus, weights=weights)
    short, whole = fit(aged, WHOLE, 1_000), fit(aged, WHOLE)
    for track in range(corpus.n_tracks):
        seeds = np.array([track], np.int32)
        assert short.scores(seeds) == pytest.approx(whole.scores(seeds), rel=1e-5, nan_ok=True)


@pytest.mark.parametrize("pairs", [500, 2_000, 8_000])
def test_the_stored_lists_fill_the_room_and_go_to_the_most_frequent_tracks(pairs: int) -> None:
    model = fit(long_tail(), WHOLE, pairs)
    assert model.rare is not None
    assert len(model.nearest.numbers) == model.notes()["pairs"] <= pairs
    assert model.notes()["tracks without a stored list"] == model.n_tracks - model.nearest.n_rows
    counts = model.rare.counts
    assert counts[: model.rare.first].min(initial=np.inf) >= counts[model.rare.first :].max()


def test_tracks_of_more_playlists_than_rare_keep_their_lists_which_grow_shorter() -> None:
    """The frequent ones would take long to look up; without room for all neighbours they keep the nearest."""
    corpus, pairs = long_tail(), 1_500
    model = fit(corpus, Options(rare=4), pairs)
    assert model.rare is not None
    assert model.rare.counts[model.rare.first :].max() <= 4
    assert np.diff(model.nearest.offsets).max() < fit(corpus, WHOLE).notes()["longest list"]
    assert len(model.nearest.numbers) <= pairs


def test_without_rare_ones_all_lists_are_stored_and_shorter() -> None:
    model = fit(long_tail(), Options(rare=0), 2_000)
    assert model.rare is None
    assert model.nearest.n_rows == model.n_tracks
    assert len(model.nearest.numbers) <= 2_000


def test_with_room_for_all_nothing_is_rare_and_the_model_is_the_same_to_the_last_bit() -> None:
    corpus = long_tail()
    models = [fit(corpus, options) for options in (WHOLE, Options(rare=0), Options(megabytes=100_000))]
    assert set(models[0].arrays()) == {"offsets", "neighbours", "similarities"}
    for model in models[1:]:
        assert all(np.array_equal(array, model.arrays()[name]) for name, array in models[0].arrays().items())


def test_arrays_rebuild_it_from_mapped_files(tmp_path: Path) -> None:
    corpus = long_tail()
    model = fit(corpus, WHOLE, 2_000)
    for name, array in model.arrays().items():
        np.save(tmp_path / name, array)
    mapped = {path.stem: np.load(path, mmap_mode="r", allow_pickle=False) for path in tmp_path.iterdir()}
    again = ItemKNN.from_arrays(mapped, WHOLE, corpus.n_tracks)
    seeds = np.array([0, 5, corpus.n_tracks - 1, corpus.n_tracks - 9], np.int32)
    assert np.array_equal(again.scores(seeds), model.scores(seeds), equal_nan=True)
    assert not np.isnan(again.scores(seeds[2:])).all()


def test_it_knows_tastes_without_any_stored_list() -> None:
    corpus, taste = noisy_world(np.random.default_rng(1))
    model = fit(corpus, WHOLE, 1)
    assert model.nearest.n_rows == 0
    assert right_share(model, corpus, taste, np.random.default_rng(1)) >= 0.95


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(
    ("array", "value"),
    [
        ("rare-playlists", 10**6),
        ("rare-playlists", -1),
        ("rare-offsets", 10**9),
        ("rare-offsets", -5),
        ("playlist-tracks", 10**6),
        ("playlist-tracks", -1),
        ("playlist-offsets", 10**9),
        ("playlist-offsets", -5),
        ("playlist-weights", np.nan),
        ("counts", np.nan),
        ("counts", -1.0),
    ],
)
def test_wrong_numbers_are_damage_and_no_answer(array: str, value: float) -> None:
    corpus = long_tail()
    arrays = {name: np.array(told) for name, told in fit(corpus, WHOLE, 2_000).arrays().items()}
    arrays[array][1:-1] = value
    damaged = ItemKNN.from_arrays(arrays, WHOLE, corpus.n_tracks)
    with pytest.raises(DamagedModel):
        damaged.scores(np.array([corpus.n_tracks - 2], np.int32))


@pytest.mark.parametrize(
    ("array", "other"),
    [
        ("rare-offsets", np.array([0, 1])),
        ("playlist-weights", np.ones(3, np.float32)),
        ("playlist-weights", np.ones((60, 1), np.float32)),
        ("counts", np.ones(3, np.float32)),
        ("counts", np.ones(300, np.int32)),
        ("playlist-tracks", np.zeros(2, np.int32)),
    ],
)
def test_arrays_that_do_not_fit_together_are_refused(array: str, other: np.ndarray) -> None:
    corpus = long_tail()
    arrays = dict(fit(corpus, WHOLE, 2_000).arrays())
    with pytest.raises(ValueError, match=r"offsets|each track|each playlist|counts"):
        ItemKNN.from_arrays(arrays | {array: other}, WHOLE, corpus.n_tracks)


@given(st.lists(st.tuples(st.integers(0, 20), st.floats(0.001, 10)), max_size=50))
def test_totals_are_those_of_a_full_count_without_its_width(parts: list[tuple[int, float]]) -> None:
    """To the last bit, whatever the order."""
    numbers = np.array([number for number, _ in parts], np.int32)
    weights = np.array([weight for _, weight in parts])
    once, sums = totals(numbers, weights, 10**6)
    assert sorted(once.tolist()) == sorted(set(numbers.tolist()))
    assert np.array_equal(sums, np.bincount(numbers, weights, 21)[once])


def test_links_add_up_to_the_same_with_and_without_what_is_not_linked() -> None:
    links = Links(np.array([0, 2, 3, 5]), np.array([4, 1, 4, 0, 4], np.int32), np.array([1, 2, 3, 4, 5], np.float32))
    rows, shares = np.array([0, 2]), np.array([0.5, 2.0])
    numbers, sums = links.totals(rows, shares, 6)
    assert np.array_equal(links.added(rows, shares, 6)[numbers], sums)
    assert sorted(numbers.tolist()) == [0, 1, 4]
