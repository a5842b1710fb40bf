"""Tables that would take all memory: they end in one line before pandas holds them."""

import gzip
from pathlib import Path

import pytest

from importer import table
from importer.errors import BadFile
from tests.importer.make import read, write

ROW = b"Vo,Kalo,la\n"


def _refused(path: Path, content: bytes) -> BadFile:
    with pytest.raises(BadFile) as told:
        read(write(path, gzip.compress(content, 1)), "csv")
    return told.value


def test_a_line_that_does_not_end(tmp_path: Path) -> None:
    content = b"title,artist,lyrics\n" + ROW * 5 + b"Tu,Kalo," + b"x" * (table.MAX_LINE + 1_000_000) + b"\n"
    assert "no end of line" in str(_refused(tmp_path / "a.csv.gz", content))


def test_long_lines_one_after_the_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "MAX_BATCH", 3_000_000)
    content = b"title,artist,lyrics\n" + (b"Tu,Kalo," + b"x" * 900_000 + b"\n") * 9
    assert "too long" in str(_refused(tmp_path / "a.csv.gz", content))


def test_a_quoted_cell_of_many_lines_that_does_not_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "MAX_BATCH", 3_000_000)
    content = b'title,artist,lyrics\nTu,Kalo,"' + b"la\n" * 2_000_000
    assert "too long" in str(_refused(tmp_path / "a.csv.gz", content))


@pytest.mark.parametrize("columns", [table.MAX_COLUMNS - 1, 20_000, 1_000_001])
def test_too_many_columns(tmp_path: Path, columns: int) -> None:
    told = _refused(tmp_path / "a.csv.gz", b"title,artist" + b"," * columns + b"\nVo,Kalo" + b"," * columns + b"\n")
    assert told.place == "line 1"


def test_long_names_of_columns(tmp_path: Path) -> None:
    names = b"".join(b",%0200d" % number for number in range(1000))
    assert _refused(tmp_path / "a.csv.gz", b"title,artist" + names + b"\n").place == "line 1"


def test_as_many_columns_as_may_be(tmp_path: Path) -> None:
    more = b"," * (table.MAX_COLUMNS - 2)
    assert len(read(write(tmp_path / "a.csv", b"title,artist" + more + b"\nVo,Kalo" + more + b"\n"))) == 1


def test_many_batches_are_no_trouble(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "MAX_BATCH", 1_000_000)
    monkeypatch.setattr(table, "BATCH_ROWS", 1000)
    assert len(read(write(tmp_path / "a.csv", b"title,artist,lyrics\n" + ROW * 300_000))) == 300_000
