"""Training models on a part of what listeners played and asking them for the rest; nothing is stored."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from recommender.corpus import Corpus
from recommender.errors import CannotTrain
from recommender.measures import plays_grades as grades
from recommender.measures.means import Means
from recommender.measures.measuring import FEWEST_MEASURED, SAME_ARTIST, Entrant, same_artist, variety
from recommender.measures.plays_split import BY_CHANCE, BY_TIME, PlaysSplit, hold_pairs, split_plays
from recommender.measures.population import Population, members
from recommender.measures.protocols import Question
from recommender.models.contract import Model, Predicting, Progress, no_progress
from recommender.models.registry import model_class
from recommender.plays import Plays
from recommender.ranking import best_first

MEANS = "means"
"""The baseline of predicted plays, which is no kind of model: see recommender/measures/means.py."""
MOST_LISTENERS = 1_000
"""So many are measured unless told otherwise, in an order drawn by chance."""
FORETOLD = grades.ERRORS + 2 * grades.AT_THRESHOLD
"""The grades of predictions: the errors, then the lists at the threshold, then those at the confidence."""
RMSE = grades.ERRORS.index("rmse")
_TOP = 10
_SPLIT, _CASES, _TRAINING = range(3)
"""Each kind of chance has a stream of its own, so that one more draw of one changes no other."""

Predict = Callable[[int, np.ndarray], np.ndarray]
"""Foretells plays of a listener by his number in the exam: float32, shape (tracks asked,), NaN where it cannot."""


@dataclass(frozen=True)
class Choice:
    """What is wanted of a measuring, beside the models."""

    population: Population
    threshold: float
    """A rating, ln(plays), from which on a track counts as liked."""
    confidence: float
    """The rating from which on it surely does."""
    on: str
    seed: int
    cases: int


@dataclass(frozen=True)
class Sizes:
    """So many listeners, tracks, pairs of both, and plays."""

    listeners: int
    tracks: int
    pairs: int
    plays: int


@dataclass(frozen=True)
class PlaysExam:
    """What every entrant is asked on one split."""

    choice: Choice
    by: str
    """BY_CHANCE or BY_TIME."""
    all: Sizes
    kept: Sizes
    """What remains of it in the population."""
    split: PlaysSplit
    listeners: np.ndarray
    """int64: the numbers of those who are measured, all with held-out pairs."""
    baseline: Means
    surprise: np.ndarray
    """float64, shape (tracks,): how new each track of the training part is to people."""

    def held_out(self, listener_no: int) -> tuple[np.ndarray, np.ndarray]:
        """Give one listener's held-out tracks, the best known first, NOT_FOUND last, and his ratings of them."""
        held = self.split.held_out
        mine = slice(*held.offsets[listener_no : listener_no + 2])
        order = np.argsort(held.tracks[mine].astype(np.uint32), kind="stable")
        return held.tracks[mine][order], grades.rating(held.counts[mine][order])

    def liking(self, threshold: float) -> float:
        """Give the share of those measured who rated a held-out track so high: what any model could find at most."""
        return float(np.mean([(self.held_out(number)[1] >= threshold).any() for number in self.listeners.tolist()]))


@dataclass(frozen=True)
class Sums:
    """Grades of many listeners as quotients: see recommender/measures/plays_grades.py."""

    tops: np.ndarray
    """float64, shape (listeners, grades)."""
    bottoms: np.ndarray
    """float64, of the same shape."""


@dataclass(frozen=True)
class PlaysMeasured:
    """What one entrant is worth."""

    name: str
    foretold: Sums | None
    """The grades FORETOLD; None for what predicts nothing."""
    told: float
    """Share of the held-out pairs that it foretold itself; the baseline of means fills in for the rest."""
    listed: Sums
    """The grades plays_grades.LISTS."""
    coverage: float
    """Share of the training part's tracks that came into any first ten."""
    fame: float
    """By how many listeners of the training part the tracks of the first tens were played, on the mean."""
    variety: float
    """Share of different artists in a first ten, on the mean; NaN where no artist is known."""
    milliseconds: float
    """Median time of ranking all tracks for one listener."""
    training_seconds: float


