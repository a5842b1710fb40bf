"""How models grow with the collection: the same questions after learning from 30, 100, 300, 1,000 and all playlists."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from recommender.errors import CannotTrain
from recommender.measures.bootstrap import Interval, intervals
from recommender.measures.measuring import YARDSTICK, Entrant, Exam, Measured, measure
from recommender.measures.protocols import Question
from recommender.models.contract import Progress, no_progress
from recommender.splits import kept_only
from recommender.vocabulary import NOT_FOUND

SIZES = (30, 100, 300, 1_000)
"""So many playlists are learned from, where there are more than that."""
KINDS = ("hybrid", "artists", "item-knn", "als", "playlist-knn", "word2vec", "sequence")
"""What is measured when nothing is named: each of them learns in seconds, the hybrid in minutes."""
CASES = 200
"""So many playlists are asked about at the most, because all is asked once for every size."""
_WORTH_A_STEP = 1.2
"""All playlists have to be so many times the size before them: a column of nearly the same says nothing new."""
_DRAWN = 30
"""The stream of chance from which the playlists are drawn."""


@dataclass(frozen=True)
class Line:
    """What one entrant is worth at each size."""

    name: str
    points: dict[int, Measured]
    """By the number of playlists learned from; without the sizes that it refused."""
    refused: dict[int, str]
    """Why it could not be trained, by the number of playlists."""


def sizes_for(n_playlists: int) -> tuple[int, ...]:
    """Give the numbers of playlists to learn from, all of them last."""
    return (*(size for size in SIZES if _WORTH_A_STEP * size <= n_playlists), n_playlists)


def steps(exam: Exam) -> dict[int, Exam]:
    """Set the questions of the exam to whoever learned from fewer playlists, each draw within the next larger one.

    Tracks that the drawn playlists do not hold are not known then, and count as missed.
    """
    training = exam.split.training
    order = np.random.default_rng((exam.seed, _DRAWN)).permutation(training.n_playlists)
    *smaller, whole = sizes_for(training.n_playlists)
    return {size: _after(exam, np.sort(order[:size])) for size in smaller} | {whole: exam}


def _after(exam: Exam, kept: np.ndarray) -> Exam:
    corpus, new_number = kept_only(exam.split.training, kept)
    # One more, so that NOT_FOUND, the last place, leads to itself.
    new_number = np.append(new_number, np.int32(NOT_FOUND))

    def seen(question: Question) -> Question:
        seeds = new_number[question.seeds]
        return replace(question, seeds=seeds[seeds != NOT_FOUND], truth=new_number[question.truth])

    return replace(
        exam, split=replace(exam.split, training=corpus), questions=[seen(question) for question in exam.questions]
    )


def draw_line(entrant: Entrant, exams: dict[int, Exam], progress: Progress = no_progress) -> Line:
    """Train an entrant at each size and put all questions to it; what it refuses at one size stops no other."""
    line = Line(entrant.name, {}, {})
    total, before = sum(exams), 0
    for size, exam in exams.items():

        def show(share: float, before: int = before, size: int = size) -> None:
            progress((before + size * share) / total)

        try:
            line.points[size] = measure(entrant, exam, show)
        except CannotTrain as refusal:
            line.refused[size] = str(refusal)
        before += size
        progress(before / total)
    return line


def gains(line: Line, yardstick: Line, main: int, weights: np.ndarray) -> dict[int, Interval]:
    """Give at each size how far a model is over popularity in one grade, playlist by playlist.

    main: the grade's column. weights: bootstrap.draws().
    """
    return {
        size: intervals((one.grades - yardstick.points[size].grades)[:, [main]], weights)[0]
        for size, one in line.points.items()
    }


def beats_from(line: Line, gained: dict[int, Interval]) -> int | None:
    """Give the size from which on a model is surely above popularity, at it and at every larger one."""
    found = None
    for size in sorted([*line.points, *line.refused], reverse=True):
        if size not in gained or gained[size].low <= 0:
            break
        found = size
    return found


def yardstick_of(lines: Sequence[Line]) -> Line:
    """Give the line of popularity, which is always among them."""
    return next(line for line in lines if line.name == YARDSTICK)
