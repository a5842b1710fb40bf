"""What one person did in one go, as a playlist would tell it: songs that belong together. Pure."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from db.use import ADDED, DISLIKED, GONE_ON, SKIPPED, TAKEN

GAP_S = 30 * 60
"""After so long without anything another sitting begins."""
LEAST = 3
"""Fewer songs tell nothing of what goes together."""
_MOST_SEEDS = 20
"""A list that goes on from more seeds continues a playlist that is here already."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that was done, or the seeds of a list."""

    listener: str
    visitor: str
    at: int
    """Seconds since 1970, UTC."""
    track_ids: tuple[str, ...]
    kind: str
    """Of db.use; empty for seeds."""


@dataclass(frozen=True, slots=True)
class Sitting:
    """Songs that were chosen in one go."""

    sitting_id: str
    songs: tuple[tuple[str, int], ...]
    """Raw ids, and when each was first chosen, in that order."""


@dataclass
class _Open:
    """A sitting that may still go on."""

    last: int
    songs: dict[str, int] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)
    is_taken: bool = False


def sittings(steps: Sequence[Step]) -> list[Sitting]:
    """Cut what was done into sittings. steps: by listener, visitor and time, seeds before the rest.

    A pause ends a sitting, and so does a list whose seeds have nothing to do with what came before. What was skipped or
    disliked does not count, and where nothing was taken from any list, or fewer than three songs are left, it tells
    nothing.
    """
    found = []
    for person, mine in groupby(steps, key=lambda step: (step.listener, step.visitor)):
        for one in _cut(mine):
            songs = tuple((song, at) for song, at in one.songs.items() if song not in one.refused)
            if one.is_taken and len(songs) >= LEAST:
                found.append(Sitting(_named(*person, *songs[0]), songs))
    return found


def _cut(told: Iterable[Step]) -> list[_Open]:
    steps, done = list(told), list[_Open]()
    led = {(step.at, track_id) for step in steps if step.kind in (ADDED, GONE_ON) for track_id in step.track_ids}
    for step in steps:
        if not step.kind and len(step.track_ids) > _MOST_SEEDS:
            continue
        now = done[-1] if done else None
        goes_on = (
            step.kind or any(one in now.songs or (step.at, one) in led for one in step.track_ids) if now else False
        )
        if now is None or not goes_on or step.at - now.last > GAP_S:
            now = _Open(step.at)
            done.append(now)
        now.last = step.at
        if step.kind in (SKIPPED, DISLIKED):
            now.refused.update(step.track_ids)
        else:
            now.is_taken |= step.kind in TAKEN
            for track_id in step.track_ids:
                now.songs.setdefault(track_id, step.at)
    return done


def _leads_on(step: Step, now: _Open, led: set[tuple[int, str]]) -> bool:
    return any(track_id in now.songs or (step.at, track_id) in led for track_id in step.track_ids)


def _named(listener: str, visitor: str, first: str, at: int) -> str:
    told = "\n".join((listener, visitor, first, str(at)))
    return f"use:{hashlib.blake2b(told.encode(), digest_size=10).hexdigest()}"
