"""Running `segue` within the tests, and as a process of its own."""

import os
import subprocess
import sys
from pathlib import Path

from click.testing import CliRunner, Result

from cli import main

ROOT = Path(__file__).resolve().parents[2]


def segue(*words: object, env: dict[str, str] | None = None) -> Result:
    """Run the command in this process; an error that is not turned into a sentence is raised here."""
    result = CliRunner().invoke(
        main, [str(word) for word in words], env={"SEGUE_DB": None, **(env or {})}, prog_name="segue"
    )
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def command(*words: object) -> list[str]:
    """Give the command line of a process of its own."""
    return [sys.executable, str(ROOT / "cli.py"), *map(str, words)]


def process(*words: object, **more: object) -> subprocess.CompletedProcess[str]:
    """Run the command as a process of its own."""
    return subprocess.run(command(*words), capture_output=True, text=True, check=False, timeout=60, **more)  # type: ignore[call-overload]


def environment(**more: str) -> dict[str, str]:
    """Give this environment with some changes, and without a database named in it."""
    return {key: value for key, value in os.environ.items() if key != "SEGUE_DB"} | more
