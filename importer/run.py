"""One import: each file recognised, read, stored in a transaction of its own; bad ones are named, good ones stand."""

import os
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path

from db import late_indexes
from db.bulk import no_collecting
from db.connection import transaction, unchecked
from db.dropped import drop
from db.plays import store_plays
from db.records import Play, Playlist, Record
from db.runs import Counts, ImportRun
from db.write import store
from importer.contract import Format, Item, PlayLog, ReadOptions, Skipped
from importer.errors import BadFile, NothingToImport, one_line
from importer.formats import NAMES, named, recognise
from importer.naming import NameBook
from importer.source import Source
from importer.walk import ZIP, walk

OURS = (".json", ".jspf", ".csv", ".tsv", ".m3u", ".m3u8", ".lrc")
"""Suffixes of files that hold something of ours as a rule: such a file is bad when it is empty."""
DATABASE_BYTES_PER_BYTE = {".json": (1.2, 0.25), ".m3u": (8.0, 1.0), ".m3u8": (8.0, 1.0)}
"""Suffix → how much the database grows for each byte of such files, measured with its indexes and some room: while most
tracks are new, and once they repeat, which is what large collections do (the whole MPD needs less than 0.1)."""
_OTHER_BYTES = (2.0, 0.6)
_BAD, _STRANGE = "files that could not be read", "files of no known format"
_MANY_REPEAT = 200_000_000
"""Bytes of files after which most tracks have come before."""


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """What the user said about an import."""

    now: int
    """Seconds since 1970."""
    format: str | None = None
    """The format's name; recognised for each file when it is None."""
    read: ReadOptions = field(default_factory=ReadOptions)


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of the files of one format."""

    format: str
    number: int | None
    """The import's number, by which it is taken back whole; None when nothing of this format was stored."""
    files: int
    counts: Counts


@dataclass(slots=True)
class Report:
    """What an import did."""

    imported: list[Imported] = field(default_factory=list)
    files_skipped: int = 0
    """Files of a folder that are of no format of ours."""
    zips_skipped: int = 0
    """Those of them that are zips inside another packing."""
    entries_skipped: Counter[str] = field(default_factory=Counter)
    """Left-out entries of the stored files, by reason."""
    bad: list[BadFile] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Survey:
    """What lies under the paths of an import."""

    files: int
    size: int
    """Bytes of all files, decompressed where that is known."""
    needed: int
    """Bytes that the database will need at most, as far as names and sizes tell."""


def survey(paths: Iterable[Path]) -> Survey:
    """Count the files under the paths without reading them; raises NothingToImport where there are none."""
    paths = tuple(paths)
    files = size = 0
    ours: Counter[str] = Counter()
    for source in walk(paths):
        files += 1
        size += source.size
        if source.named or source.filename.lower().endswith((*OURS, ".txt")):
            ours[Path(source.filename).suffix.lower()] += source.size
    if not files:
        raise NothingToImport(_nothing(paths, 0))
    return Survey(files, size, sum(_needed(suffix, count) for suffix, count in ours.items()))


def _needed(suffix: str, size: int) -> int:
    new, repeated = DATABASE_BYTES_PER_BYTE.get(suffix, _OTHER_BYTES)
    return int(min(size, _MANY_REPEAT) * new + max(size - _MANY_REPEAT, 0) * repeated)


def import_paths(
    connection: sqlite3.Connection,
    paths: Iterable[Path],
    options: ImportOptions,
    progress: Callable[[int], None] | None = None,
) -> Report:
    """Import every file at and under the paths, each in a transaction of its own.

    progress: told how many bytes more are done. Raises NothingToImport, UnknownFormat, and DatabaseError; what was
    stored before stands.
    """
    paths = tuple(paths)
    forced = named(options.format) if options.format else named("csv") if options.read.columns else None
    options = replace(options, read=replace(options.read, given=paths))
    report, runs, names = Report(), _Runs(paths, options.now), NameBook(options.read.listener)
    # Sorted, because of lists that share a name the first keeps it, and another order must not swap them.
    for source in walk(sorted(paths, key=os.path.abspath)):
        watch = _Watch(source.size, progress)
        try:
            if found := _format_of(source, forced):
                _import_file(connection, replace(source, watch=watch), found, options.read, runs, names, report)
            else:
                report.files_skipped += 1
                report.zips_skipped += _is_zip(source)
        except BadFile as error:
            report.bad.append(error.of(source.name))
        watch.finish()
        late_indexes.put_off(connection, runs.entries)
    report.imported = runs.imported()
    if runs.key is not None:
        with transaction(connection):
            drop(connection, runs.key, {_BAD: len(report.bad), _STRANGE: report.files_skipped})
    if not report.imported and not report.bad:
        raise NothingToImport(_nothing(paths, report.files_skipped, report.zips_skipped))
    return report


