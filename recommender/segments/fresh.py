"""How near new songs are to what somebody likes, by models that know what a song is."""

import sqlite3
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from recommender import catalogue
from recommender.cold.answers import added, going_with, standing
from recommender.errors import DamagedModel, NoSuchModel
from recommender.models.registry import CONTENT
from recommender.scored import Loaded, Scored, by_seeds
from recommender.shelf import Shelf
from recommender.standing import POPULARITY
from recommender.vocabulary import NOT_FOUND, Vocabulary

_UNHEARD_OF = "no model of how songs sound and what is written about them is trained: run `segue train audio text`"
_OF_ARTIST = 50
"""So many other songs of its artist speak for a new one: more take longer than they tell."""
_NEWEST = "so those that came out last are first"


def told_of_new(
    connection: sqlite3.Connection, shelf: Shelf, new: Sequence[str], seeds: Sequence[str], model: str | None = None
) -> tuple[Scored, list[str]]:
    """Score new songs, which alone are the vocabulary; gives what is to be said, too.

    new: raw ids, those that came out last first. seeds: raw ids of what they are to be near to, if anything. model: the
    one that tells, instead of all that know what a song is. Raises NoSuchModel, DamagedModel.
    """
    vocabulary = Vocabulary.from_ids(new)
    if not seeds:
        return _by_date(connection, shelf, vocabulary), []
    told, notes = [], []
    main = None if model else _main(connection, shelf, seeds)
    asked = [*seeds, *_going_with(main)] if main else seeds
    for kind in (model,) if model else CONTENT:
        try:
            told.append(_nearness(connection, shelf, kind, vocabulary, asked))
        except NoSuchModel:
            if model:
                raise
        except DamagedModel as error:
            if model:
                raise
            notes.append(str(error))
    telling = [(loaded, scores) for loaded, scores, _ in told if not np.isnan(scores).all()]
    by_artist = _by_artist(connection, main, vocabulary) if main else np.zeros(len(vocabulary), np.float32)
    if main and by_artist.any():
        telling.insert(0, (main.by, by_artist))
    if not telling:
        why = "no model knows how near they are" if told else _UNHEARD_OF
        return _by_date(connection, shelf, vocabulary), [*notes, f"{why}, {_NEWEST}"]
    # A model that is named tells in its own order, the others as segue evaluate --protocol cold measures them.
    scores = telling[0][1] if model else added(by_artist, [levels for *_, levels in told])
    if silent := int(np.isnan(scores).sum()):
        notes.append(f"of {silent:,} of them it is not known how near they are: those come last")
    return _scored(telling[0][0], vocabulary, scores, " + ".join(loaded.name for loaded, _ in telling)), notes


def _main(connection: sqlite3.Connection, shelf: Shelf, seeds: Sequence[str]) -> Scored | None:
    """Ask the best model of playlists, where there is one that knows the seeds."""
    by = shelf.choose(None)[0]
    if not by.by_playlists or by.name == POPULARITY:
        return None
    with shelf.noting_damage(by):
        scored = by_seeds(connection, by, seeds, widen=True)
        return scored if scored.told and scored.n_speaking else None
    return None


def _going_with(main: Scored) -> list[str]:
    return main.by.vocabulary.raw_ids(going_with(main.scores, main.seeds, main.by.listed))


def _by_artist(connection: sqlite3.Connection, main: Scored, vocabulary: Vocabulary) -> np.ndarray:
    """Tell how high a model of playlists sets each track's artist: float32, shape (tracks,), 0 where it cannot tell.

    That is by the mean of the artist's known tracks, those that it cannot tell counting 0, as cold.answers has it.
    """
    found = np.full(len(vocabulary), np.nan, np.float32)
    ids = vocabulary.raw_ids(np.arange(len(vocabulary)))
    others = catalogue.artists_others(connection, ids, _OF_ARTIST)
    for place, track_id in enumerate(ids):
        numbers = main.by.vocabulary.numbers(others.get(track_id, []))
        known = numbers[(numbers != NOT_FOUND) & (numbers < main.by.listed)]
        if len(known) and (mean := float(np.nan_to_num(main.scores[known]).mean())) > 0:
            found[place] = mean
    return standing(found, main.scores[: main.by.listed])


def _nearness(
    connection: sqlite3.Connection, shelf: Shelf, kind: str, vocabulary: Vocabulary, seeds: Sequence[str]
) -> tuple[Loaded, np.ndarray, np.ndarray]:
    """Score the tracks of a vocabulary by one model: float32, shape (tracks,), NaN where it cannot tell; and how high.

    Raises NoSuchModel, DamagedModel.
    """
    loaded = shelf.load(kind)
    scores = np.full(len(vocabulary), np.nan, np.float32)
    try:
        scored = by_seeds(connection, loaded, seeds, widen=True)
        if len(scored.seeds):
            numbers = loaded.vocabulary.numbers_of(vocabulary)
            scores[numbers != NOT_FOUND] = scored.scores[numbers[numbers != NOT_FOUND]]
    except DamagedModel as error:
        raise DamagedModel(shelf.remember(loaded, error)) from error
    return loaded, scores, standing(scores, scored.scores[: loaded.listed])


def _by_date(connection: sqlite3.Connection, shelf: Shelf, vocabulary: Vocabulary) -> Scored:
    """Let the order of the vocabulary stand, to which no model has anything to say, however old it is."""
    by = shelf.choose(None)[0]
    by = replace(by, manifest=replace(by.manifest, content=catalogue.content_mark(connection)))
    return _scored(by, vocabulary, np.arange(0, -len(vocabulary), -1, dtype=np.float32), "release date")


def _scored(by: Loaded, vocabulary: Vocabulary, scores: np.ndarray, label: str) -> Scored:
    """Let songs of a vocabulary of their own be chosen among, as they stand."""
    name = f"{label}, of what is new"
    by = replace(by, name=name, vocabulary=vocabulary, manifest=replace(by.manifest, kind=name))
    return Scored(by, np.zeros(0, np.int32), (), scores)
