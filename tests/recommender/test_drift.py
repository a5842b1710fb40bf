"""How old models are, and how far the playlists have moved on since."""

from pathlib import Path

import pytest

from db import index
from db.connection import open_reader, open_writer, transaction
from db.records import Track
from db.runs import ImportRun
from db.write import store
from recommender.artifacts import models_folder
from recommender.drift import Drift, drift
from recommender.errors import CannotTrain
from recommender.jobs import plan, train_models
from tests.recommender.songs import NOW, playlist, taste_playlists, taste_song

HOUR = 3_600
LATER = NOW + HOUR


def measured(database: Path, now: float = LATER) -> list[Drift]:
    with open_reader(database) as connection:
        return drift(connection, models_folder(database), now)


def grow(database: Path, at: int, *lists: list[Track]) -> None:
    made = [playlist(f"{at} {number}", one) for number, one in enumerate(lists)]
    with open_writer(database, "a test") as connection:
        with transaction(connection):
            store(connection, ImportRun("test", "here", at), made)
        index.finish(connection)


@pytest.fixture
def trained(tmp_path: Path) -> Path:
    """Give 40 playlists of 8 songs, and a model that knows them all."""
    database = tmp_path / "drift.db"
    with open_writer(database, "a test") as connection:
        with transaction(connection):
            store(connection, ImportRun("test", "here", NOW - HOUR), taste_playlists())
        index.finish(connection)
    for told in train_models(database, plan(("item-knn",), None, {}, None), 1, False, NOW, lambda *_: None):
        assert not isinstance(told, CannotTrain)
    return database


def test_a_fresh_model_has_only_its_age(trained: Path) -> None:
    assert measured(trained) == [Drift("item-knn", HOUR, 0, 0)]
    assert measured(trained, NOW - 5) == [Drift("item-knn", 0, 0, 0)]  # a clock that was set back


def test_new_playlists_of_known_songs_are_unseen_and_known(trained: Path) -> None:
    grow(trained, LATER, *[[taste_song("calm", n) for n in range(8)]] * 10)
    assert measured(trained) == [Drift("item-knn", HOUR, 10 / 50, 0)]


def test_songs_that_stood_in_no_playlist_are_unknown(trained: Path) -> None:
    with open_writer(trained, "a test") as connection:
        with transaction(connection):
            store(connection, ImportRun("test", "names alone", NOW - 9), [taste_song("calm", 90)])
        index.finish(connection)
    for _ in train_models(trained, plan(("item-knn",), None, {}, None), 1, False, NOW, lambda *_: None):
        pass
    grow(
        trained,
        LATER,
        [taste_song("calm", 1), taste_song("calm", 90), taste_song("strange", 1), taste_song("strange", 1)],
    )
    assert measured(trained) == [Drift("item-knn", HOUR, 1 / 41, 3 / 324)]


def test_an_import_that_began_before_the_training_is_unseen_all_the_same(trained: Path) -> None:
    grow(trained, NOW - 60, [taste_song("calm", n) for n in range(4)])
    assert [one.unseen_playlists for one in measured(trained)] == [1 / 41]


def test_what_changed_is_measured_anew_and_nothing_else(trained: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    grow(trained, LATER, [taste_song("calm", n) for n in range(8)])
    before = measured(trained)
    monkeypatch.setattr("recommender.drift._measure", None)
    assert measured(trained) == before
    monkeypatch.undo()
    grow(trained, LATER + 1, [taste_song("loud", n) for n in range(8)])
    assert measured(trained)[0].unseen_playlists > before[0].unseen_playlists


def test_a_damaged_model_is_left_out(trained: Path) -> None:
    (models_folder(trained) / "item-knn" / "manifest.json").write_text("{")
    assert measured(trained) == []


def test_no_models_drift_nowhere(tmp_path: Path) -> None:
    with open_writer(tmp_path / "empty.db", "a test"):
        pass
    assert measured(tmp_path / "empty.db") == []
