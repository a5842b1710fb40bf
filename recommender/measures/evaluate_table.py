"""What was measured as text: tables for people, one object for programs. Pure."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from recommender.measures.bootstrap import Interval, intervals
from recommender.measures.measuring import YARDSTICK, Exam, Measured
from recommender.writing.output import columns

LABELS = {
    "r_precision": "R-precision",
    "ndcg_500": "NDCG@500",
    "clicks": "clicks",
    "recall_500": "recall@500",
    "hit_rate_10": "hit rate@10",
    "hit_rate_20": "hit rate@20",
    "mrr_10": "MRR@10",
    "mrr_20": "MRR@20",
    "precision_20": "P@20",
    "recall_20": "R@20",
    "map_20": "MAP@20",
}
_FEW = 30
"""Intervals over fewer playlists are narrower than they should be."""
_ABOUT = {
    "continuation": (
        "A playlist is asked about once for each number of seeds; all that follows is the truth, and 500 tracks are "
        "graded.\nclicks counts how often a listener asks for ten more before one is right (51: never); less is better."
    ),
    "next": (
        "hit rate and MRR look for the track that follows; P, R and MAP for the rest of the playlist. Up to 10 "
        "beginnings\nof each playlist are asked, evenly spread over it, and each playlist counts alike."
    ),
}


def grade_table(exam: Exam, measured: Sequence[Measured], weights: np.ndarray, yardstick: np.ndarray) -> str:
    """Set the grades in columns, best first, with how far the main one may be off and how far it is over popularity.

    weights: bootstrap.draws(). yardstick: the grades of popularity, of the shape of Measured.grades.
    """
    names = exam.protocol.grades
    main = names.index(exam.protocol.headline)
    label = LABELS[exam.protocol.headline]
    rows = [("model", *(LABELS[name] for name in names), f"95 % of {label}", "over popularity")]
    for one in best_first(exam, measured):
        spread = intervals(one.grades[:, [main]], weights)[0]
        gain = intervals((one.grades - yardstick)[:, [main]], weights)[0]
        means = [_number(name, mean) for name, mean in zip(names, one.grades.mean(axis=0), strict=True)]
        over = "the yardstick" if one.name == YARDSTICK else f"{gain.low:+.3f} to {gain.high:+.3f}"
        rows.append((one.name, *means, f"{spread.low:.3f} to {spread.high:.3f}", over))
    return columns(rows, right=frozenset(range(1, len(names) + 1)))


def character_table(exam: Exam, measured: Sequence[Measured]) -> str:
    """Set in columns what else a list is like, and what it costs, in the order of grade_table."""
    rows = [("model", "coverage", "in playlists", "artists", "ms a query", "training s")]
    rows += [
        (
            one.name,
            f"{one.coverage:.1%}",
            f"{one.fame:.1f}",
            "-" if math.isnan(one.variety) else f"{one.variety:.0%}",
            f"{one.milliseconds:.2f}",
            f"{one.training_seconds:.1f}",
        )
        for one in best_first(exam, measured)
    ]
    return columns(rows, right=frozenset(range(1, 6))) + (
        "Of the first ten tracks: coverage is the share of all tracks that ever come, in playlists how many hold one,\n"
        "and artists how many of the ten are by different ones.\n"
    )


def seeds_table(exam: Exam, measured: Sequence[Measured]) -> str:
    """Set the grades in columns for each number of seeds; 0, the title alone, where any model reads titles."""
    rows = [("model", "seeds", *(LABELS[name] for name in exam.protocol.grades))]
    numbers = (0, *exam.seeds_of) if reads_titles(measured) else exam.seeds_of
    rows += [(one.name, str(n), *_told(exam, one, n)) for one in best_first(exam, measured) for n in numbers]
    return columns(rows, right=frozenset(range(1, len(rows[0]))))


def reads_titles(measured: Sequence[Measured]) -> bool:
    """Tell whether any model, beside the yardstick, was asked by titles alone."""
    return any(0 in one.by_seeds and one.name != YARDSTICK for one in measured)


def title_table(exam: Exam, measured: Sequence[Measured]) -> str:
    """Set the grades after the title alone in columns, best first, of those that can tell."""
    main = exam.protocol.grades.index(exam.protocol.headline)
    readers = sorted((one for one in measured if 0 in one.by_seeds), key=lambda one: -float(one.by_seeds[0][main]))
    rows = [("after the title alone", *(LABELS[name] for name in exam.protocol.grades))]
    rows += [(one.name, *_told(exam, one, 0)) for one in readers]
    asked = f"Asked of the {len(exam.title_questions):,} playlists with a name; no other model here reads titles.\n"
    return columns(rows, right=frozenset(range(1, len(rows[0])))) + asked


def _told(exam: Exam, one: Measured, number: int) -> list[str]:
    names = exam.protocol.grades
    if number not in one.by_seeds:
        return ["-"] * len(names)
    return [_number(name, mean) for name, mean in zip(names, one.by_seeds[number], strict=True)]


def asked_of(exam: Exam) -> list[str]:
    """Say on what was measured, in two lines."""
    training = exam.split.training
    learned = f"learned from {training.n_playlists:,} with {training.n_tracks:,} tracks (seed {exam.seed})"
    return [
        f"Measured on {exam.n_playlists:,} {exam.on} playlists of {exam.fewest} or more tracks{_seeds(exam)};",
        f"{learned}. What the training part does not hold counts as missed.",
    ]


def about(exam: Exam) -> str:
    """Say on what was measured, and what the numbers mean."""
    lines = [
        *asked_of(exam),
        _ABOUT[exam.protocol.name],
        "The ranges hold 95 % of the means when the playlists are drawn anew.",
        *few(exam),
    ]
    return "".join(f"{line}\n" for line in lines)


def few(exam: Exam) -> list[str]:
    """Warn of a measuring that rests on little."""
    return [f"{exam.n_playlists} playlists tell little: import more to be sure."] if exam.n_playlists < _FEW else []


def as_object(exam: Exam, measured: Sequence[Measured], weights: np.ndarray, yardstick: np.ndarray) -> dict[str, Any]:
    """Give everything that was measured as plain numbers and words, without NaN."""
    return {
        "protocol": exam.protocol.name,
        "on": exam.on,
        "seed": exam.seed,
        "seeds_of": list(exam.seeds_of),
        "random_seeds": exam.random_seeds,
        "fewest_tracks": exam.fewest,
        "playlists": {
            "training": exam.split.training.n_playlists,
            "validation": len(exam.split.validation),
            "test": len(exam.split.test),
            "measured": exam.n_playlists,
        },
        "tracks": exam.split.training.n_tracks,
        "questions": len(exam.questions),
        "models": [_model_object(exam, one, weights, yardstick) for one in best_first(exam, measured)],
    }


def best_first(exam: Exam, measured: Sequence[Measured]) -> list[Measured]:
    """Order what was measured by the protocol's main grade."""
    main = exam.protocol.grades.index(exam.protocol.headline)
    return sorted(measured, key=lambda one: -float(one.grades[:, main].mean()))


