"""The whole of a training: open the weights, fine-tune them where that is asked for, read all texts, place them."""

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from recommender.corpus import Corpus
from recommender.meaning.contrast import drawn_together
from recommender.meaning.keeping import Kept
from recommender.meaning.net import Net, open_net
from recommender.meaning.placing import placed
from recommender.models.contract import Progress

if TYPE_CHECKING:
    from recommender.models.meaning import Options

_TUNING = 0.7
"""Share of a training's progress that fine-tuning takes."""
_WAY = "a"
"""Another one where texts are joined or cut in another way, so that nothing made in the old way is taken for new."""


def learned(
    corpus: Corpus, rng: np.random.Generator, options: "Options", progress: Progress
) -> tuple[np.ndarray, Mapping[str, str | int | float], Mapping[str, bytes]]:
    """Give the tracks' places (see placing.placed), notes, and the files of weights to be kept with the model.

    Raises CannotTrain, CannotStore.
    """
    net = open_net(options.weights)
    told: dict[str, str | int | float] = {"weights": net.fingerprint}
    with _threads(options.workers):
        before = _TUNING if options.fine_tune else 0.0
        if options.fine_tune:
            told |= drawn_together(net, corpus, rng, options, lambda share: progress(before * share))
        # Weights that were made just now are of this training alone.
        folder = None if options.fine_tune else corpus.texts.kept
        way = f"{net.fingerprint}-{_WAY}{options.max_tokens}"
        kept = Kept(folder, way, net.dimensions)
        spots = placed(
            net, corpus.texts, kept, options.max_tokens, options.dimensions,
            lambda share: progress(before + (1 - before) * share),
        )  # fmt: skip
    kept.sweep()
    return spots, told, _written(net) if options.fine_tune else _own(net, corpus.texts.kept)


def _written(net: Net) -> Mapping[str, bytes]:
    with tempfile.TemporaryDirectory(prefix="segue-weights-") as folder:
        net.model.save_pretrained(folder)
        net.tokenizer.save_pretrained(folder)
        return _read(Path(folder))


def _own(net: Net, models: Path | None) -> Mapping[str, bytes]:
    """Give weights that lie with a model of this database: the new model may take that one's place."""
    ours = models is not None and models.resolve() in net.place.resolve().parents
    return _read(net.place) if ours else {}


def _read(place: Path) -> Mapping[str, bytes]:
    return {file.name: file.read_bytes() for file in sorted(place.iterdir()) if file.is_file()}


@contextmanager
def _threads(workers: int) -> Iterator[None]:
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(workers)
    try:
        yield
    finally:
        torch.set_num_threads(before)
