"""How well the demo's models complete playlists that they have not seen: a small `segue evaluate`."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from demo.collecting import Progress
from recommender.errors import CannotTrain
from recommender.load import load
from recommender.measures import evaluate_table as tables
from recommender.measures.bootstrap import draws, intervals
from recommender.measures.measuring import SAME_ARTIST, YARDSTICK, Entrant, Exam, Measured, measure, prepare
from recommender.models.options import options_of
from recommender.writing.output import columns

CASES = 100
"""So many playlists are completed, at most."""
_SHOWN = ("hit_rate_10", "ndcg_500")
_CHANCE = 100
"""The stream of chance from which the intervals come."""


@dataclass(frozen=True)
class Completed:
    """What was asked, and how each model answered."""

    exam: Exam
    measured: tuple[Measured, ...]
    weights: np.ndarray
    """What bootstrap.draws gives."""


def complete(database: Path, kinds: Sequence[str], seed: int, progress: Progress) -> Completed | None:
    """Train each kind on a part of the playlists and let it complete others; None where there are too few.

    kinds: popularity is one of them. Only playlists, tracks and artists are read, nothing that the world alone knows.
    """
    try:
        exam = prepare(load(database)[1], "continuation", "test", seed, cases=CASES)
    except CannotTrain:
        return None
    entrants = [*(Entrant(kind, kind, options_of(kind, None, {})) for kind in kinds), Entrant(SAME_ARTIST)]
    measured = []
    for number, entrant in enumerate(entrants):

        def show(share: float, before: int = number) -> None:
            progress("Measuring", (before + share) / len(entrants))

        measured.append(measure(entrant, exam, show))
    return Completed(exam, tuple(measured), draws(exam.n_playlists, np.random.default_rng([seed, _CHANCE])))


def as_dict(completed: Completed | None) -> dict[str, Any] | None:
    """Give it as `segue evaluate --json` does."""
    if completed is None:
        return None
    return tables.as_object(completed.exam, completed.measured, completed.weights, _popularity(completed))


def sentences(completed: Completed | None) -> Iterator[str]:
    """Say it in lines for people."""
    if completed is None:
        yield "These playlists are too few to measure the models on."
        return
    exam = completed.exam
    yield f"Trained once more without {exam.n_playlists} of the playlists, to complete these{_given(exam)}:"
    yield ""
    yield columns(list(_rows(completed)), right=frozenset({1, 2}))
    yield "hit rate@10 is how often one of the first ten suggestions was right, NDCG@500 how high the right ones stand"
    yield "among 500; same-artist takes the best known tracks of the same artists. The range is that of 95 %."


def _rows(completed: Completed) -> Iterator[tuple[str, ...]]:
    names = completed.exam.protocol.grades
    shown = [names.index(name) for name in _SHOWN]
    yield ("model", *(tables.LABELS[name] for name in _SHOWN), "over popularity")
    for one in tables.best_first(completed.exam, completed.measured):
        means = one.grades[:, shown].mean(axis=0)
        gain = intervals((one.grades - _popularity(completed))[:, shown[-1:]], completed.weights)[0]
        over = "the yardstick" if one.name == YARDSTICK else f"{gain.low:+.3f} to {gain.high:+.3f}"
        yield one.name, *(f"{mean:.3f}" for mean in means), over


def _popularity(completed: Completed) -> np.ndarray:
    return next(one.grades for one in completed.measured if one.name == YARDSTICK)


def _given(exam: Exam) -> str:
    *before, last = map(str, exam.seeds_of)
    listed = f"{', '.join(before)} and {last}" if before else last
    return f" from their first {listed} {'track' if listed == '1' else 'tracks'}"
