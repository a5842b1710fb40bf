"""`segue suggest` as a whole cold process, against a Python that only imports numpy and click."""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.measure import ROOT, Figure, alternate, middle, seconds_of
from bench.world import World, make_world, raw_id, title
from db import index
from db.connection import open_writer, transaction
from db.records import Album, Artist, Playlist, PlaylistEntry, Track
from db.runs import ImportRun
from db.write import store
from recommender.jobs import plan, train_models
from recommender.models.registry import KINDS

TARGET = 3.0
ENTRIES_A_TRACK = 4
LENGTH = 66
PEER = "import numpy, click"


def figures(n_tracks: int, runs: int) -> list[Figure]:
    """Make a database of so many tracks, train all models, and time the processes by turns."""
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "segue.db"
        world = make_world(n_tracks, ENTRIES_A_TRACK * n_tracks // LENGTH, LENGTH)
        fill(database, world)
        _train(database)
        seeds = [raw_id("track", number) for number in world.playlist(0)[:3]]
        suggest = [sys.executable, str(ROOT / "cli.py"), "--db", str(database), "suggest"]
        words = {f"--model {kind}": [*suggest, *seeds, "--model", kind] for kind in KINDS}
        sides = {"peer": [sys.executable, "-c", PEER], "ids": [*suggest, *seeds], **words}
        sides["words"] = [*suggest, f"{title(0)} {title(1_000_000)}"]
        results = alternate({name: _timed(command, name) for name, command in sides.items()}, runs)
    peer = middle(results["peer"], "seconds")
    return [_figure(name, middle(results[name], "seconds"), peer, n_tracks) for name in ("ids", "words", *words)]


def _figure(name: str, seconds: float, peer: float, n_tracks: int) -> Figure:
    detail = f"{1000 * seconds:.0f} ms against {1000 * peer:.0f} ms"
    return Figure(f'suggest, {n_tracks:,} tracks, {name} / "{PEER}"', seconds / peer, "times", TARGET, True, detail)


def _timed(command: list[str], name: str) -> Any:
    def run() -> dict[str, float]:
        # Words may fit several tracks, which ends in a list of them and exit code 1: the same way for a clock.
        return {"seconds": seconds_of(lambda: subprocess.run(command, check=name != "words", capture_output=True))}

    return run


def fill(database: Path, world: World) -> None:
    """Store a world through the road that imports take."""
    tracks: dict[int, Track] = {}
    run = ImportRun("made-up", "bench", 1_700_000_000)
    with open_writer(database, "a bench") as connection:
        with transaction(connection):
            store(connection, run, playlists(world, tracks))
        index.finish(connection)


def playlists(world: World, tracks: dict[int, Track]) -> Iterator[Playlist]:
    """Give the world as records; tracks are made once and remembered."""
    for number in range(world.n_playlists):
        row = world.playlist(number)
        for track in row:
            if track not in tracks:
                tracks[track] = _track(track)
        yield Playlist(
            f"made-up:{number}", title(number), tuple(PlaylistEntry(place, tracks[t]) for place, t in enumerate(row))
        )


def _track(number: int) -> Track:
    artist = number % 8_000
    return Track(
        raw_id("track", number),
        title(number),
        (Artist(title(artist + 1_000_000), raw_id("artist", artist)),),
        Album(title(number // 10 + 2_000_000), raw_id("album", number // 10)),
        200_000,
    )


def _no_progress(_name: str, _share: float) -> None:
    """Ignore the progress."""


def _train(database: Path) -> None:
    print(f"training all models on {database} ...", file=sys.stderr)
    jobs = [job for kind in KINDS for job in plan([kind], None, {}, None)]
    for outcome in train_models(database, jobs, 1, False, 1_700_000_000, _no_progress):
        if isinstance(outcome, Exception):
            raise outcome
    size = sum(file.stat().st_size for file in database.with_suffix(".models").rglob("*.npy"))
    free = shutil.disk_usage(database.parent).free
    print(f"models of {size / 1e6:,.0f} MB; {free / 1e9:,.0f} GB of disk left", file=sys.stderr)
