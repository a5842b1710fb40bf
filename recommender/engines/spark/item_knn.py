"""item-knn as joins: who stands together with whom is counted on all machines, and each track's nearest are kept.

Nothing is as large as the most popular track or the longest playlist: long playlists are cut into blocks, of which each
pair is a piece of work of its own; pairs are counted wherever both numbers together lead; each piece keeps the nearest
of each track before they meet; and what hot tracks need to know travels to all pieces. Where rare tracks have no stored
list, the playlists come to this machine whole, at 8 bytes an entry.
"""

from typing import TYPE_CHECKING

import numpy as np

from recommender.engines.spark.gathering import blocks, column
from recommender.engines.spark.table import SparkData
from recommender.errors import CannotTrain
from recommender.models.contract import Progress, no_progress
from recommender.models.item_knn import RANGES, ItemKNN, Options, rare_of, room_of
from recommender.models.neighbours import Neighbours
from recommender.models.ranges import refuse_out_of_range
from recommender.models.rare import Rare

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame, SparkSession

BLOCK = 256
"""Tracks of a playlist that are paired at once: so many squared are the pairs of one piece of work."""
HOT = 50_000
"""So many of the most popular tracks, a few hundred kB, are sent to everybody instead of being met in one place."""


def fit(
    spark: "SparkSession", data: SparkData, options: Options, seed: int, progress: Progress = no_progress
) -> ItemKNN:
    """Learn what ItemKNN.fit learns, up to the last digits of sums; there is no chance in it, so seed is not used.

    Raises CannotTrain when no playlist holds two different tracks, or an option is out of range.
    """
    del seed
    refuse_out_of_range(options, RANGES)
    held = _held(data).persist()
    most = column(_most(held), "track_no", "most", "<i8", data.n_tracks)
    most = np.minimum(most, data.n_tracks - 1)
    if not most.any():
        raise CannotTrain("no playlist holds two different tracks, so nothing stands together: import more playlists")
    progress(0.1)
    n_playlists = column(held.groupBy("track_no").count(), "track_no", "count", "<i8", data.n_tracks)
    kept, stored = room_of(most, n_playlists, options)
    # As the window throws away what is beyond this many before anything travels.
    spark.conf.set("spark.sql.optimizer.windowGroupLimitThreshold", str(kept + 1))
    pairs = _pairs(_weighed(held, options), options)
    nearest = _nearest(pairs, kept, stored).persist()
    try:
        rare = _rare(held, data, options, stored) if stored < data.n_tracks else None
        lists = _lists(nearest, stored, progress)
    finally:
        nearest.unpersist()
        held.unpersist()
    return ItemKNN(options, data.n_tracks, lists, rare)


def _held(data: SparkData) -> "DataFrame":
    """Tell who holds what, once: playlist_no, track_no, weight, length of the playlist."""
    from pyspark.sql import Window
    from pyspark.sql import functions as F  # noqa: N812 - as all of Spark's users call it

    once = data.entries.select("playlist_no", "track_no").repartition("playlist_no").distinct()
    of_playlist = Window.partitionBy("playlist_no")
    counted = once.withColumn("length", F.count("*").over(of_playlist))
    return counted.join(data.playlists.select("playlist_no", "weight"), "playlist_no")


def _most(held: "DataFrame") -> "DataFrame":
    """Bound how many neighbours each track can have: track_no, most."""
    from pyspark.sql import functions as F  # noqa: N812 - as all of Spark's users call it

    return held.groupBy("track_no").agg(F.sum(F.col("length") - 1).alias("most"))


def _weighed(held: "DataFrame", options: Options) -> "DataFrame":
    """Add what each playlist tells (told), and what each track counts for, raised to alpha (fame)."""
    from pyspark.sql import functions as F  # noqa: N812 - as all of Spark's users call it

    fame = held.groupBy("track_no").agg(
        F.pow(F.sum(F.col("weight").cast("double")), F.lit(options.alpha)).alias("fame")
    )
    # Tracks are numbered by their playlists, so the hot ones come first.
    hot = held.where(F.col("track_no") < HOT).join(F.broadcast(fame.where(F.col("track_no") < HOT)), "track_no")
    rest = held.where(F.col("track_no") >= HOT).join(fame.where(F.col("track_no") >= HOT), "track_no")
    half = options.half_length
    told = F.col("weight").cast("double") * (F.lit(half) / (F.lit(half) + F.col("length")) if half else F.lit(1.0))
    return hot.unionByName(rest).withColumn("told", told)


