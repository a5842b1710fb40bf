"""Plain facts of the pair, and no model's opinion, go into the trees. Pure.

Idea: what a model makes of the counts is one reading of them; trees can find others, from playlists kept back.
Formula: c(j) = sum over the playlists p with j of shared(p, seeds) / sqrt(length(p)); the candidates are the best by
c(j) / count(j)^0.4, and by the sum of c over all tracks of j's artist, or album, times log(1 + count(j)); score(j) =
z(the weighted levels of these three) + z(log odds that j is right, by boosted trees over c(j) for all seeds and for the
last, its sums over artist and album, fame, and artist and album agreement).
"""

import numpy as np

from recommender.models.links import Links, distinct
from recommender.models.pairs import MORE, features
from recommender.models.playlist_knn import PlaylistKNN
from recommender.models.ways.asked import Asked, Reached, best_of, reached
from recommender.models.ways.ordered import Trees

_LISTS = ("together", "artist", "album")
_RAW = 6


def _counts(asked: Asked) -> tuple[np.ndarray, np.ndarray]:
    """Count in how many playlists each track stands together with the seeds: float64, two arrays of shape (tracks,).

    The first adds up over the seeds, each playlist counting less the longer it is; the second is for the last seed.
    """
    knn = asked.parts.get("playlist-knn")
    nothing = np.zeros(asked.n_tracks)
    known, ages = distinct(asked.seeds, asked.n_tracks)
    if not isinstance(knn, PlaylistKNN) or not len(known):
        return nothing, nothing
    last = known[[int(np.argmin(ages))]]
    return _together(knn.playlists, knn.tracks, known), _together(knn.playlists, knn.tracks, last)


def _together(playlists: Links, tracks: Links, seeds: np.ndarray) -> np.ndarray:
    shared = playlists.added(seeds, np.ones(len(seeds)), tracks.n_rows)
    near = np.flatnonzero(shared)
    return tracks.added(near, shared[near] / np.sqrt(np.maximum(tracks.lengths(near), 1)), playlists.n_rows)


def _lists_of(asked: Asked) -> Reached:
    """List the tracks by how often they stand with the seeds, and how often their artists and albums do."""
    together, _ = _counts(asked)
    # A track of the artists that stand with the seeds is a candidate, the best known first.
    by_artist = _by_group(together, asked.facts.artists) * asked.facts.counts
    by_album = _by_group(together, asked.facts.albums) * asked.facts.counts
    rare = together / np.exp(0.4 * asked.facts.counts.astype(np.float64))
    lists = (np.where(told > 0, told, np.nan) for told in (rare, by_artist, by_album))
    return reached([best_of(told, asked.seeds) for told in lists])


def _features(asked: Asked, chosen: np.ndarray, levels: np.ndarray) -> np.ndarray:
    """Describe the candidates by counts."""
    together, last = _counts(asked)
    by_artist, by_album = _by_group(together, asked.facts.artists), _by_group(together, asked.facts.albums)
    fame = np.exp(asked.facts.counts[chosen].astype(np.float64))
    raw = (
        together[chosen],
        together[chosen] / fame**0.5,
        last[chosen],
        by_artist[chosen],
        by_artist[chosen] / np.exp(asked.facts.artist_counts[asked.facts.artists[chosen]]),
        by_album[chosen],
    )
    return np.concatenate([features(asked.facts, asked.seeds, chosen, levels), np.array(raw, np.float32).T], axis=1)


def _by_group(told: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """Give each track what all tracks of its artist or album were told: float64, 0 where none is known."""
    known = groups >= 0
    total = np.bincount(groups[known], told[known], int(groups.max(initial=-1)) + 2)
    return np.asarray(total[groups])


WAY = Trees(("playlist-knn",), _LISTS, _lists_of, _features, 2 * len(_LISTS) + MORE + _RAW)
