"""Training from a database into its models folder: the road from rows to artifacts."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np

from recommender.ageing import aged
from recommender.artifacts import Manifest, can_name_a_model, models_folder, write_model
from recommender.corpus import Corpus
from recommender.errors import CannotTrain, NoSuchModel
from recommender.load import load
from recommender.measures.worth import measuring_part
from recommender.models.contract import files_of
from recommender.models.options import options_of
from recommender.models.registry import CONTENT, KINDS, READS_GENRES, READS_SOUNDS, READS_TEXTS, reads_texts
from recommender.training import Trained, refuse_few, train

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
    if name is not None and not can_name_a_model(name):
        raise NoSuchModel(f"{name!r} cannot name a model: use letters and digits of ASCII, - and _, at most 64")
    if name in KINDS and name not in kinds:
        raise NoSuchModel(f"{name} is the name of another kind of model: take one of your own")
    return [Job(name or kind, kind, options_of(kind, preset, words)) for kind in dict.fromkeys(kinds)]


def train_models(
    database: Path,
    jobs: Sequence[Job],
    seed: int,
    measure: bool,
    now: int,
    progress: Callable[[str, float], None],
    half_life_days: float | None = None,
) -> Iterator[Manifest | CannotTrain]:
    """Train the models one after another, each written as soon as it is done; one that refuses stops no other.

    half_life_days: see recommender/ageing.py.
    Raises CannotTrain when there is too little for any model, or nothing is dated that is to age; CannotStore,
    db.errors.DatabaseError.
    """
    mark, corpus = load(database, texts=reads_texts(job.kind for job in jobs))
    jobs, refusal = _possible(jobs, corpus)
    if refusal:
        yield refusal
    corpus = aged(corpus, half_life_days)
    part = measuring_part(corpus, np.random.default_rng(seed)) if measure else None
    for job in jobs:

        def show(share: float, name: str = job.name) -> None:
            progress(name, share)

        try:
            trained = train(job.kind, corpus, job.options, np.random.default_rng(seed), part, show)
        except CannotTrain as refusal:
            yield CannotTrain(f"{job.name} is not trained: {refusal}")
            continue
        manifest = replace(
            manifest_of(job, trained, corpus, mark, now),
            half_life_days=half_life_days or 0.0,
        )
        write_model(
            models_folder(database), manifest, corpus.vocabulary, trained.model.arrays(), files_of(trained.model)
        )
        yield manifest


def _possible(jobs: Sequence[Job], corpus: Corpus) -> tuple[Sequence[Job], CannotTrain | None]:
    """Leave out what cannot learn from so few playlists, and say so once. Raises CannotTrain where that is all."""
    alone = [job for job in jobs if job.kind in CONTENT]
    try:
        refuse_few(corpus.n_playlists, corpus.n_tracks)
    except CannotTrain as refusal:
        if not alone or not corpus.n_tracks:
            raise
        left_out = ", ".join(job.name for job in jobs if job not in alone)
        return alone, CannotTrain(f"{left_out}: not trained, {refusal}") if left_out else None
    return jobs, None


def fingerprint_for(kind: str, corpus: Corpus) -> str:
    """Give the fingerprint that models of a kind know a corpus by: it changes with all that they learn from."""
    return corpus.fingerprint(texts=kind in READS_TEXTS, audio=kind in READS_SOUNDS, genres=kind in READS_GENRES)


def manifest_of(job: Job, trained: Trained, corpus: Corpus, mark: str, now: int) -> Manifest:
    """Say what stands beside the arrays of a model that learned from all of a corpus."""
    return Manifest(
        name=job.name,
        kind=job.kind,
        options=asdict(job.options),
        corpus=fingerprint_for(job.kind, corpus),
        content=mark,
        playlists=corpus.n_playlists,
        tracks=corpus.n_tracks,
        entries=corpus.n_entries,
        trained_at=now,
        seconds=round(trained.seconds, 3),
        notes=dict(trained.model.notes()),
        worth=trained.worth,
        versions=_versions(),
        listed=int((corpus.playlist_counts > 0).sum()),
    )


def _versions() -> dict[str, str]:
    found = {}
    for library in _LIBRARIES:
        try:
            found[library] = version(library)
        except PackageNotFoundError:
            continue
    return found
