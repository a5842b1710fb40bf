"""The seeds, or a title, as one model knows them, and what it makes of them."""

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from recommender import artifacts, catalogue
from recommender.lists.dials import less
from recommender.lists.lateness import FEWEST, weighed
from recommender.lists.title_blend import blended
from recommender.models.blend import levelled
from recommender.models.contract import Model, Titled
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
    numbers = by.vocabulary.numbers(wanted)
    lost = [seed for seed, number in zip(wanted, numbers, strict=True) if number == NOT_FOUND]
    unknown = set(lost)
    for seed, song in catalogue.songs(connection, lost).items():
        same = by.vocabulary.numbers(catalogue.same_song(connection, song))
        if (same != NOT_FOUND).any():
            numbers[wanted.index(seed)] = same[same != NOT_FOUND][0]
            unknown.discard(seed)
    is_long = int((numbers != NOT_FOUND).sum()) >= FEWEST  # by what was named, however many versions that has
    if widen and by.model.adds_up:
        others = _other_versions(connection, wanted, by.by_words)
        numbers = np.concatenate([by.vocabulary.numbers(others), numbers])
    seeds = numbers[numbers != NOT_FOUND]
    scores = weighed(by.model.scores, seeds) if later and is_long else by.model.scores(seeds)
    return Scored(by, seeds, tuple(seed for seed in lost if seed in unknown), scores)


def kept_away(connection: sqlite3.Connection, scored: Scored, unlike: Sequence[str], *, widen: bool) -> Scored:
    """Let what goes with tracks that a person does not like fall behind."""
    away = by_seeds(connection, scored.by, unlike, widen=widen)
    if not (away.told and len(away.seeds)):  # popularity has something to say after nothing, too
        return scored
    return replace(scored, scores=less(scored.scores, away.scores, np.concatenate([scored.seeds, away.seeds])))


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
    if not (first.told and len(first.seeds)):
        return replace(said, unknown=first.unknown)
    numbers = first.by.vocabulary.numbers(list(best))
    found = numbers != NOT_FOUND
    levels = np.zeros(len(first.scores), np.float32)
    levels[numbers[found]] = np.array(list(best.values()), np.float32)[found]
    scores = blended(first.scores, levels, first.seeds, n_seeds)
    return replace(first, scores=scores, fits=levels > 0, reader=said.by)
