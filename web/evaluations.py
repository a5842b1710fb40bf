"""What was measured, made ready to be shown: boards of rows with intervals, of whatever protocol. Pure."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from recommender.measures.evaluate_table import LABELS
from recommender.measures.keeping import Kept
from recommender.measures.protocols import PROTOCOLS
from web.charts import Dots, Point, dots

POPULARITY = "popularity"
_TITLES = {
    "continuation": "Playlists to be completed",
    "next": "The song that follows",
    "cold": "Songs that no playlist holds",
    "plays": "What listeners play",
    "dials": "What the dials do",
    "curve": "What more playlists bring",
}
_MORE = {"ndcg_100": "NDCG@100", "recall_100": "recall@100", "ndcg_30": "NDCG@30", "recall_30": "recall@30",
    "hit_rate_30": "hit rate@30", "novelty_30": "novelty@30"}  # fmt: skip
_SAID = {
    "ndcg": "How far up the right songs stand in the list: 1 would be all of them at the top.",
    "mrr": "How far up the right song stands: 1 would be always first, 0.5 always second.",
    "hit": "The share of the lists with a right song in them.",
}
"""What a grade is, by the beginning of its name."""


@dataclass(frozen=True)
class Row:
    """One model, or one setting, with its grade."""

    name: str
    mean: float
    low: float
    high: float
    over: str
    """From where to where it is above the yardstick; empty where that was not measured."""
    others: tuple[str, ...]
    """The other grades, in the order of the board."""


@dataclass(frozen=True)
class Board:
    """One table with its picture."""

    title: str
    grade: str
    """What the main grade is called."""
    means: str
    """What it means, in a sentence; empty where there is nothing to say."""
    others: tuple[str, ...]
    rows: tuple[Row, ...]
    picture: Dots


@dataclass(frozen=True)
class Shown:
    """One measuring with its boards."""

    name: str
    title: str
    on: str
    """On what it was measured."""
    kept: Kept
    boards: tuple[Board, ...]
    readings: tuple[str, ...] = ()


def shown(kept: Kept) -> Shown:
    """Make ready what was kept. Raises KeyError, TypeError, ValueError, LookupError where it is not as we write it."""
    told = kept.told
    boards = tuple(_boards(kept.name, told))
    for board in boards:
        if not all(math.isfinite(value) for row in board.rows for value in (row.mean, row.low, row.high)):
            raise ValueError("a grade is no number")
    return Shown(kept.name, _TITLES[kept.name], _on(kept.name, told), kept, boards, tuple(told.get("readings", ())))


def names(board: Board) -> set[str]:
    """Name the kinds of models that a board speaks of."""
    return {row.name.partition(":")[0] for row in board.rows}


def _boards(name: str, told: Mapping[str, Any]) -> Iterator[Board]:
    if name in PROTOCOLS:
        head = PROTOCOLS[name].headline
        yield _board("", head, [_of_grades(one["name"], one["grades"], head) for one in told["models"]])
    elif name == "cold":
        for part, title in (("as_seed", "as the song to go by"), ("as_answer", "as what is found")):
            yield _board(title, "ndcg_100", [_cold(one) for one in told[part]["models"]])
    elif name == "plays":
        for split in told["splits"]:
            rows = [_of_grades(one["name"], one["lists"], "ndcg_30") for one in split["models"]]
            yield _board(f"held out by {split['by']}", "ndcg_30", rows)
    elif name == "dials":
        rows = [
            _of_grades(f"{one['dial']} {one['value']:g}", one["grades"], "hit_rate_10", ("r_precision", "ndcg_500"))
            for one in told["dials"]
        ]
        yield _board(f"lists of {told['model']}", "hit_rate_10", rows, ranked=False)
    else:
        for place in range(len(told["sizes"]) - 1, -1, -1):
            size = told["sizes"][place]["playlists"]
            rows = [_at(one, size) for one in told["models"] if any(p["playlists"] == size for p in one["points"])]
            if rows:
                yield _board(f"after {size:,} playlists", told["grade"], rows)


_Graded = tuple[Row, tuple[str, ...]]


def _of_grades(name: str, grades: Mapping[str, Any], head: str, others: Sequence[str] | None = None) -> _Graded:
    beside = [grade for grade in grades if grade != head] if others is None else others
    row = _row(name, grades[head], tuple(_number(grade, grades[grade]["mean"]) for grade in beside))
    return row, tuple(map(_called, beside))


def _cold(one: Mapping[str, Any]) -> _Graded:
    return _of_grades(one["name"], one, "ndcg_100", ("recall_100", "r_precision"))


def _at(one: Mapping[str, Any], size: int) -> _Graded:
    point = next(point for point in one["points"] if point["playlists"] == size)
    return _row(one["name"], point, ()), ()


def _row(name: str, grade: Mapping[str, Any], others: tuple[str, ...]) -> Row:
    gain = grade.get("over_popularity") or grade.get("over_yardstick")
    over = f"{gain['low']:+.3f} to {gain['high']:+.3f}" if gain and any(gain.values()) else ""
    return Row(str(name), float(grade["mean"]), float(grade["low"]), float(grade["high"]), over, others)


def _board(title: str, head: str, graded: Sequence[_Graded], *, ranked: bool = True) -> Board:
    rows = [row for row, _ in graded]
    if ranked:
        rows.sort(key=lambda row: -row.mean)
    points = [Point(row.name, row.mean, row.low, row.high, row.name == POPULARITY) for row in rows]
    said = next((words for begin, words in _SAID.items() if head.startswith(begin)), "")
    return Board(title, _called(head), said, graded[0][1], tuple(rows), dots(points))


def _on(name: str, told: Mapping[str, Any]) -> str:
    """Say on what was measured, in half a sentence."""
    seed = f"seed {told['seed']}"
    if name == "cold":
        return (
            f"on {told['as_seed']['tracks']:,} songs and {told['as_answer']['playlists']:,} playlists ({told['on']}), "
            f"{seed}"
        )
    if name == "plays":
        return f"on {told['splits'][0]['listeners']['measured']:,} listeners ({told['on']}), {seed}"
    if name == "curve":
        return f"on {told['measured']:,} playlists ({told['on']}), {seed}"
    *before, last = map(str, told["seeds_of"] or [""])
    listed = f"{', '.join(before)} and {last}" if before else last
    asked = f", after {listed} songs" if last else ""
    return f"on {told['playlists']['measured']:,} playlists ({told['on']}){asked}, {seed}"


def _called(grade: str) -> str:
    return LABELS.get(grade) or _MORE.get(grade, grade)


def _number(grade: str, value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:.1f}" if grade == "clicks" else f"{value:.3f}"
