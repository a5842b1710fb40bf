"""Tracks of the same genres as the seeds."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self

import numpy as np

from recommender.corpus import Corpus
from recommender.errors import CannotTrain, DamagedModel
from recommender.holdings import counts_by_weight, holdings
from recommender.models.contract import Progress, no_progress
from recommender.models.distinct import distinct
from recommender.models.links import Links
from recommender.models.ranges import Ranges, refuse_out_of_range

if TYPE_CHECKING:
    from scipy.sparse import csr_array

_SHARE = 3
"""A genre that one of so many playlists tells of a track is the track's; db.song_facts has the same rule."""


@dataclass(frozen=True)
class Options:
    """What counts beside the genres."""

    fame: float = 0.1
    """What the fame of the best known track adds, where having the same genres counts 1; that of others, less."""


RANGES: Ranges = {"fame": (0, 10)}
PRESETS: dict[str, Options] = {}


@dataclass(frozen=True)
class Genre:
    """Suggest the tracks that have the most genres in common with the seeds, and the rarest ones.

    Idea: who knows nothing of a song but that it is brit pop plays brit pop.
    Formula: w(g) = log((tracks + 1) / tracks of g); score(j) = cosine of the sum of the seeds' vectors of w, each of
    length 1, with that of j, plus fame log(1 + count(j)) / log(1 + highest count). A track's genres are those that its
    artist is told to be of; else those that a third or more of its playlists tell, of those that tell any, and what
    most of them do; else those of all playlists with its artist's tracks, by the same rule.
    Source: Salton and Buckley, "Term-weighting approaches in automatic text retrieval", 1988, with genres in the place
    of words; where they come from when nobody told an artist's is our own rule.
    For: it needs one word about a track or its artist, and what it suggests is never far off.
    Against: it fails to tell two songs of a genre from each other, and needs genres, which few sources tell.
    Cold start: a track of no playlist has its artist's genres; where nobody told any, it is not suggested.
    """

    name: ClassVar[str] = "genre"
    adds_up: ClassVar[bool] = False
    options: Options
    kinds: np.ndarray
    """int32, shape (tracks,): which of the sets of genres each track has, -1 where none is known."""
    sets: Links
    """A row for each different set: its genres, by number."""
    weights: np.ndarray
    """float32, shape (genres,)."""
    boosts: np.ndarray
    """float32, shape (tracks,): what each track's fame adds."""

    @classmethod
    def fit(cls, corpus: Corpus, rng: np.random.Generator, options: Options, progress: Progress = no_progress) -> Self:
        """Find out each track's genres; there is no chance in it.

        Raises CannotTrain when no genre is told, or an option is out of range.
        """
        refuse_out_of_range(options, RANGES)
        held = _genres_of(corpus) if corpus.genres.names else None
        if held is None or not held.nnz:
            raise CannotTrain(
                "nobody told the genre of a playlist or an artist here: import playlists that name genres, such as CSV "
                "with playlist_genre"
            )
        progress(0.5)
        counts = np.bincount(held.indices, minlength=held.shape[1])
        weights = np.log((corpus.n_tracks + 1) / np.maximum(counts, 1)).astype(np.float32)
        kinds, sets = _sets(held)
        fame = np.log1p(counts_by_weight(corpus))
        boosts = (options.fame * fame / (fame.max() or 1)).astype(np.float32)
        progress(1.0)
        return cls(options, kinds, sets, weights, boosts)

    def scores(self, seeds: np.ndarray) -> np.ndarray:
        """Score by genres, then fame: float32, shape (tracks,), NaN where no genre is shared with a seed."""
        n_sets = self.sets.n_rows
        own = np.asarray(self.kinds)[distinct(seeds[(seeds >= 0) & (seeds < len(self.kinds))])]
        asked, counts = np.unique(own[own >= 0], return_counts=True)
        if not len(asked):
            return np.full(len(self.kinds), np.nan, np.float32)
        if asked[-1] >= n_sets:
            raise DamagedModel("its tracks have sets of genres that there are not")
        rows, genres, _ = self.sets.told(np.arange(n_sets), len(self.weights))
        weights = np.asarray(self.weights)[genres].astype(np.float64)
        with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
            norms = np.sqrt(np.bincount(rows, weights**2, n_sets))
            place = np.minimum(np.searchsorted(asked, rows), len(asked) - 1)
            share = np.where(asked[place] == rows, counts[place] / norms[rows], 0.0)
            wanted = np.bincount(genres, share * weights, len(self.weights))
            alike = np.bincount(rows, wanted[genres] * weights, n_sets) / norms / np.sqrt((wanted**2).sum())
        if not np.isfinite(alike).all():
            raise DamagedModel("its genres weigh nothing")
        return self._spread(np.append(np.where(alike, alike, np.nan), np.nan).astype(np.float32))

    def _spread(self, alike: np.ndarray) -> np.ndarray:
        """Give each track the likeness of its set. alike: float32, shape (sets + 1,); the last is for no genres."""
        kinds = np.asarray(self.kinds)
        if kinds.min(initial=0) < -1 or kinds.max(initial=0) >= len(alike) - 1:
            raise DamagedModel("its tracks have sets of genres that there are not")
        boosts = np.asarray(self.boosts)
        if not np.isfinite(boosts).all():
            raise DamagedModel("its fame is no number")
        scores: np.ndarray = alike[kinds] + boosts
        return scores

    def arrays(self) -> Mapping[str, np.ndarray]:
        """Give kinds (int32), the sets as offsets (int64) and genres (int32), weights and boosts (float32)."""
        return {
            "kinds": self.kinds, "offsets": self.sets.offsets, "genres": self.sets.numbers, "weights": self.weights,
            "boosts": self.boosts,
        }  # fmt: skip

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, np.ndarray], options: Options, n_tracks: int) -> Self:
        """Rebuild the model from arrays(), which may be memory-mapped. Raises ValueError when they do not fit."""
        kinds, weights, boosts = (arrays[name] for name in ("kinds", "weights", "boosts"))
        if kinds.shape != (n_tracks,) or boosts.shape != (n_tracks,) or weights.ndim != 1:
            raise ValueError("each track has one set of genres and one fame, each genre a weight")
        if kinds.dtype.kind + weights.dtype.kind + boosts.dtype.kind != "iff":
            raise ValueError("sets are whole numbers, weights and fame are not")
        sets = Links(arrays["offsets"], arrays["genres"])
        sets.refuse_misfit(n_tracks)
        return cls(options, kinds, sets, weights, boosts)

    def notes(self) -> Mapping[str, str | int | float]:
        """Give the numbers of genres that tracks have, and of tracks that have any."""
        return {"genres": len(np.unique(self.sets.numbers)), "tracks": int((self.kinds >= 0).sum())}


