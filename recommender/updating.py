"""Bringing stored models up to the playlists of today, each under its own options: `segue train --update`."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from recommender.ageing import aged
from recommender.artifacts import (
    Manifest,
    damaged,
    model_names,
    models_folder,
    read_manifest,
    read_model,
    write_model,
)
from recommender.corpus import Corpus
from recommender.errors import CannotTrain, DamagedModel, NoSuchModel
from recommender.jobs import Job, fingerprint_for, manifest_of
from recommender.load import load
from recommender.models.contract import Progress, Updating, files_of
from recommender.models.registry import reads_texts
from recommender.opening import open_model
from recommender.training import update


@dataclass(frozen=True)
class Updated:
    """What became of one model."""

    manifest: Manifest
    new: bool
    """Whether there was anything new for it; if not, it was left as it is."""
    went_on: bool
    """Whether it went on from where it stood, and else was trained anew."""
    more_playlists: int
    """How many more playlists there are than it knew; fewer where it is below 0."""


@dataclass(frozen=True)
class _Moment:
    """The playlists as they stand, and the mark to know them by."""

    corpus: Corpus
    mark: str
    now: int


def update_models(
    database: Path, names: Sequence[str], seed: int, now: int, progress: Callable[[str, float], None]
) -> Iterator[Updated | CannotTrain]:
    """Bring the named models up to date, or without a name all, each written as soon as it is done.

    One that refuses stops no other. Raises NoSuchModel, CannotStore, db.errors.DatabaseError.
    """
    folder = models_folder(database)
    chosen = tuple(dict.fromkeys(names or model_names(folder)))
    for name in names:
        read_model(folder, name)  # a name that is wrong is told before the long part
    if not chosen:
        raise NoSuchModel("no model is trained, so there is nothing to update: run `segue train`")
    mark, corpus = load(database, texts=_read_texts(folder, chosen))
    moment = _Moment(corpus, mark, now)
    for name in chosen:

        def show(share: float, name: str = name) -> None:
            progress(name, share)

        try:
            yield _updated(folder, name, moment, seed, show)
        except (CannotTrain, DamagedModel) as refusal:
            yield CannotTrain(f"{name} is not updated: {refusal}")


def _read_texts(folder: Path, names: Sequence[str]) -> bool:
    """Tell whether any of the models learns from texts; a damaged one says so when its turn comes."""
    kinds = []
    for name in names:
        with suppress(DamagedModel):
            kinds.append(read_manifest(folder, name).kind)
    return reads_texts(kinds)


def _updated(folder: Path, name: str, moment: _Moment, seed: int, progress: Progress) -> Updated:
    """Bring one model up, and write it. Raises CannotTrain, DamagedModel, NoSuchModel, CannotStore."""
    before = read_manifest(folder, name)
    more = moment.corpus.n_playlists - before.playlists
    if before.content == moment.mark and before.corpus == fingerprint_for(before.kind, moment.corpus):
        progress(1.0)
        return Updated(before, new=False, went_on=False, more_playlists=more)
    after, arrays, files, went_on = _learned(folder, name, moment, seed, progress)
    write_model(folder, after, moment.corpus.vocabulary, arrays, files)
    return Updated(after, new=True, went_on=went_on, more_playlists=more)


def _learned(
    folder: Path, name: str, moment: _Moment, seed: int, progress: Progress
) -> tuple[Manifest, Mapping[str, np.ndarray], Mapping[str, bytes], bool]:
    """Give the manifest, the arrays and the files of today, and whether the model went on from where it stood.

    None of the arrays is mapped from the folder, whose place the new one takes. Raises CannotTrain, DamagedModel.
    """
    stored, model = open_model(folder, name)
    before = stored.manifest
    corpus = aged(moment.corpus, before.half_life_days or None)
    try:
        old_numbers = stored.vocabulary.numbers_of(corpus.vocabulary)
        trained = update(model, corpus, old_numbers, np.random.default_rng(seed), progress)
    except DamagedModel as error:
        raise DamagedModel(damaged(folder / name, str(error))) from error
    job = Job(name, before.kind, model.options)
    today = manifest_of(job, trained, corpus, moment.mark, moment.now)
    after = replace(today, worth=before.worth, half_life_days=before.half_life_days, updates=before.updates + 1)
    arrays = trained.model.arrays()
    own = {key: np.array(array) if isinstance(array, np.memmap) else array for key, array in arrays.items()}
    return after, own, files_of(trained.model), isinstance(model, Updating) and model.goes_on(corpus)