@dataclass(frozen=True)
class _Answering:
    """A trained entrant as the exam asks it."""

    predict: Predict | None
    scores: Callable[[int, np.ndarray], np.ndarray]
    """Ranks every track for a listener by his number and seeds: float32, shape (tracks,)."""


def ways_to_split(corpus: Corpus, wanted: str | None) -> tuple[str, ...]:
    """Give the wanted way or, for None, each that can be gone. Raises CannotTrain for a time that nobody told."""
    timed = bool((corpus.plays.last_played > 0).any())
    if wanted == BY_TIME and not timed:
        raise CannotTrain(
            "no play here has a time, so nobody can tell the latest ones: import a log with times, or take --by-chance"
        )
    return (wanted,) if wanted else (BY_CHANCE, BY_TIME) if timed else (BY_CHANCE,)


def prepare_plays(corpus: Corpus, choice: Choice, by: str) -> PlaysExam:
    """Take the population, part its pairs, and draw the listeners. Raises CannotTrain when there are too few."""
    kept = corpus.plays.of(members(corpus.plays, choice.population))
    split = split_plays(corpus, kept, by, choice.on, _chance(choice, _SPLIT))
    able = np.flatnonzero(np.diff(split.held_out.offsets))
    if len(able) < FEWEST_MEASURED[choice.on]:
        raise CannotTrain(_too_few(corpus.plays.n_listeners, len(able), by))
    drawn = np.sort(_chance(choice, _CASES).permutation(able)[: choice.cases])
    learned = split.training.plays
    known_to = np.bincount(learned.tracks, minlength=split.training.n_tracks)
    surprise = grades.self_information(known_to, learned.n_listeners)
    baseline = Means.fit(learned, split.training.n_tracks)
    return PlaysExam(choice, by, _sizes(corpus.plays), _sizes(kept), split, drawn, baseline, surprise)


def measure_plays(entrant: Entrant, exam: PlaysExam, progress: Progress = no_progress) -> PlaysMeasured:
    """Train an entrant on the training part and ask it about every listener. Raises CannotTrain."""
    started = time.perf_counter()
    answering = _trained(entrant, exam, lambda done: progress(done / 2))
    training_seconds = time.perf_counter() - started
    foretold, listed, tops, seconds, told = [], [], [], [], 0
    training = exam.split.training
    for number, listener_no in enumerate(exam.listeners.tolist(), 1):
        tracks, real = exam.held_out(listener_no)
        seeds = training.playlist(listener_no)
        asked = time.perf_counter()
        ranked = best_first(answering.scores(listener_no, seeds), seeds, grades.K)
        seconds.append(time.perf_counter() - asked)
        listed.append(grades.of_list(ranked, tracks, exam.surprise))
        tops.append(ranked[:_TOP])
        if answering.predict:
            graded, itself = _foretell(answering.predict, exam, listener_no, tracks, real)
            foretold.append(graded)
            told += itself
        progress(0.5 + number / len(exam.listeners) / 2)
    suggested = np.concatenate(tops)
    return PlaysMeasured(
        entrant.name,
        _sums(foretold) if foretold else None,
        told / int(np.diff(exam.split.held_out.offsets)[exam.listeners].sum()),
        _sums(listed),
        len(np.unique(suggested)) / training.n_tracks,
        float(training.playlist_counts[suggested].mean()) if len(suggested) else 0.0,
        variety(training.artists, tops),
        float(np.median(seconds)) * 1e3,
        training_seconds,
    )


def without_a_fifth(corpus: Corpus, rng: np.random.Generator) -> tuple[Corpus, Plays]:
    """Take a fifth of each listener's pairs out of a corpus, which keeps its tracks and their numbers."""
    if not corpus.plays.n_pairs:
        return corpus, corpus.plays
    held = hold_pairs(corpus.plays, BY_CHANCE, rng.spawn(1)[0])
    return replace(corpus, plays=corpus.plays.only(~held)), corpus.plays.only(held)


