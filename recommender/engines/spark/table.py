"""An exported collection as Spark's tables."""

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from recommender.ageing import DAY, FAINTEST
from recommender.errors import CannotTrain
from recommender.writing.export_manifest import MANIFEST, Exported, read_exported

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession


@dataclass(frozen=True)
class SparkData:
    """What a model learns from, in tables that may be larger than any machine."""

    playlists: "DataFrame"
    """playlist_no int, from 0 on; length int; modified_at long, seconds since 1970, 0 where it is not known; weight
    float, how much it counts where a model can tell."""
    entries: "DataFrame"
    """playlist_no int; position int, from 0 on; track_no int. A playlist may hold a track several times."""
    tracks: "DataFrame"
    """track_no int, as in the corpus; track_id string; playlist_count int; artist_no and album_no int, -1 for none."""
    exported: Exported

    @property
    def n_tracks(self) -> int:
        """Count the tracks: their numbers lie below it."""
        return self.exported.tracks

    @property
    def n_playlists(self) -> int:
        """Count the playlists: their numbers lie below it."""
        return self.exported.playlists


def read_data(spark: "SparkSession", place: str, half_life_days: float | None = None) -> SparkData:
    """Open an exported folder: a path on this machine, or any URL that Spark reads.

    half_life_days: see recommender/ageing.py. Raises CannotTrain when it is none, or nothing is dated.
    """
    from pyspark.errors import PySparkException
    from pyspark.sql import functions as F  # noqa: N812 - as all of Spark's users call it

    url = place if "://" in place else Path(place).resolve().as_uri()
    try:
        text = spark.read.text(f"{url}/{MANIFEST}", wholetext=True).first()
        if text is None:
            raise CannotTrain(not_exported(place))
        exported = read_exported(json.loads(text[0]))
        playlists, entries, tracks = (
            spark.read.parquet(f"{url}/{name}") for name in ("playlists", "entries", "tracks")
        )
    except (PySparkException, ValueError) as error:
        raise CannotTrain(not_exported(place)) from error
    data = SparkData(playlists.withColumn("weight", F.lit(1.0).cast("float")), entries, tracks, exported)
    return data if half_life_days is None else _aged(data, half_life_days)


def not_exported(place: str) -> str:
    """Give the sentence for a folder that cannot be learned from."""
    return f"{place} is no exported collection: make one (segue export parquet FOLDER), or leave --data out"


def _aged(data: SparkData, half_life_days: float) -> SparkData:
    """Weigh playlists by age, as recommender.ageing.weights_of does. Raises CannotTrain when nothing is dated."""
    from pyspark.sql import functions as F  # noqa: N812 - as all of Spark's users call it

    dated = data.playlists.where("modified_at > 0")
    latest, median = dated.agg(F.max("modified_at"), F.median("modified_at")).first() or (None, None)
    if latest is None:
        raise CannotTrain("no playlist is dated, so none is old: leave --half-life out")
    when = F.when(F.col("modified_at") > 0, F.col("modified_at")).otherwise(F.lit(median))
    weight = F.greatest(F.pow(F.lit(2.0), (when - latest) / DAY / half_life_days), F.lit(FAINTEST))
    return replace(data, playlists=data.playlists.withColumn("weight", weight.cast("float")))
