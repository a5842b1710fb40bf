"""What each kind of listener is given: lists of several models, interleaved. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from recommender.segments.kinds import Kind

HELD = 32.0
"""How far the best known track falls behind where the popular are held back: to 1 + HELD times its place."""


@dataclass(frozen=True)
class Recipe:
    """How a list is made up."""

    shares: Mapping[str, int]
    """How many turns each source has: hits, clusters, content or best."""
    held: float = 0.0
    """How far what everybody knows falls behind."""


RECIPES: Mapping[Kind, Recipe] = MappingProxyType({
    "new": Recipe({"clusters": 4, "hits": 1}),
    "casual": Recipe({"clusters": 4, "content": 1, "hits": 1}),
    "explorer": Recipe({"clusters": 1, "content": 3}, HELD),
    "settled": Recipe({"best": 1}),
})  # fmt: skip
"""What the Million Song study concludes for its three kinds of listeners; that the popular is held back is our own. Of
who is settled the best model knows enough. The turns were chosen on made-up listeners (bench/segments.py) under seeds
that its figures are not of."""


def mixed(scores: Mapping[str, np.ndarray], recipe: Recipe, excluded: np.ndarray) -> np.ndarray:
    """Interleave what several sources score: float32, shape (tracks,), 0 at most, NaN for what none of them tells.

    scores: by source, float32, shape (tracks,), tracks numbered by fame, NaN where it cannot tell; a source without
    turns does not count. excluded: numbers of tracks that may not come, and so take nobody's place.
    Sources take turns, because their scores are of different scales, and because a listener of whom little is known
    is served best by something of each, of which one may be right. The source s gives its track at place r, counted
    from 0, at the time (r + 1/2) / turns(s); what stands in several lists counts where it is first. The times of known
    tracks are then longer, by 1 + held fame(j), fame(j) = 1 - ln(1 + j) / ln(tracks), j being the track's number.
    """
    size = len(next(iter(scores.values())))
    times = np.full(size, np.inf)
    for source, turns in recipe.shares.items():
        if source in scores and turns:
            order = _ranking(scores[source], excluded)
            times[order] = np.minimum(times[order], (np.arange(len(order)) + 0.5) / turns)
    if recipe.held:
        times *= 1 + recipe.held * (1 - np.log1p(np.arange(size)) / np.log(max(size, 2)))
    return np.where(np.isfinite(times), -times, np.nan).astype(np.float32)


def in_turns(told: Sequence[np.ndarray], excluded: np.ndarray) -> np.ndarray:
    """Make one ranking of several sources that take turns, one after the other: float32, as mixed() gives it."""
    if len(told) == 1:
        return told[0]
    names = [str(place) for place in range(len(told))]
    return mixed(dict(zip(names, told, strict=True)), Recipe(dict.fromkeys(names, 1)), excluded)


def _ranking(scores: np.ndarray, excluded: np.ndarray) -> np.ndarray:
    """Give the tracks that a source tells, best first, equals by fame: int64."""
    told = ~np.isnan(scores)
    told[excluded] = False
    tracks = np.flatnonzero(told)
    return np.asarray(tracks[np.argsort(-scores[tracks], kind="stable")])
