"""What a search found as text: a table and a sentence for people, one object for programs. Pure."""

import shlex
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from textwrap import wrap
from typing import Any

import numpy as np

from recommender.measures.evaluate_table import LABELS
from recommender.measures.measuring import Exam
from recommender.tuning import DRAWN, HANDFUL, USUAL, Held, Trial, Verdict, changes, gained
from recommender.writing.output import columns

LESS_IS_BETTER = frozenset({"clicks"})
"""Grades that are the better the smaller they are."""
_SETTINGS = 56
"""Columns of the settings, which go on in the next line where they are longer."""


@dataclass(frozen=True)
class Search:
    """What was searched."""

    kind: str
    metric: str
    usual: Any
    """The usual options, with what was set; as the trial of that name has them."""
    plain: Any
    """The options of the kind when nothing is set, against which the command is told."""
    exams: Sequence[Exam]
    """The one to search on, then those of the other turns."""
    half_life: float | None = None
    """In days, by which old playlists weighed less in all of them; None: all weighed alike."""

    @property
    def sign(self) -> int:
        """Tell whether more of the grade is better, 1, or less, -1."""
        return -1 if self.metric in LESS_IS_BETTER else 1

    @property
    def n_again(self) -> int:
        """Count the playlists of the other turns."""
        return sum(exam.n_playlists for exam in self.exams[1:])


def command(search: Search, options: Any) -> str:
    """Give what a person types to train with these options."""
    told = [f"--set {name}={_plain(value)}" for name, value in changes(options, search.plain).items()]
    ages = [] if search.half_life is None else [f"--half-life {search.half_life:g}"]
    return " ".join(["segue", "train", search.kind, *told, *ages])


def new_best(search: Search, number: int, trial: Trial) -> str:
    """Say in a line that a trial is the best so far."""
    return f"{number:>4}.  {LABELS[search.metric]} {search.sign * trial.mean:.4f}  {_settings(search, trial)}"


def table(search: Search, trials: Sequence[Trial], held: Sequence[Held], weights: np.ndarray) -> str:
    """Set in columns the usual settings and the best, by what they were when measured again.

    weights: bootstrap.draws() of the playlists of the other turns.
    """
    label = LABELS[search.metric]
    rows = [("", label, "again", "gain over the usual, 95 %", "training s", "ms", "settings")]
    for place, (trial, again) in enumerate(_shown(trials, held), 1):
        value = f"{search.sign * trial.mean:.4f}" if trial.marks else "failed"
        cost = (f"{trial.marks.training_seconds:.1f}", f"{trial.marks.milliseconds:.2f}") if trial.marks else ("-", "-")
        first, *more = wrap(_settings(search, trial), _SETTINGS, break_long_words=False) or [""]
        rows.append((f"{place}.", value, *_again(search, again, held, weights), *cost, first))
        rows += [("", "", "", "", "", "", line) for line in more]
    return columns(rows, right=frozenset({0, 1, 2, 4, 5}))


def about(search: Search, trials: Sequence[Trial], held: Sequence[Held]) -> str:
    """Say what was tried, and on what it was measured."""
    drawn = sum(trial.origin in DRAWN for trial in trials)
    exam = search.exams[0]
    *others, last = map(str, exam.seeds_of or ("",))
    asked = f", after {', '.join(others) + ' and ' if others else ''}{last} of their first tracks" if last else ""
    lines = [
        f"{_count(len(trials), 'setting')} tried, {drawn} of them drawn, on {exam.n_playlists:,} validation playlists",
        f"of {exam.fewest} or more tracks{asked} (seed {exam.seed}).",
    ]
    if held:
        told = f"{len(held)} of them on {search.n_again:,} other playlists, in {len(search.exams) - 1} other splits"
        lines.append(f"again: {told}; these choose, which flatters the best a little.")
    lines.append(f"What `{_test(exam)}` tests on was not looked at.")
    if failed := [trial for trial in trials if not trial.marks]:
        lines.append(f"{len(failed)} failed, such as {_settings(search, failed[0])}: {failed[0].trouble}")
    return "".join(f"{line}\n" for line in lines)