def _model_object(exam: Exam, one: Measured, weights: np.ndarray, yardstick: np.ndarray) -> dict[str, Any]:
    names = exam.protocol.grades
    own, gains = intervals(one.grades, weights), intervals(one.grades - yardstick, weights)
    return {
        "name": one.name,
        "grades": {
            name: {**_interval(interval), "over_popularity": _interval(gain)}
            for name, interval, gain in zip(names, own, gains, strict=True)
        },
        "by_seeds": {
            str(number): dict(zip(names, map(float, means), strict=True)) for number, means in one.by_seeds.items()
        },
        "coverage": one.coverage,
        "mean_playlist_count": one.fame,
        "different_artists": None if math.isnan(one.variety) else one.variety,
        "median_milliseconds": one.milliseconds,
        "training_seconds": one.training_seconds,
    }


def _interval(interval: Interval) -> dict[str, float]:
    return {"mean": interval.mean, "low": interval.low, "high": interval.high}


def _number(name: str, value: float) -> str:
    return f"{value:.1f}" if name == "clicks" else f"{value:.3f}"


def _seeds(exam: Exam) -> str:
    if not exam.seeds_of:
        return ""
    *before, last = map(str, exam.seeds_of)
    listed = f"{', '.join(before)} and {last}" if before else last
    return f", after {listed} of their {'tracks, drawn' if exam.random_seeds else 'first tracks'}"
