"""The cheapest way to visit all of a few hundred places once: exact for few, by improving good ways for more. Pure.

Source: Held and Karp, "A dynamic programming approach to sequencing problems", SIAM 1962; 2-opt: Croes, "A method for
solving traveling-salesman problems", Operations Research 1958; moving short runs: Or, "Traveling salesman-type
combinatorial problems", dissertation, Northwestern 1976; neighbour lists and the queue of places to look at: Bentley,
"Fast algorithms for geometric traveling salesman problems", ORSA 1992.
"""

from collections import deque

import numpy as np

EXACT = 12
"""Up to so many places the best way is found for certain; each one more takes twice as long."""
_NEAR = 10
"""So many neighbours of a place are tried as the next one."""
_LONGEST_RUN = 3
_STARTS = 50
"""From so many places a way is made that always goes on to the nearest; the cheapest of these ways are improved."""
_IMPROVED = 500
"""So many places in all are in the ways that are improved: the fewer places, the more ways, up to _STARTS."""

Costs = list[list[int]]


def exact(costs: np.ndarray, anchored: bool = False) -> list[int]:
    """Give the cheapest way through all places; of equally cheap ones the first in the order of the alphabet.

    costs: int64, shape (places, places), the same both ways. anchored: whether it has to begin at place 0.
    """
    n = len(costs)
    if not n:
        return []
    # rest[held, i]: what the cheapest way costs that begins at i and goes through all in the set of bits.
    rest = np.full((1 << n, n), np.iinfo(np.int64).max // 4)
    rest[1 << np.arange(n), np.arange(n)] = 0
    held = np.arange(1 << n)
    sizes = ((held[:, None] >> np.arange(n)) & 1).sum(axis=1)
    for size in range(2, n + 1):
        of_size = held[sizes == size]
        for first in range(n):
            sets = of_size[(of_size >> first) & 1 == 1]
            rest[sets, first] = (rest[sets ^ (1 << first)] + costs[first]).min(axis=1)
    left = (1 << n) - 1
    way = [0 if anchored else int(rest[left].argmin())]
    while left := left ^ (1 << way[-1]):
        way.append(int((rest[left] + costs[way[-1]]).argmin()))
    return way


def toured(costs: np.ndarray, anchored: bool = False) -> list[int]:
    """Give a cheap way through all places, never dearer than 0, 1, 2, ...; costs and anchored as of exact()."""
    n = len(costs)
    # A way with two ends is a round trip by a place that is near to all; what has to be the first is its neighbour.
    closed = np.zeros((n + 1, n + 1), np.int64)
    closed[:n, :n] = costs
    if anchored:
        closed[0, n] = closed[n, 0] = -int(costs.sum()) - 1
    table: Costs = closed.tolist()
    order = np.argsort(closed + np.diag(np.full(n + 1, np.iinfo(np.int64).max // 4)), axis=1, kind="stable")
    near = [[n, *(place for place in row[: _NEAR + 1] if place != n)] for row in order[:n].tolist()]
    near.append(order[n, :_NEAR].tolist())
    as_given = [n, *range(n)]
    improved = [_improved([n, *way], table, near) for way in _nearest_next(costs, anchored)]
    if min(_cost(tour, table) for tour in improved) > _cost(as_given, table):
        improved.append(_improved(as_given, table, near))
    return _opened(min(improved, key=lambda tour: (_cost(tour, table), _opened(tour))))


def _nearest_next(costs: np.ndarray, anchored: bool) -> list[list[int]]:
    """Give the cheapest of the ways that always go on to the nearest place left: from many places, or from 0 alone."""
    n = len(costs)
    here = np.arange(1 if anchored else min(n, _STARTS))
    rows = np.arange(len(here))
    far = np.iinfo(np.int64).max
    seen = np.zeros((len(here), n), bool)
    seen[rows, here] = True
    ways, spent = [here], np.zeros(len(here), np.int64)
    for _ in range(n - 1):
        then = np.where(seen, far, costs[here]).argmin(axis=1)
        spent += costs[here, then]
        seen[rows, then] = True
        ways.append(then)
        here = then
    best = np.argsort(spent, kind="stable")[: max(_IMPROVED // n, 1)]
    told: list[list[int]] = np.array(ways).T[best].tolist()
    return told


def _cost(tour: list[int], costs: Costs) -> int:
    return sum(costs[a][b] for a, b in zip(tour, [*tour[1:], tour[0]], strict=True))


def _opened(tour: list[int]) -> list[int]:
    """Open a round trip at the place that is near to all; of the two directions the first in the alphabet."""
    at = tour.index(len(tour) - 1)
    way = tour[at + 1 :] + tour[:at]
    # What has to be the first is place 0, so that this direction is the first in the alphabet too.
    return min(way, way[::-1])


def _improved(tour: list[int], costs: Costs, near: list[list[int]]) -> list[int]:
    """Turn stretches of a round trip round, and move short runs, until nothing of the kind makes it cheaper."""
    waiting, queued = deque(tour), set(tour)
    at = _places(tour)
    while waiting:
        place = waiting.popleft()
        queued.discard(place)
        better = _turned(tour, at, costs, near, place) or _moved(tour, at, costs, near, place)
        if better:
            tour, touched = better
            at = _places(tour)
            waiting.extend(one for one in (place, *touched) if one not in queued)
            queued.update(waiting)
    return tour


def _places(tour: list[int]) -> list[int]:
    at = [0] * len(tour)
    for place, one in enumerate(tour):
        at[one] = place
    return at


Better = tuple[list[int], tuple[int, ...]]
"""A cheaper round trip, and the places whose neighbours have changed."""


def _turned(tour: list[int], at: list[int], costs: Costs, near: list[list[int]], a: int) -> Better | None:
    """Bring a place next to one of its neighbours by turning the stretch between them round."""
    i, n = at[a], len(tour)
    for side in (1, -1):
        b = tour[(i + side) % n]
        for c in near[a]:
            gain = costs[a][b] - costs[a][c]
            if gain <= 0:
                break
            j = at[c]
            d = tour[(j + side) % n]
            if gain + costs[c][d] - costs[b][d] > 0:
                low, high = sorted((i, j))
                first, beyond = (low + 1, high + 1) if side == 1 else (low, high)
                return tour[:first] + tour[first:beyond][::-1] + tour[beyond:], (b, c, d)
    return None


def _moved(tour: list[int], at: list[int], costs: Costs, near: list[list[int]], a: int) -> Better | None:
    """Take a run of up to three places that begins or ends with this one, and put it beside one of its neighbours."""
    i, n = at[a], len(tour)
    for length in range(1, min(_LONGEST_RUN, n - 3) + 1):
        for side in (1, -1):
            before, last = tour[(i - side) % n], tour[(i + side * (length - 1)) % n]
            beyond = tour[(i + side * length) % n]
            gain = costs[before][a] + costs[last][beyond] - costs[before][beyond]
            for c in near[a]:
                if costs[a][c] >= gain:
                    break
                for other in (1, -1):
                    e = tour[(at[c] + other) % n]
                    if gain - costs[a][c] - costs[last][e] + costs[c][e] > 0:
                        run = [tour[(i + side * k) % n] for k in range(length)]
                        if c not in run and e not in run:
                            return _inserted(tour, run, c, other), (before, beyond, c, e, last)
    return None


def _inserted(tour: list[int], run: list[int], c: int, side: int) -> list[int]:
    """Put a run, its first place next to c, after c (side 1) or before it (-1)."""
    rest = [place for place in tour if place not in run]
    k = rest.index(c)
    return rest[: k + 1] + run + rest[k + 1 :] if side == 1 else rest[:k] + run[::-1] + rest[k:]
