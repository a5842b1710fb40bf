"""Weights are loaded from a folder or by a name of the hub, as data alone; what is wrong is said in a sentence."""

import json
import os
import pickle
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import numpy as np
import pytest

from recommender.errors import CannotTrain
from recommender.models.meaning import Options
from tests.cli.running import segue
from tests.models.tiny_bert import NAME, can_read, place_in_cache, save_tiny, save_weights
from tests.recommender.songs import add, taste_playlists

pytestmark = pytest.mark.skipif(not can_read(), reason="the extra `text` is not installed: pip install 'segue[text]'")
ROOT = Path(__file__).parent.parent.parent
_ASK = """
import sys, time
from recommender.errors import CannotTrain
from recommender.meaning.net import open_net
try:
    print(open_net(sys.argv[1]).fingerprint)
except CannotTrain as refusal:
    print(refusal)
"""


def opened(weights: Path | str) -> str:
    from recommender.meaning.net import open_net

    return open_net(str(weights)).fingerprint


def asked(name: str, **environment: str) -> str:
    """Ask for weights in a process of its own, as the hub's program reads the environment when it is loaded."""
    around = {key: value for key, value in os.environ.items() if not key.startswith("HF_")} | environment
    done = subprocess.run(
        [sys.executable, "-c", _ASK, name], capture_output=True, text=True, cwd=ROOT, env=around, check=True
    )
    assert not done.stderr
    return done.stdout.strip()


def test_a_fingerprint_is_that_of_the_weights_wherever_they_lie(tmp_path: Path) -> None:
    one, other = save_tiny(tmp_path / "one"), save_tiny(tmp_path / "other", seed=2)
    shutil.copytree(one, tmp_path / "copy")
    assert opened(one) == opened(tmp_path / "copy") != opened(other)


def test_the_usual_weights_are_found_where_the_hubs_program_put_them(tmp_path: Path) -> None:
    """Fetched once, by whatever program, they need no network again."""
    tiny = save_tiny(tmp_path / "tiny")
    place_in_cache(tmp_path / "hub", tiny, "somebody/small")
    place_in_cache(tmp_path / "hub", tiny)
    offline = {"HF_HUB_CACHE": str(tmp_path / "hub"), "HF_HUB_OFFLINE": "1"}
    assert Options().weights == NAME
    assert asked(NAME, **offline) == asked("somebody/small", **offline) == opened(tiny)


def refused_by_hub(name: str, told: str) -> None:
    assert told.startswith(f"the weights {name} are not on this machine, and cannot be had from the Hugging Face hub (")
    assert told.endswith("name their folder (segue train meaning --set weights=FOLDER)")


def test_without_a_network_the_cure_is_told_and_nothing_is_left_behind(tmp_path: Path) -> None:
    told = asked(NAME, HF_HOME=str(tmp_path), HF_HUB_OFFLINE="1")
    refused_by_hub(NAME, told)
    assert not list(tmp_path.iterdir())


def test_a_hub_that_never_answers_is_not_waited_for(tmp_path: Path) -> None:
    """It takes the call, and then says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        started = time.monotonic()
        told = asked(
            NAME,
            HF_HOME=str(tmp_path),
            HF_ENDPOINT=f"http://127.0.0.1:{silent.getsockname()[1]}",
        )
    refused_by_hub(NAME, told)
    assert "(it does not answer)" in told
    assert time.monotonic() - started < 40


class _Nothing(BaseHTTPRequestHandler):
    asked: list[str] = []  # noqa: RUF012 - one server, one list
    agents: list[str] = []  # noqa: RUF012 - likewise

    def do_GET(self) -> None:
        self.asked.append(self.path)
        self.agents.append(self.headers.get("User-Agent", ""))
        self.send_response(404)
        self.send_header("X-Error-Code", "RepoNotFound")
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_HEAD = do_POST = do_GET  # noqa: N815 - as http.server calls them

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def empty_hub() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), _Nothing) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_a_name_that_the_hub_does_not_know_is_told_as_such(tmp_path: Path, empty_hub: str) -> None:
    """And it is asked for that alone, without telling who asks for what."""
    told = asked("somebody/nothing", HF_HOME=str(tmp_path), HF_ENDPOINT=empty_hub)
    refused_by_hub("somebody/nothing", told)
    assert "(it knows no such name)" in told
    assert _Nothing.asked
    assert all("somebody/nothing" in path for path in _Nothing.asked)
    assert not any("torch" in agent for agent in _Nothing.agents)


def test_what_is_no_folder_is_never_asked_of_the_hub(tmp_path: Path) -> None:
    file = tmp_path / "weights"
    file.write_text("")
    for words in (str(file), str(tmp_path / "nowhere"), "./nowhere", "a/b/c", ""):
        with pytest.raises(CannotTrain, match="is no folder: name one with config"):
            opened(words)
    with pytest.raises(CannotTrain, match="that cannot be a name there"):
        opened("what?")


class _Trap:
    """What an old file of weights may hold: a program that runs when it is read."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[object, tuple[Path]]:
        return Path.touch, (self.mark,)


