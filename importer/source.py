"""A file to read: plain, gzipped, or a member of a zip, read the same way and never beyond a limit."""

import gzip
import io
import os
import stat
import zipfile
import zlib
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import BinaryIO, cast

from importer.errors import BadFile

HEAD_BYTES = 64 * 1024
"""What a format may look at to recognise a file."""
MAX_BYTES = 4 * 2**30
"""The most that one file may hold, decompressed: a bomb ends here."""

_GZIP = b"\x1f\x8b"
_AGAIN = "download or copy it again"


@dataclass(frozen=True)
class Source:
    """One file to read."""

    name: str
    """For people; a zip's member follows its archive and an exclamation mark."""
    path: Path
    size: int
    """Bytes to read, decompressed where that is known beforehand."""
    member: str | None = None
    """The name inside the zip at `path`."""
    named: bool = True
    """Whether the user named it, or a folder or zip held it."""
    trouble: BadFile | None = None
    """Why it cannot be read at all; reading raises it."""
    info: zipfile.ZipInfo | None = field(default=None, compare=False, repr=False)
    """The member itself: a zip may hold several of one name."""
    archive: zipfile.ZipFile | None = field(default=None, compare=False, repr=False)
    """The opened zip, while it is walked through."""
    watch: Callable[[int], None] | None = field(default=None, compare=False, repr=False)
    """Told the number of bytes at each read."""

    @property
    def filename(self) -> str:
        """The last part of the name, without `.gz`."""
        last = (self.member or self.path.name).replace("\\", "/").rsplit("/", 1)[-1]
        last = last.encode("utf-8", "surrogateescape").decode("utf-8", "replace")  # a name in another encoding
        return last[:-3] if last.lower().endswith(".gz") else last

    @property
    def stem(self) -> str:
        """The last part of the name, without its suffixes: what the file is called."""
        return self.filename.rsplit(".", 1)[0] or self.filename

    @property
    def folder(self) -> str:
        """The absolute path of the folder that it lies in; empty for a zip's member, which lies in none."""
        return str(self.path.absolute().parent) if self.member is None else ""

    def head(self) -> bytes:
        """Give the first 64 KiB, decompressed; raises BadFile."""
        return self._head

    @cached_property
    def _head(self) -> bytes:
        with self._open(None) as stream:
            return stream.read(HEAD_BYTES)

    def open(self) -> BinaryIO:
        """Open the contents, decompressed; opening and every read raise BadFile where they fail."""
        return self._open(self.watch)

    def _open(self, watch: Callable[[int], None] | None) -> BinaryIO:
        if self.trouble:
            raise self.trouble
        with ExitStack() as opened:
            try:
                inner = opened.enter_context(self._raw(opened))
                if inner.peek(2)[:2] == _GZIP:
                    inner = opened.enter_context(cast("io.BufferedReader", gzip.GzipFile(fileobj=inner)))
                elif (self.member or self.path.name).lower().endswith(".gz") and inner.peek(1):
                    raise BadFile("this is no gzip file, though its name says so", cure=_AGAIN)
            except _FAILURES as error:
                raise _translated(error) from error
            return io.BufferedReader(_Guarded(inner, opened.pop_all(), watch), 256 * 1024)

    def _raw(self, opened: ExitStack) -> io.BufferedReader:
        if self.member is None:
            return self.path.open("rb")
        archive = self.archive
        if archive is None or archive.fp is None:  # not while the zip is walked through
            archive = opened.enter_context(zipfile.ZipFile(self.path))
        return io.BufferedReader(cast("io.RawIOBase", archive.open(self.info or self.member)))

    def beside(self, *filenames: str) -> "Source | None":
        """Find a file of one of these names, gzipped or not, in the same folder or zip."""
        wanted = {name for filename in filenames for name in (filename.lower(), filename.lower() + ".gz")}
        if self.member is None:
            return _in_folder(self.path.parent, wanted)
        folder = self.member.rpartition("/")[0]
        with zipfile.ZipFile(self.path) as archive:
            for info in archive.infolist():
                if info.filename.rpartition("/")[0] == folder and info.filename.rpartition("/")[2].lower() in wanted:
                    return member_of(self.path, info, None, str(self.path))
        return None

    def neighbours(self) -> list[str]:
        """Name the files in the same folder or zip."""
        if self.member is None:
            return [entry.name for entry in self.path.parent.iterdir()]
        folder = self.member.rpartition("/")[0]
        with zipfile.ZipFile(self.path) as archive:
            parts = (name.rpartition("/") for name in archive.namelist())
            return [name for place, _, name in parts if place == folder]


