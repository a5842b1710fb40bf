"""The command around an import: what it takes, where it speaks, and that it also runs where nobody listens."""

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cli import main
from importer.commands import summary
from importer.run import Report
from tests.importer.make import write

ROOT = Path(__file__).parents[2]


def _segue(tmp_path: Path, *told: str | Path) -> Result:
    return CliRunner().invoke(main, ["--db", str(tmp_path / "segue.db"), "import", *map(str, told)])


@pytest.mark.skipif(sys.platform == "win32", reason="closing a stream needs a Unix shell")
@pytest.mark.parametrize("closed", ["2>&-", "2>&- <&-"])
def test_a_closed_stderr_is_no_trouble(tmp_path: Path, closed: str) -> None:
    path = write(tmp_path / "mix.m3u", "Kalo - Vo.mp3\n").path
    told = [sys.executable, "-m", "cli", "--db", str(tmp_path / "segue.db"), "import", str(path)]
    done = subprocess.run(
        ["sh", "-c", f'exec "$@" {closed}', "sh", *told], cwd=ROOT, stdout=subprocess.PIPE, check=False
    )
    assert done.returncode == 0
    assert done.stdout.startswith(b"Import 1 (m3u, 1 file): 1 playlist")


def test_an_empty_path_is_wrong_usage(tmp_path: Path) -> None:
    result = _segue(tmp_path, "")
    assert result.exit_code == 2
    assert result.stderr.splitlines()[-1] == "Error: Invalid value for 'PATH...': the path is empty"
    assert not (tmp_path / "segue.db").exists()


@pytest.mark.parametrize(
    "told", [["gone\nfile"], ["--format", "m3u\nx", "a"], ["--column", "x\ny", "a"], ["a", "--no\nx"]]
)
def test_a_line_break_in_an_argument_does_not_break_the_line(tmp_path: Path, told: list[str]) -> None:
    result = _segue(tmp_path, *told)
    assert result.exit_code in (1, 2)
    assert "\\n" in result.stderr.splitlines()[-1]


def test_one_and_many_are_left_out_in_the_same_words() -> None:
    report = Report()
    report.entries_skipped.update({"plays of less than 30 seconds": 1, "lines that name no track": 1200})
    assert summary(report) == [
        "Left out (1,200): lines that name no track",
        "Left out (1): plays of less than 30 seconds",
    ]
