"""What each dial costs and brings: one model, trained once, and its lists as they are with every dial turned."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from recommender.errors import CannotTrain
from recommender.evaluate import LIST_LENGTH
from recommender.lists.dials import mmr, pool_size, popular, relevance, vary
from recommender.measures.measuring import Entrant, Exam, fitted, mean_by, variety
from recommender.measures.protocols import Question
from recommender.models.contract import Embedding, Model, Progress, no_progress
from recommender.models.registry import options_class
from recommender.ranking import best_first

POPULARITY, DIVERSITY, VARY = "popularity", "diversity", "vary"
SHOWN = 10
"""So long is the list that coverage, fame, likeness and artists are told of."""
_SPACES = ("word2vec", "als")
"""What lends its space to a model that has none of its own; the first that can be trained."""
_DRAWS = 5
_VARYING = 4
"""The stream of chance that lists vary by; measuring and its intervals have those below."""


@dataclass(frozen=True)
class Setting:
    """One dial, turned so far; the others stay untouched."""

    dial: str
    value: float


SETTINGS = (
    *(Setting(POPULARITY, value) for value in (-1.0, -0.5, -0.25, 0.0, 0.25, 0.5, 1.0)),
    *(Setting(DIVERSITY, value) for value in (0.0, 0.1, 0.25, 0.5, 0.75, 1.0)),
    Setting(VARY, 1.0),
)


@dataclass(frozen=True)
class Turned:
    """What the lists are like with one dial turned; all but the grades on the mean over the first tens."""

    setting: Setting
    grades: np.ndarray
    """float64, shape (playlists, grades of the protocol): the mean over each playlist's questions, of lists of 500."""
    coverage: float
    """Share of the training part's tracks that came into any first ten."""
    fame: float
    """In how many playlists of the training part a track stands."""
    alike: float
    """Cosine of two tracks' vectors; NaN where no track has any."""
    variety: float
    """Share of different artists; NaN where no artist is known."""
    others: float
    """Share of tracks that are not in the first ten of the untouched list."""


@dataclass(frozen=True)
class DialsMeasured:
    """What the dials do to one model."""

    name: str
    space: str | None
    """Whose vectors tell how alike tracks are; None where there are none, and then the diversity dial is not turned."""
    turned: tuple[Turned, ...]

    def at(self, dial: str, value: float) -> Turned | None:
        """Find a setting; None where it was not measured."""
        return next((one for one in self.turned if one.setting == Setting(dial, value)), None)


@dataclass(frozen=True)
class _Pool:
    tracks: np.ndarray
    """int64, shape (pool,), best first."""
    relevance: np.ndarray
    fame: np.ndarray
    vectors: np.ndarray
    """float32, shape (pool, dimensions), NaN for a track without."""


def measure_dials(entrant: Entrant, exam: Exam, progress: Progress = no_progress) -> DialsMeasured:
    """Train a kind of model on the training part and turn every dial for every question. Raises CannotTrain."""
    assert entrant.kind is not None
    model = fitted(entrant.kind, entrant.options, exam, lambda done: progress(0.4 * done))
    space, lender = _space(entrant.name, model, exam, lambda done: progress(0.4 + 0.2 * done))
    settings = [one for one in SETTINGS if lender or one.dial != DIVERSITY]
    draws = [(place, turn) for place, one in enumerate(settings) for turn in range(_DRAWS if one.dial == VARY else 1)]
    lists: dict[tuple[int, int], list[np.ndarray]] = {draw: [] for draw in draws}
    pools = []
    for number, question in enumerate(exam.questions):
        pool = _pool(model, lender, exam, question)
        pools.append(pool)
        for place, turn in draws:
            rng = np.random.default_rng((exam.seed, _VARYING, number, turn))
            lists[place, turn].append(_places(settings[place], pool, rng)[:LIST_LENGTH])
        progress(0.6 + 0.4 * (number + 1) / len(exam.questions))
    told = [
        _mean([_turned(one, exam, pools, lists[draw]) for draw in draws if draw[0] == place])
        for place, one in enumerate(settings)
    ]
    return DialsMeasured(entrant.name, space, tuple(told))


