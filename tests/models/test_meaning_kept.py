"""What a transformer made of texts is kept, so that none is read twice, whatever becomes of the training."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from recommender.corpus import Corpus, corpus_from_lists
from recommender.errors import CannotStore
from recommender.models.meaning import Meaning, Options
from recommender.texts import texts_of
from tests.models.tiny_bert import can_read, save_tiny
from tests.recommender.songs import add, playlist, song
from tests.recommender.songs import train as train_all

pytestmark = pytest.mark.skipif(not can_read(), reason="the extra `text` is not installed: pip install 'segue[text]'")
ROOT = Path(__file__).parent.parent.parent
TEXTS = [f"band {n % 7}\nsong {n}\n\ncalm {n % 3}\n" for n in range(60)]


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(save_tiny(tmp_path_factory.mktemp("weights")))


def corpus_of(told: list[str], models: Path | None) -> Corpus:
    corpus = corpus_from_lists([[f"{number:03d}" for number in range(len(told))]] * 2)
    return replace(corpus, texts=replace(texts_of(told), kept=models))


def fitted(corpus: Corpus, weights: str, **words: object) -> Meaning:
    return Meaning.fit(corpus, np.random.default_rng(1), Options(weights=weights, workers=1, **words))  # type: ignore[arg-type]


def parts(models: Path) -> dict[str, int]:
    """Give the kept parts with the time each was written."""
    return {str(file.relative_to(models)): file.stat().st_mtime_ns for file in models.rglob("*.npy")}


def sizes(models: Path) -> list[int]:
    return sorted(len(np.load(file, allow_pickle=False)) for file in models.rglob("*.npy"))


def test_only_texts_that_changed_are_read_again(tmp_path: Path, weights: str) -> None:
    """The places are those of a training that read everything."""
    fitted(corpus_of(TEXTS, tmp_path), weights)
    before = parts(tmp_path)
    assert sizes(tmp_path) == [60]
    fitted(corpus_of(TEXTS, tmp_path), weights)
    assert parts(tmp_path) == before
    changed = ["loud band\nloud song\n\n\n", *TEXTS[1:]]
    model = fitted(corpus_of(changed, tmp_path), weights)
    assert sizes(tmp_path) == [1, 60]
    anew = fitted(corpus_of(changed, None), weights)
    asked = np.array([0], np.int32)
    np.testing.assert_allclose(model.scores(asked), anew.scores(asked), atol=2e-3)


def test_equal_texts_are_read_once(tmp_path: Path, weights: str) -> None:
    model = fitted(corpus_of(["a\nb\n\n\n"] * 5 + ["loud\nband\n\n\n"] * 5, tmp_path), weights)
    assert sizes(tmp_path) == [2]
    assert len(np.unique(model.vectors(np.arange(10)), axis=0)) == 2


def test_other_weights_and_other_lengths_are_kept_apart_and_the_oldest_go(tmp_path: Path, weights: str) -> None:
    other = str(save_tiny(tmp_path / "other", seed=2))
    models = tmp_path / "models"
    for number, (place, length) in enumerate([(weights, 8), (weights, 16), (other, 16), (other, 8)]):
        fitted(corpus_of(TEXTS, models), place, max_tokens=length)
        assert len(parts(models)) == min(number + 1, 3)
    first = fitted(corpus_of(TEXTS, models), weights, max_tokens=16).notes()["weights"]
    assert first in {Path(part).parts[1].split("-")[0] for part in parts(models)}


def test_a_damaged_part_is_read_again_and_leftovers_are_swept(tmp_path: Path, weights: str) -> None:
    whole = fitted(corpus_of(TEXTS, tmp_path), weights)
    [file] = tmp_path.rglob("*.npy")
    for damage in (file.read_bytes()[:500], b"", b"no array at all"):
        file.write_bytes(damage)
        for name, age in (("old.new", 7_200), ("young.new", 0)):
            (file.parent / name).write_bytes(b"x")
            os.utime(file.parent / name, (time.time() - age,) * 2)
        again = fitted(corpus_of(TEXTS, tmp_path), weights)
        np.testing.assert_array_equal(again.spots, whole.spots)
        assert sizes(tmp_path) == [60]
        assert [left.name for left in file.parent.glob("*.new")] == ["young.new"], "another training may write it"


def test_a_part_with_objects_in_it_is_never_opened(tmp_path: Path, weights: str) -> None:
    whole = fitted(corpus_of(TEXTS, tmp_path), weights)
    [file] = tmp_path.rglob("*.npy")
    np.save(file, np.array([{"a": 1}], object), allow_pickle=True)
    np.testing.assert_array_equal(fitted(corpus_of(TEXTS, tmp_path), weights).spots, whole.spots)


def test_where_nothing_can_be_kept_it_says_so(tmp_path: Path, weights: str) -> None:
    (tmp_path / "models").write_text("a file")
    with pytest.raises(CannotStore, match="cannot be written"):
        fitted(corpus_of(TEXTS, tmp_path / "models"), weights)


def test_a_training_that_is_killed_goes_on_where_it_was(tmp_path: Path) -> None:
    """What was read before the kill is not read again, and the model is as good as any."""
    database, models = tmp_path / "s.db", tmp_path / "s.models"
    songs = [song(f"song {n} {n * 7919 % 1000}", f"band {n % 50}") for n in range(9_000)]
    add(database, [playlist(f"p{n}", songs[n * 900 : (n + 1) * 900]) for n in range(10)])
    command = [sys.executable, str(ROOT / "cli.py"), "--db", str(database), "train", "meaning", "--no-measure"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as started:
        deadline = time.monotonic() + 120
        while not (kept := parts(models)) and started.poll() is None and time.monotonic() < deadline:
            time.sleep(0.01)
        os.kill(started.pid, signal.SIGKILL)
    assert 0 < sum(sizes(models)) < 9_000, "killed too late to say anything"
    assert not (models / "meaning").exists()
    train_all(database, ["meaning"])
    after = parts(models / ".embeddings")
    assert {name: after[name.removeprefix(".embeddings/")] for name in kept} == kept
    assert sum(sizes(models / ".embeddings")) == 9_000
