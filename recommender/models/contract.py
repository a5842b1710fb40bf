"""The contract that every model keeps, so that ranking, storing and measuring are written once."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Protocol, Self, runtime_checkable

import numpy as np

from recommender.corpus import Corpus

Progress = Callable[[float], None]
"""Called now and then during a fit with the share that is done, 0.0 to 1.0."""


def no_progress(share: float) -> None:
    """Ignore the progress."""


class Model(Protocol):
    """A trained model: it scores, and nothing else. Ranking, ids and printing live elsewhere.

    A model module imports only numpy at its top; what a fit needs is imported inside it, because serving must start
    fast. Options are a frozen dataclass of plain numbers, strings and booleans.
    """

    name: ClassVar[str]
    adds_up: ClassVar[bool]
    """Whether every seed adds evidence, so that all versions of a song tell more than one; a mean only blurs."""

    @property
    def options(self) -> Any:
        """The model's frozen dataclass of options."""

    @classmethod
    def fit(cls, corpus: Corpus, rng: np.random.Generator, options: Any, progress: Progress = no_progress) -> Self:
        """Learn from the corpus.

        Raises recommender.errors.CannotTrain, with a sentence, when the corpus does not allow it, or an option is
        outside of the module's RANGES and CHOICES.
        """
        ...

    def scores(self, seeds: np.ndarray) -> np.ndarray:
        """Score every track of the vocabulary as a continuation of the seeds.

        seeds: int32, shape (any,), track numbers, oldest first. Returns float32, shape (tracks,), higher is better,
        NaN where the model cannot tell. All NaN when no seed is known to it.
        Raises recommender.errors.DamagedModel, without the model's name, when stored arrays hold nonsense it meets.
        """
        ...

    def arrays(self) -> Mapping[str, np.ndarray]:
        """Give everything that was learned, as named arrays without objects in them."""
        ...

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, np.ndarray], options: Any, n_tracks: int) -> Self:
        """Rebuild the model from arrays(), which may be memory-mapped. Raises ValueError when they do not fit."""
        ...

    def notes(self) -> Mapping[str, str | int | float]:
        """Give what a person should know of the training, such as epochs and window; stored in the manifest."""
        ...


@runtime_checkable
class Predicting(Protocol):
    """What a model of plays can do beside scoring: say how often a listener will play a track."""

    @property
    def listeners(self) -> np.ndarray:
        """The listeners' names: bytes of UTF-8, shape (listeners,); empty when it learned from playlists."""

    def predict(self, listener_no: int, track_nos: np.ndarray) -> np.ndarray:
        """Foretell the plays of some tracks: float32, shape (len(track_nos),), NaN where the model cannot tell.

        Raises recommender.errors.DamagedModel, without the model's name, when stored arrays hold nonsense it meets.
        """
        ...


@runtime_checkable
class Titled(Protocol):
    """What a model that reads the names of playlists can do beside scoring: begin with a title alone."""

    def title_scores(self, title: str) -> np.ndarray:
        """Score every track for a playlist of this title: float32, shape (tracks,), NaN where nothing is known.

        Raises recommender.errors.DamagedModel, without the model's name, when stored arrays hold nonsense it meets.
        """
        ...


@runtime_checkable
class Choosing(Protocol):
    """What a model that compares with every track can do beside scoring: leave out most tracks of a large one."""

    def scores_of(self, seeds: np.ndarray, first: int, others: np.ndarray) -> np.ndarray:
        """Score as scores does, but only the first tracks of the vocabulary and some that come after them.

        others: int64, rising, first or more. Returns float32, shape (first + len(others),).
        """
        ...


@runtime_checkable
class Reaching(Protocol):
    """What a model that reaches few tracks can do beside scoring: name these, without a number for all others."""

    def reached(self, seeds: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Give the tracks that scores would not leave at NaN, int64, each once and rising, and their scores, float32.

        Raises recommender.errors.DamagedModel, without the model's name, when stored arrays hold nonsense it meets.
        """
        ...


@runtime_checkable
class Embedding(Protocol):
    """What a model that places tracks in a space can do beside scoring: tell how alike tracks are."""

    def vectors(self, track_nos: np.ndarray) -> np.ndarray:
        """Give the tracks' places: float32, shape (len(track_nos), dimensions), of length 1, NaN where it has none.

        Raises recommender.errors.DamagedModel, without the model's name, when stored arrays hold nonsense it meets.
        """
        ...


@runtime_checkable
class Updating(Protocol):
    """What a model that learns in rounds can do beside scoring: go on from where it stands when playlists change."""

    def goes_on(self, corpus: Corpus) -> bool:
        """Tell whether there is enough in the arrays to go on from, and the corpus is not too large for them by now."""
        ...

    def updated(
        self, corpus: Corpus, old_numbers: np.ndarray, rng: np.random.Generator, progress: Progress = no_progress
    ) -> Self:
        """Learn on, in fewer rounds than a fit takes, from a corpus that is not the one before; this model stays.

        old_numbers: int32, shape (tracks of the corpus,): the number that each track has in this model, -1 where it
        has none. Raises recommender.errors.CannotTrain, as fit does.
        """
        ...


@runtime_checkable
class Carrying(Protocol):
    """What a model that made something besides arrays can do beside scoring: have it stored in a folder of its own."""

    def files(self) -> Mapping[str, bytes]:
        """Give files by their names: data, never a program."""
        ...


def files_of(model: Model) -> Mapping[str, bytes]:
    """Give the files that are to be stored with a model."""
    return model.files() if isinstance(model, Carrying) else {}
