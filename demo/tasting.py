"""How often suggestions are of the seed's genre: the world knows every song's genre, the models never see it."""

import sqlite3
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from db import read
from recommender.suggest import Answer, Suggester

LENGTH = 10
"""How many suggestions are asked for."""

GenreOf = Callable[[str], str | None]
"""Tells the genre of a track id; None for a stranger, such as a file of one's own."""


@dataclass(frozen=True)
class Seed:
    """A song that is asked with."""

    track_id: str
    title: str
    artist: str
    genre: str


@dataclass(frozen=True)
class Tasting:
    """Ten suggestions for each of some seeds, by each of some models."""

    seeds: tuple[Seed, ...]
    answers: dict[str, tuple[Answer, ...]]
    """For each model one answer for each seed."""
    right: dict[str, tuple[int, ...]]
    """How many of the ten are of the seed's genre, likewise."""

    def mean(self, model: str) -> float:
        """Give how many of ten are of the seed's genre, on average over the seeds."""
        return sum(self.right[model]) / len(self.seeds)


def draw_seeds(connection: sqlite3.Connection, rng: np.random.Generator, genre_of: GenreOf, count: int) -> list[Seed]:
    """Draw different songs as listeners come upon them: the more playlists hold one, the likelier it is drawn."""
    uses = Counter(track for block in read.entry_rows(connection) for _, track in block)
    ids = dict(row for block in read.track_ids(connection) for row in block)
    numbers = np.array([key for key in uses if genre_of(ids[key])])
    weights = np.array([uses[key] for key in numbers.tolist()], float)
    drawn = [ids[key] for key in rng.choice(numbers, count, replace=False, p=weights / weights.sum()).tolist()]
    songs = read.songs(connection, drawn)
    return [
        Seed(track_id, songs[track_id].name, ", ".join(songs[track_id].artists), genre_of(track_id) or "")
        for track_id in drawn
    ]


def taste(database: Path, genre_of: GenreOf, seeds: Sequence[Seed], models: Sequence[str]) -> Tasting:
    """Ask each model for suggestions after each seed alone."""
    suggester = Suggester.open(database)
    answers = {model: tuple(suggester.answer([seed.track_id], LENGTH, model) for seed in seeds) for model in models}
    right = {
        model: tuple(
            sum(genre_of(found.track_id) == seed.genre for found in answer.suggestions)
            for seed, answer in zip(seeds, given, strict=True)
        )
        for model, given in answers.items()
    }
    return Tasting(tuple(seeds), answers, right)
