"""`segue evaluate`, as a person or a program calls it."""

import json
import signal
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from click.testing import CliRunner, Result

from recommender.commands.evaluate import evaluate
from recommender.errors import CannotTrain
from recommender.lines import width
from tests.recommender.songs import add, playlist, song, spotify_id

WIDEST = 120
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a database of 80 playlists of 35 tracks of 400, by 40 artists."""
    rng = np.random.default_rng(1)
    songs = [song(f"Song {n}", f"Artist {n % 40}", spotify_id(f"n{n}x")) for n in range(400)]
    database = tmp_path_factory.mktemp("many") / "s.db"
    lists = [[songs[i] for i in rng.choice(400, 35, replace=False)] for _ in range(80)]
    add(database, [playlist(f"p{n}", tracks) for n, tracks in enumerate(lists)])
    return database


def run(database: Path, *words: str) -> Result:
    result = CliRunner().invoke(evaluate, words, obj=database, prog_name="segue evaluate")
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def test_the_tables_name_every_model_beside_both_baselines(many: Path) -> None:
    """They fit a terminal, and end with what was measured."""
    result = run(many, "item-knn", "--by-seeds")
    assert (result.exit_code, result.stderr) == (0, "")
    tables = [part.splitlines() for part in result.stdout.split("\n\n")]
    assert [len(table) for table in tables[:2]] == [4, 13]
    assert {row.split()[0] for row in tables[0][1:]} == {"item-knn", "popularity", "same-artist"}
    assert "the yardstick" in result.stdout
    assert "test playlists of 30 or more tracks, after 1, 5, 10 and 25 of their first tracks" in result.stdout
    assert max(map(width, result.stdout.splitlines())) <= WIDEST


def test_next_has_its_own_columns_and_fits_too(many: Path) -> None:
    """One row for each model."""
    result = run(many, "popularity", "--protocol", "next", "--cases", "5")
    assert result.stdout.splitlines()[0].split()[:5] == ["model", "hit", "rate@10", "hit", "rate@20"]
    assert "Measured on 5 test playlists of 5 or more tracks;" in result.stdout
    assert max(map(width, result.stdout.splitlines())) <= WIDEST


def test_json_is_one_object_and_the_same_each_time_but_for_the_clock(many: Path) -> None:
    """A number fixes everything that chance decides."""
    words = ("item-knn", "--json", "--random-seeds", "--seeds-of", "1,3", "--on", "validation", "--seed", "4")
    told, again = (json.loads(run(many, *words).stdout) for _ in range(2))
    for one in (told, again):
        for model in one["models"]:
            del model["median_milliseconds"], model["training_seconds"]
    assert told == again
    assert (told["protocol"], told["on"], told["seeds_of"], told["random_seeds"]) == (
        "continuation",
        "validation",
        [1, 3],
        True,
    )
    assert {model["name"] for model in told["models"]} == {"item-knn", "popularity", "same-artist"}
    grade = told["models"][0]["grades"]["ndcg_500"]
    assert grade["low"] <= grade["mean"] <= grade["high"]
    assert set(told["models"][0]["by_seeds"]) == {"1", "3"}


def test_nothing_stored_is_touched(many: Path) -> None:
    """No model is written, and no folder made."""
    before = {path.name for path in many.parent.iterdir()}
    run(many, "popularity")
    assert {path.name for path in many.parent.iterdir()} == before


def test_a_preset_is_measured_beside_its_kind(many: Path) -> None:
    """As KIND:PRESET."""
    result = run(many, "item-knn", "item-knn:small", "--cases", "5")
    assert {"item-knn", "item-knn:small"} <= {row.split()[0] for row in result.stdout.splitlines() if row}


def test_a_preset_that_is_not_recommended_is_measured_with_a_note(many: Path) -> None:
    """It stays, for those who want to see for themselves."""
    result = run(many, "hybrid:meta-level", "--cases", "5")
    assert result.exit_code == 0
    assert "hybrid:meta-level" in result.stdout
    assert result.stderr.startswith("Note: hybrid:meta-level is not recommended: ")
    assert len(result.stderr.splitlines()) == 1


def test_a_model_that_refuses_is_told_and_the_others_are_measured(tmp_path: Path) -> None:
    """Exit code 1, because not all was done: no track stands in several playlists here."""
    songs = [song(f"Song {n}", "Artist", spotify_id(f"n{n}x")) for n in range(800)]
    add(tmp_path / "s.db", [playlist(f"p{n}", songs[10 * n : 10 * n + 10]) for n in range(80)])
    result = run(tmp_path / "s.db", "word2vec:article", "item-knn")
    assert result.exit_code == 1
    assert "Error: word2vec:article is not measured: no track stands" in result.stderr
    assert {"item-knn", "popularity", "same-artist"} <= {row.split(" ")[0] for row in result.stdout.splitlines()}


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["nope"], "there is no kind of model called nope"),
        (["item-knn:nope"], "item-knn has no preset nope"),
        (["--seeds-of", "0"], "0, the title alone, is asked beside other numbers, such as 0,1,5"),
        (["--seeds-of", "5,1001"], "is not a list of whole numbers from 0 to 1000"),
        (["--seeds-of", ""], "is not a list of whole numbers"),
        (["--protocol", "next", "--by-seeds"], "go with --protocol continuation"),
    ],
)
def test_wrong_usage_is_one_sentence(many: Path, words: list[str], sentence: str) -> None:
    """And exit code 2."""
    result = run(many, *words)
    assert result.exit_code == 2
    assert sentence in result.stderr


def test_too_small_a_collection_is_refused(tmp_path: Path) -> None:
    """With the cure."""
    add(tmp_path / "s.db", [playlist("p", [song("A", "B"), song("C", "D")])])
    with pytest.raises(CannotTrain, match=r"of 1 playlists too few are .*: import more \(segue import FOLDER\)"):
        run(tmp_path / "s.db")


def test_the_report_is_one_page_that_needs_nothing_else(tmp_path: Path, many: Path) -> None:
    """Well-formed pictures, every model by name, and no address to load anything from."""
    folder = tmp_path / "new" / "report"
    result = run(many, "item-knn", "--cases", "5", "--report", str(folder))
    assert f"Written: {folder / 'index.html'}" in result.stderr
    text = (folder / "index.html").read_text(encoding="utf-8")
    pictures = [f"<svg{part.split('</svg>')[0]}</svg>" for part in text.split("<svg")[1:]]
    assert len(pictures) == 6
    for picture in pictures:
        named = {element.text for element in ElementTree.fromstring(picture).iter("text")}
        assert {"item-knn", "popularity", "same-artist"} <= named
    assert "://" not in text


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is sent in another way there")
def test_ctrl_c_ends_it_in_one_line(many: Path) -> None:
    """Without a traceback, and at once."""
    start = "import sys; from pathlib import Path; from recommender.commands.evaluate import evaluate; "
    words = [sys.executable, "-c", start + "evaluate([], obj=Path(sys.argv[1]))", str(many)]
    with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr
        assert process.stderr.readline().startswith("Note: ")  # it has loaded all, and starts to measure
        process.send_signal(signal.SIGINT)
        stdout, stderr = process.communicate(timeout=60)
    assert (process.returncode, stdout) == (1, "")
    assert stderr.split() == ["Aborted!"]


@pytest.mark.slow
def test_without_a_name_all_but_the_slow_are_measured(many: Path) -> None:
    """And it is said which are left out."""
    result = run(many, "--cases", "5")
    assert "Note: knn-baseline is left out" in result.stderr
    assert "knn-baseline" not in result.stdout
    assert "word2vec" in result.stdout
