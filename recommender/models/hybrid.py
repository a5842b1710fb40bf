"""Several models together: they recall candidates, and trees learned on playlists kept back put these in order."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from math import ceil
from typing import Any, ClassVar, Self

import numpy as np

from recommender.corpus import Corpus
from recommender.errors import CannotTrain
from recommender.models.blend import Case, case_of, learn_weights, levelled
from recommender.models.contract import Model, Progress, no_progress
from recommender.models.forest import Forest, grow
from recommender.models.pairs import MORE, Facts, candidates, facts_of, features
from recommender.models.ranges import Ranges, refuse_out_of_range
from recommender.models.registry import model_class, options_class

PARTS = ("item-knn", "word2vec", "als", "playlist-knn", "artists")
_SEEDS = (1, 5, 10, 25)
_FEWEST_LISTS = 20
"""With fewer playlists to learn from, all models count alike, and there are no trees."""
_MOST_FOLDS = 2


@dataclass(frozen=True)
class Options:
    """How the models are put together."""

    share: float = 0.15
    """Share of the playlists that weights and trees are learned on, by models that have not seen them."""
    most: int = 300
    """So many playlists are enough; a small collection gives a share several times, each time another one."""
    trees: int = 150
    """Trees that put the candidates in order; 0 leaves it to the weights."""
    word2vec_s: float = 30.0
    """Seconds that word2vec's epochs and window follow from, for each of its trainings."""


RANGES: Ranges = {"share": (0.01, 0.5), "most": (1, 100_000), "trees": (0, 2_000), "word2vec_s": (0.1, 1_000_000)}
PRESETS: dict[str, Options] = {"weighted": Options(trees=0)}


@dataclass(frozen=True)
class Hybrid:
    """Suggest what several models together hold for likely, in an order that was learned on playlists kept back.

    Idea: models of different kinds fail on different tracks; where they agree, they are right more often. How far each
    is to be trusted, and what else speaks for a candidate, such as its artist, is learned on playlists that none of
    the models has seen.
    Formula: level(m, j) is 1 for model m's best track and falls to 0 at its 500th; weighted(j) = sum over m of
    w(m) level(m, j), w by coordinate ascent on NDCG@500, apart for one seed and for several; trees(j) = log odds that
    j is right, by boosted trees over levels, places, fame, artist and album agreement; score(j) = z(weighted(j)) +
    z(trees(j)) over the candidates.
    Source: weighted and cascading hybrids, Burke, "Hybrid recommender systems: survey and experiments", UMUAI 2002; two
    stages as in Volkovs et al., "Two-stage model for automatic playlist continuation at scale", RecSys Challenge 2018.
    For: better lists than any of its parts. Against: it is trained several times as long as all of them together, and
    fails where all of them do.
    Cold start: a track is known as soon as any part knows it; an artist's rare track comes with its artist.
    """

    name: ClassVar[str] = "hybrid"
    adds_up: ClassVar[bool] = False
    options: Options
    n_tracks: int
    parts: Mapping[str, Model]
    """The models by kind."""
    weights: np.ndarray
    """float64, shape (2, len(PARTS)): of each of PARTS for one seed and for several; 0 where a part is missing."""
    forest: Forest | None
    facts: Facts

    @classmethod
    def fit(cls, corpus: Corpus, rng: np.random.Generator, options: Options, progress: Progress = no_progress) -> Self:
        """Train the parts without some playlists, learn weights and trees on these, and train the parts on all.

        Raises CannotTrain when no part can be trained, or an option is out of range.
        """
        refuse_out_of_range(options, RANGES)
        kept_back, rng = rng.spawn(2)
        n_folds = _folds(corpus, options)
        done = n_folds / (n_folds + 1)
        weights, forest = _learned(corpus, kept_back, options, n_folds, lambda share: progress(done * share))
        parts = _fitted(corpus, rng, options, lambda share: progress(done + (1 - done) * share))
        if not parts:
            raise CannotTrain("none of its models can be trained on so little: import more playlists")
        present = np.array([kind in parts for kind in PARTS])
        facts = facts_of(corpus.playlist_counts, corpus.artists, corpus.albums)
        return cls(options, corpus.n_tracks, parts, np.where(present, weights, 0.0), forest, facts)

    def scores(self, seeds: np.ndarray) -> np.ndarray:
        """Add up the parts, and let the trees order the best: float32, shape (tracks,), NaN where no part reaches."""
        levels = _levels(self.parts, seeds, self.n_tracks)
        total = (self._weights_for(len(np.unique(seeds))).astype(np.float32) @ levels).astype(np.float64)
        if self.forest and len(seeds):
            chosen = candidates(levels)
            if len(chosen):
                told = self.forest.predict(features(self.facts, seeds, chosen, levels[:, chosen]))
                order = _standard(told) + _standard(total[chosen])
                # Above all that was not looked at closely, whose levels end at 1.
                total[chosen] = order - order.min() + 2.0
        total[~levels.any(0)] = np.nan
        return np.asarray(total, np.float32)

    def _weights_for(self, n_seeds: int) -> np.ndarray:
        share = np.clip(np.log(max(n_seeds, 1)) / np.log(_SEEDS[1]), 0.0, 1.0)
        return np.asarray((1 - share) * self.weights[0] + share * self.weights[1])

    def arrays(self) -> Mapping[str, np.ndarray]:
        """Give weights, facts and trees, and each part's arrays under its place in PARTS."""
        held = {
            f"{PARTS.index(kind)}_{name}": array
            for kind, part in self.parts.items()
            for name, array in part.arrays().items()
        }
        facts = {"counts": self.facts.counts, "artists": self.facts.artists, "albums": self.facts.albums,
                 "artist-counts": self.facts.artist_counts}  # fmt: skip
        return {"weights": self.weights, **facts, **(self.forest.arrays() if self.forest else {}), **held}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, np.ndarray], options: Options, n_tracks: int) -> Self:
        """Rebuild the model from arrays(), which may be memory-mapped. Raises ValueError when they do not fit."""
        weights = np.array(arrays["weights"])
        if weights.shape != (2, len(PARTS)) or weights.dtype.kind != "f" or not np.isfinite(weights).all():
            raise ValueError("there are two weights for each part")
        facts = Facts(*(arrays[name] for name in ("counts", "artists", "albums", "artist-counts")))
        if any(len(told) != n_tracks for told in (facts.counts, facts.artists, facts.albums)):
            raise ValueError("the facts are not of these tracks")
        parts = {}
        for place, kind in enumerate(PARTS):
            own = {name.partition("_")[2]: a for name, a in arrays.items() if name.startswith(f"{place}_")}
            if own:
                parts[kind] = model_class(kind).from_arrays(own, _options(kind, options), n_tracks)
        if not parts:
            raise ValueError("there is no part")
        forest = Forest.from_arrays(arrays, 2 * len(PARTS) + MORE) if "tree-features" in arrays else None
        return cls(options, n_tracks, parts, weights, forest, facts)

    def notes(self) -> Mapping[str, str | int | float]:
        """Give each part's weight in hundredths, for one seed and for several, and the number of trees."""
        weights = {
            kind: " / ".join(f"{100 * self.weights[row, place]:.0f}" for row in range(2))
            for place, kind in enumerate(PARTS)
            if kind in self.parts
        }
        return {**weights, "trees": len(self.forest.features) if self.forest else 0}


