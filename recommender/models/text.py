"""Tracks about which the same words are written, and words that are spelt nearly alike."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np

from recommender.corpus import Corpus
from recommender.errors import CannotTrain, DamagedModel
from recommender.holdings import counts_by_weight
from recommender.models.contract import Progress, no_progress
from recommender.models.distinct import distinct
from recommender.models.links import Links, told
from recommender.models.ranges import Ranges, refuse_out_of_range
from recommender.models.terms import LINK_BYTES, terms_of
from recommender.texts import LINES


@dataclass(frozen=True)
class Options:
    """What each line of a text weighs, and which terms count."""

    artists: float = 3.0
    """Weight of the words that name the artists."""
    title: float = 1.0
    """Weight of the words of the title."""
    album: float = 2.0
    """Weight of the words of the album's name."""
    genres: float = 1.0
    """Weight of the words that name genres."""
    told: float = 1.0
    """Weight of the words of lyrics, comments and tags."""
    grams: float = 0.3
    """What three letters that two texts share on a line count for, where a whole word counts 1; 0 leaves it to the
    words."""
    common: float = 0.01
    """A term that a larger share of the tracks has is left out, if more than 1,000 have it: it says little, and is
    what takes time."""
    fame: float = 1.0
    """Exponent of a track's fame, by which its likeness is multiplied; 0 leaves the plain cosine."""
    longest: int = 2_000
    """Letters of a line that are read."""
    megabytes: int = 2_500
    """The most that the stored terms may take, in millions of bytes; where all do not fit, the most common are left
    out."""


RANGES: Ranges = {
    **dict.fromkeys(LINES, (0, 1_000)),
    "grams": (0, 1),
    "common": (0, 1),
    "fame": (0, 10),
    "longest": (1, 1_000_000),
    "megabytes": (1, 1_000_000),
}
PRESETS: dict[str, Options] = {"words": Options(grams=0.0), "cosine": Options(fame=0.0)}


