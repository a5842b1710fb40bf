"""How good models are that were trained on the noisy little worlds, each world with playlists held out."""

from collections.abc import Callable, Iterator
from functools import cache

import numpy as np

from recommender.corpus import Corpus
from recommender.evaluate import GRADES, grades
from recommender.models.contract import Model
from recommender.splits import HeldOut, hold_out
from tests.worlds import noisy_world

WORLDS = 2
"""One has too few playlists to tell two models apart."""
SHARE = 0.25
SEEDS = 3
_NDCG = GRADES.index("ndcg_500")


@cache
def held_out(world: int) -> HeldOut:
    corpus, _ = noisy_world(np.random.default_rng(100 + world))
    return hold_out(corpus, np.random.default_rng(world), SHARE, corpus.n_playlists, SEEDS)


def ndcg(fit: Callable[[Corpus, int], Model]) -> float:
    """Give the mean NDCG over all worlds. fit: trains on a corpus; the number of the world is its seed."""
    return float(np.mean(np.concatenate(list(_grades(fit)))))


def _grades(fit: Callable[[Corpus, int], Model]) -> Iterator[np.ndarray]:
    for world in range(WORLDS):
        held = held_out(world)
        yield grades(fit(held.corpus, world), held)[:, _NDCG]
