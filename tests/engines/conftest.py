"""Spark for the tests: one for all of them, because it takes seconds to start."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from recommender.errors import NoEngine


def need_spark() -> None:
    """Skip where Spark or Java is missing, and say so; where every change is checked, fail instead."""
    from recommender.engines.spark.java import look_for_spark

    try:
        look_for_spark()
    except NoEngine as missing:
        if os.environ.get("CI"):
            raise
        pytest.skip(str(missing))


@pytest.fixture(scope="session")
def events(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Name the folder where Spark writes down what its tasks did."""
    return tmp_path_factory.mktemp("events")


@pytest.fixture(scope="session")
def spark(events: Path) -> Iterator[Any]:
    """Start Spark on two cores, once for all tests."""
    need_spark()
    from recommender.engines.spark.session import spark_session

    more = {
        "spark.sql.shuffle.partitions": "4",
        "spark.eventLog.enabled": "true",
        "spark.eventLog.compress": "false",
        "spark.eventLog.dir": events.as_uri(),
    }
    with spark_session("local[2]", memory_mb=1024, more=more) as session:
        yield session
