"""Which songs of a playlist a person would skip. The playlist itself is only read."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan, nan

from recommender import catalogue
from recommender.answers import Suggestion
from recommender.catalogue import SongRow
from recommender.errors import NothingToContinue
from recommender.lines import one_line
from recommender.lists.continuing import Listed
from recommender.lists.versions import kin
from recommender.taste.judged import Judged, songs_of, suggestions
from recommender.taste.opening import Taste


@dataclass(frozen=True)
class Cleaned:
    """The songs of a playlist, told apart."""

    skipped: tuple[Suggestion, ...]
    """The least likely to be liked first."""
    liked: tuple[Suggestion, ...]
    """The likeliest first."""
    unknown: tuple[Suggestion, ...]
    """Those of which it is not known how they sound, in the playlist's order; they stay."""
    kept: tuple[Suggestion, ...]
    """The liked and the unknown ones in the playlist's order."""


@dataclass(frozen=True)
class Apart:
    """The songs of a playlist, told apart and no more: to say why takes longer, and a page shows few."""

    skipped: tuple[Judged, ...]
    """The least likely to be liked first."""
    kept: tuple[Judged, ...]
    """The others in the playlist's order."""

    @property
    def unknown(self) -> int:
        """Of so many of those that are kept it is not known how they sound."""
        return sum(isnan(one.chance) for one in self.kept)


def clean(connection: sqlite3.Connection, taste: Taste, listed: Listed, threshold: float) -> Cleaned:
    """Tell the songs of a playlist apart by the chance from which on they stay, and say of each why.

    Raises NothingToContinue where of none of them it is known how they sound.
    """
    apart = tell_apart(connection, taste, listed, threshold)
    skipped = suggestions(connection, taste, apart.skipped, against=True)
    kept = suggestions(connection, taste, apart.kept)
    liked = sorted((one for one in kept if one.score is not None), key=_chance, reverse=True)
    unknown = tuple(one for one in kept if one.score is None)
    return Cleaned(skipped, tuple(liked), unknown, kept)


def tell_apart(connection: sqlite3.Connection, taste: Taste, listed: Listed, threshold: float) -> Apart:
    """Tell the songs of a playlist apart, as clean() does, without reasons. Raises NothingToContinue."""
    judged = _judged(connection, taste, songs_of(connection, listed.track_ids))
    if all(isnan(one.chance) for one in judged):
        raise NothingToContinue(
            f'of no song of "{one_line(listed.name)}" it is known how it sounds, so none can be judged: run '
            "`segue features`, or import a table with audio features"
        )
    skipped = sorted((one for one in judged if one.chance < threshold), key=lambda one: one.chance)
    return Apart(tuple(skipped), tuple(one for one in judged if not one.chance < threshold))  # NaN is not below it


def _judged(connection: sqlite3.Connection, taste: Taste, songs: Sequence[SongRow]) -> list[Judged]:
    """Judge songs, by another copy of the recording where it is not known how this one sounds."""
    chances = taste.chances(connection, [song.track_id for song in songs]).tolist()
    return [
        _as_a_copy(connection, taste, song) if isnan(chance) else Judged(song, song.track_id, chance)
        for song, chance in zip(songs, chances, strict=True)
    ]


def _as_a_copy(connection: sqlite3.Connection, taste: Taste, song: SongRow) -> Judged:
    """Judge a song by a track that sounds as it does: a remaster is one, and a concert none."""
    others = songs_of(connection, catalogue.other_versions(connection, song, by_words=False))
    same = [one.track_id for one in others if kin(catalogue.title_of(song), catalogue.title_of(one)) == "same"]
    for track_id, chance in zip(same, taste.chances(connection, same).tolist(), strict=True):
        if not isnan(chance):
            return Judged(song, track_id, chance)
    return Judged(song, song.track_id, nan)


def _chance(one: Suggestion) -> float:
    assert one.score is not None
    return one.score
