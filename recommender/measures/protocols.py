"""What is asked of a model on playlists that it did not see, and how its answers are graded. Pure.

A question holds seeds, and the playlist's title for who reads it. Where nothing but the title is given, only models
that read titles are asked.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from recommender import metrics
from recommender.vocabulary import NOT_FOUND

SEEDS_OF = (1, 5, 10, 25)
"""So many seeds are given, as in the RecSys Challenge 2018."""
BEYOND_SEEDS = 5
"""A playlist is long enough to be continued when so many tracks follow the seeds, at least."""
NEXT_FEWEST = 5
"""A playlist is long enough for its next tracks to be asked when it has so many."""
MOST_PREFIXES = 10
"""So many beginnings of one playlist are asked, at most, evenly spread over it."""


@dataclass(frozen=True)
class Question:
    """What comes after these seeds?"""

    playlist_no: int
    """Which of the measured playlists it is about: questions about one are averaged before playlists are."""
    n_given: int
    """How many tracks of the playlist are given; the training part may know fewer."""
    seeds: np.ndarray
    """int32 track numbers, those that the training part knows, oldest first."""
    truth: np.ndarray
    """int32 track numbers in the order of the playlist; NOT_FOUND, which nobody can suggest, counts as missed."""
    title: str = ""
    """What the playlist is called; "" where nobody knows."""


@dataclass(frozen=True)
class Protocol:
    """A way to measure: the names of the grades, the one that models are ordered by, and how a list gets them."""

    name: str
    grades: tuple[str, ...]
    headline: str
    grade: Callable[[np.ndarray, np.ndarray], tuple[float, ...]]
    """Takes a ranked list and the truth, and gives one number for each of the grades."""


def continuation_questions(
    playlists: Sequence[np.ndarray],
    seeds_of: Sequence[int],
    rng: np.random.Generator | None,
    names: Sequence[str] = (),
) -> list[Question]:
    """Ask to complete each playlist from its first tracks or, with rng, from as many drawn ones in their order.

    playlists: int32 track numbers, each at least one longer than the most of seeds_of. names: of all of them, or none.
    """
    questions = []
    for playlist_no, tracks in enumerate(playlists):
        order = np.arange(len(tracks)) if rng is None else rng.permutation(len(tracks))
        for n_given in seeds_of:
            given, rest = np.sort(order[:n_given]), np.sort(order[n_given:])
            title = names[playlist_no] if names else ""
            questions.append(Question(playlist_no, n_given, _known(tracks[given]), tracks[rest], title))
    return questions


def title_questions(playlists: Sequence[np.ndarray], names: Sequence[str]) -> list[Question]:
    """Ask for the whole of each playlist that has a name, by that name alone."""
    return [
        Question(playlist_no, 0, np.zeros(0, np.int32), tracks, name)
        for playlist_no, (tracks, name) in enumerate(zip(playlists, names, strict=True))
        if name.strip()
    ]


def next_questions(playlists: Sequence[np.ndarray]) -> list[Question]:
    """Ask what follows the beginnings of each playlist, MOST_PREFIXES of them at most."""
    questions = []
    for playlist_no, tracks in enumerate(playlists):
        last = len(tracks) - 1
        lengths = np.linspace(1, last, min(last, MOST_PREFIXES)).round().astype(int).tolist()
        questions += [Question(playlist_no, n, _known(tracks[:n]), tracks[n:]) for n in lengths]
    return questions


def _known(tracks: np.ndarray) -> np.ndarray:
    known: np.ndarray = tracks[tracks != NOT_FOUND]
    return known


def _grade_continuation(ranked: np.ndarray, truth: np.ndarray) -> tuple[float, ...]:
    hit, size = metrics.hits(ranked, truth), len(truth)
    return (
        metrics.r_precision(hit, size),
        metrics.ndcg(hit, size),
        metrics.clicks(hit),
        metrics.recall(hit, size),
        metrics.hit_rate(hit, 10),
    )


def _grade_next(ranked: np.ndarray, truth: np.ndarray) -> tuple[float, ...]:
    following, rest, size = metrics.hits(ranked, truth[:1]), metrics.hits(ranked, truth), len(truth)
    return (
        metrics.hit_rate(following, 10),
        metrics.hit_rate(following, 20),
        metrics.reciprocal_rank(following, 10),
        metrics.reciprocal_rank(following, 20),
        metrics.precision(rest, 20),
        metrics.recall(rest[:20], size),
        metrics.average_precision(rest, 20, size),
    )


PROTOCOLS = {
    "continuation": Protocol(
        "continuation",
        ("r_precision", "ndcg_500", "clicks", "recall_500", "hit_rate_10"),
        "ndcg_500",
        _grade_continuation,
    ),
    "next": Protocol(
        "next",
        ("hit_rate_10", "hit_rate_20", "mrr_10", "mrr_20", "precision_20", "recall_20", "map_20"),
        "hit_rate_20",
        _grade_next,
    ),
}
