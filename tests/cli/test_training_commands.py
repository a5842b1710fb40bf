"""Train, status and purge, as a person or a program calls them."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from db.connection import open_writer
from db.records import Playlist
from tests.cli.running import segue
from tests.recommender.songs import add, playlist, song, spotify_id, taste_song


def lines(text: str) -> list[str]:
    return text.splitlines()


# train


def test_train_ends_with_what_each_took_and_is_worth(untrained: Path) -> None:
    """A table with popularity as the yardstick; the bars are on stderr."""
    add(untrained, playlists_of(tastes(), 150))
    result = segue("--db", untrained, "train", "item-knn", "popularity")
    assert result.exit_code == 0
    rows = lines(result.stdout)
    assert rows[0].split() == ["model", "seconds", "hit", "rate@10", "NDCG@500", "worth", "learned"]
    assert rows[1].split()[0] == "item-knn"
    assert "times popularity" in rows[1]
    assert "the yardstick" in rows[2]
    assert "hit rate@10 is the share of held-out playlists (50 of them)" in rows[3]
    assert rows[4].startswith("after five seeds; worth sets NDCG@500")


def playlists_of(odds: np.ndarray, n_playlists: int) -> list[Playlist]:
    """Give playlists of 15 songs, one kind of them after the other. odds: float64, shape (kinds, songs)."""
    rng = np.random.default_rng(1)
    songs = [song(f"Song {n}", f"Artist {n}", spotify_id(f"n{n}x")) for n in range(odds.shape[1])]
    drawn = (rng.choice(len(songs), 15, replace=False, p=odds[n % len(odds)]) for n in range(n_playlists))
    return [playlist(f"p{n}", [songs[i] for i in numbers]) for n, numbers in enumerate(drawn)]


def tastes() -> np.ndarray:
    """Give four tastes of a hundred songs each."""
    return np.kron(np.eye(4), np.full(100, 0.01))


def fame() -> np.ndarray:
    """Give three hundred songs that all know by their fame alone."""
    fame = 1 / np.arange(1, 301)
    return fame[None] / fame.sum()


def test_what_nobody_named_may_be_missing_while_others_stand(tmp_path: Path) -> None:
    """Playlists without names are no reason to fail, unless somebody asks for the model that reads names."""
    database = tmp_path / "s.db"
    add(database, [replace(one, name="") for one in playlists_of(tastes(), 12)])
    result = segue("--db", database, "train", "--no-measure", "--top-tracks", "20")
    assert result.exit_code == 0
    assert "Note: title is not trained: no playlist here has a name" in result.stderr
    assert "item-knn" in result.stdout
    result = segue("--db", database, "train", "title")
    assert result.exit_code == 1
    assert "Error: title is not trained: no playlist here has a name" in result.stderr


def test_a_model_below_popularity_is_told_and_suggest_leans_on_what_works(tmp_path: Path) -> None:
    """Where fame is all there is. The sentence is in the table, the JSON, and the status."""
    database = tmp_path / "s.db"
    add(database, playlists_of(fame(), 60))
    result = segue("--db", database, "train", "item-knn", "popularity")
    assert "below popularity on these playlists: suggest will not lean on it" in lines(result.stdout)[1]
    assert "the yardstick" in lines(result.stdout)[2]
    assert "; below popularity, so suggest does not lean on it" in segue("--db", database, "status").stdout
    told = json.loads(segue("--db", database, "status", "--json").stdout)
    assert [model["below_popularity"] for model in told["models"]] == [True, False]
    told = json.loads(segue("--db", database, "train", "item-knn", "--json").stdout)
    assert told[0]["below_popularity"] is True
    assert told[0]["worth"]["ndcg_500"] < told[0]["worth"]["popularity_ndcg_500"]
    result = segue("--db", database, "suggest", spotify_id("n0x"))
    assert "Note: no model here beats popularity on these playlists" in result.stderr
    assert "Suggested by popularity:" in result.stderr
    result = segue("--db", database, "suggest", spotify_id("n0x"), "--model", "item-knn")
    assert "Suggested by item-knn:" in result.stderr
    assert "beats popularity" not in result.stderr


def test_thirty_playlists_are_measured(tmp_path: Path) -> None:
    """After one seed where they are short."""
    add(tmp_path / "s.db", playlists_of(tastes(), 30))
    told = json.loads(segue("--db", tmp_path / "s.db", "train", "artists", "--json").stdout)
    assert (told[0]["worth"]["playlists"], told[0]["worth"]["seeds"]) == (30, 5)
    assert told[0]["below_popularity"] in (True, False)
    told = json.loads(segue("--db", tmp_path / "s.db", "train", "artists", "--json", "--no-measure").stdout)
    assert (told[0]["worth"], told[0]["below_popularity"]) == ({}, None)


def test_train_without_measuring_says_not_measured(untrained: Path) -> None:
    """And is done in half the time."""
    result = segue("--db", untrained, "train", "popularity", "--no-measure")
    assert "not measured" in result.stdout
    assert len(lines(result.stdout)) == 2


def test_train_json_is_one_list_and_stderr_is_quiet(untrained: Path) -> None:
    """A program reads it."""
    result = segue("--db", untrained, "train", "item-knn", "--as", "mine", "--set", "neighbours=7", "--json")
    told = json.loads(result.stdout)
    assert (result.exit_code, result.stderr) == (0, "")
    assert (told[0]["name"], told[0]["kind"], told[0]["options"]["neighbours"]) == ("mine", "item-knn", 7)
    assert "arrays" not in told[0]


def test_a_preset_that_is_not_recommended_is_trained_with_a_note(untrained: Path) -> None:
    """And kept under its name."""
    words = ("train", "hybrid", "--preset", "meta-level", "--as", "meta-level", "--no-measure")
    result = segue("--db", untrained, *words)
    assert result.exit_code == 0
    assert lines(result.stdout)[1].split()[0] == "meta-level"
    assert "Note: hybrid:meta-level is not recommended: " in result.stderr


def test_a_model_that_refuses_is_told_and_the_others_are_trained(untrained: Path) -> None:
    """Exit code 1, because not all was done."""
    result = segue("--db", untrained, "train", "word2vec", "--set", "min_count=1000")
    assert result.exit_code == 1
    assert "Error: word2vec is not trained: no track stands 1000 times" in result.stderr
    assert result.stdout == ""


def test_a_value_out_of_range_is_wrong_usage(untrained: Path) -> None:
    """One line with the option, its range and the value; nothing is trained."""
    result = segue("--db", untrained, "train", "word2vec", "-s", "min_alpha=nan")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "Error: option min_alpha must be from 0 to 1, not nan" in result.stderr
    assert not untrained.with_suffix(".models").exists()
    result = segue("--db", untrained, "train", "popularity", "--seed", -1)
    assert result.exit_code == 2
    assert "'--seed': -1 is not in the range x>=0" in result.stderr


def test_too_few_playlists_to_train_is_one_sentence(tmp_path: Path) -> None:
    """With the command that helps."""
    with open_writer(tmp_path / "s.db", "a test"):
        pass
    result = segue("--db", tmp_path / "s.db", "train", "popularity")
    assert result.exit_code == 1
    assert len(lines(result.stderr)) == 1
    assert "too few to learn from: import more (segue import FOLDER)" in result.stderr


def test_a_models_folder_that_cannot_be_written_is_one_sentence(untrained: Path) -> None:
    """A file lies in its place."""
    untrained.with_suffix(".models").write_text("in the way")
    result = segue("--db", untrained, "train", "popularity", "--json")
    assert result.exit_code == 1
    assert "cannot be written" in result.stderr


# status


def test_status_shows_imports_and_models(trained: Path) -> None:
    """Fresh, then stale; damaged ones on stderr."""
    result = segue("--db", trained, "status")
    assert result.exit_code == 0
    assert lines(result.stdout)[0].split() == ["import", "source", "when", "from"]
    assert sum(row.endswith("fresh") for row in lines(result.stdout)) == 2
    add(trained, [playlist("new", [taste_song("calm", 1), taste_song("calm", 2)])])
    (trained.with_suffix(".models") / "popularity" / "manifest.json").write_text("[]")
    result = segue("--db", trained, "status")
    assert result.exit_code == 0
    assert "stale: the playlists changed since (segue train)" in result.stdout
    assert "Note: the model in" in result.stderr


@pytest.mark.parametrize(
    "changes", [{"trained_at": 10**30}, {"worth": {"hit_rate_10": 10**400}}, {"seconds": float("nan")}]
)
def test_status_calls_a_manifest_damaged_that_it_cannot_show(trained: Path, changes: dict[str, object]) -> None:
    """Times of no calendar, and numbers of no end."""
    path = trained.with_suffix(".models") / "popularity" / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))
    for more in ([], ["--json"]):
        result = segue("--db", trained, "status", *more)
        assert result.exit_code == 0
        assert "its manifest.json is not one of ours: train it again" in result.stdout + result.stderr


def test_status_json_is_one_object(trained: Path) -> None:
    """Imports, models, the damaged, and what crawling knows."""
    told = json.loads(segue("--db", trained, "status", "--json").stdout)
    assert list(told) == ["database", "imports", "models", "damaged", "crawl"]
    assert [model["name"] for model in told["models"]] == ["item-knn", "popularity"]
    assert [model["stale"] for model in told["models"]] == [False, False]
    assert told["imports"][0]["number"] == 1


def test_status_of_nothing_names_the_next_commands(tmp_path: Path) -> None:
    """Import, then train."""
    with open_writer(tmp_path / "s.db", "a test"):
        pass
    told = segue("--db", tmp_path / "s.db", "status").stdout
    assert "segue import FOLDER" in told
    assert "segue train" in told


# purge


def test_purge_takes_an_import_back(trained: Path) -> None:
    """And says in words what went."""
    add(trained, [playlist("second", [taste_song("calm", 1), song("New", "New")])], "second")
    result = segue("--db", trained, "purge", "--import", 2)
    assert result.exit_code == 0
    assert result.stdout.startswith("Took import 2 back: 1 playlists")
    assert json.loads(segue("--db", trained, "stats", "--json").stdout)["playlists"] == 40


def test_purge_json_is_one_object(trained: Path) -> None:
    """Counts of rows."""
    told = json.loads(segue("--db", trained, "purge", "--import", 1, "--json").stdout)
    assert told["playlists"] == 40
    assert told["tracks"] == 30


def test_purge_of_an_import_that_is_not_there_is_one_sentence(trained: Path) -> None:
    """It tells where the numbers stand."""
    result = segue("--db", trained, "purge", "--import", 7)
    assert (result.exit_code, result.stderr) == (1, "Error: there is no import 7: `segue status` lists them\n")
