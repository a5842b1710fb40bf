"""als lets implicit learn vectors, and solves for a playlist of the seeds."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from recommender.corpus import corpus_from_lists
from recommender.errors import CannotTrain, DamagedModel
from recommender.models.als import ALS, Options
from tests.worlds import clean_world, noisy_world, right_share

SMALL = Options(factors=8, alpha=4.0, regularization=0.1)


def fitted(options: Options = SMALL, seed: int = 1) -> ALS:
    return ALS.fit(noisy_world(np.random.default_rng(3))[0], np.random.default_rng(seed), options)


def seeds(*numbers: int) -> np.ndarray:
    return np.array(numbers, np.int32)


def brute(model: ALS, held: list[int]) -> np.ndarray:
    """The least squares of the formula, as one long list of equations."""
    options, vectors = model.options, model.factors.astype(np.float64)
    wanted = np.zeros(len(vectors))
    wanted[held] = 1
    root = np.sqrt(np.where(wanted, options.alpha, 1.0))
    small = np.sqrt(options.regularization) * np.eye(vectors.shape[1])
    left = np.vstack([vectors * root[:, None], small])
    playlist = np.linalg.lstsq(left, np.append(wanted * root, np.zeros(len(small))), rcond=None)[0]
    return np.asarray(vectors @ playlist)


def test_a_continuation_is_the_least_squares_of_a_playlist_of_the_seeds() -> None:
    """The order of the seeds, repeats, and numbers that no track has change nothing."""
    model = fitted()
    assert model.scores(seeds(4, 30, 4, 7, -1, 999)) == pytest.approx(brute(model, [4, 7, 30]), abs=1e-5)


def test_no_known_seed_is_all_nan() -> None:
    for none in (seeds(), seeds(-1), seeds(999)):
        assert np.isnan(fitted().scores(none)).all()


def test_any_number_of_threads_learns_the_same() -> None:
    """So that a training can be repeated, and chance is that of rng alone."""
    vectors = fitted(replace(SMALL, workers=1)).factors
    np.testing.assert_array_equal(fitted(replace(SMALL, workers=3)).factors, vectors)
    assert not np.array_equal(fitted(seed=2).factors, vectors)


def test_a_track_that_stands_twice_in_a_playlist_counts_once() -> None:
    lists = [["a", "b", "c"], ["a", "b", "d"], ["c", "d", "e"]]
    once, twice = (corpus_from_lists([row * n for row in lists]) for n in (1, 2))
    models = [ALS.fit(corpus, np.random.default_rng(1), SMALL) for corpus in (once, twice)]
    np.testing.assert_array_equal(models[0].factors, models[1].factors)


def test_progress_rises_with_the_rounds() -> None:
    shares: list[float] = []
    corpus, _ = clean_world(np.random.default_rng(3))
    ALS.fit(corpus, np.random.default_rng(1), replace(SMALL, iterations=4), shares.append)
    assert shares == [0.25, 0.5, 0.75, 1.0]


def test_knows_the_tastes_of_small_worlds() -> None:
    """With few dimensions, as there are few playlists: with many it learns the noise by heart."""
    for world, least in ((clean_world, 0.95), (noisy_world, 0.9)):
        shares = []
        for number in range(3):
            corpus, taste = world(np.random.default_rng(number))
            model = ALS.fit(corpus, np.random.default_rng(number), Options())
            shares.append(right_share(model, corpus, taste, np.random.default_rng(1)))
        assert np.mean(shares) >= least


def test_arrays_that_do_not_fit_are_refused_and_nonsense_is_damage() -> None:
    """The first when it is rebuilt, the second when it is met."""
    model = fitted()
    arrays = dict(model.arrays())
    assert {name: array.dtype for name, array in arrays.items()} == {"vectors": np.float32, "gram": np.float64}
    for wrong in (
        {"vectors": arrays["vectors"][:-1]},
        {"vectors": arrays["vectors"].astype(np.int32)},
        {"gram": arrays["gram"][1:]},
    ):
        with pytest.raises(ValueError, match="vector"):
            ALS.from_arrays(arrays | wrong, SMALL, 40)
    for name, value in (("vectors", np.nan), ("vectors", 3e38), ("gram", np.inf), ("gram", np.nan)):
        spoilt = ALS.from_arrays(arrays | {name: np.full_like(arrays[name], value)}, SMALL, 40)
        with pytest.raises(DamagedModel, match="its vectors"):
            spoilt.scores(seeds(1, 2))


def test_dimensions_follow_the_size_of_the_corpus_unless_they_are_told() -> None:
    """40 tracks are few, 400 playlists of 2,000 tracks enough for all that there may be."""
    assert fitted(Options()).notes() == {"tracks": 40, "dimensions": 5}
    assert fitted(Options(factors=9)).notes()["dimensions"] == 9
    large = corpus_from_lists([[str(5 * playlist + track) for track in range(7)] for playlist in range(400)])
    assert ALS.fit(large, np.random.default_rng(1), Options(iterations=1)).notes()["dimensions"] == 128


def test_an_option_out_of_range_is_refused() -> None:
    with pytest.raises(CannotTrain, match="option factors must be from 1 to 1,000, not 0"):
        fitted(Options(factors=0))


def test_no_warning_reaches_a_person_and_the_import_is_light() -> None:
    """implicit warns of the threads of the linear algebra when it is first used; serving needs numpy alone."""
    code = (
        "import sys, numpy\n"
        "from recommender.models import als, artists, playlist_knn, sequence\n"
        "print([name for name in ('scipy', 'similaripy', 'implicit', 'pandas') if name in sys.modules])\n"
        "from recommender.corpus import corpus_from_lists\n"
        "als.ALS.fit(corpus_from_lists([['a', 'b'], ['b', 'c']]), numpy.random.default_rng(1), als.Options(factors=4))"
    )
    command = [sys.executable, "-W", "error::RuntimeWarning", "-c", code]
    done = subprocess.run(command, cwd=Path(__file__).parents[2], capture_output=True, text=True, check=True)
    assert (done.stdout.strip(), done.stderr) == ("[]", "")
