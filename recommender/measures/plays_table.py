"""What was measured on plays as text: tables for people, one object for programs. Pure."""

import math
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from recommender.measures.bootstrap import Interval
from recommender.measures.measuring import YARDSTICK
from recommender.measures.plays_grades import AT_THRESHOLD, ERRORS, LISTS
from recommender.measures.plays_measuring import MEANS, RMSE, Choice, PlaysExam, Sizes
from recommender.measures.plays_split import BY_CHANCE
from recommender.measures.plays_worth import NDCG, Worth
from recommender.writing.output import columns

_LIKED = slice(len(ERRORS), len(ERRORS) + len(AT_THRESHOLD))
_SURE = slice(_LIKED.stop, _LIKED.stop + len(AT_THRESHOLD))
_ABOUT = """\
MAE and RMSE are those of ln(plays) over the held-out pairs, less is better; "beside means" is the RMSE less that of
the means of listener and track. Where a model cannot foretell, the means fill in. hit rate, recall and NDCG look for
the held-out tracks among the first 30 of all that the listener did not play before, no sample of them.
Below, only the held-out tracks are ranked: relevant is a rating of "from" or more, recommended what was foretold to be
among the first 30; 0 where there is none. Novelty is 0 for what everybody played, 1 for what one did.
The ranges hold 95 % of the means when the listeners are drawn anew.
"""


def population_line(choice: Choice, everything: Sizes, kept: Sizes) -> str:
    """Say who is measured, and what remains of how much."""
    asked = choice.population
    return (
        f"Listeners of {asked.min_plays:,} or more plays, {asked.min_tracks:,} or more tracks and over "
        f"{asked.min_mean:g} plays a track: {kept.listeners:,} of {everything.listeners:,},\nwith {kept.tracks:,} of "
        f"{everything.tracks:,} tracks, {kept.pairs:,} of {everything.pairs:,} pairs and {kept.plays:,} of "
        f"{everything.plays:,} plays.\n"
    )


def split_tables(exam: PlaysExam, worths: Sequence[Worth]) -> str:
    """Set one split in three tables, under a line that names it."""
    return "\n".join([_split_line(exam), main_table(worths), threshold_table(exam, worths), character_table(worths)])


def main_table(worths: Sequence[Worth]) -> str:
    """Set the errors and the grades of lists in columns, best lists first."""
    rows = [
        ("model", "MAE", "RMSE", "hit rate@30", "recall@30", "NDCG@30", "95 % of NDCG@30", "over popularity"),
        *(
            (
                worth.one.name,
                *(_number(worth.foretold[place].mean if worth.foretold else None) for place in range(len(ERRORS))),
                *(_number(worth.listed[place].mean) for place in range(NDCG + 1)),
                _range(worth.listed[NDCG]),
                _gain(worth.over_popularity[NDCG], worth.one.name == YARDSTICK),
            )
            for worth in worths
        ),
    ]
    return columns(rows, right=frozenset(range(1, NDCG + 4)))


def threshold_table(exam: PlaysExam, worths: Sequence[Worth]) -> str:
    """Set what predictions make of the held-out tracks in columns, least error first, once for each threshold."""
    rows: list[tuple[str, ...]] = [
        ("model", "from", "precision", "recall", "F1", "MAP", "NDCG", "novelty", "95 % of RMSE", "beside means"),
    ]
    for worth in sorted((worth for worth in worths if worth.foretold), key=lambda worth: worth.foretold[RMSE].mean):
        liked, sure = ([_number(grade.mean) for grade in worth.foretold[part]] for part in (_LIKED, _SURE))
        beside = _gain(worth.beside_means[RMSE], worth.one.name == MEANS)
        rows += [
            (worth.one.name, f"{exam.choice.threshold:g}", *liked, _range(worth.foretold[RMSE]), beside),
            ("", f"{exam.choice.confidence:g}", *sure, "", ""),
        ]
    return columns(rows, right=frozenset(range(1, len(AT_THRESHOLD) + 2)))