def grade_plays(model: Model, held: Plays) -> dict[str, float]:
    """Grade predictions of held-out plays, of the first listeners who have any: "plays_rmse" of ln(plays), or nothing.

    held: of the listeners that the model learned from, in their order. A pair that it cannot tell does not count.
    """
    if not (isinstance(model, Predicting) and len(model.listeners)):
        return {}
    predict, graded = _by_name(model, held.listeners), []
    for number in np.flatnonzero(np.diff(held.offsets))[:MOST_LISTENERS].tolist():
        mine = slice(*held.offsets[number : number + 2])
        foretold, real = grades.rating(predict(number, held.tracks[mine])), grades.rating(held.counts[mine])
        told = np.isfinite(foretold)
        graded.append(grades.errors(foretold[told], real[told])[RMSE])
    top, bottom = np.sum(graded, axis=0) if graded else (0.0, 0.0)
    return {grades.PLAYS_RMSE: float(np.sqrt(top / bottom))} if bottom else {}


def _foretell(
    predict: Predict, exam: PlaysExam, listener_no: int, tracks: np.ndarray, real: np.ndarray
) -> tuple[grades.Graded, int]:
    """Grade one listener's predictions, and count those that are the entrant's own."""
    foretold = np.full(len(tracks), np.nan)
    known = tracks >= 0
    foretold[known] = predict(listener_no, tracks[known])
    own = np.isfinite(foretold)
    # Every entrant is graded on every pair: one that keeps quiet where it is hard would look better for it.
    foretold = grades.rating(np.where(own, foretold, exam.baseline.predict(listener_no, tracks)))
    surprise = np.where(known, exam.surprise[tracks], 1.0)
    graded = grades.errors(foretold, real)
    for threshold in (exam.choice.threshold, exam.choice.confidence):
        graded += grades.at_threshold(foretold, real, threshold, surprise)
    return graded, int(own.sum())


def _trained(entrant: Entrant, exam: PlaysExam, progress: Progress) -> _Answering:
    training = exam.split.training
    if entrant.name == MEANS:
        everything = np.arange(training.n_tracks, dtype=np.int32)
        # It has no other order than that of what it foretells.
        return _Answering(exam.baseline.predict, lambda number, _: exam.baseline.predict(number, everything))
    if entrant.kind is None:
        assert entrant.name == SAME_ARTIST
        counts = training.playlist_counts
        return _Answering(None, lambda _, seeds: same_artist(Question(0, 0, seeds, seeds), training.artists, counts))
    model = model_class(entrant.kind).fit(training, _chance(exam.choice, _TRAINING), entrant.options, progress)
    predict = None
    if isinstance(model, Predicting) and len(model.listeners):
        predict = _by_name(model, training.plays.listeners)
    return _Answering(predict, lambda _, seeds: model.scores(seeds))


def _by_name(model: Predicting, listeners: Sequence[str]) -> Predict:
    """Ask a model by the numbers of the exam: its own may be others."""
    own = {name: number for number, name in enumerate(model.listeners.tolist())}

    def predict(listener_no: int, track_nos: np.ndarray) -> np.ndarray:
        number = own.get(listeners[listener_no].encode())
        return np.full(len(track_nos), np.nan, np.float32) if number is None else model.predict(number, track_nos)

    return predict


def _sums(graded: Sequence[grades.Graded]) -> Sums:
    told = np.array(graded, np.float64)
    return Sums(told[:, :, 0], told[:, :, 1])


def _sizes(plays: Plays) -> Sizes:
    return Sizes(plays.n_listeners, len(np.unique(plays.tracks)), plays.n_pairs, int(plays.counts.sum(dtype=np.int64)))


def _too_few(n_listeners: int, n_able: int, by: str) -> str:
    times = " by time" if by == BY_TIME else ""
    return (
        f"of {n_listeners:,} listeners {n_able} have plays enough to be measured on{times}: import more logs "
        "(segue import FILE), or let more people in (--min-plays 1 --min-tracks 2 --min-mean 0)"
    )


def _chance(choice: Choice, stream: int) -> np.random.Generator:
    return np.random.default_rng((choice.seed, stream))