@dataclass(frozen=True)
class Text:
    """Suggest the tracks whose artists, title, album, genres, lyrics, comments and tags read most like the seeds'.

    Idea: what is called alike, and by the same artists, goes together; no playlist is needed to know.
    Formula: w(t) = weight of the line log((tracks + 1) / tracks with t), for three letters times grams, t being the
    words of each line and, but in lyrics, comments and tags, every three letters in a row of it; score(j) = cosine of
    the sum of the seeds' vectors of w, each of length 1, with that of j, times (1 + log(1 + count(j)))^fame.
    Source: Salton and Buckley, "Term-weighting approaches in automatic text retrieval", 1988, terms being there or not;
    three letters as in Cavnar and Trenkle, "N-gram-based text categorization", 1994.
    For: it knows a track from the moment it has a name, in any script and however it is spelt.
    Against: it fails where a name says nothing of the music: beyond the same artist and album it is mostly chance.
    Cold start: this is what it is for; a track of which nothing is written says nothing and is never suggested.
    """

    name: ClassVar[str] = "text"
    adds_up: ClassVar[bool] = False
    options: Options
    terms: Links
    """A row for each track: its terms."""
    tracks: Links
    """A row for each term: the tracks that have it."""
    weights: np.ndarray
    """float32, shape (terms,)."""
    norms: np.ndarray
    """float32, shape (tracks,): the length of each track's vector of weights; 0 where it has no term."""
    boosts: np.ndarray
    """float32, shape (tracks,): what each track's likeness is multiplied by."""
    left_out: int
    """How many terms are too common, or had no room."""

    @classmethod
    def fit(cls, corpus: Corpus, rng: np.random.Generator, options: Options, progress: Progress = no_progress) -> Self:
        """Take the texts apart; there is no chance in it.

        Raises CannotTrain when nothing is written about the tracks, or an option is out of range.
        """
        refuse_out_of_range(options, RANGES)
        by_line = {line: float(getattr(options, line)) for line in LINES}
        if not any(by_line.values()):
            raise CannotTrain("every line of the texts weighs 0: let one weigh more, such as artists=3")
        room = options.megabytes * 1_000_000 // LINK_BYTES
        found = terms_of(corpus.texts, by_line, options.grams, options.common, options.longest, room, progress)
        if not found.norms.any():
            raise CannotTrain(
                "nothing is written about the tracks on the lines that weigh anything: import playlists that name "
                "titles and artists"
            )
        if not len(found.weights):
            raise CannotTrain(
                "no two texts have a word in common: import more playlists, or give more room (--set megabytes=5000)"
            )
        boosts = ((1 + np.log1p(counts_by_weight(corpus))) ** options.fame).astype(np.float32)
        progress(1.0)
        return cls(options, found.of_tracks, found.of_terms, found.weights, found.norms, boosts, found.left_out)

    def scores(self, seeds: np.ndarray) -> np.ndarray:
        """Score by likeness and fame: float32, shape (tracks,), NaN where no term is shared with a seed."""
        scores = np.full(len(self.norms), np.nan, np.float32)
        tracks, own = self._near(seeds)
        scores[tracks] = own
        return scores

    def reached(self, seeds: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Give the tracks that share a term with a seed, and their scores: see Reaching."""
        tracks, own = self._near(seeds)
        rising = np.argsort(tracks)
        return tracks[rising].astype(np.int64), own[rising]

    def _near(self, seeds: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Give the tracks that share a term, in any order, and their scores, none of them NaN."""
        terms, shares = self._wanted(seeds)
        tracks, total = self.tracks.totals(terms, shares, len(self.norms))
        norms = self._norms(tracks)
        scores = told(total / norms * np.asarray(self.boosts)[tracks])
        there = ~np.isnan(scores)
        return tracks[there], scores[there]

    def _wanted(self, seeds: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Give the terms of the seeds, each once, and the product of both sides' weights but for the other's norm."""
        known = distinct(seeds[(seeds >= 0) & (seeds < self.terms.n_rows)])
        known = known[self.terms.lengths(known) != 0]
        rows, numbers, _ = self.terms.told(known, len(self.weights))
        terms = distinct(numbers)
        shares = np.bincount(np.searchsorted(terms, numbers), 1 / self._norms(known)[rows], len(terms))
        with np.errstate(over="ignore"):
            return terms, shares * np.asarray(self.weights)[terms].astype(np.float64) ** 2

    def _norms(self, tracks: np.ndarray) -> np.ndarray:
        norms: np.ndarray = np.asarray(self.norms)[tracks].astype(np.float64)
        if len(norms) and not (norms.min() > 0 and np.isfinite(norms.max())):
            raise DamagedModel("its vectors have no length")
        return norms

    def arrays(self) -> Mapping[str, np.ndarray]:
        """Give the links both ways, offsets (int64) and numbers (int32), weights, norms and boosts (float32).

        Beside them left-out: int64, shape (1,).
        """
        return {
            "track-offsets": self.terms.offsets, "terms": self.terms.numbers, "term-offsets": self.tracks.offsets,
            "tracks": self.tracks.numbers, "weights": self.weights, "norms": self.norms, "boosts": self.boosts,
            "left-out": np.array([self.left_out]),
        }  # fmt: skip

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, np.ndarray], options: Options, n_tracks: int) -> Self:
        """Rebuild the model from arrays(), which may be memory-mapped. Raises ValueError when they do not fit."""
        weights, norms, boosts, left_out = (arrays[name] for name in ("weights", "norms", "boosts", "left-out"))
        terms = Links(arrays["track-offsets"], arrays["terms"])
        tracks = Links(arrays["term-offsets"], arrays["tracks"])
        terms.refuse_misfit(n_tracks)
        tracks.refuse_misfit(len(tracks.numbers))
        if terms.n_rows != n_tracks or len(terms.numbers) != len(tracks.numbers):
            raise ValueError("there are as many links from tracks to terms as back, and a row for each track")
        if weights.shape != (tracks.n_rows,) or norms.shape != (n_tracks,) or boosts.shape != (n_tracks,):
            raise ValueError("each term has a weight, each track a norm and a boost")
        if {array.dtype.kind for array in (weights, norms, boosts)} != {"f"} or left_out.shape != (1,):
            raise ValueError("weights, norms and boosts are numbers, and it is one number that is left out")
        return cls(options, terms, tracks, weights, norms, boosts, int(left_out[0]))

    def notes(self) -> Mapping[str, str | int | float]:
        """Give the number of tracks with a term, of terms, of those left out, and the bytes of all links."""
        return {
            "tracks": int((np.diff(self.terms.offsets) > 0).sum()),
            "terms": len(self.weights),
            "too common": self.left_out,
            "megabytes": round(LINK_BYTES * len(self.terms.numbers) / 1e6, 1),
        }
