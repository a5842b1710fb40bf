"""The filters in words that a person would choose, with the spans that they stand for. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from recommender.inferring.moods import MOODS
from recommender.lists.filter_words import MODES
from web.asking import Asking
from web.errors import NotUnderstood

FILTERS = (
    "year", "genre", "not_genre", "country", "language", "mood", "tempo", "energy", "danceability", "valence",
    "acousticness", "instrumentalness", "speechiness", "liveness", "loudness", "key", "mode", "time_signature",
    "explicit", "keep_unknown", "told_only",
)  # fmt: skip
"""The fields of Asking that let songs in or keep them out."""
MOOD_NAMES = tuple(MOODS)
LENGTHS, CAPS = (10, 20, 30, 50, 100), (1, 2, 3, 5, 10)
YEARS = (
    ("..1959", "the fifties and before"), ("1960..1969", "the sixties"), ("1970..1979", "the seventies"),
    ("1980..1989", "the eighties"), ("1990..1999", "the nineties"), ("2000..2009", "the noughties"),
    ("2010..2019", "the tens"), ("2020..", "the twenties"),
)  # fmt: skip
TEMPOS = (("..90", "slow"), ("90..115", "a walk"), ("115..135", "a dance"), ("135..", "fast"))


@dataclass(frozen=True, slots=True)
class Field:
    """One filter with what can be chosen of it."""

    name: str
    called: str
    choices: tuple[tuple[str, str], ...]
    """(value in an address, what a person reads)."""


_SOUND: Mapping[str, tuple[str, tuple[tuple[str, str], ...]]] = {
    "energy": ("Energy", (("..0.4", "quiet"), ("0.4..0.7", "in between"), ("0.7..", "full of it"))),
    "valence": ("Feeling", (("..0.35", "sad"), ("0.35..0.65", "in between"), ("0.65..", "cheerful"))),
    "danceability": ("For dancing", (("..0.5", "not much"), ("0.5..0.7", "somewhat"), ("0.7..", "made for it"))),
    "acousticness": ("Instruments", (("..0.2", "electric"), ("0.2..0.6", "both"), ("0.6..", "acoustic"))),
    "instrumentalness": ("Voice", (("..0.5", "somebody sings"), ("0.5..", "nobody sings"))),
    "speechiness": ("Speech", (("..0.33", "music"), ("0.33..0.66", "much of it, as in rap"), ("0.66..", "all talk"))),
    "liveness": ("Recorded", (("..0.8", "in a studio"), ("0.8..", "before an audience"))),
    "loudness": ("Loudness", (("..-12", "soft"), ("-12..-7", "in between"), ("-7..", "loud"))),
    "mode": ("Major or minor", tuple((mode, mode) for mode in MODES)),
    "time_signature": ("Beats in a bar", (("3", "three, as in a waltz"), ("4", "four"), ("5", "five"), ("7", "seven"))),
}


def sound_fields(asking: Asking) -> list[Field]:
    """Give the filters of how songs sound; a span of one's own, which an address may hold, is a choice too."""
    return [Field(name, called, _with(getattr(asking, name), known)) for name, (called, known) in _SOUND.items()]


def amounts(usual: tuple[int, ...], asked: int) -> list[int]:
    """Give the usual numbers, and the one that is asked for."""
    return sorted({*usual, asked})


def asks_of_songs(asking: Asking) -> bool:
    """Tell whether any filter is set."""
    return any(getattr(asking, name) not in (None, (), False) for name in FILTERS)


def without_filters(asking: Asking) -> Asking:
    """Ask the same of all songs."""
    return asking.model_copy(update={name: Asking.model_fields[name].default for name in FILTERS})


def needs_sounds(asking: Asking) -> bool:
    """Tell whether a filter is set that goes by how songs sound."""
    try:
        filters = asking.filters
    except NotUnderstood:
        return False
    return bool(filters.audio or filters.moods)


def _with(asked: str | None, known: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    own = ((asked, asked),) if asked and asked not in dict(known) else ()
    return (*known, *own)
