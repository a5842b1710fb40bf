"""Files, folders, gzip and zip: what is read, and what ends in one line."""

import gzip
import io
import os
import zipfile
from pathlib import Path

import pytest

from importer import source as source_module
from importer.errors import BadFile
from importer.source import Source, file_at
from importer.walk import walk


def _names(*paths: Path) -> list[str]:
    return [found.name.replace(os.sep, "/").rsplit("/", 1)[-1] for found in walk(paths)]


def _content(source: Source) -> bytes:
    with source.open() as stream:
        return stream.read()


def test_a_folder_is_walked_sorted_and_hidden_files_are_left_out(tmp_path: Path) -> None:
    for name in ("b/z.json", "b/a.json", "a.json", ".hidden", "b/.git/x", "c.json"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("{}")
    found = list(walk([tmp_path]))
    assert [str(s.path.relative_to(tmp_path)) for s in found] == ["a.json", "b/a.json", "b/z.json", "c.json"]
    assert not any(s.named for s in found)


def test_a_named_file_is_named_even_when_hidden(tmp_path: Path) -> None:
    path = tmp_path / ".lists.json"
    path.write_text("{}")
    assert [s.named for s in walk([path])] == [True]


def test_plain_gzip_and_zip_give_the_same_bytes(tmp_path: Path) -> None:
    content = b"x" * 300_000
    plain, packed, zipped = tmp_path / "a.json", tmp_path / "a.json.gz", tmp_path / "a.zip"
    plain.write_bytes(content)
    packed.write_bytes(gzip.compress(content))
    with zipfile.ZipFile(zipped, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("in/a.json", content)
        archive.writestr("in/b.json.gz", gzip.compress(content))
        archive.writestr("__MACOSX/a.json", b"no")
        archive.writestr("in/.DS_Store", b"no")
    found = list(walk([plain, packed, zipped]))
    assert [s.filename for s in found] == ["a.json", "a.json", "a.json", "b.json"]
    for s in walk([plain, packed, zipped]):
        assert _content(s) == content
        assert s.head() == content[: source_module.HEAD_BYTES]
        assert s.head() is s.head()


def test_a_member_can_be_read_after_the_walk(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.json", b"{}")
    (found,) = list(walk([path]))
    assert _content(found) == b"{}"
    assert found.name == f"{path}!a.json"


def test_two_members_of_one_name_are_two(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.json", b"1")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("a.json", b"22")
    assert [_content(found) for found in walk([path])] == [b"1", b"22"]
    assert [_content(found) for found in list(walk([path]))] == [b"1", b"22"]


def test_the_companion_is_found_beside_a_file_and_inside_a_zip(tmp_path: Path) -> None:
    (tmp_path / "songs.csv.gz").write_bytes(gzip.compress(b"titles"))
    (tmp_path / "plays.txt").write_text("plays")
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.writestr("d/plays.txt", b"plays")
        archive.writestr("d/songs.csv", b"titles in the zip")
        archive.writestr("songs.csv", b"another folder")
    beside = file_at(tmp_path / "plays.txt", named=True).beside("songs.csv")
    assert beside
    assert _content(beside) == b"titles"
    inside = next(s for s in walk([tmp_path / "all.zip"]) if s.filename == "plays.txt").beside("songs.csv")
    assert inside
    assert _content(inside) == b"titles in the zip"


def test_link_loops_end(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "x.json").write_text("{}")
    (tmp_path / "a" / "up").symlink_to(tmp_path)
    (tmp_path / "nowhere").symlink_to(tmp_path / "gone")
    assert _names(tmp_path) == ["x.json"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes on this system")
def test_a_pipe_is_never_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "x.json").write_text("{}")
    assert _names(tmp_path) == ["x.json"]
    (found,) = walk([tmp_path / "pipe"])
    with pytest.raises(BadFile, match="no ordinary file"):
        found.head()


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_closed_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "closed").mkdir(mode=0)
    (found,) = walk([tmp_path])
    with pytest.raises(BadFile, match="cannot be opened"):
        found.head()
    (tmp_path / "closed").chmod(0o700)


def test_a_missing_path_is_named(tmp_path: Path) -> None:
    (found,) = walk([tmp_path / "gone"])
    with pytest.raises(BadFile, match="no such file"):
        found.head()


def _cut(data: bytes) -> bytes:
    return data[: len(data) // 2]


def _zip(content: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.json", content)
    return stream.getvalue()


_NOISE = os.urandom(200_000)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("cut.json.gz", _cut(gzip.compress(_NOISE))),
        ("false.json.gz", b"{}"),
        ("cut.zip", _cut(_zip(_NOISE))),
        ("false.zip", b"{}"),
        ("flipped.zip", _zip(_NOISE).replace(_NOISE[1000:1010], b"0123456789")),
    ],
)
def test_broken_packing_is_a_bad_file(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    (found,) = walk([path])
    with pytest.raises(BadFile):
        _content(found)


def test_an_encrypted_member_is_a_bad_file(tmp_path: Path) -> None:
    data = bytearray(_zip(b"{}"))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    (tmp_path / "locked.zip").write_bytes(data)
    (found,) = walk([tmp_path / "locked.zip"])
    with pytest.raises(BadFile, match="encrypted"):
        _content(found)


def test_a_bomb_ends_at_the_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source_module, "MAX_BYTES", 1 << 20)
    (tmp_path / "bomb.json.gz").write_bytes(gzip.compress(b" " * (8 << 20)))
    (found,) = walk([tmp_path / "bomb.json.gz"])
    with pytest.raises(BadFile, match="more than"):
        _content(found)


def test_bytes_are_told_as_they_are_read(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(b"x" * 1000)
    told: list[int] = []
    found = Source("a", tmp_path / "a.json", 1000, watch=told.append)
    assert len(_content(found)) == sum(told) == 1000


def test_a_name_in_another_encoding_is_no_trouble(tmp_path: Path) -> None:
    try:
        path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.json"))
        path.write_bytes(b"{}")
    except OSError:
        pytest.skip("this file system takes only UTF-8 names")
    (found,) = walk([path])
    assert found.stem == "caf\ufffd"
