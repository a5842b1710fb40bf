"""A road from one song to another: of all ways through some songs, the one whose worst step is the shortest. Pure."""

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from recommender.lists.order import share_one
from recommender.roads.steps import SILENT

_STRAY = 0.25
"""A song may stand by so much of the way before or behind its place; where that leaves no road, by any."""
_ASIDE = 0.5
"""What a song costs more that stands at a right angle to the way."""
_BARRED = 10.0
"""What a step between two songs of one artist costs more: it is taken where there is no other."""
_TRIES = 20
"""So often a road is laid anew without the other songs of an artist who came twice."""

Artists = Sequence[frozenset[Hashable]]


@dataclass(frozen=True)
class Ground:
    """The songs that a road may lead over, in the order in which they lie along the way, its ends first and last."""

    far: np.ndarray
    """float64, shape (songs, songs): how far it is from each to each other."""
    along: np.ndarray
    """float64, shape (songs,), rising: how far along the way each one stands, 0 to 1."""
    aside: np.ndarray
    """float64, shape (songs,): how far beside the way."""
    artists: Artists

    def only(self, songs: np.ndarray) -> "Ground":
        """Leave the other songs out."""
        artists = [self.artists[song] for song in songs.tolist()]
        return Ground(self.far[np.ix_(songs, songs)], self.along[songs], self.aside[songs], artists)


def lay(ground: Ground, n: int) -> list[int]:
    """Lay a road of n songs from the first song to the last: their places, rising.

    Each song stands farther along than the one before, so that there is no detour. Of these roads it is the one whose
    worst step is the shortest; of those with no worse step the one that is shortest in sum, songs beside the way
    counting as longer steps. No two songs in a row are by one artist where that can be avoided, and an artist comes
    once where enough songs are left and no step becomes a jump. n: 2 or more, at most as many as there are.
    Source: the worst step first is a bottleneck path; found by dynamic programming over the places.
    """
    left = np.arange(len(ground.far))
    road = _best(ground, n)
    for _ in range(_TRIES):
        dropped = _again(road, ground, left)
        left = np.array([song for song in left.tolist() if song not in dropped])
        if not dropped or len(left) < n:
            break
        anew = left[_best(ground.only(left), n)].tolist()
        if max(steps_of(anew, ground.far)) >= SILENT > max(steps_of(road, ground.far)):
            break
        road = anew
    return road


def straight(nearness: np.ndarray, ground: Ground) -> list[int]:
    """Take the song nearest to each point of the straight line, no song twice and no artist while there are others.

    It is filled from either end, because the points that come later have fewer songs left, and the better one is
    taken: its places, rising, so that it is a road too. nearness: float64, shape (points, songs), higher is nearer.
    """
    there = _filled(nearness, ground.artists)
    back = _filled(nearness[::-1, ::-1], ground.artists[::-1])
    last = len(ground.artists) - 1
    lines = [sorted(there), sorted(last - song for song in back)]
    return min(lines, key=lambda line: (_met_again(line, ground.artists), *_judged(line, ground.far)))


def better(road: list[int], other: list[int], ground: Ground) -> list[int]:
    """Choose of two roads the other one where it is better, and meets no artist again more often than the first.

    Better is a shorter worst step, and of equal ones a shorter sum.
    """
    is_better = _judged(other, ground.far) < _judged(road, ground.far)
    return other if is_better and _met_again(other, ground.artists) <= _met_again(road, ground.artists) else road


def _judged(road: Sequence[int], far: np.ndarray) -> tuple[float, float]:
    steps = steps_of(road, far)
    return max(steps), sum(steps)


def _met_again(road: Sequence[int], artists: Artists) -> tuple[int, int]:
    """Count the steps between two songs of one artist, and the songs by which artists come more than once."""
    times = Counter(artist for song in road for artist in artists[song])
    return sum(bool(artists[one] & artists[then]) for one, then in pairwise(road)), times.total() - len(times)


def _filled(nearness: np.ndarray, artists: Artists) -> list[int]:
    """Take a song for each point, from the first on."""
    points, songs = nearness.shape
    taken, heard = [0], artists[0] | artists[-1]
    for point in range(1, points - 1):
        left = [song for song in range(1, songs - 1) if song not in taken]
        fresh = [song for song in left if not heard & artists[song]] or left
        taken.append(fresh[int(nearness[point, fresh].argmax())])
        heard = heard | artists[taken[-1]]
    return [*taken, songs - 1]


def steps_of(road: Sequence[int], far: np.ndarray) -> list[float]:
    """Give the length of each step of a road."""
    return [float(far[one, then]) for one, then in pairwise(road)]


def _again(road: list[int], ground: Ground, left: np.ndarray) -> set[int]:
    """Name the songs of artists who come more than once on a road, but for each artist's best step and the ends."""
    far, artists = ground.far, ground.artists
    times = Counter(artist for song in road for artist in artists[song])
    worst = {b: max(far[a, b], far[b, c]) for a, b, c in zip(road, road[1:], road[2:], strict=False)}
    kept: set[int] = {road[0], road[-1]}
    dropped: set[int] = set()
    for artist in sorted((artist for artist, number in times.items() if number > 1), key=repr):
        own = [song for song in road if artist in artists[song] and song not in dropped]
        kept_here = [song for song in own if song in kept] or [min(own, key=lambda song: worst[song])] if own else []
        kept.update(kept_here)
        dropped.update(song for song in left.tolist() if artist in artists[song] and song not in kept)
    return dropped


def _best(ground: Ground, n: int) -> list[int]:
    """Lay the best road of n songs, each near its place where that is possible."""
    near = np.abs(ground.along - np.linspace(0, 1, n)[:, None]) <= _STRAY
    far = ground.far + _BARRED * share_one(ground.artists)
    far = np.where(np.tri(len(far), dtype=bool), np.inf, far)  # always onward, so that no song comes twice
    for allowed in (near, np.ones_like(near)):
        worst, road = _shortest(far, allowed, np.maximum)
        if np.isfinite(worst):
            costs = np.where(far <= worst, far + _ASIDE * ground.aside, np.inf)
            return _shortest(costs, allowed, np.add)[1]
    return road


def _shortest(far: np.ndarray, allowed: np.ndarray, joined: np.ufunc) -> tuple[float, list[int]]:
    """Give the shortest road from the first song to the last over all places, and its length.

    allowed: bool, shape (places, songs): what may stand where. joined: how the steps make up a length.
    """
    songs = np.arange(len(far))
    length = np.where(songs == 0, 0.0, np.inf)
    before = []
    for may_stand in allowed[1:-1]:
        through = joined(length[:, None], far)
        before.append(through.argmin(axis=0))
        length = np.where(may_stand, through[before[-1], songs], np.inf)
    last = joined(length, far[:, -1])
    road = [len(far) - 1, int(last.argmin())]
    for told in reversed(before):
        road.append(int(told[road[-1]]))
    return float(last.min()), road[::-1]
