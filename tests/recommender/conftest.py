"""A database of two tastes, with and without models."""

import shutil
from pathlib import Path

import pytest

from tests.recommender.songs import add, taste_playlists, train


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
