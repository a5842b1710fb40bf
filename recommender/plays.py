"""Who played what how often, as arrays of track numbers. Pure."""

from dataclasses import dataclass, replace

import numpy as np


@dataclass(frozen=True)
class Plays:
    """Listeners with the tracks they played, one listener after the other."""

    listeners: tuple[str, ...]
    """The listeners' names."""
    offsets: np.ndarray
    """int64, shape (listeners + 1,): listener l played tracks[offsets[l]:offsets[l + 1]]."""
    tracks: np.ndarray
    """int32, shape (pairs,): track numbers, each once for each listener, rising."""
    counts: np.ndarray
    """int32, shape (pairs,): how often, 1 at least."""
    last_played: np.ndarray
    """int64, shape (pairs,): seconds since 1970, UTC; 0 where it is not known."""

    @property
    def n_listeners(self) -> int:
        """Count the listeners."""
        return len(self.listeners)

    @property
    def n_pairs(self) -> int:
        """Count the pairs of a listener and a track."""
        return len(self.tracks)

    @property
    def listener_of(self) -> np.ndarray:
        """Give the listener number of each pair: int32, shape (pairs,)."""
        return np.repeat(np.arange(self.n_listeners, dtype=np.int32), np.diff(self.offsets))

    def only(self, kept: np.ndarray) -> "Plays":
        """Keep some of the pairs, and every listener. kept: bool, shape (pairs,)."""
        ends = np.append(0, np.cumsum(kept))[self.offsets]
        return Plays(self.listeners, ends, self.tracks[kept], self.counts[kept], self.last_played[kept])

    def of(self, listener_nos: np.ndarray) -> "Plays":
        """Keep some of the listeners with all their pairs. listener_nos: whole numbers, each once, rising."""
        lengths = np.diff(self.offsets)
        kept = np.zeros(self.n_listeners, bool)
        kept[listener_nos] = True
        part = self.only(np.repeat(kept, lengths))
        names = tuple(self.listeners[number] for number in listener_nos)
        return replace(part, listeners=names, offsets=np.append(0, np.cumsum(lengths[kept])))


NO_PLAYS = Plays((), np.zeros(1, np.int64), np.zeros(0, np.int32), np.zeros(0, np.int32), np.zeros(0, np.int64))


def plays_from_pairs(
    listeners: tuple[str, ...],
    listener_nos: np.ndarray,
    tracks: np.ndarray,
    counts: np.ndarray,
    last_played: np.ndarray,
) -> Plays:
    """Gather pairs in any order; counts of the same pair, as from two logs, are added up, and the latest time is kept.

    All arrays are integers of shape (pairs,); last_played is 0 where it is not known.
    """
    order = np.lexsort((tracks, listener_nos))
    listener_nos, tracks = listener_nos[order], tracks[order]
    new = np.ones(len(tracks), bool)
    new[1:] = (np.diff(listener_nos) != 0) | (np.diff(tracks) != 0)
    starts = np.flatnonzero(new)
    if not len(starts):
        return replace(NO_PLAYS, listeners=listeners, offsets=np.zeros(len(listeners) + 1, np.int64))
    return Plays(
        listeners,
        np.searchsorted(listener_nos[starts], np.arange(len(listeners) + 1)).astype(np.int64),
        tracks[starts].astype(np.int32),
        np.minimum(np.add.reduceat(counts[order].astype(np.int64), starts), np.iinfo(np.int32).max).astype(np.int32),
        np.maximum.reduceat(last_played[order].astype(np.int64), starts),
    )
