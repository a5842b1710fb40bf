"""Two tracks in, the road between them out, with a reason for each step and the straight line beside it."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import numpy as np

from recommender import artifacts, catalogue
from recommender.answers import Suggestion
from recommender.errors import DamagedModel, NoRoad
from recommender.roads.ground import Around, choose_space, end_number, look_around, look_farther
from recommender.roads.laying import better, lay, steps_of, straight
from recommender.roads.steps import FARTHEST, SILENT

_CALM, _LIVELY = 0.4, 0.7
"""Energies below and above which two songs are both calm, or both lively."""


@dataclass(frozen=True)
class Road:
    """Songs from one to another, and how good the way is."""

    model: str
    """The model in whose space the straight line lies."""
    songs: tuple[Suggestion, ...]
    """From the first to the last; the reason of each tells its step from the one before."""
    steps: tuple[float, ...]
    """How far each song is from the one before: 0 next door, from 1 on no playlist holds both, 2 nothing is known."""
    shared: tuple[int, ...]
    """How many playlists hold each song and the one before; 0 where the step is a jump."""
    straight: tuple[str, ...]
    """Raw ids of the songs nearest to the points of the straight line, of those that the road might lead over."""
    straight_steps: tuple[float, ...]
    notes: tuple[str, ...]


def find_road(database: Path, start: str, end: str, n: int = 12, model: str | None = None) -> Road:
    """Find a road of n songs from one track to another (raw ids), both included; back it is the same.

    model: the name of a trained model that places tracks in a space; None takes the best that does. Raises NoRoad,
    NoSuchModel, DamagedModel, ValueError when n is below 2, db.errors.DatabaseError.
    """
    if n < 2:
        raise ValueError("a road has two songs at least")
    folder = artifacts.models_folder(database)
    with catalogue.open_reader(database) as connection:
        space, notes = choose_space(folder, model)
        try:
            ends = [end_number(connection, space, track_id) for track_id in (start, end)]
            if ends[0] == ends[1]:
                raise NoRoad("a road leads from one song to another: name two different ones")
            turned, ends = ends[0] > ends[1], sorted(ends)  # which end comes first is nothing to the way
            around = look_around(connection, space, ends, n)
            road = _lay(around, n)
            if _worst(around, road) >= SILENT:
                farther = look_farther(connection, space, ends, n)
                anew = _lay(farther, n)
                if (-len(anew), _worst(farther, anew)) < (-len(road), _worst(around, road)):
                    road = anew
                else:
                    farther = replace(around, fewest=farther.fewest)
                around = farther
        except DamagedModel as error:
            raise DamagedModel(artifacts.damaged(folder / space.name, str(error))) from error
        if space.content != catalogue.content_mark(connection):
            notes.append(f"{space.name} was trained before the playlists changed: run `segue train` to renew it")
        if len(road) < n:
            notes.append(f"no more than these {len(road)} songs are known to lie on the way")
        line = _straight(around, len(road))
        if turned:
            road, line = road[::-1], line[::-1]
        return _road(connection, space.name, around, road, line, notes)


def _lay(around: Around, n: int) -> list[int]:
    """Lay the best road, which is never worse than the straight line."""
    road = lay(around.ground, min(n, len(around.songs)))
    return better(road, _straight(around, len(road)), around.ground)


def _straight(around: Around, n: int) -> list[int]:
    points = np.linspace(0, len(around.nearness) - 1, n)
    beside = [around.nearness[told(points).astype(int)] for told in (np.floor, np.ceil)]
    return straight((beside[0] + beside[1]) / 2, around.ground)


def _worst(around: Around, road: Sequence[int]) -> float:
    return max(steps_of(road, around.ground.far))


def _road(
    connection: sqlite3.Connection,
    model: str,
    around: Around,
    road: Sequence[int],
    line: Sequence[int],
    notes: Sequence[str],
) -> Road:
    ground = around.ground
    songs = [around.songs[place] for place in road]
    steps = steps_of(road, ground.far)
    shared = [
        _shared(connection, before.track_id, song.track_id) if step < SILENT else 0
        for (before, song), step in zip(pairwise(songs), steps, strict=True)
    ]
    pairs = pairwise((around.songs[place], around.sounds[place]) for place in road)
    why = [_reason(*pair, *told) for pair, told in zip(pairs, zip(steps, shared, strict=True), strict=True)]
    jumps = [at for at, step in enumerate(steps) if step >= SILENT]
    told = zip(songs, [(), *((reason,) for reason in why)], strict=True)
    return Road(
        model,
        tuple(Suggestion(song.track_id, song.name, song.artists, None, model, reasons) for song, reasons in told),
        tuple(steps),
        tuple(shared),
        tuple(around.songs[place].track_id for place in line),
        tuple(steps_of(line, ground.far)),
        (*notes, _jumps(songs, jumps, around.fewest)) if jumps else tuple(notes),
    )


Heard = tuple[catalogue.SongRow, np.ndarray]
"""A song, and how it sounds."""


def _shared(connection: sqlite3.Connection, before: str, song: str) -> int:
    return catalogue.shared_playlists(connection, [before], [song])[song]


def _reason(before: Heard, song: Heard, step: float, shared: int) -> str:
    """Say why one song follows the one before."""
    if step < SILENT:
        return f"in {shared} {'playlist' if shared == 1 else 'playlists'} with the one before"
    if step >= FARTHEST:
        return "a jump: nothing here links it to the one before"
    sounds = np.array([before[1], song[1]])
    first, second = sounds[:, catalogue.SOUND.index("tempo")]
    energies = sounds[:, catalogue.SOUND.index("energy")]
    mood = ", both calm" if (energies < _CALM).all() else ", both lively" if (energies > _LIVELY).all() else ""
    return f"by sound alone: {first:.0f} and {second:.0f} BPM{mood}"


def _jumps(songs: Sequence[catalogue.SongRow], jumps: Sequence[int], fewest: int | None) -> str:
    """Say where no playlist leads on, and whether a longer road would do."""
    which = " and ".join(f"{at + 2} ({catalogue.title_line(songs[at + 1])})" for at in jumps)
    what = f"the step to song {which} is a jump" if len(jumps) == 1 else f"the steps to songs {which} are jumps"
    if fewest and fewest > len(songs):
        return f"playlists lead all the way only in {fewest} songs or more (-n {fewest}): {what}"
    return f"no playlists were found that lead all the way: {what}"
