"""`segue demo`: what it promises, and what it leaves alone."""

import json
import shlex
import sqlite3
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

import demo.build
from cli import main
from db.connection import open_writer
from importer.run import ImportOptions, import_paths
from recommender.errors import CannotTrain


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty current folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SEGUE_DB", raising=False)
    return tmp_path


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """A small world and one quick model, where the road matters and not the result."""
    monkeypatch.setattr("demo.run.build", partial(demo.build.build, playlists=60))
    monkeypatch.setattr("demo.build.KINDS", ("item-knn", "popularity"))
    monkeypatch.setattr("demo.run.KINDS", ("item-knn", "popularity"))


def _run(*words: str) -> Result:
    return CliRunner().invoke(main, words)


@pytest.mark.slow
def test_it_keeps_its_promise(here: Path) -> None:
    """At least 8 of 10 suggestions are of the seed's genre, where popularity finds about 2."""
    result = _run("demo", "--json")
    assert result.exit_code == 0, result.output
    told: dict[str, Any] = json.loads(result.stdout)
    assert told["playlists"] >= 300
    assert told["tracks"] >= 5_000
    assert told["mean_of_genre"]["item-knn"] >= 8
    assert told["mean_of_genre"]["word2vec"] >= 8
    assert told["mean_of_genre"]["popularity"] <= 3
    assert told["features"] >= 0.7 * told["tracks"]
    assert told["crawl"]["withheld"] == told["crawl"]["failed"] == 0
    assert len(told["suggestions"]) == 10
    evaluated = {model["name"]: model["grades"]["ndcg_500"] for model in told["evaluate"]["models"]}
    assert set(evaluated) == {"item-knn", "word2vec", "popularity", "same-artist"}
    assert all(evaluated[model]["over_popularity"]["low"] > 0 for model in ("item-knn", "word2vec"))
    assert told["evaluate"]["playlists"]["measured"] >= 90
    of_genre = [found["genre"] == told["seed"]["genre"] for found in told["suggestions"]]
    assert sum(of_genre) == told["of_genre"][told["model"]]


@pytest.mark.usefixtures("small")
def test_it_says_what_it_found_and_how_to_go_on(here: Path) -> None:
    result = _run("demo")
    assert result.exit_code == 0, result.output
    assert "are of the seed's genre; popularity has" in result.stdout
    commands = [line.strip() for line in result.stdout.splitlines() if line.startswith("  segue ")]
    assert len(commands) == 6
    assert commands[-1].startswith("segue serve --open")
    assert "Crawling" in result.stderr


