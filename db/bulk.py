"""Many rows in few statements."""

import gc
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

_MOST_VALUES = 900
"""Every SQLite takes so many in one statement."""
LONG = 32_000
"""Nearly every SQLite takes so many."""


def insert_rows(
    connection: sqlite3.Connection, into: str, columns: Sequence[str], values: Sequence[Any], most: int = _MOST_VALUES
) -> None:
    """Insert rows given as one flat sequence of values, row after row.

    A hundred rows in one statement take half the time of a statement each; and a column that is empty in all rows is
    best left out of `columns`, because Python's sqlite3 looks long for a way to store a None.

    most: values in one statement, where SQLite takes so many. LONG is for who has a thread at work beside: after each
    statement Python waits for the other thread, thousands of a second, so statements had better be few and long.
    """
    width, done = len(columns), 0
    for most_values in (min(most, connection.getlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER)), _MOST_VALUES):
        step = most_values // width * width
        whole = len(values) - (len(values) - done) % step
        if whole > done:  # a long statement takes megabytes, even for no rows
            rows = (values[at : at + step] for at in range(done, whole, step))
            connection.executemany(_statement(into, tuple(columns), step // width), rows)
        done = whole
    if rest := values[done:]:
        connection.execute(_statement(into, tuple(columns), len(rest) // width), rest)


@contextmanager
def no_collecting() -> Iterator[None]:
    """Leave out the search for cycles while much is stored: records form none, and it takes a tenth of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@lru_cache(maxsize=64)
def _statement(into: str, columns: tuple[str, ...], rows: int) -> str:
    row = f"({', '.join('?' * len(columns))})"
    return f"INSERT INTO {into} ({', '.join(columns)}) VALUES {', '.join([row] * rows)}"
