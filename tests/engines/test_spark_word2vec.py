"""word2vec on Spark: as good as the one on this machine, and stored as it is."""

from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from recommender.artifacts import Manifest, read_model, write_model
from recommender.corpus import Corpus, corpus_from_lists
from recommender.engines.spark import word2vec
from recommender.engines.spark.sentences import sentences, words_of
from recommender.engines.spark.table import read_data
from recommender.engines.spark.word2vec import MOST_PARTS, Rounds, rounds_for
from recommender.errors import CannotTrain
from recommender.models.popularity import Options as Plain
from recommender.models.popularity import Popularity
from recommender.models.vectors import Plan
from recommender.models.word2vec import Options, Word2Vec
from tests.engines.collections import collection
from tests.engines.noisy import ndcg
from tests.worlds import noisy_world

pytestmark = pytest.mark.slow
CLOSE = 0.05
"""So far below the NDCG of this machine it may be, as a share of it."""
QUICK = Options(epochs=2, workers=1)


def show(_share: float) -> None:
    """Take the progress."""


def learned(spark: Any, corpus: Corpus, folder: Path, options: Options = QUICK, seed: int = 1) -> Word2Vec:
    return word2vec.fit(spark, read_data(spark, str(collection(corpus, folder))), options, seed, show)


def told(spark: Any, corpus: Corpus, folder: Path, order: str, walks: int = 2, seed: int = 1) -> list[list[int]]:
    words = words_of(read_data(spark, str(collection(corpus, folder))), 1, artists=True)
    return [[int(word) for word in row.words] for row in sentences(words, walks, 1, order, seed).collect()]


def test_it_is_as_good_as_on_this_machine(spark: Any, tmp_path: Path) -> None:
    own = ndcg(lambda corpus, world: learned(spark, corpus, tmp_path / f"{world}", Options(), world))
    here = ndcg(lambda corpus, world: Word2Vec.fit(corpus, np.random.default_rng(world), Options()))
    plain = ndcg(lambda corpus, world: Popularity.fit(corpus, np.random.default_rng(world), Plain()))
    assert own >= (1 - CLOSE) * here
    assert own > plain


def test_learned_twice_it_is_the_same_and_another_seed_is_another(spark: Any, tmp_path: Path) -> None:
    """To the last bit, as long as one part learns."""
    corpus, _ = noisy_world(np.random.default_rng(4))
    one, two, other = (learned(spark, corpus, tmp_path / str(n), seed=seed) for n, seed in enumerate((7, 7, 8)))
    np.testing.assert_array_equal(one.inner, two.inner)
    np.testing.assert_array_equal(one.outer, two.outer)
    assert not np.array_equal(one.inner, other.inner)


def test_it_is_stored_read_and_brought_up_to_date_as_one_of_this_machine(spark: Any, tmp_path: Path) -> None:
    corpus, _ = noisy_world(np.random.default_rng(6))
    model = learned(spark, corpus, tmp_path / "c")
    manifest = Manifest(
        "w", "word2vec", asdict(model.options), "", "", corpus.n_playlists, corpus.n_tracks, corpus.n_entries, 0, 0.0
    )
    write_model(tmp_path, manifest, corpus.vocabulary, model.arrays())
    again = Word2Vec.from_arrays(read_model(tmp_path, "w").arrays, model.options, corpus.n_tracks)
    seeds = np.array([0, 3], np.int32)
    np.testing.assert_array_equal(again.scores(seeds), model.scores(seeds))
    np.testing.assert_allclose(np.linalg.norm(again.vectors(np.arange(5)), axis=1), 1, rtol=1e-5)
    updated = again.updated(corpus, np.arange(corpus.n_tracks, dtype=np.int32), np.random.default_rng(1))
    assert np.isfinite(updated.scores(seeds)).all()


def test_two_parts_learn_every_track(spark: Any, tmp_path: Path) -> None:
    corpus, _ = noisy_world(np.random.default_rng(8))
    model = learned(spark, corpus, tmp_path / "c", replace(QUICK, workers=2))
    assert model.notes()["parts"] == 2
    assert len(model.tracks) == corpus.n_tracks


