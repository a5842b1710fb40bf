"""A listener and tracks in, plays to come out: asks the trained models that can foretell."""

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from math import inf
from pathlib import Path

import numpy as np

from recommender import artifacts, catalogue
from recommender.errors import DamagedModel, ListenerNotKnown, NoSuchModel, SeedNotClear
from recommender.measures.plays_grades import PLAYS_RMSE
from recommender.models.contract import Predicting
from recommender.models.registry import model_class
from recommender.opening import open_model
from recommender.vocabulary import NOT_FOUND, Vocabulary

_ORDER = ("svd", "user-knn", "item-knn-basic", "clusters", "trees", "rank")
"""Who is asked first among models that were not measured."""
_CURE = "run `segue train svd`"
_LOOKED_AT = 50_000
"""So many names are compared with one that nobody has: more would take longer than a person waits."""


@dataclass(frozen=True)
class Prediction:
    """What a model foretells of one track."""

    track_id: str
    name: str
    artists: tuple[str, ...]
    foretold: float | None
    """Plays, a mean that need not be whole; None where the model cannot tell."""
    played: int
    """Plays that the database knows of."""


@dataclass(frozen=True)
class Foretold:
    """What a model foretells of one listener."""

    listener: str
    model: str
    notes: tuple[str, ...]
    """Sentences for people: a damaged model that was passed by, one older than the plays."""
    predictions: tuple[Prediction, ...]


@dataclass(frozen=True)
class _Opened:
    name: str
    manifest: artifacts.Manifest
    vocabulary: Vocabulary
    model: Predicting


def foretell(database: Path, listener: str, track_ids: Sequence[str], model: str | None = None) -> Foretold:
    """Tell how often a listener will play each track (raw ids).

    model: the name of a trained model; None takes the best that can. Raises NoSuchModel, DamagedModel,
    ListenerNotKnown, SeedNotClear for a track that the model does not know, db.errors.DatabaseError.
    """
    folder = artifacts.models_folder(database)
    with catalogue.open_reader(database) as connection:
        by, notes = _choose(folder, model)
        try:
            number = _listener_number(connection, by, listener)
            tracks = [_track_number(connection, by, track_id) for track_id in track_ids]
            told = by.model.predict(number, np.array(tracks, np.int32))
            ids = by.vocabulary.raw_ids(np.array(tracks, np.int32))
        except DamagedModel as error:
            raise DamagedModel(artifacts.damaged(folder / by.name, str(error))) from error
        # The content mark is that of playlists and purges; a log of plays does not move it.
        changed = by.manifest.content != catalogue.content_mark(connection)
        if changed or catalogue.plays_stored_at(connection) > by.manifest.trained_at:
            notes.append(f"{by.name} was trained before the plays changed: run `segue train {by.name}` to renew it")
        songs, played = catalogue.songs(connection, [*ids, *track_ids]), catalogue.played(connection, listener, ids)
    found = []
    for wanted, track_id, plays in zip(track_ids, ids, told.tolist(), strict=True):
        song = songs.get(wanted) or songs.get(track_id) or catalogue.stranger(wanted)
        foretold = plays if np.isfinite(plays) else None
        found.append(Prediction(song.track_id, song.name, song.artists, foretold, played.get(track_id, 0)))
    return Foretold(listener, by.name, tuple(notes), tuple(found))


def foretellers(folder: Path) -> list[str]:
    """Name the trained models of a kind that foretells plays, the best first."""
    return _best_first(folder, [])


def _choose(folder: Path, name: str | None) -> tuple[_Opened, list[str]]:
    if name is not None:
        return _open(folder, name), []
    notes: list[str] = []
    for candidate in _best_first(folder, notes):
        try:
            return _open(folder, candidate), notes
        except (DamagedModel, NoSuchModel) as error:
            notes.append(str(error))
    raise NoSuchModel(". ".join([f"no model that foretells plays is trained: {_CURE}", *notes]))


def _best_first(folder: Path, notes: list[str]) -> list[str]:
    """List the trained models of a kind that foretells: by the error that was measured, then in a fixed order."""
    found = []
    for name in artifacts.model_names(folder):
        try:
            manifest = artifacts.read_manifest(folder, name)
            if hasattr(model_class(manifest.kind), "predict"):
                place = _ORDER.index(manifest.kind) if manifest.kind in _ORDER else len(_ORDER)
                found.append((manifest.worth.get(PLAYS_RMSE, inf), place, name))
        except (DamagedModel, NoSuchModel) as error:
            notes.append(str(error))
    return [name for _, _, name in sorted(found)]


def _open(folder: Path, name: str) -> _Opened:
    stored, model = open_model(folder, name)
    if not isinstance(model, Predicting):
        raise NoSuchModel(f"{name} cannot foretell plays: {_CURE}, or name another model")
    if not len(model.listeners):
        raise NoSuchModel(
            f"{name} learned from playlists, because too few people's plays were here, so it foretells none: import "
            f"more logs (segue import FILE) and train it again (segue train {name})"
        )
    return _Opened(name, stored.manifest, stored.vocabulary, model)


def _listener_number(connection: sqlite3.Connection, by: _Opened, listener: str) -> int:
    found = np.flatnonzero(by.model.listeners == listener.encode())
    if len(found):
        return int(found[0])
    if catalogue.has_listener(connection, listener):
        raise ListenerNotKnown(
            f"{listener} was not here when {by.name} was trained: train it again (segue train {by.name})"
        )
    names = (name.decode("utf-8", "replace") for name in by.model.listeners[:_LOOKED_AT].tolist())
    raise ListenerNotKnown(_nobody(listener, names))


def _nobody(listener: str, names: Iterable[str]) -> str:
    by_plain = {name.casefold(): name for name in names}
    near = [by_plain[plain] for plain in get_close_matches(listener.casefold(), by_plain)]
    meant = f": did you mean {' or '.join(near)}?" if near else "; `segue import` brings in what people played"
    return f'there is no listener called "{listener}" here{meant}'


def _track_number(connection: sqlite3.Connection, by: _Opened, track_id: str) -> int:
    """Give a track's number in the model, by its id or by that of the same song. Raises SeedNotClear."""
    number = int(by.vocabulary.numbers([track_id])[0])
    song = catalogue.songs(connection, [track_id]).get(track_id)
    if number == NOT_FOUND and song:
        same = by.vocabulary.numbers(catalogue.same_song(connection, song))
        number = int(same[same != NOT_FOUND][0]) if (same != NOT_FOUND).any() else number
    if number == NOT_FOUND:
        called = catalogue.title_line(song) if song else track_id
        raise SeedNotClear(
            f"{by.name} does not know {called}: name a track that somebody played here, or train it again "
            f"(segue train {by.name})"
        )
    return number
