"""Bad input: one line with the file, the place and the cure; exit code 1; the good files are stored."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cli import main
from importer import run
from importer.commands import FORMATS
from importer.formats import ALIASES, NAMES, named
from tests.importer.make import slice_of, write, write_slice


def _segue(tmp_path: Path, *told: str | Path) -> Result:
    return CliRunner().invoke(main, ["--db", str(tmp_path / "segue.db"), "import", *map(str, told)])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    return tmp_path / "in"


WHOLE = json.dumps(slice_of(), ensure_ascii=False).encode()


@pytest.mark.parametrize(
    ("name", "content", "line"),
    [
        ("mpd.slice.1-2.json", WHOLE[:5000], "line 1, column 4,959: the file is cut off"),
        ("mpd.slice.1-2.json", WHOLE[: WHOLE.index(b"\xc3") + 1], "byte 100: the file is cut off"),
        ("mpd.slice.1-2.json", b"", "the file is empty"),
        ("mpd.slice.1-2.json", b"{}", "no slice of playlists"),
        ("a.json", WHOLE.decode().replace("Ka", "K\xe4").encode("latin-1", "replace"), "not UTF-8"),
        ("a.json", WHOLE.replace(b'"tracks": [', b'"tracks": null, "x": [', 1), "playlists[0].tracks: a list"),
        ("a.json", b'{"playlists": [{"pid": 1, "name": "\\ud800", "tracks": []}]}', "line 1, column"),
        ("a.json", b'{"playlists": [{"pid": 1, "name": "\\u0000", "tracks": []}]}', "playlists[0].name: a NUL"),
        ("a.csv", b"title,artist\nV\xf6,Kalo\n", "byte 15"),
        ("a.csv", b"", "the file is empty"),
        ("a.csv.gz", b"\x1f\x8bnonsense", "damaged"),
        ("a.zip", b"PK\x03\x04nonsense", "damaged"),
    ],
)  # fmt: skip
def test_each_bad_file_is_one_line_and_the_good_one_is_stored(
    tmp_path: Path, folder: Path, name: str, content: bytes, line: str
) -> None:
    write(folder / name, content)
    write_slice(folder, playlists=3)
    result = _segue(tmp_path, folder, "--json")
    assert result.exit_code == 1
    (told,) = result.stderr.splitlines()
    assert told.startswith(f"{folder / name}: ")
    assert line in told
    assert "; " in told
    report = json.loads(result.stdout)
    assert report["imports"][0]["playlists_new"] == 3
    assert [bad["file"] for bad in report["bad"]] == [str(folder / name)]


@pytest.mark.parametrize(
    ("name", "content", "line"),
    [
        ("Userdata.json", b'{"username": "ann"}', "of no format that is known; name its format (--format mpd|"),
        ("song.mp3", b"ID3\x04", "of no format that is known"),
        ("a.csv", b"Lied,Liste\nVo,Eins\n", "--column ROLE=NAME"),
    ],
)
def test_a_named_file_of_another_kind_is_bad(
    tmp_path: Path, folder: Path, name: str, content: bytes, line: str
) -> None:
    path = write(folder / name, content).path
    result = _segue(tmp_path, path)
    assert result.exit_code == 1
    assert line in result.stderr
    result = _segue(tmp_path, folder)
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: nothing to import at ")


def test_a_missing_path_and_an_empty_folder(tmp_path: Path, folder: Path) -> None:
    for path, line in ((tmp_path / "gone", "no such file or folder; check the path"), (folder, "no files are there")):
        result = _segue(tmp_path, path)
        assert result.exit_code == 1
        assert line in result.stderr
        assert "Traceback" not in result.output


@pytest.mark.parametrize("told", [[], ["--format", "mp3", "x"], ["--column", "song=x", "x"], ["--no", "x"]])
def test_wrong_usage_is_exit_code_2(tmp_path: Path, told: list[str]) -> None:
    assert _segue(tmp_path, *told).exit_code == 2


def test_the_summary_says_what_happened(tmp_path: Path, folder: Path) -> None:
    write_slice(folder, playlists=3)
    write(folder / "cover.jpg", b"\xff\xd8")
    result = _segue(tmp_path, folder)
    assert result.exit_code == 0
    assert result.stdout.startswith("Import 1 (mpd, 1 file): 3 playlists, ")
    assert result.stdout.endswith("\nSkipped: 1 file of no known format\n")
    result = _segue(tmp_path, folder)
    assert result.stdout.startswith("Nothing new in mpd: 1 file, 3 playlists unchanged\n")


def test_a_full_disk_is_foreseen(tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_slice(folder, playlists=3)
    monkeypatch.setitem(run.DATABASE_BYTES_PER_BYTE, ".json", (1e15, 1e15))
    result = _segue(tmp_path, folder)
    assert result.exit_code == 1
    assert "make room" in result.stderr


def test_the_names_of_formats_are_one_list() -> None:
    assert sorted(FORMATS) == sorted((*NAMES, *ALIASES))
    for name in NAMES:
        module = named(name)
        assert name == module.NAME
        assert module.ABOUT
        assert "\n" not in module.ABOUT
