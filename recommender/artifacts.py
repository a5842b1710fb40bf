"""Trained models on disk: arrays and a manifest in a folder, never a program. Written and read here alone."""

import errno
import json
import os
import re
import shutil
from collections.abc import Mapping
from dataclasses import MISSING, asdict, dataclass, field, fields
from pathlib import Path
from typing import Any, get_origin, get_type_hints

import numpy as np

from recommender.errors import CannotStore, DamagedModel, NoSuchModel
from recommender.vocabulary import Vocabulary

FORMAT = 1
_MANIFEST = "manifest.json"
_IDS, _BY_ID = "vocabulary-ids", "vocabulary-by-id"
WEIGHTS = "weights"
_Arrays = Mapping[str, np.ndarray]
_NO_FILES: Mapping[str, bytes] = {}
_NEW, _OLD, _LOCK = ".new", ".old", ".lock"
_MODEL_NAME = re.compile(r"[0-9A-Za-z][0-9A-Za-z_-]{0,63}")
_ARRAY_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")
"""Names of arrays become names of files, so that nothing else may stand in them."""
_TRIES = 5
"""How often a model is opened anew when another process swaps it meanwhile."""


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
    """Measured on held-out playlists by a model trained on the others, and popularity's worth on the same; empty when
    it was not measured."""
    versions: dict[str, str] = field(default_factory=dict)
    arrays: dict[str, tuple[str, list[int]]] = field(default_factory=dict)
    """Dtype and shape of each array."""
    half_life_days: float = 0.0
    """So many days older, a playlist counted half as much; 0: all counted alike."""
    updates: int = 0
    """How often it was brought up to date since the training that its worth was measured at."""
    listed: int = -1
    """So many tracks, the first ones of the vocabulary, stood in a playlist; -1 where that was not noted."""
    format: int = FORMAT

    @property
    def below_popularity(self) -> bool | None:
        """Whether popularity has the better NDCG on the same playlists; None where that was not measured."""
        own, popular = self.worth.get("ndcg_500"), self.worth.get("popularity_ndcg_500")
        return None if own is None or popular is None else own < popular


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
    except (OSError, ValueError):
        return 0


def can_name_a_model(name: str) -> bool:
    """Tell whether a name is plain enough to be that of a folder, on every system."""
    return _MODEL_NAME.fullmatch(name) is not None


def models_folder(database: Path) -> Path:
    """Name the folder where the models of a database lie: segue.models for segue.db, a.sqlite.models for a.sqlite."""
    return database.with_name(database.name.removesuffix(".db") + ".models")


def write_model(
    folder: Path, manifest: Manifest, vocabulary: Vocabulary, learned: _Arrays, files: Mapping[str, bytes] = _NO_FILES
) -> None:
    """Write a model under its name: whole into a new folder, which then takes the place of the old one.

    files: by their names, for a folder WEIGHTS beside the arrays.
    Of two that write at once, one waits for the other. Raises CannotStore; the model before stands then.
    """
    from filelock import FileLock  # suggesting only reads, and has no time for it

    assert can_name_a_model(manifest.name)
    place = folder / manifest.name
    new = _beside(place, _NEW)
    try:
        folder.mkdir(exist_ok=True)
        with FileLock(folder / _LOCK):
            _write(new, place, manifest, {**learned, _IDS: vocabulary.ids, _BY_ID: vocabulary.by_id}, files)
    except OSError as error:
        raise CannotStore(_not_stored(place, error)) from error


def _write(new: Path, place: Path, manifest: Manifest, arrays: _Arrays, files: Mapping[str, bytes]) -> None:
    try:
        _sweep(new)
        new.mkdir()
        _fill(new, manifest, arrays, files)
        swap(new, place)
    finally:
        shutil.rmtree(new, ignore_errors=True)


def _fill(new: Path, manifest: Manifest, arrays: _Arrays, files: Mapping[str, bytes]) -> None:
    for name, array in arrays.items():
        _write_synced(new / f"{name}.npy", array)
    for name, content in files.items():
        (new / WEIGHTS).mkdir(exist_ok=True)
        _write_synced(new / WEIGHTS / name, content)
    told = {name: (array.dtype.str, list(array.shape)) for name, array in arrays.items()}
    text = json.dumps(asdict(manifest) | {"arrays": told}, indent=1, ensure_ascii=False)
    _write_synced(new / _MANIFEST, f"{text}\n".encode())


def swap(new: Path, place: Path) -> None:
    """Put a new folder in the place of the old one, which comes back where that fails. Raises OSError."""
    old = _beside(place, _OLD)
    if place.exists() or place.is_symlink():
        _sweep(old)
        place.rename(old)
    try:
        new.rename(place)
    except OSError:
        if old.exists():
            old.rename(place)
        raise
    shutil.rmtree(old, ignore_errors=True)  # where a server still maps it (Windows), the next writing sweeps it


def _sweep(place: Path) -> None:
    if place.is_dir() and not place.is_symlink():
        shutil.rmtree(place)
    else:
        place.unlink(missing_ok=True)


def _not_stored(place: Path, error: OSError) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        trouble = f"the disk of {place.parent} is full, so {place.name} is not stored: make room and train again"
    else:
        why = error.strerror or error
        trouble = f"{place} cannot be written ({why}): check the folder and its permissions"
    return f"{trouble}; what was there stands"


