"""Searching the settings of a model, and holding the best against the usual ones on other playlists. Pure."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from math import exp, log
from typing import Any

import numpy as np

from recommender.errors import CannotTrain, DamagedModel
from recommender.measures.bootstrap import Interval, intervals
from recommender.models.searches import Choices, Space, Span

USUAL = "usual"
DRAWN = ("drawn", "step")
"""Where options come from; else from the preset of that name."""
HANDFUL = 5
"""So many of the best are measured again."""
MOST_STEPS = 2
"""So many of those are steps, which are much alike: where one was lucky on the playlists searched on, all were."""
AGAIN = (1, 2)
"""The turns on which they are: other playlists to validate on, and another chance in the training."""
_DRAWN_SHARE = 2 / 3
"""Share of the search that is drawn afresh; the rest are steps around the best."""
_STEP = 0.15
"""How far a step goes, as a share of the whole stretch: the spread of a normal distribution."""
_CHANGED = 0.5
"""Chance of each option to be drawn anew: the usual values are no bad place to look around."""
_TRIES = 100
"""So often something new is looked for, before the search counts as exhausted."""


@dataclass(frozen=True, eq=False)  # arrays have no one answer to ==
class Marks:
    """How some options did on one set of playlists."""

    worth: np.ndarray
    """float64, shape (playlists,): the grade of each, turned so that more is better."""
    training_seconds: float
    milliseconds: float
    """Median time of a question."""


Ask = Callable[[Any, int], Marks]
"""Measures options on a turn. Raises CannotTrain, DamagedModel or MemoryError where that cannot be."""


@dataclass(frozen=True, eq=False)  # arrays have no one answer to ==
class Trial:
    """One set of options that was tried."""

    origin: str
    """USUAL, the preset's name, or of DRAWN."""
    options: Any
    marks: Marks | None
    """On turn 0; None when it failed."""
    trouble: str = ""
    """Why it failed."""

    @property
    def mean(self) -> float:
        """Give what it is worth on turn 0; nothing is worse than to fail."""
        return float(self.marks.worth.mean()) if self.marks else -np.inf


@dataclass(frozen=True, eq=False)  # arrays have no one answer to ==
class Held:
    """A trial that was measured on the other turns too."""

    trial: Trial
    worth: np.ndarray | None
    """float64, shape (playlists of all those turns,); None when it failed on one of them."""
    trouble: str = ""

    @property
    def mean(self) -> float:
        """Give what it is worth there."""
        return -np.inf if self.worth is None else float(self.worth.mean())


@dataclass(frozen=True)
class Verdict:
    """What is to be taken."""

    chosen: Trial
    best: Held | None
    """The best that is not the usual; None when no other was measured again."""
    gain: Interval | None
    """What the best gains over the usual settings; None when one of them is missing."""


def way(drawn: int, most: int | None, seconds: float, limit: float | None, measured: int) -> float:
    """Tell how much of the search is over: the share, 1 or more when it is to end.

    drawn: trials beyond the usual and the presets, of `most`. seconds: passed since the start, of `limit`, in which the
    best are to be measured again too. measured: all trials so far.
    """
    by_number = 0.0 if most is None else drawn / most if most else 1.0
    if limit is None:
        return by_number
    later = len(AGAIN) * (1 + min(HANDFUL, measured)) * seconds / max(measured, 1)
    return max(by_number, seconds / (limit - later) if later < limit else 1.0)


def search(
    starts: Mapping[str, Any], space: Space, ask: Ask, rng: np.random.Generator, over: Callable[[int, int], float]
) -> Iterator[Trial]:
    """Try the options to start with, USUAL among them, then drawn ones, then steps around the best so far.

    over: takes the numbers of trials that were drawn and of all, and gives the share of the search that is over.
    """
    trials: list[Trial] = []
    tried: set[Any] = set()
    for origin, options in starts.items():
        if options not in tried:
            tried.add(options)
            trials.append(_trial(origin, options, ask))
            yield trials[-1]
    given = len(trials)
    while (share := over(len(trials) - given, len(trials))) < 1:
        best = max(trials, key=lambda trial: trial.mean)
        steps = share >= _DRAWN_SHARE and best.marks is not None
        found = _new(best.options if steps else starts[USUAL], space, rng, tried, steps)
        if found is None:
            return
        tried.add(found)
        trials.append(_trial(DRAWN[steps], found, ask))
        yield trials[-1]


