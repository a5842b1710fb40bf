"""Playlists as sentences, tracks as words: vectors that foretell which tracks stand near which."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from math import isqrt
from typing import ClassVar, Self

import numpy as np

from recommender.corpus import Corpus
from recommender.errors import DamagedModel
from recommender.models.contract import Progress, no_progress
from recommender.models.distinct import distinct
from recommender.models.makers import Makers, unit
from recommender.models.places import places, rows_among
from recommender.models.ranges import Choices, Ranges, refuse_out_of_range
from recommender.models.reach import told_reach, within_reach
from recommender.models.sentences import Sentences
from recommender.models.updates import GROWN, carried, placed
from recommender.models.vectors import Plan, Start, train
from recommender.vocabulary import NOT_FOUND

COST_PER_WORKER = 1.0e9
"""Multiplications a second that a budget counts on for one worker; measured 1.1e9 to 1.9e9 per second of a core."""
UPDATE_OVERHEAD = 200
"""What one update costs besides its dimensions, in multiplications; from timing 64 to 200 dimensions."""
MOST_EPOCHS, FEWEST_EPOCHS, WIDEST_WINDOW = 25, 5, 4
"""A budget buys epochs between these; before it buys fewer it narrows the window."""
MOST_DIMENSIONS, FEWEST_DIMENSIONS = 100, 4
"""Few tracks need few: with 64 dimensions, 80 tracks are learned by heart, noise and all."""
SHORT_SECONDS = 10.0
"""A training that one worker ends within this time stays with one, because only then can it be repeated exactly."""
UPDATE_EPOCHS = 5
"""Passes of an update, from vectors that are nearly right; by measuring (bench/updating.py)."""
UPDATE_ALPHA = 0.5
"""The first step of an update, as a share of alpha: the old vectors are not to be thrown about."""
START_LENGTH = 3.3
"""Inner vectors of tracks are kept with length 1; about so long they were when they were learned."""
_NONE = np.zeros(0, np.int64)


@dataclass(frozen=True)
class Options:
    """How gensim trains, how long, and what is read from its vectors."""

    sg: bool = True
    """Whether a track foretells each neighbour alone (skip-gram), or the mean of the neighbours the track (CBOW)."""
    vector_size: int | None = None
    """Dimensions of a vector; none: a third of the root of the number of tracks, 4 to 100; more cost size and time."""
    window: int | None = None
    """Neighbours on each side that are learned from; none: 4, or what budget_s allows; its cost is linear."""
    epochs: int | None = None
    """Passes over the playlists; none: 25, or what budget_s allows; rare tracks need many."""
    budget_s: float = 60.0
    """Seconds from which epochs and window follow where they are none, by a stated speed and never by the clock."""
    order: str = "mixed"
    """kept: as in the playlist; shuffled: anew on each pass, so that any two tracks may meet; mixed: by turns."""
    negative: int = 10
    """Random tracks that each pair is told from; more is slower, and helps rare pairs."""
    ns_exponent: float = 0.5
    """Those are drawn by count to this power: 1 by fame, 0 all alike, below 0 the rare ones more often."""
    sample: float = 0.0
    """Share of all entries above which a track is skipped at random; smaller skips more of the hits; 0 skips none."""
    shrink_windows: bool = False
    """Whether the window is drawn between 1 and its full size for each track, so that near ones count more."""
    min_count: int | None = None
    """Entries that a track needs to be learned; none: 1, and above 500,000 tracks 2 or what leaves 2,000,000."""
    alpha: float = 0.1
    """First step of the learning; few entries need a large one, too large a one ends in noise."""
    min_alpha: float = 0.0001
    """Last step of the learning, which falls evenly from alpha."""
    workers: int | None = None
    """Threads; none: 1 for short trainings, else 2; with 1, equal chance gives equal vectors to the last bit."""
    artists: bool = True
    """Whether each track is followed by its artist as a word of its own; twice the words, and rare tracks are found."""
    artist_in: float = 1.0
    """Weight of the vector of a seed's artist beside the seed's own; higher suggests more by artist."""
    artist_out: float = 0.5
    """Weight of how much an artist is foretold beside how much the track is; higher suggests more by artist."""
    scoring: str = "in-out"
    """in-out: how much the seeds foretell a track; cosine: how alike it is to them, which needs half the space."""
    prior: float = 0.2
    """Weight of a track's log count in in-out scores; higher suggests better known tracks."""


