"""Training models on one part of the playlists and questioning them on another; nothing is stored."""

import itertools
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from recommender.corpus import Corpus
from recommender.errors import CannotTrain
from recommender.evaluate import LIST_LENGTH
from recommender.measures.protocols import (
    BEYOND_SEEDS,
    NEXT_FEWEST,
    PROTOCOLS,
    SEEDS_OF,
    Protocol,
    Question,
    continuation_questions,
    next_questions,
    title_questions,
)
from recommender.models.contract import Model, Progress, Titled, no_progress
from recommender.models.registry import model_class
from recommender.ranking import best_first
from recommender.splits import Split, three_parts

SAME_ARTIST = "same-artist"
"""The baseline that is no kind of model."""
YARDSTICK = "popularity"
FEWEST_MEASURED = {"test": 10, "validation": 5}
"""Grades over fewer playlists would be noise. Both are asked for, so that the split is the same for either part."""
_FEWEST_LEARNED = 10
_PARTS = (10, 6)
"""One of so many parts of the playlists is for validation and two are the test. Where a tenth is too few to be measured
on, it is a sixth, which leaves but half to learn from."""
_TOP = 10
_SPLIT, _SEEDS, _TRAINING = range(3)
"""Each kind of chance has a stream of its own, so that one more draw of one changes no other."""

Scores = Callable[[Question], np.ndarray]
"""Answers a question with float32 scores, shape (tracks,), NaN where it cannot tell."""


@dataclass(frozen=True)
class Entrant:
    """What is measured: a kind of model with its options, or the same-artist baseline, which has neither."""

    name: str
    kind: str | None = None
    options: Any = None


@dataclass(frozen=True)
class Exam:
    """One set of questions, the same for every entrant."""

    protocol: Protocol
    seed: int
    on: str
    split: Split
    fewest: int
    """So many different tracks a playlist has at least to be measured on."""
    seeds_of: tuple[int, ...]
    """How many seeds are given; empty where the protocol gives every beginning."""
    random_seeds: bool
    n_playlists: int
    questions: list[Question]
    title_questions: Sequence[Question] = ()
    """What is asked by the title alone, of models that read titles; it counts in no mean."""
    turn: int = 0
    """Which of the validation parts beside the same test part; it changes the chance of the training too."""


@dataclass(frozen=True)
class Measured:
    """What one entrant is worth."""

    name: str
    grades: np.ndarray
    """float64, shape (playlists, grades of the protocol): the mean over each playlist's questions."""
    by_seeds: dict[int, np.ndarray]
    """For each number of seeds the mean grades over the playlists: float64, shape (grades,). Under 0, after the title
    alone, where it was asked and can be told."""
    coverage: float
    """Share of the training part's tracks that came into any first ten."""
    fame: float
    """In how many playlists of the training part the tracks of the first tens stand, on the mean."""
    variety: float
    """Share of different artists in a first ten, on the mean; NaN where no artist is known."""
    milliseconds: float
    """Median time of a question, scoring and ranking."""
    training_seconds: float


def prepare(
    corpus: Corpus,
    protocol: str,
    on: str,
    seed: int,
    seeds_of: Sequence[int] | None = None,
    random_seeds: bool = False,
    cases: int | None = None,
    turn: int = 0,
) -> Exam:
    """Part the playlists and set the questions.

    seeds_of: None asks as the RecSys Challenge does, without the longest seeds where too few playlists are that long;
    0, the title alone, comes beside other numbers. cases: so many playlists at most. Raises CannotTrain when there are
    too few.
    """
    split, numbers, fewest = _parted(corpus, protocol, seed, seeds_of, turn)
    playlists = {"test": split.test, "validation": split.validation}[on][:cases]
    names = {"test": split.test_names, "validation": split.validation_names}[on][:cases]
    by_title: Sequence[Question] = ()
    if protocol == "continuation":
        questions = continuation_questions(playlists, numbers, _chance(seed, _SEEDS) if random_seeds else None, names)
        by_title = title_questions(playlists, names) if seeds_of is None or 0 in seeds_of else ()
    else:
        questions = next_questions(playlists)
    return Exam(
        PROTOCOLS[protocol], seed, on, split, fewest, numbers, random_seeds, len(playlists), questions, by_title, turn
    )


def prepare_turns(corpus: Corpus, protocol: str, seed: int, turns: int) -> list[Exam]:
    """Set the questions of several validation parts, no playlist in two, beside the test part that `prepare` has.

    They ask for fewer seeds where too few playlists are long enough for all of them; the test part is then that of so
    many seeds. Raises CannotTrain.
    """
    exams = [prepare(corpus, protocol, "validation", seed)]
    numbers = exams[0].seeds_of
    while len(exams) < turns:
        try:
            exams = [prepare(corpus, protocol, "validation", seed, numbers or None, turn=turn) for turn in range(turns)]
        except CannotTrain:
            if len(numbers) < 2:
                raise
            numbers = numbers[:-1]
    return exams


def _parted(
    corpus: Corpus, protocol: str, seed: int, seeds_of: Sequence[int] | None, turn: int
) -> tuple[Split, tuple[int, ...], int]:
    """Give a split, the numbers of seeds, and the fewest tracks of the playlists to be measured on."""
    ways = _ways(protocol, seeds_of)
    for n_parts, (numbers, fewest) in itertools.product(_PARTS, ways):
        split = three_parts(corpus, _chance(seed, _SPLIT), fewest, n_parts, turn)
        parts = {"test": split.test, "validation": split.validation}
        if (
            all(len(parts[part]) >= least for part, least in FEWEST_MEASURED.items())
            and split.training.n_playlists >= _FEWEST_LEARNED
        ):
            return split, numbers, fewest
    shorter = len(ways) == 1 and ways[0][0] and ways[0][0][-1] > 1
    cure = ", or give fewer seeds (--seeds-of 1,5)" if shorter else ""
    raise CannotTrain(
        f"of {corpus.n_playlists:,} playlists too few are long enough ({ways[-1][1]} different tracks) and unlike the "
        f"others to be measured on: import more (segue import FOLDER){cure}"
    )


