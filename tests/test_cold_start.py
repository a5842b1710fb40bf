"""Commands start fast, because they load only what they use."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.models.tiny_bert import can_read

ROOT = Path(__file__).parent.parent
HEAVY = {
    "gensim",
    "pandas",
    "surprise",
    "sklearn",
    "scipy",
    "sqlite_utils",
    "similaripy",
    "implicit",
    "aiohttp",
    "spotipy",
    "requests",
    "torch",
    "transformers",
    "tokenizers",
    "safetensors",
    "huggingface_hub",
}
_LOADED = """
import json, sys
from cli import main
try:
    main(sys.argv[1:], prog_name="segue")
except SystemExit as end:
    assert not end.code, end.code
finally:
    print("LOADED " + json.dumps(sorted({name.split(".")[0] for name in sys.modules})))
"""


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with five trained models."""
    folder = tmp_path_factory.mktemp("cold")
    tracks = [{"track_name": f"Song {n}", "artist_name": f"Band {n % 7}"} for n in range(20)]
    playlists = [{"name": str(pid), "pid": pid, "tracks": tracks[pid : pid + 12]} for pid in range(8)]
    (folder / "mpd.slice.0-7.json").write_text(json.dumps({"playlists": playlists}))
    path = folder / "cold.db"
    _segue(path, "import", str(folder / "mpd.slice.0-7.json"))
    _segue(path, "train", "item-knn", "word2vec", "title", "text", "popularity", "--no-measure")
    return path


def _segue(database: Path, *words: str) -> str:
    return _run(sys.executable, str(ROOT / "cli.py"), "--db", str(database), *words)


def _run(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def _loaded(*words: str) -> set[str]:
    last = _run(sys.executable, "-c", _LOADED, *words).splitlines()[-1]
    return set(json.loads(last.removeprefix("LOADED ")))


@pytest.mark.parametrize(
    "words",
    [
        ("song 3 band 3",),
        ("song 3 band 3", "--format", "json"),
        ("song 3 band 3", "--model", "text"),
        ("--title", "3"),
        ("song 3 band 3", "--title", "3", "--format", "json"),
        ("--listener", "somebody", "--artists", "Band 3"),
    ],
)
def test_suggesting_loads_nothing_heavy(database: Path, words: tuple[str, ...]) -> None:
    loaded = _loaded("--db", str(database), "suggest", *words)
    assert "numpy" in loaded
    assert not loaded & HEAVY


@pytest.mark.skipif(not can_read(), reason="the extra `text` is not installed")
def test_a_transformer_is_needed_to_train_and_never_to_answer(database: Path) -> None:
    _segue(database, "train", "meaning", "--no-measure")
    loaded = _loaded("--db", str(database), "suggest", "song 3 band 3", "--model", "meaning")
    assert not loaded & HEAVY


def test_a_road_loads_nothing_heavy(database: Path) -> None:
    loaded = _loaded("--db", str(database), "path", "song 3 band 3", "song 9 band 2", "-n", "4")
    assert "numpy" in loaded
    assert not loaded & HEAVY


@pytest.mark.parametrize("words", [("search", "song"), ("stats",), ("status",)])
def test_looking_loads_nothing_heavy(database: Path, words: tuple[str, ...]) -> None:
    assert not _loaded("--db", str(database), *words) & HEAVY


@pytest.mark.parametrize(
    "command",
    ["", "demo", "import", "path", "purge", "search", "stats", "status", "suggest", "taste", "taste like", "train"],
)
def test_help_loads_next_to_nothing(command: str) -> None:
    assert not _loaded(*command.split(), "--help") & (HEAVY | {"numpy"})


def test_the_file_works_as_the_command_does(database: Path) -> None:
    told = json.loads(_segue(database, "suggest", "song 3 band 3", "--json"))
    assert told["suggestions"]
    again = json.loads(
        _run(sys.executable, str(ROOT / "cli.py"), "suggest", "song 3 band 3", "--json", "--db", str(database))
    )
    assert again == told
