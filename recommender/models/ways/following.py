"""What comes next, and only next: rules of order among the parts, and trees that learned what followed. Pure.

Idea: rules of order know best what comes next, but reach few tracks; the others fill the list, and trees learn when
which is right, such as an album that goes on as it began.
Formula: weighted(j) = sum over the parts m of w(m) level(m, j), and of w'(m) level(m, j | last seed) for sequence and
item-knn; score(j) = z(weighted(j)) / 2 + z(log odds that j is the next track, by boosted trees) over 200 candidates;
for the trees, a track that comes later than next is a tenth right.
"""

from collections.abc import Iterator

import numpy as np

from recommender.models.pairs import MORE, features
from recommender.models.ways.asked import Asked, Reached, reached
from recommender.models.ways.ordered import Trees

_PARTS = ("sequence", "item-knn", "als", "playlist-knn", "artists")
_AFTER_LAST = ("sequence", "item-knn")
_LISTS = (*_PARTS, *(f"{kind}-last" for kind in _AFTER_LAST))
_WEIGHTS = (1.0, 0.15, 0.15, 0.15, 0.15, 0.7, 0.15)
"""Who knows the order is trusted most; chosen by measuring, as too few playlists are kept back to learn it anew."""
_CANDIDATES = 200
"""Few, as the next track is among the best or not to be found."""
_CHOOSING = (3.0, 1.0, 1.0, 1.0, 1.0, 3.0, 1.0)
"""The same for choosing them, where everybody has a say."""
_MOST_BEGINNINGS = 10
_RAW = 7


def _lists_of(asked: Asked) -> Reached:
    """Ask all parts, and two of them about the last seed alone."""
    last = asked.seeds[-1:]
    return reached([*(asked.best(kind) for kind in _PARTS), *(asked.best(kind, last) for kind in _AFTER_LAST)])


def _candidates(levels: np.ndarray) -> np.ndarray:
    """Choose what is to be looked at closely: int64 places, rising. levels: float32, shape (lists, any)."""
    # Track by track in memory, since the linear algebra rounds by how the numbers lie.
    total = np.array(_CHOOSING, np.float32) @ np.asfortranarray(levels)
    return np.sort(np.argsort(-total, kind="stable")[:_CANDIDATES])


def _features(asked: Asked, chosen: np.ndarray, levels: np.ndarray) -> np.ndarray:
    """Add to what is known of every candidate whether the last seeds kept to an artist or an album."""
    artists, albums = asked.facts.artists[asked.seeds], asked.facts.albums[asked.seeds]
    alike = (artists[1:] == artists[:-1]) & (artists[1:] >= 0)
    before = max(len(asked.seeds) - 2, 0)
    more = (
        asked.raw("sequence", asked.seeds)[chosen],
        asked.raw("sequence", asked.seeds[-1:])[chosen],
        np.full(len(chosen), _run(artists)),
        np.full(len(chosen), _run(albums)),
        (asked.facts.artists[chosen] == artists[before]) & (artists[before] >= 0),
        (asked.facts.albums[chosen] == albums[before]) & (albums[before] >= 0),
        np.full(len(chosen), alike.mean() if len(alike) else 0.5),
    )
    return np.concatenate([features(asked.facts, asked.seeds, chosen, levels), np.array(more, np.float32).T], axis=1)


def _run(groups: np.ndarray) -> int:
    """Count how many of the last seeds are of one artist or album."""
    other = np.flatnonzero(groups != groups[-1])
    return 0 if groups[-1] < 0 else len(groups) - 1 - int(other[-1]) if len(other) else len(groups)


def _cut(tracks: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Cut a playlist at up to ten places, evenly spread over it."""
    last = len(tracks) - 1
    for n_seeds in np.linspace(1, last, min(last, _MOST_BEGINNINGS)).round().astype(int).tolist() if last > 0 else ():
        yield tracks[:n_seeds], tracks[n_seeds:]


WAY = Trees(
    _PARTS, _LISTS, _lists_of, _features, 2 * len(_LISTS) + MORE + _RAW,
    candidates=_candidates, weighted=0.5, usual=_WEIGHTS, truth=1, later=0.1, cut=_cut, shortest=2,
)  # fmt: skip
