"""`segue tune`, as a person or a program calls it."""

import json
import shlex
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result

from recommender.commands.train import option_words
from recommender.commands.tune import tune
from recommender.errors import CannotTrain
from recommender.jobs import plan
from recommender.lines import width
from tests.recommender.songs import add, playlist, song, spotify_id

WIDEST = 120
ROOT = Path(__file__).resolve().parents[2]
ARTISTS, SONGS_OF_ARTIST, LISTS, LENGTH = 40, 5, 120, 32


@pytest.fixture(scope="module")
def varied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give playlists of which none has two songs by one artist, so that artists' own songs are never right."""
    rng = np.random.default_rng(1)
    lists = []
    for _ in range(LISTS):
        artists = rng.choice(ARTISTS, LENGTH, replace=False)
        songs = [f"{artist} {rng.integers(SONGS_OF_ARTIST)}" for artist in artists]
        lists.append([song(f"Song {name}", f"Artist {name.split()[0]}", _id(name)) for name in songs])
    database = tmp_path_factory.mktemp("varied") / "s.db"
    add(database, [playlist(f"p{number}", tracks) for number, tracks in enumerate(lists)])
    return database


def _id(name: str) -> str:
    return spotify_id(f"n{name.replace(' ', 'x')}x")


def run(database: Path, *words: object) -> Result:
    result = CliRunner().invoke(tune, [str(word) for word in words], obj=database, prog_name="segue tune")
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def test_a_setting_that_suits_the_playlists_is_found_and_said(varied: Path) -> None:
    """The usual 8 puts the seeds' own artists first; the command that is printed trains what was found."""
    result = run(varied, "artists", "--trials", 8)
    assert result.exit_code == 0
    rows = result.stdout.splitlines()
    assert rows[0].split()[:2] == ["NDCG@500", "again"]
    assert sum("the usual settings" in row for row in rows[:8]) == 1
    assert "10 settings were tried, 8 of them drawn, on 12 validation playlists" in result.stdout
    assert "6 of them on 24 other playlists, in 2 other splits" in result.stdout
    untouched = "segue evaluate --protocol continuation --seed 1 --seeds-of 1,5,10,25"
    assert f"What `{untouched}` tests on was not looked at." in result.stdout
    assert "The best gains +0." in result.stdout
    program, command, kind, *words = shlex.split(rows[-1])
    assert (program, command, kind) == ("segue", "train", "artists")
    assert words[::2] == ["--set"] * (len(words) // 2)
    options = plan([kind], None, option_words(tuple(words[1::2])), None)[0].options
    assert options.own < 8
    assert max(map(width, result.stdout.splitlines())) <= WIDEST


def test_each_new_best_is_a_line_on_stderr(varied: Path) -> None:
    """Rising, from the usual settings on."""
    result = run(varied, "artists", "--trials", 4)
    bests = [line for line in result.stderr.splitlines() if "NDCG@500" in line]
    assert bests[0].endswith("the usual settings")
    values = [float(line.split()[2]) for line in bests]
    assert len(values) > 1
    assert values == sorted(set(values))


def test_the_usual_settings_stay_where_nothing_is_won(varied: Path) -> None:
    """Two presets that differ in how many neighbours are kept, of which there are few."""
    result = run(varied, "item-knn", "--trials", 0, "-s", "half_length=0", "-s", "alpha=0.5", "-s", "shrink=0")
    assert "The usual settings stay: the best of the others gains" in result.stdout
    assert "which may be chance" in result.stdout
    assert result.stdout.splitlines()[-1].split() == [
        "segue", "train", "item-knn", "--set", "alpha=0.5", "--set", "shrink=0.0", "--set", "half_length=0",
    ]  # fmt: skip


def test_json_is_one_object_and_the_same_each_time_but_for_the_clock(varied: Path) -> None:
    """A number fixes everything that chance decides."""
    words = ("artists", "--trials", 3, "--json", "--seed", 4, "--protocol", "next", "--metric", "MRR@20")
    told, again = (json.loads(run(varied, *words).stdout) for _ in range(2))
    for one in (told, again):
        for trial in one["trials"]:
            del trial["median_milliseconds"], trial["training_seconds"]
    assert told == again
    assert (told["protocol"], told["metric"], told["seed"], told["stopped"]) == ("next", "mrr_20", 4, False)
    assert [trial["origin"] for trial in told["trials"]] == ["usual", "preset others", "drawn", "drawn", "step"]
    assert told["trials"][0]["gain"] is None
    assert told["trials"][1]["gain"]["low"] <= told["trials"][1]["gain"]["mean"]


def test_fewer_clicks_are_better(varied: Path) -> None:
    """The grade of which less is more: what gains has the lower value."""
    told = json.loads(run(varied, "artists", "--trials", 0, "--metric", "clicks", "--json").stdout)
    usual, others = told["trials"]
    assert 0 <= others["again"] < usual["again"]
    assert others["gain"]["mean"] == pytest.approx(usual["again"] - others["again"])


def test_what_is_set_stays_and_what_fails_is_told(varied: Path) -> None:
    """The article's word2vec wants each track four times; here it is asked for more than there are."""
    told = json.loads(run(varied, "artists", "--trials", 4, "--set", "own=3", "--json").stdout)
    assert {trial["options"]["own"] for trial in told["trials"]} == {3.0}
    assert "--set own=3.0" in told["command"]
    with pytest.raises(CannotTrain, match="none of 2 settings of word2vec can be trained: no track stands 1000 times"):
        run(varied, "word2vec", "--trials", 0, "--set", "min_count=1000")


def test_a_setting_that_cannot_be_trained_is_one_that_failed(tmp_path: Path) -> None:
    """No track stands in four playlists, as the article wants it; the usual settings do without."""
    songs = [song(f"Song {n}", "Artist", spotify_id(f"n{n}x")) for n in range(800)]
    add(tmp_path / "s.db", [playlist(f"p{n}", songs[10 * n : 10 * n + 10]) for n in range(80)])
    result = run(tmp_path / "s.db", "word2vec", "--trials", 0, "--set", "epochs=1")
    assert result.exit_code == 0
    assert "1 failed, such as preset article:" in result.stdout
    assert "no track stands 4 times" in result.stdout
    assert "The usual settings stay: no others were measured again." in result.stdout


def test_minutes_end_the_search(varied: Path) -> None:
    """The usual settings, the presets, and one of them again come whatever the time."""
    told = json.loads(run(varied, "artists", "--minutes", "0.0001", "--json").stdout)
    assert [trial["origin"] for trial in told["trials"]] == ["usual", "preset others"]
    assert all(trial["again"] is not None for trial in told["trials"])
    told = json.loads(run(varied, "artists", "--minutes", "0.05", "--json").stdout)
    assert len(told["trials"]) > 2


def test_nothing_stored_is_touched(varied: Path) -> None:
    """No model is written, and no folder made."""
    before = {path.name for path in varied.parent.iterdir()}
    run(varied, "artists", "--trials", 1)
    assert {path.name for path in varied.parent.iterdir()} == before


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["nope"], "there is no kind of model called nope"),
        (["popularity"], "there is nothing to search in popularity"),
        (
            ["artists", "--metric", "nope"],
            "there is no grade nope in continuation: there are r_precision (R-precision)",
        ),
        (["artists", "--metric", "mrr_20"], "there is no grade mrr_20 in continuation"),
        (["artists", "--set", "own"], "--set takes NAME=VALUE"),
        (["artists", "--set", "own=-1"], "option own must be from 0 to"),
        (["artists", "--minutes", "0"], "'--minutes'"),
    ],
)
def test_wrong_usage_is_one_sentence(varied: Path, words: list[str], sentence: str) -> None:
    """And exit code 2."""
    result = run(varied, *words)
    assert result.exit_code == 2
    assert sentence in result.stderr


