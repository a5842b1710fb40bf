"""Which of the seeds a model knows, itself or in another version, and which no playlist holds."""

import sqlite3
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from recommender import catalogue
from recommender.vocabulary import NOT_FOUND

if TYPE_CHECKING:
    from recommender.catalogue import SongRow
    from recommender.scored import Loaded


LOOKED_UP = 25
"""Of so many seeds, the last ones, other versions are looked up; more would take longer than they tell."""


class Understood(NamedTuple):
    """The seeds as one model knows them."""

    numbers: np.ndarray
    """int32, one for each seed: the track that speaks for it, NOT_FOUND where none does."""
    silent: np.ndarray
    """int32: numbers of seeds that say nothing themselves, but are not to be suggested either."""
    unknown: tuple[str, ...]
    """Seeds that are not in the vocabulary, and for which nothing speaks."""
    cold: tuple[str, ...]
    """Seeds that the database holds, and for which nothing speaks."""
    by_version: tuple[str, ...]
    """Seeds for which another version speaks, that is not only the same track under another id."""


def understood(connection: sqlite3.Connection, by: "Loaded", wanted: Sequence[str]) -> Understood:
    """Look the seeds up: by their id, or by that of the same song, or of another version of it."""
    named = by.vocabulary.numbers(wanted)
    numbers, lost = named.copy(), np.flatnonzero(~by.knows(named))
    numbers[lost] = NOT_FOUND
    songs = catalogue.songs(connection, [wanted[place] for place in lost.tolist()])
    by_version = []
    for place in lost.tolist():
        if song := songs.get(wanted[place]):
            numbers[place], is_itself = _version(connection, by, song, is_late=place >= len(wanted) - LOOKED_UP)
            if numbers[place] != NOT_FOUND and not is_itself:
                by_version.append(wanted[place])
    silent = np.flatnonzero(numbers == NOT_FOUND).tolist()
    return Understood(
        numbers,
        named[(numbers != named) & (named != NOT_FOUND)],
        tuple(wanted[place] for place in silent if named[place] == NOT_FOUND),
        tuple(wanted[place] for place in silent if wanted[place] in songs),
        tuple(by_version),
    )


def _version(connection: sqlite3.Connection, by: "Loaded", song: "SongRow", *, is_late: bool) -> tuple[int, bool]:
    """Give the number of a version that the model knows, and whether it is the track itself at Spotify."""
    found = _known(by, catalogue.same_song(connection, song))
    # What is spelt alike is found at once; what is called another version is not.
    if found is None and is_late:
        found = _known(by, catalogue.other_versions(connection, song, by_words=by.by_words))
    return (NOT_FOUND, False) if found is None else (found[0], found[1] == song.linked_id)


def _known(by: "Loaded", track_ids: Sequence[str]) -> tuple[int, str] | None:
    """Give the first of these tracks that the model knows: its number and its id."""
    numbers = by.vocabulary.numbers(track_ids)
    known = np.flatnonzero(by.knows(numbers))
    return (int(numbers[known[0]]), track_ids[known[0]]) if len(known) else None
