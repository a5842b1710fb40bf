"""Playlists like the seeds, which vote for their tracks."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self

import numpy as np

from recommender.corpus import Corpus
from recommender.errors import CannotTrain
from recommender.holdings import counts_by_weight, holdings
from recommender.models.contract import Progress, no_progress
from recommender.models.links import Links, distinct, told
from recommender.models.ranges import Ranges, refuse_out_of_range

if TYPE_CHECKING:
    from scipy.sparse import csr_array


@dataclass(frozen=True)
class Options:
    """Which playlists are like the seeds, and how they vote."""

    neighbours: int = 1_000
    """So many of the most similar playlists vote, at most; fewer are faster, and leave fewer tracks to suggest from."""
    recency: float = 10.0
    """Number of seeds after which an earlier one weighs half; 0 lets all weigh alike."""
    length: float = 0.5
    """Exponent of a playlist's length in the denominator; higher trusts long playlists less."""
    rarity: float = 0.2
    """Exponent of a track's playlist count in the denominator; higher favours rare tracks."""


RANGES: Ranges = {"neighbours": (1, 1_000_000), "recency": (0, 1_000_000), "length": (0, 2), "rarity": (0, 2)}
PRESETS: dict[str, Options] = {"plain": Options(recency=0, rarity=0)}


@dataclass(frozen=True)
class PlaylistKNN:
    """Suggest what stands in the playlists that have most in common with the seeds.

    Idea: a playlist that holds the seeds, above all rare and late ones, was made by somebody of the same mind.
    Formula: sim(p) = sum over the seeds i in p of 2^(-age(i) / recency) log((playlists + 1) / count(i)), divided by
    length(p)^length, times weight(p), which is 1 without a half-life, the last seed being of age 0; score(j) = sum of
    sim(p) over the most similar p with j, divided by count(j)^rarity.
    Source: V-SKNN of Ludewig and Jannach, "Evaluation of session-based recommendation algorithms", UMUAI 2018, and STAN
    of Garg et al., "Sequence and time aware neighborhood for session-based recommendations", SIGIR 2019.
    For: there is nothing to learn, so that a fit takes no time, it follows several tastes at once, and each suggestion
    has its reason: the playlists that voted.
    Against: it fails for seeds of which no two stand together anywhere, as it then joins strangers' playlists, and an
    answer takes longer with every playlist that holds a hit among the seeds.
    Cold start: a track in no playlist says nothing and is never suggested; one playlist is enough to begin with.
    """

    name: ClassVar[str] = "playlist-knn"
    adds_up: ClassVar[bool] = True
    options: Options
    playlists: Links
    """A row for each track: the playlists that hold it."""
    tracks: Links
    """A row for each playlist: the tracks that it holds."""
    votes: np.ndarray
    """float32, shape (tracks,): what a vote for each track weighs."""
    weights: np.ndarray | None = None
    """float32, shape (playlists,): what each playlist weighs; None: all weigh 1."""

    @classmethod
    def fit(cls, corpus: Corpus, rng: np.random.Generator, options: Options, progress: Progress = no_progress) -> Self:
        """Write down who holds what, both ways; there is no chance in it.

        Raises CannotTrain when no playlist holds two different tracks, or an option is out of range.
        """
        refuse_out_of_range(options, RANGES)
        held = holdings(corpus, np.int8)
        if not (np.diff(held.indptr) > 1).any():
            raise CannotTrain("no playlist holds two different tracks, so none can vote: import more playlists")
        progress(0.5)
        # What was only played stands in no playlist, and nobody votes for it.
        counts = np.where(corpus.playlist_counts, counts_by_weight(corpus), 1)
        weights = None if (corpus.weights == 1).all() else corpus.weights.copy()
        votes = (counts**-options.rarity).astype(np.float32)
        model = cls(options, _links(held.T.tocsr()), _links(held), votes, weights)
        progress(1.0)
        return model

    def scores(self, seeds: np.ndarray) -> np.ndarray:
        """Let the most similar playlists vote: float32, shape (tracks,), NaN for what none of them holds."""
        scores = np.full(len(self.votes), np.nan, np.float32)
        tracks, votes = self._voted(seeds)
        scores[tracks] = votes
        return scores

    def reached(self, seeds: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Give the tracks that get a vote, and their scores: see Reaching."""
        tracks, votes = self._voted(seeds)
        there = np.flatnonzero(~np.isnan(votes))
        rising = there[np.argsort(tracks[there])]
        return tracks[rising].astype(np.int64), votes[rising]

    def _voted(self, seeds: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Give what the most similar playlists hold, in any order, and its votes: float32, NaN where they are 0."""
        known, ages = distinct(seeds, self.playlists.n_rows)
        lengths = np.maximum(self.playlists.lengths(known), 1)
        shares = np.log((self.tracks.n_rows + 1) / lengths)
        if self.options.recency:
            shares *= 0.5 ** (ages / self.options.recency)
        # A damaged count may be larger than there are playlists.
        alike = self.playlists.added(known, np.maximum(shares, 0), self.tracks.n_rows)
        near = np.flatnonzero(alike)
        alike = alike[near] / np.maximum(self.tracks.lengths(near), 1) ** self.options.length
        if self.weights is not None:
            alike *= np.asarray(self.weights)[near]
        if len(near) > self.options.neighbours:
            # The stable order takes equals by number, so that an answer can be repeated anywhere.
            kept = np.sort(np.argsort(-alike, kind="stable")[: self.options.neighbours])
            near, alike = near[kept], alike[kept]
        tracks, total = self.tracks.totals(near, alike, len(self.votes))
        with np.errstate(invalid="ignore"):
            return tracks, told(total * np.asarray(self.votes)[tracks])

    def arrays(self) -> Mapping[str, np.ndarray]:
        """Give the links both ways, offsets (int64) and numbers (int32), votes and, if any, weights (float32)."""
        weights = {} if self.weights is None else {"weights": self.weights}
        return {
            "playlist-offsets": self.playlists.offsets, "playlists": self.playlists.numbers,
            "track-offsets": self.tracks.offsets, "tracks": self.tracks.numbers, "votes": self.votes, **weights,
        }  # fmt: skip

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, np.ndarray], options: Options, n_tracks: int) -> Self:
        """Rebuild the model from arrays(), which may be memory-mapped. Raises ValueError when they do not fit."""
        playlists = Links(arrays["playlist-offsets"], arrays["playlists"])
        tracks = Links(arrays["track-offsets"], arrays["tracks"])
        playlists.refuse_misfit(n_tracks)
        tracks.refuse_misfit(len(tracks.numbers))
        if playlists.n_rows != n_tracks or len(playlists.numbers) != len(tracks.numbers):
            raise ValueError("there are as many links from tracks to playlists as back")
        if arrays["votes"].shape != (n_tracks,) or arrays["votes"].dtype.kind != "f":
            raise ValueError("one vote for each track is needed")
        weights = arrays.get("weights")
        if weights is not None and (weights.shape != (tracks.n_rows,) or weights.dtype.kind != "f"):
            raise ValueError("one weight for each playlist is needed")
        return cls(options, playlists, tracks, arrays["votes"], weights)

    def notes(self) -> Mapping[str, str | int | float]:
        """Give the numbers of tracks, playlists and links."""
        return {"tracks": len(self.votes), "playlists": self.tracks.n_rows, "links": len(self.tracks.numbers)}


def _links(held: "csr_array") -> Links:
    return Links(held.indptr.astype(np.int64), held.indices.astype(np.int32))
