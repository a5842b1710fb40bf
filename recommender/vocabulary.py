"""The one bridge between raw track ids outside and dense track numbers inside."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from recommender.errors import DamagedModel

NOT_FOUND = -1


@dataclass(frozen=True)
class Vocabulary:
    """Raw track ids in the order of their dense numbers: the track of most playlists is number 0.

    Because of that order, a model that knows only frequent tracks knows a prefix of the vocabulary.
    """

    ids: np.ndarray
    """Bytes "S22", shape (tracks,): the raw id of each track number. May be memory-mapped."""
    by_id: np.ndarray
    """int32, shape (tracks,): the track numbers, sorted by raw id, for binary search."""

    @classmethod
    def from_ids(cls, ids: Sequence[str] | np.ndarray) -> "Vocabulary":
        """Take raw ids (ASCII, 22 characters at most), already in the order of their numbers."""
        packed = np.asarray(ids, dtype="S22")
        return cls(packed, in_order(packed))

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def is_one(self) -> bool:
        """Whether the arrays are of the shapes and kinds of a vocabulary; what they hold is checked as it is read."""
        return (
            self.ids.ndim == 1
            and self.by_id.shape == self.ids.shape
            and (self.ids.dtype.kind == "S" and self.by_id.dtype.kind == "i")
        )

    def numbers(self, raw_ids: Sequence[str]) -> np.ndarray:
        """Give the track number of each raw id, NOT_FOUND for a stranger: int32, shape (len(raw_ids),).

        Raises DamagedModel, without the model's name, when what it touches is no vocabulary.
        """
        found = np.full(len(raw_ids), NOT_FOUND, np.int32)
        for place, raw_id in enumerate(raw_ids):
            wanted = raw_id.encode("ascii", "replace")
            at = self._place_of(wanted)
            if at < len(self.ids) and self.ids[number := self._number(at)] == wanted:
                found[place] = number
        return found

    def numbers_of(self, other: "Vocabulary") -> np.ndarray:
        """Give this vocabulary's number of each track of another one, NOT_FOUND for a stranger: int32, all at once.

        Raises DamagedModel, without the model's name, when it is no vocabulary.
        """
        order, asked = np.asarray(self.by_id), np.asarray(other.by_id)
        if len(order) and not 0 <= order.min() <= order.max() < len(self.ids):
            raise DamagedModel("its vocabulary-by-id.npy leads out of the vocabulary")
        ordered, wanted = self.ids[order], other.ids[asked]
        # Asked in their order, they are found where the last one was, and not all over memory.
        places = np.searchsorted(ordered, wanted)
        found = places < len(order)
        found[found] = ordered[places[found]] == wanted[found]
        numbers = np.full(len(other.ids), NOT_FOUND, np.int32)
        numbers[asked[found]] = order[places[found]]
        return numbers

    def _place_of(self, wanted: bytes) -> int:
        # A handful of seeds against a mapped file: a search by hand touches only the pages on its way,
        # where np.searchsorted with a sorter would gather all five million ids first.
        low, high = 0, len(self.ids)
        while low < high:
            middle = (low + high) // 2
            if self.ids[self._number(middle)] < wanted:
                low = middle + 1
            else:
                high = middle
        return low

    def _number(self, place: int) -> int:
        number = int(self.by_id[place])
        if not 0 <= number < len(self.ids):
            raise DamagedModel("its vocabulary-by-id.npy leads out of the vocabulary")
        return number

    def raw_ids(self, numbers: np.ndarray) -> list[str]:
        """Give the raw id of each track number. Raises DamagedModel, without the model's name, for what is no id."""
        try:
            return [raw_id.decode("ascii") for raw_id in self.ids[numbers].tolist()]
        except UnicodeDecodeError as error:
            raise DamagedModel("its vocabulary-ids.npy holds what is no id") from error


def in_order(ids: np.ndarray) -> np.ndarray:
    """Give the places of the ids, sorted by their bytes, of equal ones the first place first: int32, shape (len(ids),).

    ids: bytes, shape (any,).
    """
    letters = np.ascontiguousarray(ids).view(np.uint8).reshape(len(ids), ids.itemsize)
    # Whole numbers sort ten times as fast as bytes, and eight letters tell most ids apart; those that all share do not.
    telling = np.flatnonzero((letters != letters[:1]).any(axis=0))[:8]
    first = np.zeros((len(ids), 8), np.uint8)
    first[:, : len(telling)] = letters[:, telling]
    numbers = first.view(">u8").ravel().astype(np.uint64)
    order = np.argsort(numbers)
    same = np.diff(numbers[order], prepend=~numbers[order[:1]], append=~numbers[order[-1:]]) == 0
    tied = np.flatnonzero(same[1:] | same[:-1])
    places = np.sort(order[tied])
    order[tied] = places[np.argsort(ids[places], kind="stable")]
    return order.astype(np.int32)
