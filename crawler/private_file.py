"""Files that nobody else on the machine may read, from their first byte on."""

import errno
import os
import secrets
import sys
import time
from pathlib import Path

from crawler.errors import BadAddress

_BUSY_S = (0.05, 0.2, 0.5)
"""On Windows a file that somebody is reading cannot be replaced; this is how long each try waits."""


def private_folder(folder: Path) -> None:
    """Make a folder, and those above it that are missing, for their owner alone; what is there stays as it is.

    Raises BadAddress where it cannot be made.
    """
    try:
        for missing in [place for place in (folder, *folder.parents) if not place.is_dir()][::-1]:
            missing.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise
        raise _elsewhere(f"the folder {folder} cannot be made", error) from error


def write_private(path: Path, data: bytes) -> None:
    """Write a file whole or not at all, never open to others for a moment; raises BadAddress where none can be made."""
    private_folder(path.parent)
    new = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    # Windows would write line ends of its own without O_BINARY; elsewhere there is no such flag.
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    try:
        descriptor = os.open(new, flags, 0o600)
    except OSError as error:
        if error.errno not in (errno.EACCES, errno.EPERM, errno.EROFS):
            raise
        raise _elsewhere(f"no file can be made in {path.parent}", error) from error
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        _replace(new, path)
    finally:
        new.unlink(missing_ok=True)


def _replace(new: Path, path: Path) -> None:
    if sys.platform == "win32":
        for pause in _BUSY_S:
            try:
                new.replace(path)
                return
            except PermissionError:
                time.sleep(pause)
    new.replace(path)


def open_to_others(descriptor: int) -> bool:
    """Tell whether others on the machine may read or write an open file; Windows keeps such rights elsewhere."""
    return os.name == "posix" and bool(os.fstat(descriptor).st_mode & 0o077)


def close_to_others(descriptor: int) -> bool:
    """Take from others what rights they have to an open file; tell whether they have none now."""
    try:
        if open_to_others(descriptor):
            os.fchmod(descriptor, 0o600)
    except PermissionError:
        return False
    return not open_to_others(descriptor)


def _elsewhere(what: str, error: OSError) -> BadAddress:
    return BadAddress(f"{what} ({error.strerror}): set SEGUE_HOME to a folder that you can write to")