@pytest.mark.usefixtures("small")
def test_it_ends_with_a_small_table_of_what_the_models_are_worth(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beside both baselines, in words and in JSON."""
    monkeypatch.setattr("demo.run.build", partial(demo.build.build, playlists=120))
    shown = _run("demo").stdout.splitlines()
    at = next(number for number, line in enumerate(shown) if line.startswith("Trained once more without "))
    table = shown[at + 2 : at + 6]
    assert table[0].split() == ["model", "hit", "rate@10", "NDCG@500", "over", "popularity"]
    assert {line.split()[0] for line in table[1:]} == {"item-knn", "popularity", "same-artist"}
    assert "the yardstick" in "".join(table)
    assert shown.index("Go on with:") > at
    told = json.loads(_run("demo", "--json").stdout)["evaluate"]
    assert {model["name"] for model in told["models"]} == {"item-knn", "popularity", "same-artist"}
    said = {line.split()[0]: line.split()[2] for line in table[1:]}
    assert said == {m["name"]: f"{m['grades']['ndcg_500']['mean']:.3f}" for m in told["models"]}


@pytest.mark.usefixtures("small")
def test_a_world_too_small_to_measure_says_so(here: Path) -> None:
    """And ends well."""
    result = _run("demo")
    assert result.exit_code == 0, result.output
    assert "These playlists are too few to measure the models on." in result.stdout


@pytest.mark.usefixtures("small")
def test_the_commands_to_go_on_with_work(here: Path) -> None:
    shown = _run("demo").stdout
    for line in shown.splitlines():
        # A server goes on until it is stopped; that it starts is shown in tests/web/test_serve.py.
        if line.startswith("  segue ") and not line.startswith("  segue serve "):
            result = _run(*shlex.split(line)[1:])
            assert result.exit_code == 0, f"{line}: {result.output}"


@pytest.mark.usefixtures("small")
def test_it_is_made_anew_each_time(here: Path) -> None:
    assert _run("demo").exit_code == 0
    first = json.loads(_run("stats", "--json", "--db", "segue-demo.db").stdout)
    assert _run("demo", "--seed", "2").exit_code == 0
    second = json.loads(_run("stats", "--json", "--db", "segue-demo.db").stdout)
    assert min(first["playlists"], second["playlists"]) >= 50
    assert second["entries"] != first["entries"]
    assert {p.name for p in here.iterdir()} <= {"segue-demo.db", "segue-demo.db.lock", "segue-demo.models"}


@pytest.mark.usefixtures("small")
def test_the_database_of_ones_own_is_not_meant(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEGUE_DB", str(here / "mine.db"))
    assert _run("demo").exit_code == 0
    assert not (here / "mine.db").exists()
    assert (here / "segue-demo.db").exists()


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("words", [("--db", "other.db", "demo"), ("demo", "--db", "other.db")])
def test_it_goes_where_it_is_told(here: Path, words: tuple[str, ...]) -> None:
    assert _run(*words).exit_code == 0
    assert (here / "other.db").exists()
    assert (here / "other.models" / "item-knn").is_dir()
    assert not (here / "segue-demo.db").exists()


@pytest.mark.usefixtures("small")
def test_a_database_with_tracks_of_ones_own_is_left_alone(here: Path) -> None:
    assert _run("demo").exit_code == 0
    mine = {"name": "Mine", "pid": 1, "tracks": [{"track_name": "Mine", "artist_name": "Me"}]}
    (here / "mpd.slice.0-0.json").write_text(json.dumps({"playlists": [mine]}))
    with open_writer(here / "segue-demo.db", "a test") as connection:
        import_paths(connection, [here / "mpd.slice.0-0.json"], ImportOptions(0))
    before = (here / "segue-demo.db").read_bytes()
    result = _run("demo")
    assert result.exit_code == 1
    assert "not the demo's" in result.stderr
    assert (here / "segue-demo.db").read_bytes() == before


@pytest.mark.usefixtures("small")
def test_files_of_others_are_left_alone(here: Path) -> None:
    (here / "segue-demo.db").write_text("my notes")
    result = _run("demo")
    assert result.exit_code == 1
    assert (here / "segue-demo.db").read_text() == "my notes"
    with closing(sqlite3.connect(here / "other.db")) as connection:
        connection.execute("CREATE TABLE notes (note)")
    assert _run("demo", "--db", "other.db").exit_code == 1
    (here / "third.models").mkdir()
    assert _run("demo", "--db", "third.db").exit_code == 1
    assert (here / "third.models").is_dir()


@pytest.mark.usefixtures("small")
def test_a_folder_that_is_not_there_is_said(here: Path) -> None:
    result = _run("demo", "--db", "nowhere/demo.db")
    assert result.exit_code == 1
    assert "there is no folder nowhere" in result.stderr
    assert not (here / "nowhere").exists()


@pytest.mark.usefixtures("small")
def test_interrupted_it_leaves_the_demo_before(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert _run("demo").exit_code == 0
    before = (here / "segue-demo.db").read_bytes()

    def interrupted(*args: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(demo.build, "train_models", interrupted)
    result = _run("demo", "--seed", "2")
    assert result.exit_code == 1
    assert (here / "segue-demo.db").read_bytes() == before
    assert not [path for path in here.iterdir() if path.name.endswith(".new")]
    assert _run("suggest", "--db", "segue-demo.db", _a_track(before, here)).exit_code == 0


@pytest.mark.usefixtures("small")
def test_a_model_that_refuses_ends_the_demo(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo.build, "train_models", lambda *_: iter([CannotTrain("it is too tired")]))
    result = _run("demo")
    assert result.exit_code == 1
    assert "too tired" in result.stderr
    assert not (here / "segue-demo.db").exists()


@pytest.mark.usefixtures("small")
def test_what_a_killed_demo_left_is_swept(here: Path) -> None:
    left = here / ".segue-demo.db.new"
    left.mkdir()
    (left / "segue-demo.db").write_text("half")
    assert _run("demo").exit_code == 0
    assert not left.exists()


def _a_track(database: bytes, folder: Path) -> str:
    copy = folder / "copy.db"
    copy.write_bytes(database)
    with closing(sqlite3.connect(copy)) as connection:
        return str(connection.execute("SELECT track_id FROM tracks LIMIT 1").fetchone()[0])


def test_what_goes_with_serve_is_said(here: Path) -> None:
    result = _run("demo", "--port", "0")
    assert result.exit_code == 2
    assert "--port goes with --serve" in result.stderr
    assert not list(here.iterdir())


@pytest.mark.parametrize(
    ("words", "said"), [(("--faults", "earthquake=10%"), "earthquake"), (("--regime", "WILD"), "'WILD'")]
)
def test_what_cannot_be_served_is_said_in_one_line(here: Path, words: tuple[str, ...], said: str) -> None:
    result = _run("demo", "--serve", "--port", "0", *words)
    assert result.exit_code in (1, 2)
    assert said in result.stderr
    assert "Traceback" not in result.output
