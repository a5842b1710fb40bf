"""The load bench, on the made-up world of the pages: every figure is there, and nothing is asked twice."""

import sys
from pathlib import Path

import pytest

from bench.serving import PATHS, figures, seeds
from tests.web import world


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return world.make(tmp_path_factory.mktemp("world") / "world.db", ("item-knn", "popularity"))


def test_no_list_is_asked_for_twice(made: Path) -> None:
    drawn = seeds(made, 200)
    assert len({frozenset(one) for one in drawn}) == len(drawn) == 200
    assert all(len(set(one)) == 5 for one in drawn)
    assert seeds(made, 200) == drawn


def test_both_addresses_name_all_seeds() -> None:
    assert PATHS["v1"](["a", "b"]) == "/v1/recommendations?seed_tracks=a,b&limit=20"
    assert PATHS["next"](["a", "b"]) == "/next?seed=a&seed=b&n=20"


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells what memory is shared")
def test_every_figure_is_measured(made: Path) -> None:
    found = figures(made, clients=2, answers=5, workers=2, ask="next")
    assert [one.measured > 0 for one in found] == [True] * len(found)
    assert {one.what.strip() for one in found if one.target} == {"answer by 5 seeds, median", "first page, median"}
