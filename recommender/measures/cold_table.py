"""What was measured on tracks of no playlist as text: tables for people, one object for programs. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from recommender.measures.bootstrap import Interval, intervals
from recommender.measures.cold_measuring import GRADES, YARDSTICK, ColdExam, ColdMeasured
from recommender.writing.output import columns

NDCG = GRADES.index("ndcg_100")
"""The main grade."""
_LABELS = ("recall@100", "NDCG@100", "R-precision")
_ABOUT = """\
A tenth of the tracks that stand in two playlists or more, and all versions of them, were taken out of every playlist;
nothing but artist, album, sound and words is left of them. As the seed: one of them is all that is named, and the known
tracks of each of its playlists are the truth. As the answer: up to 25 known tracks of a playlist are named, only tracks
that were taken out are ranked, and those of the playlist are the truth. Where a model cannot tell, the best known
come first, or the others in no order; "told" is the share of the seeds, or of the answers, that it can tell itself.
artists, the greatest hits of collocated artists, is the yardstick; among answers each track has its artist's score.
The ranges hold 95 % of the means when the tracks, or the playlists, are drawn anew.
"""


@dataclass(frozen=True)
class ColdWorth:
    """One entrant's grades in one of the two parts: each list of intervals in the order of GRADES."""

    one: ColdMeasured
    own: list[Interval]
    over: list[Interval]
    """How much each is higher than the yardstick's; empty where that was not measured."""


def worth_of(
    measured: Sequence[ColdMeasured], weights: np.ndarray, grades: Callable[[ColdMeasured], np.ndarray]
) -> list[ColdWorth]:
    """Weigh one part of what was measured, best first. weights: bootstrap.draws(). grades: gives that part."""
    base = next((grades(one) for one in measured if one.name == YARDSTICK), None)
    found = [
        ColdWorth(
            one,
            intervals(grades(one), weights),
            intervals(grades(one) - base, weights) if base is not None else [],
        )
        for one in measured
    ]
    return sorted(found, key=lambda worth: -worth.own[NDCG].mean)


def tables(exam: ColdExam, as_seed: Sequence[ColdWorth], as_answer: Sequence[ColdWorth]) -> str:
    """Set both parts in tables under lines that name them."""
    return "\n".join([_head(exam), seed_table(as_seed), _among(exam), answer_table(as_answer), _ABOUT])


def seed_table(worths: Sequence[ColdWorth]) -> str:
    """Set in columns what songs of no playlist bring as seeds."""
    rows: list[tuple[str, ...]] = [
        ("as the seed", *_LABELS, "95 % of NDCG@100", f"over {YARDSTICK}", "told", "ms a query", "training s")
    ]
    rows += [
        (*_graded(worth), f"{worth.one.told:.0%}", f"{worth.one.milliseconds:.2f}", f"{worth.one.training_seconds:.1f}")
        for worth in worths
    ]
    return columns(rows, right=frozenset({1, 2, 3, 6, 7, 8}))


def answer_table(worths: Sequence[ColdWorth]) -> str:
    """Set in columns how well songs of no playlist are found."""
    rows: list[tuple[str, ...]] = [("as the answer", *_LABELS, "95 % of NDCG@100", f"over {YARDSTICK}", "told")]
    rows += [(*_graded(worth), f"{worth.one.reached:.0%}") for worth in worths]
    return columns(rows, right=frozenset({1, 2, 3, 6}))


def as_object(exam: ColdExam, as_seed: Sequence[ColdWorth], as_answer: Sequence[ColdWorth]) -> dict[str, Any]:
    """Give everything that was measured as plain numbers and words."""
    split, training = exam.split, exam.split.training
    return {
        "protocol": "cold",
        "on": exam.on,
        "seed": exam.seed,
        "training": {"playlists": training.n_playlists, "tracks": split.n_known, "entries": training.n_entries},
        "cold_tracks": len(split.cold),
        "yardstick": YARDSTICK,
        "as_seed": {
            "tracks": len(exam.as_seeds),
            "models": [
                {
                    **_object(worth),
                    "told": worth.one.told,
                    "median_milliseconds": worth.one.milliseconds,
                    "training_seconds": worth.one.training_seconds,
                }
                for worth in as_seed
            ],
        },
        "as_answer": {
            "playlists": len(exam.as_answers),
            "models": [{**_object(worth), "told": worth.one.reached} for worth in as_answer],
        },
    }


def _head(exam: ColdExam) -> str:
    split, training = exam.split, exam.split.training
    return (
        f"{len(split.cold):,} tracks were taken out of all playlists ({exam.on}, seed {exam.seed}), and models learned "
        f"from {training.n_playlists:,} playlists\nwith {split.n_known:,} tracks in {training.n_entries:,} places. "
        f"Asked about {len(exam.as_seeds):,} of them:\n"
    )


def _among(exam: ColdExam) -> str:
    return f"Asked about {len(exam.as_answers):,} playlists that held some of them:\n"


def _graded(worth: ColdWorth) -> tuple[str, ...]:
    spread = worth.own[NDCG]
    over = "-"
    if worth.over:
        gain = worth.over[NDCG]
        over = "the yardstick" if worth.one.name == YARDSTICK else f"{gain.low:+.3f} to {gain.high:+.3f}"
    means = (f"{told.mean:.3f}" for told in worth.own)
    return (worth.one.name, *means, f"{spread.low:.3f} to {spread.high:.3f}", over)


def _object(worth: ColdWorth) -> dict[str, Any]:
    told = {
        name: {"mean": own.mean, "low": own.low, "high": own.high} for name, own in zip(GRADES, worth.own, strict=True)
    }
    for name, gain in zip(GRADES, worth.over, strict=False):  # there is none where the yardstick was refused
        told[name]["over_yardstick"] = {"mean": gain.mean, "low": gain.low, "high": gain.high}  # type: ignore[assignment]
    return {"name": worth.one.name, **told}