def test_cosine_keeps_no_second_vectors_and_rare_tracks_are_left_out(spark: Any, tmp_path: Path) -> None:
    corpus = corpus_from_lists([["a", "b", "c"], ["b", "a"], ["a", "b", "once"]])
    model = learned(spark, corpus, tmp_path / "c", replace(QUICK, scoring="cosine", min_count=2))
    assert set(model.arrays()) == {"tracks", "inner"}
    assert corpus.vocabulary.raw_ids(model.tracks) == ["a", "b"]
    assert np.isnan(model.scores(np.array([0], np.int32))[2:]).all()


def test_each_walk_tells_each_playlist_once_with_its_artists_in_its_order_or_another(
    spark: Any, tmp_path: Path
) -> None:
    corpus, _ = noisy_world(np.random.default_rng(9))
    spoken = sorted(
        np.stack([tracks, corpus.n_tracks + corpus.artists[tracks]], axis=1).ravel().tolist() for tracks in corpus
    )
    kept = told(spark, corpus, tmp_path / "kept", "kept")
    assert sorted(kept) == sorted(spoken * 2)
    mixed = told(spark, corpus, tmp_path / "mixed", "mixed")
    shuffled = [words for words in mixed if words not in spoken]
    assert len(mixed) == 2 * corpus.n_playlists
    assert len(shuffled) == corpus.n_playlists
    assert sorted(map(sorted, shuffled)) == sorted(map(sorted, spoken))
    # An artist still follows each track.
    assert all(words[1::2] == (corpus.n_tracks + corpus.artists[words[::2]]).tolist() for words in shuffled)


def test_a_playlist_of_little_weight_takes_part_in_the_first_walk_alone(spark: Any, tmp_path: Path) -> None:
    from pyspark.sql import functions as F  # noqa: N812 - as all of Spark's users call it

    corpus, _ = noisy_world(np.random.default_rng(10))
    data = read_data(spark, str(collection(corpus, tmp_path / "c")))
    faint = F.when(F.col("playlist_no") == 0, 2.0**-20).otherwise(1.0).cast("float")
    words = words_of(replace(data, playlists=data.playlists.withColumn("weight", faint)), 1, artists=False)
    assert sentences(words, 5, 1, "mixed", 1).count() == 5 * corpus.n_playlists - 4
    counts = np.bincount(corpus.entries) - np.isin(np.arange(corpus.n_tracks), corpus.playlist(0))
    assert words.counts.tolist() == np.maximum(counts, 1).tolist()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (Options(sg=False), "skip-gram alone"),
        (Options(negative=5), "has no negative"),
        (Options(min_count=1000), "no track stands 1000 times"),
        (Options(window=0), "window must be from 1"),
    ],
)
def test_what_it_cannot_do_it_says_in_one_line(spark: Any, tmp_path: Path, options: Options, words: str) -> None:
    corpus, _ = noisy_world(np.random.default_rng(11))
    with pytest.raises(CannotTrain, match=words) as refusal:
        learned(spark, corpus, tmp_path / "c", options)
    assert "\n" not in str(refusal.value)


def test_where_nothing_stands_together_it_says_so(spark: Any, tmp_path: Path) -> None:
    with pytest.raises(CannotTrain, match="two different tracks"):
        learned(spark, corpus_from_lists([["a"], ["b", "b"]]), tmp_path / "c")


def test_more_than_the_driver_can_hold_is_refused_with_the_cure(
    spark: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus, _ = noisy_world(np.random.default_rng(12))
    monkeypatch.setattr(word2vec, "BYTES_A_NUMBER", 2**40)
    with pytest.raises(CannotTrain, match=r"GB in Spark's driver, which has 1\.0: raise min_count"):
        learned(spark, corpus, tmp_path / "one")
    monkeypatch.setattr(word2vec, "MOST_NUMBERS", 100)
    with pytest.raises(CannotTrain, match="at most 25 words of 4 dimensions, not 50: raise min_count"):
        learned(spark, corpus, tmp_path / "two")


def test_a_short_training_is_not_parted_and_a_long_one_meets_as_often_as_it_has_parts() -> None:
    short, long = Plan(100, 4, 25, 1, 5.0), Plan(100, 4, 25, 2, 50.0)
    assert rounds_for(short, Options(), 16) == Rounds(1, 1, 25)
    assert rounds_for(long, Options(), 2) == Rounds(2, 2, 13)
    assert rounds_for(long, Options(), 1_000) == Rounds(MOST_PARTS, MOST_PARTS, 4)
    assert rounds_for(replace(long, epochs=1), Options(workers=3), 1_000) == Rounds(3, 1, 1)
