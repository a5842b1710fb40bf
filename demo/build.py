"""The whole road over the small Spotify: crawl, database, models; made aside, then put where the demo before was."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from db import read
from db.connection import open_reader, open_writer, transaction
from db.errors import ReadOnlyPlace
from db.gate import read_setting, write_setting
from db.lock import writer_lock
from demo.catalogue import ID_START, PLAYLISTS, World
from demo.collecting import Collected, Progress, collect
from demo.errors import NotADemo
from demo.spotify.serving import Options, serving
from recommender.artifacts import Manifest, models_folder
from recommender.errors import CannotTrain
from recommender.jobs import plan, train_models

KINDS = ("item-knn", "word2vec", "popularity")
"""What the demo trains, best first: the two roads of learning, and the yardstick that they have to beat."""

REGIME = "LEGACY"
"""The kind of app that the demo has: one from before 2026, which reads all playlists, but gets no audio features."""
_MARK = "made_by"


def build(
    database: Path, seed: int, now: int, progress: Progress, playlists: int = PLAYLISTS
) -> tuple[World, Collected, list[Manifest]]:
    """Make the demo's database and models anew, from the small Spotify of that seed.

    Until all is done the demo before it stands. Raises NotADemo when the file is something else, and what collecting
    and training raise.
    """
    if database.is_dir():
        raise NotADemo(f"{database} is a folder: name a file in it (--db PATH)")
    if not database.parent.is_dir():
        raise ReadOnlyPlace(f"there is no folder {database.parent}: make it, or name another file (--db PATH)")
    with writer_lock(database, "segue demo"):
        _refuse_to_replace(database)
        with _aside(database) as folder:
            made = folder / database.name
            with serving(Options(REGIME, playlists, seed)) as spotify, open_writer(made, "segue demo") as connection:
                with transaction(connection):
                    write_setting(connection, _MARK, "segue demo")
                collected = collect(connection, spotify, folder / "home", playlists, now, progress)
            manifests = list(_train(made, seed, now, progress))
            _replace(database, made)
    return spotify.world, collected, manifests


def _refuse_to_replace(database: Path) -> None:
    if not database.exists():
        if models_folder(database).exists():
            raise NotADemo(
                f"there is {models_folder(database)} but no {database}: move it away, or name another file (--db PATH)"
            )
        return
    with open_reader(database) as connection:
        # Not by the mark alone: people may have put something of their own into the demo's database.
        crawled = {source for _, source, _, _ in read.imports(connection)} <= {"spotify", "reccobeats"}
        starts = (ID_START, "x:") if read_setting(connection, _MARK) and crawled else (ID_START,)
        ours = all(track_id.startswith(starts) for block in read.track_ids(connection) for _, track_id in block)
    if not ours:
        raise NotADemo(
            f"{database} holds tracks that are not the demo's, and is left as it is: name another file (--db PATH)"
        )


@contextmanager
def _aside(database: Path) -> Iterator[Path]:
    """Give an empty folder beside the database, gone at the end; one that a killed demo left is swept."""
    folder = database.with_name(f".{database.name}.new")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _train(database: Path, seed: int, now: int, progress: Progress) -> Iterator[Manifest]:
    def show(name: str, share: float) -> None:
        progress(f"Training {name}", share)

    for trained in train_models(database, plan(KINDS, None, {}, None), seed, False, now, show):
        if isinstance(trained, CannotTrain):
            raise trained
        yield trained


def _replace(database: Path, made: Path) -> None:
    # In this order a demo killed in between leaves less than a demo, but nothing that does not belong together: a log
    # of the database before would be played into the new one.
    models = models_folder(database)
    shutil.rmtree(models, ignore_errors=True)
    for ending in ("", "-wal", "-shm"):
        database.with_name(database.name + ending).unlink(missing_ok=True)
    made.replace(database)
    models_folder(made).replace(models)