def measured_again(trials: Sequence[Trial], ask: Ask, late: Callable[[], bool]) -> Iterator[Held]:
    """Measure the usual options and the best others on the other turns; late: tells when to start no more of them."""
    ranked = sorted((trial for trial in trials if trial.marks), key=lambda trial: -trial.mean)
    steps = [trial for trial in ranked if trial.origin == DRAWN[1]]
    others = [trial for trial in ranked if trial.origin != USUAL and trial not in steps[MOST_STEPS:]]
    usual = [trial for trial in ranked if trial.origin == USUAL]
    for place, trial in enumerate([*usual, *others[:HANDFUL]]):
        if place > len(usual) and late():
            return
        yield _held(trial, ask)


def verdict(usual: Trial, held: Sequence[Held], weights: np.ndarray) -> Verdict:
    """Choose the best by its mean on the other turns, if what it gains over the usual settings is beyond chance.

    Where the usual settings cannot be trained, the best is taken without that. weights: bootstrap.draws() of the
    playlists of those turns.
    """
    whole = [one for one in held if one.worth is not None]
    best = max((one for one in whole if one.trial.origin != USUAL), key=lambda one: one.mean, default=None)
    if best is None:
        return Verdict(usual, None, None)
    gain = next((gained(best, one, weights) for one in whole if one.trial.origin == USUAL), None)
    if gain is None:
        return Verdict(usual if usual.marks else best.trial, best, None)
    return Verdict(best.trial if gain.low > 0 else usual, best, gain)


def gained(one: Held, usual: Held, weights: np.ndarray) -> Interval:
    """Tell what one gains over the usual settings, playlist by playlist."""
    assert one.worth is not None
    assert usual.worth is not None
    return intervals((one.worth - usual.worth)[:, None], weights)[0]


def changes(options: Any, usual: Any) -> dict[str, Any]:
    """Give what differs, by the name of the option."""
    names = [field.name for field in fields(options)]
    return {name: getattr(options, name) for name in names if getattr(options, name) != getattr(usual, name)}


def _trial(origin: str, options: Any, ask: Ask) -> Trial:
    marks, trouble = _asked(ask, options, 0)
    return Trial(origin, options, marks, trouble)


def _held(trial: Trial, ask: Ask) -> Held:
    parts = []
    for turn in AGAIN:
        marks, trouble = _asked(ask, trial.options, turn)
        if marks is None:
            return Held(trial, None, trouble)
        parts.append(marks.worth)
    return Held(trial, np.concatenate(parts))


def _asked(ask: Ask, options: Any, turn: int) -> tuple[Marks | None, str]:
    try:
        return ask(options, turn), ""
    except (CannotTrain, DamagedModel) as error:
        return None, str(error)
    except MemoryError:
        return None, "memory does not hold it"


def _new(start: Any, space: Space, rng: np.random.Generator, tried: set[Any], steps: bool) -> Any | None:
    """Change some options of a start, at least one, until they are new; None when that does not come about."""
    names = list(space)
    for _ in range(_TRIES if names else 0):
        chosen = rng.random(len(names)) < _CHANGED
        chosen[rng.integers(len(names))] = True
        values = {
            name: _near(getattr(start, name), space[name], rng) if steps else _drawn(space[name], rng)
            for name, wanted in zip(names, chosen.tolist(), strict=True)
            if wanted
        }
        if (found := replace(start, **values)) not in tried:
            return found
    return None


def _drawn(room: Span | Choices, rng: np.random.Generator) -> Any:
    return _value(room, rng.random()) if isinstance(room, Span) else room[int(rng.integers(len(room)))]


def _near(value: Any, room: Span | Choices, rng: np.random.Generator) -> Any:
    # Neither a word nor a value that is left to the corpus has neighbours.
    if not isinstance(room, Span) or value is None:
        return _drawn(room, rng)
    return _value(room, float(np.clip(_place(room, value) + _STEP * rng.standard_normal(), 0, 1)))


def _value(span: Span, place: float) -> float:
    """Give the number at a place between 0 and 1, with three digits, which are easily typed."""
    if span.scale == "linear":
        value = span.low + place * (span.high - span.low)
    else:
        value = exp(log(span.low) + place * (log(span.high) - log(span.low)))
    value = min(max(float(f"{value:.3g}"), span.low), span.high)
    return round(value) if span.scale == "whole" else float(value)


def _place(span: Span, value: float) -> float:
    if span.scale == "linear":
        return (value - span.low) / (span.high - span.low)
    # What lies outside, as 0 does, counts as the end that is nearer.
    value = min(max(value, span.low), span.high)
    return (log(value) - log(span.low)) / (log(span.high) - log(span.low))
