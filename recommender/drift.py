"""How old each trained model is, and how far the playlists have moved on since."""

import sqlite3
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from recommender import catalogue
from recommender.artifacts import Stored, changed_at, model_names, read_model
from recommender.catalogue import drift_facts
from recommender.errors import DamagedModel, NoSuchModel
from recommender.vocabulary import NOT_FOUND, Vocabulary


@dataclass(frozen=True)
class Drift:
    """What one model does not know of today."""

    model: str
    age_seconds: float
    unseen_playlists: float
    """The share of the playlists that came, or changed, since it learned: 0 to 1."""
    unknown_entries: float
    """The share of the places in playlists whose track stood in no playlist when it learned: 0 to 1."""


_Shares = tuple[int, float, float]
"""When the model was trained, and the two shares."""
_measured: dict[tuple[Path, str], tuple[tuple[int, str], _Shares]] = {}
"""By models folder and model: what it was measured of, and what came out."""
_lock = threading.Lock()


def drift(connection: sqlite3.Connection, folder: Path, now: float | None = None) -> list[Drift]:
    """Measure all models of a folder; one that cannot be read is left out.

    It is measured once for each state of the model and the playlists. now: seconds since 1970, the clock's if None.
    """
    now = time.time() if now is None else now
    mark, found = catalogue.content_mark(connection), []
    for name in model_names(folder):
        of, key = (changed_at(folder, name), mark), (folder, name)
        with _lock:
            known, shares = _measured.get(key, (None, None))
        if known != of or shares is None:
            try:
                shares = _measure(connection, read_model(folder, name), mark)
            except (DamagedModel, NoSuchModel):
                continue
            with _lock:
                _measured[key] = of, shares
        trained_at, unseen, unknown = shares
        found.append(Drift(name, max(now - trained_at, 0.0), unseen, unknown))
    return found


def _measure(connection: sqlite3.Connection, stored: Stored, mark: str) -> _Shares:
    learned = stored.manifest
    if learned.content == mark:
        return learned.trained_at, 0.0, 0.0
    new, every = drift_facts.playlists_since(connection, learned.trained_at)
    # An import that began before the training and ended after it has the earlier time.
    new = max(new, every - learned.playlists)
    if not new:
        return learned.trained_at, 0.0, 0.0
    unknown = _unknown(stored, drift_facts.tracks_since(connection, learned.trained_at))
    return learned.trained_at, new / every, unknown / max(drift_facts.count_entries(connection), 1)


def _unknown(stored: Stored, tracks: list[tuple[str, int]]) -> int:
    """Count the places whose track stood in no playlist that the model knew."""
    if not tracks:
        return 0
    numbers = stored.vocabulary.numbers_of(Vocabulary.from_ids([track_id for track_id, _ in tracks]))
    strange = numbers == NOT_FOUND
    if stored.manifest.listed >= 0:
        strange |= numbers >= stored.manifest.listed
    return int(np.array([places for _, places in tracks])[strange].sum())
