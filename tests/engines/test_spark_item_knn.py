"""item-knn on Spark: what the one on this machine learns, however the work falls on the workers."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import pytest

from recommender.ageing import aged
from recommender.corpus import Corpus, corpus_from_lists
from recommender.engines.spark import item_knn
from recommender.engines.spark.table import read_data
from recommender.errors import CannotTrain
from recommender.models.item_knn import ItemKNN, Options
from tests.engines.collections import collection
from tests.engines.likeness import same_neighbours

pytestmark = pytest.mark.slow
EVEN = 2.0
"""No task has more than so many times the records of the median task."""
PARTS = 8


def _corpus(rng: np.random.Generator) -> Corpus:
    """Repeats within a playlist, a playlist of one track, and one that is longer than a block of pairs."""
    lengths = [*rng.integers(2, 40, 60), 700]
    lists = [[f"track{number:04d}" for number in (900 * rng.random(length) ** 3).astype(int)] for length in lengths]
    return corpus_from_lists([*lists, ["alone"], ["track0001", "track0001"]])


@pytest.mark.parametrize(
    "options",
    [
        Options(),
        Options(neighbours=7, alpha=0.5, shrink=0.0, half_length=0),
        Options(megabytes=1, rare=0),
        Options(megabytes=1, rare=3),
    ],
)
def test_the_neighbours_are_those_of_this_machine(spark: Any, tmp_path: Path, options: Options) -> None:
    corpus = _corpus(np.random.default_rng(1))
    data = read_data(spark, str(collection(corpus, tmp_path / "c")))
    shares: list[float] = []
    found = item_knn.fit(spark, data, options, 1, shares.append)
    local = ItemKNN.fit(corpus, np.random.default_rng(1), options)
    same_neighbours(local.nearest, found.nearest)
    assert found.options == options
    assert (found.rare is None) == (local.rare is None) == (options.rare != 3)
    if local.rare and found.rare:
        theirs = found.rare.arrays()
        for name, array in local.rare.arrays().items():
            assert theirs[name].dtype == array.dtype
            assert theirs[name] == pytest.approx(array, rel=1e-6)
    assert shares == sorted(shares)


def test_old_playlists_weigh_as_little(spark: Any, tmp_path: Path) -> None:
    corpus = _corpus(np.random.default_rng(2))
    dates = np.arange(corpus.n_playlists, dtype=np.int64) * 86_400 * 30
    corpus = replace(corpus, dates=dates)
    data = read_data(spark, str(collection(corpus, tmp_path / "c")), 365.0)
    found = item_knn.fit(spark, data, Options(), 1)
    same_neighbours(ItemKNN.fit(aged(corpus, 365.0), np.random.default_rng(1), Options()).nearest, found.nearest)


def test_where_nothing_stands_together_it_says_so(spark: Any, tmp_path: Path) -> None:
    data = read_data(spark, str(collection(corpus_from_lists([["a"], ["b", "b"]]), tmp_path / "c")))
    with pytest.raises(CannotTrain, match="stands together"):
        item_knn.fit(spark, data, Options(), 1)


@contextmanager
def _as_at_scale(spark: Any) -> Iterator[None]:
    """Neither send small tables to everybody nor put small pieces together, as Spark would not with large ones."""
    wanted = {
        "spark.sql.adaptive.enabled": "false",
        "spark.sql.autoBroadcastJoinThreshold": "-1",
        "spark.sql.shuffle.partitions": str(PARTS),
    }
    before = {name: spark.conf.get(name) for name in wanted}
    for name, value in wanted.items():
        spark.conf.set(name, value)
    yield
    for name, value in before.items():
        spark.conf.set(name, value)


def _unevenness(events: Path, group: str, fewest: int) -> list[float]:
    """Tell how many times the median task's records the largest task read, or wrote, in each stage of a group.

    fewest: stages of no more records are left out.
    """
    wanted: set[int] = set()
    loads = defaultdict(list)
    for file in sorted(path for path in events.rglob("events_*") if path.is_file()):
        for line in file.read_text(encoding="utf-8").splitlines():
            told = json.loads(line)
            if told["Event"] == "SparkListenerJobStart":
                if told["Properties"].get("spark.jobGroup.id") == group:
                    wanted |= set(told["Stage IDs"])
            elif told["Event"] == "SparkListenerTaskEnd" and told["Stage ID"] in wanted:
                metrics = told["Task Metrics"]
                loads[told["Stage ID"], "read"].append(metrics["Shuffle Read Metrics"]["Total Records Read"])
                loads[told["Stage ID"], "written"].append(metrics["Shuffle Write Metrics"]["Shuffle Records Written"])
    return [max(one) / max(median(one), 1) for one in loads.values() if len(one) == PARTS and sum(one) > fewest]


def _popular(rng: np.random.Generator) -> list[list[str]]:
    """One track of every playlist; and the playlists are short, so that it is a fifth of all that they hold."""
    return [["everywhere", *(f"{number:05d}" for number in rng.choice(4_000, 4))] for _ in range(2_000)]


def _long(rng: np.random.Generator) -> list[list[str]]:
    """One playlist whose pairs are far more than those of all others."""
    return [[f"{number:05d}" for number in rng.choice(900, size, replace=False)] for size in [*[4] * 200, 600]]


@pytest.mark.parametrize(
    ("lists", "fewest"),
    # The long one's tracks themselves, few as they are, meet once in one place, to be counted; its pairs never do.
    [(_popular, 1_000), (_long, 5_000)],
)
def test_what_is_popular_or_long_does_not_land_on_one_task(
    spark: Any,
    events: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    lists: Callable[..., list[list[str]]],
    fewest: int,
) -> None:
    monkeypatch.setattr(item_knn, "BLOCK", 32)
    corpus = corpus_from_lists(lists(np.random.default_rng(4)))
    data = read_data(spark, str(collection(corpus, tmp_path / "c")))
    even, uneven = f"even {lists.__name__}", f"uneven {lists.__name__}"
    with _as_at_scale(spark):
        spark.sparkContext.setJobGroup(even, "")
        item_knn.fit(spark, data, Options(neighbours=20), 1)
        # As it would be without further thought: a playlist's pairs in one place, and each track's in one.
        spark.sparkContext.setJobGroup(uneven, "")
        met = data.entries.withColumnRenamed("track_no", "other").join(data.entries, "playlist_no")
        met.repartition("track_no").write.format("noop").mode("overwrite").save()
        spark.sparkContext.setJobGroup("", "")
    assert len(_unevenness(events, even, fewest)) >= 4
    assert max(_unevenness(events, even, fewest)) <= EVEN
    assert max(_unevenness(events, uneven, fewest)) > EVEN