def character_table(worths: Sequence[Worth]) -> str:
    """Set in columns what else a list is like, and what it costs, in the order of main_table."""
    rows = [("model", "coverage", "listeners", "artists", "novelty@30", "foretold", "ms a query", "training s")]
    for worth in worths:
        one = worth.one
        rows.append(
            (
                one.name,
                f"{one.coverage:.1%}",
                f"{one.fame:.1f}",
                "-" if math.isnan(one.variety) else f"{one.variety:.0%}",
                _number(worth.listed[-1].mean),
                f"{one.told:.1%}" if worth.foretold else "-",
                f"{one.milliseconds:.2f}",
                f"{one.training_seconds:.1f}",
            )
        )
    return columns(rows, right=frozenset(range(1, 8))) + (
        "Of the first ten tracks: coverage is the share of all tracks that ever come, listeners how many played one, "
        "and\nartists how many of the ten are by different ones. foretold is the share of held-out pairs that a model "
        "knows.\n"
    )


def about() -> str:
    """Say what the numbers mean."""
    return _ABOUT


def as_object(exams: Sequence[PlaysExam], worths: Sequence[Sequence[Worth]]) -> dict[str, Any]:
    """Give everything that was measured as plain numbers and words, without NaN."""
    first = exams[0]
    return {
        "protocol": "plays",
        "on": first.choice.on,
        "seed": first.choice.seed,
        "population": asdict(first.choice.population),
        "listened": {"all": asdict(first.all), "kept": asdict(first.kept)},
        "threshold": first.choice.threshold,
        "confidence": first.choice.confidence,
        "splits": [_split_object(exam, of_exam) for exam, of_exam in zip(exams, worths, strict=True)],
    }


def _split_object(exam: PlaysExam, worths: Sequence[Worth]) -> dict[str, Any]:
    return {
        "by": exam.by,
        "listeners": {"training": exam.split.training.plays.n_listeners, "measured": len(exam.listeners)},
        "pairs": {"training": exam.split.training.plays.n_pairs, "held_out": exam.split.held_out.n_pairs},
        "tracks": exam.split.training.n_tracks,
        "liking": {"threshold": exam.liking(exam.choice.threshold), "confidence": exam.liking(exam.choice.confidence)},
        "models": [_model_object(worth) for worth in worths],
    }


def _model_object(worth: Worth) -> dict[str, Any]:
    one, foretold = worth.one, [*zip(worth.foretold, worth.beside_means, strict=True)]
    lists = zip(worth.listed, worth.over_popularity, strict=True)
    return {
        "name": one.name,
        "errors": _named(ERRORS, foretold[: _LIKED.start], "beside_means"),
        "liked": _named(AT_THRESHOLD, foretold[_LIKED], "beside_means"),
        "sure": _named(AT_THRESHOLD, foretold[_SURE], "beside_means"),
        "lists": _named(LISTS, [*lists], "over_popularity"),
        "foretold": one.told if foretold else None,
        "coverage": one.coverage,
        "mean_listeners": one.fame,
        "different_artists": _plain(one.variety),
        "median_milliseconds": one.milliseconds,
        "training_seconds": one.training_seconds,
    }


def _named(names: Sequence[str], pairs: Sequence[tuple[Interval, Interval]], beside: str) -> dict[str, Any] | None:
    if not pairs:
        return None
    return {name: {**_interval(own), beside: _interval(gain)} for name, (own, gain) in zip(names, pairs, strict=True)}


def _interval(told: Interval) -> dict[str, float | None]:
    return {"mean": _plain(told.mean), "low": _plain(told.low), "high": _plain(told.high)}


def _plain(value: float) -> float | None:
    return None if math.isnan(value) else value


def _split_line(exam: PlaysExam) -> str:
    way = "a fifth of each listener's pairs, drawn" if exam.by == BY_CHANCE else "the latest fifth of each one's pairs"
    training, choice = exam.split.training.plays, exam.choice
    liked, sure = (f"{exam.liking(rating):.1%} have one of {rating:g}" for rating in _thresholds(choice))
    return (
        f"By {exam.by}: {way} ({choice.on}), of {len(exam.listeners):,} listeners,\nof whom {liked} or more "
        f"among them, and {sure}; learned from\n{training.n_pairs:,} pairs of {training.n_listeners:,} listeners "
        f"(seed {choice.seed}).\n"
    )


def _thresholds(choice: Choice) -> tuple[float, float]:
    return choice.threshold, choice.confidence


def _number(value: float | None) -> str:
    return "-" if value is None or math.isnan(value) else f"{value:.3f}"


def _range(told: Interval) -> str:
    return f"{told.low:.3f} to {told.high:.3f}"


def _gain(told: Interval, itself: bool) -> str:
    return "the yardstick" if itself else f"{told.low:+.3f} to {told.high:+.3f}"
