"""The models as a page: what they are and are worth, and what was measured last."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from cli import main
from db.connection import open_writer, transaction
from db.records import Playlist
from db.runs import ImportRun
from db.write import store
from recommender.artifacts import models_folder
from recommender.measures.keeping import NAMES, kept_tables
from tests.web import world
from tests.web.conftest import KEY, Window
from web.app import create_app
from web.evaluations import shown
from web.settings import Settings
from web.trained import sentence

MEASURED = {
    "continuation": ("item-knn",),
    "next": ("item-knn", "--protocol", "next"),
    "cold": ("text", "--protocol", "cold"),
    "plays": ("popularity", "--protocol", "plays"),
    "dials": ("item-knn", "--dials", "--cases", "8"),
    "curve": ("item-knn", "--curve", "--cases", "8"),
}


def page_of(database: Path) -> str:
    answer = create_app(database, Settings(key=KEY)).test_client().get("/models")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


@pytest.fixture(scope="module")
def measured_once(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The world with each table measured once."""
    place = Path(shutil.copy(made, tmp_path_factory.mktemp("measured") / "world.db"))
    for words in MEASURED.values():
        done = CliRunner().invoke(main, ["--db", str(place), "evaluate", *words])
        assert done.exit_code == 0, done.output
    return place


def test_a_table_is_kept_wherever_the_database_is_named(database: Path) -> None:
    done = CliRunner().invoke(main, ["evaluate", "popularity", "--cases", "8", "--db", str(database)])
    assert done.exit_code == 0, done.output
    tables, _ = kept_tables(models_folder(database))
    assert [one.command for one in tables] == ["segue evaluate popularity --cases 8"]


@pytest.fixture
def measured(measured_once: Path, database: Path) -> Path:
    """A copy of the world with its models and the tables."""
    shutil.copytree(models_folder(measured_once) / ".evaluations", models_folder(database) / ".evaluations")
    return database


def worth(database: Path, name: str, **told: float) -> None:
    """Write into a model's manifest what it is worth."""
    place = models_folder(database) / name / "manifest.json"
    manifest = json.loads(place.read_text(encoding="utf-8"))
    place.write_text(json.dumps(manifest | {"worth": told}), encoding="utf-8")


def test_every_model_is_told_of(client: FlaskClient) -> None:
    page = client.get("/models").get_data(as_text=True)
    for name in world.MODELS:
        assert f'id="model-{name}"' in page
        assert str(sentence(name)).partition("'")[0] in page
    assert "120 playlists, 120 songs" in page
    assert "The playlists changed since it learned" not in page
    assert "style=" not in page


def test_without_models_the_command_is_named(database: Path) -> None:
    shutil.rmtree(models_folder(database))
    page = page_of(database)
    assert "<code>segue train</code>" in page
    assert "<code>segue evaluate</code>" in page


def test_worth_stands_beside_popularity(database: Path) -> None:
    worth(
        database, "item-knn", ndcg_500=0.2, popularity_ndcg_500=0.1, hit_rate_10=0.5, popularity_hit_rate_10=0.3,
        over_popularity_low=0.05, over_popularity_high=0.15, playlists=24, seeds=5,
    )  # fmt: skip
    worth(database, "title", ndcg_500=0.05, popularity_ndcg_500=0.1, playlists=24, seeds=5)
    page = page_of(database)
    assert "What they are worth" in page
    assert page.index('id="model-item-knn"') < page.index('id="model-title"') < page.index('id="model-audio"')
    assert "Below popularity" in page
    assert '<td>hit rate@10</td><td class="number">0.500</td><td class="number">0.300</td>' in page


def test_a_changed_setting_and_a_kind_that_nobody_knows_are_shown(database: Path) -> None:
    place = models_folder(database) / "item-knn" / "manifest.json"
    manifest = json.loads(place.read_text(encoding="utf-8"))
    told = {**manifest, "options": {**manifest["options"], "alpha": 0.75}}
    place.write_text(json.dumps(told), encoding="utf-8")
    assert "0.75 <strong>(changed)</strong>" in page_of(database)
    place.write_text(json.dumps({**told, "kind": "from-elsewhere"}), encoding="utf-8")
    assert "A kind of model that this Segue does not know." in page_of(database)


