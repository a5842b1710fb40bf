"""Neighbours and their neighbours as a network, and where its nodes stand so that no name lies on another. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

NEIGHBOURS, EACH = 10, 5
"""So many of the one in the middle are shown, and of each of them."""
_STEPS, _PUSHES = 160, 1_000
_GAP = np.array([8.0, 3.0])
"""At least so far apart are two names, beside and below each other."""
_DRAWN = 0.7
"""Exponent of distances to the middle."""


@dataclass(frozen=True)
class Network:
    """Who is near to whom. Node 0 is the one in the middle, then come its neighbours, then theirs."""

    names: tuple[str, ...]
    """What is known of each node: raw ids, or names of listeners."""
    levels: tuple[int, ...]
    """0 in the middle, 1 for neighbours, 2 for neighbours of these."""
    edges: tuple[tuple[int, int], ...]
    """From who is asked to who is near; two may be near to each other."""

    def shared(self, node: int) -> bool:
        """Tell whether a node is near to several others."""
        return sum(to == node for _, to in self.edges) > 1

    def beside(self, node: int) -> list[int]:
        """Give the nodes that an edge joins with this one."""
        return sorted({a + b - node for a, b in self.edges if node in (a, b)})


def network(middle: str, near: Callable[[str, int], Sequence[str]]) -> Network:
    """Ask for the neighbours of the one in the middle, and of these.

    near: gives so many at most who are near to somebody, the nearest first, never oneself.
    """
    number, levels, edges = {middle: 0}, [0], list[tuple[int, int]]()
    first = list(near(middle, NEIGHBOURS))
    for one in first:
        number[one] = len(number)
        levels.append(1)
        edges.append((0, number[one]))
    for one in first:
        for other in near(one, EACH):
            if other not in number:
                number[other] = len(number)
                levels.append(2)
            edges.append((number[one], number[other]))
    return Network(tuple(number), tuple(levels), tuple(edges))


def laid_out(web: Network, boxes: np.ndarray, frame: tuple[float, float]) -> np.ndarray:
    """Find a place for the middle of each node's box: float64, shape (nodes, 2), the same whenever it is asked.

    boxes: floats, shape (nodes, 2): width and height of what is drawn. frame: width and height of the picture.
    """
    size = np.array(frame, np.float64)
    places = _start(web) * size * 0.4
    edges = np.array(web.edges, np.int64).reshape(-1, 2)
    ideal = 0.75 * float(np.sqrt(size.prod() / max(len(places), 1)))
    stretch = size / np.sqrt(size.prod())
    for step in range(_STEPS):
        moves = _forces(places / stretch, edges, ideal) * stretch
        lengths = np.linalg.norm(moves, axis=1, keepdims=True)
        most = ideal * 0.5 * (1 - step / _STEPS)
        places += moves * np.minimum(1, most / np.maximum(lengths, 1e-9))
        places[0] = 0
    return _apart(_filling(_nearer(places), boxes, size), np.asarray(boxes, np.float64), size)


def _nearer(places: np.ndarray) -> np.ndarray:
    """Draw what lies far out nearer to the middle, so that two that stand alone leave room for all others."""
    from_middle = places - np.median(places, axis=0)
    far = np.linalg.norm(from_middle, axis=1, keepdims=True)
    return np.asarray(from_middle / np.maximum(far, 1e-9) * far**_DRAWN)


def _filling(places: np.ndarray, boxes: np.ndarray, size: np.ndarray) -> np.ndarray:
    """Stretch places so that they fill the frame, with room for the boxes at its edges."""
    low, high = places.min(axis=0), places.max(axis=0)
    room = size - np.asarray(boxes).max(axis=0)
    return np.asarray((places - (low + high) / 2) * room / np.maximum(high - low, 1e-9) + size / 2)


def _start(web: Network) -> np.ndarray:
    """Set the neighbours in a circle, those who share most beside each other, and theirs further out."""
    first = [node for node, level in enumerate(web.levels) if level == 1]
    near = {node: set(web.beside(node)) - {0} for node in first}
    order, left = first[:1], first[1:]
    while left:
        following = max(left, key=lambda node: (len(near[order[-1]] & near[node]) + (node in near[order[-1]]), -node))
        left.remove(following)
        order.append(following)
    places = np.zeros((len(web.levels), 2))
    turns = np.arange(len(order)) * (2 * np.pi / max(len(order), 1)) - np.pi / 2
    places[order] = 0.5 * np.stack([np.cos(turns), np.sin(turns)], axis=1)
    for node, level in enumerate(web.levels):
        if level > 1:
            middle = np.mean([places[one] for one in web.beside(node)], axis=0)
            # Those of the same neighbours fan out: the golden angle lets no two of them fall together.
            turn = node * 2.39996
            places[node] = 1.7 * middle + 0.15 * np.array([np.cos(turn), np.sin(turn)])
    return places


def _forces(places: np.ndarray, edges: np.ndarray, ideal: float) -> np.ndarray:
    """Push all apart and draw together what an edge joins, after Fruchterman and Reingold: shape (nodes, 2)."""
    apart = places[:, None] - places[None]
    squares = np.square(apart).sum(axis=2)
    np.fill_diagonal(squares, np.inf)
    moves = (apart * (ideal**2 / np.maximum(squares, 1.0))[:, :, None]).sum(axis=1)
    along = places[edges[:, 1]] - places[edges[:, 0]]
    pulls = along * np.linalg.norm(along, axis=1, keepdims=True) / ideal
    np.add.at(moves, edges[:, 0], pulls)
    np.add.at(moves, edges[:, 1], -pulls)
    return np.asarray(moves)


def _apart(places: np.ndarray, boxes: np.ndarray, size: np.ndarray) -> np.ndarray:
    """Push boxes apart, each time the shorter way, until none lies on another or patience ends."""
    room = (boxes[:, None] + boxes[None]) / 2 + _GAP
    half = boxes / 2 + 1
    order = np.arange(len(places))
    for _ in range(_PUSHES):
        places = np.clip(places, half, np.maximum(size - half, half))
        between = places[:, None] - places[None]
        over = room - np.abs(between)
        meets = (over > 0).all(axis=2)
        np.fill_diagonal(meets, False)
        if not meets.any():
            break
        # Of two at the same place the later one goes down and right.
        signs = np.where(between == 0, np.sign(order[:, None] - order[None])[:, :, None], np.sign(between))
        shorter = over[:, :, 0] / size[0] < over[:, :, 1] / size[1]
        along = np.stack([meets & shorter, meets & ~shorter], axis=2)
        places = places + 0.3 * np.where(along, over * signs, 0.0).sum(axis=1)
    return np.asarray(np.clip(places, half, np.maximum(size - half, half)))
