"""What a hybrid is taught with: playlists kept back, and parts that have not seen them."""

from collections.abc import Callable, Iterator, Mapping
from math import ceil
from typing import Any

import numpy as np

from recommender.corpus import Corpus
from recommender.models.contract import Model, Progress
from recommender.models.pairs import facts_of
from recommender.models.ways.asked import Asked
from recommender.models.ways.grid import Grid
from recommender.models.ways.ordered import Trees
from recommender.splits import hold_out

MOST_FOLDS = 2
FEWEST_LISTS = 20
"""With fewer playlists to learn from, a way stays as it is: all models count alike, and there are no trees."""
Fitting = Callable[[Corpus, np.random.Generator, Progress], Mapping[str, Model]]


def n_folds(corpus: Corpus, share: float, most: int) -> int:
    """Tell how often playlists are kept back: a small collection has too few in one share."""
    return min(MOST_FOLDS, max(1, ceil(most / max(1, int(share * corpus.n_playlists)))))


def lessons(
    way: Grid | Trees,
    corpus: Corpus,
    rng: np.random.Generator,
    wanted: tuple[float, int],
    fit: Fitting,
    progress: Progress,
) -> Iterator[Any]:
    """Ask about playlists that none of the parts has seen; none where there are too few.

    wanted: the share of the playlists that is kept back, and so many are enough. fit: trains the parts.
    """
    folds = n_folds(corpus, *wanted)
    for fold in range(folds):
        held_out = hold_out(corpus, rng, *wanted, way.shortest)
        if len(held_out.seeds) * folds < FEWEST_LISTS:
            break

        def show(share: float, before: int = fold) -> None:
            progress((before + share) / folds)

        part_of = held_out.corpus
        parts = fit(part_of, rng, show)
        facts = facts_of(part_of.playlist_counts, part_of.artists, part_of.albums, part_of.audio)
        worked_out = way.work_out(parts)
        for first, then in zip(held_out.seeds, held_out.truths, strict=True):
            for seeds, rest in way.cut(np.concatenate([first, then])):
                yield way.lesson(Asked(parts, facts, worked_out, seeds), rest)
