"""Files are written whole or not at all, whatever comes in between."""

import contextlib
import os
import signal
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from recommender.errors import CannotWrite
from recommender.writing import whole_file
from recommender.writing.whole_file import write_whole
from tests.cli.running import ROOT
from tests.db.conftest import mount  # noqa: F401 - a fixture


def _left(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("force", [False, True])
def test_a_new_file_holds_the_text_and_nothing_else_is_left(tmp_path: Path, force: bool) -> None:
    """In UTF-8, with line ends as they are, and with the rights that new files have."""
    write_whole(tmp_path / "a.txt", "夜\nline\r\n", force)
    assert (tmp_path / "a.txt").read_bytes() == "夜\nline\r\n".encode()
    assert _left(tmp_path) == ["a.txt"]
    (tmp_path / "b.txt").touch()
    assert (tmp_path / "a.txt").stat().st_mode == (tmp_path / "b.txt").stat().st_mode


def test_a_file_that_is_there_is_replaced_only_by_force(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    write_whole(path, "old", False)
    path.chmod(0o640)
    with pytest.raises(CannotWrite, match=r"a\.txt is there already: --force replaces it"):
        write_whole(path, "new", False)
    assert path.read_text() == "old"
    write_whole(path, "new", True)
    assert path.read_text() == "new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert _left(tmp_path) == ["a.txt"]


def test_a_file_that_comes_while_one_is_written_is_not_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody else's file appears between the look and the end."""
    path, put = tmp_path / "a.txt", whole_file.put

    def slow(new: Path, path: Path, *, force: bool) -> None:
        path.write_text("theirs")
        put(new, path, force=force)

    monkeypatch.setattr(whole_file, "put", slow)
    with pytest.raises(CannotWrite, match="is there already"):
        write_whole(path, "ours", False)
    assert path.read_text() == "theirs"
    assert _left(tmp_path) == ["a.txt"]


def test_a_disk_without_second_names_takes_files_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As memory sticks are."""

    def refuse(self: Path, target: Path) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    write_whole(tmp_path / "a.txt", "text", False)
    assert (tmp_path / "a.txt").read_text() == "text"
    with pytest.raises(CannotWrite, match="is there already"):
        write_whole(tmp_path / "a.txt", "new", False)
    assert _left(tmp_path) == ["a.txt"]


def test_a_link_stays_and_its_file_is_written(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "a.txt").symlink_to(tmp_path / "there" / "b.txt")
    write_whole(tmp_path / "a.txt", "text", False)
    assert (tmp_path / "a.txt").is_symlink()
    assert (tmp_path / "there" / "b.txt").read_text() == "text"


def test_a_pipe_is_written_to(tmp_path: Path) -> None:
    """More than it holds at once, too."""
    os.mkfifo(tmp_path / "pipe")
    read: list[bytes] = []
    end = os.fdopen(os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK), "rb")
    os.set_blocking(end.fileno(), True)
    reader = threading.Thread(target=lambda: read.append(b"".join([end.read(4), end.read()])))
    writer = threading.Thread(target=write_whole, args=(tmp_path / "pipe", "text" * 100_000, False))
    writer.start()
    time.sleep(0.1)
    reader.start()
    writer.join(10)
    reader.join(10)
    end.close()
    assert read == [b"text" * 100_000]
    assert stat.S_ISFIFO((tmp_path / "pipe").stat().st_mode)


def test_a_pipe_that_nobody_reads_is_said_at_once(tmp_path: Path) -> None:
    """Rather than waited for."""
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(CannotWrite, match=r"nobody reads from .*pipe: start its reader first"):
        write_whole(tmp_path / "pipe", "text", True)


def test_stdout_by_its_name_is_written_to() -> None:
    """As the pipe that it is, which has no place among the folders."""
    code = (
        "from pathlib import Path; from recommender.writing.whole_file import write_whole; "
        "write_whole(Path('/dev/stdout'), 'text', False)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "text", "")


@pytest.mark.parametrize("force", [False, True])
@pytest.mark.parametrize("tail", ["", "-wal", "-shm", "-journal", ".lock", ".writer"])
@pytest.mark.parametrize("there", [False, True])
def test_a_database_and_what_belongs_to_it_is_never_replaced(
    tmp_path: Path, force: bool, tail: str, there: bool
) -> None:
    """Whatever it is called, also through a link, and also before what belongs to it is there."""
    base, link = tmp_path / "songs.csv", tmp_path / "link"
    base.write_bytes(b"SQLite format 3\0" + bytes(84))
    path = tmp_path / f"songs.csv{tail}"
    link.symlink_to(path)
    if there and tail:
        path.write_bytes(b"theirs")
    before = {one.name: one.read_bytes() for one in tmp_path.iterdir() if one.exists()}
    for place in (path, link):
        with pytest.raises(CannotWrite, match=r"database.*: name another place \(-o PATH\)"):
            write_whole(place, "text", force)
    assert {one.name: one.read_bytes() for one in tmp_path.iterdir() if one.exists()} == before
    write_whole(tmp_path / "other.lock", "text", force)


def test_places_that_cannot_be_written_are_said(tmp_path: Path) -> None:
    """A folder, a folder that is not there, a name that is too long, a folder that is a file."""
    with pytest.raises(CannotWrite, match="is a folder: name a file in it"):
        write_whole(tmp_path, "text", True)
    with pytest.raises(CannotWrite, match=r"there is no folder .*nowhere: make it first"):
        write_whole(tmp_path / "nowhere" / "a.txt", "text", False)
    with pytest.raises(CannotWrite, match="cannot be written"):
        write_whole(tmp_path / ("a" * 300), "text", False)
    (tmp_path / "file").touch()
    with pytest.raises(CannotWrite, match="cannot be written"):
        write_whole(tmp_path / "file" / "a.txt", "text", False)
    assert _left(tmp_path) == ["file"]


def test_a_full_disk_leaves_what_was_there(mount: Callable[[str], Path]) -> None:  # noqa: F811 - the fixture
    """And nothing half-written; it is the disk of this file that is named."""
    path = mount("64k") / "a.txt"
    write_whole(path, "old", False)
    said = rf"^the disk of {path.parent} is full: make room, or name another place \(-o PATH\)$"
    with pytest.raises(CannotWrite, match=said):
        write_whole(path, "new" * 100_000, True)
    with pytest.raises(CannotWrite, match=said):
        write_whole(path.with_name("b.txt"), "new" * 100_000, False)
    assert path.read_text() == "old"
    assert _left(path.parent) == ["a.txt"]


_FOREVER = """
import sys
from pathlib import Path
from recommender.writing.whole_file import write_whole
path, texts = Path(sys.argv[1]), [letter * 3_000_000 for letter in "ab"]
print("ready", flush=True)
while True:
    for text in texts:
        write_whole(path, text, True, lasting=False)
"""


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_a_writer_that_is_stopped_at_any_moment_leaves_a_whole_file(tmp_path: Path, how: signal.Signals) -> None:
    """Ten times killed, or told to stop: what stands there is one text or the other; told to stop, it tidies up."""
    path = tmp_path / "a.txt"
    for place in range(10):
        writer = subprocess.Popen(
            [sys.executable, "-c", _FOREVER, str(path)], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        with writer, contextlib.closing(writer.stdout):  # type: ignore[type-var]
            assert writer.stdout
            assert writer.stdout.readline() == b"ready\n"
            time.sleep(0.02 + place * 0.007)
            writer.send_signal(how)
            writer.wait(20)
        text = path.read_text()
        assert len(text) == 3_000_000
        assert len(set(text)) == 1
    if how == signal.SIGINT:
        assert _left(tmp_path) == ["a.txt"]
