"""`segue export` of all playlists: a folder of them is whole, or is not there."""

import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from tests.cli.running import command, environment, segue
from tests.db.conftest import mount  # noqa: F401 - a fixture
from tests.recommender.songs import add, playlist, song

MANY = 3000


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("many") / "s.db"
    songs = [song(f"Song {n}", "Band") for n in range(5)]
    add(path, [replace(playlist(f"csv:{n}", songs), name=f"List {n}") for n in range(MANY)])
    return path


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@contextmanager
def _exporting(database: Path, folder: Path, *more: str) -> Iterator["subprocess.Popen[str]"]:
    """Run an export, and go on once it has written some files."""
    before = {one for one in folder.parent.iterdir() if one.name.endswith(".part")}
    words = command("export", "json", "-o", folder, "--db", database, *more)
    with subprocess.Popen(words, env=environment(), stderr=subprocess.PIPE, text=True) as running:
        until = time.monotonic() + 20
        while time.monotonic() < until:
            new = [one for one in folder.parent.iterdir() if one.is_dir() and one not in before]
            if any(len(list(one.iterdir())) > 20 for one in new):
                break
        yield running


@pytest.mark.parametrize("there", [False, True])
def test_a_stop_leaves_nothing(database: Path, tmp_path: Path, there: bool) -> None:
    """Neither files nor folders that were not there before; and the next run is not in the way of it."""
    folder = tmp_path / "lists"
    if there:
        folder.mkdir()
    with _exporting(database, folder) as running:
        running.send_signal(signal.SIGINT)
    assert running.returncode
    assert _names(tmp_path) == ["lists"] * there
    assert not there or _names(folder) == []
    assert segue("--db", database, "export", "json", "-o", folder).exit_code == 0
    assert len(_names(folder)) == MANY


def test_a_kill_leaves_only_what_is_hidden_and_the_next_run_removes_it(database: Path, tmp_path: Path) -> None:
    """Of the same name alone, and not what another run is still writing."""
    folder = tmp_path / "lists"
    (tmp_path / ".other.0123abcd.part").mkdir()
    with _exporting(database, folder) as running:
        running.kill()
    hidden = [name for name in _names(tmp_path) if name.startswith(".lists.") and name.endswith(".part")]
    assert _names(tmp_path) == sorted([".other.0123abcd.part", *hidden])
    assert len(hidden) == 1
    with _exporting(database, folder) as running:
        running.send_signal(signal.SIGSTOP)
        try:
            assert segue("--db", database, "export", "json", "-o", folder).exit_code == 0
            assert len(_names(folder)) == MANY
        finally:
            running.send_signal(signal.SIGCONT)
        told = running.communicate(timeout=60)[1]
    assert running.returncode == 1
    assert "Directory not empty" in told
    assert _names(tmp_path) == [".other.0123abcd.part", "lists"]


def test_a_full_disk_leaves_nothing_and_is_named(database: Path, mount: Callable[[str], Path]) -> None:  # noqa: F811
    """The disk of the folder, not of the database."""
    disk = mount("400k")
    for folder, named in ((disk / "new" / "lists", disk / "new"), (disk, disk)):
        result = segue("--db", database, "export", "json", "-o", folder)
        assert result.exit_code == 1
        said = f"Error: the disk of {named} is full: make room, or name another place (-o PATH)\n"
        assert result.stderr == said
        assert _names(disk) == []


def test_an_empty_disk_is_filled_as_a_folder_is(database: Path, mount: Callable[[str], Path]) -> None:  # noqa: F811
    disk = mount("64m")
    assert segue("--db", database, "export", "json", "-o", disk).exit_code == 0
    assert len(_names(disk)) == MANY


def test_an_empty_folder_in_which_one_stands_stays_that_folder(
    database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A shell in it would stand nowhere otherwise."""
    monkeypatch.chdir(tmp_path)
    assert segue("--db", database, "export", "json", "-o", ".").exit_code == 0
    assert len(_names(Path())) == MANY
    assert len(_names(tmp_path)) == MANY


def test_an_empty_folder_keeps_its_rights_and_a_link_to_it_stays(database: Path, tmp_path: Path) -> None:
    (tmp_path / "lists").mkdir(mode=0o700)
    (tmp_path / "link").symlink_to("lists")
    assert segue("--db", database, "export", "json", "-o", tmp_path / "link").exit_code == 0
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "lists").stat().st_mode & 0o777 == 0o700
    assert len(_names(tmp_path / "lists")) == MANY


def test_by_force_among_other_files_it_says_how_far_it_came(
    database: Path,
    mount: Callable[[str], Path],  # noqa: F811
) -> None:
    """There each file is whole by itself, and other files stay."""
    disk = mount("400k")
    (disk / "mine").write_text("mine")
    result = segue("--db", database, "export", "json", "-o", disk, "--force")
    written = len(_names(disk)) - 1
    assert result.exit_code == 1
    cure = "make room, or name another place (-o PATH)"
    assert result.stderr == f"Error: the disk of {disk} is full: {cure}; {written:,} of {MANY:,} were written\n"
    assert written > 20
    assert (disk / "mine").read_text() == "mine"


def test_a_stop_among_other_files_says_how_far_it_came(database: Path, tmp_path: Path) -> None:
    folder = tmp_path / "lists"
    folder.mkdir()
    (folder / "mine").write_text("mine")
    with _exporting(database, folder, "--force") as running:
        running.send_signal(signal.SIGINT)
        told = running.communicate(timeout=60)[1]
    assert running.returncode
    assert f"of {MANY:,} were written" in told
    assert not [name for name in _names(folder) if name.endswith(".part")]


def test_a_place_that_cannot_be_written_is_one_line(database: Path, mount: Callable[[str], Path]) -> None:  # noqa: F811
    disk = mount("64k")
    subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
    for folder in (disk, disk / "lists", disk / "far" / "lists"):
        result = segue("--db", database, "export", "csv", "-o", folder)
        assert result.exit_code == 1
        said = f"Error: {folder} cannot be written (Read-only file system): name another place (-o PATH)\n"
        assert result.stderr == said
