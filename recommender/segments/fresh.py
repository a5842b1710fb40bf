"""How near new songs are to what somebody likes, by models that know what a song is."""

import sqlite3
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from recommender import catalogue
from recommender.errors import DamagedModel, NoSuchModel
from recommender.scored import Loaded, Scored, by_seeds
from recommender.segments.recipes import in_turns
from recommender.segments.sources import CONTENT
from recommender.shelf import Shelf
from recommender.vocabulary import NOT_FOUND, Vocabulary

_UNHEARD_OF = "no model of how songs sound and what is written about them is trained: run `segue train audio text`"
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
    for kind in (model,) if model else CONTENT:
        try:
            told.append(_nearness(connection, shelf, kind, vocabulary, seeds))
        except NoSuchModel:
            if model:
                raise
        except DamagedModel as error:
            if model:
                raise
            notes.append(str(error))
    telling = [(loaded, scores) for loaded, scores in told if not np.isnan(scores).all()]
    if not telling:
        why = "no model knows how near they are" if told else _UNHEARD_OF
        return _by_date(connection, shelf, vocabulary), [*notes, f"{why}, {_NEWEST}"]
    scores = in_turns([scores for _, scores in telling], np.zeros(0, np.int64))
    if silent := int(np.isnan(scores).sum()):
        notes.append(f"of {silent:,} of them it is not known how near they are: those come last")
    return _scored(telling[0][0], vocabulary, scores, " + ".join(loaded.name for loaded, _ in telling)), notes


def _nearness(
    connection: sqlite3.Connection, shelf: Shelf, kind: str, vocabulary: Vocabulary, seeds: Sequence[str]
) -> tuple[Loaded, np.ndarray]:
    """Score the tracks of a vocabulary by one model: float32, shape (tracks,), NaN where it cannot tell.

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
    return loaded, scores


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
