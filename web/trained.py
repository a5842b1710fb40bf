"""The trained models as the page shows them: what each is, when it learned, and what it is worth."""

import inspect
import math
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from recommender.artifacts import Manifest, model_names, read_manifest
from recommender.errors import DamagedModel, NoSuchModel
from recommender.measures.evaluate_table import LABELS
from recommender.models.registry import KINDS, model_class, options_class
from web.charts import Dots, Point, dots
from web.evaluations import POPULARITY

_BEFORE = "popularity_"
_HEAD = "ndcg_500"


@dataclass(frozen=True)
class Option:
    """One setting of a model."""

    name: str
    value: str
    usual: bool
    """Whether it is the value that it has where nothing is said."""


@dataclass(frozen=True)
class Trained:
    """One trained model."""

    manifest: Manifest
    sentence: str
    """What it does; empty for a kind that this Segue does not know."""
    stale: bool
    """Whether the playlists changed since it learned."""
    bytes: int
    options: tuple[Option, ...]
    worth: tuple[tuple[str, str, str], ...]
    """Grade, its own, and popularity's on the same playlists."""


def trained(folder: Path, content: str) -> tuple[list[Trained], list[str]]:
    """Tell of all models of a folder, best first, and give a sentence for each that cannot be read.

    content: the mark of the database.
    """
    found, damaged = [], []
    for name in model_names(folder):
        try:
            found.append(_of(folder, read_manifest(folder, name), content))
        except (DamagedModel, NoSuchModel) as error:
            damaged.append(str(error))
    return sorted(found, key=lambda one: -one.manifest.worth.get(_HEAD, -1.0)), damaged


def worths(models: list[Trained]) -> Dots | None:
    """Draw how far the models are above popularity; None where nothing was measured."""
    points = [_point(one.manifest) for one in models if _HEAD in one.manifest.worth]
    return dots(points) if points else None


def sentence(kind: str) -> str:
    """Give the first sentence on a kind of model, as what it does; empty for one that is not known."""
    if kind not in KINDS:
        return ""
    first = inspect.cleandoc(model_class(kind).__doc__ or "").splitlines()[0]
    return f"Suggests{first.removeprefix('Suggest')}" if first.startswith("Suggest ") else first


def said_of(folder: Path, name: str) -> str:
    """Say what the trained model of this name does; empty where it cannot be told."""
    try:
        return sentence(read_manifest(folder, name).kind)
    except (DamagedModel, NoSuchModel):
        return ""


def megabytes(size: int) -> str:
    """Write bytes for people."""
    for unit, name in ((1e9, "GB"), (1e6, "MB"), (1e3, "KB")):
        if size >= unit:
            return f"{size / unit:,.1f} {name}"
    return f"{size:,} bytes"


def _of(folder: Path, manifest: Manifest, content: str) -> Trained:
    files = [path.stat().st_size for path in (folder / manifest.name).rglob("*") if path.is_file()]
    worth = [
        (LABELS[name], f"{value:.3f}", f"{manifest.worth[_BEFORE + name]:.3f}")
        for name, value in manifest.worth.items()
        if name in LABELS and _BEFORE + name in manifest.worth and math.isfinite(value)
    ]
    stale = manifest.content != content
    return Trained(manifest, sentence(manifest.kind), stale, sum(files), _options(manifest), tuple(worth))


def _options(manifest: Manifest) -> tuple[Option, ...]:
    usual: dict[str, Any] = {}
    if manifest.kind in KINDS:
        options = options_class(manifest.kind)()
        usual = {field.name: getattr(options, field.name) for field in fields(options)}
    return tuple(
        Option(name, _plain(value), name in usual and value == usual[name]) for name, value in manifest.options.items()
    )


def _plain(value: Any) -> str:
    if value is None:
        return "by itself"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _point(manifest: Manifest) -> Point:
    """Place a model, with where it lies above popularity on 95 of 100 draws of the playlists."""
    own, base = manifest.worth[_HEAD], manifest.worth.get(_BEFORE + _HEAD, 0.0)
    low, high = (base + manifest.worth.get(f"over_popularity_{end}", own - base) for end in ("low", "high"))
    return Point(manifest.name, own, low, high, manifest.kind == POPULARITY)
