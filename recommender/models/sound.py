"""How a track sounds, as a point among others: points that are near each other are tracks that sound alike. Pure."""

from dataclasses import dataclass

import numpy as np

from recommender.corpus import AUDIO, FASTEST

PARTS = (
    "danceability", "energy", "valence", "acousticness", "instrumentalness", "speechiness", "loudness", "liveness",
    "tempo", "beat", "key", "mode",
)  # fmt: skip
"""What a sound is made of; the beat is the tempo up to half and double time."""
COLUMNS = np.array([*range(9), 9, 9, 10, 10, 11])
"""The part of each column of a sound: the beat and the key are circles, which take two."""
USUAL = np.array([1, 1, 1, 1, 1, 1, 1, 1, 1, 0.8, 0.3, 0.2])
"""How much each part counts where there are no playlists to tell; by measuring on real ones."""
_RANKED = 9
"""So many columns come first that are scaled by rank; the circles and the mode have a reach of their own."""
_RANKS = np.linspace(0.5, 99.5, 100)
"""The ranks, in hundredths, whose features are kept to find all others between."""
_RANKED_FROM = 1_000_000
"""So many tracks tell the ranks of all."""
_FAINTEST = 0.02
"""What counts least: playlists hardly care for the key, but where all else is equal it is to be heard."""
_SHARPEST = 10.0
"""Tracks of one playlist are not believed to be more alike in a part than so many times as alike as any."""
_TRUSTED = 1_000
"""Of so many neighbours in playlists, what they tell of the parts is believed half, the usual half."""
_AT_ONCE = 250_000


@dataclass(frozen=True)
class Scale:
    """For each column that is scaled by rank, some features and where they are put."""

    features: tuple[np.ndarray, ...]
    """float32, shape (any,), rising, each once."""
    levels: tuple[np.ndarray, ...]
    """float64, of the same shapes: from about -2.6 to 2.6, 0 for the middle."""


def sounds(audio: np.ndarray) -> np.ndarray:
    """Bring rows of Corpus.audio to the columns of a sound: float32, shape (rows, columns), NaN for the unknown.

    The key lies on the circle of fifths, a minor one at its relative major, and the beat on a circle where a tempo
    meets its half and its double.
    """
    told = dict(zip(AUDIO, audio.T, strict=True))
    fast = np.log2(np.where(told["tempo"] > 0, told["tempo"], np.nan) * FASTEST)
    # Seven half tones are a fifth, and a relative minor lies three below its major.
    fifths = (7 * (told["key"] + 3 * (1 - told["mode"]))) % 12 / 12
    columns = [told[name] for name in PARTS[: _RANKED - 1]]
    return np.stack([*columns, fast, *_circle(fast), *_circle(fifths), 2 * told["mode"] - 1], axis=1, dtype=np.float32)


def _circle(turns: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Lay numbers on a circle that whole ones begin anew; its columns spread as far as those of 1 and -1 do."""
    return 2**0.5 * np.cos(2 * np.pi * turns), 2**0.5 * np.sin(2 * np.pi * turns)


def scale_of(heard: np.ndarray) -> Scale:
    """Find out how features are spread. heard: as sounds() gives it; of millions of rows some are looked at."""
    from statistics import NormalDist  # slow to import, and only a fit needs it

    bell = np.array([NormalDist().inv_cdf(rank / 100) for rank in _RANKS])
    found = [_column_scale(heard[:: len(heard) // _RANKED_FROM + 1, column], bell) for column in range(_RANKED)]
    return Scale(tuple(features for features, _ in found), tuple(levels for _, levels in found))


def _column_scale(column: np.ndarray, bell: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    known = column[~np.isnan(column)]
    if not len(known):
        return np.zeros(1, np.float32), np.zeros(1)
    # Where many have the same feature, as songs that are sung, they are put in the middle of their ranks.
    features, of_rank = np.unique(np.percentile(known, _RANKS).astype(np.float32), return_inverse=True)
    return features, np.bincount(of_rank, bell) / np.bincount(of_rank)


def scaled(heard: np.ndarray, scale: Scale) -> np.ndarray:
    """Spread sounds as a bell, by their rank: float32, 0 for the unknown, as for the middle, so that it tells nothing.

    So an odd feature is never far out, and small shares, as most are of speech, are told apart as well as large ones.
    """
    told = heard.copy()
    for column, (features, levels) in enumerate(zip(scale.features, scale.levels, strict=True)):
        told[:, column] = np.interp(heard[:, column], features, levels)
    told[np.isnan(heard)] = 0
    return told


def weights_of(points: np.ndarray, rows: np.ndarray, offsets: np.ndarray, trust: np.ndarray) -> np.ndarray:
    """Learn from playlists how much each part counts: float32, shape (parts,).

    A part by which the tracks of one playlist differ less than any two tracks do tells who belongs together. If both
    are spread as bells, w and t wide, the logarithm of how much likelier one playlist is than chance falls with the
    square of the difference times 1/w - 1/t, so that the root of this is the weight.
    points: float32, shape (any, columns), as scaled() gives it. rows: integers, the points of the playlists, one
    playlist after the other. offsets: integers, shape (playlists + 1,). trust: floats, shape (playlists,).
    """
    anywhere = _by_part(points.var(axis=0, dtype=np.float64))
    inside, pairs = _within(points, rows, offsets, trust)
    told = anywhere > 0
    if not told.any():  # of a single sound nothing can be told
        return USUAL.astype(np.float32)
    # Few playlists may be all of one key, and are not to make it count for everything.
    ratio = anywhere[told] / np.maximum(inside[told], anywhere[told] / _SHARPEST)
    strength = np.sqrt(np.maximum(ratio - 1, _FAINTEST))
    believed = pairs / (pairs + _TRUSTED)
    weights = np.zeros(len(PARTS))
    weights[told] = believed * strength / strength.mean() + (1 - believed) * USUAL[told] / USUAL[told].mean()
    # These hold for parts that are equally wide.
    weights[told] /= np.sqrt(anywhere[told])
    return weights.astype(np.float32)


def _within(points: np.ndarray, rows: np.ndarray, offsets: np.ndarray, trust: np.ndarray) -> tuple[np.ndarray, float]:
    """Give how wide the parts are in playlists, float64, shape (parts,), and how many neighbours that is told by."""
    squares, pairs = np.zeros(len(COLUMNS)), 0.0
    filled = np.flatnonzero(np.diff(offsets) > 1)
    borders = np.searchsorted(np.cumsum(np.diff(offsets)[filled]), np.arange(0, len(rows), _AT_ONCE))
    for part in np.split(filled, np.unique(borders)):
        if not len(part):
            continue
        sizes = np.diff(offsets)[part]
        begins = np.cumsum(sizes) - sizes
        places = np.repeat(offsets[part] - begins, sizes) + np.arange(sizes.sum())
        own = points[rows[places]].astype(np.float64)
        means = np.add.reduceat(own, begins) / sizes[:, None]
        squares += np.repeat(trust[part], sizes) @ (own - np.repeat(means, sizes, axis=0)) ** 2
        pairs += float(trust[part] @ (sizes - 1))
    return _by_part(squares / max(pairs, 1e-9)), pairs


def _by_part(columns: np.ndarray) -> np.ndarray:
    """Take the columns of each part together by their mean, so that a circle stays round: float64, shape (parts,)."""
    means: np.ndarray = np.bincount(COLUMNS, columns) / np.bincount(COLUMNS)
    return means
