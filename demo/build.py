"""The whole road over a made-up catalogue: files, database, models; made aside, then put where the demo before was."""

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from db import index, read
from db.connection import open_reader, open_writer
from db.errors import ReadOnlyPlace
from db.lock import writer_lock
from demo.catalogue import ID_START, Catalogue, make_catalogue, slices
from demo.errors import NotADemo
from importer.run import ImportOptions, import_paths, survey
from recommender.artifacts import Manifest, models_folder
from recommender.errors import CannotTrain
from recommender.jobs import plan, train_models

KINDS = ("item-knn", "word2vec", "popularity")
"""What the demo trains, best first: the two roads of learning, and the yardstick that they have to beat."""

Progress = Callable[[str, float], None]
"""Told what is being done, and the share of it that is done."""


def build(database: Path, seed: int, now: int, progress: Progress) -> tuple[Catalogue, list[Manifest]]:
    """Make the demo's database and models anew, from the catalogue of that seed.

    Until all is done the demo before it stands. Raises NotADemo when the file is something else, and what importing and
    training raise.
    """
    if not database.parent.is_dir():
        raise ReadOnlyPlace(f"there is no folder {database.parent}: make it, or name another file (--db PATH)")
    with writer_lock(database, "segue demo"):
        _refuse_to_replace(database)
        with _aside(database) as folder:
            made = folder / database.name
            catalogue = _import(made, folder / "playlists", seed, now, progress)
            manifests = list(_train(made, seed, now, progress))
            _replace(database, made)
    return catalogue, manifests


def _refuse_to_replace(database: Path) -> None:
    if not database.exists():
        if models_folder(database).exists():
            raise NotADemo(
                f"there is {models_folder(database)} but no {database}: move it away, or name another file (--db PATH)"
            )
        return
    with open_reader(database) as connection:
        ours = all(track_id.startswith(ID_START) for block in read.track_ids(connection) for _, track_id in block)
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


def _import(database: Path, folder: Path, seed: int, now: int, progress: Progress) -> Catalogue:
    catalogue = make_catalogue(np.random.default_rng(seed))
    folder.mkdir()
    for name, contents in slices(catalogue):
        (folder / name).write_text(json.dumps(contents), encoding="utf-8")
    size, done = survey([folder]).size, 0

    def show(count: int) -> None:
        nonlocal done
        done += count
        progress("Importing", done / size)

    with open_writer(database, "segue demo") as connection:
        import_paths(connection, [folder], ImportOptions(now, "mpd"), show)
        index.finish(connection)
    return catalogue


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