def read_manifest(folder: Path, name: str) -> Manifest:
    """Read what stands beside a model's arrays. Raises NoSuchModel, DamagedModel."""
    if not can_name_a_model(name) or not (place := _place(folder, name)).is_dir():
        raise NoSuchModel(_none_such(folder, name))
    try:
        told = json.loads((place / _MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise DamagedModel(damaged(folder / name, "its manifest.json is missing or half-written")) from error
    if isinstance(told, dict) and told.get("format", FORMAT) != FORMAT:
        raise DamagedModel(damaged(folder / name, f"its format is {told['format']}, this Segue reads {FORMAT}"))
    if not _is_manifest(told):
        raise DamagedModel(damaged(folder / name, "its manifest.json is not one of ours"))
    return Manifest(**told)


def _is_manifest(told: Any) -> bool:
    """Tell whether a JSON value has the fields of a Manifest, each of its type, and safe names of arrays."""
    if not isinstance(told, dict):
        return False
    hints = get_type_hints(Manifest)
    needed = {f.name for f in fields(Manifest) if f.default is MISSING and f.default_factory is MISSING}
    if not needed <= told.keys() <= hints.keys():
        return False
    if not all(_is_a(told[name], get_origin(hints[name]) or hints[name]) for name in told):
        return False
    return all(map(_is_number, told.get("worth", {}).values())) and all(
        _ARRAY_NAME.fullmatch(name) and isinstance(said, list) and len(said) == 2
        for name, said in told.get("arrays", {}).items()
    )


def _is_a(value: Any, kind: Any) -> bool:
    return _is_number(value) if kind is float else type(value) is kind


def _is_number(value: Any) -> bool:
    return type(value) in (int, float)


def read_model(folder: Path, name: str) -> Stored:
    """Open a model, mapping its arrays instead of reading them. Raises NoSuchModel, DamagedModel."""
    for _ in range(_TRIES):
        before = changed_at(folder, name)
        try:
            stored = _read(folder, name)
        except (NoSuchModel, DamagedModel):
            if changed_at(folder, name) == before:
                raise
        else:
            if changed_at(folder, name) == before:
                return stored
    # It was swapped while it was read, again and again: half of one and half of another would be worse than a refusal.
    raise DamagedModel(
        f"the model {name} is being written again and again by another process: try again when it is done"
    )


def _read(folder: Path, name: str) -> Stored:
    manifest = read_manifest(folder, name)
    place = _place(folder, name)
    arrays = {}
    for array, (dtype, shape) in manifest.arrays.items():
        try:
            arrays[array] = _map(place / f"{array}.npy", dtype, shape)
        except _OtherArray as error:
            raise DamagedModel(
                damaged(folder / name, f"{array}.npy is not the array that its manifest names")
            ) from error
        except (OSError, ValueError, OverflowError) as error:
            raise DamagedModel(damaged(folder / name, f"{array}.npy is missing or half-written")) from error
    if not {_IDS, _BY_ID} <= arrays.keys() or len(arrays[_IDS]) != len(arrays[_BY_ID]):
        raise DamagedModel(damaged(folder / name, "it has no vocabulary"))
    return Stored(manifest, Vocabulary(arrays.pop(_IDS), arrays.pop(_BY_ID)), arrays)


def _place(folder: Path, name: str) -> Path:
    place = folder / name
    # Killed between two renames, the old model lies aside, whole.
    return place if place.is_dir() else _beside(place, _OLD)


def model_names(folder: Path) -> list[str]:
    """List the names of the models in the folder, readable or not."""
    if not folder.is_dir():
        return []
    names = {entry.name for entry in folder.iterdir() if entry.is_dir()}
    aside = {name[1 : -len(_OLD)] for name in names if name.startswith(".") and name.endswith(_OLD)}
    return sorted({name for name in names if not name.startswith(".")} | aside)


def _beside(place: Path, ending: str) -> Path:
    return place.with_name(f".{place.name}{ending}")


def _write_synced(path: Path, content: np.ndarray | bytes) -> None:
    with path.open("wb") as file:
        if isinstance(content, bytes):
            file.write(content)
        else:
            np.lib.format.write_array(file, np.ascontiguousarray(content), allow_pickle=False)
        file.flush()
        os.fsync(file.fileno())


class _OtherArray(Exception):
    """The file holds an array of another dtype or shape than its manifest names."""


def _map(path: Path, dtype: str, shape: list[int]) -> np.ndarray:
    with path.open("rb") as file:
        version = np.lib.format.read_magic(file)
        header = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
        there, _, kind = header(file)
    if kind.hasobject or kind.str != dtype or list(there) != shape:
        raise _OtherArray
    # Of nothing there is nothing to map.
    array: np.ndarray = np.load(path, mmap_mode=None if 0 in there else "r", allow_pickle=False)
    return array


def _none_such(folder: Path, name: str) -> str:
    there = ", ".join(model_names(folder))
    return f"no model {name} is trained" + (f" (there are {there})" if there else "") + ": run `segue train`"


def damaged(place: Path, what: str) -> str:
    """Give the sentence for a model folder that cannot be used."""
    return f"the model in {place} cannot be used, {what}: train it again (segue train {place.name})"
