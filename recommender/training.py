"""Training a model of any kind: times it, measures what it is worth, and refuses a corpus that is too small."""

import time
from dataclasses import dataclass
from itertools import pairwise
from math import ceil
from typing import Any

import numpy as np

from recommender.corpus import Corpus
from recommender.errors import CannotTrain
from recommender.measures.worth import MeasuringPart, worth_of
from recommender.models.contract import Model, Progress, no_progress
from recommender.models.registry import CONTENT, model_class
from recommender.models.updates import brought_up

_FEWEST_PLAYLISTS = 2
_SEEDS_AT_ONCE = 1_000
_PARTS_OF_RARE = 200
"""Of the tracks beyond 200,000 no more parts are made: each costs a pass over millions of scores."""


@dataclass(frozen=True)
class Trained:
    """A model with what its training took."""

    model: Model
    seconds: float
    worth: dict[str, float]
    """Mean grades on held-out playlists, and popularity's; empty when there were too few to measure on."""


def train(
    kind: str,
    corpus: Corpus,
    options: Any,
    rng: np.random.Generator,
    part: MeasuringPart | None = None,
    progress: Progress = no_progress,
) -> Trained:
    """Train a model on the whole corpus; with a part to measure on, first one for each of its folds.

    Raises CannotTrain.
    """
    refuse_too_small(corpus, kind)
    share = len(part.folds) / (len(part.folds) + 1) if part else 0.0
    measured_rng, rng = rng.spawn(2)
    worth = (
        worth_of(model_class(kind), part, options, measured_rng, lambda done: progress(share * done)) if part else {}
    )
    started = time.perf_counter()
    model = model_class(kind).fit(corpus, rng, options, lambda done: progress(share + (1 - share) * done))
    refuse_nonsense(model, corpus.n_tracks)
    progress(1.0)
    return Trained(model, time.perf_counter() - started, worth)


def update(
    model: Model, corpus: Corpus, old_numbers: np.ndarray, rng: np.random.Generator, progress: Progress = no_progress
) -> Trained:
    """Bring a model up to a corpus, unmeasured; one that cannot go on is trained as train would do it.

    old_numbers: int32, shape (tracks,): see Updating. Raises CannotTrain.
    """
    refuse_too_small(corpus, model.name)
    started = time.perf_counter()
    updated = brought_up(model, corpus, old_numbers, rng.spawn(2)[1], progress)
    refuse_nonsense(updated, corpus.n_tracks)
    progress(1.0)
    return Trained(updated, time.perf_counter() - started, {})


def refuse_nonsense(model: Model, n_tracks: int) -> None:
    """Raise CannotTrain for what would take the place of a good model without being one."""
    for array in model.arrays().values():
        # The extremes are not finite where anything is not, and take no memory, unlike np.isfinite of it all.
        if array.dtype.kind == "f" and array.size and not np.isfinite([array.min(), array.max()]).all():
            raise CannotTrain("what it learned is not finite: change the options towards the usual ones")
    parts = (np.arange(start, end, dtype=np.int32) for start, end in pairwise(_borders(n_tracks)))
    # Every second track, so that there are others left to be scored.
    if all(np.isnan(model.scores(half)).all() for asked in parts for half in (asked[::2], asked[1::2])):
        raise CannotTrain("it learned nothing: import more playlists, or change the options towards the usual ones")


def _borders(n_tracks: int) -> list[int]:
    """Give where the tracks are parted to be asked: the rare ones of a large collection more at once."""
    often = min(n_tracks, _SEEDS_AT_ONCE * _PARTS_OF_RARE)
    step = max(_SEEDS_AT_ONCE, ceil((n_tracks - often) / _PARTS_OF_RARE))
    return [*range(0, often, _SEEDS_AT_ONCE), *range(often, n_tracks, step), n_tracks]


def refuse_too_small(corpus: Corpus, kind: str) -> None:
    """Raise CannotTrain when there is nothing for a kind to learn from; what knows songs needs no playlists."""
    if kind not in CONTENT:
        refuse_few(corpus.n_playlists, corpus.n_tracks)


def refuse_few(n_playlists: int, n_tracks: int) -> None:
    """Raise CannotTrain when so few are nothing to learn from."""
    if n_playlists < _FEWEST_PLAYLISTS or n_tracks < _FEWEST_PLAYLISTS:
        raise CannotTrain(
            f"there are {n_playlists} playlists with {n_tracks} tracks, too few to learn from: "
            "import more (segue import FOLDER)"
        )
