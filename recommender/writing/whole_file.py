"""A person's own files, written whole or not at all: what stood there before stands until the new one is complete."""

import contextlib
import errno
import os
import secrets
import stat
from collections.abc import Iterator
from pathlib import Path

from recommender.errors import CannotWrite

_NO_SECOND_NAME = {errno.EPERM, errno.EACCES, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK, errno.EINVAL}
"""What file systems without hard links answer: those of memory sticks, and some of networks."""
_FULL = {errno.ENOSPC, errno.EDQUOT}
_HEAD = b"SQLite format 3\0"
_BELONGING = ("-wal", "-shm", "-journal", ".lock", ".writer")
"""How the names end of what stands beside a database: without these files, or with others, it would be damaged."""


def write_whole(path: Path, text: str, force: bool, *, lasting: bool = True) -> None:
    """Write a text in UTF-8; replaces a file that is there only where it is forced to, and a database never.

    lasting: wait until the disk has it; without that a power cut may take it back. What is no ordinary file, such as a
    pipe, is simply written to. Raises CannotWrite.
    """
    before = _what_is_there(path)
    if before is not None and stat.S_ISDIR(before.st_mode):
        raise CannotWrite(f"{path} is a folder: name a file in it (-o PATH)")
    if before is not None and not stat.S_ISREG(before.st_mode):
        with said_clearly(path):
            _pour(path, text.encode(), before)
        return
    path = Path(os.path.realpath(path))  # a link stays one, and what it leads to is written
    with said_clearly(path):
        _spare_databases(path)
        if before is not None and not force:
            raise FileExistsError
        new = path.with_name(f".{path.name[:60]}.{secrets.token_hex(4)}.part")
        try:
            _write(new, text.encode(), lasting=lasting)
            if before is not None:
                with contextlib.suppress(OSError):
                    new.chmod(stat.S_IMODE(before.st_mode))
            put(new, path, force=force)
        finally:
            new.unlink(missing_ok=True)
        if lasting:
            keep_name(path.parent)


def _spare_databases(path: Path) -> None:
    elsewhere = "name another place (-o PATH)"
    if _is_database(path):
        raise CannotWrite(f"{path} is a database, which nothing replaces: {elsewhere}")
    for tail in _BELONGING:
        name = path.name.removesuffix(tail)
        if name and name != path.name and _is_database(path.with_name(name)):
            raise CannotWrite(f"{path} belongs to the database {name}: {elsewhere}")


def _is_database(path: Path) -> bool:
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(len(_HEAD)) == _HEAD


def _pour(path: Path, data: bytes, before: os.stat_result) -> None:
    """Write into a pipe or a device; a pipe that nobody reads from would be waited for for ever."""
    flags = os.O_WRONLY | getattr(os, "O_BINARY", 0) | (os.O_NONBLOCK if stat.S_ISFIFO(before.st_mode) else 0)
    try:
        descriptor = os.open(path, flags)
    except OSError as error:
        if error.errno == errno.ENXIO and stat.S_ISFIFO(before.st_mode):
            cure = "start its reader first, or name another place (-o PATH)"
            raise CannotWrite(f"nobody reads from {path}: {cure}") from error
        raise
    with os.fdopen(descriptor, "wb") as file:
        if stat.S_ISFIFO(before.st_mode):
            os.set_blocking(descriptor, True)
        file.write(data)


def _what_is_there(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except OSError:
        return None


def _write(new: Path, data: bytes, *, lasting: bool) -> None:
    # Windows would write line ends of its own without O_BINARY; elsewhere there is no such flag.
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(new, flags, 0o666), "wb") as file:
        file.write(data)
        file.flush()
        if lasting:
            os.fsync(file.fileno())


def put(new: Path, path: Path, *, force: bool) -> None:
    """Give the finished file its name. A second name, unlike a new one, is never given over a file that is there."""
    if not force:
        try:
            path.hardlink_to(new)
        except FileExistsError:
            raise
        except OSError as error:
            if error.errno not in _NO_SECOND_NAME:
                raise
            if path.exists():
                raise FileExistsError from error
        else:
            return
    new.replace(path)


def keep_name(folder: Path) -> None:
    """Have the disk keep the new name, too; where a folder cannot be asked that, it is left to the system."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


@contextlib.contextmanager
def said_clearly(path: Path) -> Iterator[None]:
    """Turn the system's errors in writing a file or folder into CannotWrite, in which it is named."""
    try:
        yield
    except FileExistsError as error:
        raise CannotWrite(f"{path} is there already: --force replaces it") from error
    except FileNotFoundError as error:
        raise CannotWrite(f"there is no folder {path.parent}: make it first, or name another (-o PATH)") from error
    except OSError as error:
        if error.errno in _FULL:
            folder = path if path.is_dir() else path.parent
            cure = "make room, or name another place (-o PATH)"
            raise CannotWrite(f"the disk of {folder} is full: {cure}") from error
        raise CannotWrite(f"{path} cannot be written ({error.strerror}): name another place (-o PATH)") from error