def _ways(protocol: str, seeds_of: Sequence[int] | None) -> list[tuple[tuple[int, ...], int]]:
    """Give what may be tried, most telling first: the numbers of seeds, and the tracks that a playlist has to have."""
    if protocol != "continuation":
        return [((), NEXT_FEWEST)]
    if seeds_of is not None:
        return [(tuple(sorted(set(seeds_of) - {0})), max(seeds_of) + BEYOND_SEEDS)]
    return [(SEEDS_OF[:end], SEEDS_OF[end - 1] + BEYOND_SEEDS) for end in range(len(SEEDS_OF), 0, -1)]


def measure(entrant: Entrant, exam: Exam, progress: Progress = no_progress) -> Measured:
    """Train an entrant on the training part and put every question to it. Raises CannotTrain."""
    started = time.perf_counter()
    scores, title_scores = _trained(entrant, exam, lambda done: progress(done / 2))
    training_seconds = time.perf_counter() - started
    rows, tops, seconds = [], [], []
    for number, question in enumerate(exam.questions, 1):
        asked = time.perf_counter()
        ranked = best_first(scores(question), question.seeds, LIST_LENGTH)
        seconds.append(time.perf_counter() - asked)
        rows.append(exam.protocol.grade(ranked, question.truth))
        tops.append(ranked[:_TOP])
        progress(0.5 + number / len(exam.questions) / 2)
    grades = np.array(rows)
    suggested = np.concatenate(tops)
    training = exam.split.training
    return Measured(
        entrant.name,
        mean_by(np.array([question.playlist_no for question in exam.questions]), grades),
        _by_title(exam, title_scores) | _by_seeds(exam, grades),
        len(np.unique(suggested)) / training.n_tracks,
        float(training.playlist_counts[suggested].mean()) if len(suggested) else 0.0,
        variety(training.artists, tops),
        float(np.median(seconds)) * 1e3,
        training_seconds,
    )


def fitted(kind: str, options: Any, exam: Exam, progress: Progress = no_progress) -> Model:
    """Train a kind of model on the training part, always by the same chance. Raises CannotTrain."""
    return model_class(kind).fit(exam.split.training, _chance(exam.seed, _TRAINING, exam.turn), options, progress)


def same_artist(question: Question, artists: np.ndarray, playlist_counts: np.ndarray) -> np.ndarray:
    """Score the tracks of the seeds' artists by popularity, and no others: float32, shape (tracks,).

    artists: int32, shape (tracks,), -1 for none. playlist_counts: int32, shape (tracks,).
    """
    theirs = artists[question.seeds]
    shared = np.isin(artists, theirs[theirs >= 0])
    return np.where(shared, playlist_counts, np.nan).astype(np.float32)


def _trained(entrant: Entrant, exam: Exam, progress: Progress) -> tuple[Scores, Scores | None]:
    """Give what answers from seeds, and what answers from a title; the yardstick looks at neither."""
    training = exam.split.training
    if entrant.kind is None:
        return lambda question: same_artist(question, training.artists, training.playlist_counts), None
    model = fitted(entrant.kind, entrant.options, exam, progress)

    def from_seeds(question: Question) -> np.ndarray:
        return model.scores(question.seeds)

    if isinstance(model, Titled):
        return from_seeds, lambda question: model.title_scores(question.title)
    return from_seeds, from_seeds if entrant.kind == YARDSTICK else None


def _chance(seed: int, stream: int, turn: int = 0) -> np.random.Generator:
    return np.random.default_rng((seed, stream, turn))


def mean_by(playlist_nos: np.ndarray, grades: np.ndarray) -> np.ndarray:
    """Give the mean over each playlist's questions: float64, shape (playlists, grades)."""
    totals = np.zeros((playlist_nos.max() + 1, grades.shape[1]))
    np.add.at(totals, playlist_nos, grades)
    means: np.ndarray = totals / np.bincount(playlist_nos)[:, None]
    return means


def _by_title(exam: Exam, scores: Scores | None) -> dict[int, np.ndarray]:
    if scores is None or not exam.title_questions:
        return {}
    asked = exam.title_questions
    ranked = (best_first(scores(question), question.seeds, LIST_LENGTH) for question in asked)
    rows = [exam.protocol.grade(best, question.truth) for best, question in zip(ranked, asked, strict=True)]
    return {0: np.array(rows).mean(axis=0)}


def _by_seeds(exam: Exam, grades: np.ndarray) -> dict[int, np.ndarray]:
    given = np.array([question.n_given for question in exam.questions])
    return {number: grades[given == number].mean(axis=0) for number in exam.seeds_of}


def variety(artists: np.ndarray, tops: Sequence[np.ndarray]) -> float:
    """Give the share of different artists in a list, on the mean; NaN where no artist is known."""
    known = [theirs[theirs >= 0] for theirs in (artists[top] for top in tops)]
    shares = [len(np.unique(theirs)) / len(theirs) for theirs in known if len(theirs)]
    return float(np.mean(shares)) if shares else float("nan")
