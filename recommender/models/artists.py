"""The greatest hits of the seeds' artists, and of the artists that stand beside them in playlists."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import ClassVar, Self

import numpy as np

from recommender.corpus import Corpus
from recommender.errors import CannotTrain, DamagedModel
from recommender.holdings import counts_by_weight
from recommender.models.contract import Progress, no_progress
from recommender.models.distinct import distinct
from recommender.models.links import Links, told
from recommender.models.ranges import Ranges, refuse_out_of_range

_AT_ONCE = 65_536
_LOOKED_THROUGH = 200_000
"""Up to so many tracks, all are looked through for those of the artists that are near; of more, each artist's are
kept beside it."""


@dataclass(frozen=True)
class Options:
    """How alike two artists are, and what the seeds' own artists count."""

    own: float = 8.0
    """What the seeds' own artists count for, where the artist nearest to them counts 1; 0 leaves it to the others."""
    neighbours: int = 500
    """Neighbours kept for each artist, at most; 8 bytes each."""
    alpha: float = 0.6
    """Exponent of both artists' playlist counts in the denominator; higher favours rare artists, 0.5 is the cosine."""
    shrink: float = 0.5
    """Added to the denominator; higher trusts pairs less that stand together in few playlists only."""
    half_length: int = 50
    """Number of artists at which a playlist counts half as much as a very short one; 0 counts all playlists alike."""


RANGES: Ranges = {
    "own": (0, 1_000_000),
    "neighbours": (1, 100_000),
    "alpha": (0, 2),
    "shrink": (0, 1_000_000),
    "half_length": (0, 10_000_000),
}
PRESETS: dict[str, Options] = {"others": Options(own=0.0)}


