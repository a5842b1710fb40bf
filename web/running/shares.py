"""How many connections each process of a server has, so that a new one goes to the process that has the fewest.

Left to themselves the quickest takes them all: connections stay open, and four clients would then share one process
while another one does nothing.
"""

import mmap
import os
import time

_STALE_S = 2.0
"""Who has told nothing for so long hangs, or is no more, and is not waited for."""


class Shares:
    """A few numbers that all processes see: of each, its connections, and when it told of them last."""

    def __init__(self, processes: int) -> None:
        self._told = memoryview(mmap.mmap(-1, 16 * processes)).cast("d")

    def tell(self, place: int, connections: int, now: float) -> None:
        """Note how many connections the process at a place has."""
        self._told[2 * place], self._told[2 * place + 1] = connections, now

    def forget(self, place: int) -> None:
        """Wait no more for the process at a place."""
        self._told[2 * place + 1] = 0.0

    def is_least(self, place: int, now: float) -> bool:
        """Tell whether nobody else has fewer connections than the process at a place."""
        pairs = [(self._told[at], self._told[at + 1]) for at in range(0, len(self._told), 2)]
        return all(pairs[place][0] <= connections for connections, told in pairs if now - told < _STALE_S)


class Post:
    """Where one of several processes stands: whether it is still needed, and whether a new connection is its own."""

    def __init__(self, shares: Shares, place: int, watching: int) -> None:
        self._shares = shares
        self._place = place
        self._watching = watching

    def is_needed(self) -> bool:
        """Tell whether the process that watches over this one still lives."""
        return os.getppid() == self._watching

    def may_take(self, connections: int) -> bool:
        """Tell the others how many connections there are here, and whether another one may be taken."""
        now = time.monotonic()
        self._shares.tell(self._place, connections, now)
        return self._shares.is_least(self._place, now)
