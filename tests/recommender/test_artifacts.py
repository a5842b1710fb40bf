"""Model folders: whole or refused, and the model before always serves."""

import errno
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from threading import Thread
from typing import Any

import numpy as np
import pytest

from recommender import artifacts
from recommender.artifacts import (
    Manifest,
    changed_at,
    model_names,
    models_folder,
    read_model,
    write_model,
)
from recommender.errors import CannotStore, NoSuchModel
from recommender.vocabulary import Vocabulary

WORDS = Vocabulary.from_ids(["b", "a", "c"])


def manifest(name: str = "m", **more: Any) -> Manifest:
    return Manifest(name, "popularity", {"k": None}, "corpus", "content", 1, 3, 5, 7, 0.5, **more)


def write(folder: Path, value: float = 1.0, name: str = "m", size: int = 3) -> None:
    write_model(folder, manifest(name), WORDS, {"counts": np.full(size, value, np.float32), "none": np.zeros((0, 4))})


def value_of(folder: Path, name: str = "m") -> float:
    return float(read_model(folder, name).arrays["counts"][0])


def rubbish(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir() if entry.name not in ("m", ".lock"))


def test_what_is_written_is_read_mapped_and_read_only(tmp_path: Path) -> None:
    """Arrays are mapped, empty ones too are there, the manifest is the same and names the arrays."""
    write(tmp_path / "s.models")
    stored = read_model(tmp_path / "s.models", "m")
    assert isinstance(stored.arrays["counts"], np.memmap)
    assert stored.arrays["none"].shape == (0, 4)
    assert stored.vocabulary.numbers(["a", "c", "x"]).tolist() == [1, 2, -1]
    told = stored.manifest
    assert set(told.arrays) == {"counts", "none", "vocabulary-ids", "vocabulary-by-id"}
    assert manifest(arrays=told.arrays) == told
    with pytest.raises(ValueError, match="read-only"):
        stored.arrays["counts"][0] = 2


def test_the_models_lie_beside_the_database() -> None:
    """segue.db has segue.models."""
    assert models_folder(Path("some/segue.db")) == Path("some/segue.models")
    several = ("m.db", "m.sqlite", "m.2024", "m.2025", "m.models")
    folders = {models_folder(Path(name)).name for name in several}
    assert len(folders) == len(several)
    assert not folders & {"m.db", "m.sqlite"}


def test_a_new_model_takes_the_place_of_the_old_and_leaves_nothing(tmp_path: Path) -> None:
    """After writing there is one folder, and it says that it changed."""
    write(tmp_path, 1)
    before = changed_at(tmp_path, "m")
    write(tmp_path, 2)
    assert value_of(tmp_path) == 2
    assert changed_at(tmp_path, "m") != before
    assert rubbish(tmp_path) == []
    assert model_names(tmp_path) == ["m"]


class Killed(BaseException):
    """What a killed process does next: nothing."""


def breaking(monkeypatch: pytest.MonkeyPatch, at: int, error: Callable[[], BaseException]) -> list[str]:
    """Let the call number `at` of all calls that touch the disk raise; returns the calls made."""
    calls: list[str] = []

    def watched(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **more: Any) -> Any:
            calls.append(name)
            if len(calls) == at + 1:
                raise error()
            if len(calls) > at + 1 and isinstance(error(), Killed):
                return None  # a killed process cleans nothing up
            return real(*args, **more)

        return call

    monkeypatch.setattr(artifacts.os, "fsync", watched("fsync", os.fsync))
    monkeypatch.setattr(artifacts.shutil, "rmtree", watched("rmtree", shutil.rmtree))
    monkeypatch.setattr(artifacts.np.lib.format, "write_array", watched("write_array", np.lib.format.write_array))
    for name in ("mkdir", "rename", "unlink"):
        monkeypatch.setattr(Path, name, watched(name, getattr(Path, name)))
    return calls


@pytest.mark.parametrize("at", range(20))
def test_killed_at_any_step_the_model_before_still_serves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    """Or the new one, whole; and the next training writes over what is left."""
    write(tmp_path, 1)
    with monkeypatch.context() as patch:
        calls = breaking(patch, at, Killed)
        try:
            write(tmp_path, 2)
        except Killed:
            pass
        else:
            assert len(calls) <= at, "every step is reached by this test"
    assert value_of(tmp_path) in (1, 2)
    assert model_names(tmp_path) == ["m"]
    write(tmp_path, 3)
    assert value_of(tmp_path) == 3
    assert rubbish(tmp_path) == []


