"""Surprise, imported without its folder at home, and given ratings that are arrays."""

import os
import sys
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import numpy as np

from recommender.errors import CannotTrain
from recommender.memory import available_bytes
from recommender.models.alike import Alike
from recommender.models.graded import Graded, Scale
from recommender.models.links import Links

ENGINES = ("sparse", "surprise")
RATING_BYTES = 200
"""Surprise holds each rating as two Python tuples, one by rater and one by track."""
PAIR_BYTES = 40
"""Surprise's similarities hold five dense arrays of 8 bytes for each pair of those compared."""
_MEMORY_SHARE = 0.5
_ROWS_AT_ONCE = 256
_FOLDER = "SURPRISE_DATA_FOLDER"


def import_surprise() -> Any:
    """Import Surprise; no folder is left behind."""
    if "surprise" in sys.modules or _FOLDER in os.environ:
        import surprise

        return surprise
    from tempfile import TemporaryDirectory

    # On import it makes a folder for its data sets, in the home folder unless this variable names another.
    with TemporaryDirectory() as folder:
        os.environ[_FOLDER] = folder
        try:
            import surprise
        finally:
            del os.environ[_FOLDER]
    return surprise


def refuse_lack(name: str, needed: float, cure: str) -> None:
    """Raise CannotTrain when so many bytes are more than half of the free memory; unknown memory refuses nothing."""
    available = available_bytes()
    if available is not None and needed > available * _MEMORY_SHARE:
        raise CannotTrain(
            f"{name} needs {needed / 1e9:.1f} GB, and half of the free memory is "
            f"{available * _MEMORY_SHARE / 1e9:.1f} GB: {cure}"
        )


def trainset(by_rater: Links, by_track: Links | None, n_tracks: int, scale: Scale) -> Any:
    """Give ratings as Surprise takes them, raters and tracks under their own numbers; not all need them by track."""
    by_tracks = {} if by_track is None else _rows(by_track)
    ends = (scale.lowest, scale.highest)
    return import_surprise().Trainset(
        _rows(by_rater), by_tracks, by_rater.n_rows, n_tracks, len(by_rater.numbers), ends, {}, {}
    )


def _rows(links: Links) -> dict[int, list[tuple[int, float]]]:
    assert links.weights is not None
    ends, numbers, ratings = links.offsets.tolist(), links.numbers.tolist(), links.weights.tolist()
    return {
        row: list(zip(numbers[start:end], ratings[start:end], strict=True))
        for row, (start, end) in enumerate(pairwise(ends))
    }


def similarities(name: str, graded: Graded, alike: Alike, by_rater: bool) -> Links:
    """Let Surprise's KNNBasic compare all, and keep what is above 0: only that is ever counted in a prediction.

    Raises CannotTrain when memory lacks, or Surprise cannot compare these.
    """
    n_compared, n_ratings = alike.own.n_rows, len(alike.own.numbers)
    sentence = f"{name} by Surprise, for {n_compared:,} {'raters' if by_rater else 'tracks'},"
    refuse_lack(sentence, PAIR_BYTES * n_compared**2 + RATING_BYTES * n_ratings, "set engine to sparse, its twin")
    # A fresh dict each time: Surprise writes into the one that it is given, and shares its default between models.
    options = {"name": alike.similarity, "user_based": by_rater, "shrinkage": alike.shrinkage}
    model = import_surprise().KNNBasic(sim_options=options, bsl_options={}, verbose=False)
    try:
        model.fit(trainset(graded.by_rater, graded.by_track, graded.by_track.n_rows, graded.scale))
    except ZeroDivisionError as error:
        raise CannotTrain(
            f"some have ratings in common that Surprise cannot compare by {alike.similarity}: set engine to sparse, "
            "which takes them for unlike"
        ) from error
    return _above_zero(model.sim)


def _above_zero(similar: np.ndarray) -> Links:
    counts, numbers, kept = [], [], []
    for start in range(0, len(similar), _ROWS_AT_ONCE):
        rows, columns = np.nonzero(similar[start : start + _ROWS_AT_ONCE] > 0)
        counts.append(np.bincount(rows, minlength=min(_ROWS_AT_ONCE, len(similar) - start)))
        numbers.append(columns.astype(np.int32))
        kept.append(similar[start + rows, columns])
    return Links(np.append(0, np.cumsum(np.concatenate(counts))), np.concatenate(numbers), np.concatenate(kept))


def stored_arrays(stored: Links | None) -> dict[str, np.ndarray]:
    """Give stored similarities by name; nothing where there are none."""
    if stored is None:
        return {}
    assert stored.weights is not None
    return {"alike-offsets": stored.offsets, "alike": stored.numbers, "similarities": stored.weights}


def stored_in(arrays: Mapping[str, np.ndarray], n_rows: int) -> Links | None:
    """Take stored similarities by name, if there are any. Raises ValueError when they do not fit together."""
    if "alike" not in arrays:
        return None
    similar = arrays["similarities"]
    stored = Links(arrays["alike-offsets"], arrays["alike"], similar)
    stored.refuse_misfit(n_rows)
    if stored.n_rows != n_rows or similar.shape != stored.numbers.shape or similar.dtype.kind != "f":
        raise ValueError("each that is compared has its similarities")
    return stored
