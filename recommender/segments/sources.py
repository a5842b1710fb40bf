"""What the trained models make of a listener's songs, each source of a recipe in the numbers of one vocabulary."""

import contextlib
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from recommender import catalogue
from recommender.errors import DamagedModel, NoSuchModel
from recommender.models.registry import CONTENT
from recommender.scored import Loaded, Scored, by_seeds, kept_away
from recommender.segments.recipes import Recipe, in_turns, mixed
from recommender.shelf import Shelf
from recommender.vocabulary import NOT_FOUND

HITS = ("rank", "popularity")
"""Kinds of models that know what everybody plays, the first that is trained answers."""
CLUSTERS = ("clusters",)


@dataclass(frozen=True)
class Source:
    """One model that speaks in a list."""

    role: str
    """hits, clusters, content or best."""
    scored: Scored


def gathered(
    connection: sqlite3.Connection, shelf: Shelf, recipe: Recipe, seeds: Sequence[str], unlike: Sequence[str]
) -> tuple[list[Source], Recipe, list[str]]:
    """Ask the models of a recipe; gives what they say, the recipe as it can be followed, and what is to be said.

    Where the models of a role are not trained, or know none of the seeds, the best model there is takes its turns.
    Raises NoSuchModel where there is no model at all.
    """
    sources: list[Source] = []
    notes: list[str] = []
    shares = dict(recipe.shares)
    for role, kinds in (("hits", HITS), ("clusters", CLUSTERS), ("content", CONTENT)):
        if role not in shares:
            continue
        found = list(_of_role(connection, shelf, role, kinds, seeds, unlike, notes))
        sources += found
        if not found and seeds:
            shares["best"] = shares.get("best", 0) + shares.pop(role)
    if shares.get("best") or not sources:
        sources.append(_best(connection, shelf, seeds, unlike, notes))
        shares.setdefault("best", 1)
    return sources, replace(recipe, shares=shares), notes


def _best(
    connection: sqlite3.Connection, shelf: Shelf, seeds: Sequence[str], unlike: Sequence[str], notes: list[str]
) -> Source:
    """Ask the best model that knows any of the seeds; where none does, the first of all, whose tracks are by fame."""
    first, said = shelf.choose(None)
    notes += said
    asked = by_seeds(connection, first, seeds, widen=True)
    if not asked.told and seeds:
        for name in shelf.standing.stand_ins(first.name):
            with contextlib.suppress(DamagedModel, NoSuchModel):
                other = by_seeds(connection, shelf.load(name), seeds, widen=True)
                if other.told:
                    return Source("best", kept_away(connection, other, unlike, widen=True))
        notes.append(shelf.standing.nobody_can_tell())
    return Source("best", kept_away(connection, asked, unlike, widen=True))


def _of_role(
    connection: sqlite3.Connection,
    shelf: Shelf,
    role: str,
    kinds: Sequence[str],
    seeds: Sequence[str],
    unlike: Sequence[str],
    notes: list[str],
) -> Iterator[Source]:
    """Ask the models of one role: all that can tell, of hits the first."""
    if role != "hits" and not seeds:
        return
    trained = False
    for kind in kinds:
        try:
            loaded = shelf.load(kind)
        except NoSuchModel:
            continue
        except DamagedModel as error:
            notes.append(str(error))
            continue
        trained = True
        with shelf.noting_damage(loaded):
            scored = by_seeds(connection, loaded, seeds, widen=True)
            if role != "hits" and not len(scored.seeds):
                continue
            scored = kept_away(connection, scored, unlike, widen=True)
            if scored.told:
                yield Source(role, scored)
                if role == "hits":
                    return
    if not trained:
        notes.append(_missing(role))


def _missing(role: str) -> str:
    kinds, what = {
        "hits": ("rank", "what everybody plays"),
        "clusters": ("clusters", "groups of listeners and songs"),
        "content": ("audio text", "how songs sound and what is written about them"),
    }[role]
    return f"no model of {what} is trained, so the best there is stands in: run `segue train {kinds}`"


def joined(connection: sqlite3.Connection, sources: Sequence[Source], recipe: Recipe, seeds: Sequence[str]) -> Scored:
    """Interleave what the sources say by a recipe, in the numbers of the largest vocabulary among them."""
    base = max((source.scored for source in sources), key=lambda scored: len(scored.by.vocabulary))
    known = base.by.vocabulary.numbers(seeds)
    excluded = known[known != NOT_FOUND]
    roles: dict[str, list[np.ndarray]] = {}
    for source in sources:
        roles.setdefault(source.role, []).append(renumbered(source.scored, base.by))
    scores = mixed({role: in_turns(told, excluded) for role, told in roles.items()}, recipe, excluded)
    # Its own name shows that the list is no single model's; an old one among them makes the list old.
    mark = catalogue.content_mark(connection)
    content = next((s.scored.by.manifest.content for s in sources if s.scored.by.manifest.content != mark), mark)
    label = " + ".join(dict.fromkeys(source.scored.by.name for source in sources))
    by = replace(base.by, name=label, manifest=replace(base.by.manifest, kind=label, content=content))
    return Scored(by, excluded, (), scores)


def renumbered(scored: Scored, by: Loaded) -> np.ndarray:
    """Give scores in the numbers of another model's tracks: float32, NaN for what this one does not know."""
    same = scored.by is by or scored.by.manifest.corpus == by.manifest.corpus
    # What learns from sounds or texts knows a corpus by another fingerprint, though the tracks be the same.
    if same or np.array_equal(scored.by.vocabulary.ids, by.vocabulary.ids):
        return scored.scores
    numbers = scored.by.vocabulary.numbers_of(by.vocabulary)
    return np.where(numbers == NOT_FOUND, np.float32(np.nan), scored.scores[numbers])
