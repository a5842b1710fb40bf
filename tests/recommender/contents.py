"""Plain stand-ins for the models that know what a song is, and how a database comes to have them."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Self

import numpy as np
import pytest

from recommender.artifacts import models_folder, write_model
from recommender.corpus import AUDIO, Corpus
from recommender.jobs import Job, manifest_of
from recommender.load import load
from recommender.measures import cold_chain
from recommender.models import registry
from recommender.models.contract import Progress, no_progress
from recommender.training import Trained


@dataclass(frozen=True)
class Options:
    """There is nothing to choose."""


RANGES: dict[str, tuple[float, float]] = {}


@dataclass(frozen=True)
class Alike:
    """Tracks are as alike as their points are near; a track without a point says nothing."""

    adds_up: ClassVar[bool] = False
    name: ClassVar[str] = "alike"
    options: Options
    points: np.ndarray
    """float32, shape (tracks, any), NaN for a track of which nothing is known."""

    @classmethod
    def fit(cls, corpus: Corpus, rng: np.random.Generator, options: Options, progress: Progress = no_progress) -> Self:
        return cls(options, cls.placed(corpus))

    @classmethod
    def placed(cls, corpus: Corpus) -> np.ndarray:
        raise NotImplementedError

    def scores(self, seeds: np.ndarray) -> np.ndarray:
        own = self.points[seeds][~np.isnan(self.points[seeds]).any(axis=1)]
        if not len(own):
            return np.full(len(self.points), np.nan, np.float32)
        far: np.ndarray = np.abs(self.points - own.mean(axis=0)).sum(axis=1)
        return -far

    def arrays(self) -> Mapping[str, np.ndarray]:
        return {"points": np.nan_to_num(self.points, nan=-99)}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, np.ndarray], options: Options, n_tracks: int) -> Self:
        points = np.array(arrays["points"])
        return cls(options, np.where(points == -99, np.nan, points).astype(np.float32))

    def notes(self) -> Mapping[str, str | int | float]:
        return {}


class Sound(Alike):
    """By tempo alone."""

    name = "audio"

    @classmethod
    def placed(cls, corpus: Corpus) -> np.ndarray:
        if not corpus.audio.shape[1]:
            return np.full((corpus.n_tracks, 1), np.nan, np.float32)
        return corpus.audio[:, [AUDIO.index("tempo")]]


class Words(Alike):
    """By the last word of the title, which tells a number: a title without one tells nothing."""

    name = "text"

    @classmethod
    def placed(cls, corpus: Corpus) -> np.ndarray:
        if not len(corpus.texts):
            return np.full((corpus.n_tracks, 1), np.nan, np.float32)
        last = [text.split("\n")[1].rpartition(" ")[2] if text else "" for text in corpus.texts]
        return np.array([[float(word) if word.isdecimal() else np.nan] for word in last], np.float32)


class Genre(Alike):
    """By the first genre of the artist."""

    name = "genre"

    @classmethod
    def placed(cls, corpus: Corpus) -> np.ndarray:
        of_artist = dict(corpus.genres.of_artists[::-1].tolist())
        return np.array([[of_artist.get(artist, np.nan)] for artist in corpus.artists.tolist()], np.float32)


def register_contents(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the stand-ins be what knows songs."""
    for kind, name in {"audio": "Sound", "meaning": "Words", "text": "Words", "genre": "Genre"}.items():
        monkeypatch.setitem(registry._MODELS, kind, ("tests.recommender.contents", name))
    monkeypatch.setattr(cold_chain, "KINDS", tuple(registry._MODELS))


def keep(database: Path, *kinds: str, worth: dict[str, float] | None = None) -> None:
    """Train such models and store them."""
    mark, corpus = load(database, texts=True)
    for kind in kinds:
        model = registry.model_class(kind).fit(corpus, np.random.default_rng(1), Options())
        trained = Trained(model, 0.0, worth or {})
        manifest = manifest_of(Job(kind, kind, Options()), trained, corpus, mark, 1)
        write_model(models_folder(database), manifest, corpus.vocabulary, model.arrays())
