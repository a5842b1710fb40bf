"""Several models together: they recall candidates, and trees learned on playlists kept back put these in order."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Self

import numpy as np

from recommender.corpus import Corpus
from recommender.errors import CannotTrain
from recommender.models.contract import Embedding, Model, Progress, no_progress
from recommender.models.pairs import Facts, facts_of
from recommender.models.ranges import Choices, Ranges, refuse_out_of_range
from recommender.models.registry import model_class, options_class
from recommender.models.updates import brought_up
from recommender.models.ways.asked import ALL, Asked
from recommender.models.ways.grid import Chosen, Grid
from recommender.models.ways.ordered import Ordered, Trees
from recommender.models.ways.registry import NAMES, way_of
from recommender.vocabulary import Vocabulary

_ENTRIES, _NEGATIVE, _DIMENSIONS = 600_000, 5, 64
"""What word2vec gets by for very many tracks: so many entries for its seconds, random tracks and dimensions."""
_NEARLY_ALL = 0.98
"""Of very many tracks, a part that takes most of the time is trained once, on so many of the playlists at least."""
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
    """Seconds that word2vec's epochs and window follow from, for each of its trainings; of more than 200,000 tracks,
    for every 600,000 entries."""


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
        from recommender.models.lessons import n_folds

        way = way_of(options.way)
        kept_back, rng = rng.spawn(2)
        folds = n_folds(corpus, options.share, options.most)
        done = folds / (folds + 1)
        learned, there = _learned(way, corpus, kept_back, options, lambda share: progress(done * share))
        parts = _fitted(way.parts, corpus, rng, options, lambda share: progress(done + (1 - done) * share), there)
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

            # What is read from files does not know how large the corpus was.
            own: Any = part
            fitting: Model = replace(own, options=part_options(kind, self.options, corpus))
            with suppress(CannotTrain):
                parts[kind] = brought_up(fitting, corpus, old_numbers, rng.spawn(1)[0], show)
        if not parts:
            raise CannotTrain("none of its models can be trained on so little: import more playlists")
        facts = facts_of(corpus.playlist_counts, corpus.artists, corpus.albums, corpus.audio)
        worked_out = way_of(self.options.way).work_out(parts)
        return replace(self, n_tracks=corpus.n_tracks, parts=parts, facts=facts, worked_out=worked_out)

    def scores(self, seeds: np.ndarray) -> np.ndarray:
        """Let the way make one answer of the parts': float32, shape (tracks,), NaN where no part reaches."""
        scores = np.full(self.n_tracks, np.nan, np.float32)
        if len(seeds):
            answer = self.learned.answer(Asked(self.parts, self.facts, self.worked_out, seeds))
            scores[answer.tracks] = answer.told
        return scores

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
                parts[kind] = model_class(kind).from_arrays(own, options_class(kind)(), n_tracks)
        if not parts:
            raise ValueError("there is no part")
        return cls(options, n_tracks, parts, learned, facts, {name: arrays[name] for name in way.works_out})

    def notes(self) -> Mapping[str, str | int | float]:
        """Give what the way learned, such as each part's weight in hundredths, for one seed and for several."""
        missing = set(self.learned.way.parts) - set(self.parts)
        told = {name: told for name, told in self.learned.notes().items() if name not in missing}
        reach = [own for part in self.parts.values() if (own := part.notes().get("reach"))]
        return told | ({"reach": reach[0]} if reach else {})


def part_options(kind: str, options: Options, corpus: Corpus) -> Any:
    """Give the options that a part is trained with on a corpus."""
    usual = options_class(kind)()
    if kind != "word2vec":
        return usual
    if corpus.n_tracks <= ALL:
        return replace(usual, budget_s=options.word2vec_s)
    # With a window of 1 it knows little more than fame; fewer random tracks and dimensions lose little, and pay for it.
    budget = options.word2vec_s * max(1.0, corpus.n_entries / _ENTRIES)
    return replace(usual, budget_s=budget, negative=_NEGATIVE, vector_size=_DIMENSIONS)


def _fitted(
    kinds: tuple[str, ...],
    corpus: Corpus,
    rng: np.random.Generator,
    options: Options,
    progress: Progress,
    there: Mapping[str, Model] | None = None,
) -> dict[str, Model]:
    """Train each part that can be, and is not there already."""
    parts: dict[str, Model] = {}
    for place, kind in enumerate(kinds):

        def show(share: float, before: int = place) -> None:
            progress((before + share) / len(kinds))

        if there and kind in there:
            parts[kind] = there[kind]
            continue
        try:
            parts[kind] = model_class(kind).fit(corpus, rng.spawn(1)[0], part_options(kind, options, corpus), show)
        except CannotTrain:
            continue  # a small corpus is enough for some of them
    return parts


def _learned(
    way: Grid | Trees, corpus: Corpus, rng: np.random.Generator, options: Options, progress: Progress
) -> tuple[Chosen | Ordered, dict[str, Model]]:
    """Let the way learn from playlists that none of the parts has seen; with it go the parts that need no other fit."""
    from recommender.models.lessons import lessons
    from recommender.models.word2vec import Word2Vec

    kept: list[tuple[Vocabulary, Word2Vec]] = []

    def fit(part_of: Corpus, chance: np.random.Generator, show: Progress) -> dict[str, Model]:
        parts = _fitted(way.parts, part_of, chance, options, show)
        nearly_all = part_of.n_playlists >= _NEARLY_ALL * corpus.n_playlists
        if corpus.n_tracks > ALL and nearly_all and isinstance(slow := parts.get("word2vec"), Word2Vec):
            kept[:] = [(part_of.vocabulary, slow)]
        return parts

    given = list(lessons(way, corpus, rng, (options.share, options.most), fit, progress))
    there: dict[str, Model] = {
        slow.name: slow.renumbered(corpus.vocabulary.numbers_of(before), corpus.n_tracks) for before, slow in kept
    }
    return way.learned(given, options.trees, rng), there