def _pairs(weighed: "DataFrame", options: Options) -> "DataFrame":
    """Tell how alike any two tracks are that stand together: low, high (the smaller number first), similarity."""
    from pyspark.sql import functions as F  # noqa: N812 - as all of Spark's users call it

    n_blocks = F.ceil(F.col("length") / BLOCK).cast("int")
    # Numbers next to each other are alike famous; spread over the blocks by a hash, no block has all the hits.
    cut = weighed.withColumn("blocks", n_blocks).withColumn("block", F.pmod(F.hash("track_no"), F.col("blocks")))
    low = _side(cut, "a", F.sequence(F.col("block"), F.col("blocks") - 1), first=True)
    high = _side(cut, "b", F.sequence(F.lit(0), F.col("block")), first=False)
    met = low.join(high, ["playlist_no", "first", "second"]).where(
        (F.col("first") < F.col("second")) | (F.col("a") < F.col("b"))
    )
    alike = F.col("told") / (F.col("a_fame") * F.col("b_fame") + F.lit(options.shrink))
    named = met.select(F.least("a", "b").alias("low"), F.greatest("a", "b").alias("high"), alike.alias("part"))
    return named.groupBy("low", "high").agg(F.sum("part").cast("float").alias("similarity"))


def _side(cut: "DataFrame", name: str, others: "Column", *, first: bool) -> "DataFrame":
    """Give each track to all pairs of blocks that its own is the first, or the second, of."""
    from pyspark.sql import functions as F  # noqa: N812 - as all of Spark's users call it

    own, other = ("first", "second") if first else ("second", "first")
    told = [F.col("told")] if first else []
    return cut.select(
        "playlist_no", F.col("track_no").alias(name), F.col("fame").alias(f"{name}_fame"), *told,
        F.col("block").alias(own), F.explode(others).alias(other),
    )  # fmt: skip


def _nearest(pairs: "DataFrame", kept: int, stored: int) -> "DataFrame":
    """Keep the nearest of the first tracks: track_no, neighbour, similarity, place (from 0 on); equals by number."""
    from pyspark.sql import Window
    from pyspark.sql import functions as F  # noqa: N812 - as all of Spark's users call it

    ways = F.explode(
        F.array(
            F.struct(F.col("low").alias("track_no"), F.col("high").alias("neighbour")),
            F.struct(F.col("high").alias("track_no"), F.col("low").alias("neighbour")),
        )
    )
    both = pairs.select(ways.alias("way"), "similarity").select("way.*", "similarity").where("similarity > 0")
    both = both.where(F.col("track_no") < stored)
    best_first = Window.partitionBy("track_no").orderBy(F.desc("similarity"), "neighbour")
    placed = both.withColumn("place", F.row_number().over(best_first)).where(F.col("place") <= kept)
    return placed.withColumn("place", F.col("place") - 1)


def _rare(held: "DataFrame", data: SparkData, options: Options, stored: int) -> Rare:
    """Gather what tells the neighbours of the tracks without a stored list."""
    from scipy import sparse

    kinds = {"playlist_no": "<i4", "track_no": "<i4"}
    parts = list(blocks(held, kinds, data.exported.entries))
    rows, tracks = (np.concatenate(column) for column in zip(*parts, strict=True))
    shape = (data.n_playlists, data.n_tracks)
    playlists = sparse.csr_array((np.ones(len(rows), np.float32), (rows, tracks)), shape=shape)
    playlists.sort_indices()
    weights = column(data.playlists, "playlist_no", "weight", "<f4", data.n_playlists)
    told, half = weights, options.half_length
    if half:
        told = weights * (half / (half + np.diff(playlists.indptr))).astype(np.float32)
    return rare_of(stored, playlists, told, playlists.T @ weights)


def _lists(nearest: "DataFrame", stored: int, progress: Progress) -> Neighbours:
    """Gather the lists of the first tracks, as many as are stored."""
    from pyspark.sql import functions as F  # noqa: N812 - as all of Spark's users call it

    found = column(nearest.groupBy("track_no").agg(F.count("*").alias("n")), "track_no", "n", "<i8", stored)
    progress(0.8)
    offsets = np.zeros(stored + 1, np.int64)
    np.cumsum(found, out=offsets[1:])
    numbers, similarities = np.empty(offsets[-1], np.int32), np.empty(offsets[-1], np.float32)
    done = 0
    kinds = {"track_no": "<i4", "place": "<i4", "neighbour": "<i4", "similarity": "<f4"}
    for tracks, places, near, alike in blocks(nearest, kinds, int(found.sum())):
        at = offsets[tracks] + places
        numbers[at], similarities[at] = near, alike
        done += len(tracks)
        progress(0.8 + 0.2 * done / max(int(found.sum()), 1))
    return Neighbours(offsets, numbers, similarities)
