"""The fallback chain as an entrant: what is served for songs of no playlist is what is measured."""

from collections.abc import Iterator
from contextlib import suppress

import numpy as np

from recommender.cold.answers import among
from recommender.cold.steps import ARTIST, Step, nearest, of_artist, served
from recommender.errors import CannotTrain
from recommender.measures.cold_measuring import (
    Answering,
    ColdExam,
    ColdMeasured,
    answering_of,
    measure_cold,
    trained,
)
from recommender.measures.measuring import Entrant
from recommender.models.contract import Model, Progress, no_progress
from recommender.models.options import options_of
from recommender.models.registry import CONTENT, KINDS

CHAIN = "chain"
MAIN = "item-knn"
"""The model of playlists that goes on from what the steps find; chain:KIND asks another one."""
_HEAVY = ("meaning",)


def light() -> tuple[str, ...]:
    """Give the models of content that the chain trains for itself; what is heavy it asks where it was measured."""
    return tuple(kind for kind in CONTENT if kind in KINDS and kind not in _HEAVY)


def chain_of(name: str) -> Entrant:
    """Give the entrant of a chain: "chain", or "chain:KIND". Raises NoSuchModel."""
    kind = name.partition(":")[2] or MAIN
    return Entrant(name, kind, options_of(kind, None, {}))


def measured_or_chained(entrant: Entrant, exam: ColdExam, progress: Progress = no_progress) -> ColdMeasured:
    """Train an entrant, or what a chain needs, and put every question to it. Raises CannotTrain."""
    is_chain = entrant.name.partition(":")[0] == CHAIN
    return measure_cold(entrant, exam, progress, _chained if is_chain else answering_of)


def _chained(entrant: Entrant, exam: ColdExam, progress: Progress) -> Answering:
    assert entrant.kind
    main = trained(Entrant(entrant.kind, entrant.kind, entrant.options), exam, progress)
    readers = dict(_readers(exam))
    artists, listed = exam.split.training.artists, exam.split.n_known

    def beside(seeds: np.ndarray) -> np.ndarray:
        found = served(_steps(exam, readers, seeds), main.scores)
        if found:
            return found.scores
        alone = (reader.scores(seeds) for reader in readers.values())
        nothing = np.full(len(artists), np.nan, np.float32)
        return next((scores for scores in alone if not np.isnan(scores).all()), nothing)

    return Answering(beside, lambda seeds: among(main.scores, list(readers.values()), seeds, artists, listed))


def _steps(exam: ColdExam, readers: dict[str, Model], seeds: np.ndarray) -> Iterator[Step]:
    artists, listed = exam.split.training.artists, exam.split.n_known
    own = artists[seeds]
    if (own >= 0).any():
        yield ARTIST, lambda: of_artist(np.flatnonzero(np.isin(artists[:listed], own[own >= 0])), listed)
    for kind, reader in readers.items():
        yield kind, lambda reader=reader: nearest(reader.scores(seeds), listed)  # type: ignore[misc]


def _readers(exam: ColdExam) -> Iterator[tuple[str, Model]]:
    """Give the models that know what songs are like, as many as can be trained here."""
    for kind in CONTENT:
        if kind in light() or kind in exam.models:
            with suppress(CannotTrain):
                yield kind, trained(Entrant(kind, kind, options_of(kind, None, {})), exam)
