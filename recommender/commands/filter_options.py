"""The options by which a person filters a list, the same for every command that makes one."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

from recommender.errors import FilterNotClear
from recommender.inferring.moods import MOODS, parse_mood
from recommender.lists.filter_words import (
    MODES,
    each_word,
    feature_span,
    genre_words,
    key_spans,
    refuse_barred,
    year_span,
)
from recommender.lists.filters import Filters, Span

_Command = TypeVar("_Command", bound=Callable[..., Any])
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
"""What is said of the audio features of filter_words.MEASURED."""


def filter_options(command: _Command) -> _Command:
    """Give a command the options of filters; filters_of() takes their values."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def filters_of(options: dict[str, Any]) -> Filters:
    """Take the values of filter_options out of a command's options. Raises click.UsageError."""
    told: dict[str, Span | None] = {name: options.pop(name) for name in (*_MEASURED, "time_signature")}
    try:
        keyed = key_spans(options.pop("key"), options.pop("mode"))
        filters = Filters(
            options.pop("explicit"),
            options.pop("year"),
            options.pop("genre"),
            options.pop("not_genre"),
            (*((name, span) for name, span in told.items() if span), *keyed),
            options.pop("keep_unknown"),
            options.pop("country"),
            options.pop("language"),
            options.pop("mood"),
            options.pop("told_only"),
        )
        refuse_barred(filters)
    except FilterNotClear as error:
        raise click.UsageError(str(error)) from error
    return filters


def _read(parse: Callable[..., Any], *told: Any) -> Any:
    """Read an option's text; what is not understood is the option's fault. Raises click.BadParameter."""
    try:
        return parse(*told)
    except FilterNotClear as error:
        raise click.BadParameter(str(error)) from error


def _year(_ctx: click.Context, _parameter: click.Parameter, text: str | None) -> Span | None:
    return None if text is None else _read(year_span, text)


def _feature(_ctx: click.Context, parameter: click.Parameter, text: str | None) -> Span | None:
    return None if text is None else _read(feature_span, str(parameter.name), text)


def _key(_ctx: click.Context, _parameter: click.Parameter, text: str | None) -> str | None:
    if text is not None:
        _read(key_spans, text, None)
    return text


def _genres(_ctx: click.Context, _parameter: click.Parameter, texts: tuple[str, ...]) -> tuple[str, ...]:
    genres: tuple[str, ...] = _read(genre_words, texts)
    return genres


def _each(parse: Callable[[str], str]) -> Callable[..., tuple[str, ...]]:
    """Read every word of an option that may be given several times, or hold several with commas between them."""

    def read(_ctx: click.Context, _parameter: click.Parameter, texts: tuple[str, ...]) -> tuple[str, ...]:
        words: tuple[str, ...] = _read(each_word, parse, texts)
        return words

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
    click.option("--mode", type=click.Choice(list(MODES)), help="Major or minor."),
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
