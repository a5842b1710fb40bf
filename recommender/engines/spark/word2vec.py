"""The vectors of `word2vec`, learned by Spark's own Word2Vec from sentences that are made on the cluster."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from math import ceil
from typing import TYPE_CHECKING

import numpy as np

from recommender.engines.spark.gathering import blocks
from recommender.engines.spark.reaching import told_reach, within_reach
from recommender.engines.spark.sentences import Told, sentences, words_of
from recommender.engines.spark.table import SparkData
from recommender.errors import CannotTrain
from recommender.models.contract import Progress
from recommender.models.makers import Makers, unit
from recommender.models.ranges import refuse_out_of_range
from recommender.models.sentences import LONGEST_SENTENCE
from recommender.models.vectors import Plan
from recommender.models.word2vec import CHOICES, RANGES, Options, Word2Vec, plan

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

MOST_NUMBERS = 2**31 - 1
"""Spark keeps the vectors of all words in one Java array, which holds fewer numbers than this."""
BYTES_A_NUMBER = 100
"""Memory that Spark's driver needs for each number of a vector, by measuring: 100 are enough, 70 are not."""
STEP = 0.7
"""Spark's first step as a share of alpha: by measuring, .7 and 1 learn alike, and at 2 the vectors are noise."""
MOST_PARTS = 8
"""Each part of the sentences learns for itself, and the means are taken after each round: many learn little."""
_FOREIGN = ("negative", "ns_exponent", "sample", "min_alpha")
"""Options that Spark's Word2Vec has not: it tells tracks by a tree, not from random ones."""
_WORDS_A_BLOCK = 10_000
_UNITS = {"k": 2**10, "m": 2**20, "g": 2**30, "t": 2**40}


@dataclass(frozen=True)
class Rounds:
    """How the passes over the playlists are parted: each round learns from the same sentences, of several passes."""

    parts: int
    """Of the sentences, which are learned from side by side."""
    rounds: int
    walks: int
    """Passes over the playlists in each round, each in another order."""


def fit(spark: "SparkSession", data: SparkData, options: Options, seed: int, progress: Progress) -> Word2Vec:
    """Let Spark train: skip-gram over the playlists and artists as in recommender/models/word2vec.py.

    Spark gives the inner vectors alone, which take the place of the outer ones too. Raises CannotTrain when an option
    is out of range or not one of Spark's, no pair is left at this min_count, or the words are too many.
    """
    refuse_out_of_range(options, RANGES, CHOICES)
    _refuse_foreign(options)
    learned_from, n_learned = within_reach(data, 1 if options.min_count else None)
    told = words_of(learned_from, options.min_count or 1, options.artists)
    try:
        chosen = plan(options, told.n_words, len(told.tracks))
        _refuse_too_large(spark, told, chosen)
        parted = rounds_for(chosen, options, spark.sparkContext.defaultParallelism)
        progress(0.1)
        taught = sentences(told, parted.walks, parted.parts, options.order, seed)
        words, vectors = _learned(taught, len(told.tracks) + told.n_artists, chosen, parted, options, seed)
    finally:
        told.entries.unpersist()
    progress(0.9)
    model = _model(data, options, told, words, vectors, _notes(told, chosen, parted) | told_reach(data, n_learned))
    progress(1.0)
    return model


def rounds_for(chosen: Plan, options: Options, cores: int) -> Rounds:
    """Part the passes: a short training stays whole, because only then can it be repeated exactly."""
    parts = options.workers or (1 if chosen.workers == 1 else min(cores, MOST_PARTS))
    rounds = min(parts, chosen.epochs)
    return Rounds(parts, rounds, ceil(chosen.epochs / rounds))


def _refuse_foreign(options: Options) -> None:
    plain = Options()
    if not options.sg:
        raise CannotTrain("Spark's Word2Vec is skip-gram alone: leave sg at yes, or train without --engine spark")
    for field in fields(options):
        if field.name in _FOREIGN and getattr(options, field.name) != getattr(plain, field.name):
            raise CannotTrain(f"Spark's Word2Vec has no {field.name}: leave it out, or train without --engine spark")


