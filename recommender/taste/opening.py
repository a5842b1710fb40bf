"""A trained taste, opened to be asked. Other files ask here, and need not know how it was learned or stored."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np

from recommender.taste import keeping, speaking
from recommender.taste.contract import Report
from recommender.taste.facts import songs_of
from recommender.taste.fitting import Fitted
from recommender.taste.rows import Parts, Rows, Songs, rows_of

_AT_ONCE = 20_000
_TELLING = 0.02
"""So much the chance must fall without a thing for that thing to be a reason."""
_MOST_REASONS = 2


@dataclass(frozen=True)
class Taste:
    """What one person likes, as it was learned."""

    report: Report
    fitted: Fitted
    genres: tuple[str, ...]
    """Those that songs are asked for."""
    parts: Parts
    usual: np.ndarray
    """float32, shape (some, columns): rows of songs that it learned from."""

    @classmethod
    def open(cls, database: Path, listener: str | None = None) -> Self:
        """Open the taste of a listener, None where the database is of one person. Raises NoTaste, DamagedModel."""
        return cls(*keeping.read(database, listener or ""))

    @property
    def threshold(self) -> float:
        """The chance from which on a song counts as liked: the share of likes among what it learned from."""
        return self.fitted.threshold

    def chances(self, connection: sqlite3.Connection, track_ids: Sequence[str]) -> np.ndarray:
        """Give the chance that each track is liked: float64, shape (tracks,), NaN where no audio features are known."""
        told = np.full(len(track_ids), np.nan)
        for first in range(0, len(track_ids), _AT_ONCE):
            songs = self._songs(connection, track_ids[first : first + _AT_ONCE])
            if songs.heard.any():
                told[first + np.flatnonzero(songs.heard)] = self.fitted.chances(self._rows(songs).values[songs.heard])
        return told

    def reasons(
        self, connection: sqlite3.Connection, track_ids: Sequence[str], *, against: bool = False
    ) -> list[list[str]]:
        """Say in short words what speaks for each track, the strongest first; nothing where nothing is known.

        What speaks for a song is that which makes a like more likely than it were if the song had that of others.
        against: say what speaks against it, which makes a like less likely.
        """
        songs = self._songs(connection, track_ids)
        heard = np.flatnonzero(songs.heard)
        reasons: list[list[str]] = [[] for _ in track_ids]
        if not len(heard):
            return reasons
        rows = self._rows(songs.taken(heard))
        names = [name for name in dict.fromkeys(rows.meaning) if speaking.can_say(name)]
        whole = self.fitted.chances(rows.values)
        falls = np.stack([whole - self._with_that_of_others(rows, name) for name in names], axis=1)
        falls *= -1 if against else 1
        usual = self.fitted.pipeline[0].statistics_
        for place, row, fall in zip(heard.tolist(), rows.values, falls, strict=True):
            for name_no in np.argsort(-fall, kind="stable")[:_MOST_REASONS].tolist():
                column = rows.meaning.index(names[name_no])
                if fall[name_no] >= _TELLING and not np.isnan(row[column]):
                    reasons[place].append(speaking.said(names[name_no], float(row[column]), float(usual[column])))
        return reasons

    def _with_that_of_others(self, rows: Rows, name: str) -> np.ndarray:
        """Give the mean chance of each row if it had of one thing what usual songs have: float64, shape (rows,)."""
        columns = [column for column, meaning in enumerate(rows.meaning) if meaning == name]
        values = np.repeat(rows.values, len(self.usual), axis=0)
        values[:, columns] = np.tile(self.usual[:, columns], (len(rows.values), 1))
        told: np.ndarray = self.fitted.chances(values).reshape(len(rows.values), -1).mean(axis=1)
        return told

    def _songs(self, connection: sqlite3.Connection, track_ids: Sequence[str]) -> Songs:
        return songs_of(connection, track_ids, genres=bool(self.parts.genres and self.genres))

    def _rows(self, songs: Songs) -> Rows:
        return rows_of(songs, self.genres, self.parts)