def test_too_small_a_collection_is_refused(tmp_path: Path) -> None:
    """With the cure."""
    add(tmp_path / "s.db", [playlist("p", [song("A", "B"), song("C", "D")])])
    with pytest.raises(CannotTrain, match=r"of 1 playlists too few are .*: import more \(segue import FOLDER\)"):
        run(tmp_path / "s.db", "item-knn")


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is sent in another way there")
@pytest.mark.parametrize("form", ["table", "json"])
def test_ctrl_c_ends_with_what_is_known_so_far(varied: Path, form: str) -> None:
    """The result is on stdout, and the exit code says that it is not all."""
    start = "import sys; from pathlib import Path; from recommender.commands.tune import tune; "
    code = start + "tune(['artists', '--trials', '100000', *sys.argv[2:]], obj=Path(sys.argv[1]))"
    words = [sys.executable, "-c", code, str(varied), *(["--json"] if form == "json" else [])]
    with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr
        assert process.stderr.readline().endswith("the usual settings\n")
        process.send_signal(signal.SIGINT)
        stdout, stderr = process.communicate(timeout=60)
    assert process.returncode == 75
    assert "Stopped: this is what is known so far." in stderr
    assert "Traceback" not in stderr
    if form == "json":
        told = json.loads(stdout)
        assert (told["stopped"], told["usual_stays"], told["command"]) == (True, True, "segue train artists")
    else:
        assert "the usual settings" in stdout.splitlines()[1] + stdout.splitlines()[2]
        assert "The usual settings stay: no others were measured again." in stdout