def advice(search: Search, usual: Trial, found: Verdict) -> str:
    """Say what is to be taken and why, and the command to train with it."""
    gain = found.gain
    if gain is not None:
        told = f"{gain.mean:+.4f} (95 %: {gain.low:+.4f} to {gain.high:+.4f})"
        if found.chosen.origin != USUAL:
            said = f"The best gains {told} over the usual settings on playlists that were not searched on."
        else:
            said = f"The usual settings stay: the best of the others gains {told}, which may be chance."
    elif found.best is None:
        said = (
            "The usual settings stay: no others were measured again." if usual.marks else "Nothing was measured again."
        )
    elif usual.marks:
        said = "The usual settings stay: they could not be measured again."
    else:
        said = f"The usual settings cannot be trained here ({usual.trouble}), so the best of the others is taken."
    if not found.chosen.marks:
        return f"{said}\n"
    return f"{said}\nTo train with them:\n    {command(search, found.chosen.options)}\n"


def as_object(
    search: Search,
    trials: Sequence[Trial],
    held: Sequence[Held],
    found: Verdict,
    stopped: bool,
    weights: np.ndarray,
) -> dict[str, Any]:
    """Give everything that was found as plain numbers and words, without NaN."""
    exam = search.exams[0]
    taken = found.chosen if found.chosen.marks else None
    return {
        "model": search.kind,
        "protocol": exam.protocol.name,
        "metric": search.metric,
        "seed": exam.seed,
        "playlists": {"search": exam.n_playlists, "again": search.n_again},
        "stopped": stopped,
        "usual_stays": found.chosen.origin == USUAL,
        "gain": None if found.gain is None else asdict(found.gain),
        "options": None if taken is None else asdict(taken.options),
        "command": None if taken is None else command(search, taken.options),
        "trials": [_trial_object(search, trial, held, weights) for trial in trials],
    }


def _trial_object(search: Search, trial: Trial, held: Sequence[Held], weights: np.ndarray) -> dict[str, Any]:
    again = next((one for one in held if one.trial is trial), None)
    usual = next((one for one in held if one.trial.origin == USUAL and one.worth is not None), None)
    there = again is not None and again.worth is not None
    return {
        "origin": trial.origin,
        "options": asdict(trial.options),
        "value": search.sign * trial.mean if trial.marks else None,
        "again": search.sign * again.mean if again and there else None,
        "gain": asdict(gained(again, usual, weights)) if again and there and usual and again is not usual else None,
        "training_seconds": trial.marks.training_seconds if trial.marks else None,
        "median_milliseconds": trial.marks.milliseconds if trial.marks else None,
        "trouble": trial.trouble or (again.trouble if again else ""),
    }


def _shown(trials: Sequence[Trial], held: Sequence[Held]) -> list[tuple[Trial, Held | None]]:
    """Give what was measured again, best first; without any the best of the search, with the usual settings."""
    if held:
        return [(one.trial, one) for one in sorted(held, key=lambda one: -one.mean)]
    ranked = sorted(trials, key=lambda trial: -trial.mean)
    best = [trial for trial in ranked[:HANDFUL] if trial.marks or trial.origin == USUAL]
    return [(trial, None) for trial in best + [trial for trial in ranked[HANDFUL:] if trial.origin == USUAL]]


def _again(search: Search, again: Held | None, held: Sequence[Held], weights: np.ndarray) -> tuple[str, str]:
    if again is None:
        return "-", "-"
    if again.worth is None:
        return "failed", "-"
    usual = next((one for one in held if one.trial.origin == USUAL), None)
    value = f"{search.sign * again.mean:.4f}"
    if again is usual:
        return value, "the usual"
    if usual is None or usual.worth is None:
        return value, "-"
    gain = gained(again, usual, weights)
    return value, f"{gain.mean:+.4f} ({gain.low:+.4f} to {gain.high:+.4f})"


def _settings(search: Search, trial: Trial) -> str:
    told = " ".join(f"{name}={_plain(value)}" for name, value in changes(trial.options, search.usual).items())
    if trial.origin == USUAL:
        set_anew = " ".join(f"{name}={_plain(value)}" for name, value in changes(trial.options, search.plain).items())
        return f"the usual settings, {set_anew}" if set_anew else "the usual settings"
    return f"{trial.origin}: {told}" if trial.origin not in DRAWN else told


def _test(exam: Exam) -> str:
    """Give the command whose test part stands beside these validation parts."""
    given = f" --seeds-of {','.join(map(str, exam.seeds_of))}" if exam.seeds_of else ""
    return f"segue evaluate --protocol {exam.protocol.name} --seed {exam.seed}{given}"


def _count(number: int, what: str) -> str:
    return f"{number} {what} was" if number == 1 else f"{number} {what}s were"


def _plain(value: Any) -> str:
    """Write a value as --set takes it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "none" if value is None else shlex.quote(str(value))
