"""The trained models of one database, each opened once, with what went wrong with any of them."""

import contextlib
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from recommender import artifacts
from recommender.errors import DamagedModel, NoSuchModel
from recommender.models.contract import Embedding, Titled
from recommender.models.registry import KINDS
from recommender.opening import open_model
from recommender.scored import Loaded
from recommender.standing import POPULARITY, Standing

TITLE = "title"


class Shelf:
    """Opens models, again only when they were trained anew. Safe to use from several threads."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._loaded: dict[str, Loaded] = {}
        self._damaged: dict[tuple[str, int], str] = {}
        """Models, by name and time, whose damage showed while they were asked: the sentence on each."""
        self.standing = Standing(folder)
        self._lock = threading.Lock()

    @contextlib.contextmanager
    def noting_damage(self, by: Loaded) -> Iterator[None]:
        """Keep in mind that a model turned out to be damaged while it was asked, and go on: it is not chosen again."""
        try:
            yield
        except DamagedModel as error:
            self.remember(by, error)

    def remember(self, by: Loaded, error: DamagedModel) -> str:
        """Keep the damage of a model in mind, and give the sentence on it, with its name."""
        sentence = self._damaged[by.place.name, by.changed] = artifacts.damaged(by.place, str(error))
        return sentence

    def choose(self, name: str | None) -> tuple[Loaded, list[str]]:
        """Open the model of this name, or the best there is, with what is to be said of it.

        Raises NoSuchModel, DamagedModel.
        """
        if name is not None:
            return self.load(name), []
        notes: list[str] = []
        for candidate in self.standing.in_order():
            try:
                loaded = self.load(candidate)
            except (DamagedModel, NoSuchModel) as error:
                notes.append(str(error))
                continue
            # What is below popularity lends it the vocabulary where nobody trained popularity itself.
            by = replace(loaded, name=POPULARITY) if self.standing.is_below(candidate) else loaded
            return by, [*self.standing.said_of(candidate), *notes]
        raise NoSuchModel(". ".join(["no model is trained yet: run `segue train`", *notes]))

    def load(self, name: str) -> Loaded:
        """Open a model. Raises NoSuchModel, DamagedModel."""
        changed = artifacts.changed_at(self._folder, name)
        with self._lock:
            if (name, changed) in self._damaged:
                raise DamagedModel(self._damaged[name, changed])
            known = self._loaded.get(name)
            if known is None or known.changed != changed:
                known = self._loaded[name] = _open(self._folder, name, changed)
            return known

    def reader(self, name: str = TITLE) -> Loaded:
        """Open a model that reads titles. Raises NoSuchModel, DamagedModel."""
        if name == TITLE and name not in artifacts.model_names(self._folder):
            raise NoSuchModel("no model that reads titles is trained: run `segue train title`")
        reader = self.load(name)
        if not isinstance(reader.model, Titled):
            raise NoSuchModel(f"{name} reads no titles: name tracks too, or leave the model to Segue")
        return reader

    def spaces(self) -> list[str]:
        """Name the models that place tracks in a space, in the order in which one stands in for another."""
        found = []
        for name in artifacts.model_names(self._folder):
            with contextlib.suppress(DamagedModel, NoSuchModel):
                if isinstance((loaded := self.load(name)).model, Embedding):
                    found.append((KINDS.index(loaded.manifest.kind), name))
        return [name for _, name in sorted(found)]

    def space(self, by: Loaded | None = None) -> Loaded | None:
        """Open a model that places tracks in a space, this one before others; None where there is none.

        What goes by another name than its folder's is more than that model, and its numbers may not be the model's.
        """
        if by is not None and by.name == by.place.name and isinstance(by.model, Embedding):
            return by
        there = set(artifacts.model_names(self._folder))
        for kind in KINDS:
            with contextlib.suppress(DamagedModel, NoSuchModel):
                if kind in there and isinstance((loaded := self.load(kind)).model, Embedding):
                    return loaded
        return None


def _open(folder: Path, name: str, changed: int) -> Loaded:
    stored, model = open_model(folder, name)
    return Loaded(name, stored.manifest, stored.vocabulary, model, changed, folder / name)
