"""How often suggestions are of the seed's genre: the catalogue knows every song's genre, the models never see it."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from demo.catalogue import Song
from recommender.suggest import Answer, Suggester

LENGTH = 10
"""How many suggestions are asked for."""


@dataclass(frozen=True)
class Tasting:
    """Ten suggestions for each of some seeds, by each of some models."""

    seeds: tuple[Song, ...]
    answers: dict[str, tuple[Answer, ...]]
    """For each model one answer for each seed."""
    right: dict[str, tuple[int, ...]]
    """How many of the ten are of the seed's genre, likewise."""

    def mean(self, model: str) -> float:
        """Give how many of ten are of the seed's genre, on average over the seeds."""
        return sum(self.right[model]) / len(self.seeds)


def taste(database: Path, genres: dict[str, str], seeds: Sequence[Song], models: Sequence[str]) -> Tasting:
    """Ask each model for suggestions after each seed alone. genres: the genre of each track id."""
    suggester = Suggester.open(database)
    answers = {model: tuple(suggester.answer([seed.track_id], LENGTH, model) for seed in seeds) for model in models}
    right = {
        model: tuple(
            sum(genres.get(found.track_id) == seed.genre for found in answer.suggestions)
            for seed, answer in zip(seeds, given, strict=True)
        )
        for model, given in answers.items()
    }
    return Tasting(tuple(seeds), answers, right)
