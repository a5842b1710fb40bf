"""The lists of several models for the same seeds, and what they share. Pure but for asking, which is an argument."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from recommender.answers import Answer
from recommender.errors import RecommenderError
from web.asking import Asking

FEWEST, MOST = 2, 4
"""So many models stand side by side."""


@dataclass(frozen=True, slots=True)
class Column:
    """One model's list, or why there is none."""

    model: str
    answer: Answer | None
    why_not: str = ""

    @property
    def track_ids(self) -> tuple[str, ...]:
        """Give the list."""
        return tuple(song.track_id for song in self.answer.suggestions) if self.answer else ()


@dataclass(frozen=True, slots=True)
class Shared:
    """A song that several lists hold."""

    mark: int
    """From 1, in the order in which the lists show such songs."""
    at: Mapping[str, int]
    """Its place by model, from 1."""

    def beside(self, model: str) -> str:
        """Say where else it stands."""
        told = [f"{ordinal(place)} in {other}" for other, place in self.at.items() if other != model]
        return f"also {' and '.join(told)}" if told else ""


def column(ask: Callable[[Asking], Answer], asking: Asking, model: str) -> Column:
    """Let one model answer by itself; what another one answers in its stead is not its list."""
    try:
        answer = ask(asking.model_copy(update={"model": model}))
    except RecommenderError as error:
        return Column(model, None, str(error))
    if answer.model != model:
        why = [note for note in answer.notes if note.startswith(model)]
        return Column(model, None, why[0] if why else f"{model} knows none of these songs")
    return Column(model, answer)


def chosen(asked: Sequence[str], there: Sequence[str]) -> list[str]:
    """Give the models to compare: those that are asked for, or the first there are."""
    named = list(dict.fromkeys(name for name in asked if name))
    return (named or list(there[:FEWEST]))[:MOST]


def shared(columns: Sequence[Column]) -> dict[str, Shared]:
    """Find the songs that two or more lists hold, by track id."""
    at: dict[str, dict[str, int]] = defaultdict(dict)
    for one in columns:
        for place, track_id in enumerate(one.track_ids, 1):
            at[track_id][one.model] = place
    several = [(track_id, places) for track_id, places in at.items() if len(places) > 1]
    return {track_id: Shared(mark, places) for mark, (track_id, places) in enumerate(several, 1)}


def in_common(columns: Sequence[Column]) -> list[tuple[str, str, int]]:
    """Count, for each two lists that there are, the songs that both hold."""
    lists = [one for one in columns if one.answer]
    return [
        (first.model, second.model, len(set(first.track_ids) & set(second.track_ids)))
        for first, second in combinations(lists, 2)
    ]


def ordinal(number: int) -> str:
    """Write 1 as 1st, 12 as 12th, 23 as 23rd."""
    ending = "th" if number // 10 % 10 == 1 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"
