"""A worker of Spark that is killed in the middle costs time, and nothing else."""

import os
import signal
import subprocess
import time
from pathlib import Path

import numpy as np
import pytest

from recommender.artifacts import read_model
from recommender.corpus import corpus_from_lists
from recommender.models.item_knn import ItemKNN, Options
from recommender.models.neighbours import Neighbours
from tests.cli.running import command, environment
from tests.engines.collections import collection
from tests.engines.conftest import need_spark
from tests.engines.likeness import same_neighbours

PATIENCE_S = 300


def _workers(ancestor: int) -> set[int]:
    """Give the workers that descend from a process."""
    parents: dict[int, int] = {}
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            told = (folder / "stat").read_text().rpartition(")")[2].split()
            words = (folder / "cmdline").read_bytes()
        except OSError:
            continue
        parents[int(folder.name)] = int(told[1])
        if b"CoarseGrainedExecutorBackend" in words:
            found.append(int(folder.name))
    return {pid for pid in found if ancestor in _ancestors(pid, parents)}


def _all_hold_results(folder: Path) -> bool:
    """Tell whether both workers have written what others are to read, so that it is lost with either of them."""
    return len({path.parents[1] for path in folder.rglob("blockmgr-*/*/shuffle_*.data")}) > 1


def _ancestors(pid: int, parents: dict[int, int]) -> set[int]:
    seen = set()
    while pid in parents and pid not in seen:
        seen.add(pid)
        pid = parents[pid]
    return seen


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc").is_dir(), reason="processes are looked for in /proc")
def test_a_worker_killed_in_the_middle_costs_time_and_not_results(tmp_path: Path) -> None:
    need_spark()
    rng = np.random.default_rng(3)
    lists = [[f"track{number:04d}" for number in rng.choice(400, 30, replace=False)] for _ in range(150)]
    corpus = corpus_from_lists(lists)
    place = collection(corpus, tmp_path / "collection")
    words = command(
        "--db", tmp_path / "s.db", "train", "item-knn", "--engine", "spark", "--master", "local-cluster[2,1,1024]",
        "--data", place, "--no-measure", "-s", "neighbours=50",
    )  # fmt: skip
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    seen: set[int] = set()
    killed = 0
    with subprocess.Popen(words, env=environment(TMPDIR=str(scratch)), stderr=subprocess.PIPE, text=True) as running:
        until = time.monotonic() + PATIENCE_S
        while running.poll() is None and time.monotonic() < until:
            workers = _workers(running.pid)
            seen |= workers
            if not killed and workers and _all_hold_results(scratch):
                killed = min(workers)
                os.kill(killed, signal.SIGKILL)
            time.sleep(0.1)
        told = running.communicate(timeout=30)[1]
    assert running.returncode == 0, told
    assert killed
    assert len(seen) > 2, "nobody took the place of the worker that was killed"
    arrays = read_model(tmp_path / "s.models", "item-knn").arrays
    found = Neighbours.from_arrays(arrays, corpus.n_tracks)
    same_neighbours(ItemKNN.fit(corpus, rng, Options(neighbours=50)).nearest, found)
