"""Songs with the chance that a person likes them, as other lists hold songs."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan

from recommender import catalogue
from recommender.answers import Suggestion
from recommender.catalogue import SongRow
from recommender.lists.sound_files import paths
from recommender.taste.opening import Taste
from recommender.taste.report_table import warnings

MODEL = "your taste"
NOT_KNOWN = "it is not known how it sounds"
_SUREST = 99
"""Nothing that was learned from a few songs is certain."""


def percent(chance: float) -> str:
    """Write a chance as people say it: "83 %"."""
    return f"{min(max(round(100 * chance), 100 - _SUREST), _SUREST)} %"


def wished(chance: float) -> str:
    """Write a chance that somebody asks for, as they asked for it: "100 %", "99.5 %"."""
    return f"{100 * chance:.4g} %"


@dataclass(frozen=True)
class Judged:
    """A song with what the taste makes of it."""

    song: SongRow
    heard_as: str
    """The raw id of the track by which it was judged: its own, or that of another copy of the recording."""
    chance: float
    """NaN where it is not known how it sounds."""


def suggestions(
    connection: sqlite3.Connection, taste: Taste, judged: Sequence[Judged], *, against: bool = False
) -> tuple[Suggestion, ...]:
    """Tell of each song how likely it is to be liked, and what speaks for it, or against it."""
    reasons = taste.reasons(connection, [one.heard_as for one in judged], against=against)
    files = paths(connection, [one.song for one in judged])
    return tuple(_suggestion(one, why, path) for one, why, path in zip(judged, reasons, files, strict=True))


def notes(taste: Taste) -> tuple[str, ...]:
    """Say what a person has to know before they believe it."""
    return tuple(warnings(taste.report))


def songs_of(connection: sqlite3.Connection, track_ids: Sequence[str]) -> list[SongRow]:
    """Read songs in the order of their ids."""
    known = catalogue.songs(connection, track_ids)
    return [known.get(track_id) or catalogue.stranger(track_id) for track_id in track_ids]


def _suggestion(judged: Judged, why: Sequence[str], path: str) -> Suggestion:
    song, chance = judged.song, None if isnan(judged.chance) else judged.chance
    return Suggestion(
        song.track_id,
        song.name,
        song.artists,
        chance,
        MODEL,
        (NOT_KNOWN,) if chance is None else (f"you would like it: {percent(chance)}", *why),
        album=song.album,
        duration_ms=song.duration_ms,
        path=path,
    )
