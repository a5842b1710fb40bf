"""Filters as a person writes them, on the command line or in an address. Pure."""

from collections.abc import Callable, Sequence

from recommender.errors import FilterNotClear
from recommender.lists.filters import RANGES, YEARS, Filters, Span, is_called, parse_span
from recommender.lists.musical_key import parse_key

MODES = {"minor": 0, "major": 1}
MEASURED = (
    "tempo", "energy", "danceability", "valence", "acousticness", "instrumentalness", "speechiness", "liveness",
    "loudness",
)  # fmt: skip
"""Audio features that hardly ever are one value to the last digit."""
_NEAR, _NEAR_SHARE = {"tempo": 2.0, "loudness": 1.0}, 0.05
"""How far from a value a song still sounds like it."""


def year_span(text: str) -> Span:
    """Read the span of a year: 1994, 1990..1999, 2015.. or ..1979. Raises FilterNotClear."""
    span = parse_span(text)
    span.refuse_beyond("year", *YEARS)
    return span


def feature_span(name: str, text: str) -> Span:
    """Read the span of an audio feature; a single value of one that is measured is refused. Raises FilterNotClear."""
    low, high = RANGES[name]
    span = parse_span(text)
    span.refuse_beyond(name, low, high)
    if name in MEASURED and span.low is not None and span.low == span.high:
        near = _NEAR.get(name, _NEAR_SHARE)
        around = f"{max(low, span.low - near):g}..{min(high, span.low + near):g}"
        raise FilterNotClear(f"hardly a song has {span.low:g} to the last digit: give a span, such as {around}")
    return span


def key_spans(key: str | None, mode: str | None) -> list[tuple[str, Span]]:
    """Read a key such as Am, G or 8A, and a mode of MODES, as spans of features. Raises FilterNotClear."""
    number, told = parse_key(key) if key else (None, None)
    if mode is not None and told is not None and MODES[mode] != told:
        raise FilterNotClear(f"{mode} is not the mode of that key")
    wanted = told if mode is None else MODES[mode]
    spans = {"key": number, "mode": wanted}
    return [(name, Span(value, value)) for name, value in spans.items() if value is not None]


def genre_words(texts: Sequence[str]) -> tuple[str, ...]:
    """Split genres at commas. Raises FilterNotClear for what holds no word."""
    return Filters(genres=tuple(genre.strip() for text in texts for genre in text.split(","))).genres


def each_word(parse: Callable[[str], str], texts: Sequence[str]) -> tuple[str, ...]:
    """Read every word of texts that may hold several with commas between them, each once."""
    return tuple(dict.fromkeys(parse(word) for text in texts for word in text.split(",")))


def refuse_barred(filters: Filters) -> None:
    """Raise FilterNotClear where what may not come is all that is asked for."""
    barred = [any(is_called(other, genre) for other in filters.not_genres) for genre in filters.genres]
    if barred and all(barred):
        raise FilterNotClear(f'what may not come lets no "{filters.genres[0]}" come: leave one of the two out')
