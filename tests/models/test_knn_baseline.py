"""knn-baseline gives Surprise ratings that it can learn from, and says when memory lacks."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from recommender import memory
from recommender.corpus import Corpus, corpus_from_lists
from recommender.errors import CannotTrain
from recommender.models import knn_baseline
from recommender.models.knn_baseline import KNNBaseline, Options
from tests.worlds import clean_world, noisy_world, right_share

DEFAULT = Options()


def fit(corpus: Corpus, options: Options = DEFAULT, seed: int = 0) -> KNNBaseline:
    return KNNBaseline.fit(corpus, np.random.default_rng(seed), options)


@pytest.fixture(scope="module")
def noisy() -> tuple[Corpus, np.ndarray]:
    return noisy_world(np.random.default_rng(0))


def test_knows_the_tastes_of_small_worlds() -> None:
    """With zeros it is no coin toss."""
    for world, least in ((clean_world, 1.0), (noisy_world, 0.95)):
        shares = []
        for number in range(5):
            corpus, taste = world(np.random.default_rng(number))
            shares.append(right_share(fit(corpus), corpus, taste, np.random.default_rng(1)))
        assert np.mean(shares) >= least


def test_similarity_is_surprises_formula() -> None:
    """Where every unseen track is rated 0, the shrunk correlation over all playlists can be worked out by hand."""
    corpus = corpus_from_lists([["a", "b"], ["a", "b"], ["a", "c"], ["c", "d"], ["d", "b", "a"]])
    model = fit(corpus, Options(zeros=200, shrinkage=2.0))
    rated = np.zeros((corpus.n_playlists, corpus.n_tracks))
    for playlist_no, tracks in enumerate(corpus):
        rated[playlist_no, tracks] = 1
    by_playlist, by_track = np.zeros(corpus.n_playlists), np.zeros(corpus.n_tracks)
    for _ in range(10):
        by_track = (rated - rated.mean() - by_playlist[:, None]).sum(0) / (10 + corpus.n_playlists)
        by_playlist = (rated - rated.mean() - by_track).sum(1) / (15 + corpus.n_tracks)
    beyond = rated - rated.mean() - by_playlist[:, None] - by_track
    length = np.sqrt((beyond**2).sum(0))
    similar = beyond.T @ beyond / np.outer(length, length) * (5 - 1) / (5 - 1 + 2.0)
    together = (rated.T @ rated > 0) & ~np.eye(corpus.n_tracks, dtype=bool)
    for track in range(corpus.n_tracks):
        scores = model.scores(np.array([track], np.int32))
        wanted = np.where(together[track] & (similar[track] > 0), similar[track], np.nan)
        assert scores == pytest.approx(wanted, rel=1e-5, nan_ok=True)


def test_drawn_zeros_alone_make_no_neighbours() -> None:
    """In playlists of two tracks each, none shared, all that a track can be near to is its partner."""
    corpus = corpus_from_lists([[f"left{pair:02d}", f"right{pair:02d}"] for pair in range(30)])
    nearest = fit(corpus, Options(zeros=20)).nearest
    pairs = zip(np.repeat(np.arange(corpus.n_tracks), np.diff(nearest.offsets)), nearest.numbers, strict=True)
    names = corpus.vocabulary.raw_ids(np.arange(corpus.n_tracks))
    assert len(nearest.numbers) > 0
    assert all(names[track][-2:] == names[near][-2:] for track, near in pairs)


def test_the_same_chance_gives_the_same_model(noisy: tuple[Corpus, np.ndarray]) -> None:
    """Zeros come from the rng, and from nothing else."""
    first, second, other = (fit(noisy[0], Options(zeros=5), seed) for seed in (1, 1, 2))
    for name, array in first.arrays().items():
        assert np.array_equal(array, second.arrays()[name])
    assert not np.array_equal(first.nearest.similarities, other.nearest.similarities)


def test_arrays_rebuild_it(noisy: tuple[Corpus, np.ndarray]) -> None:
    """Served without Surprise, it gives the same scores."""
    model = fit(noisy[0])
    again = KNNBaseline.from_arrays(model.arrays(), model.options, model.n_tracks)
    seeds = np.array([0, 5, 9], np.int32)
    assert np.array_equal(again.scores(seeds), model.scores(seeds), equal_nan=True)


def test_fits_the_most_frequent_tracks_only(noisy: tuple[Corpus, np.ndarray]) -> None:
    """Tracks beyond the prefix get NaN, and as seeds they tell nothing."""
    corpus = noisy[0]
    model = fit(corpus, Options(top_tracks=10, neighbours=4))
    scores = model.scores(np.arange(corpus.n_tracks, dtype=np.int32))
    assert scores.dtype == np.float32
    assert np.isnan(scores[10:]).all()
    assert not np.isnan(scores[:10]).all()
    assert np.isnan(model.scores(np.array([10, 11], np.int32))).all()
    assert np.diff(model.nearest.offsets).max() <= 4
    assert model.notes()["tracks fitted"] == 10


def test_a_sample_of_playlists_will_do(noisy: tuple[Corpus, np.ndarray]) -> None:
    """Half the playlists still tell the tastes apart."""
    corpus, taste = noisy
    model = fit(corpus, Options(playlists=40))
    assert right_share(model, corpus, taste, np.random.default_rng(1)) > 0.8


def test_refuses_a_number_that_memory_does_not_hold(
    noisy: tuple[Corpus, np.ndarray], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Asked for 40 tracks with room for 20, it names the number that fits and the model that needs less."""
    ratings = knn_baseline.RATING_BYTES * (80 * 12 + 80 * 5)
    monkeypatch.setattr(knn_baseline, "available_bytes", lambda: 2 * (ratings + 40 * 20**2))
    with pytest.raises(CannotTrain, match=r"for 40 tracks.*set top_tracks to 20 at most, or train item-knn"):
        fit(noisy[0], Options(top_tracks=40, zeros=5))
    model = fit(noisy[0], Options(zeros=5))
    assert model.nearest.n_rows == 20
    assert "20 most frequent tracks" in str(model.notes()["memory"])


