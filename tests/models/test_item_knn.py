"""item-knn counts together, keeps the nearest, and adds up."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.corpus import Corpus, corpus_from_lists
from recommender.errors import CannotTrain
from recommender.models.item_knn import PRESETS, ItemKNN, Options
from recommender.models.popularity import Options as NoOptions
from recommender.models.popularity import Popularity
from tests.worlds import clean_world, noisy_world, right_share

PLAIN = Options(half_length=0)


def fit(corpus: Corpus, options: Options = PLAIN) -> ItemKNN:
    return ItemKNN.fit(corpus, np.random.default_rng(0), options)


def seeds(*numbers: int) -> np.ndarray:
    return np.array(numbers, np.int32)


def small() -> Corpus:
    """Counts: a 3, b 2, c 2, d 1, so that these are the track numbers 0 to 3."""
    return corpus_from_lists([["a", "b", "c"], ["a", "c", "b", "b"], ["a", "d"]])


def brute(corpus: Corpus, options: Options) -> np.ndarray:
    """All similarities, dense, from the formula."""
    held = np.zeros((corpus.n_playlists, corpus.n_tracks))
    for playlist_no, tracks in enumerate(corpus):
        held[playlist_no, tracks] = 1
    half = options.half_length
    weight = half / (half + held.sum(1)) if half else np.ones(len(held))
    count = held.sum(0)
    similar = (held.T * weight) @ held / (np.outer(count, count) ** options.alpha + options.shrink)
    np.fill_diagonal(similar, 0)
    return similar


def test_similarity_is_together_over_shrunk_counts() -> None:
    """a and b stand together twice, a and d once, b and d never."""
    scores = fit(small()).scores(seeds(0))
    assert scores.dtype == np.float32
    assert scores[1:] == pytest.approx([2 / (6**0.4 + 5), 2 / (6**0.4 + 5), 1 / (3**0.4 + 5)])
    assert np.isnan(scores[0])
    assert np.isnan(fit(small()).scores(seeds(1))[3])


def test_a_long_playlist_counts_less() -> None:
    """With half_length 2 the lists of three tracks weigh 2 / 5, the one of two 1 / 2."""
    scores = fit(small(), Options(half_length=2)).scores(seeds(0))
    assert scores[1:] == pytest.approx([0.8 / (6**0.4 + 5), 0.8 / (6**0.4 + 5), 0.5 / (3**0.4 + 5)])


def test_scores_add_up_over_distinct_known_seeds() -> None:
    """The order of the seeds, repeats, and numbers that no track has change nothing."""
    model = fit(small())
    both = np.nansum([model.scores(seeds(1)), model.scores(seeds(3))], axis=0)
    assert np.nan_to_num(model.scores(seeds(3, 1, 3, -1, 99))) == pytest.approx(both)


def test_no_known_seed_is_all_nan() -> None:
    """Nothing known, nothing told."""
    for none in (seeds(), seeds(-1), seeds(99)):
        assert np.isnan(fit(small()).scores(none)).all()


def test_equals_are_ordered_by_number() -> None:
    """b and c are equally near to a: the lower number stands first."""
    assert fit(small()).arrays()["neighbours"][:3].tolist() == [1, 2, 3]


def test_the_corpus_is_left_as_it_was() -> None:
    """Counting sorts each playlist, but not the caller's."""
    corpus = small()
    before = corpus.fingerprint()
    fit(corpus)
    assert corpus.fingerprint() == before


corpora = st.lists(st.lists(st.sampled_from("abcdefghijkl"), min_size=2, max_size=9), min_size=1, max_size=9).filter(
    lambda playlists: any(len(set(playlist)) > 1 for playlist in playlists)
)


