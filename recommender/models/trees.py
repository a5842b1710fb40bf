"""A single decision tree in the place of many: to put candidates in order, and to foretell plays."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import ClassVar, Self

import numpy as np

from recommender.corpus import Corpus
from recommender.errors import CannotTrain, DamagedModel
from recommender.models.blend import levelled
from recommender.models.contract import Progress, no_progress
from recommender.models.item_knn import ItemKNN
from recommender.models.item_knn import Options as Together
from recommender.models.listened import FEATURES, Listened, Pairs, listened
from recommender.models.neighbours import Neighbours
from recommender.models.pairs import MORE, Facts, candidates, facts_of, features
from recommender.models.ranges import Choices, Ranges, refuse_out_of_range
from recommender.models.rated import SOURCES, held_ratings, listeners_in, names_of, rater_of
from recommender.models.tree import MOST_DEPTH, Tree, grow
from recommender.plays import NO_PLAYS
from recommender.ratings import Ratings

_SEEDS = (1, 5, 10, 25)
_FEWEST_LISTS = 10
"""With fewer lists kept back, standing together alone decides."""
_FOLDS = 5


@dataclass(frozen=True)
class Options:
    """How large the trees are, and what they learn from."""

    depth: int = 8
    """Questions on the way to a leaf, at most."""
    leaf: int = 200
    """Candidates, or plays, that a leaf is learned from, at least."""
    neighbours: int = 200
    """Tracks kept for each track as candidates, at most; 8 bytes each."""
    share: float = 0.15
    """Share of the lists that the order of candidates is learned on; the candidates come from the others."""
    most: int = 300
    """So many of these lists are enough."""
    source: str = "auto"
    """plays, playlists, or auto: plays where there are enough listeners."""


RANGES: Ranges = {
    "depth": (1, MOST_DEPTH),
    "leaf": (1, 1_000_000),
    "neighbours": (1, 100_000),
    "share": (0.01, 0.5),
    "most": (1, 100_000),
}
CHOICES: Choices = {"source": SOURCES}
PRESETS: dict[str, Options] = {"small": Options(depth=4, neighbours=50)}


@dataclass(frozen=True)
class Trees:
    """Suggest what stands together with the seeds, in an order that one decision tree makes of it.

    Idea: what a forest says with hundreds of trees, a single one says in a few questions that one can read, such as
    whether a candidate is of a seed's artist, or how much else a listener plays of it.
    Formula: candidates and level(j) as in item-knn, 1 for the best to 0; score(j) = z(level(j)) + z(share of right
    candidates in the leaf of j), by a tree over level, place, fame, artist and album agreement, that was learned on
    lists kept back. Foretold plays: exp(mean ln(plays) in the leaf of listener and track), by a tree over the means
    and numbers of the listener, the track, its artist, and of what this listener plays of this artist. Each split
    lowers the squared error most.
    Source: Breiman, Friedman, Olshen and Stone, "Classification and regression trees", 1984, by scikit-learn.
    For: quick, small, and each answer has its reasons; to see what the many trees of hybrid are for.
    Against: it fails where evidence adds up, as a leaf knows nothing but yes and no, and one track more or less can
    change the whole tree.
    Cold start: a track in no list is no candidate; its plays are foretold from the listener and the artist.
    """

    name: ClassVar[str] = "trees"
    adds_up: ClassVar[bool] = True
    options: Options
    nearest: Neighbours
    facts: Facts
    order: Tree | None
    """Tells right candidates; None where there were too few lists to learn it from."""
    plays: tuple[Tree, Listened] | None
    """Foretells the log of plays from what is known; None where it learned from playlists."""
    listeners: np.ndarray
    """bytes of UTF-8, shape (listeners,): empty where it learned from playlists."""

    @classmethod
    def fit(cls, corpus: Corpus, rng: np.random.Generator, options: Options, progress: Progress = no_progress) -> Self:
        """Count together, keep lists back, and grow the trees.

        Raises CannotTrain when nothing stands together, or an option is out of range.
        """
        refuse_out_of_range(options, RANGES, CHOICES)
        ratings = held_ratings(corpus, rng, options.source)
        lists = _lists(corpus, ratings)
        order = _order(lists, rng, options)
        progress(0.5)
        nearest = _together(lists, rng, options)
        progress(0.75)
        facts = facts_of(lists.playlist_counts, lists.artists, lists.albums, lists.audio)
        plays = _plays(ratings, corpus, rng, options) if ratings.of_plays else None
        progress(1.0)
        return cls(options, nearest, facts, order, plays, names_of(ratings))

    def scores(self, seeds: np.ndarray) -> np.ndarray:
        """Put what stands together with the seeds in order: float32, shape (tracks,), NaN for everything else."""
        n_tracks = len(self.facts.counts)
        seeds = seeds[(seeds >= 0) & (seeds < n_tracks)]
        scores = self.nearest.summed(seeds, n_tracks)
        if self.order is None or np.isnan(scores).all():
            return scores
        artists = self.facts.artists
        if artists.min() < -1 or artists.max() >= len(self.facts.artist_counts) - 1:
            raise DamagedModel("its artists are none of those that there are")
        levels = levelled(scores, seeds)[None]
        chosen = candidates(levels)
        if not len(chosen):
            return scores
        rows = features(self.facts, seeds, chosen, levels[:, chosen])
        if not np.isfinite(rows).all():
            raise DamagedModel("its counts are no numbers")
        order = _standard(levels[0, chosen]) + _standard(self.order.predict(rows))
        told = np.where(np.isnan(scores), np.nan, levels[0])
        # Above all that was not looked at closely, whose levels end at 1.
        told[chosen] = order - order.min() + 2.0
        return np.asarray(told, np.float32)

    def predict(self, listener_no: int, track_nos: np.ndarray) -> np.ndarray:
        """Foretell plays, 1 at least: float32, shape (len(track_nos),), NaN for unknown listeners and tracks."""
        foretold = np.full(len(track_nos), np.nan, np.float32)
        if self.plays is None or not 0 <= listener_no < len(self.listeners):
            return foretold
        tree, known = self.plays
        there = np.flatnonzero((track_nos >= 0) & (track_nos < len(self.facts.artists)))
        tracks = track_nos[there].astype(np.int64)
        artists = np.asarray(self.facts.artists[tracks], np.int64)
        if artists.min(initial=0) < -1 or artists.max(initial=-1) >= len(known.means[2]):
            raise DamagedModel("its artists are none of those that there are")
        rows = known.features(Pairs(np.full(len(tracks), listener_no, np.int64), tracks, artists))
        with np.errstate(over="ignore"):
            foretold[there] = np.exp(np.maximum(tree.predict(rows), 0.0))
        if np.isinf(foretold).any():
            raise DamagedModel("its tree foretells more plays than there can be")
        return foretold

    def arrays(self) -> Mapping[str, np.ndarray]:
        """Give neighbours, facts, listeners, and each tree under a name of its own."""
        facts = {**self.facts.arrays(), "listeners": self.listeners}
        order = self.order.arrays() if self.order else {}
        tree, known = (self.plays[0].arrays(), self.plays[1].arrays()) if self.plays else ({}, {})
        ordering = {f"order-{name}": array for name, array in order.items()}
        telling = {f"plays-{name}": array for name, array in tree.items()}
        return {**self.nearest.arrays(), **facts, **ordering, **telling, **known}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, np.ndarray], options: Options, n_tracks: int) -> Self:
        """Rebuild the model from arrays(), which may be memory-mapped. Raises ValueError when they do not fit."""
        facts = Facts.from_arrays(arrays, n_tracks)
        listeners, plays = listeners_in(arrays), None
        order = Tree.from_arrays(_under("order", arrays), 2 + MORE) if "order-tree-values" in arrays else None
        if len(listeners):
            known = Listened.from_arrays(arrays, len(listeners), n_tracks)
            plays = Tree.from_arrays(_under("plays", arrays), len(FEATURES)), known
        return cls(options, Neighbours.from_arrays(arrays, n_tracks), facts, order, plays, listeners)

    def notes(self) -> Mapping[str, str | int | float]:
        """Give the numbers of tracks and of pairs, and the leaves of each tree."""
        return {
            "tracks": len(self.facts.counts),
            "pairs": len(self.nearest.numbers),
            "leaves of the order": self.order.n_leaves if self.order else 0,
            "leaves of plays": self.plays[0].n_leaves if self.plays else 0,
        }


def _under(prefix: str, arrays: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    start = f"{prefix}-"
    return {name.removeprefix(start): array for name, array in arrays.items() if name.startswith(start)}


def _lists(corpus: Corpus, ratings: Ratings) -> Corpus:
    """Give what is rated as lists: the playlists themselves, or what each listener played."""
    if not ratings.of_plays:
        return replace(corpus, plays=NO_PLAYS)
    n_lists = len(ratings.raters)
    return replace(
        corpus,
        entries=ratings.tracks,
        offsets=ratings.offsets,
        playlist_counts=np.bincount(ratings.tracks, minlength=corpus.n_tracks).astype(np.int32),
        names=ratings.raters,
        dates=np.zeros(n_lists, np.int64),
        weights=np.ones(n_lists, np.float32),
        plays=NO_PLAYS,
    )


def _together(lists: Corpus, rng: np.random.Generator, options: Options) -> Neighbours:
    return ItemKNN.fit(lists, rng, Together(neighbours=options.neighbours, megabytes=2_000, rare=0)).nearest


def _order(lists: Corpus, rng: np.random.Generator, options: Options) -> Tree | None:
    """Learn to tell right candidates from wrong ones, on lists that the counts have not seen."""
    from recommender.splits import hold_out

    held_out = hold_out(lists, rng, options.share, options.most, _SEEDS[1])
    if len(held_out.seeds) < _FEWEST_LISTS:
        return None
    part, rows, right = held_out.corpus, [], []
    try:
        nearest = _together(part, rng, options)
    except CannotTrain:
        return None  # what a part is too few for, all of them may still allow
    facts = facts_of(part.playlist_counts, part.artists, part.albums, part.audio)
    for begun, followed in zip(held_out.seeds, held_out.truths, strict=True):
        for seeds, rest in _cut(np.concatenate([begun, followed])):
            levels = levelled(nearest.summed(seeds, part.n_tracks), seeds)[None]
            chosen = candidates(levels)
            if len(chosen):
                rows.append(features(facts, seeds, chosen, levels[:, chosen]))
                right.append(np.isin(chosen, rest))
    if not rows:
        return None
    return grow(np.concatenate(rows), np.concatenate(right), options.depth, options.leaf, int(rng.integers(2**31)))


def _cut(tracks: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Cut a list into beginnings and what followed."""
    return ((tracks[:n], tracks[n:]) for n in _SEEDS if len(tracks) > n)


