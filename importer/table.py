"""Delimited text as columns, a batch of rows at a time: comma, semicolon or tab, UTF-8 or UTF-16 by its mark."""

import codecs
import csv
import io
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from importer.checks import MAX_TEXT, text
from importer.errors import BadFile
from importer.source import HEAD_BYTES

if TYPE_CHECKING:
    import pandas as pd
    from pandas.io.parsers import TextFileReader

    from importer.source import Source

BATCH_ROWS = 50_000
MAX_COLUMNS = 2_000
MAX_LINE = 8 * 2**20
"""Characters without an end of line: pandas takes a line whole, however long it is."""
MAX_BATCH = 256 * 2**20
"""Characters of a batch of rows, which pandas holds in memory."""
TOO_LONG = "rows with more cells than columns"
"""Why such rows are left out, for people."""
MAX_LONG_ROWS = 0.01
"""The share of rows with too many cells up to which they are left out; above it the file is bad."""

_TAIL = 64 * 1024
_DELIMITERS = "\t;,"


@dataclass(frozen=True, slots=True)
class Layout:
    """How a table is written."""

    first: tuple[str, ...]
    """The cells of its first line: the header, where it has one."""
    delimiter: str
    encoding: str
    cut: bool = False
    """Whether the first line is longer than what of the file was looked at."""

    def refuse_wide(self) -> None:
        """Raise BadFile when the table has an absurd number of columns, or so many that their names do not end."""
        if self.cut or len(self.first) > MAX_COLUMNS:
            what = f"more than {MAX_COLUMNS:,} columns, or a first line of more than {HEAD_BYTES // 1024} KiB"
            raise BadFile(what, place="line 1", cure="leave out the columns that are not needed")


@dataclass(frozen=True, slots=True)
class Rows:
    """A batch of rows, as columns."""

    start: int
    """The number of the first row in the file, from 1, the header not counted."""
    count: int
    columns: Mapping[str, Sequence[str]]
    """Role → its cells; roles without a column are absent."""
    left_out: int = 0
    """Rows of this stretch that had more cells than there are columns."""

    def column(self, role: str) -> Sequence[str]:
        """Give the cells of a role, empty ones where it has no column."""
        return self.columns.get(role) or [""] * self.count

    def cell(self, role: str, row: int, longest: int = MAX_TEXT) -> str:
        """Give one cell, checked and stripped; row counts from 0 within the batch. Raises BadFile."""
        column = self.columns.get(role)
        return text(column[row], self.place(role, row), longest).strip() if column else ""

    def place(self, role: str, row: int) -> str:
        """Name a cell's place in the file."""
        return f"row {self.start + row:,}, {role}"


def layout_of(head: bytes) -> Layout | None:
    """Find out how a table is written from its beginning; None where there is no first line."""
    encoding = encoding_of(head)
    lines = head.decode(encoding, errors="replace").lstrip("\ufeff \r\n").splitlines()
    if not lines:
        return None
    rows = {delimiter: _cells("\n".join(lines[:1]), delimiter) for delimiter in _DELIMITERS}
    best = max(rows, key=lambda delimiter: len(rows[delimiter]))
    return Layout(rows[best], best, encoding, cut=len(head) >= HEAD_BYTES and len(lines) == 1)


def encoding_of(head: bytes) -> str:
    """Tell the encoding by its mark; UTF-8 where there is none."""
    return "utf-16" if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"


def _cells(line: str, delimiter: str) -> tuple[str, ...]:
    try:
        return tuple(cell.strip() for cell in next(csv.reader([line], delimiter=delimiter, skipinitialspace=True)))
    except csv.Error:
        return (line,)


def read_rows(source: "Source", layout: Layout, roles: Mapping[str, int], *, header: bool) -> Iterator[Rows]:
    """Read a table's columns by role, in batches of rows; raises BadFile.

    roles: role → place of its column. Rows with too many cells are left out while they are few; rows with too few are
    filled up with empty cells.
    """
    import pandas as pd

    layout.refuse_wide()
    with source.open() as stream, _Lines(stream, layout.encoding, newline="") as lines:
        try:
            # na_filter off: an artist called "NA" or "Nan" is no missing value.
            reader = pd.read_csv(
                lines, sep=layout.delimiter, dtype=str, na_filter=False, index_col=False, chunksize=BATCH_ROWS,
                header=0 if header else None, names=None if header else range(len(layout.first)),
                skipinitialspace=layout.delimiter != "\t", on_bad_lines="warn",
                # Research sets of tab-separated rows without a header know no quoting: a quotation mark is a letter.
                quoting=csv.QUOTE_MINIMAL if header or layout.delimiter != "\t" else csv.QUOTE_NONE,
            )  # fmt: skip
            start, long_rows = 1, _LongRows()
            while (batch := _next_batch(reader, long_rows)) is not None:
                columns = {role: batch.iloc[:, place].tolist() for role, place in roles.items()}
                long_rows.refuse_many(start + len(batch))
                yield Rows(start, len(batch), columns, long_rows.take())
                lines.in_batch = 0
                start += len(batch)
            lines.refuse_cut(layout)
        except pd.errors.EmptyDataError as error:
            raise BadFile("the file is empty", cure="export or download it again") from error
        except pd.errors.ParserError as error:
            raise _not_a_table(error) from error
        except UnicodeError as error:
            raise bad_encoding(source, layout.encoding) from error


