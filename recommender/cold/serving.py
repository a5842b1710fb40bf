"""Answers for songs that no model of playlists knows: step by step, from what they have in common with known ones."""

import contextlib
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import numpy as np

from recommender import catalogue
from recommender.catalogue import SongRow
from recommender.cold.seeds import LOOKED_UP
from recommender.cold.steps import ARTIST, Served, Step, nearest, of_artist, served, together
from recommender.cold.words import alone, going_on
from recommender.errors import DamagedModel, NoSuchModel
from recommender.lists.spoken import is_somebody
from recommender.models.registry import CONTENT
from recommender.scored import Loaded, Scored, by_seeds
from recommender.shelf import Shelf

_OWN_TRACKS = 2_000


def stood_in(
    connection: sqlite3.Connection, shelf: Shelf, first: Scored, wanted: Sequence[str]
) -> tuple[Scored, list[str]] | None:
    """Let known songs speak for those that a model of playlists cannot go by, and say which ones; None where none can.

    first: what that model said, which was nothing. wanted: the seeds.
    """
    songs = catalogue.songs(connection, wanted[-LOOKED_UP:])
    found: dict[str, Served] = {}
    for track_id, song in songs.items():
        if told := served(_steps(connection, shelf, first.by, song), first.by.model.scores):
            found[track_id] = told
    if not found:
        return None
    by_step: dict[str, list[SongRow]] = {}
    for track_id, told in found.items():
        by_step.setdefault(told.step, []).append(songs[track_id])
    scores = together([told.scores for told in found.values()])
    return _helped(first, scores, found), [going_on(step, for_these) for step, for_these in by_step.items()]


def by_content(connection: sqlite3.Connection, shelf: Shelf, wanted: Sequence[str]) -> tuple[Scored, list[str]] | None:
    """Let what songs are like answer alone, where no playlist can; None where nothing is known of them either."""
    songs = catalogue.songs(connection, wanted)
    for reader in _readers(shelf):
        with contextlib.suppress(DamagedModel):
            scored = by_seeds(connection, reader, wanted)
            if scored.told:
                return scored, [alone(reader.manifest.kind, [songs[seed] for seed in wanted if seed in songs])]
    return None


def _steps(connection: sqlite3.Connection, shelf: Shelf, by: Loaded, song: SongRow) -> Iterator[Step]:
    """Give the steps for one song; the first one, another version of it, was tried when the seeds were looked up."""
    if song.artists and is_somebody(song.artists[0]):
        yield ARTIST, lambda: _of_artist(connection, by, song)
    for reader in _readers(shelf):
        yield reader.manifest.kind, _alike(reader, by, song)


def _readers(shelf: Shelf) -> Iterator[Loaded]:
    """Open the models that know what songs are like, whatever they are worth where playlists can tell."""
    for kind in CONTENT:
        with contextlib.suppress(DamagedModel, NoSuchModel):
            yield shelf.load(kind)


def _of_artist(connection: sqlite3.Connection, by: Loaded, song: SongRow) -> np.ndarray:
    own = catalogue.by_its_artist(connection, song.track_id, _OWN_TRACKS)
    return of_artist(by.vocabulary.numbers([track_id for track_id, _ in own]), by.listed)


def _alike(reader: Loaded, by: Loaded, song: SongRow) -> Callable[[], np.ndarray]:
    def find() -> np.ndarray:
        seed = reader.vocabulary.numbers([song.track_id])
        seed = seed[reader.knows(seed)]
        with contextlib.suppress(DamagedModel):
            if len(seed):
                near = nearest(reader.model.scores(seed), reader.listed)
                numbers = by.vocabulary.numbers(reader.vocabulary.raw_ids(near))
                return np.sort(numbers[(numbers >= 0) & (numbers < by.listed)])
        return np.zeros(0, np.int32)

    return find


def _helped(first: Scored, scores: np.ndarray, found: dict[str, Served]) -> Scored:
    unknown = tuple(seed for seed in first.unknown if seed not in found)
    return replace(first, scores=scores, unknown=unknown, n_speaking=len(found))
