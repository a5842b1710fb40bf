"""Groups of raters and groups of tracks: KMeans of both, and what each group makes of a track."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np

from recommender.corpus import Corpus
from recommender.errors import DamagedModel
from recommender.models.both_means import BothMeans, both_means
from recommender.models.contract import Progress, no_progress
from recommender.models.grouping import FEWEST, UNDEFINED, added_up, described, matrix, parted, scaled
from recommender.models.links import Links
from recommender.models.ranges import Choices, Ranges, refuse_out_of_range
from recommender.models.rated import SOURCES, held_ratings, listeners_in, names_of, refuse_misshapen

MOST_CLUSTERS = 200
_RATERS_EACH, _TRACKS_EACH = 4, 100
"""How many are in a cluster, about, until there are MOST_CLUSTERS."""


@dataclass(frozen=True)
class Options:
    """How many clusters there are, and what is made of them."""

    raters: int | None = None
    """Clusters of raters, which are listeners or playlists; none: a quarter of the raters, 2 to 200."""
    tracks: int | None = None
    """Clusters of tracks; none: a hundredth of the rated tracks, 2 to 200."""
    components: int = 128
    """Numbers that raters and tracks are described by before they are clustered; more tell more apart and cost time."""
    n_init: int = 1
    """So often KMeans starts anew, to keep the tightest clusters; more take that many times as long."""
    unit: bool = True
    """Whether descriptions are brought to length 1, so that taste decides, and not how much somebody has."""
    shrink: float = 5.0
    """Raters or ratings at which a cluster's mean counts half, against the mean of all."""
    together: float = 2.0
    """What it adds to a track's score when all seeds are of its cluster of tracks; 0 looks at raters alone."""
    beyond: float = 0.0
    """Exponent of fame in the denominator of a score; 0 leaves a cluster's favourites as they are, 1 looks at nothing
    but how much better than elsewhere they do."""
    source: str = "auto"
    """plays, playlists, or auto: plays where there are enough listeners."""


RANGES: Ranges = {
    "raters": (1, 10_000),
    "tracks": (1, 10_000),
    "components": (1, 1_000),
    "n_init": (1, 1_000),
    "shrink": (0.001, 1_000_000),
    "together": (0, 1_000),
    "beyond": (0, 2),
}
CHOICES: Choices = {"source": SOURCES}
PRESETS: dict[str, Options] = {
    "study": Options(raters=8, tracks=8, n_init=1, unit=False),
    "study-tuned": Options(raters=7, tracks=5, n_init=10, unit=False),
}


