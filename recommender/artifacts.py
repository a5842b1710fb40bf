"""Trained models on disk: arrays and a manifest in a folder, never a program. The one place that writes and reads them."""

import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from recommender.errors import DamagedModel, NoSuchModel
from recommender.vocabulary import Vocabulary

FORMAT = 1
_MANIFEST = "manifest.json"
_IDS, _BY_ID = "vocabulary-ids", "vocabulary-by-id"
_NEW, _OLD = ".new", ".old"


@dataclass(frozen=True)
class Manifest:
    """What stands beside a model's arrays."""

    name: str
    """What it is called; the kind, unless `--as` named it otherwise."""
    kind: str
    options: dict[str, Any]
    corpus: str
    """Fingerprint of the corpus it learned from."""
    content: str
    """The database's content mark at that time; another mark now means that the model is older than the playlists."""
    playlists: int
    tracks: int
    entries: int
    trained_at: int
    """Seconds since 1970, UTC."""
    seconds: float
    notes: dict[str, str | int | float] = field(default_factory=dict)
    worth: dict[str, float] = field(default_factory=dict)
    """Measured on held-out playlists by a model trained on the others; empty when it was not measured."""
    versions: dict[str, str] = field(default_factory=dict)
    arrays: dict[str, tuple[str, list[int]]] = field(default_factory=dict)
    """Dtype and shape of each array."""
    format: int = FORMAT


@dataclass(frozen=True)
class Stored:
    """A model folder as read: the manifest and its arrays, memory-mapped."""

    manifest: Manifest
    vocabulary: Vocabulary
    arrays: dict[str, np.ndarray]


def changed_at(folder: Path, name: str) -> int:
    """Tell when a model was last written: nanoseconds; 0 when it cannot be told."""
    try:
        return (folder / name / _MANIFEST).stat().st_mtime_ns
    except OSError:
        return 0


def models_folder(database: Path) -> Path:
    """Name the folder where the models of a database lie: segue.db has segue.models."""
    return database.with_suffix(".models")


def write_model(folder: Path, manifest: Manifest, vocabulary: Vocabulary, learned: Mapping[str, np.ndarray]) -> None:
    """Write a model under its name: whole into a new folder, which then takes the place of the old one."""
    folder.mkdir(exist_ok=True)
    arrays = {**learned, _IDS: vocabulary.ids, _BY_ID: vocabulary.by_id}
    place = folder / manifest.name
    new, old = _beside(place, _NEW), _beside(place, _OLD)
    _rescue(place)
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir()
    told = {name: (array.dtype.str, list(array.shape)) for name, array in arrays.items()}
    for name, array in arrays.items():
        _write_synced(new / f"{name}.npy", array)
    text = json.dumps(asdict(manifest) | {"arrays": told}, indent=1, ensure_ascii=False)
    with (new / _MANIFEST).open("w", encoding="utf-8") as file:
        file.write(text + "\n")
        file.flush()
        os.fsync(file.fileno())
    if place.exists():
        shutil.rmtree(old, ignore_errors=True)
        place.rename(old)
    new.rename(place)
    shutil.rmtree(old, ignore_errors=True)  # where a server still maps it (Windows), the next writing sweeps it


def read_manifest(folder: Path, name: str) -> Manifest:
    """Read what stands beside a model's arrays. Raises NoSuchModel, DamagedModel."""
    place = folder / name
    if not place.is_dir():
        # Killed between two renames, the old model lies aside, whole.
        place = _beside(place, _OLD)
    if not place.is_dir():
        raise NoSuchModel(_none_such(folder, name))
    try:
        told = json.loads((place / _MANIFEST).read_text(encoding="utf-8"))
        manifest = Manifest(**told)
    except (OSError, ValueError, TypeError) as error:
        raise DamagedModel(damaged(folder / name, "its manifest.json is missing or not ours")) from error
    if manifest.format != FORMAT:
        raise DamagedModel(damaged(folder / name, f"its format is {manifest.format}, this Segue reads {FORMAT}"))
    return manifest


def read_model(folder: Path, name: str) -> Stored:
    """Open a model, mapping its arrays instead of reading them. Raises NoSuchModel, DamagedModel."""
    manifest = read_manifest(folder, name)
    place = folder / name if (folder / name).is_dir() else _beside(folder / name, _OLD)
    arrays = {}
    for array, (dtype, shape) in manifest.arrays.items():
        try:
            arrays[array] = _map(place / f"{array}.npy")
        except (OSError, ValueError) as error:
            raise DamagedModel(damaged(folder / name, f"{array}.npy is missing or half-written")) from error
        if arrays[array].dtype.str != dtype or list(arrays[array].shape) != list(shape):
            raise DamagedModel(damaged(folder / name, f"{array}.npy is not the array that its manifest names"))
    if not {_IDS, _BY_ID} <= arrays.keys():
        raise DamagedModel(damaged(folder / name, "it has no vocabulary"))
    return Stored(manifest, Vocabulary(arrays.pop(_IDS), arrays.pop(_BY_ID)), arrays)


def model_names(folder: Path) -> list[str]:
    """List the names of the models in the folder, readable or not."""
    if not folder.is_dir():
        return []
    names = {entry.name.removesuffix(_OLD).lstrip(".") for entry in folder.iterdir() if entry.is_dir()}
    return sorted(name for name in names if not name.endswith(_NEW))


def _beside(place: Path, ending: str) -> Path:
    return place.with_name(f".{place.name}{ending}")


def _rescue(place: Path) -> None:
    old = _beside(place, _OLD)
    if old.is_dir() and not place.exists():
        old.rename(place)


def _write_synced(path: Path, array: np.ndarray) -> None:
    with path.open("wb") as file:
        np.lib.format.write_array(file, np.ascontiguousarray(array), allow_pickle=False)
        file.flush()
        os.fsync(file.fileno())


def _map(path: Path) -> np.ndarray:
    with path.open("rb") as file:
        version = np.lib.format.read_magic(file)
        header = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
        shape, _, _ = header(file)
    if 0 in shape:  # nothing to map
        return np.load(path, allow_pickle=False)
    return np.load(path, mmap_mode="r", allow_pickle=False)


def _none_such(folder: Path, name: str) -> str:
    there = ", ".join(model_names(folder))
    return f"no model {name} is trained" + (f" (there are {there})" if there else "") + ": run `segue train`"


def damaged(place: Path, what: str) -> str:
    """Give the sentence for a model folder that cannot be used."""
    return f"the model in {place} cannot be used, {what}: train it again (segue train {place.name})"
