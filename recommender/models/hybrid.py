"""Several models together: they recall candidates, and trees learned on playlists kept back put these in order."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from math import ceil
from typing import Any, ClassVar, Self

import numpy as np

from recommender.corpus import Corpus
from recommender.errors import CannotTrain
from recommender.models.contract import Embedding, Model, Progress, no_progress
from recommender.models.pairs import Facts, facts_of
from recommender.models.ranges import Choices, Ranges, refuse_out_of_range
from recommender.models.registry import model_class, options_class
from recommender.models.updates import brought_up
from recommender.models.ways.asked import Asked
from recommender.models.ways.grid import Chosen, Grid
from recommender.models.ways.ordered import Ordered, Trees
from recommender.models.ways.registry import NAMES, way_of

_FEWEST_LISTS = 20
"""With fewer playlists to learn from, a way stays as it is: all models count alike, and there are no trees."""
_MOST_FOLDS = 2
_SPACES = ("word2vec", "als")
"""The kinds that place tracks in a space; the first one of the parts lends its own."""


@dataclass(frozen=True)
class Options:
    """How the models are put together."""

    way: str = "trees"
    """trees: parts are weighed, trees order the best; next: the same for the very next track; switching: one part
    answers; mixed: they take turns; cascade: one orders roughly, one finely; feature-combination: trees over plain
    counts; feature-augmentation: one's best are another's seeds; meta-level: playlists near in als's space vote."""
    share: float = 0.15
    """Share of the playlists that weights and trees are learned on, by models that have not seen them."""
    most: int = 300
    """So many playlists are enough; a small collection gives a share several times, each time another one."""
    trees: int = 150
    """Trees that put the candidates in order; 0 leaves it to the weights."""
    word2vec_s: float = 30.0
    """Seconds that word2vec's epochs and window follow from, for each of its trainings."""


RANGES: Ranges = {"share": (0.01, 0.5), "most": (1, 100_000), "trees": (0, 2_000), "word2vec_s": (0.1, 1_000_000)}
CHOICES: Choices = {"way": NAMES}
PRESETS: dict[str, Options] = {
    "weighted": Options(trees=0),
    **{name: Options(way=name) for name in NAMES if name != "trees"},
}
_MEASURED = {
    "weighted": 0.162, "switching": 0.158, "mixed": 0.159, "cascade": 0.156, "feature-combination": 0.151,
    "feature-augmentation": 0.154, "meta-level": 0.137,
}  # fmt: skip
"""NDCG@500 on the test parts of 771 real playlists, the mean of three splits; that of the usual hybrid was 0.167."""
NOT_RECOMMENDED = {
    preset: f"on 771 real playlists its NDCG@500 was {ndcg}, that of the usual hybrid 0.167"
    for preset, ndcg in _MEASURED.items()
}
"""Why a preset is kept but not recommended, by its name."""