def _plays(ratings: Ratings, corpus: Corpus, rng: np.random.Generator, options: Options) -> tuple[Tree, Listened]:
    """Learn to foretell ratings, each described by the means of the other folds.

    With only the pair itself left out of the means, a deep tree would read its rating off what is missing there.
    """
    tracks = ratings.tracks.astype(np.int64)
    pairs = Pairs(rater_of(ratings).astype(np.int64), tracks, corpus.artists[tracks].astype(np.int64))
    values = ratings.values.astype(np.float64)
    sizes = (len(ratings.raters), corpus.n_tracks, int(corpus.artists.max()) + 1)
    fold = rng.permutation(len(values)) % _FOLDS
    rows = np.zeros((len(values), len(FEATURES)), np.float32)
    for number in range(_FOLDS):
        own, others = np.flatnonzero(fold == number), np.flatnonzero(fold != number)
        known = listened(pairs.only(others), values[others], sizes, _FOLDS / (_FOLDS - 1))
        rows[own] = known.features(pairs.only(own))
    tree = grow(rows, values, options.depth, options.leaf, int(rng.integers(2**31)))
    return tree, listened(pairs, values, sizes)


def _standard(values: np.ndarray) -> np.ndarray:
    spread = float(values.std())
    return (values - values.mean()) / spread if spread else values * 0.0
