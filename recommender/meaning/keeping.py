"""What a transformer made of texts, kept beside the models, so that no text is read twice by the same weights.

Each part is a file of its own under a name that follows from its texts, written aside and then renamed: a training that
is killed has lost the part it was at, and two that run at once write the same files.
"""

import hashlib
import os
import shutil
from contextlib import suppress
from pathlib import Path

import numpy as np

from recommender.errors import CannotStore

FOLDER = ".embeddings"
"""Lies among the models, whose names begin with no dot."""
_MOST_WEIGHTS = 3
"""Of so many weights what they made is kept, those that were used last."""
_NEW = ".new"
_STILL_WRITTEN = 3_600.0
"""Seconds in which a half-written part may still belong to another training."""


class Kept:
    """What one transformer made of texts, in parts: arrays of `text`, its hash, and `vector`."""

    def __init__(self, folder: Path | None, weights: str, dimensions: int) -> None:
        """Open what there is. folder: where parts are kept; None: in memory alone. weights: their fingerprint."""
        self.dimensions = dimensions
        self._dtype = np.dtype([("text", "<u8"), ("vector", "<f2", (dimensions,))])
        self._place = folder / FOLDER / weights if folder else None
        self.parts = [part for file in self._files() if (part := self._opened(file)) is not None]

    def lacking(self, texts: np.ndarray) -> np.ndarray:
        """Give the places of the texts that no part has: int64. texts: uint64, shape (any,), rising."""
        found = np.zeros(len(texts), bool)
        for part in self.parts:
            found[places_in(texts, part["text"])[1]] = True
        return np.flatnonzero(~found)

    def add(self, texts: np.ndarray, vectors: np.ndarray) -> None:
        """Keep what was made of some texts. Raises CannotStore."""
        part = np.empty(len(texts), self._dtype)
        part["text"], part["vector"] = texts, vectors
        if self._place is None:
            self.parts.append(part)
            return
        name = hashlib.blake2b(np.ascontiguousarray(texts).data, digest_size=8).hexdigest()
        file = self._place / f"{name}.npy"
        new = file.with_name(f"{name}-{os.getpid()}{_NEW}")
        try:
            self._place.mkdir(parents=True, exist_ok=True)
            with new.open("wb") as opened:
                np.lib.format.write_array(opened, part, allow_pickle=False)
                opened.flush()
                os.fsync(opened.fileno())
            new.replace(file)
        except OSError as error:
            with suppress(OSError):
                new.unlink()
            raise CannotStore(
                f"{self._place} cannot be written ({error.strerror or error}): make room there, or check its "
                "permissions, and train again; what was read so far is kept"
            ) from error
        if (kept := self._opened(file)) is not None:
            self.parts.append(kept)

    def sweep(self) -> None:
        """Drop what killed trainings left half-written, and what was made by weights not used for long."""
        if self._place is None:
            return
        # What cannot be swept, such as a folder that is only to be read, does no harm.
        with suppress(OSError):
            self._place.touch()
            latest = self._place.stat().st_mtime - _STILL_WRITTEN
            for left in self._place.glob(f"*{_NEW}"):
                if left.stat().st_mtime < latest:
                    left.unlink()
            others = sorted(self._place.parent.iterdir(), key=lambda place: place.stat().st_mtime_ns, reverse=True)
            for place in others[_MOST_WEIGHTS:]:
                shutil.rmtree(place)

    def _files(self) -> list[Path]:
        return sorted(self._place.glob("*.npy")) if self._place else []

    def _opened(self, file: Path) -> np.ndarray | None:
        """Map a part; None for one that is damaged, whose texts are read again."""
        try:
            part: np.ndarray = np.load(file, mmap_mode="r", allow_pickle=False)
        except (OSError, ValueError, EOFError):
            return None
        whole = part.dtype == self._dtype and part.ndim == 1 and np.isfinite(part["vector"]).all()
        return part if whole else None


def places_in(texts: np.ndarray, wanted: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Tell which of the wanted are among texts, bool, and where these stand there, int64. texts: rising."""
    where = np.searchsorted(texts, wanted)
    there = where < len(texts)
    there[there] = texts[where[there]] == wanted[there]
    return there, where[there]