def _options(kind: str, options: Options) -> Any:
    usual = options_class(kind)()
    return replace(usual, budget_s=options.word2vec_s) if kind == "word2vec" else usual


def _fitted(corpus: Corpus, rng: np.random.Generator, options: Options, progress: Progress) -> dict[str, Model]:
    """Train each part that can be."""
    parts: dict[str, Model] = {}
    for place, kind in enumerate(PARTS):

        def show(share: float, before: int = place) -> None:
            progress((before + share) / len(PARTS))

        try:
            parts[kind] = model_class(kind).fit(corpus, rng.spawn(1)[0], _options(kind, options), show)
        except CannotTrain:
            continue  # a small corpus is enough for some of them
    return parts


def _folds(corpus: Corpus, options: Options) -> int:
    """Tell how often playlists are kept back: a small collection has too few in one share."""
    return min(_MOST_FOLDS, max(1, ceil(options.most / max(1, int(options.share * corpus.n_playlists)))))


@dataclass
class _Lessons:
    """What the kept back playlists teach."""

    one: list[Case]
    several: list[Case]
    rows: list[np.ndarray]
    right: list[np.ndarray]

    def take(self, parts: Mapping[str, Model], facts: Facts, tracks: np.ndarray) -> None:
        """Take a playlist, cut at several places."""
        for n_seeds, seeds, rest in _cut(tracks):
            levels = _levels(parts, seeds, len(facts.counts))
            (self.one if n_seeds == 1 else self.several).append(case_of(levels, rest, len(rest)))
            chosen = candidates(levels)
            right = np.isin(chosen, rest)
            if right.any():
                self.rows.append(features(facts, seeds, chosen, levels[:, chosen]))
                self.right.append(right)


def _learned(
    corpus: Corpus, rng: np.random.Generator, options: Options, n_folds: int, progress: Progress
) -> tuple[np.ndarray, Forest | None]:
    """Learn the weights, float64, shape (2, len(PARTS)), and the trees."""
    from recommender.splits import hold_out

    lessons, lists = _Lessons([], [], [], []), 0
    for fold in range(n_folds):
        held_out = hold_out(corpus, rng, options.share, options.most, _SEEDS[1])
        if len(held_out.seeds) * n_folds < _FEWEST_LISTS:
            break
        part_of = held_out.corpus

        def show(share: float, before: int = fold) -> None:
            progress((before + share) / n_folds)

        parts = _fitted(part_of, rng, options, show)
        facts = facts_of(part_of.playlist_counts, part_of.artists, part_of.albums)
        for seeds, truth in zip(held_out.seeds, held_out.truths, strict=True):
            lessons.take(parts, facts, np.concatenate([seeds, truth]))
        lists += len(held_out.seeds)
    if not lists:
        return np.full((2, len(PARTS)), 1 / len(PARTS)), None
    weights = np.array([learn_weights(cases, len(PARTS)) for cases in (lessons.one, lessons.several)])
    if not options.trees or not lessons.rows:
        return weights, None
    rows, right = np.concatenate(lessons.rows), np.concatenate(lessons.right)
    return weights, grow(rows, right, options.trees, int(rng.integers(2**31)))


def _levels(parts: Mapping[str, Model], seeds: np.ndarray, n_tracks: int) -> np.ndarray:
    """Ask all parts: float32, shape (len(PARTS), tracks); 0 where a part is missing."""
    levels = np.zeros((len(PARTS), n_tracks), np.float32)
    for place, kind in enumerate(PARTS):
        if kind in parts:
            levels[place] = levelled(parts[kind].scores(seeds), seeds)
    return levels


def _standard(values: np.ndarray) -> np.ndarray:
    spread = float(values.std())
    return (values - values.mean()) / spread if spread else values * 0.0


def _cut(tracks: np.ndarray) -> Iterator[tuple[int, np.ndarray, np.ndarray]]:
    """Cut a playlist into beginnings and what followed."""
    for n_seeds in _SEEDS:
        if len(tracks) > n_seeds:
            yield n_seeds, tracks[:n_seeds], tracks[n_seeds:]
