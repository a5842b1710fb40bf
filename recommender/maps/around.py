"""Which songs are near to a song by one model, and which listeners to a listener, as networks."""

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np

from recommender import catalogue
from recommender.errors import DamagedModel, NoSuchModel
from recommender.maps.listening import Listening, alike
from recommender.maps.network import Network, network
from recommender.models.contract import Reaching
from recommender.models.registry import KINDS, YARDSTICKS
from recommender.scored import Loaded
from recommender.shelf import Shelf
from recommender.vocabulary import NOT_FOUND

_LOOKED_AT = 60
"""So many of the nearest are looked at, as some are the same recording once more."""


@dataclass(frozen=True)
class Around:
    """A network, and what is to be said of it."""

    web: Network
    model: str
    """Whose neighbours they are; empty where no model was asked."""
    notes: tuple[str, ...] = ()


def tellers(shelf: Shelf, names: Sequence[str]) -> list[str]:
    """Name the models of which one can tell what is near to a song: those that keep lists of neighbours first."""
    found = []
    for name in names:
        try:
            loaded = shelf.load(name)
        except (DamagedModel, NoSuchModel):
            continue
        if loaded.manifest.kind not in YARDSTICKS:
            slow = not (loaded.by_playlists and isinstance(loaded.model, Reaching))
            found.append((slow, KINDS.index(loaded.manifest.kind), name))
    return [name for *_, name in sorted(found)]


def around_song(connection: sqlite3.Connection, shelf: Shelf, track_id: str, names: Sequence[str]) -> Around:
    """Ask the first of these models that knows the song. Raises NoSuchModel, DamagedModel."""
    notes: list[str] = []
    for name in names:
        by = shelf.load(name)
        near = _near_songs(connection, by, track_id)
        with shelf.noting_damage(by):
            web = network(track_id, near)
            if len(web.names) > 1:
                return Around(web, name, tuple(notes))
            notes.append(f"{name} knows no neighbours of this song")
    return Around(network(track_id, lambda _one, _most: ()), "", tuple(notes))


def around_listener(heard: Listening, listener: str) -> Around:
    """Join those who play the same songs."""
    return Around(network(listener, lambda one, most: [name for name, _ in alike(heard, one, most)]), "")


def _near_songs(connection: sqlite3.Connection, by: Loaded, middle: str) -> Callable[[str, int], Sequence[str]]:
    """Give what tells who is near to a song; a recording has one track that stands for it in the whole network."""
    standing = {_recording(catalogue.songs(connection, [middle]).get(middle), middle): middle}

    def near(track_id: str, most: int) -> Sequence[str]:
        number = by.vocabulary.numbers([track_id])
        if number[0] == NOT_FOUND:
            return ()
        best = _best(by, number)
        ids = by.vocabulary.raw_ids(best)
        songs = catalogue.songs(connection, [track_id, *ids])
        own, found = _recording(songs.get(track_id), track_id), dict[tuple[str, ...], str]()
        for one in ids:
            recording = _recording(songs.get(one), one)
            if recording != own and one in songs:
                found.setdefault(recording, standing.get(recording, one))
        nearest = dict(islice(found.items(), most))
        standing.update(nearest)
        return list(nearest.values())

    return near


def _recording(song: catalogue.SongRow | None, track_id: str) -> tuple[str, ...]:
    known = song is not None and song.name and song.artists
    return catalogue.recording(song.artists[0], song.name) if song is not None and known else (track_id,)


def _best(by: Loaded, number: np.ndarray) -> np.ndarray:
    """Give the numbers of the tracks that a model sets nearest to one: int64, nearest first."""
    if isinstance(by.model, Reaching):
        tracks, scores = by.model.reached(number)
    else:
        scores = by.model.scores(number)
        tracks = np.flatnonzero(np.isfinite(scores))
        scores = scores[tracks]
    others = tracks != number[0]
    tracks, scores = tracks[others], scores[others]
    if len(tracks) > _LOOKED_AT:
        best = np.sort(np.argpartition(-scores, _LOOKED_AT)[:_LOOKED_AT])
        tracks, scores = tracks[best], scores[best]
    return np.asarray(tracks[np.argsort(-scores, kind="stable")])
