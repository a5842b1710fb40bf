"""Many rows in few statements."""

import gc
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

_MOST_VALUES = 900
"""Every SQLite takes so many in one statement."""


def insert_rows(connection: sqlite3.Connection, into: str, columns: Sequence[str], values: Sequence[Any]) -> None:
    """Insert rows given as one flat sequence of values, row after row.

    A hundred rows in one statement take half the time of a statement each; and a column that is empty in all rows is
    best left out of `columns`, because Python's sqlite3 looks long for a way to store a None.
    """
    width = len(columns)
    step = _MOST_VALUES // width * width
    whole = len(values) // step * step
    connection.executemany(
        _statement(into, tuple(columns), step // width), (values[at : at + step] for at in range(0, whole, step))
    )
    if rest := values[whole:]:
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