RANGES: Ranges = {
    "vector_size": (1, 1_000), "window": (1, 1_000), "epochs": (1, 10_000), "budget_s": (0.1, 1_000_000),
    "negative": (1, 100), "ns_exponent": (-2, 2), "sample": (0, 1), "min_count": (1, 1_000_000), "alpha": (1e-6, 1),
    "min_alpha": (0, 1), "workers": (1, 64), "artist_in": (0, 100), "artist_out": (0, 100), "prior": (-10, 10),
}  # fmt: skip
CHOICES: Choices = {"order": ("kept", "shuffled", "mixed"), "scoring": ("in-out", "cosine")}
PRESETS: dict[str, Options] = {
    "article": Options(
        sg=False, vector_size=100, window=5, epochs=5, order="kept", negative=5, ns_exponent=0.75, sample=0.001,
        shrink_windows=True, min_count=4, alpha=0.025, artists=False, scoring="cosine", prior=0.0,
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Word2Vec:
    """Suggest the tracks that the seeds foretell, by vectors learned from who stands near whom.

    Idea: playlists are sentences and tracks words; a word's inner vector learns to tell its neighbours' outer vectors
    from random ones. After each track stands its artist as a word of its own, so that a track in one playlist has what
    all tracks of its artist taught. Every second pass shuffles the playlists: a narrow window meets far pairs too.
    Formula: score(j) = mean over the known seeds i of (u(i) + artist_in u(A(i))) . (out(j) + artist_out out(A(j))),
    plus prior log count(j), with u(x) = in(x)/|in(x)|, and A(x) the artist of x. For skip-gram, in(i) . out(j) tends to
    log(P(j|i) / count(j)^ns_exponent) plus a constant, so that the prior gives back a part of the fame that the random
    tracks take away. With cosine scoring, u takes the place of out, artist_in that of artist_out, and the prior is 0.
    Source: Mikolov et al., "Distributed representations of words and phrases and their compositionality", NIPS 2013;
    the limit: Levy and Goldberg, "Neural word embedding as implicit matrix factorization", NIPS 2014; in . out:
    Nalisnick et al., "Improving document ranking with dual word embeddings", WWW 2016; artists: Vasile et al.,
    "Meta-Prod2Vec: product embeddings using side-information for recommendation", RecSys 2016; settings: Caselles-Dupre
    et al., "Word2vec applied to recommendation: hyperparameters matter", RecSys 2018. For: small vectors, also for
    tracks that never met. Against: it fails for tracks that stand alone and whose artist does too, is blind to the
    order of the seeds, and learns few playlists by heart. Cold start: a track in no playlist has no vector; one in a
    single playlist has a poor one, and leans on its artist, or where none is known on the mean of the artists.
    """

    name: ClassVar[str] = "word2vec"
    adds_up: ClassVar[bool] = False
    options: Options
    n_tracks: int
    tracks: np.ndarray
    """int32, shape (learned,): the numbers of the learned tracks, rising."""
    inner: np.ndarray
    """float32, shape (learned, dimensions): their inner vectors, each of length 1, plus those of their artists."""
    outer: np.ndarray
    """float32, shape (learned, dimensions): their outer vectors, likewise; with cosine scoring, inner."""
    prior: np.ndarray
    """float32, shape (learned,): prior times the log of the number of entries; with cosine scoring 0."""
    makers: Makers
    """The artists, as far as they are words."""
    told: Mapping[str, str | int | float] = field(default_factory=dict)
    """What notes() gives; not among the arrays."""

    @classmethod
    def fit(cls, corpus: Corpus, rng: np.random.Generator, options: Options, progress: Progress = no_progress) -> Self:
        """Let gensim train.

        Raises CannotTrain when an option is out of range, no pair is left at this min_count, or it did not train.
        """
        return cls._learned(corpus, rng, options, progress)

    def goes_on(self, corpus: Corpus) -> bool:
        """Tell whether the outer vectors are kept, which cosine scoring does without, and have dimensions enough."""
        size = plan(self.options, corpus.n_entries, corpus.n_tracks).vector_size
        return self.options.scoring != "cosine" and size <= GROWN * self.inner.shape[1]

    def updated(
        self, corpus: Corpus, old_numbers: np.ndarray, rng: np.random.Generator, progress: Progress = no_progress
    ) -> Self:
        """Let gensim go on from the vectors for a few epochs, with new tracks at the mean of their playlists."""
        if len(self.tracks) and not 0 <= self.tracks.min() <= self.tracks.max() < self.n_tracks:
            raise DamagedModel("its tracks are not those of its vocabulary")
        rows = np.full(self.n_tracks + 1, NOT_FOUND)  # the last is that of new tracks, which -1 finds
        rows[self.tracks] = np.arange(len(self.tracks))
        learned = within_reach(corpus, 1 if self.options.min_count else None)
        row_of = rows[old_numbers[: learned.n_tracks]]
        shares = (-self.options.artist_in, -self.options.artist_out)
        own = self.makers.beside(self.inner, self.outer, shares)
        inner, outer = (placed(carried(told, row_of), learned) for told in own)
        start = self.makers.start(Start(START_LENGTH * unit(inner), outer), row_of, learned.artists)
        return self._learned(corpus, rng, self.options, progress, start)

    def renumbered(self, numbers: np.ndarray, n_tracks: int) -> Self:
        """Give the same model for other numbers of the tracks: integers, shape (tracks,), each once, below n_tracks."""
        tracks = numbers[self.tracks]
        rows = np.argsort(tracks)
        makers = replace(self.makers, rows=self.makers.rows[rows])
        inner, outer, prior = self.inner[rows], self.outer[rows], self.prior[rows]
        own = tracks[rows].astype(np.int32)
        return type(self)(self.options, n_tracks, own, inner, outer, prior, makers, self.told)

    @classmethod
    def _learned(
        cls,
        corpus: Corpus,
        rng: np.random.Generator,
        options: Options,
        progress: Progress,
        start: Start | None = None,
    ) -> Self:
        """Learn from chance or, for a few epochs, from a start."""
        refuse_out_of_range(options, RANGES, CHOICES)
        seed = int(rng.integers(2**31))
        learned = within_reach(corpus, 1 if options.min_count else None)
        min_count = options.min_count or 1
        sentences = Sentences.of(learned, min_count, options.order, seed, options.artists)
        kept = np.flatnonzero(sentences.counts[: learned.n_tracks])
        chosen = plan(options, sentences.n_words, len(kept))
        if start:
            chosen = _shortened(chosen, start.inner.shape[1])
        steps = replace(options, alpha=options.alpha * (UPDATE_ALPHA if start else 1), min_count=min_count)
        vectors = train(sentences, chosen, steps, int(rng.integers(2**31)), progress, start)
        artists = sentences.artists[kept]
        rows = np.where(artists >= 0, np.searchsorted(vectors.words, artists) - len(kept), -1)
        makers = Makers(rows.astype(np.int32), vectors.inner[len(kept) :], vectors.outer[len(kept) :])
        shares = (options.artist_in, options.artist_out)
        inner, outer = makers.beside(unit(vectors.inner[: len(kept)]), vectors.outer[: len(kept)], shares)
        prior = (options.prior * np.log(sentences.counts[kept])).astype(np.float32)
        if options.scoring == "cosine":
            outer, prior = inner, np.zeros_like(prior)
        words = sentences.words_in(chosen.epochs)
        notes: dict[str, str | int | float] = {
            "tracks": len(kept), "artists": len(vectors.words) - len(kept), "dimensions": chosen.vector_size,
            "window": chosen.window, "epochs": chosen.epochs, "workers": chosen.workers, "words": words,
            "seconds foreseen": round(chosen.seconds, 1),
            "words a second": round(words / max(vectors.seconds, 1e-3)), **told_reach(corpus, learned),
        }  # fmt: skip
        return cls(options, corpus.n_tracks, kept.astype(np.int32), inner, outer, prior, makers, notes)

    def scores(self, seeds: np.ndarray) -> np.ndarray:
        """Score by what the distinct known seeds foretell: float32, shape (tracks,), NaN for what was not learned."""
        return self.scores_of(seeds, self.n_tracks, _NONE)

    def scores_of(self, seeds: np.ndarray, first: int, others: np.ndarray) -> np.ndarray:
        """Score the first tracks and some that come after them: see Choosing."""
        scores = np.full(first + len(others), np.nan, np.float32)
        rows = rows_among(self.tracks, distinct(seeds))
        rows = rows[rows != NOT_FOUND]
        if not len(rows):
            return scores
        if self.tracks.min() < 0 or self.tracks.max() >= self.n_tracks:
            raise DamagedModel("its tracks are not those of its vocabulary")
        n_first = int(np.searchsorted(self.tracks, first))
        more = rows_among(self.tracks, others)
        known = np.flatnonzero(more != NOT_FOUND)
        with np.errstate(all="ignore"):
            foretold = self.inner[rows].mean(axis=0)
            told = self.outer[:n_first] @ foretold
            told += self.prior[:n_first]
            told_more = self.outer[more[known]] @ foretold + self.prior[more[known]]
        if not (np.isfinite(told).all() and np.isfinite(told_more).all()):
            raise DamagedModel("its vectors are no numbers")
        # Where the best known were learned without a gap, and they mostly were, their places are their rows.
        gapless = n_first and self.tracks[n_first - 1] == n_first - 1
        scores[slice(n_first) if gapless else self.tracks[:n_first]] = told
        scores[first + known] = told_more
        return scores

    def vectors(self, track_nos: np.ndarray) -> np.ndarray:
        """Give the inner vectors, with those of the artists, at length 1: float32, NaN for what was not learned."""
        return places(self.inner, rows_among(self.tracks, track_nos))

    def arrays(self) -> Mapping[str, np.ndarray]:
        """Give tracks (int32), inner (float32) and, unless scoring is cosine, outer, prior and artists' vectors."""
        own = {"tracks": self.tracks, "inner": self.inner}
        more = {"outer": self.outer, "prior": self.prior, **self.makers.arrays()}
        return own if self.options.scoring == "cosine" else own | more

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, np.ndarray], options: Options, n_tracks: int) -> Self:
        """Rebuild the model from arrays(), which may be memory-mapped. Raises ValueError when they do not fit."""
        tracks, inner = arrays["tracks"], arrays["inner"]
        outer, prior = arrays.get("outer", inner), arrays.get("prior", np.zeros(len(tracks), np.float32))
        if tracks.ndim != 1 or inner.ndim != 2 or len(inner) != len(tracks):
            raise ValueError("each learned track has one vector")
        if outer.shape != inner.shape or prior.shape != tracks.shape:
            raise ValueError("there are as many outer vectors and priors as inner vectors")
        if tracks.dtype.kind + inner.dtype.kind + outer.dtype.kind + prior.dtype.kind != "ifff":
            raise ValueError("track numbers are whole, the rest is not")
        if len(tracks) and not (tracks[0] >= 0 and tracks[-1] < n_tracks):
            raise ValueError("the tracks are rising, and of the vocabulary")
        return cls(options, n_tracks, tracks, inner, outer, prior, Makers.from_arrays(arrays, inner.shape))

    def notes(self) -> Mapping[str, str | int | float]:
        """Give tracks, dimensions, window, epochs, workers, words seen, and words a second, as they came about."""
        return self.told or {"tracks": len(self.tracks), "dimensions": self.inner.shape[1]}