def _in_folder(folder: Path, wanted: set[str]) -> Source | None:
    for entry in sorted(folder.iterdir()):
        if entry.name.lower() in wanted and entry.is_file():
            return file_at(entry, named=False)
    return None


def member_of(path: Path, info: zipfile.ZipInfo, archive: zipfile.ZipFile | None, name: str) -> Source:
    """Make the Source of a zip's member."""
    told = f"{name}!{info.filename}"
    return Source(told, path, info.file_size, info.filename, named=False, info=info, archive=archive)


def file_at(path: Path, *, named: bool) -> Source:
    """Make the Source of a file; one that cannot be read has its trouble in it."""
    try:
        told = path.stat()
    except OSError as error:
        return Source(str(path), path, 0, named=named, trouble=_translated(error))
    if not stat.S_ISREG(told.st_mode):
        trouble = BadFile("this is no ordinary file", cure="name files or folders")
        return Source(str(path), path, 0, named=named, trouble=trouble)
    return Source(str(path), path, _inflated(path, told.st_size), named=named)


def _inflated(path: Path, size: int) -> int:
    if path.suffix.lower() != ".gz" or size < 18:
        return size
    try:
        with path.open("rb") as stream:
            stream.seek(-4, os.SEEK_END)
            told = int.from_bytes(stream.read(4), "little")
    except OSError:
        return size
    # The last four bytes tell the size, but only of the last part and modulo 4 GiB: a hint, not a fact.
    return max(size, min(told, size * 30))


class _Guarded(io.RawIOBase):
    """A stream that ends in BadFile where the one below fails or never ends."""

    def __init__(self, inner: io.BufferedReader, opened: ExitStack, watch: Callable[[int], None] | None) -> None:
        self._inner, self._opened, self._watch = inner, opened, watch
        self._seen = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        try:
            count = self._inner.readinto(buffer)
        except _FAILURES as error:
            raise _translated(error, self._seen) from error
        self._seen += count
        if self._seen > MAX_BYTES:
            raise BadFile(f"it holds more than {MAX_BYTES // 2**30} GiB", cure="split it into several files")
        if self._watch:
            self._watch(count)
        return count

    def close(self) -> None:
        if not self.closed:
            self._opened.close()
        super().close()


# zipfile raises RuntimeError for an encrypted member and NotImplementedError for a compression that it does not know.
_FAILURES = (OSError, EOFError, zlib.error, zipfile.BadZipFile, RuntimeError)


def _translated(error: Exception, seen: int = 0) -> BadFile:
    place = f"byte {seen + 1:,}" if seen else ""
    if isinstance(error, BadFile):
        return error
    if isinstance(error, FileNotFoundError):
        return BadFile("there is no such file or folder", cure="check the path")
    if isinstance(error, PermissionError):
        return BadFile("you may not read it", cure="change its permissions (chmod +r), or run as its owner")
    if isinstance(error, NotImplementedError):
        return BadFile("the zip uses a compression that is not known here", cure="unzip it first")
    if isinstance(error, RuntimeError):
        return BadFile("it is encrypted", cure="unzip it first")
    if isinstance(error, OSError) and not isinstance(error, gzip.BadGzipFile):
        what = f"it cannot be read ({error.strerror or error})"
        return BadFile(what, place=place, cure="check the disk and the path")
    return BadFile(f"the compressed data are damaged or cut off ({error})", place=place, cure=_AGAIN)
