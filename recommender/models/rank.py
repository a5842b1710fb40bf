"""A second yardstick: what is played much, on the mean and in all, with some draws from further down."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np

from recommender.corpus import Corpus
from recommender.errors import DamagedModel
from recommender.models.contract import Progress, no_progress
from recommender.models.ranges import Choices, Ranges, refuse_out_of_range
from recommender.models.rated import SOURCES, held_ratings, listeners_in, names_of, refuse_misshapen

TOP, FROM_TOP = 20, 10
"""So many of the highest ranks are looked at, and drawn from them."""
BANDS, BAND_WIDTH, OF_BAND, FROM_BANDS = range(5, 91, 5), 5, 2, 20
"""The lower ends of the percentile bands, their width, how many stand for each, and how many of all these are drawn."""
_UNRATED = -1.0


@dataclass(frozen=True)
class Options:
    """What fame is."""

    mean: float = 0.6
    """What the mean plays count; the total counts the rest of 1."""
    source: str = "auto"
    """plays, playlists, or auto: plays where there are enough listeners."""


RANGES: Ranges = {"mean": (0, 1)}
CHOICES: Choices = {"source": SOURCES}
PRESETS: dict[str, Options] = {"study": Options()}


@dataclass(frozen=True)
class Rank:
    """Suggest a list of 30 that was drawn once, then what ranks highest, whatever the seeds are.

    Idea: a track is popular when many play it, and more so when they play it often; a list of the top alone would show
    what everybody knows, so that tracks of all ranks come too.
    Formula: popularity(j) = mean n(m(j)) + (1 - mean) n(t(j)), m being the mean plays among those who played j and t
    the total, n(x) = (x - min) / (max - min); rank(j) = tracks that come after j by popularity / (tracks - 1), 0 to 1,
    equals in the order of playlists and ids. The list: 10 drawn from the 20 of highest rank, then 20 drawn from the
    two of highest mean plays of each band of ranks 0.05 to 0.10, 0.10 to 0.15, ..., 0.90 to 0.95, both in order of
    rank; a track comes once. score(j) = rank(j), above 1 in the list. Foretold plays: m(j), for everybody.
    Source: the popularity model of the Million Song study.
    For: it always has an answer, and shows what a model has to beat before it deserves the name of personal.
    Against: it fails wherever taste matters; a track that one listener played a thousand times ranks high. Where there
    are playlists alone all means are 1, and it is popularity with draws.
    Cold start: the seeds do not matter; a track that nobody played is not ranked.
    """

    name: ClassVar[str] = "rank"
    adds_up: ClassVar[bool] = False
    options: Options
    ranks: np.ndarray
    """float32, shape (tracks,): 0 to 1; -1 for what nobody played."""
    drawn: np.ndarray
    """int32, shape (at most 30,): the list, in its order."""
    means: np.ndarray
    """float32, shape (tracks,): mean plays; 0 for what nobody played."""
    listeners: np.ndarray
    """bytes of UTF-8, shape (listeners,): empty where it learned from playlists."""

    @classmethod
    def fit(cls, corpus: Corpus, rng: np.random.Generator, options: Options, progress: Progress = no_progress) -> Self:
        """Rank, and draw the list. Raises CannotTrain when nothing was played, or an option is out of range."""
        refuse_out_of_range(options, RANGES, CHOICES)
        ratings = held_ratings(corpus, rng, options.source)
        plays = corpus.plays.counts if ratings.of_plays else np.ones(len(ratings.tracks), np.int32)
        totals = np.bincount(ratings.tracks, plays, corpus.n_tracks)
        raters = np.bincount(ratings.tracks, minlength=corpus.n_tracks)
        means = totals / np.maximum(raters, 1)
        played = np.flatnonzero(raters)
        ranks = ranks_of(means[played], totals[played], options.mean)
        drawn = played[drawn_list(ranks, means[played], rng)]
        everything = np.full(corpus.n_tracks, _UNRATED, np.float32)
        everything[played] = ranks
        progress(1.0)
        return cls(options, everything, drawn.astype(np.int32), means.astype(np.float32), names_of(ratings))

    def scores(self, seeds: np.ndarray) -> np.ndarray:
        """Give the list, then the ranks, whatever the seeds: float32, shape (tracks,), NaN for what nobody played."""
        ranks, drawn = np.array(self.ranks, np.float32), np.asarray(self.drawn)
        if not np.isfinite(ranks).all() or ranks.max(initial=0) > 1:
            raise DamagedModel("its ranks are no ranks")
        if drawn.min(initial=0) < 0 or drawn.max(initial=-1) >= len(ranks):
            raise DamagedModel("its list holds no tracks")
        ranks[ranks < 0] = np.nan
        ranks[drawn] = 1 + np.arange(len(drawn), 0, -1)
        return ranks

    def predict(self, listener_no: int, track_nos: np.ndarray) -> np.ndarray:
        """Foretell the mean plays: float32, shape (len(track_nos),), NaN for unknown listeners and tracks."""
        foretold = np.full(len(track_nos), np.nan, np.float32)
        if 0 <= listener_no < len(self.listeners):
            known = np.flatnonzero((track_nos >= 0) & (track_nos < len(self.means)))
            means = np.asarray(self.means[track_nos[known]])
            if not np.isfinite(means).all():
                raise DamagedModel("its means are no numbers")
            foretold[known] = np.where(means > 0, means, np.nan)
        return foretold

    def arrays(self) -> Mapping[str, np.ndarray]:
        """Give ranks (float32), drawn (int32), means (float32) and listeners (bytes)."""
        return {"ranks": self.ranks, "drawn": self.drawn, "means": self.means, "listeners": self.listeners}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, np.ndarray], options: Options, n_tracks: int) -> Self:
        """Rebuild the model from arrays(), which may be memory-mapped. Raises ValueError when they do not fit."""
        listeners, most = listeners_in(arrays), min(n_tracks, FROM_TOP + FROM_BANDS)
        shapes = {
            "ranks": ("f", (n_tracks,)), "means": ("f", (n_tracks,)), "drawn": ("i", (min(len(arrays["drawn"]), most),))
        }  # fmt: skip
        refuse_misshapen(arrays, shapes)
        return cls(options, arrays["ranks"], arrays["drawn"], arrays["means"], listeners)

    def notes(self) -> Mapping[str, str | int | float]:
        """Give the numbers of ranked tracks and of drawn ones."""
        return {"tracks": int((self.ranks >= 0).sum()), "drawn": len(self.drawn)}


def ranks_of(means: np.ndarray, totals: np.ndarray, share: float) -> np.ndarray:
    """Rank tracks from 0 to 1 by their mean and total plays, no two alike: float64, shape (tracks,).

    means, totals: shape (tracks,). share: what the mean counts. Of equals the first in number is ahead.
    """
    popularity = share * _normalised(means) + (1 - share) * _normalised(totals)
    ranks = np.empty(len(means))
    # Ranks that equals shared would leave most bands empty where nearly all tracks stand in one playlist.
    ranks[np.argsort(-popularity, kind="stable")] = np.linspace(1, 0, len(means))
    return ranks


def drawn_list(ranks: np.ndarray, means: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Draw the list: int64, places among the ranked tracks, each once, fewer where there are fewer.

    ranks: from 0 to 1; means: plays; both of shape (tracks,).
    """
    best_first = np.argsort(-ranks, kind="stable")
    top, rest = best_first[:TOP], best_first[TOP:]
    standing = []
    for low in BANDS:
        band = rest[(100 * ranks[rest] >= low) & (100 * ranks[rest] < low + BAND_WIDTH)]
        standing.append(band[np.argsort(-means[band], kind="stable")[:OF_BAND]])
    return np.concatenate([_some(top, FROM_TOP, ranks, rng), _some(np.concatenate(standing), FROM_BANDS, ranks, rng)])


def _some(tracks: np.ndarray, most: int, ranks: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Draw some, and give them best first."""
    drawn = np.sort(rng.permutation(len(tracks))[:most])
    chosen = tracks[drawn]
    return np.asarray(chosen[np.argsort(-ranks[chosen], kind="stable")])


def _normalised(values: np.ndarray) -> np.ndarray:
    spread = np.ptp(values)
    return np.asarray((values - values.min()) / spread) if spread else np.zeros(len(values))
