"""What was suggested is remembered for a while, and no list ever waits or fails for it."""

import multiprocessing
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from multiprocessing.synchronize import Event
from pathlib import Path

import pytest

from db.connection import open_reader, open_writer, transaction
from db.purge import purge_import
from db.suggested import KEPT_DAYS, count_suggested, forget_suggested, lately, remember
from tests.db.make import NOW, is_sound, playlist, raw_id, store_all
from tests.db.test_disk import _fill
from tests.db.test_lock import child

DAY = 86_400
AT_ONCE = 500


@pytest.fixture
def stored(file: Path) -> Path:
    store_all(file, [playlist(1, [1, 2, 3])])
    return file


def _lately(path: Path, now: int = NOW, days: int = KEPT_DAYS) -> frozenset[str]:
    with open_reader(path) as connection:
        return lately(connection, now, days)


def test_what_was_suggested_counts_for_thirty_days(stored: Path) -> None:
    assert _lately(stored) == frozenset()
    assert remember(stored, ["a", "b"], NOW)
    assert remember(stored, ["b", "c"], NOW + 10 * DAY)
    assert _lately(stored, NOW + 10 * DAY) == {"a", "b", "c"}
    assert _lately(stored, NOW + 10 * DAY, days=5) == {"b", "c"}
    assert _lately(stored, NOW + 31 * DAY) == {"b", "c"}


def test_what_is_older_is_dropped_from_the_file(stored: Path) -> None:
    """And so is what a clock that went wrong put into the time to come."""
    remember(stored, ["future"], NOW + 400 * DAY)
    remember(stored, ["old"], NOW)
    remember(stored, ["new"], NOW + 31 * DAY)
    with open_reader(stored) as connection:
        assert connection.execute("SELECT track_id FROM suggested").fetchall() == [("new",)]
        assert count_suggested(connection) == 1


def test_a_list_made_beside_another_one_does_not_undo_it(stored: Path) -> None:
    """The one that began a moment earlier may be the one that ends later."""
    remember(stored, ["later"], NOW + 2)
    remember(stored, ["earlier"], NOW)
    assert _lately(stored, NOW + 2) == {"earlier", "later"}


def test_it_is_forgotten_when_asked(stored: Path) -> None:
    remember(stored, ["a", "b"], NOW)
    with open_writer(stored, "testing") as connection, transaction(connection):
        assert forget_suggested(connection) == 2
    assert _lately(stored) == frozenset()


def test_a_track_that_goes_is_forgotten_here_too(stored: Path) -> None:
    """Nothing of what a purge takes is left in this table; what stays is still remembered."""
    second, _ = store_all(stored, [playlist(2, [3, 4])])
    remember(stored, [raw_id("track", 3), raw_id("track", 4)], NOW)
    with open_writer(stored, "testing") as connection:
        assert second.number is not None
        purge_import(connection, second.number)
    assert _lately(stored) == {raw_id("track", 3)}


def test_a_writer_that_stores_nothing_right_now_is_not_waited_for(stored: Path) -> None:
    with open_writer(stored, "crawling for hours"):
        assert remember(stored, ["a"], NOW)
    assert _lately(stored) == {"a"}


def test_a_busy_database_is_left_alone_at_once(stored: Path) -> None:
    """Another process in the middle of a transaction: nothing is remembered, and a quarter of a second lost."""
    with child("hold", stored, "holding"):
        started = time.monotonic()
        assert not remember(stored, ["a"], NOW)
        assert time.monotonic() - started < 3
    assert _lately(stored) == frozenset()
    assert remember(stored, ["a"], NOW)


def test_a_database_that_is_none_is_not_made_or_touched(tmp_path: Path) -> None:
    missing, text, folder = tmp_path / "missing.db", tmp_path / "text.db", tmp_path / "folder.db"
    text.write_text("this is no database, and longer than the head of one " * 40)
    folder.mkdir()
    before = text.read_bytes()
    assert [remember(path, ["a"], NOW) for path in (missing, text, folder)] == [False] * 3
    assert not missing.exists()
    assert text.read_bytes() == before


def test_an_older_database_is_not_brought_forward(stored: Path) -> None:
    with closing(sqlite3.connect(stored)) as connection:
        connection.execute("DROP TABLE suggested")
        connection.execute("PRAGMA user_version = 2")
    assert not remember(stored, ["a"], NOW)
    with closing(sqlite3.connect(stored)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (2,)


def test_a_full_disk_is_no_error(mount: Callable[[str], Path]) -> None:
    """Not one free byte: nothing is remembered, the rest stands, and there is no trace when there is room again."""
    path = mount("4m") / "songs.db"
    store_all(path, [playlist(1, [1, 2, 3])])
    filler = path.with_name("filler")
    _fill(filler)
    assert not remember(path, [f"track {number}" for number in range(5_000)], NOW)
    filler.unlink()
    assert is_sound(path)
    assert _lately(path) == frozenset()
    assert remember(path, ["a"], NOW)


def test_a_disk_that_cannot_be_written_is_no_error(mount: Callable[[str], Path]) -> None:
    path = mount("4m") / "songs.db"
    store_all(path, [playlist(1, [1, 2, 3])])
    subprocess.run(["mount", "-o", "remount,ro", path.parent], check=True)
    assert not remember(path, ["a"], NOW)
    assert _lately(path) == frozenset()


def _remember_on(path: Path, ready: Event, number: int) -> None:
    """Remember group after group, each with a time of its own, until somebody ends it."""
    while True:
        remember(path, [f"{number}:{place}" for place in range(AT_ONCE)], NOW + number)
        number += 1
        ready.set()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no SIGKILL")
def test_killed_at_any_moment_each_list_is_remembered_whole_or_not(stored: Path) -> None:
    context = multiprocessing.get_context("forkserver")
    for milliseconds in (5, 11, 23, 37, 52, 70, 83):
        ready = context.Event()
        process = context.Process(target=_remember_on, args=(stored, ready, 1_000 * milliseconds))
        process.start()
        assert ready.wait(30)
        time.sleep(milliseconds / 1000)
        assert process.pid is not None
        os.kill(process.pid, signal.SIGKILL)
        process.join()
        process.close()
        assert is_sound(stored)
        with open_reader(stored) as connection:
            counts = connection.execute("SELECT count(*) FROM suggested GROUP BY suggested_at").fetchall()
        assert {count for (count,) in counts} == {AT_ONCE}