def plan(options: Options, n_words: int, n_tracks: int) -> Plan:
    """Choose what the options leave open, from the numbers of words and tracks alone, so that it can be repeated."""
    size = options.vector_size or min(max(isqrt(n_tracks) // 3, FEWEST_DIMENSIONS), MOST_DIMENSIONS)

    def seconds(window: int, epochs: int, workers: int = 1) -> float:
        pairs = window + 1 if options.shrink_windows else 2 * window
        # CBOW adds up its neighbours once, and then tells one track from the random ones.
        updates = pairs * (1 + options.negative) if options.sg else pairs + 1 + options.negative
        return epochs * n_words * updates * (size + UPDATE_OVERHEAD) / COST_PER_WORKER / workers

    ladder = [(WIDEST_WINDOW, epochs) for epochs in range(MOST_EPOCHS, FEWEST_EPOCHS, -1)]
    ladder += [(window, FEWEST_EPOCHS) for window in range(WIDEST_WINDOW, 1, -1)]
    ladder += [(1, epochs) for epochs in range(FEWEST_EPOCHS, 0, -1)]
    steps = [(options.window or window, options.epochs or epochs) for window, epochs in ladder]
    workers = options.workers or (1 if seconds(*steps[0]) <= min(SHORT_SECONDS, options.budget_s) else 2)
    window, epochs = next((step for step in steps if seconds(*step, workers) <= options.budget_s), steps[-1])
    return Plan(size, window, epochs, workers, seconds(window, epochs, workers))


def _shortened(chosen: Plan, vector_size: int) -> Plan:
    epochs = min(UPDATE_EPOCHS, chosen.epochs)
    return replace(chosen, vector_size=vector_size, epochs=epochs, seconds=chosen.seconds * epochs / chosen.epochs)
