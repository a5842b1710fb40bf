"""Whether it is alive, whether it is ready, and what Prometheus is told."""

import shutil
from pathlib import Path

import pytest
from flask import Flask
from prometheus_client.parser import text_string_to_metric_families

from db.connection import open_writer, transaction
from db.records import Playlist, PlaylistEntry
from db.runs import ImportRun
from db.write import store
from recommender.artifacts import read_manifest
from tests.web import world
from tests.web.conftest import KEY
from tests.web.serving import get, in_a_thread
from web.app import create_app
from web.settings import Settings

SEED = world.track_id("techno", 1, 3)
Values = dict[tuple[str, frozenset[tuple[str, str]]], float]


@pytest.fixture
def app(database: Path) -> Flask:
    return create_app(database, Settings(key=KEY))


def figures(port: int) -> Values:
    """Read /metrics as Prometheus does."""
    told = get(port, "/metrics")
    assert told.status == 200
    assert told.headers["Content-Type"].startswith("text/plain; version=")
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(told.text)
        for sample in family.samples
    }


def value(values: Values, name: str, **labels: str) -> float:
    return values[name, frozenset(labels.items())]


def test_requests_are_counted_by_room_and_status(app: Flask) -> None:
    with in_a_thread(app) as port:
        for path in ("/", "/?q=circuit", "/next?n=0", "/no/such/thing", "/healthz"):
            get(port, path)
        told = figures(port)
    assert value(told, "segue_requests_total", room="find", method="GET", status="200") == 2
    assert value(told, "segue_requests_total", room="find", method="GET", status="400") == 1
    assert value(told, "segue_requests_total", room="none", method="GET", status="404") == 1
    assert value(told, "segue_request_seconds_count", room="find") == 3
    assert value(told, "segue_request_seconds_bucket", room="find", le="+Inf") == 3
    assert value(told, "segue_requests_waiting") == value(told, "segue_requests_working") == 0


def test_a_made_up_method_or_path_makes_no_new_series(app: Flask) -> None:
    client = app.test_client()
    with in_a_thread(app) as port:
        get(port, "/none")
        figures(port)
        before = figures(port).keys()
        for number in range(20):
            get(port, f"/{number}/{'x' * number}")
        after = figures(port).keys()
    assert after == before
    assert client.open("/", method="BREW").status_code == 405


def test_lists_are_counted_by_model_and_by_whether_they_were_there(app: Flask) -> None:
    with in_a_thread(app) as port:
        for _ in range(3):
            get(port, f"/next?seed={SEED}")
        get(port, f"/next?seed={SEED}&model=item-knn")
        told = figures(port)
    assert value(told, "segue_answers_total", model="hybrid") == 3
    assert value(told, "segue_answers_total", model="item-knn") == 1
    assert value(told, "segue_answers_kept_total", result="miss") == 2
    assert value(told, "segue_answers_kept_total", result="hit") == 2


def test_models_and_rows_are_told(app: Flask, database: Path) -> None:
    with in_a_thread(app) as port:
        told = figures(port)
    assert value(told, "segue_model_age_seconds", model="hybrid") > 86_400
    assert value(told, "segue_model_playlists", model="hybrid") == 120
    assert value(told, "segue_database_rows", of="tracks") == 120
    assert value(told, "segue_database_rows", of="plays") > 100
    assert value(told, "segue_database_up") == 1
    assert not read_manifest(database.with_suffix(".models"), "hybrid").worth


def test_the_drift_of_the_data_is_told(app: Flask, database: Path) -> None:
    with in_a_thread(app) as port:
        before = figures(port)
        with open_writer(database, "a test") as connection, transaction(connection):
            track = world.song("pop", 0, 0)
            new = [
                Playlist(f"new:{number}", "new", (PlaylistEntry(0, track, None),), "new", "") for number in range(40)
            ]
            store(connection, ImportRun("made-up", "nowhere", world.NOW + 1000), new)
        after = figures(port)
    assert value(before, "segue_model_unseen_playlists_ratio", model="hybrid") == 0
    assert value(after, "segue_model_unseen_playlists_ratio", model="hybrid") == pytest.approx(40 / 160)
    assert value(after, "segue_model_unknown_entries_ratio", model="hybrid") == 0


class TestReady:
    def test_with_a_database_and_a_model(self, app: Flask) -> None:
        answered = app.test_client().get("/readyz")
        assert (answered.status_code, answered.text) == (200, "ready: hybrid answers\n")

    def test_not_without_a_model(self, app: Flask, database: Path) -> None:
        shutil.rmtree(database.with_suffix(".models"))
        answered = app.test_client().get("/readyz")
        assert answered.status_code == 503
        assert "segue train" in answered.text

    def test_not_without_a_database_but_alive_and_counting(self, app: Flask, database: Path) -> None:
        database.unlink()
        with in_a_thread(app) as port:
            assert get(port, "/readyz").status == 503
            assert get(port, "/healthz").status == 200
            assert value(figures(port), "segue_database_up") == 0

    def test_not_with_a_damaged_model_alone(self, app: Flask, database: Path) -> None:
        for folder in database.with_suffix(".models").iterdir():
            if folder.is_dir():
                (folder / "manifest.json").write_text("{")
        assert app.test_client().get("/readyz").status_code == 503
        with in_a_thread(app) as port:
            assert ("segue_model_age_seconds", frozenset({("model", "hybrid")})) not in figures(port)
