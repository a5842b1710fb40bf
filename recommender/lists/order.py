"""An order that flows: songs put so that key, tempo and energy change little from each to the next. Pure."""

from collections.abc import Hashable, Sequence, Set
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from recommender.lists.camelot import steps
from recommender.lists.touring import EXACT, exact, toured

KEY_COSTS = (0.0, 0.1, 0.5, 1.0)
"""By steps on the Camelot wheel: the same; the next hour or the relative key, which all mix; two steps, which some do
(the diagonal, or the lift of two hours); and from three on what clashes."""
TEMPO_SPAN = 0.25
"""Tempi that differ by this share, or more, are as far apart as tempi can be."""
HALF_TIME = 0.2
"""What counting one song in half or double time costs: as much as tempi that differ by 5 %."""
ENERGY_SPAN = 0.5
"""Energies that differ so much, or more, are as far apart as they can be."""
UNKNOWN = (0.75, 0.7, 0.4)
"""What key, tempo and energy cost where one of them is not known: about the mean of any two songs, so that a song of
which nothing is known neither draws others to it nor drives them away."""
_UNIT = 1_000_000
"""Roughness is added up in millionths, as whole numbers: what is equally rough is equal to the last bit."""


@dataclass(frozen=True, slots=True)
class Sound:
    """What a transition is judged by, in Spotify's units; None for what is not known."""

    key: int | None = None
    """Pitch class, 0 = C; -1 = not found."""
    mode: int | None = None
    """1 = major, 0 = minor."""
    tempo: float | None = None
    """Beats a minute."""
    energy: float | None = None
    """0 to 1."""


def roughness(a: Sound, b: Sound) -> float:
    """Tell how rough the transition from one song to another is, either way: from 0, not at all, to 1."""
    return float(_table([a, b])[0, 1])


def total(sounds: Sequence[Sound], order: Sequence[int]) -> float:
    """Add up the roughness of the transitions in an order."""
    table = _table(sounds)
    return float(sum(table[a, b] for a, b in pairwise(order)))


def smooth(
    sounds: Sequence[Sound], artists: Sequence[Set[Hashable] | tuple[Hashable, ...]], after: Sound | None = None
) -> list[int]:
    """Put songs, which are given best first, in the order whose transitions are the least rough in sum.

    First of all it brings as few songs of one artist next to each other as it can. Any song may be the first; after: of
    the song that was heard before, from which the first transition leads. Of orders that are equally smooth the one
    with better songs first is taken, so that songs of which nothing is known stay as they are. Up to EXACT songs the
    order is the best there is; of more it is the best found by improving several. Gives the places in sounds.
    """
    heard = [] if after is None else [after]
    costs = np.rint(_UNIT * _table([*heard, *sounds])).astype(np.int64)
    # More than all transitions together can cost.
    costs[len(heard) :, len(heard) :] += share_one(artists) * (_UNIT * len(sounds) + 1)
    anchored = after is not None
    found = exact(costs, anchored) if len(costs) <= EXACT else toured(costs, anchored)
    return _twins_in_order([place - len(heard) for place in found[len(heard) :]], sounds, artists)


def _table(sounds: Sequence[Sound]) -> np.ndarray:
    """Give the roughness between all pairs: float64, shape (sounds, sounds), the same both ways."""
    parts = np.array([_key_costs(sounds), _tempo_costs(sounds), _energy_costs(sounds)])
    told: np.ndarray = np.where(np.isnan(parts), np.array(UNKNOWN)[:, None, None], parts).mean(axis=0)
    return told


def _key_costs(sounds: Sequence[Sound]) -> np.ndarray:
    known = np.array([s.mode in (0, 1) and s.key is not None and 0 <= s.key < 12 for s in sounds], bool)
    keys = np.array([s.key if there else 0 for s, there in zip(sounds, known, strict=True)], np.int64)
    modes = np.array([s.mode if there else 0 for s, there in zip(sounds, known, strict=True)], np.int64)
    costs = np.array(KEY_COSTS)[np.minimum(steps(keys, modes), len(KEY_COSTS) - 1)]
    told: np.ndarray = np.where(known[:, None] & known, costs, np.nan)
    return told


def _tempo_costs(sounds: Sequence[Sound]) -> np.ndarray:
    tempi = np.array([s.tempo if s.tempo and s.tempo > 0 else np.nan for s in sounds], np.float64)
    octaves = np.log2(tempi)
    octaves = np.abs(octaves[:, None] - octaves)
    span = np.log2(1 + TEMPO_SPAN)
    told: np.ndarray = np.minimum(1, np.minimum(octaves / span, np.abs(octaves - 1) / span + HALF_TIME))
    return told


def _energy_costs(sounds: Sequence[Sound]) -> np.ndarray:
    energies = np.array([np.nan if s.energy is None else s.energy for s in sounds], np.float64)
    told: np.ndarray = np.minimum(1, np.abs(energies[:, None] - energies) / ENERGY_SPAN)
    return told


def share_one(artists: Sequence[Set[Hashable] | tuple[Hashable, ...]]) -> np.ndarray:
    """Tell which two songs share an artist: bool, shape (songs, songs); nothing shares with itself."""
    together = np.zeros((len(artists), len(artists)), bool)
    places: dict[Hashable, list[int]] = {}
    for place, credited in enumerate(artists):
        for artist in credited:
            places.setdefault(artist, []).append(place)
    for of_one in places.values():
        together[np.ix_(of_one, of_one)] = True
    np.fill_diagonal(together, val=False)
    return together


def _twins_in_order(
    order: list[int], sounds: Sequence[Sound], artists: Sequence[Set[Hashable] | tuple[Hashable, ...]]
) -> list[int]:
    """Let songs that sound alike and are by the same artists come as they came before."""
    places: dict[Hashable, list[int]] = {}
    for place, song in enumerate(order):
        places.setdefault((sounds[song], frozenset(artists[song])), []).append(place)
    told = list(order)
    for of_one in places.values():
        for place, song in zip(of_one, sorted(order[place] for place in of_one), strict=True):
            told[place] = song
    return told
