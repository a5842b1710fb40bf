"""What a person lets into a list: explicit or clean, years, genres, countries, languages, moods, audio features. Pure.

A filter is a promise: what is not known to keep it is left out, and counted by the value that is not known, unless
`keep_unknown` lets it come. What is known to break it never comes.
"""

import math
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from recommender.errors import FilterNotClear
from recommender.inferring.moods import is_of_mood
from recommender.models.title_words import title_words

if TYPE_CHECKING:
    from recommender.catalogue import SongFacts

PASS, FAIL = "pass", "fail"
INFERABLE = frozenset({"genre", "country", "language"})
"""What is inferred where nobody told it; a mood always is, from the features."""
FURTHER = "further_genre"
"""How a genre that is inferred beside the told ones is marked."""
YEARS = (1000, 2999)
RANGES: Mapping[str, tuple[float, float]] = {
    "tempo": (0, 300),
    "energy": (0, 1),
    "danceability": (0, 1),
    "valence": (0, 1),
    "acousticness": (0, 1),
    "instrumentalness": (0, 1),
    "speechiness": (0, 1),
    "liveness": (0, 1),
    "loudness": (-60, 10),
    "key": (0, 11),
    "mode": (0, 1),
    "time_signature": (1, 9),
}
"""From where to where each audio feature goes, in Spotify's units."""
MEASURES: Mapping[str, tuple[float, float]] = {"duration_ms": (0, math.inf), "popularity": (0, 100)}
"""The same of what else is measured of a track."""

_NUMBER = r"[+-]?(?:\d+(?:\.\d+)?|\.\d+)"
_FROM_TO = re.compile(rf"\s*({_NUMBER})?\s*\.\.\s*({_NUMBER})?\s*")
_WITH_A_DASH = re.compile(rf"\s*({_NUMBER.removeprefix('[+-]?')})\s*[-\N{{EN DASH}}]\s*({_NUMBER})\s*")
_ONE = re.compile(rf"\s*({_NUMBER})\s*")
_SMALL_WORDS = frozenset({"and", "n"})


@dataclass(frozen=True, slots=True)
class Span:
    """Numbers from one to another, both of them included; None is open. Raises FilterNotClear."""

    low: float | None = None
    high: float | None = None

    def __post_init__(self) -> None:
        told = [bound for bound in (self.low, self.high) if bound is not None]
        if not told or not all(map(math.isfinite, told)):
            raise FilterNotClear("a span needs a number to begin or to end with, such as 110..130, 110.. or ..130")
        if told[0] > told[-1]:
            raise FilterNotClear(f"nothing is from {told[0]:g} to {told[-1]:g}: say {told[-1]:g}..{told[0]:g}")

    def __contains__(self, value: float) -> bool:
        return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)

    def refuse_beyond(self, name: str, low: float, high: float) -> None:
        """Make sure that it lies within what there is of a value; raises FilterNotClear, which says the range."""
        for bound in (self.low, self.high):
            if bound is not None and not low <= bound <= high:
                raise FilterNotClear(f"{bound:g} is no {name.replace('_', ' ')}: it goes from {low:g} to {high:g}")


def parse_span(text: str) -> Span:
    """Read 1990..1999, 0.7.., ..110, 110-130 or 1994, which is 1994..1994. Raises FilterNotClear."""
    if one := _ONE.fullmatch(text):
        return Span(float(one[1]), float(one[1]))
    found = _FROM_TO.fullmatch(text) or _WITH_A_DASH.fullmatch(text)
    if not found:
        raise FilterNotClear(f'"{text}" is no span: write 110..130, 110.. for that and more, ..130 for that and less')
    low, high = (float(bound) if bound else None for bound in found.groups())
    return Span(low, high)


