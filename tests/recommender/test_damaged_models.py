"""Model folders that are half-written, foreign or evil: refused with a sentence, and no program is ever run."""

import io
import json
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from recommender.artifacts import read_manifest, read_model
from recommender.errors import DamagedModel
from tests.recommender.test_artifacts import write


def spoil_manifest(folder: Path, **changes: Any) -> None:
    path = folder / "m" / "manifest.json"
    told = json.loads(path.read_text()) | changes
    path.write_text(json.dumps({name: value for name, value in told.items() if value != "gone"}))


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "[1, 2]", "null", "3", '"text"', "{}", '{"format": 1}', "\xff", "[" * 100_000]
)
def test_a_manifest_of_another_kind_is_refused(tmp_path: Path, text: str) -> None:
    """Half-written, or of somebody else."""
    write(tmp_path)
    (tmp_path / "m" / "manifest.json").write_bytes(text.encode("latin-1"))
    with pytest.raises(
        DamagedModel, match=r"cannot be used, its manifest.json is .*: train it again \(segue train m\)"
    ):
        read_model(tmp_path, "m")


@pytest.mark.parametrize(
    "changes",
    [
        {"unknown": 1},
        {"kind": "gone"},
        {"kind": 3},
        {"options": []},
        {"worth": {"hit_rate_10": "good"}},
        {"worth": None},
        {"trained_at": "today"},
        {"seconds": "long"},
        {"playlists": True},
        {"notes": []},
        {"arrays": ["counts"]},
        {"arrays": {"counts": "<f4"}},
        {"arrays": {"counts": ["<f4"]}},
        {"arrays": {"../m/counts": ["<f4", [3]]}},
        {"arrays": {"..": ["<f4", [3]]}},
        {"arrays": {"a\\b": ["<f4", [3]]}},
        {"arrays": {"": ["<f4", [3]]}},
        {"arrays": {}},
    ],
)
def test_a_manifest_with_wrong_fields_is_refused(tmp_path: Path, changes: dict[str, Any]) -> None:
    """Unknown and missing keys, wrong types, and names that lead out of the folder."""
    write(tmp_path)
    spoil_manifest(tmp_path, **changes)
    with pytest.raises(DamagedModel, match=r"train it again \(segue train m\)"):
        read_model(tmp_path, "m")


def test_a_manifest_of_another_format_says_so(tmp_path: Path) -> None:
    """A later Segue may have written it, with keys that this one does not know."""
    write(tmp_path)
    spoil_manifest(tmp_path, format=2, later="key")
    with pytest.raises(DamagedModel, match="its format is 2, this Segue reads 1"):
        read_manifest(tmp_path, "m")


def npy(array: np.ndarray, **more: Any) -> bytes:
    file = io.BytesIO()
    np.save(file, array, **more)
    return file.getvalue()


class Bomb:
    """What must never be unpickled."""

    def __reduce__(self) -> tuple[Any, ...]:
        return (pytest.fail, ("a pickle was loaded",))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x93NUMPY",
        npy(np.ones(3, np.float32))[:-1],
        npy(np.ones(3, np.float32))[:40],
        npy(np.ones(3, np.float64)),
        npy(np.ones(4, np.float32)),
        npy(np.ones((3, 1), np.float32)),
        npy(np.array([Bomb()] * 3, object), allow_pickle=True),
        pickle.dumps(Bomb()),
        b"PK\x03\x04" + bytes(100),
        b"\x93NUMPY\x01\x00v\x00" + b"{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }".ljust(117) + b"\n",
        b"\x93NUMPY\x01\x00v\x00" + b"{'descr': '<f4', 'fortran_order': False, 'shape': (-3,), }".ljust(117) + b"\n",
    ],
)
def test_an_array_that_is_not_the_one_named_is_refused(tmp_path: Path, content: bytes) -> None:
    """Half-written, of another dtype or shape, objects or a pickle: refused, and no program is run."""
    write(tmp_path)
    (tmp_path / "m" / "counts.npy").write_bytes(content)
    with pytest.raises(DamagedModel, match=r"counts\.npy is .*: train it again \(segue train m\)"):
        read_model(tmp_path, "m")


def test_an_object_array_is_refused_even_when_the_manifest_names_it(tmp_path: Path) -> None:
    """Whoever writes the array can write the manifest too."""
    write(tmp_path)
    bomb = np.array([Bomb()] * 3, object)
    (tmp_path / "m" / "counts.npy").write_bytes(npy(bomb, allow_pickle=True))
    told = json.loads((tmp_path / "m" / "manifest.json").read_text())["arrays"]
    spoil_manifest(tmp_path, arrays=told | {"counts": [bomb.dtype.str, [3]]})
    with pytest.raises(DamagedModel):
        read_model(tmp_path, "m")


def test_a_missing_array_is_refused(tmp_path: Path) -> None:
    """And one that is a folder."""
    write(tmp_path)
    (tmp_path / "m" / "counts.npy").unlink()
    with pytest.raises(DamagedModel, match="missing or half-written"):
        read_model(tmp_path, "m")
    (tmp_path / "m" / "counts.npy").mkdir()
    with pytest.raises(DamagedModel, match="missing or half-written"):
        read_model(tmp_path, "m")
