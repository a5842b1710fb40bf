"""Texts as a transformer reads them: sentences in, the mean of their tokens' places out."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from recommender.errors import CannotTrain
from recommender.meaning.net import Net
from recommender.texts import Texts

if TYPE_CHECKING:
    import torch

_TOKENS_AT_ONCE = 2_048
"""Tokens of a batch, padding and all; larger ones are no faster on a processor, and take memory."""
EMPTY = np.uint64(0)
"""What stands for a text of nothing."""


def sentence(text: str) -> str:
    """Join the lines of a track's text, which are artists, title, album and so on, to one sentence."""
    return ". ".join(part for part in map(str.strip, text.split("\n")) if part)


def hashes(texts: Texts) -> np.ndarray:
    """Give a number for each track's sentence, uint64: the same for the same one, EMPTY where there is none."""
    return np.fromiter(map(_hash, map(sentence, texts)), np.uint64, len(texts))


def _hash(words: str) -> int:
    # None but an empty one is 0.
    told = hashlib.blake2b(words.encode("utf-8", "replace"), digest_size=8).digest()
    return max(int.from_bytes(told, "little"), 1) if words else int(EMPTY)


def read(net: Net, sentences: Sequence[str], max_tokens: int, done: Callable[[int], None] | None = None) -> np.ndarray:
    """Embed sentences: float32, shape (len(sentences), dimensions).

    done: told how many sentences are, now and then. Raises CannotTrain when what comes out are no numbers.
    """
    import torch

    vectors = np.zeros((len(sentences), net.dimensions), np.float32)
    counted = 0
    with torch.inference_mode():
        for places, ids in batches(net, sentences, max_tokens):
            vectors[places] = mean_of(net, ids).numpy()
            counted += len(places)
            if done:
                done(counted)
    if not np.isfinite(vectors).all():
        raise CannotTrain(f"the transformer in {net.place} gives no numbers: take other weights (weights=FOLDER)")
    return vectors


def batches(net: Net, sentences: Sequence[str], max_tokens: int) -> Iterator[tuple[np.ndarray, list[list[int]]]]:
    """Cut sentences into tokens, and put those of about one length together: their places, and the tokens' numbers."""
    ids = tokens_of(net, sentences, max_tokens)
    lengths = np.array([len(numbers) for numbers in ids])
    order = np.argsort(-lengths, kind="stable")
    borders, first = [0], 0
    while first < len(order):
        first = min(first + max(_TOKENS_AT_ONCE // max(int(lengths[order[first]]), 1), 1), len(order))
        borders.append(first)
    for low, high in pairwise(borders):
        yield order[low:high], [ids[place] for place in order[low:high]]


def tokens_of(net: Net, sentences: Sequence[str], max_tokens: int) -> list[list[int]]:
    """Give the numbers of each sentence's tokens, the first max_tokens of them."""
    most = min(max_tokens, net.most_tokens)
    told = net.tokenizer(list(sentences), truncation=True, max_length=most, return_attention_mask=False)
    ids: list[list[int]] = told["input_ids"]
    return ids


def mean_of(net: Net, ids: list[list[int]]) -> "torch.Tensor":
    """Give the mean place of each sentence's tokens: a tensor, shape (len(ids), dimensions)."""
    import torch

    longest = max(map(len, ids))
    numbers = torch.full((len(ids), longest), net.tokenizer.pad_token_id or 0)
    mask = torch.zeros((len(ids), longest))
    for row, own in enumerate(ids):
        numbers[row, : len(own)] = torch.tensor(own)
        mask[row, : len(own)] = 1
    places = net.model(input_ids=numbers, attention_mask=mask.long()).last_hidden_state
    return (places * mask[:, :, None]).sum(dim=1) / mask.sum(dim=1, keepdim=True).clamp(min=1)
