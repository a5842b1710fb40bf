"""How long search takes in a database of any size, by the breadth of what is asked, beside FTS5's own ranking.

    python -m bench.scale.searching DATABASE [DATABASE ...] [--seed N]

The words come from the index itself, drawn by how many tracks have them. With several databases of different sizes the
growth of each figure is fitted, and carried on to 30 million tracks; such figures are called extrapolated.
"""

import argparse
import gc
import math
import random
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench.measure import ROOT, Figure
from bench.scale.asking import BROAD_MS, DRAWN, FEW_MS, Kind, Question, kinds_of_filters
from bench.speed import show
from db.connection import open_reader
from db.finding import find_songs
from db.search_text import match_all, match_beginnings
from recommender.naming import find

PAGE, MOST = 300, 20
DREAMED_OF = 30_000_000
COLD_RUNS = 5
SURE = (12.71, 4.30, 3.18, 2.78, 2.57, 2.45)
"""Student's: so many standard errors beyond a line fitted to 3, 4, ... 8 points it lies once in twenty."""


def _frequencies(database: Path) -> list[tuple[str, int]]:
    """Count the tracks of each word, the commonest first, in a second index that is gone afterwards."""
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("CREATE VIRTUAL TABLE temp.terms USING fts5vocab(main, tracks_fts, row)")
        return connection.execute("SELECT term, doc FROM temp.terms ORDER BY doc DESC, term").fetchall()


def kinds(database: Path, seed: int) -> list[Kind]:
    """Draw the questions of each class from the database."""
    rng = random.Random(seed)
    counted = _frequencies(database)
    words = [word for word, _ in counted if word.isascii() and word.isalpha()]
    wide = [word for word, _ in counted[:40]]
    long = [word for word in words if len(word) > 4]

    def near(hits: int) -> list[Question]:
        fitting = [word for word, number in counted if 0.7 * hits < number < 1.4 * hits]
        return [Question(word) for word in rng.sample(fitting, min(DRAWN, len(fitting)))]

    def beginnings(length: int) -> list[Question]:
        starts = sorted({word[:length] for word in words if len(word) > length} - set(words))
        return [Question(start) for start in rng.sample(starts, min(DRAWN, len(starts)))]

    made = [
        Kind("title and artist", _titles(database, rng), FEW_MS),
        Kind("a rare word", near(10), FEW_MS),
        *(Kind(f"a word of {hits:,} tracks", near(hits), FEW_MS) for hits in (300, 1_000, 3_000, 10_000, 30_000)),
        Kind("the commonest words", [Question(word) for word in wide[:DRAWN]], BROAD_MS),
        Kind("two common words", [Question(" ".join(rng.sample(wide, 2))) for _ in range(DRAWN)], BROAD_MS),
        *(Kind(f"a beginning of {length} letters", beginnings(length), BROAD_MS) for length in (1, 2, 3, 4)),
        Kind("a common and a rare beginning", _beginnings(rng, wide, long), BROAD_MS),
        Kind("misspelt", [Question(_misspelt(rng, word)) for word in rng.sample(long, DRAWN)], FEW_MS),
        Kind("a common word, and one that is nowhere", [Question(f"{word} xyzzyx") for word in wide], BROAD_MS),
        Kind("nothing", [Question("".join(rng.choices("qxz", k=9))) for _ in range(DRAWN)], FEW_MS),
        Kind("Chinese or Japanese", _unspaced(counted, rng), BROAD_MS),
        *kinds_of_filters(rng, wide),
    ]
    return [kind for kind in made if kind.questions]


def _titles(database: Path, rng: random.Random) -> list[Question]:
    with open_reader(database) as connection:
        last = connection.execute("SELECT max(key) FROM tracks").fetchone()[0]
        rows = [
            connection.execute(
                """
                SELECT t.name, a.name FROM tracks t JOIN track_artists c ON c.track_key = t.key AND c.position = 0
                JOIN artists a ON a.key = c.artist_key WHERE t.key >= ? ORDER BY t.key LIMIT 1
                """,
                [rng.randint(1, last)],
            ).fetchone()
            for _ in range(DRAWN)
        ]
    return [Question(" ".join(row)) for row in rows if row]


