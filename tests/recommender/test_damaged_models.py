"""Model folders that are half-written, foreign or evil: refused with a sentence, and no program is ever run."""

import io
import json
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from recommender import Suggester
from recommender.artifacts import read_manifest, read_model
from recommender.errors import DamagedModel
from recommender.models.registry import YARDSTICKS
from tests.recommender.songs import taste_song, train
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


WRONG = [
    ("item-knn", "neighbours", 2**31 - 1),
    ("item-knn", "neighbours", -1),
    ("item-knn", "similarities", np.nan),
    ("item-knn", "offsets", -5),
    ("item-knn", "offsets", 10**9),
    *(("item-knn", "vocabulary-by-id", number) for number in (-1, 2**31 - 1)),
    ("item-knn", "vocabulary-ids", b"\xff\xfe"),
    ("word2vec", "outer", np.nan),
    ("word2vec", "inner", np.inf),
    ("word2vec", "inner", 3e38),
    ("word2vec", "prior", np.nan),
    ("word2vec", "tracks", -7),
    ("knn-baseline", "neighbours", 10**6),
    ("item-knn-basic", "raters", 10**6),
    ("item-knn-basic", "ratings", np.nan),
    ("user-knn", "track-biases", np.inf),
    ("user-knn", "rated", -1),
    ("svd", "track-factors", np.nan),
    ("svd", "track-factors", 3e38),
    ("popularity", "counts", np.nan),
    *(("clusters", array, np.nan) for array in ("vectors", "centres", "shares", "sums")),
    ("clusters", "favourites", 10**6),
    ("clusters", "track-clusters", -9),
    ("trees", "similarities", np.nan),
    ("trees", "neighbours", 10**6),
    ("rank", "ranks", np.nan),
    ("rank", "drawn", -1),
]


def fill(path: Path, value: object) -> None:
    """Put one value everywhere into an array, which keeps its dtype and shape; what is first is left in offsets."""
    array = np.load(path)
    array[1 if path.stem == "offsets" else 0 : -1 if path.stem == "offsets" else None] = value
    np.save(path, array)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(("kind", "array", "value"), WRONG)
def test_wrong_numbers_in_an_array_of_the_right_shape_are_damage(
    trained: Path, kind: str, array: str, value: object
) -> None:
    """Found when they are touched: the next model answers with a note, or the damage is told where it was named."""
    folder, seed = trained.with_suffix(".models"), taste_song("calm", 0).track_id
    train(trained, [kind], **({"epochs": "1", "workers": "1"} if kind == "word2vec" else {}))
    fill(folder / kind / f"{array}.npy", value)
    suggester = Suggester.open(trained)
    for plain in (True, False):
        with pytest.raises(DamagedModel, match=rf"cannot be used, it.*: train it again \(segue train {kind}\)"):
            suggester.answer([seed], 3, kind, plain=plain)
    for other in folder.iterdir():
        if other.name in ("item-knn", "word2vec", "knn-baseline") and other.name != kind:
            (other / "manifest.json").write_text("[]")
    if kind not in YARDSTICKS:
        answer = Suggester.open(trained).answer([seed], 3)
        assert answer.model == "popularity"
        assert any(f"segue train {kind})" in note for note in answer.notes)


@pytest.mark.parametrize(
    ("kind", "array", "other"),
    [
        ("item-knn", "offsets", np.zeros(3, np.int64)),
        ("item-knn", "neighbours", np.zeros(2, np.int32)),
        ("item-knn", "vocabulary-ids", np.zeros(30, np.int32)),
        ("popularity", "counts", np.ones(3, np.float32)),
        ("popularity", "counts", np.zeros(30, "S3")),
    ],
)
def test_arrays_that_do_not_fit_together_are_damage(trained: Path, kind: str, array: str, other: np.ndarray) -> None:
    """Even where the manifest agrees with them."""
    place = trained.with_suffix(".models") / kind
    np.save(place / f"{array}.npy", other)
    told = json.loads((place / "manifest.json").read_text())
    told["arrays"][array] = [other.dtype.str, list(other.shape)]
    (place / "manifest.json").write_text(json.dumps(told))
    with pytest.raises(DamagedModel, match="train it again"):
        Suggester.open(trained).answer([taste_song("calm", 0).track_id], 3, kind)
