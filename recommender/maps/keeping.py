"""Maps that training laid out, kept beside the models: where the best known tracks of a model stand."""

import hashlib
import json
import os
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from recommender.artifacts import Manifest
from recommender.errors import CannotStore

FOLDER = ".maps"
"""Lies among the models, whose names begin with no dot."""
_NEW = ".new"


def fingerprint(manifest: Manifest) -> str:
    """Give 16 hex digits that change whenever a model is trained or brought up to date."""
    told = json.dumps(asdict(manifest), sort_keys=True, default=str)
    return hashlib.blake2b(told.encode(), digest_size=8).hexdigest()


def write_map(folder: Path, manifest: Manifest, tracks: np.ndarray, places: np.ndarray) -> None:
    """Keep the map of a model, in the place of the one before. Raises CannotStore; the one before stands then.

    tracks: integers, shape (any,), rising. places: floats, shape (any, 2).
    """
    place = _place(folder, manifest.name)
    new = place.with_name(f"{place.name}-{os.getpid()}{_NEW}")
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with new.open("wb") as file:
            of = np.array(fingerprint(manifest).encode())
            np.savez(file, of=of, tracks=tracks.astype(np.int32), places=places.astype(np.float32))
            file.flush()
            os.fsync(file.fileno())
        new.replace(place)
    except OSError as error:
        with suppress(OSError):
            new.unlink(missing_ok=True)
        why = error.strerror or error
        raise CannotStore(f"the map cannot be written to {place} ({why}): make room, or check the folder") from error


def read_map(folder: Path, manifest: Manifest, n_tracks: int) -> tuple[np.ndarray, np.ndarray] | None:
    """Give the tracks (int32, rising) and their places (float32, shape (tracks, 2)) of a model's map.

    None where there is none that is whole, or where it is of the model as it was before.
    """
    try:
        with _place(folder, manifest.name).open("rb") as file, np.load(file, allow_pickle=False) as stored:
            of, tracks, places = (stored[name] for name in ("of", "tracks", "places"))
    except (OSError, ValueError, KeyError, EOFError, BadZipFile):
        return None
    whole = tracks.dtype == np.int32 and places.dtype == np.float32 and places.shape == (len(tracks), 2)
    if not whole or of.tobytes() != fingerprint(manifest).encode() or not np.isfinite(places).all():
        return None
    if len(tracks) and not (tracks[0] >= 0 and tracks[-1] < n_tracks and (np.diff(tracks) > 0).all()):
        return None
    return tracks, places


def drawn_at(folder: Path, name: str) -> int:
    """Tell when a model's map was kept: nanoseconds; 0 where there is none."""
    try:
        return _place(folder, name).stat().st_mtime_ns
    except OSError:
        return 0


def _place(folder: Path, name: str) -> Path:
    return folder / FOLDER / f"{name}.npz"
