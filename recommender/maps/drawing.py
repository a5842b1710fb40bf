"""The map of a trained model, laid out once so that neighbours stay neighbours, and kept beside it."""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from recommender.maps.keeping import write_map
from recommender.maps.projecting import MOST, neighbourly
from recommender.models.contract import Embedding
from recommender.opening import open_model


def draw(folder: Path, name: str, seed: int, progress: Callable[[float], None]) -> int:
    """Lay out the best known tracks of a model, and tell how many; 0 where the model places none in a space.

    Raises NoSuchModel, DamagedModel, CannotStore.
    """
    stored, model = open_model(folder, name)
    if not isinstance(model, Embedding):
        return 0
    tracks, vectors = best_placed(model, len(stored.vocabulary))
    write_map(folder, stored.manifest, tracks, neighbourly(vectors, seed, progress))
    return len(tracks)


def best_placed(model: Embedding, n_tracks: int) -> tuple[np.ndarray, np.ndarray]:
    """Give the best known tracks that have a place in the space, int32, MOST at most, and their vectors, float32."""
    tracks, vectors, start = list[np.ndarray](), list[np.ndarray](), 0
    while start < n_tracks and sum(len(part) for part in tracks) < MOST:
        some = np.arange(start, min(start + MOST, n_tracks), dtype=np.int32)
        told = model.vectors(some)
        there = np.isfinite(told).all(axis=1)
        tracks.append(some[there])
        vectors.append(told[there])
        start += MOST
    if not tracks:
        return np.zeros(0, np.int32), np.zeros((0, 1), np.float32)
    return np.concatenate(tracks)[:MOST], np.concatenate(vectors)[:MOST]