def _genres_of(corpus: Corpus) -> "csr_array":
    """Give the genres of each track: bool, shape (tracks, genres)."""
    import scipy.sparse as sparse

    n_genres, n_artists = len(corpus.genres.names), int(corpus.artists.max(initial=-1)) + 1
    known = np.flatnonzero(corpus.artists >= 0)
    by_artist = sparse.csr_array(
        (np.ones(len(known), np.int32), (known, corpus.artists[known])), shape=(corpus.n_tracks, n_artists)
    )
    of_artists = _pairs(corpus.genres.of_artists, (n_artists, n_genres))
    of_playlists = _pairs(corpus.genres.of_playlists, (corpus.n_playlists, n_genres))
    held = holdings(corpus, np.int32).T.tocsr()
    times, telling = held @ of_playlists, held @ (np.diff(of_playlists.indptr) > 0).astype(np.int32)
    found = (by_artist @ of_artists).tocsr()
    for more in (
        _agreed(times.tocsr(), telling),
        (by_artist @ _agreed((by_artist.T @ times).tocsr(), by_artist.T @ telling)).tocsr(),
    ):
        lacking = sparse.diags_array((np.diff(found.indptr) == 0).astype(np.int32), dtype=np.int32)
        found = (found + lacking @ more).tocsr()
    found.sort_indices()
    return found.astype(bool)


def _pairs(pairs: np.ndarray, shape: tuple[int, int]) -> "csr_array":
    """Give pairs as ones: int32, of that shape."""
    import scipy.sparse as sparse

    told = sparse.csr_array((np.ones(len(pairs), np.int32), (pairs[:, 0], pairs[:, 1])), shape=shape)
    told.data[:] = 1
    return told


def _agreed(times: "csr_array", telling: np.ndarray) -> "csr_array":
    """Keep the genres that a third or more of the playlists tell, and those that most do: ones.

    times: how many playlists tell each genre, shape (rows, genres). telling: how many tell any, shape (rows,).
    """
    rows = np.repeat(np.arange(times.shape[0]), np.diff(times.indptr))
    most = np.zeros(times.shape[0])
    np.maximum.at(most, rows, times.data)
    kept = times.copy()
    kept.data = (times.data >= np.minimum(telling / _SHARE, most)[rows]).astype(np.int32)
    kept.eliminate_zeros()
    return kept


def _sets(held: "csr_array") -> tuple[np.ndarray, Links]:
    """Give each track the number of its set of genres, -1 for none, and the genres of each set."""
    numbers: dict[bytes, int] = {}
    genres = held.indices.astype(np.int32)
    kinds = np.full(held.shape[0], -1, np.int32)
    offsets = held.indptr.tolist()
    for track in np.flatnonzero(np.diff(held.indptr)).tolist():
        own = genres[offsets[track] : offsets[track + 1]].tobytes()
        kinds[track] = numbers.setdefault(own, len(numbers))
    sizes = [len(own) // genres.itemsize for own in numbers]
    return kinds, Links(np.cumsum([0, *sizes]).astype(np.int64), np.frombuffer(b"".join(numbers), np.int32))
