"""`segue train --engine spark`: the same artifacts, so that all that asks them is the same."""

import os
import re
import signal
import subprocess
import time
from pathlib import Path

import numpy as np
import pytest

from recommender.artifacts import read_manifest, read_model
from recommender.models.neighbours import Neighbours
from tests.cli.running import command, environment, segue
from tests.engines.conftest import need_spark
from tests.engines.likeness import same_neighbours
from tests.recommender.songs import TASTES, add, playlist, taste_song

PATIENCE_S = 300
LISTS = 40


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """Two tastes that meet now and then, and hardly two playlists that are alike."""
    path, rng = tmp_path / "s.db", np.random.default_rng(5)
    lists = [
        playlist(f"{taste}-{n}", [taste_song(taste, int(number)) for number in rng.choice(60, 8, replace=False)])
        for taste in TASTES
        for n in range(LISTS)
    ]
    add(path, lists)
    return path


@pytest.mark.slow
def test_what_spark_learns_is_asked_as_what_is_learned_here(database: Path, tmp_path: Path) -> None:
    need_spark()
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    words = command("--db", database, "train", "item-knn", "--engine", "spark", "--master", "local[2]")
    done = subprocess.run(
        words, capture_output=True, text=True, check=False, timeout=PATIENCE_S, env=environment(TMPDIR=str(scratch)),
        cwd=scratch,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert list(scratch.iterdir()) == [], "nothing stays behind"
    models = tmp_path / "s.models"
    spark, arrays = read_manifest(models, "item-knn"), read_model(models, "item-knn").arrays
    asked = segue("--db", database, "suggest", "calm song 3", "--model", "item-knn")
    assert asked.exit_code == 0
    suggested = re.findall("calm song|loud song", asked.stdout)
    assert suggested.count("calm song") > suggested.count("loud song")
    assert "fresh" in segue("--db", database, "status").stdout
    assert segue("--db", database, "train", "item-knn").exit_code == 0
    here, stored = read_manifest(models, "item-knn"), read_model(models, "item-knn")
    assert (spark.corpus, spark.content, spark.options) == (here.corpus, here.content, here.options)
    assert (spark.playlists, spark.tracks, spark.entries) == (here.playlists, here.tracks, here.entries)
    assert spark.arrays == here.arrays
    assert spark.notes["engine"] == "spark"
    assert {"pyspark", "java"} <= spark.versions.keys()
    assert spark.worth["playlists"] == 16
    assert spark.worth["ndcg_500"] > spark.worth["popularity_ndcg_500"]
    n_tracks = here.tracks
    same_neighbours(Neighbours.from_arrays(stored.arrays, n_tracks), Neighbours.from_arrays(arrays, n_tracks))


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc").is_dir(), reason="processes are looked for in /proc")
@pytest.mark.parametrize("early", [True, False])
def test_a_stop_ends_java_too(database: Path, tmp_path: Path, early: bool) -> None:
    """While it starts, and when it is at work."""
    need_spark()
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    words = command("--db", database, "train", "item-knn", "--engine", "spark", "--master", "local[2]")
    with subprocess.Popen(words, env=environment(TMPDIR=str(scratch)), stderr=subprocess.PIPE, text=True) as running:
        until = time.monotonic() + PATIENCE_S
        while not (java := _java_of(scratch)) and time.monotonic() < until:
            time.sleep(0.1)
        while not early and not list(scratch.glob("*/blockmgr-*/*")) and time.monotonic() < until:
            time.sleep(0.1)
        running.send_signal(signal.SIGINT)
        told = running.communicate(timeout=PATIENCE_S)[1]
    assert java
    assert (running.returncode, told.strip()) == (1, "Aborted!")
    # One that has ended and is still listed has no words any more.
    assert not _java_of(scratch)
    assert not (tmp_path / "s.models").exists()


def _java_of(scratch: Path) -> list[int]:
    """Give the processes of Java that were told to work in a folder."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes()
        except OSError:
            continue
        if os.fsencode(str(scratch)) in words and b"java" in words:
            found.append(int(folder.name))
    return found


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["item-knn", "--master", "local[2]"], "--master and --data go with --engine spark"),
        (["hybrid", "--engine", "spark"], "trains word2vec, item-knn, als, not hybrid"),
        (["--engine", "spark"], "trains word2vec, item-knn, als: name one"),
        (["als", "--engine", "spark", "--update"], "--update goes on in this process"),
        (["als", "--engine", "spark", "--data", ""], "each take a place"),
    ],
)
def test_what_spark_cannot_do_is_refused(database: Path, words: list[str], said: str) -> None:
    result = segue("--db", database, "train", *words)
    assert (result.exit_code, said in result.stderr) == (2, True)


def test_other_machines_need_data_that_they_see(database: Path) -> None:
    need_spark()
    result = segue("--db", database, "train", "als", "--engine", "spark", "--master", "spark://example.invalid:7077")
    assert (result.exit_code, "do not see this disk: export the playlists" in result.stderr) == (1, True)
    assert len(result.stderr.splitlines()) == 1


def test_no_java_is_said_before_anything_is_started(database: Path, tmp_path: Path) -> None:
    need_spark()
    env = {"JAVA_HOME": str(tmp_path / "nowhere")}
    result = segue("--db", database, "train", "als", "--engine", "spark", env=env)
    assert (result.exit_code, "install Java 17 or newer" in result.stderr) == (1, True)
    assert len(result.stderr.splitlines()) == 1