def _refuse_too_large(spark: "SparkSession", told: Told, chosen: Plan) -> None:
    n_words, size = len(told.tracks) + told.n_artists, chosen.vector_size
    cure = "raise min_count, or lower vector_size"
    if n_words * size >= MOST_NUMBERS:
        raise CannotTrain(
            f"Spark keeps at most {MOST_NUMBERS // size:,} words of {size} dimensions, not {n_words:,}: {cure}"
        )
    needed, there = n_words * size * BYTES_A_NUMBER, _driver_bytes(spark)
    if needed > there:
        raise CannotTrain(
            f"{n_words:,} words of {size} dimensions need about {ceil(needed / 2**30)} GB in Spark's driver, which has "
            f"{there / 2**30:.1f}: {cure}, or give it more (spark.driver.memory)"
        )


def _driver_bytes(spark: "SparkSession") -> int:
    told = spark.sparkContext.getConf().get("spark.driver.memory", "1g") or "1g"
    text = told.lower().removesuffix("b")
    return int(text[:-1]) * _UNITS[text[-1]] if text[-1] in _UNITS else int(text)


def _learned(
    told: "DataFrame", n_words: int, chosen: Plan, parted: Rounds, options: Options, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """Train: the words' numbers, rising (int64), and their vectors (float32)."""
    from pyspark.ml.feature import Word2Vec as Learning
    from pyspark.ml.functions import vector_to_array
    from pyspark.sql import functions as F  # noqa: N812 - as all of Spark's users call it

    # Spark always draws the window between 1 and its size: this wide, as many pairs come about.
    window = chosen.window if options.shrink_windows else 2 * chosen.window - 1
    learned = Learning(
        vectorSize=chosen.vector_size, windowSize=window, stepSize=STEP * options.alpha, maxIter=parted.rounds,
        numPartitions=parted.parts, minCount=0, maxSentenceLength=LONGEST_SENTENCE, seed=seed, inputCol="words",
        outputCol="vector",
    ).fit(told)  # fmt: skip
    table = learned.getVectors().select(
        F.col("word").cast("int").alias("word"), vector_to_array(F.col("vector"), "float32").alias("vector")
    )
    kinds = {"word": "<i4", "vector": f"<f4*{chosen.vector_size}"}
    # Whether they are few is a matter of their numbers: a row has many.
    found = list(blocks(table, kinds, n_words * chosen.vector_size))
    words, vectors = (np.concatenate(parts) for parts in zip(*found, strict=True))
    order = np.argsort(words)
    if not np.isfinite(vectors).all():
        raise CannotTrain("the vectors grew without bound: lower alpha")
    return words[order], vectors[order]


def _model(
    data: SparkData,
    options: Options,
    told: Told,
    words: np.ndarray,
    vectors: np.ndarray,
    notes: Mapping[str, str | int],
) -> Word2Vec:
    """Put the vectors where those of gensim would stand."""
    n_kept = len(told.tracks)
    own = unit(vectors)
    artists = np.where(told.artists >= 0, data.n_tracks + told.artists, -1)
    rows = np.where(artists >= 0, np.searchsorted(words, artists) - n_kept, -1)
    makers = Makers(rows.astype(np.int32), own[n_kept:], own[n_kept:])
    inner, outer = makers.beside(own[:n_kept], own[:n_kept], (options.artist_in, options.artist_out))
    prior = (options.prior * np.log(told.counts)).astype(np.float32)
    if options.scoring == "cosine":
        outer, prior = inner, np.zeros_like(prior)
    return Word2Vec(options, data.n_tracks, told.tracks, inner, outer, prior, makers, notes)


def _notes(told: Told, chosen: Plan, parted: Rounds) -> dict[str, str | int]:
    epochs = parted.rounds * parted.walks
    return {
        "tracks": len(told.tracks), "artists": told.n_artists, "dimensions": chosen.vector_size,
        "window": chosen.window, "epochs": epochs, "parts": parted.parts, "words": told.n_words * epochs,
    }  # fmt: skip
