"""Vectors of words, which gensim trains on sentences; it is watched while it does."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from recommender.errors import CannotTrain
from recommender.models.contract import Progress
from recommender.models.sentences import Sentences

if TYPE_CHECKING:
    from recommender.models.word2vec import Options


@dataclass(frozen=True)
class Plan:
    """What is left open in the options, chosen, and how many seconds it takes at the stated speed."""

    vector_size: int
    window: int
    epochs: int
    workers: int
    seconds: float


@dataclass(frozen=True)
class Start:
    """Vectors to go on from: a row for each number of a word; where that is 0, the word begins by chance."""

    inner: np.ndarray
    """float32, shape (words, dimensions)."""
    outer: np.ndarray
    """float32, shape (words, dimensions)."""


@dataclass(frozen=True)
class Vectors:
    """What was learned, in the order of the words' numbers; gensim's own order is by how often they stand."""

    words: np.ndarray
    """int32, shape (words,): the numbers of the words, rising."""
    inner: np.ndarray
    """float32, shape (words, dimensions): what foretells."""
    outer: np.ndarray
    """float32, shape (words, dimensions): what is foretold."""
    seconds: float
    """How long it took."""


def train(
    sentences: Sentences, chosen: Plan, options: "Options", seed: int, progress: Progress, start: Start | None = None
) -> Vectors:
    """Let gensim walk the sentences, from chance or from a start.

    Raises CannotTrain when it did not learn from all of them.
    """
    from gensim import models

    with _quiet():
        model = models.Word2Vec(
            sg=int(options.sg), vector_size=chosen.vector_size, window=chosen.window, negative=options.negative,
            ns_exponent=options.ns_exponent, sample=options.sample, shrink_windows=options.shrink_windows,
            min_count=options.min_count, alpha=options.alpha, min_alpha=options.min_alpha, workers=chosen.workers,
            seed=seed,
        )  # fmt: skip
        model.build_vocab_from_freq(sentences.frequencies())
        if start:
            words = np.array(model.wv.index_to_key).astype(np.int32)
            known = start.inner[words].any(axis=1)
            model.wv.vectors[known], model.syn1neg[known] = start.inner[words[known]], start.outer[words[known]]
        before = model.wv.vectors[:1_000].copy()
        _, seen = model.train(
            sentences, total_words=sentences.n_words, epochs=chosen.epochs, callbacks=[_teller(progress, chosen.epochs)]
        )
    check_trained(seen, sentences.words_in(chosen.epochs), before, model.wv.vectors[: len(before)])
    words = np.array(model.wv.index_to_key).astype(np.int32)
    rows = np.argsort(words)
    return Vectors(words[rows], model.wv.vectors[rows], model.syn1neg[rows], model.total_train_time)


def _teller(progress: Progress, epochs: int) -> Any:
    from gensim.models.callbacks import CallbackAny2Vec

    class Teller(CallbackAny2Vec):  # type: ignore[misc]
        ended = 0

        def on_epoch_end(self, _model: Any) -> None:
            self.ended += 1
            progress(self.ended / epochs)

    return Teller()


def check_trained(seen: int, expected: int, start: np.ndarray, end: np.ndarray) -> None:
    """Raise CannotTrain when words were missed, or the vectors are not finite, or did not move.

    start, end: the same vectors before and after.
    """
    if seen != expected:
        raise CannotTrain(f"gensim saw {seen} words instead of {expected}: the playlists must be walked in every epoch")
    if not np.isfinite(end).all():
        raise CannotTrain("the vectors grew without bound: lower alpha")
    if np.array_equal(start, end):
        raise CannotTrain("the vectors stayed where they started: raise sample, window or alpha")


@contextmanager
def _quiet() -> Iterator[None]:
    # gensim warns of few jobs for each thread, which is no trouble; the level is given back for others.
    before = (logger := logging.getLogger("gensim")).level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(before)
