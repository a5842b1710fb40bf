"""The learning curve as text: a table for people, one object for programs. Pure."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from recommender.measures.bootstrap import Interval, intervals
from recommender.measures.curve import Line, beats_from, gains, yardstick_of
from recommender.measures.evaluate_table import LABELS, few
from recommender.measures.measuring import YARDSTICK, Exam
from recommender.writing.output import columns

SURELY = "*"


def curve_table(exams: dict[int, Exam], lines: Sequence[Line], weights: np.ndarray) -> str:
    """Set each model's main grade in a row, one column for each number of playlists learned from.

    exams: curve.steps(). weights: bootstrap.draws().
    """
    main = main_grade(exams)
    # What is surely above popularity has a mark, for which the others leave room.
    rows = [("model", *(f"{size:,} " for size in exams))]
    for line in best_first(lines, main):
        above = _gains(lines, line, main, weights)
        rows.append((line.name, *(_cell(line, size, main, above) for size in exams)))
    return columns(rows, right=frozenset(range(1, len(rows[0]))))


def beginnings(exams: dict[int, Exam], lines: Sequence[Line], weights: np.ndarray) -> str:
    """Say of each model from how many playlists on it beats popularity."""
    main = main_grade(exams)
    told = []
    for line in best_first(lines, main):
        if line.name == YARDSTICK:
            continue
        first = beats_from(line, _gains(lines, line, main, weights))
        if not line.points:
            told.append(f"{line.name} could not be trained.")
        elif first is None:
            told.append(f"{line.name} is not surely above popularity with all {max(exams):,} playlists.")
        else:
            told.append(f"{line.name} beats popularity from {first:,} playlists on.")
    return "".join(f"{sentence}\n" for sentence in told)


def about(exams: dict[int, Exam]) -> str:
    """Say on what was measured, and what the numbers and the mark mean."""
    exam = _whole(exams)
    label = LABELS[exam.protocol.headline]
    return (
        f"{label} on {exam.n_playlists:,} {exam.on} playlists of {exam.fewest} or more tracks, the same for all; the "
        f"columns are\nthe playlists learned from, drawn by chance, the fewer among the more (seed {exam.seed}). "
        f"What these do not hold counts as missed.\n{SURELY} is above popularity even at the lower end of the 95 % "
        "interval of the difference; - could not be trained.\n"
    ) + "".join(f"{line}\n" for line in few(exam))


def as_object(exams: dict[int, Exam], lines: Sequence[Line], weights: np.ndarray) -> dict[str, Any]:
    """Give everything that was measured as plain numbers and words."""
    exam, main = _whole(exams), main_grade(exams)
    return {
        "protocol": exam.protocol.name,
        "on": exam.on,
        "seed": exam.seed,
        "grade": exam.protocol.headline,
        "measured": exam.n_playlists,
        "sizes": [
            {"playlists": size, "tracks": one.split.training.n_tracks, "entries": one.split.training.n_entries}
            for size, one in exams.items()
        ],
        "models": [_line_object(lines, line, main, weights) for line in best_first(lines, main)],
    }


def best_first(lines: Sequence[Line], main: int) -> list[Line]:
    """Order the models by the main grade after learning from all; those that never could be trained last."""
    return sorted(lines, key=lambda line: -_mean(line, max(line.points), main) if line.points else np.inf)


def means(line: Line, exams: dict[int, Exam]) -> dict[int, float]:
    """Give a model's main grade at each size where it has one."""
    return {size: _mean(line, size, main_grade(exams)) for size in exams if size in line.points}


def main_grade(exams: dict[int, Exam]) -> int:
    """Give the column of the grade that the curve is drawn of."""
    protocol = _whole(exams).protocol
    return protocol.grades.index(protocol.headline)


def _line_object(lines: Sequence[Line], line: Line, main: int, weights: np.ndarray) -> dict[str, Any]:
    above = _gains(lines, line, main, weights)
    own = {size: intervals(one.grades[:, [main]], weights)[0] for size, one in line.points.items()}
    return {
        "name": line.name,
        "points": [
            {
                "playlists": size,
                **_interval(own[size]),
                "over_popularity": _interval(above[size]),
                "training_seconds": one.training_seconds,
                "median_milliseconds": one.milliseconds,
            }
            for size, one in line.points.items()
        ],
        "refused": {str(size): sentence for size, sentence in line.refused.items()},
        "beats_popularity_from": None if line.name == YARDSTICK else beats_from(line, above),
    }


def _gains(lines: Sequence[Line], line: Line, main: int, weights: np.ndarray) -> dict[int, Interval]:
    return gains(line, yardstick_of(lines), main, weights)


def _cell(line: Line, size: int, main: int, above: dict[int, Interval]) -> str:
    if size not in line.points:
        return "- "
    return f"{_mean(line, size, main):.3f}{SURELY if above[size].low > 0 else ' '}"


def _mean(line: Line, size: int, main: int) -> float:
    return float(line.points[size].grades[:, main].mean())


def _whole(exams: dict[int, Exam]) -> Exam:
    return exams[max(exams)]


def _interval(interval: Interval) -> dict[str, float]:
    return {"mean": interval.mean, "low": interval.low, "high": interval.high}
