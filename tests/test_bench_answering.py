"""The bench of answers tells of a small world what the table of sizes asks of it."""

from pathlib import Path

import pytest

from bench.measure import child
from bench.scale.answering import N_SEEDS
from bench.suggesting import fill
from bench.world import make_world
from tests.recommender.songs import train

MODULE = "bench.scale.answering"


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A made-up collection with a model."""
    path = tmp_path_factory.mktemp("bench") / "s.db"
    fill(path, make_world(1_000, 60, 66))
    train(path, ["item-knn"])
    return path


def test_answers_are_timed_by_seeds_and_by_parts(database: Path) -> None:
    told = child(MODULE, "ask", database, "item-knn")
    assert 0 < told["milliseconds"] <= told["slow"]
    assert list(map(int, told["by_seeds"])) == list(N_SEEDS)
    assert told["answers"] >= len(N_SEEDS)
    assert set(told["parts"]) == {"scores", "ranking", "list", "reasons"}
    assert all(part > 0 for part in told["parts"].values())
    assert told["peak"] > 10


def test_the_corpus_is_read_and_told(database: Path) -> None:
    told = child(MODULE, "load", database)
    assert told["tracks"] > 500
    assert told["entries"] > 3_000
    assert told["seconds"] > 0
    assert told["peak"] > 10


def test_three_tracks_of_one_playlist_are_told_the_same_each_time(database: Path) -> None:
    first, then = (child(MODULE, "seeds", database)["seeds"] for _ in range(2))
    assert first == then
    assert len(set(first)) == 3