@dataclass(frozen=True)
class Artists:
    """Suggest the best known tracks of the seeds' artists, then of the artists that go with them.

    Idea: who likes a song likes its artist, and the artists that playlists put beside that one.
    Formula: near(B) = sum over the artists A of the seeds of seeds(A) sim(A, B), sim as in item-knn with artists in the
    place of tracks; score(j) = (near(B) / max near + own seeds(B) / max seeds) log(1 + count(j)), B being j's artist.
    Source: "collocated artists - greatest hits" of Bonnin and Jannach, "Automated generation of music playlists: survey
    and experiments", ACM Computing Surveys 2014.
    For: it needs few playlists, knows rare tracks by their artist, and is hard to beat on small collections.
    Against: it fails where a playlist is not about artists, suggests what everybody knows of them, and needs to be told
    who made a track.
    Cold start: a track whose artist is not known says nothing and is never suggested; a new track of a known artist
    comes last among that artist's.
    """

    name: ClassVar[str] = "artists"
    adds_up: ClassVar[bool] = False
    options: Options
    artists: np.ndarray
    """int32, shape (tracks,): the number of each track's artist, -1 where none is known."""
    fame: np.ndarray
    """float32, shape (tracks,): log(1 + playlists with the track, by their weights)."""
    nearest: Links
    """A row for each artist: the artists that go with it, and how well."""
    tracks: Links | None = None
    """A row for each artist: its tracks; None where there are few tracks."""

    @classmethod
    def fit(cls, corpus: Corpus, rng: np.random.Generator, options: Options, progress: Progress = no_progress) -> Self:
        """Count artists together; there is no chance in it.

        Raises CannotTrain when no two tracks are of a known artist, or an option is out of range.
        """
        refuse_out_of_range(options, RANGES)
        if (corpus.artists >= 0).sum() < 2:
            raise CannotTrain("it is not known who made the tracks: import playlists that name the artists")
        nearest = _nearest(corpus, rng, options, progress)
        progress(1.0)
        tracks = _tracks_of(corpus.artists, nearest.n_rows) if corpus.n_tracks > _LOOKED_THROUGH else None
        return cls(
            options, corpus.artists.copy(), np.log1p(counts_by_weight(corpus)).astype(np.float32), nearest, tracks
        )

    def scores(self, seeds: np.ndarray) -> np.ndarray:
        """Score by artist and fame: float32, shape (tracks,), NaN where the artist is not known or not near."""
        scores = np.full(len(self.artists), np.nan, np.float32)
        tracks, own = self.reached(seeds)
        scores[tracks] = own
        return scores

    def reached(self, seeds: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Give the tracks of the artists that are near, and their scores: see Reaching."""
        seeds = distinct(seeds[(seeds >= 0) & (seeds < len(self.artists))])
        known = np.asarray(self.artists[seeds])
        own, counts = np.unique(known[known >= 0], return_counts=True)
        if not len(own):
            return np.zeros(0, np.int64), np.zeros(0, np.float32)
        n_artists = self.nearest.n_rows
        if own[-1] >= n_artists:
            raise DamagedModel("its artists are not those of its lists")
        near = self.nearest.added(own, counts.astype(np.float64), n_artists)
        near /= near.max() or 1.0
        near[own] += self.options.own * counts / counts.max()
        tracks = self._tracks_by(near)
        with np.errstate(invalid="ignore"):
            scores = told(near[np.asarray(self.artists)[tracks]] * np.asarray(self.fame)[tracks])
        there = ~np.isnan(scores)
        return tracks[there], scores[there]

    def _tracks_by(self, near: np.ndarray) -> np.ndarray:
        """Give the tracks of the artists that are near: int64, rising. near: shape (artists,), 0 for who is not."""
        if self.tracks is None:
            if self.artists.min() < -1 or self.artists.max() >= len(near):
                raise DamagedModel("its artists are not those of its lists")
            # The last place is that of the unknown artist, which -1 finds.
            return np.flatnonzero(_looked_up(np.append(near != 0, False), self.artists))
        _, places = self.tracks.places(np.flatnonzero(near))
        tracks = np.sort(np.asarray(self.tracks.numbers)[places]).astype(np.int64)
        if len(tracks) and not (tracks[0] >= 0 and tracks[-1] < len(self.artists)):
            raise DamagedModel("its artists have tracks that there are not")
        by = np.asarray(self.artists)[tracks]
        if len(by) and not (by.min() >= 0 and by.max() < len(near)):
            raise DamagedModel("its artists are not those of its lists")
        return tracks

    def arrays(self) -> Mapping[str, np.ndarray]:
        """Give artists (int32), fame (float32), and offsets (int64), neighbours (int32), similarities (float32).

        For many tracks track-offsets (int64) and tracks (int32) too.
        """
        assert self.nearest.weights is not None
        own = {} if self.tracks is None else {"track-offsets": self.tracks.offsets, "tracks": self.tracks.numbers}
        return {
            "artists": self.artists, "fame": self.fame, "offsets": self.nearest.offsets,
            "neighbours": self.nearest.numbers, "similarities": self.nearest.weights, **own,
        }  # fmt: skip

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, np.ndarray], options: Options, n_tracks: int) -> Self:
        """Rebuild the model from arrays(), which may be memory-mapped. Raises ValueError when they do not fit."""
        artists, fame, weights = arrays["artists"], arrays["fame"], arrays["similarities"]
        if artists.shape != (n_tracks,) or fame.shape != (n_tracks,):
            raise ValueError("each track has one artist and one fame")
        nearest = Links(arrays["offsets"], arrays["neighbours"], weights)
        nearest.refuse_misfit(n_tracks)
        if weights.shape != nearest.numbers.shape or artists.dtype.kind + fame.dtype.kind + weights.dtype.kind != "iff":
            raise ValueError("artists are whole numbers, fame and similarities are not")
        tracks = Links(arrays["track-offsets"], arrays["tracks"]) if "track-offsets" in arrays else None
        if tracks:
            tracks.refuse_misfit(n_tracks)
            if tracks.n_rows != nearest.n_rows:
                raise ValueError("each artist has its tracks")
        return cls(options, artists, fame, nearest, tracks)

    def notes(self) -> Mapping[str, str | int | float]:
        """Give the numbers of artists, of tracks whose artist is known, and of pairs."""
        known = int((self.artists >= 0).sum())
        return {"artists": self.nearest.n_rows, "tracks": known, "pairs": len(self.nearest.numbers)}


def _tracks_of(artists: np.ndarray, n_artists: int) -> Links:
    """Turn round who made which track. artists: int32, shape (tracks,), -1 where none is known."""
    order = np.argsort(artists, kind="stable")
    offsets = np.searchsorted(artists[order], np.arange(n_artists + 1))
    known = order[offsets[0] :]
    return Links((offsets - offsets[0]).astype(np.int64), known.astype(np.int32))


def _looked_up(told: np.ndarray, numbers: np.ndarray) -> np.ndarray:
    """Give told[numbers], bit by bit, since numpy makes wide numbers of all that it is given at once."""
    found = np.empty(len(numbers), told.dtype)
    for start in range(0, len(numbers), _AT_ONCE):
        part = slice(start, start + _AT_ONCE)
        np.take(told, numbers[part], out=found[part], mode="wrap")
    return found


def _nearest(corpus: Corpus, rng: np.random.Generator, options: Options, progress: Progress) -> Links:
    """Let item-knn find the neighbours of artists as it does those of tracks."""
    from recommender.models.item_knn import ItemKNN
    from recommender.models.item_knn import Options as Alike

    by_place = corpus.artists[corpus.entries]
    known = by_place >= 0
    offsets = np.append(0, np.cumsum(known))[corpus.offsets]
    n_artists = int(corpus.artists.max()) + 1
    # Artists take the tracks' places; item-knn asks neither for ids nor for who made what.
    collocated = replace(
        corpus, entries=by_place[known], offsets=offsets, playlist_counts=np.zeros(n_artists, np.int32)
    )
    # Every artist's list is read, so that all have to be stored.
    alike = Alike(options.neighbours, options.alpha, options.shrink, options.half_length, megabytes=2_000, rare=0)
    try:
        found = ItemKNN.fit(collocated, rng, alike, progress).nearest
    except CannotTrain:
        # Every playlist keeps to one artist, so that each goes with itself alone.
        return Links(np.zeros(n_artists + 1, np.int64), np.zeros(0, np.int32), np.zeros(0, np.float32))
    return Links(found.offsets, found.numbers, found.similarities)