def test_refuses_when_memory_holds_nothing(noisy: tuple[Corpus, np.ndarray], monkeypatch: pytest.MonkeyPatch) -> None:
    """Without room for two tracks there is no number to offer; unknown memory refuses nothing."""
    monkeypatch.setattr(knn_baseline, "available_bytes", lambda: 0)
    with pytest.raises(CannotTrain, match=r"is 0\.0 GB: train item-knn"):
        fit(noisy[0])
    monkeypatch.setattr(knn_baseline, "available_bytes", lambda: None)
    assert "memory" not in fit(noisy[0]).notes()


def test_refuses_where_nothing_can_be_rated_0() -> None:
    """Playlists that hold every track leave ones only."""
    with pytest.raises(CannotTrain, match=r"no track can be rated 0.*train item-knn"):
        fit(corpus_from_lists([["a", "b"], ["b", "a"]]))
    with pytest.raises(CannotTrain, match="option top_tracks must be from 2 to 1,000,000, not 1"):
        fit(corpus_from_lists([["a", "b"], ["c", "a"]]), Options(top_tracks=1))


def test_nothing_is_left_behind(tmp_path: Path) -> None:
    """No folder at home, none among the temporary ones, no word printed, the environment as before."""
    code = (
        "import os, numpy as np\n"
        "before = dict(os.environ)\n"
        "from recommender.models.knn_baseline import KNNBaseline, Options\n"
        "from tests.worlds import noisy_world\n"
        "KNNBaseline.fit(noisy_world(np.random.default_rng(0))[0], np.random.default_rng(0), Options())\n"
        "assert dict(os.environ) == before\n"
    )
    home, temporary = tmp_path / "home", tmp_path / "temporary"
    home.mkdir()
    temporary.mkdir()
    places = {"HOME": str(home), "USERPROFILE": str(home), "TMPDIR": str(temporary), "TEMP": str(temporary)}
    environment = {name: value for name, value in os.environ.items() if name != "SURPRISE_DATA_FOLDER"} | places
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=root, env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout == ""
    assert list(home.iterdir()) == []
    assert list(temporary.iterdir()) == []


def test_available_memory_is_read() -> None:
    """Linux's text gives bytes; this machine says something sensible or nothing."""
    assert memory.parse_meminfo("MemTotal:  10 kB\nMemAvailable:    3 kB\n") == 3072
    assert memory.parse_meminfo("MemTotal:  10 kB\n") is None
    here = memory.available_bytes()
    assert here is None or here > 1_000_000
