"""Playlists whose names are like a title, which vote for their tracks."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar, Self

import numpy as np

from recommender.corpus import Corpus
from recommender.errors import CannotTrain, DamagedModel
from recommender.holdings import counts_by_weight, holdings
from recommender.models.contract import Progress, no_progress
from recommender.models.links import Links, distinct, told
from recommender.models.ranges import Ranges, refuse_out_of_range
from recommender.models.title_words import GRAM_MARK, grams, title_words

if TYPE_CHECKING:
    from scipy.sparse import csr_array

_MARK = GRAM_MARK.encode()


@dataclass(frozen=True)
class Options:
    """Which names are like a title, and how their playlists vote."""

    grams: float = 0.3
    """What three letters that two names share count for, where a whole word counts 1; 0 leaves it to the words."""
    neighbours: int = 500
    """So many of the names most like the title vote, at most."""
    sharpness: float = 2.0
    """Exponent of the likeness; higher leaves more to the nearest names."""
    length: float = 0.25
    """Exponent of a playlist's length in the denominator; higher trusts long playlists less."""
    rarity: float = 0.0
    """Exponent of a track's playlist count in the denominator; higher favours rare tracks."""


RANGES: Ranges = {
    "grams": (0, 1),
    "neighbours": (1, 1_000_000),
    "sharpness": (0.1, 10),
    "length": (0, 2),
    "rarity": (0, 2),
}
PRESETS: dict[str, Options] = {"words": Options(grams=0.0)}


@dataclass(frozen=True)
class Title:
    """Suggest what stands in the playlists whose names are most like a title, or like the names around the seeds.

    Idea: who calls a playlist "summer roadtrip" wants what others put under such names.
    Formula: w(t) = log((names + 1) / names with t), for three letters times grams, t being the words of a name and
    every three letters in a row of it; like(n) = cosine of w over the terms of the title and of the name n; score(j) =
    sum over the most similar n of like(n)^sharpness times the sum over n's playlists with j of weight / length^length,
    divided by count(j)^rarity. Seeds stand for the terms of the names of their playlists, added up.
    Source: the title matching of the RecSys Challenge 2018: Zamani, Schedl, Lamere and Chen, "An analysis of approaches
    taken in the ACM RecSys Challenge 2018 for automatic music playlist continuation", ACM TIST 2019.
    For: it answers before there is any seed, helps most where there is one, and a fit takes no time.
    Against: it fails for titles that say nothing of music, and knows no word that is in no name here; with several
    seeds, these tell more than any name.
    Cold start: a new track comes as soon as one playlist with a name holds it; a title of which no word, and no three
    letters, stand in a name is not told anything.
    """

    name: ClassVar[str] = "title"
    adds_up: ClassVar[bool] = True
    options: Options
    terms: np.ndarray
    """Bytes of UTF-8, shape (terms,), sorted: the words of the names and, after GRAM_MARK, their three letters."""
    names: Links
    """A row for each term: the names that have it."""
    words: Links
    """A row for each name: its terms."""
    norms: np.ndarray
    """float32, shape (names,): the length of each name's vector of weights."""
    tracks: Links
    """A row for each name: the tracks of its playlists, weighted by these playlists' lengths and weights."""
    called: Links
    """A row for each track: the names of its playlists."""
    votes: np.ndarray
    """float32, shape (tracks,): what a vote for each track weighs."""

    @classmethod
    def fit(cls, corpus: Corpus, rng: np.random.Generator, options: Options, progress: Progress = no_progress) -> Self:
        """Write down who is called what; there is no chance in it.

        Raises CannotTrain when no playlist has a name, or an option is out of range.
        """
        import scipy.sparse as sparse

        refuse_out_of_range(options, RANGES)
        by_name, names_of = _names(corpus)
        if not by_name:
            raise CannotTrain("no playlist here has a name: import playlists that have")
        terms, held = _terms(by_name, options)
        progress(0.5)
        lengths = np.maximum(np.diff(corpus.offsets), 1)
        named = np.flatnonzero(names_of >= 0)
        share = sparse.csr_array(
            (corpus.weights[named] * lengths[named].astype(np.float64) ** -options.length, (names_of[named], named)),
            shape=(len(by_name), corpus.n_playlists),
        )
        tracks = (share @ holdings(corpus, np.float64)).tocsr()
        tracks.sort_indices()
        names = _links(held.T.tocsr())
        weights = _weights(terms, names.lengths(np.arange(len(terms))), len(by_name), options)
        norms = np.sqrt(held @ weights**2).astype(np.float32)
        counts = np.where(corpus.playlist_counts, counts_by_weight(corpus), 1)
        votes = (counts**-options.rarity).astype(np.float32)
        weighted = replace(_links(tracks), weights=tracks.data.astype(np.float32))
        progress(1.0)
        return cls(options, terms, names, _links(held), norms, weighted, _links(tracks.T.tocsr()), votes)

    def title_scores(self, title: str) -> np.ndarray:
        """Let the names most like the title vote: float32, shape (tracks,), NaN for what none of them holds."""
        wanted = _keys(title_words(title), self.options)
        # None longer than the longest, which would be cut; and of one dtype, so that a mapped array stays where it is.
        keys = np.array([key for key in wanted if len(key) <= self.terms.dtype.itemsize], self.terms.dtype)
        places = np.minimum(np.searchsorted(self.terms, keys), len(self.terms) - 1)
        rows = np.unique(places[self.terms[places] == keys])
        return self._voted(rows, self._weighed(rows))

    def scores(self, seeds: np.ndarray) -> np.ndarray:
        """Take the names around the seeds for a title: float32, shape (tracks,), NaN where these tell nothing."""
        known, _ = distinct(seeds, self.called.n_rows)
        # A track of many playlists says little about what they are called.
        around = self.called.added(known, 1 / np.maximum(self.called.lengths(known), 1), self.tracks.n_rows)
        near = np.flatnonzero(around)
        counts = self.words.added(near, around[near] / self._norms(near), len(self.terms))
        rows = np.flatnonzero(counts)
        return self._voted(rows, counts[rows] * self._weighed(rows))

    def _weighed(self, rows: np.ndarray) -> np.ndarray:
        return _weights(np.asarray(self.terms[rows]), self.names.lengths(rows), self.words.n_rows, self.options)

    def _norms(self, names: np.ndarray) -> np.ndarray:
        norms = np.asarray(self.norms[names], np.float64)
        if not (norms > 0).all():
            raise DamagedModel("its names have no lengths")
        return norms

    def _voted(self, rows: np.ndarray, asked: np.ndarray) -> np.ndarray:
        """Let the names vote that have these terms. asked: float64, shape (len(rows),), the weight of each."""
        length = float(np.sqrt(asked @ asked)) or 1.0
        alike = self.names.added(rows, asked / length * self._weighed(rows), self.tracks.n_rows)
        near = np.flatnonzero(alike)
        alike = (alike[near] / self._norms(near)) ** self.options.sharpness
        if len(near) > self.options.neighbours:
            # The stable order takes equals by number, so that an answer can be repeated anywhere.
            kept = np.sort(np.argsort(-alike, kind="stable")[: self.options.neighbours])
            near, alike = near[kept], alike[kept]
        with np.errstate(invalid="ignore"):
            total = self.tracks.added(near, alike, len(self.votes)) * self.votes
        return told(total)

    def arrays(self) -> Mapping[str, np.ndarray]:
        """Give terms (bytes), the links each way as offsets (int64) and numbers (int32), weights, norms and votes."""
        assert self.tracks.weights is not None
        links = {"name": self.names, "word": self.words, "track": self.tracks, "called": self.called}
        flat = {
            f"{what}-{part}": getattr(rows, part) for what, rows in links.items() for part in ("offsets", "numbers")
        }
        return {"terms": self.terms, **flat, "shares": self.tracks.weights, "norms": self.norms, "votes": self.votes}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, np.ndarray], options: Options, n_tracks: int) -> Self:
        """Rebuild the model from arrays(), which may be memory-mapped. Raises ValueError when they do not fit."""
        terms, shares, norms, votes = (arrays[name] for name in ("terms", "shares", "norms", "votes"))
        names, words, called = (
            Links(arrays[f"{what}-offsets"], arrays[f"{what}-numbers"]) for what in ("name", "word", "called")
        )
        tracks = Links(arrays["track-offsets"], arrays["track-numbers"], shares)
        for rows, n_rows in ((names, len(terms)), (words, len(norms)), (tracks, len(norms)), (called, n_tracks)):
            rows.refuse_misfit(n_rows)
            if rows.n_rows != n_rows:
                raise ValueError("there is a row of links for each term, name and track")
        if terms.dtype.kind != "S" or not len(terms) or terms.ndim != 1 or shares.shape != tracks.numbers.shape:
            raise ValueError("terms are bytes, and each link to a track has its share")
        if votes.shape != (n_tracks,) or norms.ndim != 1 or {a.dtype.kind for a in (shares, norms, votes)} != {"f"}:
            raise ValueError("shares, norms and votes are numbers, one vote for each track")
        return cls(options, terms, names, words, norms, tracks, called, votes)

    def notes(self) -> Mapping[str, str | int | float]:
        """Give the numbers of different names, of words in them, and of tracks."""
        n_words = sum(not term.startswith(_MARK) for term in self.terms.tolist())
        return {"names": self.words.n_rows, "words": n_words, "tracks": int((np.diff(self.called.offsets) > 0).sum())}


