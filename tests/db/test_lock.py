# ruff: noqa: PT012  # a transaction that fails is more than one statement
"""Several processes on one file: one writer that is known by name, and readers whom nobody keeps waiting."""

import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from db import lock, read
from db.connection import open_reader, open_writer, transaction
from db.errors import DatabaseBusy, ReadOnlyPlace
from db.write import store
from tests.db.make import entries_of, is_sound, meaning, playlist, run, store_all, track

ROOT = Path(__file__).parents[2]


@contextmanager
def child(command: str, path: Path, last_line: str = "ready") -> Iterator[subprocess.Popen]:
    """Run a child, wait until it has said that line, and kill it in the end."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.db.child", command, str(path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        for line in process.stdout:
            if line.strip() == last_line:
                break
        yield process
    finally:
        process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for the lock only a moment."""
    monkeypatch.setattr(lock, "PATIENCE_S", 0.1)


def _write(path: Path) -> None:
    with open_writer(path, "testing"):
        pass


@pytest.mark.usefixtures("impatient")
def test_a_second_writer_is_told_who_writes(file: Path) -> None:
    """A second writer gives up with the holder's purpose and process number; readers read on, without its half work."""
    store_all(file, [playlist(9, [9])])
    with child("hold", file, "holding") as holder:
        with pytest.raises(
            DatabaseBusy, match=rf"holding on, process {holder.pid}, since \d\d:\d\d.*wait until it is done"
        ):
            _write(file)
        started = time.perf_counter()
        with open_reader(file) as connection:
            assert read.count_rows(connection)["playlists"] == 1
        assert time.perf_counter() - started < 2


@pytest.mark.usefixtures("impatient")
@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="Windows knows no SIGKILL")
def test_the_lock_of_a_killed_writer_is_free(file: Path) -> None:
    """A writer that was killed leaves the lock free, and nothing of its last transaction."""
    with child("hold", file, "holding") as holder:
        holder.send_signal(signal.SIGKILL)
        holder.wait()
        _write(file)
    assert entries_of(file, "made-up:1") == []
    assert is_sound(file)
    assert not Path(f"{file}.writer").exists()


@pytest.mark.usefixtures("impatient")
def test_a_second_writer_in_one_process_is_busy(file: Path) -> None:
    """Two writers in one process are refused just the same, and the first goes on."""
    with open_writer(file, "the first") as connection:
        with pytest.raises(DatabaseBusy, match="the first"):
            _write(file)
        with transaction(connection):
            store(connection, run(), [playlist(1, [1])])
    _write(file)


def test_a_writer_waits_for_a_short_one(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A writer waits for the other to end before it gives up."""
    monkeypatch.setattr(lock, "PATIENCE_S", 20.0)
    with child("store", file) as other:
        while not Path(f"{file}.writer").exists() and other.poll() is None:
            time.sleep(0.001)
        _write(file)
        assert other.wait(10) == 0
    assert is_sound(file)


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("card", ["", "{", "[]", "{}", '{"pid": 1, "purpose": "x", "since": "noon"}', "\udcff"])
def test_a_strange_card_names_nobody(file: Path, card: str) -> None:
    """A card that cannot be read costs the name of the holder and nothing else."""
    with open_writer(file, "the first"):
        Path(f"{file}.writer").write_text(card, encoding="utf-8", errors="surrogateescape")
        with pytest.raises(DatabaseBusy, match="another process is writing"):
            _write(file)


def test_readers_see_whole_playlists_while_a_writer_writes(file: Path) -> None:
    """Readers beside a busy writer see more and more playlists, each whole, and are never kept waiting."""
    store_all(file, [])
    seen, longest = [], 0.0
    with child("endless", file):
        ends = time.monotonic() + 2
        while time.monotonic() < ends:
            started = time.perf_counter()
            with open_reader(file) as connection:
                lengths = connection.execute(
                    "SELECT (SELECT count(*) FROM playlist_entries WHERE playlist_key = key) FROM playlists"
                ).fetchall()
            longest = max(longest, time.perf_counter() - started)
            assert set(lengths) <= {(40,)}
            seen.append(len(lengths))
    assert seen == sorted(seen)
    assert seen[-1] > seen[0]
    assert longest < 1.5
    assert is_sound(file)


def test_a_reader_keeps_its_view(file: Path) -> None:
    """A reader that has begun sees what stood then, and a writer beside it ends without waiting long for it."""
    store_all(file, [playlist(1, [1])])
    with open_reader(file) as connection:
        connection.execute("BEGIN")
        assert read.count_rows(connection)["playlists"] == 1
        started = time.perf_counter()
        store_all(file, [playlist(2, [2])])
        assert time.perf_counter() - started < 5
        assert read.count_rows(connection)["playlists"] == 1
        connection.execute("COMMIT")
        assert read.count_rows(connection)["playlists"] == 2


def test_a_reader_cannot_write(file: Path) -> None:
    """A reader's connection refuses to write."""
    store_all(file, [playlist(1, [1])])
    with pytest.raises(ReadOnlyPlace), open_reader(file) as connection:
        connection.execute("DELETE FROM playlist_entries")
    assert entries_of(file, "made-up:1") == [(0, track(1).track_id)]


def _copied(path: Path) -> Path:
    assert not Path(f"{path}-wal").exists()
    return Path(shutil.copy(path, path.with_name("copy.db")))


def test_the_one_file_is_the_whole_database(file: Path) -> None:
    """After a writer has closed, the one file alone is the whole database."""
    store_all(file, [playlist(number, range(20)) for number in range(20)])
    assert meaning(_copied(file)) == meaning(file)


def test_the_one_file_is_whole_when_a_writer_failed(file: Path) -> None:
    """So it is when the writer ended with an error or Ctrl-C in the middle of a transaction."""
    store_all(file, [playlist(1, [1])])
    before = meaning(file)
    with pytest.raises(KeyboardInterrupt), open_writer(file, "testing") as connection, transaction(connection):
        store(connection, run(), [playlist(2, [2])])
        raise KeyboardInterrupt
    assert meaning(_copied(file)) == before


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="Windows knows no SIGKILL")
def test_the_one_file_is_whole_after_a_reader(file: Path) -> None:
    """A reader that closes last leaves one file, also after a writer was killed."""
    with child("endless", file) as writer:
        while not (file.is_file() and Path(f"{file}-wal").is_file() and Path(f"{file}-wal").stat().st_size > 800_000):
            time.sleep(0.01)
        writer.send_signal(signal.SIGKILL)
        writer.wait()
    with open_reader(file) as connection:
        playlists = read.count_rows(connection)["playlists"]
    assert playlists > 0
    with open_reader(_copied(file)) as connection:
        assert read.count_rows(connection)["playlists"] == playlists


def test_two_databases_have_two_locks(tmp_path: Path) -> None:
    """A writer of one database does not keep a writer of another."""
    with open_writer(tmp_path / "a.db", "a"), open_writer(tmp_path / "b.db", "b"):
        pass
    assert sorted(re.sub(r"\.db.*", "", path.name) for path in tmp_path.glob("*.lock")) == ["a", "b"]
