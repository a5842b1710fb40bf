"""How far one song is from the next on a road, and how far along the way each stands. Pure."""

from collections.abc import Mapping, Sequence

import numpy as np

SILENT = 1.0
"""From here on distances are told by sound, because no playlist holds both."""
FARTHEST = 2.0
"""Where neither a playlist nor the sound tells anything of a step."""
_PULL = 2.0
"""So many playlists' worth of doubt: two songs in one playlist each are not as near as two in twenty together."""
_LONG = 50.0
"""A playlist of so many places tells as much as one; one of four times as many half as much."""
_BLOCK = 4_096
_PACE = 100.0
"""What a step on foot costs beside its length, so that fewer steps always cost less."""


def distances(by_playlists: np.ndarray, by_sound: np.ndarray) -> np.ndarray:
    """Give the distances by playlists and, where these are silent, by sound: float64, shape (songs, songs), 0 to 2."""
    return np.where(np.isnan(by_playlists), SILENT + np.nan_to_num(by_sound, nan=FARTHEST - SILENT), by_playlists)


def by_playlists(held: Sequence[Sequence[int]], lengths: Mapping[int, int], most: int) -> np.ndarray:
    """Give the distances by playlists, NaN where no playlist holds both: float64, shape (songs, songs).

    1 - w(both) / (sqrt(w(first) w(second)) + doubt), where w adds up the weight of playlists, smaller for long ones.
    held: the playlists of each song, rising; where they are `most` there may be more, and then two songs are compared
    by those playlists alone that both lists reach to.
    """
    keys, counts = np.unique(np.concatenate([np.asarray(keys, np.int64) for keys in held]), return_counts=True)
    weights = np.minimum(1.0, np.sqrt(_LONG / np.array([max(lengths[key], 1) for key in keys.tolist()], np.float64)))
    rows = [np.searchsorted(keys, keys_of) for keys_of in held]
    reach = np.array([row[-1] if len(row) >= most else len(keys) for row in rows])
    own = np.empty((len(held), len(held)))
    for place, row in enumerate(rows):
        sums = np.concatenate([[0.0], np.cumsum(weights[row])])
        own[place] = sums[np.searchsorted(row, np.minimum(reach[place], reach), "right")]
    both = _in_common(rows, np.where(counts > 1, weights, 0.0))
    return np.where(both > 0, 1 - both / (np.sqrt(own * own.T) + _PULL), np.nan)


def _in_common(rows: Sequence[np.ndarray], weights: np.ndarray) -> np.ndarray:
    """Add up the weights of what each two rows have in common: float64, shape (rows, rows)."""
    shared = np.flatnonzero(weights)
    column = np.full(len(weights), -1)
    column[shared] = np.arange(len(shared))
    columns = [told[told >= 0] for told in (column[row] for row in rows)]
    roots = np.sqrt(weights[shared]).astype(np.float32)
    both = np.zeros((len(rows), len(rows)))
    for start in range(0, len(shared), _BLOCK):
        block = np.zeros((len(rows), min(_BLOCK, len(shared) - start)), np.float32)
        for place, told in enumerate(columns):
            inside = told[np.searchsorted(told, start) : np.searchsorted(told, start + _BLOCK)]
            block[place, inside - start] = roots[inside]
        both += block @ block.T
    return both


def by_sound(sounds: np.ndarray, tempi: np.ndarray) -> np.ndarray:
    """Give the distances by sound, 0 to 1, NaN where one is not known: float64, shape (songs, songs).

    sounds: float64, shape (songs, features), each 0 to 1. tempi: beats a minute, of which half and double count as one.
    """
    octaves = np.log2(tempi)
    octaves = np.abs(octaves[:, None] - octaves) % 1
    beat = 2 * np.minimum(octaves, 1 - octaves)
    squares = beat**2
    for feature in sounds.T:
        squares += (feature[:, None] - feature) ** 2
    told: np.ndarray = np.sqrt(squares / (sounds.shape[1] + 1))
    return told


def waypoints(start: np.ndarray, end: np.ndarray, n: int) -> np.ndarray:
    """Give n points on the arc between two of length 1, both included: float64, shape (n, dimensions).

    Source: Shoemake, "Animating rotation with quaternion curves", SIGGRAPH 1985.
    """
    angle = np.arccos(np.clip(start @ end, -1.0, 1.0))
    share = np.linspace(0, 1, n)[:, None]
    if angle < 1e-3 or angle > np.pi - 1e-3:  # no arc, or none that is shorter than the others
        points = (1 - share) * start + share * end
    else:
        points = (np.sin((1 - share) * angle) * start + np.sin(share * angle) * end) / np.sin(angle)
    told: np.ndarray = points / np.maximum(np.linalg.norm(points, axis=1, keepdims=True), 1e-9)
    return told


def progress(vectors: np.ndarray, start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """Tell how far along the arc from start to end each of the vectors is: float64, 0 to 1."""
    aside = end - (start @ end) * start
    length = np.linalg.norm(aside)
    if length < 1e-6:
        return np.full(len(vectors), 0.5)
    angles = np.arctan2(vectors @ (aside / length), vectors @ start)
    told: np.ndarray = np.clip(angles / np.arctan2(length, start @ end), 0.0, 1.0)
    return told


def walked(far: np.ndarray) -> np.ndarray:
    """Tell how far along the way from the first song to the last each one is on foot: float64, 0 to 1.

    On foot it goes through playlists alone, by as few steps as can be and then by short ones. For ways that the space
    knows nothing of; what cannot be reached is in the middle. far: as distances() gives it. Source: Dijkstra, "A note
    on two problems in connexion with graphs", Numerische Mathematik 1959.
    """
    paces = np.where(far < SILENT, _PACE + far, np.inf)
    there, back = _on_foot(paces, 0), _on_foot(paces, len(far) - 1)
    reached = np.isfinite(there) & np.isfinite(back)
    told = np.full(len(far), 0.5)
    told[reached] = there[reached] / (there + back)[reached]
    return told


def _on_foot(paces: np.ndarray, start: int) -> np.ndarray:
    spent = np.full(len(paces), np.inf)
    spent[start] = 0.0
    waiting = spent.copy()
    while np.isfinite(waiting[here := int(waiting.argmin())]):
        waiting[here] = np.inf
        through = spent[here] + paces[here]
        nearer = through < spent
        spent[nearer] = waiting[nearer] = through[nearer]
    return spent


def aside(vectors: np.ndarray, start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """Tell how far beside the arc from start to end each of the vectors is: float64, 0 on it, 1 at a right angle."""
    across = end - (start @ end) * start
    across /= max(float(np.linalg.norm(across)), 1e-9)
    told: np.ndarray = 1 - np.hypot(vectors @ start, vectors @ across)
    return told
