"""Java is looked for before anything is started, and named when it is missing."""

from pathlib import Path

import pytest

from recommender.engines.spark.java import java_version
from recommender.engines.spark.trouble import cause, said_clearly
from recommender.errors import CannotTrain, NoEngine


def _java(home: Path, script: str) -> None:
    place = home / "bin" / "java"
    place.parent.mkdir(parents=True)
    place.write_text(f"#!/bin/sh\n{script}\n")
    place.chmod(0o755)


def test_a_java_that_is_new_enough_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _java(tmp_path, "echo 'openjdk version \"21.0.3\" 2024-04-16' >&2")
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    assert java_version() == "21"
    monkeypatch.delenv("JAVA_HOME")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    assert java_version() == "21"


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("echo 'java version \"1.8.0_392\"' >&2", "needs a newer Java"),
        ("echo 'openjdk version \"11.0.2\"' >&2", "needs a newer Java"),
        ("echo 'No Java runtime present, requesting install.' >&2; exit 1", "is none"),
    ],
)
def test_another_java_is_refused_with_the_cure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, said: str
) -> None:
    _java(tmp_path, script)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    with pytest.raises(NoEngine, match=f"{said}.*install Java 17 or newer"):
        java_version()


def test_no_java_is_said_with_the_cure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NoEngine, match="there is none: install Java 17 or newer"):
        java_version()
    monkeypatch.setenv("JAVA_HOME", str(tmp_path / "nowhere"))
    with pytest.raises(NoEngine, match=r"JAVA_HOME is .*nowhere, which cannot be run: install"):
        java_version()


ABORTED = """An error occurred while calling o1.save.
: org.apache.spark.SparkException: Job aborted
\tat org.x.Y
Caused by: java.io.IOException: No space left on device
\tat java.z
"""
FULL = """An error occurred while calling o1.
: java.lang.OutOfMemoryError: Java heap space
\tat x
"""
PYTHON = """Traceback (most recent call last):
  File "a.py", line 1
    x
ModuleNotFoundError: No module named 'y'
"""
NO_PATH = "[PATH_NOT_FOUND] Path does not exist: file:/x."


@pytest.mark.parametrize(
    ("told", "line"),
    [
        (ABORTED, "IOException: No space left on device"),
        (FULL, "Java heap space"),
        (PYTHON, "ModuleNotFoundError: No module named 'y'"),
        (NO_PATH, NO_PATH),
        ("", "it does not say why"),
    ],
)
def test_what_spark_says_becomes_one_line(told: str, line: str) -> None:
    assert cause(told) == line


def test_what_fails_because_a_person_stopped_it_is_a_stop(tmp_path: Path) -> None:
    """Tidying up after Ctrl-C asks a Java that is in the middle of an answer."""
    py4j = pytest.importorskip("py4j.protocol")
    trouble = py4j.Py4JNetworkError("Answer from Java side is empty")

    def stopped() -> None:
        try:
            raise KeyboardInterrupt
        finally:
            raise trouble

    with pytest.raises(KeyboardInterrupt), said_clearly(tmp_path / "log"):
        stopped()
    with pytest.raises(CannotTrain, match="Answer from Java"), said_clearly(tmp_path / "log"):
        raise py4j.Py4JNetworkError("Answer from Java side is empty")
