"""How often a genre that is inferred is the one that was told, beside two plain guesses.

    python -m bench.inferring DATABASE [--seeds 1 2 3]

Of a tenth of the playlists that tell genres what they tell is hidden, in a copy of the database; the songs of which
then nothing is told any more are asked for. Twice: once the names of the hidden playlists may be read, as in a real
database, and once they are gone as well, because lists that were found by their genre carry it in their names more
often than others. Countries cannot be measured so: hardly any collection tells both a country and an ISRC.
"""

import argparse
import json
import random
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from statistics import mean

from bench.measure import Figure
from bench.speed import show
from db.connection import open_reader
from recommender import catalogue
from recommender.inferring.filling import ARTIST, BESIDE, NAMES, full_facts
from recommender.lists.filters import is_called

HIDDEN = 10
"""One telling playlist in so many is hidden."""
ASKED = 1_500
"""Of so many songs the genre is inferred, drawn anew under each seed."""
FAMILIES: Mapping[str, tuple[str, ...]] = {
    "edm": ("house", "techno", "trance", "electro", "electronic", "electronica", "dubstep", "big room", "drum and bass",
            "hardstyle", "dance pop", "future bass", "synthwave", "dub"),
    "latin": ("reggaeton", "salsa", "bachata", "cumbia", "urbano", "sertanejo", "bossa nova", "merengue", "samba"),
    "r&b": ("soul", "rnb", "motown", "new jack swing", "funk"),
    "rap": ("hip hop", "trap", "drill", "grime", "boom bap"),
    "rock": ("metal", "punk", "grunge", "metalcore", "emo", "new wave", "indie", "alternative", "shoegaze"),
    "pop": ("kpop", "jpop", "synth pop"),
}  # fmt: skip
"""Genre that the measured tables tell → kinds of it that are not called by its name."""


@dataclass(frozen=True)
class Guess:
    """What was inferred of a song, and from what."""

    genres: tuple[str, ...]
    road: str


def is_right(guess: Sequence[str], told: Sequence[str]) -> bool:
    """Tell whether the first genre that was inferred is one that was told, or a kind of one, or the other way round."""
    kinds = [*told, *(kind for genre in told for kind in FAMILIES.get(genre, ()))]
    return any(is_called(kind, guess[0]) or is_called(guess[0], kind) for kind in kinds)


def figures(database: Path, seeds: Sequence[int]) -> list[Figure]:
    """Measure under each seed, with the names of hidden playlists and without."""
    found: list[Figure] = []
    for names_too in (False, True):
        runs = [_run(database, seed, names_too=names_too) for seed in seeds]
        kind = "names of hidden lists gone" if names_too else "names of hidden lists read"
        for what in runs[0]:
            values = [run[what] for run in runs if what in run]
            spread = (
                f"{len(values)} seeds, from {min(values):.3f} to {max(values):.3f}" if len(values) > 1 else "1 seed"
            )
            found.append(Figure(f"{kind}: {what}", mean(values), "", None, detail=spread))
    return found


def _run(database: Path, seed: int, *, names_too: bool) -> dict[str, float]:
    rng = random.Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "hidden.db"
        with closing(sqlite3.connect(database)) as whole, closing(sqlite3.connect(copy)) as other:
            whole.backup(other)
        told = _hide(copy, rng, names_too=names_too)
        asked = rng.sample(sorted(told), min(ASKED, len(told)))
        with open_reader(copy) as connection:
            facts = full_facts(connection, asked)
            ours = {i: Guess(facts[i].genres, facts[i].inferred["genre"]) for i in asked if facts[i].genres}
            plain = {
                "the most common genre": _commonest(connection, asked),
                "the artist's most common genre": _artists(connection, asked),
            }
    shares = _shares("inferred", {i: guess.genres for i, guess in ours.items()}, told, len(asked))
    for road in (NAMES, ARTIST, BESIDE):
        by_road = {i: guess.genres for i, guess in ours.items() if guess.road == road}
        shares |= _shares(f"inferred from {road}", by_road, told, len(asked))
    for name, guesses in plain.items():
        shares |= _shares(name, guesses, told, len(asked))
    return shares


def _shares(
    name: str, guesses: Mapping[str, tuple[str, ...]], told: Mapping[str, Sequence[str]], asked: int
) -> dict[str, float]:
    right = sum(is_right(genres, told[raw_id]) for raw_id, genres in guesses.items())
    shares = {f"{name}, share of songs that it tells": len(guesses) / asked}
    return shares | ({f"{name}, right of those": right / len(guesses)} if guesses else {})


def _hide(copy: Path, rng: random.Random, *, names_too: bool) -> dict[str, list[str]]:
    """Hide what playlists tell; gives what was told of the songs of which nothing is told any more, by raw id."""
    with closing(sqlite3.connect(copy)) as connection:
        telling = [key for (key,) in connection.execute("SELECT key FROM playlists WHERE genres IS NOT NULL")]
        hidden = json.dumps(rng.sample(telling, len(telling) // HIDDEN))
        rows = connection.execute(
            """
            SELECT t.track_id, json_group_array(p.genres) FROM playlist_entries e JOIN tracks t ON t.key = e.track_key
            JOIN playlists p ON p.key = e.playlist_key AND p.genres IS NOT NULL
            GROUP BY t.key HAVING min(p.key IN (SELECT value FROM json_each(?)))
            """,
            [hidden],
        ).fetchall()
        changed = "genres = NULL, name = ''" if names_too else "genres = NULL"
        connection.execute(f"UPDATE playlists SET {changed} WHERE key IN (SELECT value FROM json_each(?))", [hidden])
        connection.commit()
    return {i: sorted({genre for one in json.loads(lists) for genre in json.loads(one)}) for i, lists in rows}


def _commonest(connection: sqlite3.Connection, asked: Sequence[str]) -> dict[str, tuple[str, ...]]:
    rows = connection.execute("SELECT genres FROM playlists WHERE genres IS NOT NULL")
    times = Counter(json.loads(genres)[0] for (genres,) in rows)
    return dict.fromkeys(asked, (times.most_common(1)[0][0],))


def _artists(connection: sqlite3.Connection, asked: Sequence[str]) -> dict[str, tuple[str, ...]]:
    guesses = {}
    for raw_id, others in catalogue.artists_others(connection, asked, 100).items():
        facts = catalogue.song_facts(connection, others)
        times = Counter(fact.genres[0] for fact in facts.values() if fact.genres)
        if times:
            guesses[raw_id] = (times.most_common(1)[0][0],)
    return guesses


def main() -> None:
    """Measure a database."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("database", type=Path)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3], metavar="SEED", help="draw what is hidden")
    told = parser.parse_args()
    show(figures(told.database, told.seeds))


if __name__ == "__main__":
    main()
