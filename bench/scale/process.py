"""A command as a process of its own: its time, the work of its cores, its memory, and the disk it needs meanwhile."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.measure import ROOT

_LOOK_EVERY_S = 0.05


class StepFailed(Exception):
    """A command that was measured ended with another exit code than 0."""


@dataclass(frozen=True)
class Run:
    """What one process took."""

    seconds: float
    work: float
    """Seconds of all cores, its children's included."""
    peak: float
    """The most memory that the process held, without its children, in millions of bytes."""
    disk: float
    """The most that the watched folder held meanwhile, in millions of bytes."""
    output: str


def run(command: Sequence[str | Path], watched: Path) -> Run:
    """Run a command to its end. Raises StepFailed with the end of what it said."""
    with tempfile.TemporaryFile() as said, tempfile.TemporaryFile() as warned:
        started = time.perf_counter()
        process = subprocess.Popen(list(map(str, command)), cwd=ROOT, stdout=said, stderr=warned)
        disk, peak, code = 0.0, 0.0, None
        try:
            while code is None:
                disk, peak = max(disk, folder_megabytes(watched)), max(peak, _high_water(process.pid))
                time.sleep(_LOOK_EVERY_S)
                # wait4, because getrusage(RUSAGE_CHILDREN) would mix this child with all before it.
                pid, status, used = os.wait4(process.pid, os.WNOHANG)
                code = os.waitstatus_to_exitcode(status) if pid else None
        finally:
            if code is None:
                process.kill()
                process.wait()
            else:
                process.returncode = code
        seconds = time.perf_counter() - started
        if code:
            warned.seek(0)
            raise StepFailed(f"{' '.join(map(str, command))} ended with {code}:\n{warned.read()[-2000:].decode()}")
        said.seek(0)
        to_bytes = 1 if sys.platform == "darwin" else 1024
        peak = peak or used.ru_maxrss * to_bytes / 1e6
        return Run(seconds, used.ru_utime + used.ru_stime, peak, disk, said.read().decode())


def _high_water(process: int) -> float:
    """Give the most that a process has held so far, in millions of bytes; 0 where nobody tells, or it has ended."""
    # What wait4 tells counts what the parent held when it made the child, too.
    try:
        status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    except OSError:
        return 0.0
    lines = [line for line in status.splitlines() if line.startswith("VmHWM")]
    return int(lines[0].split()[1]) * 1024 / 1e6 if lines else 0.0


def segue(database: Path, *words: str | Path) -> list[str | Path]:
    """Give the command line of this checkout's `segue`."""
    return [sys.executable, ROOT / "cli.py", "--db", database, *words]


def folder_megabytes(folder: Path) -> float:
    """Add up the files of a folder, some of which may vanish meanwhile."""
    total = 0
    for place, _, names in os.walk(folder):
        for name in names:
            try:
                total += os.stat(os.path.join(place, name)).st_size  # noqa: PTH116, PTH118 - it is looked at often
            except FileNotFoundError:
                continue
    return total / 1e6
