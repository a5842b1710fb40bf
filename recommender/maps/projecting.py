"""Many dimensions brought to two: at once, or slowly so that neighbours stay neighbours. Pure."""

from collections.abc import Callable
from math import ceil

import numpy as np

MOST = 50_000
"""So many tracks stand on a map, the best known."""
CORE = 10_000
"""So many of them are laid out by t-SNE; each of the others stands among those that it is nearest to."""
_PERPLEXITY, _ROUNDS, _ANGLE = 30.0, 500, 0.7
_FEWEST = 8
_NEAREST = 4
_AT_ONCE = 1_000
_GOLDEN, _ROOT = 0.6180339887498949, 2**0.5
_LOOSE = 0.12
_CLOSE = 20.0
"""Exponent by which the nearer ones draw more; cosines of real neighbours lie about 0.1 apart."""


def principal(vectors: np.ndarray) -> np.ndarray:
    """Look at rows from where they differ most: float32, shape (rows, 2). vectors: floats, shape (rows, dimensions)."""
    centred = np.asarray(vectors, np.float64) - np.mean(vectors, axis=0, dtype=np.float64)
    _, axes = np.linalg.eigh(centred.T @ centred)
    axes = axes[:, :-3:-1]
    # An axis may point either way: so that a map is the same anywhere, its largest part is above 0.
    largest = np.abs(axes).argmax(axis=0)
    places = centred @ (axes * np.where(axes[largest, np.arange(axes.shape[1])] < 0, -1.0, 1.0))
    return np.pad(places, ((0, 0), (0, 2 - places.shape[1]))).astype(np.float32)


def neighbourly(vectors: np.ndarray, seed: int, progress: Callable[[float], None]) -> np.ndarray:
    """Lay rows out by t-SNE, so that what is near stays near: float32, shape (rows, 2).

    vectors: float32, shape (rows, dimensions), of length 1, the most important first.
    """
    core = vectors[:CORE]
    if len(core) < _FEWEST:
        return principal(vectors)
    from sklearn.manifold import TSNE
    from threadpoolctl import threadpool_limits

    tsne = TSNE(
        perplexity=min(_PERPLEXITY, (len(core) - 1) / 3), max_iter=_ROUNDS, angle=_ANGLE, init=_start(core),
        random_state=seed, learning_rate="auto",
    )  # fmt: skip
    # Threads add up in any order, and where another process works they wait for each other.
    with threadpool_limits(1):
        laid = np.asarray(tsne.fit_transform(core), np.float32)
    steps = ceil((len(vectors) - len(core)) / _AT_ONCE)
    parts = [(laid, np.arange(len(core)))]
    for step in range(steps):
        progress((step + 1) / (steps + 1))
        some = vectors[len(core) + step * _AT_ONCE :][:_AT_ONCE]
        parts.append(_among(some, core, laid))
    progress(1.0)
    places, hosts = (np.concatenate(both) for both in zip(*parts, strict=True))
    return np.asarray(places + _scattered(hosts, len(core), laid), np.float32)


def _start(core: np.ndarray) -> np.ndarray:
    """Begin from the principal components, as small as t-SNE wants to begin."""
    places = principal(core)
    spread = float(places[:, 0].std()) or 1.0
    return np.asarray(places / spread * 1e-4, np.float32)


def _among(some: np.ndarray, core: np.ndarray, laid: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Place rows between those of the core that they are nearest to, and give the nearest one of each."""
    cosines = some @ core.T
    nearest = np.argpartition(cosines, -_NEAREST, axis=1)[:, -_NEAREST:]
    near = np.take_along_axis(cosines, nearest, axis=1)
    weights = np.exp(_CLOSE * (near - near.max(axis=1, keepdims=True)))
    weights /= weights.sum(axis=1, keepdims=True)
    hosts = np.take_along_axis(nearest, near.argmax(axis=1, keepdims=True), axis=1).ravel()
    return (weights[:, :, None] * laid[nearest]).sum(axis=1).astype(np.float32), hosts


def _scattered(hosts: np.ndarray, n_core: int, laid: np.ndarray) -> np.ndarray:
    """Scatter those of one host a little around it, as many of them are of the very same place: moves.

    hosts: integers, shape (rows,), of which the first n_core are their own.
    """
    order = np.argsort(hosts, kind="stable")
    starts = np.searchsorted(hosts[order], np.arange(n_core))
    rank = np.empty(len(hosts))
    rank[order] = np.arange(len(hosts)) - starts[hosts[order]]
    crowd = np.bincount(hosts, minlength=n_core)[hosts]
    # About the room that each of the core has.
    room = float(np.sqrt(np.prod(np.quantile(laid, 0.95, axis=0) - np.quantile(laid, 0.05, axis=0)) / n_core))
    # Multiples of the golden ratio, and of the square root of 2, look like chance and are the same anywhere.
    share, turn = (rank * _GOLDEN) % 1, rank * _ROOT * 2 * np.pi
    far = room * np.where(rank > 0, _LOOSE * np.sqrt(crowd * -np.log(1 - share)), 0)
    return np.asarray((far * np.stack([np.cos(turn), np.sin(turn)])).T, np.float32)
