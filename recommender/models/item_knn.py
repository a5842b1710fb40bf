"""Tracks that stand together in playlists: the default model of items."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self

import numpy as np

from recommender.corpus import Corpus
from recommender.errors import CannotTrain
from recommender.holdings import holdings
from recommender.models.contract import Progress, no_progress
from recommender.models.links import Links
from recommender.models.neighbours import Collector, NearTracks, Neighbours, summed, sums_of
from recommender.models.ranges import Ranges, refuse_out_of_range
from recommender.models.rare import Rare

if TYPE_CHECKING:
    from scipy.sparse import csr_array

PAIR_BYTES = 8
"""What one stored neighbour takes: an int32 number and a float32 similarity."""
_CELLS_AT_ONCE = 3_000_000


@dataclass(frozen=True)
class Options:
    """How alike two tracks are, and how many neighbours are kept."""

    neighbours: int = 500
    """Neighbours kept for each track, at most; fewer take 8 bytes less each, and leave fewer tracks to suggest from."""
    alpha: float = 0.4
    """Exponent of both tracks' playlist counts in the denominator; higher favours rare tracks, 0.5 is the cosine."""
    shrink: float = 5.0
    """Added to the denominator; higher trusts pairs less that stand together in few playlists only."""
    half_length: int = 200
    """Number of tracks at which a playlist counts half as much as a very short one; 0 counts all playlists alike."""
    megabytes: int = 1_000
    """The most that stored neighbours may take, in millions of bytes. Where all do not fit, the rarest tracks have none
    stored, and theirs are found when they are asked for; where that is not enough, neighbours is lowered."""
    rare: int = 50
    """A track in so many playlists at most may go without stored neighbours; 0 stores those of all."""


RANGES: Ranges = {
    "neighbours": (1, 100_000),
    "alpha": (0, 2),
    "shrink": (0, 1_000_000),
    "half_length": (0, 10_000_000),
    "megabytes": (1, 1_000_000),
    "rare": (0, 1_000_000),
}
PRESETS: dict[str, Options] = {
    "plain": Options(half_length=0),
    "cosine": Options(alpha=0.5, shrink=0.0, half_length=0),
    "small": Options(neighbours=100),
}