def test_weights_that_may_be_a_program_are_refused_unread(tmp_path: Path) -> None:
    place = save_tiny(tmp_path / "w")
    (place / "model.safetensors").unlink()
    (place / "pytorch_model.bin").write_bytes(pickle.dumps(_Trap(tmp_path / "ran")))
    with pytest.raises(CannotTrain, match="old format alone, which may run a program: take a folder"):
        opened(place)
    assert not (tmp_path / "ran").exists()


def test_a_folder_with_a_program_of_its_own_does_not_run_it(tmp_path: Path) -> None:
    place = save_tiny(tmp_path / "w")
    mark = tmp_path / "ran"
    (place / "own.py").write_text(f"open({str(mark)!r}, 'w').close()\nclass Own: pass\n")
    told = json.loads((place / "config.json").read_text())
    own = {"AutoConfig": "own.Own", "AutoModel": "own.Own", "AutoTokenizer": ["own.Own", "own.Own"]}
    (place / "config.json").write_text(json.dumps(told | {"model_type": "own", "auto_map": own}))
    with pytest.raises(CannotTrain, match="cannot be used"):
        opened(place)
    assert not mark.exists()


def _lacking_a_layer(place: Path) -> None:
    told = json.loads((place / "config.json").read_text())
    (place / "config.json").write_text(json.dumps(told | {"n_layers": told["n_layers"] + 1}))


def _of_another_size(place: Path) -> None:
    told = json.loads((place / "config.json").read_text())
    (place / "config.json").write_text(json.dumps(told | {"dim": 2 * told["dim"]}))


def _cut(place: Path) -> None:
    weights = place / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:5_000])


def _without_its_words(place: Path) -> None:
    (place / "vocab.txt").unlink()


def _with_too_many_words(place: Path) -> None:
    words = (place / "vocab.txt").read_text()
    (place / "vocab.txt").write_text(words + "more\nand\nmore\n")


def _empty(place: Path) -> None:
    save_weights(place, {})


DAMAGES: dict[str, Callable[[Path], object]] = {
    "half-written or damaged": _cut,
    "no tokenizer": _without_its_words,
    "knows more tokens than its weights": _with_too_many_words,
    "as its config.json would have it|size mismatch|mismatch": _of_another_size,
    "its weights lack transformer.layer.2.": _lacking_a_layer,
    "its weights lack embeddings": _empty,
    "config.json is missing or half-written": lambda place: (place / "config.json").write_text('{"dim'),
    "config.json is missing": lambda place: (place / "config.json").unlink(),
    "names no model_type": lambda place: (place / "config.json").write_text("[]"),
    "cannot be used": lambda place: (place / "config.json").write_text('{"model_type": "distilbert", "dim": "wide"}'),
    "holds no weights": lambda place: (place / "model.safetensors").unlink(),
}


@pytest.mark.parametrize("why", DAMAGES)
def test_a_damaged_folder_is_refused_and_never_filled_up_by_chance(tmp_path: Path, why: str) -> None:
    place = save_tiny(tmp_path / "w")
    DAMAGES[why](place)
    with pytest.raises(CannotTrain, match=why) as refusal:
        opened(place)
    assert "\n" not in str(refusal.value)
    assert str(place) in str(refusal.value)


def test_without_the_extra_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(CannotTrain, match=r"torch, which is not installed: pip install 'segue\[text\]'"):
        opened("anything")


def test_train_tells_it_in_one_line_and_stores_nothing(tmp_path: Path) -> None:
    database = tmp_path / "s.db"
    add(database, taste_playlists())
    result = segue("--db", database, "train", "meaning", "--set", f"weights={tmp_path}/nowhere")
    assert result.exit_code == 1
    [line] = result.stderr.splitlines()
    assert line.startswith("Error: meaning is not trained: weights=")
    assert not (tmp_path / "s.models" / "meaning").exists()


def test_a_transformer_made_by_the_library_itself_is_read_too(tmp_path: Path) -> None:
    """As real folders are: with a head for another task, whose weights are left out."""
    import torch
    from transformers import AutoTokenizer, DistilBertConfig, DistilBertForMaskedLM

    tiny = save_tiny(tmp_path / "tiny")
    config = DistilBertConfig.from_pretrained(tiny)
    torch.manual_seed(1)
    DistilBertForMaskedLM(config).save_pretrained(tmp_path / "w")
    AutoTokenizer.from_pretrained(tiny).save_pretrained(tmp_path / "w")
    from recommender.meaning.net import open_net
    from recommender.meaning.reading import read

    assert np.isfinite(read(open_net(str(tmp_path / "w")), ["calm song"], 8)).all()