@dataclass(frozen=True)
class Clusters:
    """Suggest the favourites of the raters that the seeds are nearest to, and foretell plays by both kinds of clusters.

    Idea: people fall into a few groups by what they play, and tracks by who plays them; a group is known better than
    one of its members.
    Formula: x(u, j) = 1 + ln(plays), or 1 for what a playlist holds, else 0; a singular value decomposition of x
    describes u by components numbers, and j by as many; KMeans (least squared distance to the own centre) parts both.
    score(j) = (sum over u of c of x(u, j) + shrink p(j)) / (size of c + shrink) / p(j)^beyond (1 + together q(j)),
    where c is the cluster whose centre is nearest to a rater of the seeds alone, p(j) the mean of x(u, j) over all u,
    and q(j) the share of the seeds in the cluster of j. With r = ln(plays), foretold ln(plays) = (A + B) / 2, 0 at
    least: A is the mean r of track j in the cluster c of listener u; B the mean r of u over the tracks of the cluster d
    of j. Both are drawn, by shrink, A to the mean r of j (itself drawn to the mean of all), and B to m(u) + m(c, d) -
    m(c): the listener's mean, and what his cluster thinks more of d than of the rest (m drawn likewise: u and c to
    all, and c, d to c).
    Source: Lloyd, "Least squares quantization in PCM", IEEE Transactions on Information Theory 1982; clusters to
    recommend by in Ungar and Foster, "Clustering methods for collaborative filtering", AAAI workshop 1998; the mean of
    both kinds as in the Million Song study. The indices in the notes: silhouette, Rousseeuw 1987, on a sample (1 is
    best), and Davies-Bouldin 1979 (0 is best), both over the descriptions.
    For: quick to ask, small, and a group is something that one can look at.
    Against: it fails for who has two tastes, as everybody is in one group; all of a group are told the same; it starts
    by chance; and the many descriptions of real raters form no clusters to speak of, as the notes show.
    Cold start: a track that nobody rated is never suggested, and its plays are not foretold; a listener of one track
    has a group at once.
    """

    name: ClassVar[str] = "clusters"
    adds_up: ClassVar[bool] = True
    options: Options
    summands: np.ndarray
    """float32, shape (tracks, components): what a rater's description adds up from."""
    centres: np.ndarray
    """float32, shape (clusters of raters, components)."""
    sizes: np.ndarray
    """int32, shape (clusters of raters,): how many raters each has."""
    shares: np.ndarray
    """float32, shape (tracks,): p; 0 for what nobody rated."""
    favourites: Links
    """A row for each cluster of raters: the tracks that these rated, and the sums of x."""
    both: BothMeans
    """What each kind of clusters tells of plays."""
    listeners: np.ndarray
    """bytes of UTF-8, shape (listeners,): empty where raters are playlists."""
    quality: np.ndarray
    """float64, shape (2, 2): silhouette and Davies-Bouldin of the raters' and of the tracks' clusters."""

    @classmethod
    def fit(cls, corpus: Corpus, rng: np.random.Generator, options: Options, progress: Progress = no_progress) -> Self:
        """Describe raters and tracks, and part both.

        Raises CannotTrain when there is nothing to learn from, or an option is out of range.
        """
        from threadpoolctl import threadpool_limits

        refuse_out_of_range(options, RANGES, CHOICES)
        ratings = held_ratings(corpus, rng, options.source)
        x = matrix(ratings, corpus.n_tracks)
        rated = np.unique(ratings.tracks)
        raters = options.raters or _usual(len(ratings.raters), _RATERS_EACH)
        tracks = options.tracks or _usual(len(rated), _TRACKS_EACH)
        # On several threads sums come in any order, and what is repeated from its number would not be the same.
        with threadpool_limits(1):
            vectors, of_tracks = described(x, options.components, rng)
            progress(0.3)
            by_rater = parted(scaled(x @ vectors, options.unit), raters, options.n_init, rng)
            progress(0.6)
            by_track = parted(scaled(of_tracks[rated], options.unit), tracks, options.n_init, rng)
            progress(0.9)
        track_clusters = np.full(corpus.n_tracks, -1, np.int32)
        track_clusters[rated] = by_track.labels
        favourites, sizes = added_up(x, by_rater), by_rater.sizes
        both = both_means(ratings, favourites, by_rater.labels, track_clusters, options.shrink)
        shares = (x.sum(axis=0) / x.shape[0]).astype(np.float32)
        quality = np.array([by_rater.quality, by_track.quality])
        progress(1.0)
        return cls(options, vectors, by_rater.centres, sizes, shares, favourites, both, names_of(ratings), quality)

    def scores(self, seeds: np.ndarray) -> np.ndarray:
        """Score by the cluster that is nearest to the distinct known seeds: float32, NaN for what nobody rated."""
        known = np.unique(seeds[(seeds >= 0) & (seeds < len(self.shares))])
        shares = np.asarray(self.shares, np.float64)
        if not np.isfinite(shares).all():
            raise DamagedModel("its shares are no numbers")
        known = known[shares[known] > 0]
        if not len(known):
            return np.full(len(shares), np.nan, np.float32)
        cluster = self._nearest(known)
        own = self.favourites.added(np.array([cluster]), np.ones(1), len(shares))
        shrink = self.options.shrink
        with np.errstate(all="ignore"):
            scores = (own + shrink * shares) / (int(self.sizes[cluster]) + shrink)
            scores = scores / shares**self.options.beyond * (1 + self.options.together * self._agreement(known))
            scores = np.where(shares > 0, scores, np.nan).astype(np.float32)
        if not np.isfinite(scores[shares > 0]).all():
            raise DamagedModel("its shares are no shares")
        return scores

    def _agreement(self, known: np.ndarray) -> np.ndarray:
        """Tell which share of some rated tracks is of each track's cluster: float64, shape (tracks,)."""
        clusters = self.both.track_clusters
        most = len(clusters)
        if clusters.min() < -1 or clusters.max() >= most or clusters[known].min() < 0:
            raise DamagedModel("its clusters are none of those that there are")
        # The last place is that of what nobody rated, which -1 finds.
        counts = np.bincount(clusters[known], minlength=most + 1)
        return np.asarray(counts[clusters] / len(known))

    def _nearest(self, known: np.ndarray) -> int:
        """Find the cluster of a rater of these tracks alone."""
        own = scaled(np.asarray(self.summands[known], np.float64).sum(axis=0)[None], self.options.unit)[0]
        with np.errstate(all="ignore"):
            distances = ((np.asarray(self.centres, np.float64) - own) ** 2).sum(axis=1)
        if not np.isfinite(distances).all():
            raise DamagedModel("its descriptions are no numbers")
        return int(distances.argmin())

    def predict(self, listener_no: int, track_nos: np.ndarray) -> np.ndarray:
        """Foretell plays, 1 at least: float32, shape (len(track_nos),), NaN for unknown listeners and tracks."""
        return self.both.predict(listener_no, track_nos)

    def arrays(self) -> Mapping[str, np.ndarray]:
        """Give all that was learned, by name."""
        assert self.favourites.weights is not None
        return {
            "vectors": self.summands, "centres": self.centres, "sizes": self.sizes, "shares": self.shares,
            "offsets": self.favourites.offsets, "favourites": self.favourites.numbers,
            "sums": self.favourites.weights, "listeners": self.listeners, "quality": self.quality,
            **self.both.arrays(),
        }  # fmt: skip

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, np.ndarray], options: Options, n_tracks: int) -> Self:
        """Rebuild the model from arrays(), which may be memory-mapped. Raises ValueError when they do not fit."""
        listeners, n_clusters = listeners_in(arrays), len(arrays["sizes"])
        components = arrays["vectors"].shape[-1]
        favourites = Links(arrays["offsets"], arrays["favourites"], arrays["sums"])
        favourites.refuse_misfit(n_clusters)
        shapes = {
            "vectors": ("f", (n_tracks, components)), "centres": ("f", (n_clusters, components)),
            "sizes": ("i", (n_clusters,)), "shares": ("f", (n_tracks,)), "sums": ("f", favourites.numbers.shape),
            "quality": ("f", (2, 2)),
        }  # fmt: skip
        refuse_misshapen(arrays, shapes)
        if favourites.n_rows != n_clusters or not n_clusters:
            raise ValueError("each cluster has its favourites")
        both = BothMeans.from_arrays(arrays, favourites, len(listeners), n_tracks)
        return cls(
            options, arrays["vectors"], arrays["centres"], arrays["sizes"], arrays["shares"], favourites, both,
            listeners, np.array(arrays["quality"]),
        )  # fmt: skip

    def notes(self) -> Mapping[str, str | int | float]:
        """Give the numbers of clusters, the components, and how clearly the clusters are apart."""
        told: dict[str, str | int | float] = {
            "clusters of raters": len(self.sizes),
            "clusters of tracks": int(self.both.track_clusters.max()) + 1,
            "components": self.summands.shape[1],
        }
        for of, (silhouette, davies_bouldin) in zip(("raters", "tracks"), self.quality.tolist(), strict=True):
            if davies_bouldin == UNDEFINED:
                told[f"silhouette of {of}"] = "not defined, as there is one cluster, or each is alone"
            else:
                told[f"silhouette of {of}"] = round(silhouette, 3)
                told[f"Davies-Bouldin of {of}"] = round(davies_bouldin, 3)
        return told


def _usual(number: int, each: int) -> int:
    return min(max(number // each, FEWEST), MOST_CLUSTERS)
