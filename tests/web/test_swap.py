"""A newly trained model, or a new database, is taken up without a restart and without a failed request."""

import http.client
import itertools
import os
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask

from demo.build import build
from recommender.artifacts import changed_at, models_folder
from recommender.jobs import plan, train_models
from tests.web import world
from tests.web.conftest import KEY
from tests.web.serving import get, in_a_thread, process
from web.app import create_app
from web.running.server import warm_up
from web.settings import Settings

SEED = world.track_id("techno", 1, 3)
MODELS = ("item-knn", "popularity")


def train(database: Path, now: int) -> None:
    for _ in train_models(database, plan(MODELS, None, {}, None), now, False, now, lambda _name, _share: None):
        pass


class Load:
    """What came back under load, from several clients that keep their connections."""

    def __init__(self, port: int, paths: list[str]) -> None:
        self.statuses: Counter[int] = Counter()
        self.sentences: set[str] = set()
        self.slowest = 0.0
        self._port, self._paths = port, paths
        self._numbers = itertools.count()
        self._done = threading.Event()
        self._threads = [threading.Thread(target=self._ask) for _ in range(4)]

    def _ask(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=30)
        while not self._done.is_set():
            # Each another list, so that none comes from what was kept.
            number = next(self._numbers)
            path = self._paths[number % len(self._paths)]
            began = time.perf_counter()
            connection.request("GET", f"{path}&vary={number}")
            response = connection.getresponse()
            text = response.read().decode()
            self.slowest = max(self.slowest, time.perf_counter() - began)
            self.statuses[response.status] += 1
            if response.status != 200:
                self.sentences.add(text[text.find("<h1") :][:600])
        connection.close()

    @contextmanager
    def running(self) -> Iterator["Load"]:
        for one in self._threads:
            one.start()
        try:
            yield self
        finally:
            self._done.set()
            for one in self._threads:
                one.join(30)


@pytest.fixture
def app(database: Path) -> Flask:
    return create_app(database, Settings(key=KEY))


def test_models_are_swapped_under_load_and_no_request_fails(app: Flask, database: Path) -> None:
    folder = models_folder(database)
    paths = [f"/next?seed={SEED}&model={name}" for name in MODELS] + [f"/next?seed={SEED}"]
    with in_a_thread(app) as port, Load(port, paths).running() as load:
        before = changed_at(folder, "item-knn")
        for again in range(8):
            train(database, world.NOW + again + 1)
        assert changed_at(folder, "item-knn") != before
    assert set(load.statuses) == {200}, load.sentences
    assert load.statuses[200] > 20


def test_the_new_model_answers_from_then_on(app: Flask, database: Path) -> None:
    client = app.test_client()
    age = 'segue_model_age_seconds{model="item-knn"}'

    def trained_at() -> float:
        told = client.get("/metrics").text
        return time.time() - float(next(line for line in told.splitlines() if line.startswith(age)).split()[-1])

    path = f"/next?seed={SEED}&model=item-knn"
    client.get(path)
    shelf = app.extensions["segue"].suggester._shelf
    assert shelf.load("item-knn").manifest.trained_at == world.NOW
    train(database, world.NOW + 1000)
    assert client.get(path).status_code == 200
    assert shelf.load("item-knn").manifest.trained_at == world.NOW + 1000
    assert abs(trained_at() - world.NOW - 1000) < 5


@pytest.mark.skipif(os.name != "posix", reason="one process alone serves on Windows")
def test_all_processes_take_it_up(database: Path) -> None:
    with process(database, "--workers", "2") as served:
        with Load(served.port, [f"/next?seed={SEED}&model=item-knn"]).running() as load:
            for again in range(3):
                train(database, world.NOW + again + 1)
        assert set(load.statuses) == {200}, load.sentences


@pytest.mark.slow
def test_a_new_demo_takes_the_place_of_the_one_that_is_served(tmp_path: Path) -> None:
    """While it is put in its place, what is half there says so; nothing breaks, and then the new one answers."""
    database = tmp_path / "demo.db"
    build(database, 1, world.NOW, lambda _step, _share: None, 60)
    app = create_app(database, Settings(key=KEY))
    with in_a_thread(app) as port:
        before = get(port, "/metrics").text
        with Load(port, ["/?q=love"]).running() as load:
            build(database, 2, world.NOW, lambda _step, _share: None, 90)
        assert 500 not in load.statuses, load.sentences
        assert load.statuses[200] > 0.98 * load.statuses.total()
        after = get(port, "/metrics").text
        assert get(port, "/readyz").status == 200
    rows = 'segue_database_rows{of="playlists"}'
    assert [line for line in before.splitlines() if rows in line] != [
        line for line in after.splitlines() if rows in line
    ]


@pytest.mark.parametrize("token", ["", "a generated token"])
def test_what_the_first_question_needs_is_open_before_it_comes(database: Path, token: str) -> None:
    app = create_app(database, Settings(key=KEY, token=token))
    warm_up(app)
    station = app.extensions["segue"]
    assert station._answers
    assert station.suggester.shelf._loaded
    warm_up(create_app(database.with_name("none.db"), Settings(key=KEY)))  # nothing is there, and nothing is wrong
