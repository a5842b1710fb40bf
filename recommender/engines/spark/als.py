"""The vectors of `als`, learned by Spark's alternating least squares."""

from typing import TYPE_CHECKING

import numpy as np

from recommender.engines.spark.gathering import blocks
from recommender.engines.spark.reaching import told_reach, within_reach
from recommender.engines.spark.table import SparkData
from recommender.errors import CannotTrain
from recommender.models.als import ALS, RANGES, Options, factors_for, gram_of
from recommender.models.contract import Progress
from recommender.models.ranges import refuse_out_of_range

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

_FEWEST_BLOCKS, _ENTRIES_A_BLOCK = 2, 250_000
"""From the collection and never from the machine: the blocks draw the start of the vectors."""
_ROUNDS_KEPT = 5
"""After so many rounds the vectors are written down; how more than that came about is too long a story for Java."""
_UNKNOWN = 0.5
"""What weighs less than this is taken for unknown, which weighs 1: Spark has no weights below that."""
_LEAST = 1e-6
"""Only what is rated above 0 is held."""


def fit(spark: "SparkSession", data: SparkData, options: Options, seed: int, progress: Progress) -> ALS:
    """Let Spark alternate. Raises CannotTrain when an option is out of range, or the vectors are no numbers.

    A held track weighs 1 + rating there, for a rating above 0, and alpha times the playlist's weight here. Spark counts
    the regularization once for each playlist that holds a track, and each track that a playlist holds, where implicit
    counts it once: for tracks of one playlist they are the same.
    """
    from pyspark.ml import recommendation

    refuse_out_of_range(options, RANGES)
    if not data.exported.entries:
        raise CannotTrain("there is no playlist to learn from: import some (segue import FOLDER)")
    if spark.sparkContext.getCheckpointDir() is None:
        raise CannotTrain(
            "als on Spark writes down its rounds: name a folder that all machines see (spark.checkpoint.dir)"
        )
    learned_from, n_learned = within_reach(data, options.min_count)
    factors = factors_for(options, data.n_playlists, n_learned)
    n_blocks = max(_FEWEST_BLOCKS, data.exported.entries // _ENTRIES_A_BLOCK)
    alternating = recommendation.ALS(
        rank=factors, maxIter=options.iterations, regParam=options.regularization,
        numUserBlocks=n_blocks, numItemBlocks=n_blocks, implicitPrefs=True, alpha=1.0, seed=seed,
        userCol="playlist_no", itemCol="track_no", ratingCol="rating", checkpointInterval=_ROUNDS_KEPT,
    )  # fmt: skip
    learned = alternating.fit(_ratings(learned_from, options.alpha))
    progress(0.9)
    vectors = np.zeros((n_learned, factors), np.float32)
    kinds = {"id": "<i4", "features": f"<f4*{factors}"}
    # Whether they are few is a matter of their numbers: a row has many.
    for track_nos, told in blocks(learned.itemFactors, kinds, vectors.size):
        vectors[track_nos] = told
    if not np.isfinite(vectors).all():
        raise CannotTrain("the vectors are no numbers: raise regularization")
    progress(1.0)
    return ALS(options, vectors, gram_of(vectors), data.n_tracks, told_reach(data, n_learned))


def _ratings(data: SparkData, alpha: float) -> "DataFrame":
    from pyspark.sql import functions as F  # noqa: N812 - as all of Spark's users call it

    held = data.entries.select("playlist_no", "track_no").distinct()
    weighs = alpha * F.col("weight")
    rating = F.greatest(weighs - 1, F.lit(_LEAST)).cast("float").alias("rating")
    return (
        held.join(data.playlists.select("playlist_no", "weight"), "playlist_no")
        .where(weighs >= _UNKNOWN)
        .select("playlist_no", "track_no", rating)
    )
