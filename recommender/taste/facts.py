"""What the database knows of songs that somebody told a taste by."""

import sqlite3
from collections.abc import Sequence

import numpy as np

from recommender import catalogue
from recommender.taste.rows import HEARD, Songs

_AT_ONCE = 2_000


def songs_of(connection: sqlite3.Connection, track_ids: Sequence[str], *, genres: bool = True) -> Songs:
    """Read what is known of tracks; one that has a twin at Spotify sounds as that does. genres: whether they count."""
    parts = [
        _block(connection, track_ids[first : first + _AT_ONCE], genres) for first in range(0, len(track_ids), _AT_ONCE)
    ]
    told = [row for part in parts for row in part]
    numbers = np.array([row[2] for row in told], np.float64).reshape(len(told), len(HEARD) + 3)
    return Songs(
        tuple(track_ids),
        tuple(row[0] for row in told),
        numbers[:, 3:],
        numbers[:, 0],
        numbers[:, 1],
        numbers[:, 2],
        tuple(row[1] for row in told),
    )


def _block(
    connection: sqlite3.Connection, track_ids: Sequence[str], genres: bool
) -> list[tuple[str, tuple[str, ...], list[float]]]:
    """Give artist, genres and numbers of each track: year, minutes, popularity, and how it sounds."""
    known = catalogue.songs(connection, track_ids)
    twin = {track_id: song.linked_id or track_id for track_id, song in known.items()}
    wanted = list(dict.fromkeys(twin.get(track_id, track_id) for track_id in track_ids))
    facts = catalogue.song_facts(connection, wanted, genres=genres)
    popular = catalogue.popularities(connection, wanted)
    rows = []
    for track_id in track_ids:
        song, there = known.get(track_id), twin.get(track_id, track_id)
        fact = facts[there]
        year = float("nan") if fact.year is None else fact.year
        minutes = float("nan") if song is None or not song.duration_ms else song.duration_ms / 60_000
        sounds = [fact.audio.get(name, float("nan")) for name in HEARD]
        artist = catalogue.normal_artist(song.artists[0]) if song and song.artists else track_id
        rows.append((artist, fact.genres, [year, minutes, popular.get(there, float("nan")), *sounds]))
    return rows
