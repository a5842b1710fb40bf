"""Which trained models have something of their own to say to a listener, to be looked at beside each other."""

import contextlib
from pathlib import Path

from recommender import artifacts
from recommender.errors import DamagedModel, NoSuchModel
from recommender.models.registry import CONTENT
from recommender.predict import foretellers

TRAIN_CONTENT = f"no model that knows what songs are is trained: run `segue train {CONTENT[0]}`"
TRAIN_PLAYS = "no model that foretells plays is trained: run `segue train svd`"


def content_models(folder: Path) -> list[str]:
    """Name the trained models that know what songs are, in the order in which they are asked."""
    found = []
    for name in artifacts.model_names(folder):
        with contextlib.suppress(DamagedModel, NoSuchModel):
            kind = artifacts.read_manifest(folder, name).kind
            if kind in CONTENT:
                found.append((CONTENT.index(kind), name))
    return [name for _, name in sorted(found)]


def models_of_plays(folder: Path) -> list[str]:
    """Name the trained models that foretell how often somebody plays a song, the best first."""
    return foretellers(folder)
