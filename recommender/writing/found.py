"""What a search found as a table for people, or as JSON for programs. Pure."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

from recommender.inferring.country_words import NAMES
from recommender.inferring.languages import LANGUAGES
from recommender.inferring.moods import moods_of
from recommender.lines import cut, one_line
from recommender.lists.filters import FURTHER, Filters
from recommender.lists.sorting import Sort
from recommender.writing.output import columns

if TYPE_CHECKING:
    from recommender.catalogue import SongFacts
    from recommender.naming import Match

_GENRES = 3
_KEYS = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")
_COLUMNS: Mapping[str, Callable[["Match", "SongFacts"], str]] = {
    "genre": lambda _match, facts: _genres(facts),
    "country": lambda _match, facts: _marked(NAMES.get(facts.country or "", ""), facts, "country"),
    "language": lambda _match, facts: _marked(LANGUAGES.get(facts.language or "", ""), facts, "language"),
    "mood": lambda _match, facts: ", ".join(moods_of(facts.audio)),
    "year": lambda _match, facts: str(facts.year or ""),
    "explicit": lambda _match, facts: {True: "yes", False: "no", None: ""}[facts.explicit],
    "popularity": lambda _match, facts: "" if facts.popularity is None else str(facts.popularity),
    "length": lambda match, _facts: _minutes(match.song.duration_ms),
    "key": lambda _match, facts: _KEYS[int(facts.audio["key"])] if "key" in facts.audio else "",
    "mode": lambda _match, facts: {1: "major", 0: "minor"}.get(int(facts.audio.get("mode", -1)), ""),
}
"""What a column says of a song, by its head; those of audio features that are not here say their number."""
_ALWAYS = frozenset({"title", "artist", "playlists"})


def asked_columns(filters: Filters, sort: Sort | None) -> tuple[str, ...]:
    """Name the columns that stand beside the usual ones: what was sorted by, then what was filtered by."""
    asked = {"explicit": filters.explicit is not None, "year": filters.year, "mood": filters.moods}
    named = [
        *([sort.by] if sort else []),
        *filters.asks,
        *(name for name, wanted in asked.items() if wanted),
        *(name for name, _ in filters.audio),
    ]
    return tuple(name for name in dict.fromkeys(named) if name not in _ALWAYS)


def table(matches: Sequence["Match"], facts: Mapping[str, "SongFacts"], shown: Sequence[str]) -> str:
    """Set what was found in a table. facts: by raw id, where any columns are shown beside the usual ones."""
    from recommender.catalogue import title_line

    rows = [("title · artists", "album", *(name.replace("_", " ") for name in shown), "versions", "playlists", "id")]
    for match in matches:
        told = [_cell(name, match, facts[match.song.track_id]) for name in shown]
        title, album = cut(title_line(match.song), 64), cut(one_line(match.song.album), 32)
        rows.append((title, album, *told, str(match.versions), str(match.playlists), match.song.track_id))
    numbers = {2 + place for place, name in enumerate(shown) if name not in _COLUMNS or name in ("year", "length")}
    return columns(rows, right=frozenset({*numbers, 2 + len(shown), 3 + len(shown)}))


def as_json_list(matches: Sequence["Match"], facts: Mapping[str, "SongFacts"]) -> str:
    """Write what was found as a JSON list. facts: by raw id."""
    return json.dumps([as_object(match, facts[match.song.track_id]) for match in matches])


def as_object(match: "Match", facts: "SongFacts") -> dict[str, object]:
    """Give one song that was found as plain values for JSON."""
    moods = moods_of(facts.audio)
    return {
        **asdict(match.song),
        "playlists": match.playlists,
        "versions": match.versions,
        "year": facts.year,
        "explicit": facts.explicit,
        "popularity": facts.popularity,
        "genres": facts.genres,
        "further_genres": facts.further,
        "country": facts.country,
        "language": facts.language,
        "moods": moods,
        "features": dict(facts.audio),
        "inferred": {**facts.inferred, **({"mood": "audio features"} if moods else {})},
    }


def _cell(name: str, match: "Match", facts: "SongFacts") -> str:
    if name in _COLUMNS:
        return one_line(_COLUMNS[name](match, facts))
    return f"{facts.audio[name]:.4g}" if name in facts.audio else ""


def _genres(facts: "SongFacts") -> str:
    told = _marked(", ".join(facts.genres[:_GENRES]), facts, "genre")
    return f"{told}; {_marked(', '.join(facts.further), facts, FURTHER)}" if facts.further else told


def _marked(value: str, facts: "SongFacts", name: str) -> str:
    return f"{value} (inferred from {facts.inferred[name]})" if value and name in facts.inferred else value


def _minutes(milliseconds: int | None) -> str:
    if milliseconds is None:
        return ""
    minutes, seconds = divmod(round(milliseconds / 1000), 60)
    return f"{minutes}:{seconds:02d}"
