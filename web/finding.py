"""Words, ids and addresses that a person types, and the songs that they may mean."""

import sqlite3
from dataclasses import dataclass

from db.known_values import Sizes, sizes
from recommender import catalogue
from recommender.errors import SeedNotClear
from recommender.naming import raw_id
from recommender.searching import search, while_typing

SHOWN, TYPED, BEST_KNOWN = 20, 8, 8
LONGEST = 200
"""Letters that are read of what is asked for: nobody types more, and each word costs time."""
_LOOKED_AT = 60
"""So many of the best known songs are looked at for beginnings by different artists."""


@dataclass(frozen=True, slots=True)
class Hits:
    """Songs that were found, and what is to be said of it."""

    track_ids: tuple[str, ...] = ()
    said: tuple[str, ...] = ()


def hits(connection: sqlite3.Connection, text: str) -> Hits:
    """Find songs by an id, an address or words, best first."""
    if (named := _named(connection, text)) is not None:
        return named
    found = search(connection, text, SHOWN)
    return Hits(tuple(match.song.track_id for match in found.matches), found.notes)


def typed(connection: sqlite3.Connection, text: str) -> Hits:
    """Find songs by what was typed so far."""
    if (named := _named(connection, text)) is not None:
        return named
    return Hits(tuple(match.song.track_id for match in while_typing(connection, text, TYPED)))


def _named(connection: sqlite3.Connection, text: str) -> Hits | None:
    """Find the song that an id or an address names; None where the text is words."""
    try:
        track_id = raw_id(text)
    except SeedNotClear as error:
        return Hits((), (str(error),))
    if track_id is None:
        return None
    if catalogue.songs(connection, [track_id]):
        return Hits((track_id,))
    # A word of 22 letters looks like an id, and may still be a title.
    return None if track_id == text else Hits((), ("this song is not in your database: find it by its name",))


def welcome(connection: sqlite3.Connection) -> tuple[Sizes, tuple[str, ...]]:
    """Count what is known, and give some of the best known songs, each by another artist."""
    keys = next(catalogue.best_known(connection), [])[:_LOOKED_AT]
    begun: dict[tuple[str, ...], str] = {}
    for song in catalogue.songs_of_keys(connection, keys):
        begun.setdefault(song.artists[:1] or (song.track_id,), song.track_id)
    return sizes(connection), tuple(begun.values())[:BEST_KNOWN]
