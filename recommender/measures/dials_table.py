"""What the dials cost and bring as text: a table and a reading of it for people, one object for programs. Pure."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from recommender.measures.bootstrap import Interval, intervals
from recommender.measures.evaluate_dials import DIVERSITY, POPULARITY, SHOWN, VARY, DialsMeasured, Turned
from recommender.measures.evaluate_table import LABELS, as_object, asked_of, few
from recommender.measures.measuring import Exam
from recommender.writing.output import columns

MAIN = "hit_rate_10"
"""The grade of what a person sees of a list; the other two are those that models are ordered by."""
_BESIDE = ("r_precision", "ndcg_500")
_READ = ((POPULARITY, -1.0), (POPULARITY, -0.5), (POPULARITY, 0.5), (POPULARITY, 1.0), (DIVERSITY, 0.5), (VARY, 1.0))
"""The settings that are read out."""


def dials_table(exam: Exam, measured: DialsMeasured, weights: np.ndarray) -> str:
    """Set each setting in a row. weights: bootstrap.draws()."""
    label = LABELS[MAIN]
    beside = (LABELS[name] for name in _BESIDE)
    rows = [("dial", "", label, "95 % of it", *beside, "coverage", "in playlists", "alike", "artists", "others")]
    for one in measured.turned:
        spread, (precision, gain) = _spread(exam, one, weights), (_grade(exam, one, name) for name in _BESIDE)
        rows.append(
            (
                one.setting.dial,
                f"{one.setting.value:g}",
                f"{spread.mean:.3f}",
                f"{spread.low:.3f} to {spread.high:.3f}",
                f"{precision:.3f}",
                f"{gain:.3f}",
                f"{one.coverage:.1%}",
                f"{one.fame:.1f}",
                _number(one.alike, ".2f"),
                _number(one.variety, ".0%"),
                f"{one.others:.0%}",
            )
        )
    return columns(rows, right=frozenset({1, 2, *range(4, 11)}))


def readings(exam: Exam, measured: DialsMeasured, weights: np.ndarray) -> list[str]:
    """Say in a sentence each what a dial does, from the numbers alone."""
    untouched = measured.at(POPULARITY, 0.0)
    assert untouched
    found = (measured.at(dial, value) for dial, value in _READ)
    return [_reading(exam, untouched, one, weights) for one in found if one]


def _reading(exam: Exam, untouched: Turned, one: Turned, weights: np.ndarray) -> str:
    if one.setting.dial == POPULARITY:
        brought = f"a song stands in {one.fame:.1f} playlists instead of {untouched.fame:.1f}"
    elif one.setting.dial == DIVERSITY:
        brought = f"two songs are alike by {_number(one.alike, '.2f')} instead of {_number(untouched.alike, '.2f')}"
    else:
        brought = f"{SHOWN * one.others:.1f} of {SHOWN} songs are others"
    return f"{one.setting.dial} {one.setting.value:g}: {brought}, and {_cost(exam, untouched, one, weights)}."


def _cost(exam: Exam, untouched: Turned, one: Turned, weights: np.ndarray) -> str:
    place = exam.protocol.grades.index(MAIN)
    before = float(untouched.grades[:, place].mean())
    change = intervals((one.grades - untouched.grades)[:, [place]], weights)[0]
    if not before:
        return "no list had a hit before"
    share = f"{abs(change.mean) / before:.0%}"
    if change.low <= 0 <= change.high:
        return f"what changes in hits may be chance ({change.mean / before:+.0%})"
    return f"{share} {'fewer' if change.mean < 0 else 'more'} lists have a hit"


def about(exam: Exam, measured: DialsMeasured) -> str:
    """Say on what was measured, and what the columns mean."""
    space = measured.space
    alike = f"as {space} places them" if space else "which no model here can tell, so that diversity is not turned"
    lines = [
        *asked_of(exam),
        f"R-precision and NDCG grade lists of 500, the rest lists of {SHOWN}: coverage is the share of all tracks that",
        f"ever come, in playlists how many hold one, alike the mean cosine of two, {alike},",
        "artists how many are by different ones, others how many are not in the untouched list; vary is the mean of 5.",
        "The range holds 95 % of the means when the playlists are drawn anew.",
        *few(exam),
    ]
    return "".join(f"{line}\n" for line in lines)


def dials_object(exam: Exam, measured: DialsMeasured, weights: np.ndarray) -> dict[str, Any]:
    """Give everything that was measured as plain numbers and words, without NaN."""
    told = as_object(exam, (), weights, np.zeros((exam.n_playlists, len(exam.protocol.grades))))
    del told["models"]
    rows = [_row_object(exam, one, weights) for one in measured.turned]
    return told | {
        "model": measured.name,
        "space": measured.space,
        "dials": rows,
        "readings": readings(exam, measured, weights),
    }


def _row_object(exam: Exam, one: Turned, weights: np.ndarray) -> dict[str, Any]:
    spreads = zip(exam.protocol.grades, intervals(one.grades, weights), strict=True)
    return {
        "dial": one.setting.dial,
        "value": one.setting.value,
        "grades": {name: {"mean": each.mean, "low": each.low, "high": each.high} for name, each in spreads},
        "coverage": one.coverage,
        "mean_playlist_count": one.fame,
        "alike": _or_none(one.alike),
        "different_artists": _or_none(one.variety),
        "others": one.others,
    }


def compared(exam: Exam, measured: DialsMeasured, dial: str) -> tuple[list[str], list[tuple[str, list[float]]]]:
    """Give a dial's values and, for each of them, what is told of it as shares of the untouched list: for a picture."""
    turned = [one for one in measured.turned if one.setting.dial == dial]
    untouched = next(one for one in turned if not one.setting.value)
    kinds: dict[str, Callable[[Turned], float]] = {
        LABELS[MAIN]: lambda one: _grade(exam, one, MAIN),
        "coverage": lambda one: one.coverage,
        "in playlists": lambda one: one.fame,
        "alike": lambda one: one.alike,
        "artists": lambda one: one.variety,
    }
    lines = [(name, [_share(told(one), told(untouched)) for one in turned]) for name, told in kinds.items()]
    return [f"{one.setting.value:g}" for one in turned], lines


def _spread(exam: Exam, one: Turned, weights: np.ndarray) -> Interval:
    return intervals(one.grades[:, [exam.protocol.grades.index(MAIN)]], weights)[0]


def _grade(exam: Exam, one: Turned, name: str) -> float:
    return float(one.grades[:, exam.protocol.grades.index(name)].mean())


def _share(value: float, of: float) -> float:
    return value / of if of > 0 else math.nan


def _number(value: float, form: str) -> str:
    return "-" if math.isnan(value) else format(value, form)


def _or_none(value: float) -> float | None:
    return None if math.isnan(value) else value
