"""What Spark says when it fails, in one line."""

import contextlib
import re
from collections.abc import Iterator
from pathlib import Path

from recommender.errors import CannotTrain, NoEngine

_CAUSE = re.compile(r"^Caused by: (?:[\w.$]+[.$])?(\w+)(?:: (.*))?$", re.MULTILINE)
_CLASS = re.compile(r"^(?:[a-z][\w$]*\.)+[A-Z][\w$]*: ")
_PYTHON = re.compile(r"Traceback \(most recent call last\):\n(?:[ \t].*\n)+(\S.*)")
"""What a worker in Python fails with: the line after its frames."""
_LONGEST = 300


@contextlib.contextmanager
def said_clearly(log: Path) -> Iterator[None]:
    """Turn Spark's errors into CannotTrain, and its failure to start into NoEngine, with the cause of either.

    What fails only because a person stopped it stays KeyboardInterrupt. log: where Spark's Java writes what it has to
    say.
    """
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException, PySparkRuntimeError

    try:
        yield
    except PySparkRuntimeError as error:
        if error.getCondition() != "JAVA_GATEWAY_EXITED":
            raise CannotTrain(_sentence(str(error))) from error
        raise NoEngine(f"Spark did not start ({_last_line(log)}): check Java and the settings of Spark") from error
    except (PySparkException, Py4JError) as error:
        if _was_stopped(error):
            raise KeyboardInterrupt from error
        raise CannotTrain(_sentence(str(error))) from error
    except (ConnectionError, EOFError) as error:
        if _was_stopped(error):
            raise KeyboardInterrupt from error
        raise CannotTrain(_sentence(f"its Java ended ({_last_line(log)})")) from error


def _was_stopped(error: BaseException | None) -> bool:
    """Tell whether this came of tidying up after Ctrl-C, in the middle of an answer of Java's."""
    while error is not None:
        if isinstance(error, KeyboardInterrupt):
            return True
        error = error.__context__
    return False


def _sentence(told: str) -> str:
    return f"Spark failed: {cause(told)}; check what it names, or train without --engine spark"


def cause(told: str) -> str:
    """Give the last cause in what Spark tells, or else the first line of it."""
    if python := _PYTHON.search(told):
        line = python[1]
    elif causes := _CAUSE.findall(told):
        name, said = causes[-1]
        line = f"{name}: {said}" if said else name
    else:
        lines = [line.strip() for line in told.splitlines() if line.strip() and not line.startswith(("\t", "An error"))]
        line = _CLASS.sub("", lines[0].removeprefix(": ")) if lines else "it does not say why"
    return line[:_LONGEST]


def _last_line(log: Path) -> str:
    try:
        lines = [line for line in log.read_text(encoding="utf-8", errors="replace").splitlines() if line.strip()]
    except OSError:
        lines = []
    return lines[-1].strip()[:_LONGEST] if lines else "it does not say why"
