"""Which parts a map has, and what sets each apart. Pure."""

from dataclasses import dataclass

import numpy as np

_SAMPLE = 5_000
"""So many, the first ones, tell where the regions are; every one belongs to the nearest."""
_EACH, _MOST = 15, 21
"""A region for about so many, squared, until there are so many."""
_ROUNDS = 25
_FEWEST = 2
"""A mark tells something where it stands so often."""
NONE = -1


@dataclass(frozen=True)
class Parts:
    """Rows, each in one region; the largest region first."""

    labels: np.ndarray
    """int32, shape (rows,)."""
    sizes: np.ndarray
    """int64, shape (regions,)."""


def parts_of(vectors: np.ndarray, rng: np.random.Generator, wanted: int | None = None) -> Parts:
    """Part rows into regions by KMeans. vectors: float32, shape (rows, dimensions)."""
    if not len(vectors):
        return Parts(np.zeros(0, np.int32), np.zeros(0, np.int64))
    n_wanted = wanted or int(np.clip(round((len(vectors) / _EACH) ** 0.5), 1, _MOST))
    centres = _centres(np.asarray(vectors[:_SAMPLE], np.float32), n_wanted, rng)
    labels = _nearest(vectors, centres)
    sizes = np.bincount(labels, minlength=len(centres))
    order = np.argsort(-sizes, kind="stable")
    order = order[sizes[order] > 0]
    place = np.full(len(sizes), NONE)
    place[order] = np.arange(len(order))
    return Parts(place[labels].astype(np.int32), sizes[order])


def _centres(rows: np.ndarray, wanted: int, rng: np.random.Generator) -> np.ndarray:
    """Find centres by KMeans, begun as KMeans++ does: float32, shape (wanted at most, dimensions).

    Written here because scikit-learn takes longer to load than a map takes to make.
    """
    centres = rows[:1]
    far = np.square(rows - centres[0]).sum(axis=1)
    while len(centres) < wanted and far.max() > 0:
        drawn = int(np.searchsorted(np.cumsum(far), rng.random() * far.sum()))
        centres = np.vstack([centres, rows[min(drawn, len(rows) - 1)]])
        far = np.minimum(far, np.square(rows - centres[-1]).sum(axis=1))
    for _ in range(_ROUNDS):
        labels = _nearest(rows, centres)
        sums = np.zeros_like(centres)
        np.add.at(sums, labels, rows)
        counts = np.bincount(labels, minlength=len(centres))[:, None]
        centres = np.where(counts > 0, sums / np.maximum(counts, 1), centres).astype(np.float32)
    return centres


def _nearest(rows: np.ndarray, centres: np.ndarray) -> np.ndarray:
    return np.asarray((rows @ centres.T - np.square(centres).sum(axis=1) / 2).argmax(axis=1))


def telling(parts: Parts, marks: np.ndarray, most: int, weights: np.ndarray, share: float = 0.0) -> list[list[int]]:
    """Name the marks that stand in each region more often than elsewhere, the most telling first.

    marks: integers, shape (rows, any): numbers of genres or artists, NONE where there is none. most: so many for each
    region. weights: floats, shape (rows,): how much each counts. share: of what a region's marks weigh, at least.
    """
    n_regions, n_marks = len(parts.sizes), int(marks.max(initial=NONE)) + 1
    if not n_marks:
        return [[] for _ in range(n_regions)]
    rows, columns = np.nonzero(marks != NONE)
    cells = parts.labels[rows].astype(np.int64) * n_marks + marks[rows, columns]
    size = n_regions * n_marks
    often = np.bincount(cells, minlength=size).reshape(n_regions, n_marks) >= _FEWEST
    counts = np.bincount(cells, weights[rows], minlength=size).reshape(n_regions, n_marks)
    whole = counts.sum(axis=1, keepdims=True)
    expected = whole * counts.sum(axis=0) / max(counts.sum(), 1e-12)
    with np.errstate(all="ignore"):
        more = often & (counts >= share * whole) & (counts > expected)
        worth = np.where(more, counts * np.log(counts / expected), 0.0)
    best = np.argsort(-worth, axis=1, kind="stable")[:, :most]
    return [[int(mark) for mark in row if worth[region, mark] > 0] for region, row in enumerate(best)]


def middles(parts: Parts, places: np.ndarray) -> np.ndarray:
    """Find where the name of each region is to stand: the member that is nearest to the middle of its densest part.

    places: floats, shape (rows, 2). Returns floats, shape (regions, 2).
    """
    found = np.zeros((len(parts.sizes), 2), places.dtype)
    for region in range(len(parts.sizes)):
        own = places[parts.labels == region]
        middle = np.median(own, axis=0)
        # Twice, so that what lies far off does not count.
        far = np.square(own - middle).sum(axis=1)
        middle = np.median(own[far <= np.median(far)], axis=0)
        found[region] = own[np.square(own - middle).sum(axis=1).argmin()]
    return found
