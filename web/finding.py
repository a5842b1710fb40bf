"""Words, ids and addresses that a person types, and the songs that they may mean."""

import re
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from db.known_values import Sizes, sizes
from recommender import catalogue
from recommender.errors import SeedNotClear
from recommender.naming import raw_id
from recommender.searching import search, while_typing

SHOWN, TYPED, BEST_KNOWN = 20, 8, 8
LONGEST = 200
"""Letters that are read of what is asked for: nobody types more, and each word costs time."""
LONGEST_PASTED = 12_000
"""Letters of several addresses: what is copied out of a playlist."""
_MOST_SAID = 3
_BETWEEN = re.compile(r"[\s,;]+|(?<=\w)(?=https?://|spotify:)")
_ADDRESS = re.compile(r"https?://|spotify:")
_LOOKED_AT = 60
"""So many of the best known songs are looked at for beginnings by different artists."""


@dataclass(frozen=True, slots=True)
class Hits:
    """Songs that were found, and what is to be said of it."""

    track_ids: tuple[str, ...] = ()
    said: tuple[str, ...] = ()
    are_meant: bool = False
    """Whether the person named each of them, and several."""


def readable(text: str) -> str:
    """Give as much of what was typed or pasted as is read."""
    text = text.strip()[:LONGEST_PASTED]
    return text if _addresses(text) else text[:LONGEST]


def hits(connection: sqlite3.Connection, text: str) -> Hits:
    """Find songs by an id, an address or words, best first."""
    if addresses := _addresses(text):
        return _several(connection, addresses)
    if (named := _named(connection, text)) is not None:
        return named
    found = search(connection, text, SHOWN)
    return Hits(tuple(match.song.track_id for match in found.matches), found.notes)


def typed(connection: sqlite3.Connection, text: str) -> Hits:
    """Find songs by what was typed so far."""
    if addresses := _addresses(text):
        return Hits((), (f"{len(addresses)} links: press Enter to see where they lead",))
    if (named := _named(connection, text)) is not None:
        return named
    return Hits(tuple(match.song.track_id for match in while_typing(connection, text, TYPED)))


def _addresses(text: str) -> tuple[str, ...]:
    """Give the addresses of which a text is made, each once; nothing where it is one alone, or holds anything else."""
    parts = tuple(dict.fromkeys(filter(None, _BETWEEN.split(text.strip()))))
    return parts if len(parts) > 1 and all(map(_ADDRESS.match, parts)) else ()


def _several(connection: sqlite3.Connection, addresses: Iterable[str]) -> Hits:
    """Find the songs of several addresses, in their order, and say which lead to none."""
    ids, said = dict[str, None](), []
    for address in addresses:
        try:
            ids[raw_id(address) or address] = None
        except SeedNotClear as error:
            said.append(str(error))
    found = catalogue.songs(connection, [*ids])
    if missing := len(ids) - len(found):
        said.append(f"{missing:,} of {len(ids):,} are not in your database: find them by their names")
    return Hits(tuple(track_id for track_id in ids if track_id in found), tuple(said[-_MOST_SAID:]), bool(found))


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
