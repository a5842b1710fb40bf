"""From paths to files: folders and zips are gone through in order, lazily; pipes and devices are never touched."""

import stat
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from importer.errors import BadFile
from importer.source import Source, file_at, member_of

ZIP = (b"PK\x03\x04", b"PK\x05\x06")


def walk(paths: Iterable[Path]) -> Iterator[Source]:
    """Yield every file at and under the paths, sorted within each folder; hidden ones only when they are named.

    What cannot be read is yielded with its trouble, never raised.
    """
    for path in paths:
        if path.is_dir():
            yield from _folder(path)
        else:
            yield from _file(path, named=True)


def _folder(top: Path) -> Iterator[Source]:
    # A stack, not recursion: folders may lie deeper than Python's recursion limit.
    waiting: list[tuple[Path, frozenset[tuple[int, int]]]] = [(top, frozenset())]
    while waiting:
        path, above = waiting.pop()
        try:
            told = path.stat()
            if not stat.S_ISDIR(told.st_mode):
                yield from _file(path, named=False)
                continue
            here = (told.st_dev, told.st_ino)
            if here in above:
                continue  # a link that leads back up
            inside = sorted(entry for entry in path.iterdir() if not entry.name.startswith("."))
        except OSError as error:
            if path.is_symlink():
                continue  # a link that leads nowhere
            yield Source(str(path), path, 0, named=path == top, trouble=_unreadable(error))
            continue
        waiting.extend((entry, above | {here}) for entry in reversed(inside))


def _unreadable(error: OSError) -> BadFile:
    return BadFile(f"it cannot be opened ({error.strerror})", cure="change its permissions, or leave it out")


def _file(path: Path, *, named: bool) -> Iterator[Source]:
    source = file_at(path, named=named)
    if source.trouble and not named and path.exists() and not path.is_file():
        return  # a pipe, a socket or a device that a folder happens to hold
    if source.trouble or not _is_zip(path):
        yield source
        return
    yield from _members(source)


def _is_zip(path: Path) -> bool:
    if path.suffix.lower() == ".zip":
        return True
    try:
        with path.open("rb") as stream:
            return stream.read(4) in ZIP
    except OSError:
        return False


def _members(source: Source) -> Iterator[Source]:
    try:
        archive = zipfile.ZipFile(source.path)
    except (zipfile.BadZipFile, OSError, EOFError, ValueError, NotImplementedError) as error:
        trouble = BadFile(f"the zip is damaged or cut off ({error})", cure="download or copy it again")
        yield Source(source.name, source.path, source.size, named=source.named, trouble=trouble)
        return
    with archive:
        for info in sorted(archive.infolist(), key=lambda info: info.filename):
            parts = info.filename.split("/")
            if not info.is_dir() and not any(part.startswith(".") or part == "__MACOSX" for part in parts):
                yield member_of(source.path, info, archive, source.name)
