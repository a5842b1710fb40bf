"""Kill -9 at any moment: the database is sound, its playlists are whole, and going on ends as if nothing had been."""

import multiprocessing
import random
import signal
import time
from itertools import groupby
from multiprocessing.process import BaseProcess
from operator import itemgetter
from pathlib import Path

import pytest

from db.connection import open_reader, open_writer
from tests.db.child import files, store_files
from tests.db.make import is_sound, meaning

pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="Windows knows no SIGKILL")


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, list[str]], float]:
    """Give what the child stores when nobody kills it, and the seconds that it works."""
    folder = tmp_path_factory.mktemp("undisturbed")
    _run_to_the_end(folder / "first.db")  # the first child starts the server that forks the others
    started = time.perf_counter()
    _run_to_the_end(folder / "songs.db")
    return meaning(folder / "songs.db"), time.perf_counter() - started


def _start(path: Path) -> BaseProcess:
    """Start a child that is about to store; forked from a server, which has loaded all it needs."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.db.child"])
    ready = context.Event()
    process = context.Process(target=store_files, args=(path, ready))
    process.start()
    assert ready.wait(30)
    return process


def _run_to_the_end(path: Path) -> None:
    process = _start(path)
    process.join(60)
    assert process.exitcode == 0
    process.close()


def _kill_after(path: Path, seconds: float) -> bool:
    """Run the child and kill it after a time; tells whether it was still at work."""
    process = _start(path)
    time.sleep(seconds)
    process.kill()
    process.join()
    at_work = process.exitcode != 0
    process.close()
    return at_work


def _holds_whole_playlists(path: Path) -> int:
    told = {p.playlist_id: [(e.position, e.track.track_id) for e in p.entries] for file in files() for p in file}
    with open_reader(path) as connection:
        rows = connection.execute(
            """
            SELECT p.playlist_id, e.position, t.track_id FROM playlists p
            LEFT JOIN playlist_entries e ON e.playlist_key = p.key LEFT JOIN tracks t ON t.key = e.track_key
            ORDER BY p.key, e.position
            """
        )
        stored = {playlist_id: [row[1:] for row in entries] for playlist_id, entries in groupby(rows, itemgetter(0))}
    assert stored == {playlist_id: told[playlist_id] for playlist_id in stored}
    return len(stored)


def _killed_at_many_moments(folder: Path, times: int, expected: dict[str, list[str]], seconds: float) -> None:
    rng = random.Random(times)
    at_work, counts = 0, set()
    for number in range(times):
        path = folder / f"{number}.db"
        at_work += _kill_after(path, rng.random() * seconds)
        with open_writer(path, "opening after a kill"):
            pass
        assert is_sound(path)
        counts.add(_holds_whole_playlists(path))
        if number % 8 == 0:
            _run_to_the_end(path)
            assert meaning(path) == expected
    assert at_work > times / 2
    assert len(counts) > 2, "the moments must lie in the work"


def test_killed_at_25_moments(tmp_path: Path, undisturbed: tuple[dict[str, list[str]], float]) -> None:
    """Whatever the moment of the kill, only whole playlists stand, and going on ends as if nothing had been."""
    _killed_at_many_moments(tmp_path, 25, *undisturbed)


@pytest.mark.slow
def test_killed_at_100_moments(tmp_path: Path, undisturbed: tuple[dict[str, list[str]], float]) -> None:
    """The same at a hundred moments."""
    _killed_at_many_moments(tmp_path, 100, *undisturbed)


def test_killed_again_and_again(tmp_path: Path, undisturbed: tuple[dict[str, list[str]], float]) -> None:
    """One database whose writers are all killed comes to the same end in the end."""
    expected, seconds = undisturbed
    path = tmp_path / "songs.db"
    for number in range(5):
        _kill_after(path, seconds * (0.3 + 0.1 * number))
    _run_to_the_end(path)
    assert is_sound(path)
    assert meaning(path) == expected
