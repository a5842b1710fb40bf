"""Training from a database into its models folder: the road from rows to artifacts."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np

from db.connection import open_reader
from db.read import content_mark
from recommender.artifacts import Manifest, models_folder, write_model
from recommender.corpus import Corpus
from recommender.errors import NoSuchModel
from recommender.load import load_corpus
from recommender.models.options import options_of
from recommender.training import Trained, measuring_part, refuse_too_small, train

_LIBRARIES = ("segue", "numpy", "gensim", "scikit-surprise", "scipy")


@dataclass(frozen=True)
class Job:
    """One model to train."""

    name: str
    kind: str
    options: Any


def plan(kinds: Sequence[str], preset: str | None, words: dict[str, str], name: str | None) -> list[Job]:
    """Say what is to be trained; words are options that every kind among them has to know.

    Raises NoSuchModel, OptionNotKnown.
    """
    if name is not None and not _fit_for_a_folder(name):
        raise NoSuchModel(f"{name!r} cannot name a model: use letters, digits, - and _")
    return [Job(name or kind, kind, options_of(kind, preset, words)) for kind in dict.fromkeys(kinds)]


def train_models(
    database: Path,
    jobs: Sequence[Job],
    seed: int,
    measure: bool,
    now: int,
    progress: Callable[[str, float], None],
) -> Iterator[Manifest]:
    """Train the models one after another, each written as soon as it is done.

    Raises CannotTrain, db.errors.DatabaseError.
    """
    with open_reader(database) as connection:
        mark, corpus = content_mark(connection), load_corpus(connection)
    refuse_too_small(corpus)
    fingerprint = corpus.fingerprint()
    held_out = measuring_part(corpus, np.random.default_rng(seed)) if measure else None
    for job in jobs:

        def show(share: float, name: str = job.name) -> None:
            progress(name, share)

        trained = train(job.kind, corpus, job.options, np.random.default_rng(seed), held_out, show)
        manifest = _manifest(job, trained, corpus, fingerprint, mark, now)
        write_model(models_folder(database), manifest, corpus.vocabulary, trained.model.arrays())
        yield manifest


def _manifest(job: Job, trained: Trained, corpus: Corpus, fingerprint: str, mark: str, now: int) -> Manifest:
    return Manifest(
        name=job.name,
        kind=job.kind,
        options=asdict(job.options),
        corpus=fingerprint,
        content=mark,
        playlists=corpus.n_playlists,
        tracks=corpus.n_tracks,
        entries=corpus.n_entries,
        trained_at=now,
        seconds=round(trained.seconds, 3),
        notes=dict(trained.model.notes()),
        worth=trained.worth,
        versions=_versions(),
    )


def _versions() -> dict[str, str]:
    found = {}
    for library in _LIBRARIES:
        try:
            found[library] = version(library)
        except PackageNotFoundError:
            continue
    return found


def _fit_for_a_folder(name: str) -> bool:
    return bool(name) and name.replace("-", "").replace("_", "").isalnum()
