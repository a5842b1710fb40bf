"""Training on Spark: from exported tables to the artifacts that training on this machine writes."""

import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from functools import partial
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from recommender.artifacts import Manifest, models_folder, write_model
from recommender.engines.spark.gathering import blocks
from recommender.engines.spark.java import look_for_spark
from recommender.engines.spark.measuring import hold_back, worth
from recommender.engines.spark.session import HERE, cut_finely, is_here, spark_session
from recommender.engines.spark.table import SparkData, read_data
from recommender.errors import CannotTrain, NoEngine
from recommender.jobs import Job
from recommender.models.contract import Model, Progress
from recommender.streaming import write_export
from recommender.training import refuse_few, refuse_nonsense
from recommender.vocabulary import Vocabulary

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

__all__ = ["HERE", "train_models"]
_LIBRARIES = ("segue", "numpy", "pyspark", "pyarrow")


def train_models(
    database: Path,
    jobs: Sequence[Job],
    seed: int,
    measure: bool,
    now: int,
    progress: Callable[[str, float], None],
    half_life_days: float | None,
    master: str,
    place: str | None,
) -> Iterator[Manifest | CannotTrain]:
    """Train the models one after another, as recommender.jobs.train_models does.

    place: an exported collection; None exports the database for this training. Raises NoEngine where Spark, Java or a
    master is missing; CannotTrain when there is too little for any model; CannotStore, db.errors.DatabaseError.
    """
    java = look_for_spark()
    if place is None and not is_here(master):
        raise NoEngine(
            f"the machines of {master} do not see this disk: export the playlists (segue export parquet FOLDER) to "
            "where they all see them, and name that (--data PLACE)"
        )
    with tempfile.TemporaryDirectory(prefix="segue-export-", ignore_cleanup_errors=True) as folder:
        if place is None:
            place = str(Path(folder) / "collection")
            write_export(database, Path(place))
        with spark_session(master) as spark:
            data = read_data(spark, place, half_life_days)
            refuse_few(data.n_playlists, data.n_tracks)
            cut_finely(spark, master, data.exported.entries)
            vocabulary = _vocabulary(data)
            held = hold_back(data, seed) if measure else None
            for job in jobs:
                engine = {"engine": "spark", "master": master, "java": java}
                try:
                    trained = _train(spark, data, job, seed, held, partial(progress, job.name))
                except CannotTrain as refusal:
                    yield CannotTrain(f"{job.name} is not trained: {refusal}")
                    continue
                manifest = _manifest(job, data, *trained, engine, now, half_life_days)
                write_model(models_folder(database), manifest, vocabulary, trained[0].arrays())
                yield manifest


def _train(
    spark: "SparkSession", data: SparkData, job: Job, seed: int, held: Any, progress: Progress
) -> tuple[Model, dict[str, float], float]:
    """Give the model, its worth, and the seconds that it took."""
    fit = import_module(f"recommender.engines.spark.{job.kind.replace('-', '_')}").fit
    found: dict[str, float] = {}
    if held is not None:
        found = worth(lambda part: fit(spark, part, job.options, seed, lambda share: progress(share / 2)), held)
    before = 0.5 if held is not None else 0.0
    started = time.perf_counter()
    model = fit(spark, data, job.options, seed, lambda share: progress(before + (1 - before) * share))
    refuse_nonsense(model, data.n_tracks)
    progress(1.0)
    return model, found, time.perf_counter() - started


def _vocabulary(data: SparkData) -> Vocabulary:
    from pyspark.sql import functions as F  # noqa: N812 - as all of Spark's users call it

    ids = np.zeros(data.n_tracks, "S22")
    padded = data.tracks.select("track_no", F.rpad("track_id", 22, "\0").cast("binary").alias("track_id"))
    for numbers, raw_ids in blocks(padded, {"track_no": "<i4", "track_id": "S22"}, data.n_tracks):
        ids[numbers] = raw_ids
    return Vocabulary.from_ids(ids)


def _manifest(
    job: Job,
    data: SparkData,
    model: Model,
    found: dict[str, float],
    seconds: float,
    engine: dict[str, str],
    now: int,
    half_life_days: float | None,
) -> Manifest:
    exported = data.exported
    return Manifest(
        name=job.name,
        kind=job.kind,
        options=asdict(job.options),
        corpus=exported.corpus,
        content=exported.content,
        playlists=exported.playlists,
        tracks=exported.tracks,
        entries=exported.entries,
        trained_at=now,
        seconds=round(seconds, 3),
        notes={**model.notes(), "engine": engine["engine"], "master": engine["master"]},
        worth=found,
        versions={library: version(library) for library in _LIBRARIES} | {"java": engine["java"]},
        half_life_days=half_life_days or 0.0,
    )
