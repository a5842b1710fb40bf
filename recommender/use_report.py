"""What is remembered of use, and what came of the lists of each model, for the command and for the page."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from recommender.catalogue import use_counts
from recommender.measures.outcomes import LEAST_PEOPLE, Difference, Share, Tally, difference, share_of

KINDS = {"clicked": "opened, added, or gone on from", "liked": "liked", "skipped": "skipped or not liked"}
"""What can come of a list, in words."""


@dataclass(frozen=True)
class OfModel:
    """What came of the lists of one model."""

    model: str
    clicked: Share
    liked: Share
    skipped: Share

    @property
    def lists(self) -> int:
        """How many were shown."""
        return self.clicked.lists

    @property
    def people(self) -> int:
        """To how many listeners or browsers."""
        return self.clicked.people


@dataclass(frozen=True)
class Compared:
    """Two models of an experiment beside each other."""

    one: str
    other: str
    kind: str
    """Of KINDS."""
    difference: Difference
    sentence: str


@dataclass(frozen=True)
class UseReport:
    """All that is told of use."""

    remembered: use_counts.Remembered
    models: tuple[OfModel, ...]
    """Every model that made a list, by name."""
    tried: tuple[OfModel, ...]
    """Only the lists whose model an experiment chose."""
    compared: tuple[Compared, ...]


def use_report(connection: sqlite3.Connection) -> UseReport:
    """Count what is remembered, and tell what came of it."""
    tried = _by_model(use_counts.outcomes(connection, of_experiment=True))
    return UseReport(
        use_counts.remembered(connection),
        _by_model(use_counts.outcomes(connection, of_experiment=False)),
        tried,
        tuple(_compared(one, other, kind) for one, other in combinations(tried, 2) for kind in KINDS),
    )


def _by_model(found: Sequence[use_counts.Outcome]) -> tuple[OfModel, ...]:
    models = sorted({one.model for one in found})
    told = {model: [one for one in found if one.model == model] for model in models}
    return tuple(
        OfModel(model, *(share_of([Tally(one.lists, getattr(one, kind)) for one in people]) for kind in KINDS))
        for model, people in told.items()
    )


def _compared(one: OfModel, other: OfModel, kind: str) -> Compared:
    first, second = getattr(one, kind), getattr(other, kind)
    more = difference(first, second)
    return Compared(one.model, other.model, kind, more, _sentence(one, other, kind, more))


def _sentence(one: OfModel, other: OfModel, kind: str, more: Difference) -> str:
    fewest = min(one.people, other.people)
    if fewest < LEAST_PEOPLE:
        needed = f"each needs {LEAST_PEOPLE} listeners or browsers, and one has {fewest}"
        return f"{KINDS[kind]}: too few to tell ({needed})"
    span = f"{100 * more.low:+.0f} to {100 * more.high:+.0f} points"
    if not more.is_known:
        return f"{KINDS[kind]}: too few to tell, the difference may be chance ({span})"
    word = "more" if more.more > 0 else "less"
    return f"{KINDS[kind]}: {word} often in the lists of {one.model} than in those of {other.model} ({span})"


def percent(share: Share) -> str:
    """Write a share with its interval: "34 % (28 to 41)"."""
    if not share.lists:
        return "-"
    if not share.is_known:
        return f"{100 * share.share:.0f} % (too few to tell)"
    return f"{100 * share.share:.0f} % ({100 * share.low:.0f} to {100 * share.high:.0f})"
