"""The one road on which pages and programs get a list."""

import sqlite3
from collections.abc import Hashable
from dataclasses import replace

from recommender.answers import Answer
from recommender.standing import Standing
from web.asking import Asking
from web.errors import NotUnderstood
from web.experiment import chosen
from web.station import Station


def answer(station: Station, asking: Asking) -> Answer:
    """Make the list that is asked for, or give the one that was made before of the same models and playlists.

    Raises NotUnderstood, RecommenderError, DatabaseError.
    """
    asking = chosen(station, asking)
    wishes = asking.wishes()
    if not asking.seed and not asking.title:
        raise NotUnderstood("name a song to go by, or what the playlist is called")

    def make() -> Answer:
        try:
            return station.suggester.answer(asking.seed, asking.n, asking.model, **wishes)
        except ValueError as error:
            raise NotUnderstood(str(error)) from error

    return station.listed(_key(station, asking), make)


def without_places(station: Station, told: Answer) -> Answer:
    """Leave out where sound files lie, unless it is this machine alone that asks."""
    if station.settings.is_local:
        return told
    return replace(told, suggestions=tuple(replace(song, path="") for song in told.suggestions))


def models(station: Station, connection: sqlite3.Connection) -> list[str]:
    """Name the trained models, best first, as they answer where none is asked for."""
    key = "standing", station.version(connection)
    return station.kept(key, lambda: list(Standing(station.models).in_order()))


def _key(station: Station, asking: Asking) -> Hashable:
    with station.reading() as connection:
        return "answer", station.version(connection), asking
