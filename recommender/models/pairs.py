"""What is known of a candidate beside the seeds, in numbers that trees can learn from. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

import numpy as np

from recommender.models.distinct import distinct

CANDIDATES = 2_000
"""At most so many tracks are looked at closely."""
_HEARD = 8
"""Of how a track sounds so many features are compared: the others are not nearer the more alike they are."""
MORE = 13
"""Features beside the level and the place that each model gives."""
UNKNOWN = -1.0
"""How a track sounds, where that is not known."""


@dataclass(frozen=True)
class Facts:
    """What is known of each track, whatever the seeds are."""

    counts: np.ndarray
    """float32, shape (tracks,): the log of one more than its playlists."""
    artists: np.ndarray
    """int32, shape (tracks,): the number of its main artist, -1 where none is known."""
    albums: np.ndarray
    """int32, shape (tracks,): the number of its album, -1 where none is known."""
    artist_counts: np.ndarray
    """float32, shape (artists + 1,): the log of one more than all playlists of an artist's tracks; last 0, for none."""
    audio: np.ndarray
    """float32, shape (tracks, any): how each track sounds, from 0 to 1, -1 where it is not known."""

    def arrays(self) -> dict[str, np.ndarray]:
        """Give the arrays by name."""
        return {
            "counts": self.counts, "artists": self.artists, "albums": self.albums, "artist-fame": self.artist_counts,
            "audio": self.audio,
        }  # fmt: skip

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, np.ndarray], n_tracks: int) -> Self:
        """Take the arrays by name. Raises ValueError when they are not of these tracks."""
        facts = cls(*(arrays[name] for name in ("counts", "artists", "albums", "artist-fame", "audio")))
        if any(told.shape != (n_tracks,) for told in (facts.counts, facts.artists, facts.albums)):
            raise ValueError("the facts are not of these tracks")
        kinds = (facts.counts, facts.artists, facts.albums, facts.artist_counts, facts.audio)
        if "".join(told.dtype.kind for told in kinds) != "fiiff" or not np.isfinite(facts.counts).all():
            raise ValueError("artists and albums are whole numbers, and counts are numbers")
        if facts.artist_counts.ndim != 1 or facts.audio.ndim != 2 or len(facts.audio) != n_tracks:
            raise ValueError("each artist has a count, and each track a row of how it sounds")
        for groups, n_groups in ((facts.artists, len(facts.artist_counts) - 1), (facts.albums, n_tracks)):
            if groups.min(initial=-1) < -1 or groups.max(initial=-1) >= n_groups:
                raise ValueError("the facts name an artist or an album that there is not")
        return facts


def facts_of(
    playlist_counts: np.ndarray, artists: np.ndarray, albums: np.ndarray, audio: np.ndarray | None = None
) -> Facts:
    """Gather the facts.

    playlist_counts, artists, albums: integers, shape (tracks,); audio: as in Facts, but NaN where it is not known,
    which no stored model may hold.
    """
    known = artists >= 0
    totals = np.bincount(artists[known], playlist_counts[known], int(artists.max(initial=-1)) + 2)
    return Facts(
        np.log1p(playlist_counts).astype(np.float32),
        artists,
        albums,
        np.log1p(totals).astype(np.float32),
        np.zeros((len(artists), 0), np.float32) if audio is None else np.nan_to_num(audio[:, :_HEARD], nan=UNKNOWN),
    )


def candidates(levels: np.ndarray) -> np.ndarray:
    """Choose what any model reaches, the best by all: int64 places, shape (at most CANDIDATES,), rising.

    levels: float32, shape (models, any).
    """
    reached = np.flatnonzero(levels.any(0))
    if len(reached) > CANDIDATES:
        total = levels[:, reached].sum(0)
        reached = np.sort(reached[np.argsort(-total, kind="stable")[:CANDIDATES]])
    return reached


def features(facts: Facts, seeds: np.ndarray, chosen: np.ndarray, levels: np.ndarray) -> np.ndarray:
    """Describe each candidate: float32, shape (candidates, 2 * models + MORE).

    seeds: int32, oldest first, not empty; chosen: track numbers; levels: float32, shape (models, candidates).
    """
    places = np.argsort(np.argsort(-levels, axis=1, kind="stable"), axis=1).astype(np.float32)
    artists, albums = facts.artists[chosen], facts.albums[chosen]
    own_artists, own_albums = facts.artists[seeds], facts.albums[seeds]
    of_artist = _share(artists, own_artists)
    of_album = _share(albums, own_albums)
    more = (
        facts.counts[chosen],
        of_artist > 0,
        of_artist,
        (artists == own_artists[-1]) & (artists >= 0),
        of_album > 0,
        (albums == own_albums[-1]) & (albums >= 0),
        np.full(len(chosen), len(seeds)),
        np.full(len(chosen), len(distinct(own_artists)) / len(seeds)),
        np.full(len(chosen), facts.counts[seeds].mean()),
        facts.artist_counts[artists],
        levels.sum(0),
        (levels > 0).sum(0),
        _distance(facts.audio, seeds, chosen),
    )
    return np.concatenate([levels, places, np.array(more, np.float32)]).T.astype(np.float32)


def _distance(audio: np.ndarray, seeds: np.ndarray, chosen: np.ndarray) -> np.ndarray:
    """Tell how far each candidate sounds from the mean of the seeds: root of the mean square over what is known.

    Returns float32, shape (candidates,), 0 to 1; -1 where that of the candidate or of all seeds is not known.
    """
    own = np.asarray(audio[seeds], np.float64)
    told = own >= 0
    counts = told.sum(axis=0)
    mean = np.where(counts, np.where(told, own, 0).sum(axis=0) / np.maximum(counts, 1), np.nan)
    sounds = np.asarray(audio[chosen])
    off = (sounds - mean) ** 2
    known = (sounds >= 0) & (counts > 0)
    n_known = known.sum(axis=1)
    far = np.sqrt(np.where(known, off, 0).sum(axis=1) / np.maximum(n_known, 1))
    return np.where(n_known, far, -1).astype(np.float32)


def _share(numbers: np.ndarray, own: np.ndarray) -> np.ndarray:
    """Tell for each number which share of the seeds has it; 0 for what is below 0."""
    known, counts = np.unique(own[own >= 0], return_counts=True)
    if not len(known):
        return np.zeros(len(numbers), np.float32)
    place = np.minimum(np.searchsorted(known, numbers), len(known) - 1)
    return np.where(known[place] == numbers, counts[place] / len(own), 0).astype(np.float32)
