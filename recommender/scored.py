"""The seeds, or a title, as one model knows them, and what it makes of them."""

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

import numpy as np

from recommender import artifacts, catalogue
from recommender.cold.seeds import understood
from recommender.cold.steps import OF_ANYTHING
from recommender.lists.dials import less
from recommender.lists.lateness import FEWEST, weighed
from recommender.lists.title_blend import blended
from recommender.models.blend import levelled
from recommender.models.contract import Model, Titled
from recommender.models.registry import CONTENT, YARDSTICKS
from recommender.standing import POPULARITY
from recommender.vocabulary import NOT_FOUND, Vocabulary

_WIDENED = 25
"""So many seeds, the last ones, speak through all their versions; more would take longer than they tell."""
_BY_WORDS = 200_000
"""Among more tracks, words take longer to find versions than an answer has time, so the artist's own are looked at."""


@dataclass(frozen=True)
class Loaded:
    """An open model, with what it knows its tracks by."""

    name: str
    manifest: artifacts.Manifest
    vocabulary: Vocabulary
    model: Model
    changed: int
    place: Path

    @property
    def by_words(self) -> bool:
        """Whether there are so few tracks that versions of a song are found by words (catalogue.other_versions)."""
        return len(self.vocabulary) <= _BY_WORDS

    @property
    def listed(self) -> int:
        """So many tracks, the first ones of the vocabulary, stood in a playlist when it learned."""
        return self.manifest.listed if self.manifest.listed >= 0 else len(self.vocabulary)

    @property
    def by_playlists(self) -> bool:
        """Whether it has a taste, and one that it learned from who lists or plays what."""
        return self.manifest.kind not in (*YARDSTICKS, *CONTENT)

    def knows(self, numbers: np.ndarray) -> np.ndarray:
        """Tell which tracks it has learned something of: bool, of the same shape."""
        known: np.ndarray = numbers != NOT_FOUND
        if self.manifest.kind in CONTENT:
            return known
        for place in np.flatnonzero(known & (numbers >= self.listed)):
            # No playlist holds it, but a model of plays may know it; what says something of any track knows nothing.
            anything = self.manifest.kind in OF_ANYTHING
            known[place] = not anything and not np.isnan(self.model.scores(numbers[place : place + 1])).all()
        return known


class Numbering(Protocol):
    """What songs are numbered by."""

    @property
    def vocabulary(self) -> Vocabulary:
        """Their raw ids."""
        ...

    @property
    def by_words(self) -> bool:
        """As that of Loaded."""
        ...


class Ranked(Protocol):
    """What a list can be chosen from: songs with their scores, whoever gave them."""

    @property
    def by(self) -> Numbering:
        """What numbers the songs."""
        ...

    @property
    def seeds(self) -> np.ndarray:
        """Numbers of songs that may not come: int32."""
        ...

    @property
    def scores(self) -> np.ndarray:
        """One for each song: float32, NaN where it cannot be told."""
        ...


@dataclass(frozen=True)
class Scored:
    """The seeds as one model knows them, and what it makes of them."""

    by: Loaded
    seeds: np.ndarray
    unknown: tuple[str, ...]
    scores: np.ndarray
    fits: np.ndarray | None = None
    """bool, shape (tracks,): which tracks a title speaks for; None without one."""

    reader: Loaded | None = None
    """The model that read the title, where it is another one."""

    n_speaking: int = 0
    """How many seeds the model went by; the others are only to be left out."""
    cold: tuple[str, ...] = ()
    """Seeds that the database holds and the model knows nothing of, in no version."""
    by_version: tuple[str, ...] = ()
    """Seeds for which another version of the recording speaks."""

    @property
    def told(self) -> bool:
        """Whether the model says anything."""
        return not np.isnan(self.scores).all()


def _other_versions(connection: sqlite3.Connection, wanted: Sequence[str], by_words: bool) -> list[str]:
    songs = catalogue.songs(connection, wanted[-_WIDENED:]).values()
    return [other for song in songs for other in catalogue.other_versions(connection, song, by_words=by_words)]


def by_seeds(
    connection: sqlite3.Connection, by: Loaded, wanted: Sequence[str], *, widen: bool = False, later: bool = False
) -> Scored:
    """Score with the seeds that the model's vocabulary holds, by their id or by that of the same song.

    widen: whether the other versions of the seeds speak too, where the model adds up. later: whether the later seeds
    weigh more.
    """
    found = understood(connection, by, wanted)
    speaking = found.numbers[found.numbers != NOT_FOUND]
    is_long = len(speaking) >= FEWEST  # by what was named, however many versions that has
    if widen and by.model.adds_up:
        others = by.vocabulary.numbers(_other_versions(connection, wanted, by.by_words))
        speaking = np.concatenate([others[by.knows(others) & ~np.isin(others, speaking)], speaking])
    scores = weighed(by.model.scores, speaking) if later and is_long else by.model.scores(speaking)
    seeds = np.concatenate([found.silent, speaking])
    return Scored(by, seeds, found.unknown, scores, None, None, len(speaking), found.cold, found.by_version)


def kept_away(connection: sqlite3.Connection, scored: Scored, unlike: Sequence[str], *, widen: bool) -> Scored:
    """Let what goes with tracks that a person does not like fall behind."""
    away = by_seeds(connection, scored.by, unlike, widen=widen)
    if not (away.told and away.n_speaking):  # popularity has something to say after nothing, too
        return scored
    return replace(scored, scores=less(scored.scores, away.scores, np.concatenate([scored.seeds, away.seeds])))


def popular(scored: Scored) -> Scored:
    """Let the vocabulary answer, which is in order of popularity."""
    return replace(scored, by=replace(scored.by, name=POPULARITY), fits=None)


def by_title(by: Loaded, title: str, seeds: Sequence[str] = ()) -> Scored:
    """Score by a title alone, with a model that reads titles; the seeds are only to be left out."""
    assert isinstance(by.model, Titled)
    numbers = by.vocabulary.numbers(seeds)
    scores = by.model.title_scores(title)
    return Scored(by, numbers[numbers != NOT_FOUND], (), scores, ~np.isnan(scores))


def best_of(said: Scored) -> dict[str, float]:
    """Give the levels, above 0 and up to 1, of the best tracks by their raw ids."""
    levels = levelled(said.scores, said.seeds)
    best = np.flatnonzero(levels)
    return dict(zip(said.by.vocabulary.raw_ids(best), levels[best].tolist(), strict=True))


def beside(first: Scored, n_seeds: int, said: Scored, best: Mapping[str, float]) -> Scored:
    """Add what a title says to what the seeds say; it stands alone where these say nothing.

    n_seeds: how many a person named, without their other versions. best: of what the title says, by raw ids, because
    two models may number their tracks apart.
    """
    if not (first.told and first.n_speaking):
        return replace(said, unknown=first.unknown)
    numbers = first.by.vocabulary.numbers(list(best))
    found = numbers != NOT_FOUND
    levels = np.zeros(len(first.scores), np.float32)
    levels[numbers[found]] = np.array(list(best.values()), np.float32)[found]
    scores = blended(first.scores, levels, first.seeds, n_seeds)
    return replace(first, scores=scores, fits=levels > 0, reader=said.by)
