"""A whole JSON file as Python values, or BadFile with the line and column."""

import codecs
from typing import TYPE_CHECKING, Any

from importer.errors import BadFile

if TYPE_CHECKING:
    from importer.source import Source

MAX_BYTES = 512 * 2**20
"""A larger file would need several times as much memory, because JSON is read whole."""

_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def load(source: "Source") -> Any:
    """Read a JSON file whole; raises BadFile."""
    with source.open() as stream:
        data = stream.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise BadFile(f"JSON is read whole, and this is more than {MAX_BYTES // 2**20} MB", cure="split it")
    return parse(data)


def parse(data: bytes) -> Any:
    """Parse JSON in UTF-8, or in UTF-16 with its mark; raises BadFile with the line and column, or the byte."""
    import orjson

    if data.startswith(_UTF16):
        data = _from_utf16(data)
    data = data.removeprefix(codecs.BOM_UTF8)
    if not data.strip():
        raise BadFile("the file is empty", cure="export or download it again")
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise _bad_json(data, error.lineno, error.colno, error.msg) from error


def _from_utf16(data: bytes) -> bytes:
    try:
        return data.decode("utf-16").encode("utf-8")
    except UnicodeError as error:
        raise BadFile("the text is no whole UTF-16", cure="save it as UTF-8") from error


def _bad_json(data: bytes, line: int, column: int, why: str) -> BadFile:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.reason != "unexpected end of data":
            return BadFile("the text is not UTF-8", place=f"byte {error.start + 1:,}", cure="save it as UTF-8")
        return _cut_off(f"byte {error.start + 1:,}")
    if "unexpected end" in why.lower() or "EOF" in why:
        return _cut_off(f"line {line:,}, column {column:,}")
    place = f"line {line:,}, column {column:,}"
    return BadFile(f"this is no JSON ({why})", place=place, cure="export or download it again")


def _cut_off(place: str) -> BadFile:
    return BadFile("the file is cut off here, in the middle", place=place, cure="export or download it again")
