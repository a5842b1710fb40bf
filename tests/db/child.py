"""What the tests run in processes of their own: `python -m tests.db.child hold|store|endless FILE`."""

import sys
import time
from multiprocessing.synchronize import Event
from pathlib import Path

from db import index, migrations  # noqa: F401  # loaded before the child says that it is ready
from db.connection import open_writer, transaction
from db.records import AudioFeatures, Playlist
from db.write import store
from tests.db.make import playlist, run, track

FILES = 12
PLAYLISTS = 10
LENGTH = 40
_CHUNK = 60


def files() -> list[list[Playlist]]:
    """Make the playlists that the child stores, by transaction; each overlaps the one before."""
    return [
        [
            playlist(number, [(number * 13 + place * 7) % 900 for place in range(LENGTH)])
            for number in range(file * PLAYLISTS, (file + 1) * PLAYLISTS)
        ]
        for file in range(FILES)
    ]


def store_files(path: Path, ready: Event | None = None) -> None:
    """Store all files, a transaction each, and bring the index up to them."""
    if ready:
        ready.set()
    index._CHUNK = index._FEW = _CHUNK
    one = run("child")
    with open_writer(path, "storing as a child") as connection:
        for told in files():
            with transaction(connection):
                store(connection, one, told)
                store(connection, one, [AudioFeatures(track(p.entries[0].position + 1), 0.5) for p in told])
        index.finish(connection)


def _endless(path: Path) -> None:
    number = 0
    with open_writer(path, "storing without end") as connection:
        while True:
            with transaction(connection):
                store(connection, run("child"), [playlist(number, range(number, number + LENGTH))])
            number += 1


def _hold(path: Path) -> None:
    with open_writer(path, "holding on") as connection, transaction(connection):
        store(connection, run("child"), [playlist(1, [1])])
        print("holding", flush=True)  # noqa: T201
        time.sleep(600)


if __name__ == "__main__":
    print("ready", flush=True)  # noqa: T201
    {"hold": _hold, "store": store_files, "endless": _endless}[sys.argv[1]](Path(sys.argv[2]))
