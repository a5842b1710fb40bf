"""One writer at a time, and its name for everybody who has to wait."""

import errno
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from db.errors import DatabaseBusy, DiskFull, ReadOnlyPlace

PATIENCE_S = 5.0
"""How long a second writer waits before it gives up; long enough for a short command to end."""


@contextmanager
def writer_lock(database: Path, purpose: str) -> Iterator[None]:
    """Hold the writer lock of a database; raises DatabaseBusy, naming the holder, DiskFull, ReadOnlyPlace.

    The lock is the operating system's, so that it is free at once when its holder is killed; its file stays, because
    removing it would split those who wait. Who holds it stands in a second file, gone when the holder ends well.
    """
    lock = FileLock(f"{database}.lock", timeout=PATIENCE_S)
    card = Path(f"{database}.writer")
    try:
        lock.acquire()
    except Timeout:
        raise DatabaseBusy(f"{_holder(card)} is writing to {database}: wait until it is done, or stop it") from None
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise DiskFull(f"the disk of {database} is full: make room and run this again") from error
        place = f"the folder {database.parent} cannot be written ({error.strerror})"
        raise ReadOnlyPlace(f"{place}: keep the database elsewhere (--db PATH)") from error
    try:
        _write_card(card, purpose)
        yield
    finally:
        card.unlink(missing_ok=True)
        lock.release()


def _write_card(card: Path, purpose: str) -> None:
    try:
        card.write_text(
            json.dumps({"pid": os.getpid(), "purpose": purpose, "since": int(time.time())}), encoding="utf-8"
        )
    except OSError:
        card.unlink(missing_ok=True)  # on a full disk the lock still holds; only its holder stays nameless


def _holder(card: Path) -> str:
    try:
        told = json.loads(card.read_text(encoding="utf-8"))
        since = time.strftime("%H:%M", time.localtime(told["since"]))
        return f"another process ({told['purpose']}, process {told['pid']}, since {since})"
    except (OSError, ValueError, KeyError, TypeError):
        return "another process"
