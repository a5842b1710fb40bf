"""A small text file as lines, in UTF-8 or UTF-16 by its mark, else in an older encoding where the format has one."""

import codecs
from typing import TYPE_CHECKING

from importer.errors import BadFile

if TYPE_CHECKING:
    from importer.source import Source

MAX_BYTES = 64 * 2**20


def read_lines(source: "Source", older: str | None = None) -> list[str]:
    """Read a text file whole as lines.

    older: the encoding of files that are not UTF-8, by the tradition of their format; raises BadFile without one.
    """
    with source.open() as stream:
        data = stream.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise BadFile(f"it is larger than {MAX_BYTES // 2**20} MB", cure="split it, or name another --format")
    return decode(data, older).splitlines()


def decode(data: bytes, older: str | None = None) -> str:
    """Decode a text; raises BadFile with the byte."""
    wide = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        return data.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        if older and not wide:
            return data.decode(older, errors="replace")
        raise BadFile("the text is not UTF-8", place=f"byte {error.start + 1:,}", cure="save it as UTF-8") from error
