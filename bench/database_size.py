"""How large the database is: a made-up collection through the real storing path, then bytes by table and search times.

    python -m bench.database_size [--scale 1.0] [--folder FOLDER] [--keep]

Scale 1.0 is five million tracks, twelve million entries, audio features for every track, and full-text search over all.
"""

import argparse
import hashlib
import random
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, islice
from pathlib import Path

from bench.measure import peak_megabytes
from db import finding, index
from db.connection import open_reader, open_writer, transaction
from db.records import Album, Artist, AudioFeatures, Playlist, PlaylistEntry, Record, Track
from db.runs import ImportRun
from db.search_text import match_all, match_beginnings
from db.write import store

FULL_TRACKS = 5_000_000
FULL_ENTRIES = 12_000_000
LENGTH = 66
TARGET_BYTES = 2.5e9
NOW = 1_700_000_000
PLAYLISTS_A_FILE = 1_000
FEATURES_A_FILE = 50_000
WORDS = 60_000
SYLLABLES = [
    "ba",
    "be",
    "bo",
    "da",
    "de",
    "do",
    "fa",
    "fi",
    "ga",
    "go",
    "ha",
    "ho",
    "ja",
    "ka",
    "ki",
    "ko",
    "la",
    "le",
    "li",
    "lo",
    "ma",
    "mi",
    "mo",
    "na",
    "ne",
    "no",
    "pa",
    "ra",
    "re",
    "ri",
    "ro",
    "sa",
    "se",
    "so",
    "ta",
    "te",
    "to",
]


