"""What all pages and answers of one server share: the database, its models, the settings, what was answered lately."""

import sqlite3
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol, TypeVar

from flask import current_app

from recommender import artifacts, catalogue
from recommender.suggest import Suggester
from web.running.figures import Figures
from web.settings import Settings

T = TypeVar("T")
L = TypeVar("L", bound="List")
_KEPT = 512
"""So many answers are kept; the one that was asked for longest ago goes first."""


class List(Protocol):
    """A list of songs, whatever else is known of it."""

    @property
    def model(self) -> str:
        """The name of the model that made it."""
        ...


class Station:
    """One database as it is served. Safe to use from several threads."""

    def __init__(self, database: Path, settings: Settings) -> None:
        self.database = database
        self.settings = settings
        self.suggester = Suggester(database)
        self.models = artifacts.models_folder(database)
        self.figures = Figures()
        self._answers: OrderedDict[Hashable, Any] = OrderedDict()
        self._lock = threading.Lock()

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Open the database to read. Raises db.errors.DatabaseError."""
        with catalogue.open_reader(self.database) as connection:
            yield connection

    def model_names(self) -> list[str]:
        """Name the trained models that are here now."""
        return artifacts.model_names(self.models)

    def version(self, connection: sqlite3.Connection) -> tuple[Hashable, ...]:
        """Give what changes when an answer may: the models, the playlists, all else that imports bring, the blocks."""
        models = tuple((name, artifacts.changed_at(self.models, name)) for name in self.model_names())
        marks = catalogue.content_mark(connection), catalogue.imports_mark(connection)
        return models, *marks, catalogue.blocked(connection)

    def kept(self, key: Hashable, make: Callable[[], T]) -> T:
        """Give what was made under this key before, or make it; where that raises, nothing is kept.

        The key has to hold the version() of what it is of. It counts in the file alone that makes it, so that no two
        parts of the code take one's answer for the other's.
        """
        key = make.__module__, key
        with self._lock:
            if key in self._answers:
                self._answers.move_to_end(key)
                known: T = self._answers[key]
                return known
        made = make()
        with self._lock:
            self._answers[key] = made
            while len(self._answers) > _KEPT:
                self._answers.popitem(last=False)
        return made

    def listed(self, key: Hashable, make: Callable[[], L]) -> L:
        """Give a list as kept() does, and count which model made it, and whether it was there from before."""
        is_new = False

        def made() -> L:
            nonlocal is_new
            is_new = True
            return make()

        told = self.kept((make.__module__, key), made)
        self.figures.answers.labels(told.model).inc()
        self.figures.kept.labels("miss" if is_new else "hit").inc()
        return told


def station() -> Station:
    """Give the station of the request that is being answered."""
    found = current_app.extensions["segue"]
    assert isinstance(found, Station)
    return found
