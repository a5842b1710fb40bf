"""Playlists as sentences in Spark's tables: tracks as words, each followed by its artist, in many orders."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from recommender.engines.spark.gathering import blocks
from recommender.engines.spark.table import SparkData
from recommender.errors import CannotTrain

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame

_DRAWS = 2**24
"""So finely a playlist of little weight is drawn."""


@dataclass(frozen=True)
class Told:
    """What takes part: the entries of tracks that stand often enough, and how often those stand.

    Spark keeps the entries, which are asked for several times, until they are let go (entries.unpersist()).
    """

    entries: "DataFrame"
    """playlist_no, position and track_no, int; artist, int: the number of the artist's word, -1 where there is none;
    weight, float."""
    tracks: np.ndarray
    """int32, shape (kept,): the numbers of the tracks, rising."""
    artists: np.ndarray
    """int32, shape (kept,): the number of each one's artist, -1 where none is a word."""
    counts: np.ndarray
    """int64, shape (kept,): how often each stands in the playlists, by their weights but at least once."""
    n_words: int
    """Tracks and artists in all sentences of one pass."""

    @property
    def n_artists(self) -> int:
        """Count the artists that are words."""
        return len(np.unique(self.artists[self.artists >= 0]))


def words_of(data: SparkData, min_count: int, artists: bool) -> Told:
    """Count the words. Raises CannotTrain when no pair of tracks is left at this min_count.

    A word is the number of its track, or the number of tracks and that of its artist added up, as in
    recommender/models/sentences.py.
    """
    from pyspark.sql import functions as F  # noqa: N812 - as all of Spark's users call it

    artist_no = F.col("artist_no") if artists else F.lit(-1)
    weighed = data.entries.join(data.playlists.select("playlist_no", "weight"), "playlist_no")
    often = (
        weighed.groupBy("track_no")
        .agg(F.count("*").alias("times"), F.sum(F.col("weight").cast("double")).alias("heavy"))
        .where(F.col("times") >= min_count)
        .join(data.tracks.select("track_no", artist_no.cast("int").alias("artist_no")), "track_no")
    )
    kinds = {"track_no": "<i4", "artist_no": "<i4", "times": "<i8", "heavy": "<f8"}
    found = list(blocks(often, kinds, data.n_tracks))
    if not sum(len(block[0]) for block in found):
        raise CannotTrain(f"no track stands {min_count} times: lower min_count, or import more playlists")
    tracks, makers, times, heavy = (np.concatenate(parts) for parts in zip(*found, strict=True))
    order = np.argsort(tracks)
    word = F.when(F.col("artist_no") >= 0, F.col("artist_no") + data.n_tracks).otherwise(-1).cast("int")
    entries = weighed.join(often.select("track_no", word.alias("artist")), "track_no").persist()
    _refuse_without_pairs(entries)
    counts = np.maximum(np.rint(heavy[order]), 1).astype(np.int64)
    n_words = int(times.sum() + times[makers >= 0].sum())
    return Told(entries, tracks[order], makers[order], counts, n_words)


def _refuse_without_pairs(entries: "DataFrame") -> None:
    from pyspark.sql import functions as F  # noqa: N812 - as all of Spark's users call it

    ends = entries.groupBy("playlist_no").agg(F.min("track_no").alias("first"), F.max("track_no").alias("last"))
    if ends.where(F.col("first") < F.col("last")).isEmpty():
        entries.unpersist()
        raise CannotTrain("no playlist holds two different tracks that are often enough: import more playlists")


def sentences(told: Told, walks: int, parts: int, order: str, seed: int) -> "DataFrame":
    """Make the sentences of several walks over the playlists: words, an array of texts, in so many partitions.

    All playlists take part in the first walk, in each other one a playlist does with its weight for a probability. All
    chance is a hash of the seed and of what it is for, so that neither the machines nor their number change it.
    """
    from pyspark.sql import functions as F  # noqa: N812 - as all of Spark's users call it

    def by_chance(what: int) -> "Column":
        return F.xxhash64(F.lit(seed), F.lit(what), F.col("walk"), F.col("playlist_no"))

    shuffled = {"kept": F.lit(False), "shuffled": F.lit(True), "mixed": F.col("walk") % 2 == 1}[order]
    entry = F.struct("position", "track_no", "artist")
    playlists = told.entries.groupBy("playlist_no").agg(
        F.first("weight").alias("weight"), F.collect_list(entry).alias("entries")
    )
    walked = playlists.withColumn("walk", F.explode(F.sequence(F.lit(1), F.lit(walks))))
    drawn = F.pmod(by_chance(1), F.lit(_DRAWS)) / _DRAWS
    walked = walked.where((F.col("walk") == 1) | (drawn < F.col("weight")))
    place = F.when(shuffled, by_chance(2)).otherwise(F.lit(0)).alias("chance")
    walked = walked.select("walk", "playlist_no", "entries", shuffled.alias("shuffled"), place)
    return (
        walked.withColumn("key", by_chance(3))
        .repartition(parts, "key")
        .sortWithinPartitions("key", "walk", "playlist_no")
        .select(_words().alias("words"))
    )


def _words() -> "Column":
    """Order the entries by chance or by place, and follow each track by its artist where one is a word."""
    from pyspark.sql import functions as F  # noqa: N812 - as all of Spark's users call it

    def placed(entry: "Column") -> "Column":
        by_chance = F.xxhash64(F.col("chance"), entry["position"])
        key = F.when(F.col("shuffled"), by_chance).otherwise(entry["position"].cast("long"))
        return F.struct(key.alias("key"), entry["position"], entry["track_no"], entry["artist"])

    def spoken(entry: "Column") -> "Column":
        track, artist = entry["track_no"].cast("string"), entry["artist"].cast("string")
        return F.when(entry["artist"] >= 0, F.array(track, artist)).otherwise(F.array(track))

    return F.flatten(F.transform(F.sort_array(F.transform("entries", placed)), spoken))
