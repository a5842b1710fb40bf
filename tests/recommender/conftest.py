"""A database of two tastes, with and without models."""

import shutil
from pathlib import Path

import pytest

from tests.recommender.songs import add, taste_playlists, train
from tests.recommender.varied import furnish


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("songs")
    add(folder / "segue.db", taste_playlists())
    train(folder / "segue.db")
    return folder


@pytest.fixture
def trained(made_once: Path, tmp_path: Path) -> Path:
    """A copy of the database of two tastes with item-knn and popularity trained."""
    shutil.copytree(made_once, tmp_path / "songs")
    return tmp_path / "songs" / "segue.db"


@pytest.fixture
def untrained(trained: Path) -> Path:
    """The same without models."""
    shutil.rmtree(trained.with_suffix(".models"))
    return trained


@pytest.fixture(scope="session")
def furnished_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database of songs that differ in everything, with every kind of model; only to be read."""
    folder = tmp_path_factory.mktemp("varied")
    furnish(folder / "segue.db")
    return folder / "segue.db"


@pytest.fixture
def furnished(furnished_once: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    shutil.copytree(furnished_once.parent, tmp_path / "varied")
    return tmp_path / "varied" / "segue.db"