def _nothing(paths: tuple[Path, ...], skipped: int, zips: int = 0) -> str:
    where = one_line(", ".join(map(str, paths)))
    held = f"{skipped:,} files are there, none of a known format" if skipped else "no files are there"
    if zips:
        return f"nothing to import at {where}: {held}, but zips inside another are among them; unzip it first"
    return f"nothing to import at {where}: {held}; known are {', '.join(NAMES)} (name one with --format)"


class _Runs:
    """The runs of one import, one for each format, so that every row tells its format."""

    def __init__(self, paths: tuple[Path, ...], now: int) -> None:
        self._place, self._now = one_line(", ".join(map(str, paths))), now
        self._runs: dict[str, tuple[ImportRun, int, Counts]] = {}
        self._number: int | None = None

    def of(self, name: str) -> ImportRun:
        run = self._runs[name][0] if name in self._runs else ImportRun(name, self._place, self._now)
        run.shared = self._number
        return run

    def add(self, run: ImportRun, counts: Counts) -> None:
        self._number = self._number or run.number
        _, files, before = self._runs.get(run.source, (run, 0, Counts()))
        self._runs[run.source] = (run, files + 1, before + counts)

    @property
    def key(self) -> int | None:
        """Give the key of the first run that stored anything."""
        return next((run.key for run, _, _ in self._runs.values() if run.key is not None), None)

    @property
    def entries(self) -> int:
        """Count the entries that were stored."""
        return sum(counts.entries for _, _, counts in self._runs.values())

    def imported(self) -> list[Imported]:
        return [Imported(name, run.number, files, counts) for name, (run, files, counts) in self._runs.items()]


class _Watch:
    """Passes on the bytes of one file as they are read, and never more or fewer than its size in all."""

    def __init__(self, size: int, progress: Callable[[int], None] | None) -> None:
        self._left, self._progress = size, progress

    def __call__(self, count: int) -> None:
        count = min(count, self._left)
        self._left -= count
        if self._progress:
            self._progress(count)

    def finish(self) -> None:
        self(self._left)


def _format_of(source: Source, forced: Format | None) -> Format | None:
    """Find the format of a file; None for what a folder merely happens to hold. Raises BadFile."""
    ours = source.named or source.filename.lower().endswith(OURS)
    if not source.head():
        if ours:
            raise BadFile("the file is empty", cure="export or download it again")
        return None
    if _is_zip(source):
        if source.named:
            raise BadFile("this is a zip that was packed once more", cure="unzip it first")
        return None
    if forced:
        table = forced.NAME == "csv" and source.filename.lower().endswith((".csv", ".tsv"))
        return forced if source.named or table or forced.recognise(source.head(), source.filename) else None
    found = recognise(source)
    if found is None and source.named:
        cure = f"name its format (--format {'|'.join(NAMES)}) or a table's columns (--column ROLE=NAME)"
        raise BadFile("this is of no format that is known", cure=cure)
    return found


def _is_zip(source: Source) -> bool:
    return source.head().startswith(ZIP)


def _import_file(
    connection: sqlite3.Connection,
    source: Source,
    found: Format,
    options: ReadOptions,
    runs: _Runs,
    names: NameBook,
    report: Report,
) -> None:
    run, skipped = runs.of(found.NAME), Counter[str]()
    with no_collecting(), unchecked(connection):
        counts = _store(connection, run, _kept(found.read(source, options), skipped), names)
        # What a file left out that brings nothing new was noted when it was stored.
        if counts.changed and run.key is not None:
            drop(connection, run.key, skipped)
    runs.add(run, counts)
    report.entries_skipped.update(skipped)


def _kept(items: Iterator[Item], skipped: Counter[str]) -> Iterator[Record | PlayLog]:
    for item in items:
        if isinstance(item, Skipped):
            skipped[item.reason] += item.count
        else:
            yield item


def _store(
    connection: sqlite3.Connection, run: ImportRun, records: Iterator[Record | PlayLog], names: NameBook
) -> Counts:
    first = next(records, None)
    if isinstance(first, PlayLog):
        log_id = f"{run.source}:{first.listener}:{first.name}"
        return store_plays(connection, run, log_id, (record for record in records if isinstance(record, Play)))
    if first is None:
        return Counts()
    return store(
        connection,
        run,
        (
            names.place(record, run.source) if isinstance(record, Playlist) else record
            for record in chain([first], records)
            if not isinstance(record, PlayLog)
        ),
    )
