"""Spark as it is started and ended here: quiet, closed to other machines where it runs on this one, and gone after."""

import contextlib
import logging
import os
import signal
import subprocess
import sys
import tempfile
import threading
import warnings
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from recommender.engines.spark.java import look_for_spark
from recommender.engines.spark.trouble import said_clearly
from recommender.memory import available_bytes

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

HERE = "local[*]"
"""The master that is all cores of this machine."""
_LEAST_MB, _MOST_MB = 1_024, 16_384
_PATIENCE_S = 30
_FEWEST_PARTS = 2
"""Pieces of work for each core."""
_ENTRIES_PER_PART = 25_000
"""As its pairs are a hundred times as many, a piece of so many entries still fits into memory."""
_ROWS_AT_ONCE = 500_000


def is_here(master: str) -> bool:
    """Tell whether Spark's workers see the disk of this machine."""
    return master.startswith("local")


@contextlib.contextmanager
def spark_session(
    master: str = HERE, memory_mb: int | None = None, more: Mapping[str, str] | None = None
) -> Iterator["SparkSession"]:
    """Start Spark, and end it with its Java at the end of the block, whatever happens in it.

    memory_mb: what the Java on this machine may take; None is half of what is free. more: Spark's own settings, which
    go before ours. Raises NoEngine where Spark or Java is missing or does not start.
    """
    look_for_spark()
    with tempfile.TemporaryDirectory(prefix="segue-spark-", ignore_cleanup_errors=True) as folder:
        log = Path(folder) / "spark.log"
        settings = _settings(master, Path(folder), memory_mb) | dict(more or {})
        stopped = False
        # What its bridge to Java says of a stop goes to whoever listens, and would else be printed.
        unheard = logging.NullHandler()
        logging.getLogger().addHandler(unheard)
        try:
            with said_clearly(log):
                with _stops_wait(), _errors_into(log), _same_python(master):
                    spark = _start(settings)
                yield spark
        except (KeyboardInterrupt, GeneratorExit):
            stopped = True
            raise
        finally:
            _end(at_once=stopped)
            logging.getLogger().removeHandler(unheard)


def _settings(master: str, folder: Path, memory_mb: int | None) -> dict[str, str]:
    settings = {
        "spark.master": master,
        "spark.app.name": "segue",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.log.level": "ERROR",
        "spark.driver.memory": f"{memory_mb or _memory_mb()}m",
        "spark.driver.maxResultSize": "0",
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
        "spark.sql.execution.arrow.pyspark.enabled": "true",
        "spark.sql.execution.arrow.maxRecordsPerBatch": str(_ROWS_AT_ONCE),
        "spark.serializer": "org.apache.spark.serializer.KryoSerializer",
    }
    if is_here(master):
        settings |= {
            "spark.driver.host": "127.0.0.1",
            "spark.driver.bindAddress": "127.0.0.1",
            "spark.local.dir": str(folder),
            "spark.checkpoint.dir": str(folder / "checkpoints"),
            "spark.sql.shuffle.partitions": str(_FEWEST_PARTS * (os.cpu_count() or 1)),
        }
    return settings


def cut_finely(spark: "SparkSession", master: str, n_entries: int) -> None:
    """Cut the work on this machine into pieces that fit into its memory; a cluster has settings of its own."""
    if is_here(master):
        parts = max(_FEWEST_PARTS * (os.cpu_count() or 1), n_entries // _ENTRIES_PER_PART)
        spark.conf.set("spark.sql.shuffle.partitions", str(parts))


def _memory_mb() -> int:
    free = available_bytes()
    return _LEAST_MB if free is None else min(max(free // 2_000_000, _LEAST_MB), _MOST_MB)


def _start(settings: Mapping[str, str]) -> "SparkSession":
    with unconcerned():
        from pyspark.sql import SparkSession

    # What cannot be sent once Java is gone is nobody's business.
    logging.getLogger("py4j").setLevel(logging.CRITICAL)
    builder = SparkSession.builder
    for name, value in settings.items():
        builder = builder.config(name, value)
    spark: SparkSession = builder.getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    return spark


@contextlib.contextmanager
def _same_python(master: str) -> Iterator[None]:
    """Have workers on this machine run the Python that runs here, with the packages that are there."""
    name = "PYSPARK_PYTHON"
    before = os.environ.get(name)
    if is_here(master):
        os.environ[name] = sys.executable
    try:
        yield
    finally:
        if before is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = before


@contextlib.contextmanager
def unconcerned() -> Iterator[None]:
    """Keep Spark from warning of every pandas from 3.0 on, as nothing here hands it a pandas table."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas", FutureWarning)
        yield


@contextlib.contextmanager
def _errors_into(log: Path) -> Iterator[None]:
    """Send what programs that are started in the block say of errors into a file, for as long as they run."""
    sys.stderr.flush()
    kept = os.dup(2)
    try:
        with log.open("ab") as file:
            os.dup2(file.fileno(), 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


@contextlib.contextmanager
def _stops_wait() -> Iterator[None]:
    """Let Ctrl-C wait until the end of the block: Java that is only starting would be left running.

    Spark puts a way of its own in the place of Python's, which trips over the question that Java is answering; it goes.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    asked: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _frame: asked.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if asked:
        raise KeyboardInterrupt


def _end(*, at_once: bool) -> None:
    """End Spark and its Java, which Spark itself would leave running until Python ends.

    at_once: without asking Java, which may be in the middle of an answer.
    """
    if "pyspark" not in sys.modules:
        return
    from py4j.protocol import Py4JError
    from pyspark import SparkContext
    from pyspark.sql import SparkSession

    gateway: Any = SparkContext._gateway  # noqa: SLF001 - there is no public way to Java's process
    java = getattr(gateway, "proc", None)
    if java is not None and at_once:
        java.terminate()
        java.wait()
    with contextlib.suppress(Py4JError, OSError, AttributeError):
        if (running := SparkSession.getActiveSession()) is not None:
            running.stop()
    with contextlib.suppress(Py4JError, OSError, AttributeError):
        gateway.shutdown()
    SparkContext._gateway = SparkContext._jvm = None  # noqa: SLF001 - else the next session would look for this one
    if java is None:
        return
    java.stdin.close()
    try:
        java.wait(_PATIENCE_S)
    except subprocess.TimeoutExpired:
        java.kill()
        java.wait()
