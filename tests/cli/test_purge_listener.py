"""`segue purge --listener`: a person goes, with the models that hold them."""

import json
from pathlib import Path

import numpy as np
import pytest

from recommender.artifacts import model_names, models_folder
from tests.cli.running import segue
from tests.recommender.listening import add_plays, listened
from tests.recommender.songs import train

WHO = "listener 07"
KINDS = ("rank", "clusters", "user-knn")


@pytest.fixture
def played(trained: Path) -> Path:
    """The database of two tastes with plays of forty, and models that learned from them beside two that did not."""
    add_plays(trained, listened(np.random.default_rng(1)))
    train(trained, KINDS)
    return trained


def test_a_person_goes_and_so_do_the_models_that_hold_them(played: Path) -> None:
    """Models that learned from playlists stay; a second run says that there is nobody of that name."""
    result = segue("--db", played, "purge", "--listener", WHO, "--yes")
    assert (result.exit_code, result.stdout) == (0, f"Removed {WHO}: 16 plays, 3 models\n")
    assert "The models clusters, rank, user-knn held them and went with them" in result.stderr
    assert model_names(models_folder(played)) == ["item-knn", "popularity"]
    for left in [played, *models_folder(played).rglob("*.npy")]:
        assert WHO.encode() not in left.read_bytes(), left
    again = segue("--db", played, "purge", "--listener", WHO, "--yes")
    assert (again.exit_code, again.stdout) == (1, "")
    assert again.stderr.startswith(f'Error: there is nobody called "{WHO}" here: there are listener')
    assert len(again.stderr.splitlines()) == 1


def test_one_json_object_for_programs(played: Path) -> None:
    result = segue("--db", played, "purge", "--listener", WHO, "--yes", "--json")
    told = json.loads(result.stdout)
    assert (told["listener"], told["plays"], told["models"]) == (WHO, 16, sorted(KINDS))
    assert len(told["notes"]) == 1
    assert result.stderr == ""


def test_nothing_goes_without_yes_where_nobody_can_be_asked(played: Path) -> None:
    before = played.read_bytes()
    result = segue("--db", played, "purge", "--listener", WHO)
    assert (result.exit_code, result.stdout) == (1, "")
    told = f"Error: this removes all that is here of {WHO} (16 plays, 3 models): say --yes to agree to it"
    assert result.stderr.splitlines() == [told]
    assert played.read_bytes() == before
    assert set(KINDS) <= set(model_names(models_folder(played)))


def test_a_purge_that_was_stopped_between_models_and_plays_is_finished_by_the_next(played: Path) -> None:
    """And one that was stopped after the plays has only models left to remove."""
    segue("--db", played, "purge", "--listener", WHO, "--yes")
    holds = models_folder(played) / "rank"
    holds.mkdir()
    np.save(holds / "listeners.npy", np.array([WHO.encode()]), allow_pickle=False)
    result = segue("--db", played, "purge", "--listener", WHO, "--yes")
    assert (result.exit_code, result.stdout) == (0, f"Removed {WHO}: 1 model\n")
    assert not holds.exists()


def test_where_listeners_were_learned_from_as_playlists_no_model_stays(tmp_path: Path) -> None:
    """Each held this person's songs, whether it names them or not."""
    path = tmp_path / "plays.db"
    add_plays(path, listened(np.random.default_rng(1)))
    train(path, ("item-knn", "popularity"))
    result = segue("--db", path, "purge", "--listener", WHO, "--yes")
    assert result.exit_code == 0
    assert model_names(models_folder(path)) == []


def test_a_model_whose_names_cannot_be_read_goes_too(played: Path) -> None:
    (models_folder(played) / "rank" / "listeners.npy").write_bytes(b"half")
    result = segue("--db", played, "purge", "--listener", WHO, "--yes", "--json")
    assert "rank" in json.loads(result.stdout)["models"]


@pytest.mark.parametrize("more", [("--source", "test"), ("--expired",), ("--import", "1"), ("--suggested",)])
def test_a_person_is_a_purge_of_its_own(played: Path, more: tuple[str, ...]) -> None:
    result = segue("--db", played, "purge", "--listener", WHO, *more, "--yes")
    assert result.exit_code == 2
    assert "say one of them" in result.stderr


def test_without_a_database_none_is_made(tmp_path: Path) -> None:
    result = segue("--db", tmp_path / "none.db", "purge", "--listener", WHO, "--yes")
    assert result.exit_code == 1
    assert "there is no database" in result.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", [["purge", "--yes"], ["suggest"], ["taste", "report"]])
def test_a_name_that_is_no_text_is_refused_in_one_line(played: Path, command: list[str]) -> None:
    """Such as a terminal of another encoding hands over."""
    result = segue("--db", played, *command, "--listener", b"Zo\xeb".decode("utf-8", "surrogateescape"))
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "Error: a name or a word holds what is no text in UTF-8: write it anew\n"