def _space(name: str, model: Model, exam: Exam, progress: Progress) -> tuple[str | None, Embedding | None]:
    """Find whose vectors tell how alike tracks are: the model's own, or those of one that is trained beside."""
    everything = np.arange(exam.split.training.n_tracks, dtype=np.int32)
    if isinstance(model, Embedding) and not np.isnan(model.vectors(everything)).all():
        return name, model
    for kind in _SPACES:
        try:
            lender = fitted(kind, options_class(kind)(), exam, progress)
        except CannotTrain:
            continue
        assert isinstance(lender, Embedding)
        return kind, lender
    return None, None


def _pool(model: Model, lender: Embedding | None, exam: Exam, question: Question) -> _Pool:
    scores = model.scores(question.seeds)
    tracks = best_first(scores, question.seeds, pool_size(SHOWN))
    vectors = lender.vectors(tracks) if lender else np.full((len(tracks), 1), np.nan, np.float32)
    return _Pool(tracks, relevance(scores[tracks]), exam.split.training.playlist_counts[tracks], vectors)


def _places(setting: Setting, pool: _Pool, rng: np.random.Generator) -> np.ndarray:
    """Give all places of the pool in the order that a dial brings them into: int64."""
    if setting.dial == DIVERSITY and setting.value:
        return mmr(pool.relevance, pool.vectors, setting.value, LIST_LENGTH)
    wanted = pool.relevance
    if setting.dial == POPULARITY:
        wanted = popular(wanted, pool.fame, setting.value)
    elif setting.dial == VARY:
        wanted = vary(wanted, rng, setting.value)
    return np.argsort(-wanted, kind="stable")


def _turned(setting: Setting, exam: Exam, pools: Sequence[_Pool], lists: Sequence[np.ndarray]) -> Turned:
    training = exam.split.training
    ranked = [pool.tracks[places] for pool, places in zip(pools, lists, strict=True)]
    rows = [exam.protocol.grade(tracks, asked.truth) for tracks, asked in zip(ranked, exam.questions, strict=True)]
    tops = [tracks[:SHOWN] for tracks in ranked]
    suggested = np.concatenate(tops)
    return Turned(
        setting,
        mean_by(np.array([question.playlist_no for question in exam.questions]), np.array(rows)),
        len(np.unique(suggested)) / training.n_tracks,
        float(training.playlist_counts[suggested].mean()),
        _told_mean([_likeness(pool.vectors[places[:SHOWN]]) for pool, places in zip(pools, lists, strict=True)]),
        variety(training.artists, tops),
        float(np.mean([(places[:SHOWN] >= SHOWN).mean() for places in lists])),
    )


def _likeness(vectors: np.ndarray) -> float:
    """Give the mean cosine of two different tracks of a list, of those with a vector; NaN where there are no two."""
    known = vectors[~np.isnan(vectors).any(axis=1)].astype(np.float64)
    if len(known) < 2:
        return float("nan")
    pairs = len(known) * (len(known) - 1)
    return float((np.square(known.sum(axis=0)).sum() - np.square(known).sum()) / pairs)


def _mean(draws: Sequence[Turned]) -> Turned:
    """Give the mean of several draws of one setting."""
    numbers = np.array([(one.coverage, one.fame, one.alike, one.variety, one.others) for one in draws])
    grades = np.mean([one.grades for one in draws], axis=0)
    return Turned(draws[0].setting, grades, *map(float, numbers.mean(axis=0)))


def _told_mean(values: Sequence[float]) -> float:
    told = [value for value in values if not np.isnan(value)]
    return float(np.mean(told)) if told else float("nan")