@pytest.mark.parametrize("at", range(20))
def test_on_a_full_disk_the_model_before_stands_and_no_rubbish_lies_about(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    """One sentence names the folder and the cure."""
    said: list[str] = []
    write(tmp_path, 1)
    with monkeypatch.context() as patch:
        calls = breaking(patch, at, lambda: OSError(errno.ENOSPC, "No space left on device"))
        try:
            write(tmp_path, 2)
        except CannotStore as refusal:
            said.append(str(refusal))
        except OSError:
            assert calls[at] == "rmtree"  # sweeping takes no room, so this does not happen
    assert value_of(tmp_path) in (1, 2)
    assert not (tmp_path / ".m.new").exists() or calls[at] == "rmtree"
    assert all(f"the disk of {tmp_path} is full" in line and "make room and train again" in line for line in said)


def test_ctrl_c_while_writing_leaves_the_old_model_and_no_rubbish(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that is asked to stop sweeps up."""
    write(tmp_path, 1)
    with monkeypatch.context() as patch:
        breaking(patch, 4, KeyboardInterrupt)
        with pytest.raises(KeyboardInterrupt):
            write(tmp_path, 2)
    assert value_of(tmp_path) == 1
    assert rubbish(tmp_path) == []


def test_a_file_in_the_way_is_moved_or_named(tmp_path: Path) -> None:
    """A file where the model's folder belongs gives way; one where all models belong is named."""
    (tmp_path / "m").write_text("no folder")
    with pytest.raises(NoSuchModel, match="no model m is trained: run `segue train`"):
        read_model(tmp_path, "m")
    write(tmp_path, 1)
    write(tmp_path, 2)
    assert value_of(tmp_path) == 2
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(CannotStore, match="cannot be written"):
        write(tmp_path / "file")
    assert model_names(tmp_path / "file") == []


def test_what_is_no_model_is_not_listed(tmp_path: Path) -> None:
    """Hidden folders and files of others are left alone; a model set aside by a kill is still one."""
    write(tmp_path)
    for name in (".git", ".m2.new"):
        (tmp_path / name).mkdir()
    (tmp_path / "notes.txt").write_text("hello")
    (tmp_path / "m").rename(tmp_path / ".m.old")
    assert model_names(tmp_path) == ["m"]
    assert value_of(tmp_path) == 1


@pytest.mark.parametrize("name", ["", ".", "..", "../s.models/m", "/etc", "a\0b", ".m.old", "m/../m"])
def test_a_name_with_a_path_in_it_is_no_model(tmp_path: Path, name: str) -> None:
    """A name may come from a web page."""
    write(tmp_path / "s.models")
    with pytest.raises(NoSuchModel):
        read_model(tmp_path / "s.models", name)
    assert changed_at(tmp_path / "s.models", "a\0b") == 0


def test_a_model_swapped_while_it_is_read_is_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half of the old and half of the new would score nonsense."""
    write(tmp_path, 1)
    real, trained = artifacts.read_manifest, []

    def read_and_train(folder: Path, name: str) -> Manifest:
        found = real(folder, name)
        if not trained:
            trained.append(write(folder, 2, size=5))
        return found

    monkeypatch.setattr(artifacts, "read_manifest", read_and_train)
    stored = read_model(tmp_path, "m")
    assert stored.arrays["counts"].tolist() == [2] * 5


def test_objects_are_never_written(tmp_path: Path) -> None:
    """A model with objects in it is a programming error, and the model before stands."""
    write(tmp_path, 1)
    with pytest.raises(ValueError, match="allow_pickle"):
        write_model(tmp_path, manifest(), WORDS, {"counts": np.array([object()])})
    assert value_of(tmp_path) == 1
    assert rubbish(tmp_path) == []


def test_of_two_writers_one_waits_for_the_other(tmp_path: Path) -> None:
    """Two trainings that end at once leave one whole model, and no rubbish."""
    threads = [Thread(target=write, args=(tmp_path, value)) for value in range(1, 9)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert value_of(tmp_path) in range(1, 9)
    assert rubbish(tmp_path) == []