@dataclass(frozen=True, slots=True)
class Filters:
    """What a song has to be; false where it asks for nothing. Raises FilterNotClear for what no song can be."""

    explicit: bool | None = None
    """True: explicit songs alone; False: none of them."""
    year: Span | None = None
    """In which the album came out."""
    genres: tuple[str, ...] = ()
    """A song has to be of one of them."""
    not_genres: tuple[str, ...] = ()
    """And of none of these, whatever else it is."""
    audio: tuple[tuple[str, Span], ...] = ()
    """Audio features by name (RANGES), as they are stored: a tempo of 60 is not one of 120."""
    keep_unknown: bool = False
    """Whether songs may come of which it is not known whether they are so."""
    countries: tuple[str, ...] = ()
    """In two letters (recommender.inferring.countries); a song has to be from one of them."""
    languages: tuple[str, ...] = ()
    """In two letters (recommender.inferring.languages); it has to be in one of them."""
    moods: tuple[str, ...] = ()
    """By their names (recommender.inferring.moods); it has to be of one of them."""
    told_only: bool = False
    """Whether only what was told counts, and not what is inferred of genres, countries and languages."""
    measures: tuple[tuple[str, Span], ...] = ()
    """How long and how popular it is (MEASURES)."""

    def __post_init__(self) -> None:
        if self.year:
            self.year.refuse_beyond("year", *YEARS)
        for spans, ranges, what in ((self.audio, RANGES, "audio feature"), (self.measures, MEASURES, "measure")):
            for name, span in spans:
                if name not in ranges:
                    raise FilterNotClear(f"there is no {what} {name}: there are {', '.join(ranges)}")
                span.refuse_beyond(name, *ranges[name])
        if self.told_only and self.moods:
            raise FilterNotClear("no mood is told of any song, each is named from features: ask for one of the two")
        for genre in (*self.genres, *self.not_genres):
            if not _words(genre):
                raise FilterNotClear(f'"{genre}" names no genre: it holds no word')

    def __bool__(self) -> bool:
        return self.explicit is not None or bool(self.year or self.audio or self.measures or self.moods or self.asks)

    @property
    def asks(self) -> tuple[str, ...]:
        """Give the values of INFERABLE that have to be known of songs."""
        asked = {"genre": self.genres or self.not_genres, "country": self.countries, "language": self.languages}
        return tuple(value for value, wanted in asked.items() if wanted)


def verdict(filters: Filters, facts: "SongFacts") -> str:
    """Tell whether a song keeps the filters: PASS, FAIL, or the name of the first value that is not known to."""
    unknown = []
    for name, kept in _kept(filters, facts):
        if kept is False:
            return FAIL
        if kept is None:
            unknown.append(name)
    return unknown[0] if unknown and not filters.keep_unknown else PASS


def _kept(filters: Filters, facts: "SongFacts") -> list[tuple[str, bool | None]]:
    """Tell of each value that is asked for whether it is as it should be; None: it is not known."""
    kept: list[tuple[str, bool | None]] = []
    if filters.explicit is not None:
        kept.append(("explicit", None if facts.explicit is None else facts.explicit == filters.explicit))
    if filters.year:
        kept.append(("year", None if facts.year is None else facts.year in filters.year))
    if filters.genres or filters.not_genres:
        kept.append(("genre", _is_of(filters, (*facts.genres, *facts.further)) if facts.genres else None))
    if filters.countries:
        kept.append(("country", None if facts.country is None else facts.country in filters.countries))
    if filters.languages:
        kept.append(("language", None if facts.language is None else facts.language in filters.languages))
    if filters.moods:
        kept.append(("mood", is_of_mood(facts.audio, filters.moods)))
    measured = facts.measured if filters.measures else facts.audio
    for name, span in (*filters.audio, *filters.measures):
        value = measured.get(name)
        kept.append((name, None if value is None else value in span))
    return kept


def _is_of(filters: Filters, genres: tuple[str, ...]) -> bool:
    if any(is_called(asked, genre) for asked in filters.not_genres for genre in genres):
        return False
    return not filters.genres or any(is_called(asked, genre) for asked in filters.genres for genre in genres)


@lru_cache(16_384)
def is_called(asked: str, genre: str) -> bool:
    """Tell whether the words stand in the genre, one after the other; "hiphop" and "hip hop" are the same."""
    letters, words = "".join(_words(asked)), _words(genre)
    places = range(len(words) + 1)
    return any("".join(words[start:end]) == letters for end in places for start in places[:end])


def _words(genre: str) -> tuple[str, ...]:
    """Fold a genre: "Hip-Hop" is "hip hop", "R&B" is "rnb", "drum & bass" is "drum and bass"."""
    words = title_words(genre)
    return tuple(word for word in words if word not in _SMALL_WORDS) or tuple(words)


def genre_not_here(filters: Filters, known: Collection[str]) -> str | None:
    """Say which genre that is asked for no song here has, and which ones are near; None where all are there."""
    from difflib import get_close_matches  # most lists need none

    for asked in filters.genres:
        if not any(is_called(asked, genre) for genre in known):
            near = get_close_matches(" ".join(_words(asked)), known, 3) or sorted(known, key=len)[:5]
            are = "is" if len(near) == 1 else "are"
            there = f"; there {are} {', '.join(near)}" if near else ": import playlists or tables that tell genres"
            return f'of no song here the genre "{asked}" is told{there}'
    return None


def told(counts: Mapping[str, int]) -> list[str]:
    """Say how many songs were left out for what is not known of them, one sentence for each value.

    counts: how often verdict() gave what it gave; PASS and FAIL are passed over.
    """
    sentences = []
    for name, count in counts.items():
        if count and name not in (PASS, FAIL):
            tracks, them = ("track", "it") if count == 1 else ("tracks", "them")
            why = f"whose {name.replace('_', ' ')} is not known"
            if name == "explicit":
                why = "of which it is not known whether explicit"
            sentences.append(f"left out {count:,} {tracks} {why} (--keep-unknown lets {them} come)")
    return sentences