@settings(max_examples=60, deadline=None)
@given(corpora, st.integers(1, 12), st.sampled_from([PLAIN, PRESETS["cosine"], Options(half_length=3, shrink=1.0)]))
def test_the_nearest_are_those_of_brute_force(playlists: list[list[str]], kept: int, like: Options) -> None:
    """Each list has the largest similarities that there are, at the right tracks, nearest first."""
    corpus = corpus_from_lists(playlists)
    options = Options(neighbours=kept, alpha=like.alpha, shrink=like.shrink, half_length=like.half_length)
    nearest = fit(corpus, options).nearest
    for track, row in enumerate(brute(corpus, options)):
        span = slice(nearest.offsets[track], nearest.offsets[track + 1])
        best = np.sort(row[row > 0])[::-1][:kept]
        assert nearest.similarities[span] == pytest.approx(best, rel=1e-5)
        assert row[nearest.numbers[span]] == pytest.approx(best, rel=1e-5)
        assert len(set(nearest.numbers[span].tolist())) == len(best)


def test_blocks_of_rows_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """One row at a time gives what all at once give, and progress rises to 1."""
    corpus, _ = noisy_world(np.random.default_rng(3))
    whole = fit(corpus)
    monkeypatch.setattr("recommender.models.item_knn._CELLS_AT_ONCE", 1)
    shares: list[float] = []
    rowwise = ItemKNN.fit(corpus, np.random.default_rng(0), PLAIN, shares.append)
    for name, array in whole.arrays().items():
        assert np.array_equal(array, rowwise.arrays()[name])
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


def test_arrays_rebuild_it_from_mapped_files(tmp_path: Path) -> None:
    """Stored and mapped, it gives the same scores; dtypes are as stated."""
    model = fit(small())
    kinds = {name: array.dtype for name, array in model.arrays().items()}
    assert kinds == {"offsets": np.int64, "neighbours": np.int32, "similarities": np.float32}
    for name, array in model.arrays().items():
        np.save(tmp_path / name, array)
    mapped = {path.stem: np.load(path, mmap_mode="r", allow_pickle=False) for path in tmp_path.iterdir()}
    again = ItemKNN.from_arrays(mapped, PLAIN, 4)
    assert np.array_equal(again.scores(seeds(0, 3)), model.scores(seeds(0, 3)), equal_nan=True)


def test_a_budget_lowers_the_neighbours() -> None:
    """1 megabyte holds 125,000 pairs; 400 tracks that all stand together have 159,600, if none may be rare."""
    corpus = corpus_from_lists([[f"t{number}" for number in range(400)]])
    notes = fit(corpus, Options(megabytes=1, rare=0)).notes()
    assert isinstance(notes["megabytes"], float)
    assert 0.8 < notes["megabytes"] <= 1.0
    assert notes["tracks"] == 400
    assert isinstance(notes["longest list"], int)
    assert notes["longest list"] < 399


def test_refuses_what_teaches_nothing() -> None:
    """Repeats of one track are no pair; and a list needs room."""
    with pytest.raises(CannotTrain, match="no playlist holds two different tracks"):
        fit(corpus_from_lists([["a", "a"], ["b"]]))
    with pytest.raises(CannotTrain, match="option neighbours must be from 1 to 100,000, not 0"):
        fit(small(), Options(neighbours=0))


def test_knows_the_tastes_of_small_worlds() -> None:
    """Right where popularity tosses a coin."""
    for world, least in ((clean_world, 1.0), (noisy_world, 0.95)):
        shares, coin = [], []
        for number in range(5):
            corpus, taste = world(np.random.default_rng(number))
            shares.append(right_share(fit(corpus, Options()), corpus, taste, np.random.default_rng(1)))
            popularity = Popularity.fit(corpus, np.random.default_rng(0), NoOptions())
            coin.append(right_share(popularity, corpus, taste, np.random.default_rng(1)))
        assert np.mean(shares) >= least
        assert np.mean(coin) < 0.55


def test_serving_imports_numpy_only() -> None:
    """Suggesting starts fast: what a fit needs is not there before a fit."""
    code = (
        "import sys, recommender.models.item_knn, recommender.models.knn_baseline, recommender.models.popularity\n"
        "print([name for name in ('scipy', 'similaripy', 'surprise', 'implicit', 'pandas') if name in sys.modules])"
    )
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
