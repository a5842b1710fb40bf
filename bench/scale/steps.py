"""The steps from a folder of slices to a suggestion, each measured in processes of its own."""

import json
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from statistics import median

from bench.measure import child
from bench.scale.collection import Collection
from bench.scale.process import folder_megabytes, run, segue

COLD_RUNS = 7
KINDS = ("popularity", "item-knn", "word2vec", "als", "hybrid")


@dataclass(frozen=True)
class Place:
    """Where one size of the collection is measured."""

    folder: Path
    part: Fraction
    seed: int

    @property
    def slices(self) -> Path:
        """The files to import."""
        return self.folder / "slices"

    @property
    def work(self) -> Path:
        """The folder of the database and its models, whose disk is watched."""
        return self.folder / "work"

    @property
    def database(self) -> Path:
        """The database."""
        return self.work / "scale.db"

    @property
    def collection(self) -> Collection:
        """What is measured on."""
        return Collection.of(self.part, self.seed)


@dataclass(frozen=True)
class Measured:
    """What one step took at one size."""

    seconds: float
    peak: float | None = None
    """The most memory of one process, in millions of bytes."""
    disk: float | None = None
    """The most that database and models held meanwhile, in millions of bytes; None where nothing is written."""
    told: dict[str, float] = field(default_factory=dict)
    """Other figures of the step, by name and unit."""


def make(place: Place) -> Measured:
    """Write the slices."""
    shutil.rmtree(place.slices, ignore_errors=True)
    words = ("make", "--part", place.part, "--folder", place.slices, "--seed", place.seed)
    made = run([sys.executable, "-m", "bench.scale", *map(str, words)], place.slices)
    return Measured(made.seconds, made.peak, made.disk)


def bare(place: Place) -> Measured:
    """Import as a bare script would, the peer of the next step: json.loads and executemany into the same tables."""
    place.work.mkdir(parents=True, exist_ok=True)
    try:
        told = child("bench.importing", "bare", place.slices, place.work / "bare.db")
    finally:
        for file in place.work.glob("bare.db*"):
            file.unlink()
    return Measured(told["rows"] + told["index"], told["peak"], None, {"rows s": told["rows"]})


def store(place: Place) -> Measured:
    """Import as a person types it, rows and index."""
    shutil.rmtree(place.work, ignore_errors=True)
    place.work.mkdir(parents=True)
    done = run(segue(place.database, "import", place.slices), place.work)
    rate = place.collection.n_entries / done.seconds
    return Measured(
        done.seconds, done.peak, done.disk, {"entries a second": rate, "database MB": folder_megabytes(place.work)}
    )


def again(place: Place) -> Measured:
    """Import the same folder once more, which finds nothing new."""
    done = run(segue(place.database, "import", place.slices), place.work)
    return Measured(done.seconds, done.peak, done.disk)


def corpus(place: Place) -> Measured:
    """Read the database into arrays."""
    told = child("bench.scale.answering", "load", place.database)
    return Measured(told["seconds"], told["peak"], None, {"entries a second": told["entries"] / told["seconds"]})


def trained(kind: str) -> Callable[[Place], Measured]:
    """Make the step that trains one kind as a person types it: load, measure, fit, write."""

    def step(place: Place) -> Measured:
        done = run(segue(place.database, "train", kind, "--json"), place.work)
        fit = json.loads(done.output)[0]["seconds"]
        size = folder_megabytes(place.work / "scale.models" / kind)
        return Measured(done.seconds, done.peak, done.disk, {"fit s": fit, "cores s": done.work, "model MB": size})

    return step


def warm(place: Place) -> Measured:
    """Ask a hybrid that has been asked before: the median."""
    told = child("bench.scale.answering", "ask", place.database, "hybrid")
    return Measured(told["milliseconds"] / 1e3, told["peak"], None, {"95 of 100 within s": told["slow"] / 1e3})


def cold(place: Place) -> Measured:
    """Ask in a new process each time: the median."""
    seeds = child("bench.scale.answering", "seeds", place.database)["seeds"]
    runs = [run(segue(place.database, "suggest", *seeds), place.work) for _ in range(COLD_RUNS)]
    return Measured(float(median(one.seconds for one in runs)), max(one.peak for one in runs))


STEPS: dict[str, Callable[[Place], Measured]] = {
    "make": make,
    "bare import": bare,
    "import": store,
    "import again": again,
    "corpus": corpus,
    **{kind: trained(kind) for kind in KINDS},
    "warm": warm,
    "cold": cold,
}
"""In the order in which each needs those before it."""
