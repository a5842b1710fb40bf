"""What a model that Spark trains is worth: it is trained once more, without some playlists, and asked for the rest."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from recommender.engines.spark.gathering import blocks, column
from recommender.engines.spark.table import SparkData
from recommender.evaluate import grades_of
from recommender.measures.worth import FEWEST, LEAST_LEFT, MEASURED_PLAYLISTS, SEEDS, SEEDS_OF_SHORT, told_of, wanted_of
from recommender.models.contract import Model
from recommender.models.popularity import Options, Popularity

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

_MOST_AT_ONCE = 0.2
"""No more than this share is held out, as there is but one part that is."""


@dataclass(frozen=True)
class HeldBack:
    """Playlists that are not in the training part, and what to ask of them."""

    training: SparkData
    seeds: list[np.ndarray]
    truths: list[np.ndarray]
    truth_sizes: list[int]
    popularity: Popularity
    n_seeds: int


def hold_back(data: SparkData, seed: int) -> HeldBack | None:
    """Choose playlists as recommender.measures.worth does, but once, and by a hash; None where they are too few.

    Near-copies of them (recommender.splits.hold_out) leave the training part, which keeps the numbers of the tracks.
    """
    from pyspark.sql import functions as F  # noqa: N812 - as all of Spark's users call it

    held = data.entries.groupBy("playlist_no", "track_no").agg(F.min("position").alias("position")).persist()
    sizes = held.groupBy("playlist_no").agg(F.count("*").alias("size")).persist()
    try:
        n_long, n_short = (sizes.where(F.col("size") > 2 * n_seeds).count() for n_seeds in (SEEDS, SEEDS_OF_SHORT))
        n_seeds, wanted = wanted_of(data.n_playlists, n_short, n_long)
        wanted = min(wanted, MEASURED_PLAYLISTS, int(_MOST_AT_ONCE * data.n_playlists))
        if wanted < FEWEST:
            return None
        by_chance = F.xxhash64("playlist_no", F.lit(seed))
        chosen = sizes.where(F.col("size") > 2 * n_seeds).orderBy(by_chance, "playlist_no").limit(wanted).persist()
        asked = _ordered(held.join(F.broadcast(chosen.select("playlist_no")), "playlist_no"))
        gone = _near(held, sizes, chosen).unionByName(chosen.select("playlist_no")).distinct().persist()
        training = _without(data, gone)
        if training.playlists.count() < LEAST_LEFT * data.n_playlists:
            return None
        counts = column(
            training.entries.select("playlist_no", "track_no").distinct().groupBy("track_no").count(),
            "track_no", "count", "<i8", data.n_tracks,
        )  # fmt: skip
    finally:
        held.unpersist()
        sizes.unpersist()
    return _questions(training, asked, counts, n_seeds)


def worth(fit: Callable[[SparkData], Model], part: HeldBack) -> dict[str, float]:
    """Train on the rest, and grade what is suggested, beside popularity."""
    model = fit(part.training)
    own, popular = (grades_of(one, part.seeds, part.truths, part.truth_sizes) for one in (model, part.popularity))
    return told_of(own, popular, part.n_seeds)


def _near(held: "DataFrame", sizes: "DataFrame", chosen: "DataFrame") -> "DataFrame":
    """Find the playlists that share more than half of the shorter one's tracks with a chosen one."""
    from pyspark.sql import functions as F  # noqa: N812 - as all of Spark's users call it

    theirs = held.join(F.broadcast(chosen), "playlist_no").select(
        F.col("playlist_no").alias("chosen_no"), F.col("size").alias("chosen_size"), "track_no"
    )
    # The chosen ones are few, so that they travel, and popular tracks stay where they are.
    shared = held.join(F.broadcast(theirs), "track_no").groupBy("playlist_no", "chosen_no", "chosen_size").count()
    return (
        shared.join(sizes, "playlist_no")
        .where(2 * F.col("count") > F.least("size", "chosen_size"))
        .select("playlist_no")
    )


def _without(data: SparkData, gone: "DataFrame") -> SparkData:
    return replace(
        data,
        playlists=data.playlists.join(gone, "playlist_no", "left_anti"),
        entries=data.entries.join(gone, "playlist_no", "left_anti"),
    )


def _ordered(asked: "DataFrame") -> list[np.ndarray]:
    """Give the different tracks of each chosen playlist in its order."""
    kinds = {"playlist_no": "<i4", "position": "<i4", "track_no": "<i4"}
    columns = [np.concatenate(parts) for parts in zip(*blocks(asked, kinds, 0), strict=True)]
    playlists, positions, tracks = columns
    order = np.lexsort((positions, playlists))
    starts = np.flatnonzero(np.diff(playlists[order], prepend=-1))[1:]
    return np.split(tracks[order], starts)


def _questions(training: SparkData, asked: list[np.ndarray], counts: np.ndarray, n_seeds: int) -> HeldBack:
    known = counts > 0
    seeds = [tracks[:n_seeds][known[tracks[:n_seeds]]] for tracks in asked]
    truths = [tracks[n_seeds:][known[tracks[n_seeds:]]] for tracks in asked]
    sizes = [len(tracks) - n_seeds for tracks in asked]
    popularity = Popularity(Options(), counts.astype(np.float32))
    return HeldBack(training, seeds, truths, sizes, popularity, n_seeds)
