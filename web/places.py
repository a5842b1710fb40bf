"""The songs to go by, and those to keep away from, as rows that can be removed and put elsewhere. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from web.asking import Words
from web.songs import Card

_MOST_MOVED = 50
"""Each move is an address that names all songs, so that a page of 200 with two moves each had megabytes."""


@dataclass(frozen=True, slots=True)
class Place:
    """One of several songs in their order, and what the order is without it, or with it elsewhere."""

    track_id: str
    name: str
    artists: tuple[str, ...]
    is_here: bool
    """Whether the database has it."""
    without: Words
    earlier: Words | None
    """None for the first, and where there are very many."""
    later: Words | None
    """None for the last, and where there are very many."""


def places(track_ids: Sequence[str], cards: Mapping[str, Card]) -> list[Place]:
    """Give a row for each of these songs, those that are not here included, so that they can be removed."""
    ids = tuple(dict.fromkeys(track_ids))
    can_move = len(ids) <= _MOST_MOVED
    rows = []
    for number, track_id in enumerate(ids):
        card = cards.get(track_id)
        rows.append(
            Place(
                track_id,
                card.name if card else track_id,
                card.artists if card else ("not in this database",),
                card is not None,
                ids[:number] + ids[number + 1 :],
                _swapped(ids, number - 1) if number and can_move else None,
                _swapped(ids, number) if number + 1 < len(ids) and can_move else None,
            )
        )
    return rows


def _swapped(ids: Words, number: int) -> Words:
    """Let a song and the one behind it change places."""
    return (*ids[:number], ids[number + 1], ids[number], *ids[number + 2 :])
