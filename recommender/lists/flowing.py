"""How a playlist flows, and an order in which it flows better, however long it is."""

import sqlite3
from collections.abc import Hashable, Sequence, Set

from recommender import catalogue
from recommender.lists.order import Sound, smooth, total

STRETCH = 150
"""So many songs are put in order at once: the time grows with the square, and a long playlist keeps its course."""
_AT_ONCE = 500
"""So many songs are weighed against each other at once, which takes memory by the square."""
_KEY, _MODE, _TEMPO, _ENERGY = (catalogue.SOUND.index(name) for name in ("key", "mode", "tempo", "energy"))


def sounds_of(connection: sqlite3.Connection, track_ids: Sequence[str]) -> list[Sound]:
    """Tell how songs sound; Sound() where nothing is known."""
    told = catalogue.sounds(connection, list(dict.fromkeys(track_ids)))
    return [_sound(told[track_id]) if track_id in told else Sound() for track_id in track_ids]


def flowing(sounds: Sequence[Sound], artists: Sequence[Set[Hashable] | tuple[Hashable, ...]]) -> list[int]:
    """Give the places of songs in an order that flows, stretch after stretch, each going on from the one before."""
    order: list[int] = []
    for first in range(0, len(sounds), STRETCH):
        after = sounds[order[-1]] if order else None
        stretch = slice(first, first + STRETCH)
        order += [first + place for place in smooth(sounds[stretch], artists[stretch], after)]
    return order


def mean_roughness(sounds: Sequence[Sound]) -> float | None:
    """Tell how rough the transitions are from each song to the next, on the mean, 0 to 1; None without any."""
    if len(sounds) < 2:
        return None
    steps = range(0, len(sounds) - 1, _AT_ONCE)
    parts = [sounds[first : first + _AT_ONCE + 1] for first in steps]
    return sum(total(part, range(len(part))) for part in parts) / (len(sounds) - 1)


def _sound(values: Sequence[float | None]) -> Sound:
    key, mode = values[_KEY], values[_MODE]
    return Sound(
        None if key is None else int(key), None if mode is None else int(mode), values[_TEMPO], values[_ENERGY]
    )