@dataclass(frozen=True)
class ItemKNN:
    """Suggest the tracks that stand in playlists together with the seeds, more often than their fame explains.

    Idea: two tracks are alike when many playlists hold both, long playlists saying less than short ones.
    Formula: sim(i, j) = sum over the playlists p with both of weight(p) h / (h + length(p)), divided by
    (count(i) count(j))^alpha + shrink; score(j) = sum over the seeds i of sim(i, j), j among the nearest of i; a count
    is the sum of the playlists' weights, which are 1 without a half-life.
    Source: Deshpande and Karypis, "Item-based top-N recommendation algorithms", TOIS 2004 (the exponent alpha, and
    less weight for those who have much); shrinkage as in Bell and Koren, "Scalable collaborative filtering with jointly
    derived neighborhood interpolation weights", ICDM 2007; the weight of a length was chosen by measuring.
    For: fast to train and to ask, nothing left to chance, and each suggestion has its reason: the shared playlists.
    Against: it fails for tracks of a single playlist, which know only its other tracks, and is blind to the order of
    the seeds.
    Cold start: a track in no playlist has no neighbours, so it is never suggested and says nothing as a seed; one
    playlist is enough to begin with.
    """

    name: ClassVar[str] = "item-knn"
    adds_up: ClassVar[bool] = True
    options: Options
    n_tracks: int
    nearest: Neighbours
    """The lists of the first tracks, which stand in the most playlists: of all, where there is room."""
    rare: Rare | None = None
    """What tells the lists of the others; None where there are none."""

    @classmethod
    def fit(cls, corpus: Corpus, rng: np.random.Generator, options: Options, progress: Progress = no_progress) -> Self:
        """Count together and keep the nearest; there is no chance in it.

        Raises CannotTrain when no playlist holds two different tracks, or an option is out of range.
        """
        refuse_out_of_range(options, RANGES)
        playlists = holdings(corpus, np.float32)
        lengths = np.diff(playlists.indptr)
        if not (lengths > 1).any():
            raise CannotTrain(
                "no playlist holds two different tracks, so nothing stands together: import more playlists"
            )
        weighted = playlists.T.tocsr()
        counts = playlists.T @ corpus.weights
        told = corpus.weights
        if options.half_length:
            told = told * (options.half_length / (options.half_length + lengths)).astype(np.float32)
        most = np.minimum(playlists.T @ (lengths - 1).astype(np.int64), corpus.n_tracks - 1)
        kept, stored = room_of(most, np.diff(weighted.indptr), options)
        rare = rare_of(stored, playlists, told, counts) if stored < corpus.n_tracks else None
        collector = Collector(np.minimum(most[:stored], kept))
        weighted.data = told[weighted.indices]
        for numbers, similarities in _blocks(weighted, playlists, counts, kept, stored, options):
            collector.add(numbers, similarities, kept)
            progress(collector.n_rows / stored)
        progress(1.0)
        return cls(options, corpus.n_tracks, collector.neighbours(), rare)

    def scores(self, seeds: np.ndarray) -> np.ndarray:
        """Add up the similarities to the seeds: float32, shape (tracks,), NaN where none of them is near."""
        return summed(self._lists(seeds), self.n_tracks)

    def reached(self, seeds: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Give the tracks that are near to any of the seeds, and their scores: see Reaching."""
        tracks, sums = sums_of(self._lists(seeds), self.n_tracks)
        rising = np.argsort(tracks)
        return tracks[rising].astype(np.int64), sums[rising]

    def _lists(self, seeds: np.ndarray) -> list[NearTracks]:
        lists = self.nearest.lists(seeds)
        if self.rare:
            lists += self.rare.lists(seeds, self.options.alpha, self.options.shrink, self.options.neighbours)
        return lists

    def arrays(self) -> Mapping[str, np.ndarray]:
        """Give offsets (int64), neighbours (int32) and similarities (float32), and what Rare has: see there."""
        return {**self.nearest.arrays(), **(self.rare.arrays() if self.rare else {})}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, np.ndarray], options: Options, n_tracks: int) -> Self:
        """Rebuild the model from arrays(), which may be memory-mapped."""
        nearest = Neighbours.from_arrays(arrays, n_tracks)
        rare = Rare.from_arrays(arrays, nearest.n_rows, n_tracks) if "rare-offsets" in arrays else None
        return cls(options, n_tracks, nearest, rare)

    def notes(self) -> Mapping[str, str | int | float]:
        """Give the number of tracks and pairs, the longest list and the bytes of all lists, and who has none stored."""
        found = {"tracks without a stored list": self.n_tracks - self.nearest.n_rows} if self.rare else {}
        counts = np.diff(self.nearest.offsets)
        return {
            "tracks": self.n_tracks,
            "pairs": len(self.nearest.numbers),
            "longest list": int(counts.max(initial=0)),
            "megabytes": round(PAIR_BYTES * len(self.nearest.numbers) / 1e6, 1),
            **found,
        }


def room_of(most: np.ndarray, n_playlists: np.ndarray, options: Options) -> tuple[int, int]:
    """Tell how many neighbours are kept of a track, and of how many tracks, the first ones, they are stored.

    most: int64, shape (tracks,): a bound of what each can have, so that rare ones leave their share to the others.
    n_playlists: integers, shape (tracks,): the playlists that hold each.
    """
    room = options.megabytes * 1_000_000 // PAIR_BYTES
    kept = min(options.neighbours, int(most.max()))
    needed = len(most) if not options.rare else int(np.flatnonzero(n_playlists > options.rare).max(initial=-1)) + 1
    while kept > 1 and int(np.minimum(most[:needed], kept).sum()) > room:
        kept = kept * 9 // 10
    fitting = int(np.searchsorted(np.cumsum(np.minimum(most, kept)), room, side="right"))
    return kept, max(fitting, needed)


def rare_of(first: int, playlists: "csr_array", told: np.ndarray, counts: np.ndarray) -> Rare:
    """Keep what tells the neighbours of the tracks from the first one without a stored list on.

    playlists: float32, shape (playlists, tracks), each track once. told: float32, shape (playlists,): what standing
    together in each is worth. counts: float32, shape (tracks,).
    """
    by_track = playlists[:, first:].T.tocsr()
    holders = Links(by_track.indptr.astype(np.int64), by_track.indices.astype(np.int32))
    held = Links(playlists.indptr.astype(np.int64), playlists.indices.astype(np.int32))
    return Rare(first, holders, held, told.astype(np.float32), counts.astype(np.float32))


def _blocks(
    weighted: "csr_array", playlists: "csr_array", counts: np.ndarray, kept: int, stored: int, options: Options
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Multiply in blocks of rows: numbers (int32) and similarities (float32) of the nearest, shape (rows, kept + 1).

    weighted: float32, shape (tracks, playlists). playlists: float32, shape (playlists, tracks). counts: float32, shape
    (tracks,). stored: how many of the rows.
    """
    from similaripy import s_plus

    n_tracks = playlists.shape[1]
    # One more than is kept, because each track is among its own neighbours.
    width = min(kept + 1, n_tracks)
    step = max(1, _CELLS_AT_ONCE // width)
    for start in range(0, stored, step):
        rows = np.arange(start, min(start + step, stored), dtype=np.int32)
        # Of its three denominators only the one of powers is in use; the exponents there take any weights, such as
        # counts, whereas its cosine would take the norms of the weighted rows.
        block = s_plus(
            weighted, playlists, l1=0.0, l2=0.0, l3=1.0, pop1=counts, pop2=counts, beta1=options.alpha,
            beta2=options.alpha, shrink=options.shrink, k=width, target_rows=rows, verbose=False, format_output="coo",
        )  # fmt: skip
        yield block.col.reshape(len(rows), width), block.data.reshape(len(rows), width)