def _names(corpus: Corpus) -> tuple[dict[str, list[str]], np.ndarray]:
    """Give the words of each different name, and the name of each playlist: int64, -1 where nothing is left of it."""
    by_name: dict[str, list[str]] = {}
    numbers: dict[str, int] = {}
    names_of = np.full(corpus.n_playlists, -1)
    for playlist_no, name in enumerate(corpus.names):
        words = title_words(name)
        if words:
            same = " ".join(words)
            by_name.setdefault(same, words)
            names_of[playlist_no] = numbers.setdefault(same, len(numbers))
    return by_name, names_of


def _keys(words: list[str], options: Options) -> list[bytes]:
    """Give the different terms of a name."""
    return [term.encode() for term in dict.fromkeys([*words, *(grams(words) if options.grams else ())])]


def _terms(by_name: dict[str, list[str]], options: Options) -> tuple[np.ndarray, "csr_array"]:
    """Give all terms, sorted, and which name has which: ones, shape (names, terms)."""
    import scipy.sparse as sparse

    keys = [_keys(words, options) for words in by_name.values()]
    terms, numbers = np.unique([key for own in keys for key in own], return_inverse=True)
    offsets = np.cumsum([0, *map(len, keys)])
    held = sparse.csr_array((np.ones(len(numbers)), numbers, offsets), shape=(len(keys), len(terms)))
    held.sort_indices()
    return terms, held


def _weights(terms: np.ndarray, counts: np.ndarray, n_names: int, options: Options) -> np.ndarray:
    """Weigh terms by how few names have them: float64, shape (len(terms),). counts: in how many names each stands."""
    rare = np.log((n_names + 1) / np.clip(counts, 1, n_names))
    return np.asarray(np.where(np.char.startswith(terms, _MARK), options.grams * rare, rare))


def _links(held: "csr_array") -> Links:
    return Links(held.indptr.astype(np.int64), held.indices.astype(np.int32))