def _beginnings(rng: random.Random, wide: Sequence[str], long: Sequence[str]) -> list[Question]:
    return [Question(f"{rng.choice(wide)[:3]} {rng.choice(long)[:4]}") for _ in range(DRAWN)]


def _misspelt(rng: random.Random, word: str) -> str:
    place = rng.randrange(1, len(word) - 1)
    return word[:place] + word[place + 1] + word[place] + word[place + 2 :]


def _unspaced(counted: Sequence[tuple[str, int]], rng: random.Random) -> list[Question]:
    signs = [word for word, _ in counted if len(word) == 1 and word >= "\u3040"][:50]
    return [Question("".join(rng.sample(signs, 2))) for _ in range(DRAWN)] if len(signs) > 1 else []


def figures(database: Path, seed: int = 1) -> list[Figure]:
    """Measure each class in a warm process: median and slowest of the processor's time; and the command, cold."""
    with open_reader(database) as connection:
        tracks = connection.execute("SELECT count(*) FROM tracks").fetchone()[0]
        drawn = kinds(database, seed)
        gc.freeze()  # looking through what the bench itself loaded takes 50 ms, and is no part of a search
        found = [figure for kind in drawn for figure in _measured(connection, kind)]
        gc.unfreeze()
    cold = median(_cold_ms(database, "xyzzyx") for _ in range(COLD_RUNS))
    return [*found, Figure("search, the whole command, cold", cold, "ms", None, detail=f"{tracks:,} tracks")]


def _measured(connection: sqlite3.Connection, kind: Kind) -> list[Figure]:
    ours, theirs, hits = [], [], []
    for asked in kind.questions:
        ours.append(_milliseconds(lambda asked=asked: asked.answer(connection, MOST)))
        if asked.is_words_alone:
            find(connection, asked.text)
            theirs.append(_milliseconds(lambda asked=asked: hits.append(_ranked_by_words(connection, asked.text))))
    peer = f", FTS5's rank {median(theirs):,.1f} and {max(theirs):,.1f} ms" if theirs else ""
    found = f", {int(median(hits)):,} tracks on the page" if hits else ""
    detail = f"{len(ours)} questions{found}{peer}"
    return [
        Figure(f"search, {kind.name}, median", median(ours), "ms", kind.target_ms, detail=detail),
        Figure(f"search, {kind.name}, slowest", max(ours), "ms", kind.target_ms),
    ]


def _ranked_by_words(connection: sqlite3.Connection, text: str) -> int:
    """Ask as FTS5 by itself would answer, in the same two steps; tells how many came."""
    rows: list[tuple[int]] = []
    for question in (match_all(text), match_beginnings(text)):
        if question and not rows:
            rows = connection.execute(
                "SELECT rowid FROM tracks_fts WHERE tracks_fts MATCH ? ORDER BY rank LIMIT ?", [question, PAGE]
            ).fetchall()
    return len(rows)


def _milliseconds(call: Callable[[], object]) -> float:
    call()
    started = time.process_time()
    call()
    return 1000 * (time.process_time() - started)


def _cold_ms(database: Path, words: str) -> float:
    """Run the command as a process of its own; its time on the clock."""
    started = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "cli", "--db", str(database), "search", words],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    return 1000 * (time.perf_counter() - started)


def short_beginnings(database: Path, seed: int = 1) -> list[Figure]:
    """Measure beginnings of one and two letters, which no command asks for as yet, at the door of the database."""
    words = [word for word, _ in _frequencies(database) if word.isascii() and word.isalpha()]
    found = []
    with open_reader(database) as connection:
        for length in (1, 2):
            starts = sorted({word[:length] for word in words})
            drawn = random.Random(seed).sample(starts, min(DRAWN, len(starts)))
            took = [_milliseconds(lambda start=start: find_songs(connection, f'"{start}"*', PAGE)) for start in drawn]
            name = f"search, {length} letters and whatever follows"
            found.append(Figure(f"{name}, median", median(took), "ms", BROAD_MS, detail=f"{len(took)} questions"))
            found.append(Figure(f"{name}, slowest", max(took), "ms", BROAD_MS))
    return found