def test_a_damaged_model_is_named_beside_the_others(database: Path) -> None:
    (models_folder(database) / "title" / "manifest.json").write_text("{", encoding="utf-8")
    page = page_of(database)
    assert "train it again (segue train title)" in page
    assert 'id="model-item-knn"' in page


def test_models_older_than_the_playlists_say_so(measured: Path) -> None:
    assert "changed since" not in page_of(measured)
    with open_writer(measured, "a test") as connection, transaction(connection):
        store(connection, ImportRun("csv", "x", world.NOW), [Playlist("new:1", "New", ())])
    page = page_of(measured)
    assert "<code>segue train --update item-knn</code> brings it up to date" in page
    assert page.count("The playlists changed since:") == len(NAMES)


def test_a_model_that_was_trained_after_the_table_is_named(measured: Path) -> None:
    place = models_folder(measured) / "item-knn" / "manifest.json"
    manifest = json.loads(place.read_text(encoding="utf-8"))
    place.write_text(json.dumps(manifest | {"trained_at": 4_000_000_000}), encoding="utf-8")
    assert "Trained again since: item-knn" in page_of(measured)


def test_every_table_is_shown_with_its_command_and_intervals(measured: Path) -> None:
    page = page_of(measured)
    tables, damaged = kept_tables(models_folder(measured))
    assert ([one.name for one in tables], damaged) == (list(NAMES), [])
    for kept in tables:
        assert f"<code>{kept.command}</code>" in page
        table = shown(kept)
        assert f'id="table-{kept.name}"' in page
        for board in table.boards:
            for row in board.rows:
                assert row.low <= row.mean <= row.high
                assert f'<td class="number">{row.low:.3f}</td><td class="number">{row.high:.3f}</td>' in page
            if kept.name != "dials":
                assert [row.mean for row in board.rows] == sorted((row.mean for row in board.rows), reverse=True)
                assert {"item-knn", "text", "popularity"} & {row.name for row in board.rows}
    assert "Measured on 24 playlists (test), after 1 and 5 songs, seed 1" in page
    assert "hit rate@20" in page


@pytest.mark.parametrize("name", NAMES)
def test_a_table_that_is_not_as_we_write_it_is_named(measured: Path, name: str) -> None:
    place = models_folder(measured) / ".evaluations" / f"{name}.json"
    whole = json.loads(place.read_text(encoding="utf-8"))
    for told in ({}, {"models": [{}]}, {**whole["told"], "models": 3, "splits": 3, "as_seed": 3, "dials": 3}):
        place.write_text(json.dumps({**whole, "told": told}), encoding="utf-8")
        page = page_of(measured)
        assert f'id="table-{name}"' not in page
        assert "cannot be read: measure again" in page


@pytest.mark.parametrize("window", ["desk", "phone", "desk dark", "phone dark"], indirect=True)
def test_a_person_reads_of_the_models(measured: Path, window: Window, request: pytest.FixtureRequest) -> None:
    worth(measured, "item-knn", ndcg_500=0.2, popularity_ndcg_500=0.1, playlists=24)
    page = window.go("/models")
    window.no_barriers()
    page.get_by_text("All grades").first.click()
    page.get_by_text("Settings and notes").first.click()
    page.get_by_text("After fewer playlists").click()
    window.no_barriers()
    window.shoot(f"models-{request.node.callspec.id.replace(' ', '-')}")


@pytest.mark.parametrize("window", ["phone plain"], indirect=True)
def test_without_scripts_it_is_all_there(measured: Path, window: Window) -> None:
    page = window.go("/models")
    page.get_by_text("All grades").first.click()
    page.get_by_role("region").first.wait_for()
    assert page.locator("article").count() == len(world.MODELS)
