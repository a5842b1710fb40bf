"""The options by which a person filters a list, the same for every command that makes one."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

from recommender.errors import FilterNotClear
from recommender.inferring.moods import MOODS, parse_mood
from recommender.lists.filters import RANGES, YEARS, Filters, Span, is_called, parse_span
from recommender.lists.musical_key import parse_key

_Command = TypeVar("_Command", bound=Callable[..., Any])
_MODES = {"minor": 0, "major": 1}
_MEASURED = {
    "tempo": "Beats a minute, such as 110..130; as told, so that half and double time are other tempos.",
    "energy": "0 to 1, such as 0.7.. for that and more.",
    "danceability": "0 to 1.",
    "valence": "0 to 1, from sad to happy.",
    "acousticness": "0 to 1.",
    "instrumentalness": "0 to 1; above 0.5 nobody sings.",
    "speechiness": "0 to 1; above 0.66 it is all talk.",
    "liveness": "0 to 1; above 0.8 an audience is heard.",
    "loudness": "Decibels, such as ..-10.",
}
"""Audio features that are measured, which hardly ever are one value to the last digit."""
_NEAR, _NEAR_SHARE = {"tempo": 2.0, "loudness": 1.0}, 0.05
"""How far from a value a song still sounds like it."""


def filter_options(command: _Command) -> _Command:
    """Give a command the options of filters; filters_of() takes their values."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def filters_of(options: dict[str, Any]) -> Filters:
    """Take the values of filter_options out of a command's options. Raises click.UsageError."""
    key, mode = options.pop("key"), options.pop("mode")
    told: dict[str, Span | None] = {name: options.pop(name) for name in (*_MEASURED, "time_signature")}
    if key:
        told["key"] = Span(key[0], key[0])
    if key and key[1] is not None:
        if mode is not None and _MODES[mode] != key[1]:
            raise click.UsageError(f"--mode {mode} is not the mode of that --key")
        told["mode"] = Span(key[1], key[1])
    elif mode is not None:
        told["mode"] = Span(_MODES[mode], _MODES[mode])
    try:
        filters = Filters(
            options.pop("explicit"),
            options.pop("year"),
            options.pop("genre"),
            options.pop("not_genre"),
            tuple((name, span) for name, span in told.items() if span),
            options.pop("keep_unknown"),
            options.pop("country"),
            options.pop("language"),
            options.pop("mood"),
            options.pop("told_only"),
        )
    except FilterNotClear as error:
        raise click.UsageError(str(error)) from error
    barred = [any(is_called(other, genre) for other in filters.not_genres) for genre in filters.genres]
    if barred and all(barred):
        raise click.UsageError(f'--not-genre lets no "{filters.genres[0]}" come: leave one of the two out')
    return filters


def _year(_ctx: click.Context, _parameter: click.Parameter, text: str | None) -> Span | None:
    return None if text is None else _span(text, "year", *YEARS)


def _feature(_ctx: click.Context, parameter: click.Parameter, text: str | None) -> Span | None:
    if text is None:
        return None
    name = str(parameter.name)
    low, high = RANGES[name]
    span = _span(text, name, low, high)
    if name in _MEASURED and span.low is not None and span.low == span.high:
        near = _NEAR.get(name, _NEAR_SHARE)
        around = f"{max(low, span.low - near):g}..{min(high, span.low + near):g}"
        raise click.BadParameter(f"hardly a song has {span.low:g} to the last digit: give a span, such as {around}")
    return span


def _span(text: str, name: str, low: float, high: float) -> Span:
    try:
        span = parse_span(text)
        span.refuse_beyond(name, low, high)
    except FilterNotClear as error:
        raise click.BadParameter(str(error)) from error
    return span


def _key(_ctx: click.Context, _parameter: click.Parameter, text: str | None) -> tuple[int, int | None] | None:
    try:
        return None if text is None else parse_key(text)
    except FilterNotClear as error:
        raise click.BadParameter(str(error)) from error


def _genres(_ctx: click.Context, _parameter: click.Parameter, texts: tuple[str, ...]) -> tuple[str, ...]:
    genres = tuple(genre.strip() for text in texts for genre in text.split(","))
    try:
        return Filters(genres=genres).genres
    except FilterNotClear as error:
        raise click.BadParameter(str(error)) from error


def _each(parse: Callable[[str], str]) -> Callable[..., tuple[str, ...]]:
    """Read every word of an option that may be given several times, or hold several with commas between them."""

    def read(_ctx: click.Context, _parameter: click.Parameter, texts: tuple[str, ...]) -> tuple[str, ...]:
        try:
            return tuple(dict.fromkeys(parse(word) for text in texts for word in text.split(",")))
        except FilterNotClear as error:
            raise click.BadParameter(str(error)) from error

    return read


def _country(text: str) -> str:
    from recommender.inferring.countries import parse_country  # most lists need no atlas

    return parse_country(text)


def _language(text: str) -> str:
    from recommender.inferring.languages import parse_language

    return parse_language(text)


_OPTIONS = (
    click.option("--explicit/--clean", default=None, help="Explicit songs alone, or none of them."),
    click.option(
        "--year", metavar="SPAN", callback=_year, help="When the album came out: 1994, 1990..1999, 2015.. or ..1979."
    ),
    click.option(
        "--genre",
        metavar="WORDS",
        multiple=True,
        callback=_genres,
        help='Of this genre, or of one of several; "rock" is every kind of rock.',
    ),
    click.option(
        "--not-genre", metavar="WORDS", multiple=True, callback=_genres, help="Of none of these, whatever else it is."
    ),
    click.option(
        "--country",
        metavar="COUNTRY",
        multiple=True,
        callback=_each(_country),
        help="From this country, such as SE or Sweden, or from one of several; where nobody told it, it is inferred "
        "from where the recording was registered (ISRC), or else from names of playlists.",
    ),
    click.option(
        "--language",
        metavar="LANGUAGE",
        multiple=True,
        callback=_each(_language),
        help="In this language, such as ja or Japanese, where it was told or the letters of the title tell it; Latin "
        "letters tell none.",
    ),
    click.option(
        "--mood",
        metavar="MOOD",
        multiple=True,
        callback=_each(parse_mood),
        help=f"Of this mood, or of one of several: {', '.join(MOODS)}; named from audio features.",
    ),
    *(click.option(f"--{name}", metavar="SPAN", callback=_feature, help=about) for name, about in _MEASURED.items()),
    click.option("--key", metavar="KEY", callback=_key, help="Am, F# minor, Bb major, G for either mode, or 8A."),
    click.option("--mode", type=click.Choice(list(_MODES)), help="Major or minor."),
    click.option("--time-signature", metavar="SPAN", callback=_feature, help="Beats in a bar, such as 3."),
    click.option(
        "--told-only",
        is_flag=True,
        help="Go by what was told of genres, countries and languages, and not by what is inferred.",
    ),
    click.option(
        "--keep-unknown",
        is_flag=True,
        help="Let songs come of which it is not known whether they keep the filters; without it they stay out, and are "
        "counted.",
    ),
)
