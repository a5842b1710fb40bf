"""Figures of a bench, and children to measure in: time and memory of one are no other's."""

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from recommender.threads import ONE

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Figure:
    """One measured value beside its target."""

    what: str
    measured: float
    unit: str
    target: float | None
    """None where no target is set, and the value is for reading."""
    at_most: bool = True
    """Whether the target is a ceiling, and else a floor."""
    detail: str = ""

    @property
    def kept(self) -> bool | None:
        """Whether the target is kept; None without one."""
        if self.target is None:
            return None
        return self.measured <= self.target if self.at_most else self.measured >= self.target


def child(module: str, *words: object) -> dict[str, Any]:
    """Run `python -m module words` as a process of its own; it prints one JSON object as its last line."""
    # With one thread for the linear algebra, as `segue` itself runs.
    done = subprocess.run(
        [sys.executable, "-m", module, *map(str, words)], cwd=ROOT, capture_output=True, text=True, check=False,
        env=ONE | os.environ,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"{module} {' '.join(map(str, words))} failed:\n{done.stderr}")
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def alternate(calls: dict[str, Callable[[], dict[str, Any]]], runs: int) -> dict[str, list[dict[str, Any]]]:
    """Call each in turn, again and again, so that a busy moment of the machine hits all alike."""
    results: dict[str, list[dict[str, Any]]] = {name: [] for name in calls}
    for _ in range(runs):
        for name, call in calls.items():
            results[name].append(call())
    return results


def middle(results: Sequence[dict[str, Any]], key: str) -> float:
    """Give the median of one value over the runs."""
    return float(median(result[key] for result in results))


def seconds_of(call: Callable[[], object]) -> float:
    """Time a call."""
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


def peak_megabytes() -> float:
    """Give the most memory that this process has held, in millions of bytes."""
    status = Path("/proc/self/status")
    if status.exists():
        # ru_maxrss would count what the parent held before this program was loaded.
        line = next(line for line in status.read_text(encoding="ascii").splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) * 1024 / 1e6
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1e6 if sys.platform == "darwin" else peak * 1024 / 1e6


def tell(**values: object) -> None:
    """Print what a child measured."""
    print(json.dumps(values))
