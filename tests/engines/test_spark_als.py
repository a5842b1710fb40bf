"""als on Spark: as good as the one on this machine, and stored as it is."""

from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from recommender.artifacts import Manifest, read_model, write_model
from recommender.corpus import Corpus
from recommender.engines.spark import als
from recommender.engines.spark.table import read_data
from recommender.errors import CannotTrain
from recommender.models.als import ALS, Options
from recommender.models.popularity import Options as Plain
from recommender.models.popularity import Popularity
from tests.engines.collections import collection
from tests.engines.noisy import ndcg
from tests.worlds import clean_world, noisy_world, right_share

pytestmark = pytest.mark.slow
CLOSE = 0.05
"""So far below the NDCG of this machine it may be, as a share of it."""
QUICK = Options(factors=5, iterations=3)
RIGHT = 0.9
"""The least share of right tracks where tastes never mix."""
SAME = 1e-4
"""How far sums of the same numbers in another order may be apart after all rounds, against the largest."""


def show(_share: float) -> None:
    """Take the progress."""


def learned(spark: Any, corpus: Corpus, folder: Path, options: Options = QUICK, seed: int = 1) -> ALS:
    data = read_data(spark, str(collection(corpus, folder)))
    return als.fit(spark, data, options, seed, show)


def test_it_is_as_good_as_on_this_machine(spark: Any, tmp_path: Path) -> None:
    own = ndcg(lambda corpus, world: learned(spark, corpus, tmp_path / f"{world}", Options(), world))
    here = ndcg(lambda corpus, world: ALS.fit(corpus, np.random.default_rng(world), Options()))
    plain = ndcg(lambda corpus, world: Popularity.fit(corpus, np.random.default_rng(world), Plain()))
    assert own >= (1 - CLOSE) * here
    assert own > plain


def test_it_has_the_dimensions_of_this_machine_and_a_vector_for_each_track(spark: Any, tmp_path: Path) -> None:
    corpus, taste = clean_world(np.random.default_rng(2))
    model = learned(spark, corpus, tmp_path / "c", Options())
    here = ALS.fit(corpus, np.random.default_rng(2), Options())
    assert model.factors.shape == here.factors.shape
    assert model.factors.dtype == here.factors.dtype
    assert np.linalg.norm(model.factors, axis=1).min() > 0
    # Were the vectors at other places than their tracks, half would be right.
    assert right_share(model, corpus, taste, np.random.default_rng(3)) > RIGHT


def test_learned_twice_it_is_the_same_and_another_seed_is_another(spark: Any, tmp_path: Path) -> None:
    corpus, _ = noisy_world(np.random.default_rng(4))
    one, two, other = (learned(spark, corpus, tmp_path / str(n), seed=seed) for n, seed in enumerate((7, 7, 8)))
    assert np.abs(one.factors - two.factors).max() < SAME * np.abs(one.factors).max()
    assert np.abs(one.factors - other.factors).max() > SAME * np.abs(one.factors).max()


def test_playlists_of_little_weight_are_not_learned_from(spark: Any, tmp_path: Path) -> None:
    corpus, _ = noisy_world(np.random.default_rng(5))
    data = read_data(spark, str(collection(corpus, tmp_path / "c")))
    from pyspark.sql import functions as F  # noqa: N812 - as all of Spark's users call it

    faint = F.when(F.col("playlist_no") % 3 == 0, 2.0**-20).otherwise(1.0).cast("float")
    model = als.fit(spark, replace(data, playlists=data.playlists.withColumn("weight", faint)), QUICK, 1, show)
    full = als.fit(spark, replace(data, playlists=data.playlists.where("playlist_no % 3 != 0")), QUICK, 1, show)
    assert np.abs(model.factors - full.factors).max() < SAME * np.abs(full.factors).max()


def test_it_is_stored_and_read_as_one_of_this_machine(spark: Any, tmp_path: Path) -> None:
    corpus, _ = noisy_world(np.random.default_rng(6))
    model = learned(spark, corpus, tmp_path / "c")
    manifest = Manifest(
        "als", "als", asdict(model.options), "", "", corpus.n_playlists, corpus.n_tracks, corpus.n_entries, 0, 0.0
    )
    write_model(tmp_path, manifest, corpus.vocabulary, model.arrays())
    again = ALS.from_arrays(read_model(tmp_path, "als").arrays, model.options, corpus.n_tracks)
    seeds = np.array([0, 3], np.int32)
    np.testing.assert_array_equal(again.scores(seeds), model.scores(seeds))
    brought_up = again.updated(corpus, np.arange(corpus.n_tracks, dtype=np.int32), np.random.default_rng(1))
    assert np.isfinite(brought_up.scores(seeds)).all()


def test_an_option_out_of_range_is_refused(spark: Any, tmp_path: Path) -> None:
    corpus, _ = clean_world(np.random.default_rng(7))
    with pytest.raises(CannotTrain, match="alpha must be from 1"):
        learned(spark, corpus, tmp_path / "c", Options(alpha=0.5))
