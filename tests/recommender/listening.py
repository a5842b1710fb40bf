"""Small worlds of listeners whose taste is known, and a model that foretells plays, to stand in for real ones."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Self

import numpy as np
import pytest

from db import index
from db.connection import open_writer, transaction
from db.plays import store_plays
from db.records import Play
from db.runs import ImportRun
from recommender.corpus import Corpus
from recommender.measures.means import Means
from recommender.models import registry
from recommender.models.contract import Progress, no_progress
from tests.recommender.songs import NOW, TASTES, song, spotify_id

LISTENERS = 40
SONGS_OF_TASTE = 20
OWN, FOREIGN = 14, 2
_DAY = 86_400


def listened(rng: np.random.Generator, n_listeners: int = LISTENERS, timed: bool = True) -> list[Play]:
    """Let listeners of two tastes play 14 songs of their own taste, the first ones more often, and 2 others once."""
    plays = []
    for number in range(n_listeners):
        taste = number % len(TASTES)
        own = rng.choice(SONGS_OF_TASTE, OWN, replace=False)
        heard = [(taste, int(n), 1 + int(rng.poisson(12 / (1 + n)))) for n in own]
        heard += [(1 - taste, int(n), 1) for n in rng.choice(SONGS_OF_TASTE, FOREIGN, replace=False)]
        times = NOW - rng.permutation(len(heard)) * _DAY
        plays += [
            Play(f"listener {number:02d}", played_song(TASTES[t], n), count, int(time) if timed else None)
            for (t, n, count), time in zip(heard, times, strict=True)
        ]
    return plays


def played_song(taste: str, number: int):  # type: ignore[no-untyped-def]
    """Give one song of the two tastes: five artists of four songs each."""
    return song(f"{taste} song {number}", f"{taste} artist {number % 5}", spotify_id(f"{taste}{number:02d}"))


def add_plays(database: Path, plays: Iterable[Play], log: str = "a log", now: int = NOW) -> None:
    """Store plays as one log, and bring the index up to them."""
    with open_writer(database, "a test") as connection:
        with transaction(connection):
            store_plays(connection, ImportRun("test", "a test", now), log, plays)
        index.finish(connection)


@dataclass(frozen=True)
class Options:
    """There is nothing to choose."""


RANGES: dict[str, tuple[float, float]] = {}
PRESETS: dict[str, Options] = {}


@dataclass(frozen=True)
class StandIn:
    """Foretell the means of listener and track, listeners numbered backwards; it knows no track of number 0."""

    name: ClassVar[str] = "stand-in"
    adds_up: ClassVar[bool] = False
    learned: ClassVar[list[Corpus]] = []
    """Every corpus that was ever learned from."""
    options: Options
    listeners: np.ndarray
    means: Means

    @classmethod
    def fit(cls, corpus: Corpus, rng: np.random.Generator, options: Options, progress: Progress = no_progress) -> Self:
        cls.learned.append(corpus)
        means = Means.fit(corpus.plays, corpus.n_tracks)
        names = np.array([name.encode() for name in corpus.plays.listeners][::-1] or [], "S40")
        return cls(options, names, Means(means.mean, means.of_listeners[::-1].copy(), means.of_tracks))

    def predict(self, listener_no: int, track_nos: np.ndarray) -> np.ndarray:
        return np.where(track_nos == 0, np.nan, self.means.predict(listener_no, track_nos)).astype(np.float32)

    def scores(self, seeds: np.ndarray) -> np.ndarray:
        return self.means.of_tracks.astype(np.float32)

    def arrays(self) -> Mapping[str, np.ndarray]:
        means = self.means
        return {
            "listeners": self.listeners,
            "mean": np.array([means.mean]),
            "of-listeners": means.of_listeners,
            "of-tracks": means.of_tracks,
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, np.ndarray], options: Options, n_tracks: int) -> Self:
        if len(arrays["of-tracks"]) != n_tracks:
            raise ValueError("one number for each track is needed")
        means = Means(float(arrays["mean"][0]), arrays["of-listeners"], arrays["of-tracks"])
        return cls(options, arrays["listeners"], means)

    def notes(self) -> Mapping[str, str | int | float]:
        return {"listeners": len(self.listeners)}


def register_stand_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let `stand-in` be a kind of model."""
    monkeypatch.setitem(registry._MODELS, "stand-in", ("tests.recommender.listening", "StandIn"))
