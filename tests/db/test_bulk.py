"""Many rows in few statements: however many there are, each is inserted once."""

import sqlite3
from contextlib import closing

import pytest

from db.bulk import LONG, insert_rows


@pytest.mark.parametrize("most", [900, LONG, 10**9])
@pytest.mark.parametrize("rows", [0, 1, 449, 450, 451, 15_999, 16_000, 16_001, 33_000])
def test_every_row_is_inserted_once(rows: int, most: int) -> None:
    expected = [(number, -number) for number in range(rows)]
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("CREATE TABLE pairs (one INTEGER PRIMARY KEY, other INTEGER)")
        insert_rows(connection, "pairs", ("one", "other"), [value for pair in expected for value in pair], most)
        assert connection.execute("SELECT * FROM pairs ORDER BY one").fetchall() == expected


def test_no_statement_has_more_values_than_sqlite_takes() -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("CREATE TABLE pairs (one INTEGER, other INTEGER)")
        connection.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, 999)
        insert_rows(connection, "pairs", ("one", "other"), range(20_000), LONG)
        assert connection.execute("SELECT count(*) FROM pairs").fetchone() == (10_000,)
