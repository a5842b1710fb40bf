"""How much is known of the songs here, and by what they can be told apart at all.

Imports sqlite3 alone, because suggesting must start fast.
"""

import sqlite3
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much is stored."""

    playlists: int
    tracks: int
    artists: int
    features: int
    """Tracks with audio features."""


@dataclass(frozen=True, slots=True)
class TellsApart:
    """Of which values anything is known, so that songs can be chosen by them."""

    years: bool
    explicit: bool


def sizes(connection: sqlite3.Connection) -> Sizes:
    """Count what a person would ask for first."""
    counts = connection.execute(
        """
        SELECT (SELECT count(*) FROM playlists), (SELECT count(*) FROM tracks), (SELECT count(*) FROM artists),
            (SELECT count(*) FROM audio_features)
        """
    ).fetchone()
    return Sizes(*counts)


def tells_apart(connection: sqlite3.Connection) -> TellsApart:
    """Tell of which values anything is known; where nothing is, every row is looked at."""
    years, explicit = connection.execute(
        """
        SELECT EXISTS (SELECT 1 FROM albums WHERE release_date IS NOT NULL),
            EXISTS (SELECT 1 FROM tracks WHERE explicit IS NOT NULL)
        """
    ).fetchone()
    return TellsApart(bool(years), bool(explicit))