@dataclass(frozen=True)
class Hybrid:
    """Suggest what several models together hold for likely, in an order that was learned on playlists kept back.

    Idea: models of different kinds fail on different tracks; where they agree, they are right more often. How far each
    is to be trusted, and what else speaks for a candidate, such as its artist, is learned on playlists that none of
    the models has seen.
    Formula: level(m, j) is 1 for model m's best track and falls to 0 at its 500th; weighted(j) = sum over m of
    w(m) level(m, j), w by coordinate ascent on NDCG@500, apart for one seed and for several; trees(j) = log odds that
    j is right, by boosted trees over levels, places, fame, artist and album agreement, and how far j sounds from the
    seeds where that is known; score(j) = z(weighted(j)) + z(trees(j)) over the candidates.
    Source: the kinds of hybrids, each one a preset, Burke, "Hybrid recommender systems: survey and experiments",
    UMUAI 2002; two stages as in Volkovs et al., "Two-stage model for automatic playlist continuation at scale", RecSys
    Challenge 2018.
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
    learned: Chosen | Ordered
    """How the parts' answers become one."""
    facts: Facts
    worked_out: Mapping[str, np.ndarray]
    """What the way made of the parts once for all questions."""

    @classmethod
    def fit(cls, corpus: Corpus, rng: np.random.Generator, options: Options, progress: Progress = no_progress) -> Self:
        """Train the parts without some playlists, learn weights and trees on these, and train the parts on all.

        Raises CannotTrain when no part can be trained, or an option is out of range.
        """
        refuse_out_of_range(options, RANGES, CHOICES)
        way = way_of(options.way)
        kept_back, rng = rng.spawn(2)
        n_folds = _folds(corpus, options)
        done = n_folds / (n_folds + 1)
        learned = _learned(way, corpus, kept_back, options, n_folds, lambda share: progress(done * share))
        parts = _fitted(way.parts, corpus, rng, options, lambda share: progress(done + (1 - done) * share))
        if not parts:
            raise CannotTrain("none of its models can be trained on so little: import more playlists")
        facts = facts_of(corpus.playlist_counts, corpus.artists, corpus.albums, corpus.audio)
        return cls(options, corpus.n_tracks, parts, learned, facts, way.work_out(parts))

    def goes_on(self, corpus: Corpus) -> bool:
        """Always: the parts are brought up one by one, and the weights and trees are kept."""
        return True

    def updated(
        self, corpus: Corpus, old_numbers: np.ndarray, rng: np.random.Generator, progress: Progress = no_progress
    ) -> Self:
        """Bring the parts up; how they are put together stays. Raises CannotTrain when none can be."""
        parts: dict[str, Model] = {}
        for place, (kind, part) in enumerate(self.parts.items()):

            def show(share: float, before: int = place) -> None:
                progress((before + share) / len(self.parts))

            with suppress(CannotTrain):
                parts[kind] = brought_up(part, corpus, old_numbers, rng.spawn(1)[0], show)
        if not parts:
            raise CannotTrain("none of its models can be trained on so little: import more playlists")
        facts = facts_of(corpus.playlist_counts, corpus.artists, corpus.albums, corpus.audio)
        worked_out = way_of(self.options.way).work_out(parts)
        return replace(self, n_tracks=corpus.n_tracks, parts=parts, facts=facts, worked_out=worked_out)

    def scores(self, seeds: np.ndarray) -> np.ndarray:
        """Let the way make one answer of the parts': float32, shape (tracks,), NaN where no part reaches."""
        if not len(seeds):
            return np.full(self.n_tracks, np.nan, np.float32)
        return np.asarray(self.learned.scores(Asked(self.parts, self.facts, self.worked_out, seeds)), np.float32)

    def vectors(self, track_nos: np.ndarray) -> np.ndarray:
        """Give the places in the space of the part that has the best one: float32, NaN where no part has any."""
        for kind in _SPACES:
            if isinstance(part := self.parts.get(kind), Embedding):
                return part.vectors(track_nos)
        return np.full((len(track_nos), 1), np.nan, np.float32)

    def arrays(self) -> Mapping[str, np.ndarray]:
        """Give what was learned, the facts, and each part's arrays under its place among the way's parts."""
        held = {
            f"{self.learned.way.parts.index(kind)}_{name}": array
            for kind, part in self.parts.items()
            for name, array in part.arrays().items()
        }
        return {**self.learned.arrays(), **self.worked_out, **self.facts.arrays(), **held}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, np.ndarray], options: Options, n_tracks: int) -> Self:
        """Rebuild the model from arrays(), which may be memory-mapped. Raises ValueError when they do not fit."""
        way = way_of(options.way)
        learned = way.read(arrays)
        facts = Facts.from_arrays(arrays, n_tracks)
        parts = {}
        for place, kind in enumerate(way.parts):
            own = {name.partition("_")[2]: a for name, a in arrays.items() if name.startswith(f"{place}_")}
            if own:
                parts[kind] = model_class(kind).from_arrays(own, _options(kind, options), n_tracks)
        if not parts:
            raise ValueError("there is no part")
        return cls(options, n_tracks, parts, learned, facts, {name: arrays[name] for name in way.works_out})

    def notes(self) -> Mapping[str, str | int | float]:
        """Give what the way learned, such as each part's weight in hundredths, for one seed and for several."""
        missing = set(self.learned.way.parts) - set(self.parts)
        return {name: told for name, told in self.learned.notes().items() if name not in missing}


def _options(kind: str, options: Options) -> Any:
    usual = options_class(kind)()
    return replace(usual, budget_s=options.word2vec_s) if kind == "word2vec" else usual


def _fitted(
    kinds: tuple[str, ...], corpus: Corpus, rng: np.random.Generator, options: Options, progress: Progress
) -> dict[str, Model]:
    """Train each part that can be."""
    parts: dict[str, Model] = {}
    for place, kind in enumerate(kinds):

        def show(share: float, before: int = place) -> None:
            progress((before + share) / len(kinds))

        try:
            parts[kind] = model_class(kind).fit(corpus, rng.spawn(1)[0], _options(kind, options), show)
        except CannotTrain:
            continue  # a small corpus is enough for some of them
    return parts


def _folds(corpus: Corpus, options: Options) -> int:
    """Tell how often playlists are kept back: a small collection has too few in one share."""
    return min(_MOST_FOLDS, max(1, ceil(options.most / max(1, int(options.share * corpus.n_playlists)))))


def _learned(
    way: Grid | Trees,
    corpus: Corpus,
    rng: np.random.Generator,
    options: Options,
    n_folds: int,
    progress: Progress,
) -> Chosen | Ordered:
    """Let the way learn from playlists that none of the parts has seen."""
    from recommender.splits import hold_out

    lessons: list[Any] = []
    for fold in range(n_folds):
        held_out = hold_out(corpus, rng, options.share, options.most, way.shortest)
        if len(held_out.seeds) * n_folds < _FEWEST_LISTS:
            break
        part_of = held_out.corpus

        def show(share: float, before: int = fold) -> None:
            progress((before + share) / n_folds)

        parts = _fitted(way.parts, part_of, rng, options, show)
        facts = facts_of(part_of.playlist_counts, part_of.artists, part_of.albums, part_of.audio)
        worked_out = way.work_out(parts)
        for first, then in zip(held_out.seeds, held_out.truths, strict=True):
            for seeds, rest in way.cut(np.concatenate([first, then])):
                lessons.append(way.lesson(Asked(parts, facts, worked_out, seeds), rest))
    return way.learned(lessons, options.trees, rng)
