"""Removing the models that hold a person: those with the name in them, and those that learned from it as a playlist."""

import contextlib
import shutil
from pathlib import Path

import numpy as np

from recommender.artifacts import models_folder
from recommender.errors import CannotStore
from recommender.load import takes_listeners

_NAMES = "listeners.npy"
"""The array in which a model that learned from plays keeps who played."""


def models_holding(database: Path, listener: str) -> list[str]:
    """Name the models that hold a listener, left over halves of them too.

    Where there are no playlists, each listener's songs were learned from as one (recommender.load), and every model
    holds them. A model whose names cannot be read is taken to hold this one: nobody can use it, and nobody can tell.
    Raises db.errors.DatabaseError.
    """
    folder = models_folder(database)
    if not folder.is_dir():
        return []
    everything = takes_listeners(database)
    places = sorted(place for place in folder.iterdir() if any(place.glob("*.npy")))
    return [place.name for place in places if _holds(place / _NAMES, listener) or everything]


def drop_models(database: Path, names: list[str]) -> None:
    """Remove models, all or as many as can be. Raises CannotStore."""
    from filelock import FileLock

    folder = models_folder(database)
    if not names:
        return
    try:
        with FileLock(folder / ".lock"):
            for name in names:
                with contextlib.suppress(FileNotFoundError):
                    shutil.rmtree(folder / name)
    except OSError as error:
        why = error.strerror or error
        raise CannotStore(
            f"{error.filename or folder} still holds the listener and cannot be removed ({why}): remove it yourself"
        ) from error


def _holds(path: Path, listener: str) -> bool:
    if not path.exists():
        return False
    try:
        names = np.load(path, mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError):
        return True
    return names.dtype.kind != "S" or bool((names == listener.encode()).any())