@dataclass
class World:
    """A made-up collection of a given size; every record follows from its number."""

    tracks: int
    entries: int

    @cached_property
    def words(self) -> list[str]:
        """Words as names have them: 4 to 10 letters."""
        rng = random.Random(1)
        return ["".join(rng.choices(SYLLABLES, k=rng.choice((2, 3, 3, 4, 5)))) for _ in range(WORDS)]

    @cached_property
    def weights(self) -> list[float]:
        """How often the words are used, summed up: a few very often, as "love" and "the" are."""
        return list(accumulate(1 / (rank + 5) for rank in range(WORDS)))

    def name(self, rng: random.Random, longest: int) -> str:
        """Make a name of one to so many words."""
        return " ".join(rng.choices(self.words, cum_weights=self.weights, k=rng.randint(1, longest))).title()

    def artist(self, number: int) -> Artist:
        """Make the artist of that number."""
        return Artist(self.name(random.Random(-number - 1), 3), _raw_id("artist", number))

    def track(self, number: int) -> Track:
        """Make the track of that number: three to an album, one artist in four has a guest."""
        rng = random.Random(number)
        artists = max(self.tracks // 8, 1)
        credit = [int(artists * rng.random() ** 2)]
        if rng.random() < 0.25:
            credit.append(int(artists * rng.random() ** 2))
        album = number // 3
        return Track(
            _raw_id("track", number),
            self.name(rng, 6),
            tuple(map(self.artist, credit)),
            Album(self.name(random.Random(album << 32), 4), _raw_id("album", album), f"{1960 + album % 65}-05-17"),
            rng.randint(90_000, 420_000),
            f"XX{rng.randrange(10**10):010d}",
            rng.randint(0, 100),
        )

    def playlists(self) -> Iterator[Playlist]:
        """Make the playlists: in all every track once, and old tracks again, the oldest most often."""
        rng = random.Random(2)
        new = 0
        for number in range(self.entries // LENGTH):
            due = (number + 1) * self.tracks * LENGTH // self.entries
            fresh = min(due, self.tracks) - new
            again = {int(new * rng.random() ** 3) for _ in range(LENGTH - fresh)} if new else set()
            tracks = [*map(self.track, range(new, new + fresh)), *map(self.track, again)]
            new += fresh
            rng.shuffle(tracks)
            entries = tuple(PlaylistEntry(place, track, NOW - place) for place, track in enumerate(tracks))
            yield Playlist(f"made-up:{number}", self.name(rng, 3), entries, modified_at=NOW)

    def features(self) -> Iterator[AudioFeatures]:
        """Make audio features for every track."""
        for number in range(self.tracks):
            rng = random.Random(number)
            unit = [round(rng.random(), 3) for _ in range(7)]
            yield AudioFeatures(
                Track(_raw_id("track", number)),
                unit[0],
                unit[1],
                number % 12,
                -round(30 * rng.random(), 3),
                number % 2,
                *unit[2:],
                round(60 + 140 * rng.random(), 3),
                4,
            )


def _raw_id(kind: str, number: int) -> str:
    return hashlib.blake2b(f"{kind}{number}".encode(), digest_size=11).hexdigest()


class Timed:
    """Passes records on and keeps the time that making them took."""

    def __init__(self, records: Iterator[Record]) -> None:
        self._records, self.seconds = records, 0.0

    def __iter__(self) -> "Timed":
        return self

    def __next__(self) -> Record:
        started = time.perf_counter()
        try:
            return next(self._records)
        finally:
            self.seconds += time.perf_counter() - started


def fill(path: Path, world: World) -> None:
    """Store the whole world as an import would, a transaction for each file, and print what it took."""
    run = ImportRun("made-up", "bench", NOW)
    with open_writer(path, "measuring the size") as connection:
        _store(connection, run, "playlists", Timed(world.playlists()), PLAYLISTS_A_FILE)
        _store(connection, run, "features", Timed(world.features()), FEATURES_A_FILE)
        started = time.perf_counter()
        tracks = index.finish(connection)
        seconds = time.perf_counter() - started
        print(f"{'index':<10} {tracks:>12,} tracks  {seconds:8.1f} s  {tracks / seconds:10,.0f} a second")


def _store(connection: sqlite3.Connection, run: ImportRun, what: str, records: Timed, file_size: int) -> None:
    started, stored = time.perf_counter(), 0
    while batch := list(islice(records, file_size)):
        with transaction(connection):
            counts = store(connection, run, batch)
        stored += counts.entries + counts.features
    seconds = time.perf_counter() - started - records.seconds
    print(f"{what:<10} {stored:>12,} rows    {seconds:8.1f} s  {stored / seconds:10,.0f} a second", flush=True)


def sizes(path: Path) -> dict[str, int]:
    """Give the bytes of each table and index; nothing where SQLite is built without dbstat."""
    with open_reader(path) as connection:
        try:
            rows = connection.execute("SELECT name, sum(pgsize) FROM dbstat GROUP BY name ORDER BY 2 DESC")
            return dict(rows.fetchall())
        except sqlite3.OperationalError:
            return {}


def print_sizes(path: Path, scale: float) -> None:
    """Print bytes by table, and what they come to at full size."""
    whole = path.stat().st_size
    for name, size in sizes(path).items():
        if size > whole / 1000:
            print(f"{name:<36} {size / 1e6:10,.1f} MB {size / scale / 1e6:10,.0f} MB")
    full = whole / scale
    verdict = "within" if full < TARGET_BYTES else "OVER"
    print(
        f"{'file':<36} {whole / 1e6:10,.1f} MB {full / 1e6:10,.0f} MB at full size: {verdict} {TARGET_BYTES / 1e9} GB"
    )


def print_searches(path: Path, world: World) -> None:
    """Print how long some searches take."""
    often, seldom = world.words[0], world.words[20_000]
    song = world.track(world.tracks // 2)
    questions = {
        "title and artist": match_all(f"{song.name} {song.artists[0].name}"),
        "a rare word": match_all(seldom),
        "the commonest word": match_all(often),
        "the commonest two": match_all(f"{often} {world.words[1]}"),
        "beginnings": match_beginnings(f"{often[:3]} {seldom[:4]}"),
        "nothing": match_all("xyzzy"),
    }
    with open_reader(path) as connection:
        for name, question in questions.items():
            started = time.perf_counter()
            found = finding.find_songs(connection, question, 300)
            print(f"search, {name:<20} {1000 * (time.perf_counter() - started):8.1f} ms, {len(found):>4} found")


def main() -> None:
    """Make, measure, and take away again."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--scale", type=float, default=0.1, help="1.0 is five million tracks (default 0.1)")
    parser.add_argument("--folder", type=Path, help="where to make the database (default: a new temporary folder)")
    parser.add_argument("--keep", action="store_true", help="leave the database there")
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="segue-size-", dir=options.folder))
    world = World(int(FULL_TRACKS * options.scale), int(FULL_ENTRIES * options.scale))
    path = folder / "size.db"
    try:
        fill(path, world)
        print_sizes(path, options.scale)
        print_searches(path, world)
        print(f"peak memory {peak_megabytes():,.0f} MB")
    finally:
        if options.keep:
            print(f"kept: {path}")
        else:
            shutil.rmtree(folder)


if __name__ == "__main__":
    main()