class _Lines(io.TextIOWrapper):
    """Text that remembers its end, to see whether it was cut off: pandas fills up a last row that lacks cells."""

    tail = ""
    in_line = 0
    """Characters since the last end of line."""
    in_batch = 0
    """Characters since whoever reads batches of rows set it to 0."""

    def read(self, size: int | None = -1) -> str:
        """Read on; raises BadFile where rows are so long that they would take all memory."""
        told = super().read(size)
        end = max(told.rfind("\n"), told.rfind("\r"))
        self.in_line = self.in_line + len(told) if end < 0 else len(told) - end - 1
        self.in_batch += len(told)
        if self.in_line > MAX_LINE:
            raise BadFile(f"no end of line comes within {MAX_LINE:,} characters", cure="export it again as CSV")
        if self.in_batch > MAX_BATCH:
            what = (
                f"the rows are too long, or a quoted cell never ends ({MAX_BATCH:,} characters at a time is the most)"
            )
            raise BadFile(what, cure="export it again as CSV, or leave long texts out")
        if told:
            self.tail = told[-_TAIL:] if len(told) >= _TAIL else (self.tail + told)[-_TAIL:]
        return told

    def refuse_cut(self, layout: Layout) -> None:
        """Raise BadFile when the last row has too few cells and no end of line, and the row before it has them all."""
        *_, before, last = ("", "", *self.tail.replace("\r\n", "\n").split("\n"))
        if not last or "\n" not in self.tail or before.count('"') % 2 or last.count('"') % 2:
            return
        width = len(layout.first)
        if len(_cells(last, layout.delimiter)) < width == len(_cells(before, layout.delimiter)):
            cure = "export or download it again, or end that row with a line break if it is whole"
            raise BadFile("the table is cut off in the middle of its last row", place="the last row", cure=cure)


class _LongRows:
    """Rows that pandas left out because they have more cells than the header."""

    def __init__(self) -> None:
        self.count, self.first, self._taken = 0, "", 0

    def add(self, message: str) -> None:
        for line in message.splitlines():
            if line.startswith("Skipping line"):
                self.count += 1
                self.first = self.first or line.removeprefix("Skipping ")

    def take(self) -> int:
        """Count those that came since the last time."""
        fresh, self._taken = self.count - self._taken, self.count
        return fresh

    def refuse_many(self, rows: int) -> None:
        if self.count > MAX_LONG_ROWS * rows:
            place, _, why = self.first.partition(": ")
            raise BadFile(
                f"{self.count:,} rows have more cells than there are columns ({why})",
                place=place,
                cure="put cells that hold the delimiter in quotes, or export the table again",
            )


def _next_batch(reader: "TextFileReader", long_rows: _LongRows) -> "pd.DataFrame | None":
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        batch = next(reader, None)
    for warning in told:
        long_rows.add(str(warning.message))
    return batch


def _not_a_table(error: Exception) -> BadFile:
    why = " ".join(str(error).removeprefix("Error tokenizing data. C error: ").split())
    if "EOF inside string" in why:
        row = why.rpartition(" ")[2]
        place = f"row {int(row):,}" if row.isdigit() else ""
        cure = "the file may be cut off: export it again"
        return BadFile("a quoted cell that begins here never ends", place=place, cure=cure)
    return BadFile(f"this is no table ({why})", cure="export it again as CSV")


def bad_encoding(source: "Source", encoding: str) -> BadFile:
    """Find the first byte of a file that is not text in that encoding."""
    decoder = codecs.getincrementaldecoder(encoding)()
    before = 0
    with source.open() as stream:
        while block := stream.read(1 << 20):
            held = len(decoder.getstate()[0])
            try:
                decoder.decode(block)
            except UnicodeError as error:
                return _wrong_byte(before - held + getattr(error, "start", 0))
            before += len(block)
    return _wrong_byte(max(before - 1, 0))


def _wrong_byte(place: int) -> BadFile:
    cure = "save it as UTF-8 (in a spreadsheet: CSV UTF-8)"
    return BadFile("the text is not UTF-8", place=f"byte {place + 1:,}", cure=cure)
