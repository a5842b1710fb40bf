"""What a format is: how it is recognised, and what its reading yields."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Protocol

from db.records import Record

if TYPE_CHECKING:
    from importer.source import Source


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """What the user said about how to read."""

    columns: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Role → the column's name in the file (importer.columns)."""
    listener: str | None = None
    """Whose plays these are, where the file does not say."""
    given: tuple[Path, ...] = ()
    """The paths of this import, where companion files may lie."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """Entries that were left out of what was read."""

    reason: str
    """Plural, for people: "podcast episodes"."""
    count: int = 1


@dataclass(frozen=True, slots=True)
class PlayLog:
    """Comes first in a file of plays, which then holds nothing but plays: the log that they belong to."""

    name: str
    """Stable over exports of the same log, such as its file name."""
    listener: str = ""
    """Whose log; empty where it holds many listeners."""


Item = Record | Skipped | PlayLog


class Format(Protocol):
    """One format: a module with these names."""

    NAME: str
    """As `--format` takes it."""
    ABOUT: str
    """One line for the help and the documentation."""

    @staticmethod
    def recognise(head: bytes, filename: str) -> bool:
        """Tell from the first 64 KiB and the name, without `.gz`, whether a file is of this format; cheap."""

    @staticmethod
    def read(source: "Source", options: ReadOptions) -> Iterator[Item]:
        """Read one file, lazily; raises BadFile anywhere on the way."""
