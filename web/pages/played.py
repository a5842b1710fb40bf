"""What a listener played, and what they said of songs, as a page shows it."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from recommender import catalogue
from recommender.catalogue import Heard, Thumb
from web.errors import NotUnderstood
from web.songs import Card, cards

ORDERS = ("last", "most")


@dataclass(frozen=True)
class Song:
    """One song that somebody played, or said something of."""

    card: Card
    plays: int
    day: str
    """When it was played last, or when something was said of it: 2026-11-22; empty where it is not known."""


def history(connection: sqlite3.Connection, name: str, order: str) -> list[Heard]:
    """Give what a listener played: what was played last first, or what was played most. Raises NotUnderstood."""
    if order not in ORDERS:
        raise NotUnderstood(f"what was played comes in one of these orders: {', '.join(ORDERS)}")
    told = catalogue.history(connection, name)[::-1]
    return told if order == "last" else sorted(told, key=lambda song: -song.count)


def shown(connection: sqlite3.Connection, told: Sequence[Heard], first: int, most: int) -> list[Song]:
    """Give some of what was played, with names."""
    part = told[first : first + most]
    known = {card.track_id: card for card in cards(connection, [song.track_id for song in part])}
    return [Song(known[song.track_id], song.count, _day(song.last_played_at)) for song in part]


def said(connection: sqlite3.Connection, name: str, *, liked: bool) -> list[Thumb]:
    """Give what a listener likes, or does not, the latest first."""
    return [thumb for thumb in catalogue.thumbs(connection, name) if thumb.liked == liked]


def named(connection: sqlite3.Connection, told: Sequence[Thumb], first: int, most: int) -> list[Song]:
    """Give some of what was said, with names; a song that is no longer here is left out."""
    part = {thumb.track_id: thumb for thumb in told[first : first + most]}
    return [Song(card, 0, _day(part[card.track_id].told_at)) for card in cards(connection, list(part))]


def _day(seconds: int) -> str:
    try:
        return datetime.fromtimestamp(seconds, UTC).date().isoformat() if seconds else ""
    except (ValueError, OverflowError, OSError):  # no calendar has it
        return ""
