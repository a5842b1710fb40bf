"""What is written about tracks: who made them, what they are called, and what else was told. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

LINES = ("artists", "title", "album", "genres", "told")
"""What stands on the lines of a track's text, in this order; `told` are lyrics, comments and tags, joined."""
_AT_ONCE = 100_000


@dataclass(frozen=True)
class Texts:
    """A text of several lines (LINES) for each track, all of them in one row of letters."""

    letters: np.ndarray
    """uint8, shape (any,): UTF-8, one track's text after the other."""
    offsets: np.ndarray
    """int64, shape (tracks + 1,): track t's text is letters[offsets[t]:offsets[t + 1]]; empty where there is none."""
    kept: Path | None = None
    """The folder where what was made of them at great cost may be kept; None: nowhere."""

    def __len__(self) -> int:
        return len(self.offsets) - 1

    @cached_property
    def _bytes(self) -> memoryview:
        return np.ascontiguousarray(self.letters).data

    def __getitem__(self, track_no: int) -> str:
        return str(self._bytes[self.offsets[track_no] : self.offsets[track_no + 1]], "utf-8", "replace")

    def __iter__(self) -> Iterator[str]:
        return (self[track_no] for track_no in range(len(self)))

    def taken(self, order: np.ndarray) -> "Texts":
        """Give the texts of some tracks in another order. order: integers, shape (any,)."""
        sizes = np.diff(self.offsets)[order]
        offsets = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        letters = np.zeros(offsets[-1], np.uint8)
        for first in range(0, len(order), _AT_ONCE):
            # A place for every letter takes eight times as much room as the letters.
            part = order[first : first + _AT_ONCE]
            low, high = offsets[first], offsets[first + len(part)]
            shift = self.offsets[part] - offsets[first : first + len(part)]
            letters[low:high] = self.letters[np.arange(low, high) + np.repeat(shift, sizes[first : first + len(part)])]
        return Texts(letters, offsets, self.kept)


NO_TEXTS = Texts(np.zeros(0, np.uint8), np.zeros(1, np.int64))
"""What stands where nobody asked for texts."""


def texts_of(told: Sequence[str]) -> Texts:
    """Gather texts, one for each track."""
    packed = [text.encode("utf-8", "replace") for text in told]
    offsets = np.cumsum([0, *map(len, packed)]).astype(np.int64)
    return Texts(np.frombuffer(b"".join(packed), np.uint8), offsets)
