"""What `segue evaluate` measured last is kept beside the models, whole or not at all."""

import json
import shlex
from pathlib import Path

import click
import numpy as np
import pytest
from click.testing import CliRunner

from recommender.artifacts import model_names, models_folder
from recommender.commands.evaluate import evaluate
from recommender.commands.kept_table import typed
from recommender.errors import CannotStore
from recommender.measures.keeping import NAMES, Kept, keep, kept_tables
from tests.recommender.songs import add, playlist, song, spotify_id

KEPT = Kept("cold", "segue evaluate --protocol cold", 1_700_000_000, "abc", {"models": []})


@pytest.fixture
def many(tmp_path: Path) -> Path:
    """A database of 80 playlists of 35 tracks of 200, by 20 artists, and no model."""
    rng = np.random.default_rng(1)
    songs = [song(f"Song {n}", f"Artist {n % 20}", spotify_id(f"n{n}x")) for n in range(200)]
    add(tmp_path / "s.db", [playlist(f"p{n}", [songs[i] for i in rng.permutation(200)[:35]]) for n in range(80)])
    return tmp_path / "s.db"


def run(database: Path, *words: str) -> str:
    result = CliRunner().invoke(evaluate, words, obj=database, prog_name="segue")
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("continuation", ("popularity", "--cases", "5", "--seeds-of", "1,2")),
        ("next", ("popularity", "--protocol", "next")),
        ("dials", ("popularity", "--dials", "--cases", "5")),
        ("curve", ("popularity", "--curve", "--cases", "5", "--seed", "4")),
    ],
)
def test_each_table_is_kept_as_it_is_printed(many: Path, name: str, words: tuple[str, ...]) -> None:
    """Under its own name, with the command and the state of the playlists; the same with and without --json."""
    if name == "dials":
        words = ("item-knn", *words[1:])
    told = json.loads(run(many, *words, "--json"))
    (one,), damaged = kept_tables(models_folder(many))
    assert (one.name, damaged) == (name, [])
    assert sorted(shlex.split(one.command)) == sorted(["segue", "evaluate", *words])
    assert len(one.content) == 16
    for value in one.told:
        if value != "models":  # in which are times
            assert one.told[value] == told[value]
    run(many, *words)
    (again,), _ = kept_tables(models_folder(many))
    assert again.told.keys() == one.told.keys()
    assert model_names(models_folder(many)) == [], "it is no model"


def test_the_last_table_takes_the_place_of_the_one_before(tmp_path: Path) -> None:
    keep(tmp_path, KEPT)
    newer = Kept("cold", "segue evaluate --protocol cold --seed 2", 1_700_000_001, "abd", {"models": [1]})
    keep(tmp_path, newer)
    keep(tmp_path, Kept("next", "segue evaluate --protocol next", 1, "", {}))
    tables, damaged = kept_tables(tmp_path)
    assert ([one.name for one in tables], damaged) == (["next", "cold"], [])
    assert tables[1] == newer
    assert sorted(path.name for path in (tmp_path / ".evaluations").iterdir()) == ["cold.json", "next.json"]


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '"a"', "null", '{"format": 2}', '{"format": 1, "name": "next"}', '{"format": 1, "x": 1}']
)
def test_what_is_damaged_is_named_and_stops_no_other(tmp_path: Path, text: str) -> None:
    keep(tmp_path, KEPT)
    keep(tmp_path, Kept("curve", "segue evaluate --curve", 1, "", {}))
    (tmp_path / ".evaluations" / "cold.json").write_text(text, encoding="utf-8")
    tables, damaged = kept_tables(tmp_path)
    assert [one.name for one in tables] == ["curve"]
    assert len(damaged) == 1
    assert "measure again" in damaged[0]


def test_values_of_another_type_are_refused(tmp_path: Path) -> None:
    keep(tmp_path, KEPT)
    place = tmp_path / ".evaluations" / "cold.json"
    whole = json.loads(place.read_text(encoding="utf-8"))
    for name in ("command", "measured_at", "content", "told"):
        place.write_text(json.dumps(whole | {name: None}), encoding="utf-8")
        assert kept_tables(tmp_path)[0] == []


def test_no_folder_is_no_table(tmp_path: Path) -> None:
    assert kept_tables(tmp_path / "none") == ([], [])


def test_a_table_that_cannot_be_kept_stops_nothing(many: Path) -> None:
    """It is printed all the same, and a note says why it is not kept."""
    models_folder(many).write_text("a file where a folder would be", encoding="utf-8")
    with pytest.raises(CannotStore):
        keep(models_folder(many), KEPT)
    result = CliRunner().invoke(evaluate, ["popularity"], obj=many)
    assert result.exit_code == 0
    assert "Note: what was measured is not kept" in result.stderr
    assert "NDCG@500" in result.stdout


def test_the_names_are_those_of_the_protocols() -> None:
    option = next(one for one in evaluate.params if one.name == "protocol")
    assert isinstance(option.type, click.Choice)
    assert {*option.type.choices, "dials", "curve"} == set(NAMES)


@pytest.mark.parametrize(
    "words",
    ["", "item-knn popularity --seed 3", "--protocol plays --by-time --min-mean 1.5", "--random-seeds --by-seeds",
        "--seeds-of 0,1,5 'knn:a b'"],
)  # fmt: skip
def test_a_command_is_written_as_it_was_typed(words: str) -> None:
    """What changes nothing of the measuring is left away."""
    wanted = shlex.split(words)
    context = evaluate.make_context("evaluate", [*wanted, "--json", "--report", "x"])
    assert sorted(shlex.split(typed(context))) == sorted(["segue", "evaluate", *wanted])
