"""What all pages and answers of one server share: the database, its models, the settings, what was answered lately."""

import sqlite3
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from flask import current_app

from recommender import artifacts, catalogue
from recommender.suggest import Suggester
from web.running.figures import Figures
from web.settings import Settings

T = TypeVar("T")
_KEPT = 512
"""So many answers are kept; the one that was asked for longest ago goes first."""


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
        """Give what changes when an answer may: the models, the playlists, and what is blocked."""
        models = tuple((name, artifacts.changed_at(self.models, name)) for name in self.model_names())
        return models, catalogue.content_mark(connection), catalogue.blocked(connection)

    def kept(self, key: Hashable, make: Callable[[], T]) -> T:
        """Give what was made under this key before, or make it. The key has to hold the version() of what it is of."""
        with self._lock:
            if key in self._answers:
                self._answers.move_to_end(key)
                known: T = self._answers[key]
                self.figures.kept.labels("hit").inc()
                return known
        self.figures.kept.labels("miss").inc()
        made = make()
        with self._lock:
            self._answers[key] = made
            while len(self._answers) > _KEPT:
                self._answers.popitem(last=False)
        return made


def station() -> Station:
    """Give the station of the request that is being answered."""
    found = current_app.extensions["segue"]
    assert isinstance(found, Station)
    return found
