"""The order in which found songs come when a person asks for another than the best known first. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from recommender.errors import FilterNotClear
from recommender.lists.filters import RANGES
from recommender.models.title_words import normal_name

if TYPE_CHECKING:
    from recommender.catalogue import SongFacts
    from recommender.naming import Match

Value = float | str | None
SORTS: Mapping[str, Callable[["Match", "SongFacts"], Value]] = {
    **{name: lambda _match, facts, name=name: facts.audio.get(name) for name in RANGES},  # type: ignore[misc]
    "year": lambda _match, facts: facts.year,
    "popularity": lambda _match, facts: facts.popularity,
    "playlists": lambda match, _facts: match.playlists,
    "length": lambda match, _facts: match.song.duration_ms,
    "title": lambda match, _facts: normal_name(match.song.name) or None,
    "artist": lambda match, _facts: normal_name(", ".join(match.song.artists)) or None,
}
"""By what a list can be sorted → a song's value; None where it is not known."""


@dataclass(frozen=True, slots=True)
class Sort:
    """By what, and from which end."""

    by: str
    descending: bool = False


def parse_sort(text: str) -> Sort:
    """Read tempo, or -tempo for the fastest first. Raises FilterNotClear, which lists what can be sorted by."""
    told = text.strip().lower()
    name = told.removeprefix("-").replace("-", "_")
    if name not in SORTS:
        there = ", ".join(name.replace("_", "-") for name in SORTS)
        raise FilterNotClear(f'a list cannot be sorted by "{text}": there are {there}')
    return Sort(name, told.startswith("-"))


def in_order(matches: Sequence["Match"], facts: Mapping[str, "SongFacts"], sort: Sort) -> tuple[list["Match"], int]:
    """Sort matches, and count those whose value is not known, which come last from either end.

    Of equals the one that came first stays first. facts: by raw id, of all that match.
    """
    value = SORTS[sort.by]
    told = [(value(match, facts[match.song.track_id]), match) for match in matches]
    known = [pair for pair in told if pair[0] is not None]
    known.sort(key=lambda pair: pair[0], reverse=sort.descending)  # type: ignore[arg-type, return-value]
    unknown = [match for number, match in told if number is None]
    return [match for _, match in known] + unknown, len(unknown)
