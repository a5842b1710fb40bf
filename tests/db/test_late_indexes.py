"""Indexes that a large import makes at its end: left out in time, made whatever happens, the same as before."""

import sqlite3
from pathlib import Path

import pytest

from db import index, late_indexes
from db.connection import open_reader, open_writer, transaction
from db.tables import FIRST_TABLES
from db.write import store
from tests.db.make import is_sound, playlist, run


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let an import be large from ten entries on."""
    monkeypatch.setattr(late_indexes, "FEW_ENTRIES", 10)


def _fill(connection: sqlite3.Connection, first: int, playlists: int) -> None:
    with transaction(connection):
        store(connection, run("late"), [playlist(first + n, range(n, n + 5)) for n in range(playlists)])


def _by_track(connection: sqlite3.Connection) -> str:
    rows = connection.execute("EXPLAIN QUERY PLAN SELECT playlist_key FROM playlist_entries WHERE track_key = 3")
    return str(rows.fetchall()[0][3])


def test_the_statements_are_those_of_the_tables() -> None:
    """Made again, an index is what the first migration made."""
    assert all(f"{statement};" in FIRST_TABLES for statement in late_indexes.LATE.values())


def test_a_small_import_keeps_the_indexes_up(file: Path) -> None:
    """Up to fifty thousand entries nothing is left out."""
    with open_writer(file, "testing") as connection:
        _fill(connection, 0, 4)
        assert not late_indexes.put_off(connection, late_indexes.FEW_ENTRIES)
        assert late_indexes.missing(connection) == []


@pytest.mark.usefixtures("few")
def test_an_import_that_adds_little_to_much_keeps_the_indexes_up(file: Path) -> None:
    """Making them anew for all rows would take longer than keeping them up."""
    with open_writer(file, "testing") as connection:
        _fill(connection, 0, 100)
        assert not late_indexes.put_off(connection, 11)
        assert late_indexes.missing(connection) == []


@pytest.mark.usefixtures("few")
def test_a_large_import_leaves_them_out_and_finishing_makes_them(file: Path) -> None:
    """While they are out the answers are the same; afterwards they are used again, and the file is sound."""
    with open_writer(file, "testing") as connection:
        _fill(connection, 0, 4)
        assert late_indexes.put_off(connection, 20)
        _fill(connection, 4, 4)
        assert late_indexes.put_off(connection, 40)
        assert late_indexes.missing(connection) == list(late_indexes.LATE)
        assert late_indexes.rows_to_sort(connection) > 40
        assert "SCAN" in _by_track(connection)
        question = "SELECT playlist_key FROM playlist_entries WHERE track_key = 3 ORDER BY 1"
        before = connection.execute(question).fetchall()
        index.finish(connection)
        assert late_indexes.missing(connection) == []
        assert late_indexes.rows_to_sort(connection) == 0
        assert "playlist_entries_by_track" in _by_track(connection)
        assert connection.execute(question).fetchall() == before != []
    assert is_sound(file)


@pytest.mark.usefixtures("few")
def test_a_killed_import_is_finished_by_the_next_writer_that_finishes(file: Path) -> None:
    """A reader in between does its work without them, and changes nothing."""
    with open_writer(file, "testing") as connection:
        _fill(connection, 0, 4)
        late_indexes.put_off(connection, 20)
    with open_reader(file) as connection:
        assert late_indexes.missing(connection) == list(late_indexes.LATE)
        assert connection.execute("SELECT count(*) FROM playlist_entries WHERE track_key = 3").fetchone()[0] > 0
    with open_writer(file, "testing") as connection:
        index.finish(connection)
        assert late_indexes.missing(connection) == []
        assert connection.execute("PRAGMA temp_store").fetchone() == (2,)


@pytest.mark.usefixtures("few")
def test_making_them_tells_of_its_progress(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The rows that it tells come near those there are, and nothing is told later."""
    monkeypatch.setattr(late_indexes, "_STEPS", 1_000)
    told: list[int] = []
    with open_writer(file, "testing") as connection:
        _fill(connection, 0, 2_000)
        late_indexes.put_off(connection, 10_000)
        rows = late_indexes.rows_to_sort(connection)
        late_indexes.make(connection, told.append)
        assert 0.7 < sum(told) / rows < 1.3
        told.clear()
        connection.execute("SELECT count(*) FROM playlist_entries, tracks").fetchone()
    assert told == []