def room(database: Path) -> list[Figure]:
    """Tell the bytes of the indexes that search asks, and how many tracks there are."""
    with open_reader(database) as connection:
        tracks = connection.execute("SELECT count(*) FROM tracks").fetchone()[0]
        sizes = [
            (name, connection.execute("SELECT sum(pgsize) FROM dbstat WHERE name LIKE ?", [f"{name}%"]).fetchone()[0])
            for name in ("tracks_fts", "famous_fts")
        ]
    return [
        Figure("search, tracks", tracks, "tracks", None),
        *(Figure(f"search, room of {name}", size / 1e6, "MB", None) for name, size in sizes),
    ]


@dataclass(frozen=True)
class Growth:
    """A power of the size that was fitted to what was measured, carried on to another size."""

    exponent: float
    at: float
    low: float
    high: float
    """Between low and high it is to be expected 19 times in 20, if it grows on as it did; nan with two sizes alone."""


def growth(sizes: Sequence[float], values: Sequence[float], to: float) -> Growth:
    """Fit value = c * size ** exponent, by least squares of the logarithms. sizes: two different ones at least."""
    x, y = [math.log(size) for size in sizes], [math.log(max(value, 1e-6)) for value in values]
    n, mean_x, mean_y = len(x), sum(x) / len(x), sum(y) / len(y)
    spread = sum((a - mean_x) ** 2 for a in x)
    exponent = sum((a - mean_x) * (b - mean_y) for a, b in zip(x, y, strict=True)) / spread
    at = mean_y + exponent * (math.log(to) - mean_x)
    if n < 3:  # two points lie on their line, which tells nothing of how sure it is
        return Growth(exponent, math.exp(at), math.nan, math.nan)
    left = sum((b - mean_y - exponent * (a - mean_x)) ** 2 for a, b in zip(x, y, strict=True))
    error = SURE[min(n - 3, len(SURE) - 1)] * math.sqrt(
        left / (n - 2) * (1 + 1 / n + (math.log(to) - mean_x) ** 2 / spread)
    )
    return Growth(exponent, math.exp(at), math.exp(at - error), math.exp(at + error))


def extrapolated(measured: Sequence[Sequence[Figure]], to: int = DREAMED_OF) -> list[Figure]:
    """Carry each figure on to another size. measured: the figures of each database, that of room() among them."""
    by_name = [{figure.what: figure for figure in figures} for figures in measured]
    sizes = [told["search, tracks"].measured for told in by_name]
    found = []
    for name in by_name[0]:
        # The slowest of a few tells of the machine's busy moments as much as of the size.
        if name != "search, tracks" and "slowest" not in name and all(name in told for told in by_name):
            grown = growth(sizes, [told[name].measured for told in by_name], to)
            detail = f"grows as size^{grown.exponent:.2f}; {grown.low:,.1f} to {grown.high:,.1f}"
            unit, what = by_name[0][name].unit, f"extrapolated to {to:,} tracks: {name.removeprefix('search, ')}"
            found.append(Figure(what, grown.at, unit, None, detail=detail))
    return found


def main() -> None:
    """Measure each database, and carry the figures on where there are several sizes."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("databases", nargs="+", type=Path, metavar="DATABASE")
    parser.add_argument("--seed", type=int, default=1, help="draws the questions")
    told = parser.parse_args()
    measured = []
    for database in told.databases:
        measured.append([*room(database), *figures(database, told.seed), *short_beginnings(database, told.seed)])
        show(measured[-1])
    if len({figures[0].measured for figures in measured}) > 1:
        show(extrapolated(measured))


if __name__ == "__main__":
    main()
