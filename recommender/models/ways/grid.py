"""Ways with a few settings, of which the best on the playlists kept back is chosen."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from recommender.models.contract import Model
from recommender.models.ways.asked import SEVERAL, Answer, Asked, beginnings, ndcg

_CELLS = ("one seed", "one known seed", "several seeds", "several known seeds")


def nothing_more(_parts: Mapping[str, Model]) -> dict[str, np.ndarray]:
    """Work nothing out of the parts."""
    return {}


@dataclass(frozen=True)
class Chosen:
    """A way and, for each kind of question, the setting that it answers with."""

    way: "Grid"
    places: np.ndarray
    """int64, shape (4,): which of the way's settings for one seed, one known seed, several, several known ones."""
    known: float
    """Seeds whose mean log playlist count is above it are known."""

    def answer(self, asked: Asked) -> Answer:
        """Answer under the setting for such a question."""
        return self.way.answer(asked, self.way.settings[self.places[_cell(asked, self.known)]])

    def arrays(self) -> dict[str, np.ndarray]:
        """Give what was chosen by name."""
        return {"chosen": self.places, "known": np.array([self.known])}

    def notes(self) -> dict[str, str | int | float]:
        """Give the chosen setting for each kind of question."""
        told = [self.way.words(self.way.settings[place]) for place in self.places]
        if not self.way.by_fame:
            told = told[::2]
        names = _CELLS if self.way.by_fame else _CELLS[::2]
        return dict(zip(names, told, strict=True))


@dataclass(frozen=True)
class _Lesson:
    several: bool
    """Whether there are several seeds."""
    fame: float
    """Their mean log playlist count."""
    gains: np.ndarray
    """float64, shape (settings,): the NDCG of each."""


@dataclass(frozen=True)
class Grid:
    """A way to answer that has settings."""

    parts: tuple[str, ...]
    """The kinds of models that it asks."""
    settings: tuple[Any, ...]
    """What it may be set to; the first holds where there is too little to learn from."""
    answer: Callable[[Asked, Any], Answer]
    """Answers under a setting."""
    words: Callable[[Any], str]
    """Says what a setting is."""
    by_fame: bool = False
    """Whether known seeds have a setting of their own."""
    work_out: Callable[[Mapping[str, Model]], dict[str, np.ndarray]] = nothing_more
    """Makes arrays of the parts, once for all questions."""
    works_out: tuple[str, ...] = ()
    """The names of these arrays."""
    shortest: ClassVar[int] = SEVERAL
    """Playlists of more than twice as many tracks are kept back."""

    def cut(self, tracks: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Cut a playlist into questions and what is right."""
        return beginnings(tracks)

    def lesson(self, asked: Asked, rest: np.ndarray) -> _Lesson:
        """Grade every setting."""
        right = np.zeros(asked.n_tracks, bool)
        right[rest] = True
        return _Lesson(*_told_apart(asked), np.array([ndcg(self.answer(asked, one), right) for one in self.settings]))

    def learned(self, lessons: Sequence[_Lesson], trees: int, rng: np.random.Generator) -> Chosen:
        """Choose the best setting in each cell; without lessons the first; there is no chance in it."""
        places = np.zeros(len(_CELLS), np.int64)
        known = float(np.median([lesson.fame for lesson in lessons])) if lessons and self.by_fame else 0.0
        for cell in range(len(_CELLS)):
            alike = [lesson for lesson in lessons if lesson.several == (cell >= 2)]
            own = [lesson for lesson in alike if (lesson.fame > known) == bool(cell % 2)] if self.by_fame else alike
            # No playlist kept back may have had such seeds; then those with as many seeds speak for them.
            if own or alike:
                places[cell] = int(np.argmax(np.mean([lesson.gains for lesson in own or alike], axis=0)))
        return Chosen(self, places, known)

    def read(self, arrays: Mapping[str, np.ndarray]) -> Chosen:
        """Rebuild what was learned from its arrays. Raises ValueError when they do not fit."""
        places, known = np.array(arrays["chosen"]), np.array(arrays["known"])
        if places.shape != (len(_CELLS),) or places.dtype.kind != "i" or known.shape != (1,):
            raise ValueError("there is one setting for each kind of question")
        if places.min() < 0 or places.max() >= len(self.settings) or not np.isfinite(known).all():
            raise ValueError("a setting is chosen that there is not")
        return Chosen(self, places, float(known[0]))


def _told_apart(asked: Asked) -> tuple[bool, float]:
    return len(np.unique(asked.seeds)) > 1, float(asked.facts.counts[asked.seeds].mean())


def _cell(asked: Asked, known: float) -> int:
    several, fame = _told_apart(asked)
    return 2 * several + int(fame > known)
