"""The command as a process: pipes, signals, and how fast it starts."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.running import ROOT, command, environment, process
from tests.recommender.songs import add, playlist, song, spotify_id, taste_song, train

CALM = taste_song("calm", 0).track_id


def test_results_are_on_stdout_and_words_on_stderr(trained: Path) -> None:
    """A process of its own, as a script would call it."""
    done = process("suggest", "calm song 0 calm artist 0", "--json", "--db", trained, env=environment())
    assert done.returncode == 0
    assert len(json.loads(done.stdout)["suggestions"]) == 10
    assert done.stderr.startswith('"calm song 0 calm artist 0" is ')


@pytest.mark.parametrize("bad", ["database", "models", "words"])
def test_bad_input_is_never_a_traceback(trained: Path, bad: str) -> None:
    """One line, exit code 1."""
    words: list[object] = ["suggest", CALM, "--db", trained]
    if bad == "database":
        trained.write_bytes(trained.read_bytes()[:5000])
    elif bad == "models":
        for manifest in trained.with_suffix(".models").glob("*/manifest.json"):
            manifest.write_bytes(b"\xff\xfe")
    else:
        words[1] = "no such words"
    done = process(*words, env=environment())
    assert done.returncode == 1
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    assert done.stderr.startswith("Error: ")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="a shell's pipe")
def test_a_reader_that_goes_away_is_no_error_for_a_person(trained: Path) -> None:
    """`segue suggest ... | head -1` shows one line and no traceback."""
    rows = [song(f"Song {n}", f"Artist {n}", spotify_id(f"n{n}x")) for n in range(3000)]
    add(trained, [playlist("long", rows), playlist("too", rows[::-1])])
    train(trained)
    line = " ".join(command("suggest", rows[0].track_id, "-n", "2900", "--db", trained, "--per-artist", "0"))
    done = subprocess.run(
        f"{line} | head -1", shell=True, capture_output=True, text=True, check=False, env=environment()
    )
    assert len(done.stdout.splitlines()) == 1
    assert "Traceback" not in done.stderr
    assert "BrokenPipe" not in done.stderr


def test_titles_that_a_pipe_cannot_carry_do_not_end_the_list(trained: Path) -> None:
    """An old Windows code page, or an ASCII log."""
    add(trained, [playlist("jp", [song("夜に駆ける", "YOASOBI", spotify_id("yoru")), taste_song("calm", 0)])])
    done = process("search", "yoasobi", "--db", trained, env=environment(PYTHONIOENCODING="ascii", PYTHONUTF8="0"))
    assert done.returncode == 0
    assert spotify_id("yoru") in done.stdout


SLOW_MODEL = """
import sys, time
sys.path.insert(0, {root!r})
from recommender.models import popularity
def fit(corpus, rng, options, progress=None):
    print("fitting", flush=True)
    time.sleep(30)
popularity.Popularity.fit = fit
from cli import main
main(["--db", {database!r}, "train", "popularity", "--no-measure"], prog_name="segue")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_ctrl_c_in_a_training_is_one_line_and_leaves_the_old_models(trained: Path) -> None:
    """The models before still serve, and nothing half-written lies about."""
    folder = trained.with_suffix(".models")
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    code = SLOW_MODEL.format(root=str(ROOT), database=str(trained))
    running = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment()
    )
    assert running.stdout is not None
    assert running.stdout.readline() == "fitting\n"
    time.sleep(0.1)
    running.send_signal(signal.SIGINT)
    _, told = running.communicate(timeout=20)
    assert running.returncode in (1, 130)
    assert "Traceback" not in told
    assert told.strip().splitlines()[-1].strip() == "Aborted!"
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_a_killed_training_leaves_the_old_models(trained: Path) -> None:
    """Killed while it learns, nothing was touched yet."""
    code = SLOW_MODEL.format(root=str(ROOT), database=str(trained))
    running = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert running.stdout is not None
    running.stdout.readline()
    running.kill()
    running.communicate()
    assert process("suggest", CALM, "--db", trained, env=environment()).returncode == 0


SLOW_TO_IMPORT = ("gensim", "pandas", "surprise", "sklearn", "scipy", "sqlite_utils", "similaripy", "hypothesis")


@pytest.mark.parametrize("words", [("suggest", CALM), ("search", "calm"), ("stats",), ("status",)])
def test_what_must_be_fast_imports_nothing_slow(trained: Path, words: tuple[str, ...]) -> None:
    """Neither gensim, pandas, Surprise, scikit-learn, nor what pulls them in."""
    code = (
        "import sys; from cli import main\n"
        "try: main(sys.argv[1:], prog_name='segue')\n"
        "finally: print(sorted(sys.modules), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "--db", str(trained), *words],
        capture_output=True, text=True, check=True, cwd=ROOT, env=environment(),
    )  # fmt: skip
    loaded = set(eval(done.stderr.splitlines()[-1]))
    assert not loaded & set(SLOW_TO_IMPORT)
    if words[0] == "stats":
        assert "numpy" not in loaded


def test_help_loads_no_numpy() -> None:
    """The list of commands is the first thing that anybody sees."""
    code = "import sys, cli; print('numpy' in sys.modules, 'sqlite3' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.split()[0] == "False"


def test_no_color_changes_nothing(trained: Path) -> None:
    """There are no colours to begin with."""
    plain = process("stats", "--db", trained, env=environment())
    forced = process("stats", "--db", trained, env=environment(NO_COLOR="1", FORCE_COLOR="1"))
    assert plain.stdout == forced.stdout
    assert "\x1b" not in plain.stdout
    assert os.linesep not in plain.stderr
