"""From the texts of all tracks to their places in a space: read in blocks, kept, centred, and cut to few dimensions."""

from math import ceil

import numpy as np

from recommender.meaning.keeping import Kept, places_in
from recommender.meaning.net import Net
from recommender.meaning.reading import EMPTY, hashes, read, sentence
from recommender.models.contract import Progress
from recommender.texts import Texts

_BLOCK = 4_096
"""So many texts are read before they are kept: minutes of work at the most."""
_SAMPLE = 20_000
"""Texts from which the centre and the directions are found."""
_ROWS_AT_ONCE = 65_536


def placed(net: Net, texts: Texts, kept: Kept, max_tokens: int, dimensions: int, progress: Progress) -> np.ndarray:
    """Place tracks by their texts: float32, shape (tracks, dimensions or fewer), of length 1; 0 without a text.

    Raises CannotTrain where the transformer gives no numbers, CannotStore.
    """
    told = hashes(texts)
    # Where each different text stands first.
    different, first = np.unique(told, return_index=True)
    first = first[different != EMPTY]
    different = different[different != EMPTY]
    _read_lacking(net, texts, kept, different, first, max_tokens, lambda share: progress(0.95 * share))
    vectors = _turned(kept, different, dimensions)
    places = np.zeros((len(told), vectors.shape[1]), np.float32)
    there, rows = places_in(different, told)
    places[there] = vectors[rows]
    progress(1.0)
    return places


def _read_lacking(
    net: Net,
    texts: Texts,
    kept: Kept,
    different: np.ndarray,
    first: np.ndarray,
    max_tokens: int,
    progress: Progress,
) -> None:
    lacking = kept.lacking(different)
    before = len(different) - len(lacking)
    for start in range(0, len(lacking), _BLOCK):
        block = lacking[start : start + _BLOCK]

        def done(count: int, read_before: int = before + start) -> None:
            progress((read_before + count) / len(different))

        sentences = [sentence(texts[track_no]) for track_no in first[block].tolist()]
        kept.add(different[block], read(net, sentences, max_tokens, done))


def _turned(kept: Kept, different: np.ndarray, dimensions: int) -> np.ndarray:
    """Gather what was made of texts: centred, along the directions in which they differ most, and of length 1.

    What all texts have in common, which is most of what an untaught transformer says, tells none from another.
    """
    centre, turn = _centre_and_turn(kept, different, dimensions)
    vectors = np.zeros((len(different), turn.shape[1]), np.float32)
    for part in kept.parts:
        for start in range(0, len(part), _ROWS_AT_ONCE):
            rows = part[start : start + _ROWS_AT_ONCE]
            there, places = places_in(different, np.asarray(rows["text"]))
            own = (np.asarray(rows["vector"][there], np.float32) - centre) @ turn
            lengths = np.linalg.norm(own, axis=1, keepdims=True)
            vectors[places] = np.divide(own, lengths, out=np.zeros_like(own), where=lengths > 0)
    return vectors


def _centre_and_turn(kept: Kept, different: np.ndarray, dimensions: int) -> tuple[np.ndarray, np.ndarray]:
    """Find the mean of the texts, and the directions along which they differ most: float32."""
    # In the order of their hashes texts lie as if by chance; what was kept of others has no say.
    step = ceil(len(different) / _SAMPLE)
    wanted = different[::step]
    sample = np.zeros((len(wanted), kept.dimensions))
    for part in kept.parts:
        there, places = places_in(wanted, part["text"])
        sample[places] = part["vector"][there]
    centre = sample.mean(axis=0)
    _, directions = np.linalg.eigh((sample - centre).T @ (sample - centre))
    return centre.astype(np.float32), directions[:, ::-1][:, :dimensions].astype(np.float32)
