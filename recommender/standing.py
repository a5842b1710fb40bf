"""Which trained model answers when none is named: the best that beats popularity, told from the manifests alone."""

from collections.abc import Iterator
from pathlib import Path

from recommender.artifacts import changed_at, model_names, read_manifest
from recommender.errors import DamagedModel, NoSuchModel
from recommender.models.registry import KINDS, YARDSTICKS

POPULARITY = "popularity"
TOO_FEW = "no model here beats popularity on these playlists, so these are the most popular tracks: import more"
UNTAUGHT = "no model that has a taste is trained, so these are the most popular tracks: run `segue train`"
ONLY_POPULAR = "no model here knows any of these tracks, so these are the most popular ones"
_NO_OTHER = "no model here that beats popularity knows any of these tracks, so these are the most popular ones"


class Standing:
    """The models of one folder in the order in which they answer. Safe to ask from several threads."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._below: dict[tuple[str, int], bool] = {}
        """By name and time, so that no manifest is read twice."""

    def is_below(self, name: str) -> bool:
        """Tell whether a model was measured to be below popularity; one that cannot be read is not, and says so."""
        key = name, changed_at(self._folder, name)
        if key not in self._below:
            self._below[key] = _is_below(self._folder, name)
        return self._below[key]

    def in_order(self) -> Iterator[str]:
        """Give the names for an answer of no named model, best first, those below popularity last.

        A manifest is read when its turn comes: most answers need that of the first alone.
        """
        passed = []
        for name in sorted(model_names(self._folder), key=_place):
            if self.is_below(name):
                passed.append(name)
            else:
                yield name
        yield from passed

    def said_of(self, name: str) -> list[str]:
        """Give what is to be said when this model answers without being named."""
        if name not in YARDSTICKS and not self.is_below(name):
            return []
        below = [self.is_below(other) for other in model_names(self._folder) if other not in YARDSTICKS]
        if not below:
            return [UNTAUGHT]
        return [TOO_FEW] if all(below) else []

    def stand_ins(self, name: str) -> list[str]:
        """Give the kinds that may answer in the place of a model that cannot tell, best first."""
        there = set(model_names(self._folder)) - {name, *YARDSTICKS}
        return [kind for kind in KINDS if kind in there and not self.is_below(kind)]

    def nobody_can_tell(self) -> str:
        """Give the sentence for an answer by popularity because no stand-in can tell."""
        return _NO_OTHER if any(map(self.is_below, model_names(self._folder))) else ONLY_POPULAR


def _place(name: str) -> int:
    """Order by kind, then those under a name of their own, yardsticks at last."""
    if name in YARDSTICKS:
        return len(KINDS) + YARDSTICKS.index(name)
    return KINDS.index(name) if name in KINDS else len(KINDS) - 1


def _is_below(folder: Path, name: str) -> bool:
    try:
        return bool(read_manifest(folder, name).below_popularity)
    except (DamagedModel, NoSuchModel):
        return False
