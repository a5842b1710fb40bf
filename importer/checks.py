"""Values from outside, checked: what a file says becomes a value of the right kind and size, or BadFile says where not.

Pure.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from importer.errors import BadFile

MAX_TEXT = 10_000
"""Characters of a name, a title or a tag."""
MAX_LONG_TEXT = 1_000_000
"""Characters of lyrics, a comment or a description."""
MAX_ENTRIES = 1_000_000
"""Entries of one playlist."""
MAX_INTEGER = 2**63 - 1
"""What SQLite can hold."""

_BROKEN = "the file may be damaged: export or download it again"
_KINDS = {dict: "an object", list: "a list", str: "a text", bool: "true or false", type(None): "null", int: "a number"}


def bad_value(place: str, expected: str, found: object) -> BadFile:
    """Say that something of another kind stands there."""
    kind = _KINDS.get(type(found), "a number")
    return BadFile(f"{expected} is expected here, but {kind} was found", place=place, cure=_BROKEN)


def text(value: object, place: str, longest: int = MAX_TEXT) -> str:
    """Take a text, None as the empty one; raises BadFile for other kinds, absurd lengths, unstorable characters."""
    if value is None:
        return ""
    if type(value) is not str:
        raise bad_value(place, "a text", value)
    if len(value) > longest:
        raise BadFile(f"a text of {len(value):,} characters ({longest:,} is the most)", place=place, cure=_BROKEN)
    if "\0" in value:
        raise BadFile("a NUL character stands in a text", place=place, cure=_BROKEN)
    if not value.isascii():
        _refuse_surrogates(value, place)
    return value


def _refuse_surrogates(value: str, place: str) -> None:
    try:
        value.encode("utf-8")
    except UnicodeEncodeError as error:
        raise BadFile("half a character (a lone surrogate) stands in a text", place=place, cure=_BROKEN) from error


def whole(value: object, place: str, *, least: int = 0) -> int | None:
    """Take a whole number that SQLite can hold, or None; raises BadFile for anything else."""
    if value is None:
        return None
    if type(value) is float and value.is_integer() and abs(value) < 2**53:
        value = int(value)
    if type(value) not in (int, float):
        raise bad_value(place, "a whole number", value)
    if not isinstance(value, int) or not least <= value <= MAX_INTEGER:
        raise BadFile(f"{value} is out of range (whole numbers from {least} to 2^63-1)", place=place, cure=_BROKEN)
    return value


def mapping(value: object, place: str) -> dict[str, Any]:
    """Take a JSON object; raises BadFile for anything else."""
    if type(value) is not dict:
        raise bad_value(place, "an object", value)
    return value


def sequence(value: object, place: str) -> list[Any]:
    """Take a JSON list; raises BadFile for anything else."""
    if type(value) is not list:
        raise bad_value(place, "a list", value)
    return value


def mappings(value: object, place: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Go through a JSON list of objects, each with its JSON path."""
    for number, member in enumerate(sequence(value, place)):
        inside = f"{place}[{number}]"
        yield inside, mapping(member, inside)


def refuse_endless(count: int, place: str) -> None:
    """Raise BadFile when a playlist has an absurd number of entries."""
    if count > MAX_ENTRIES:
        cure = "if these are several playlists, say which column names them (--column playlist=NAME) or split the file"
        raise BadFile(f"a playlist of {count:,} entries ({MAX_ENTRIES:,} is the most)", place=place, cure=cure)


def moment(value: object, place: str) -> int | None:
    """Take a time as ISO 8601 ("2021-03-05", "2021-03-05 14:22", "2021-03-05T14:22:10Z"), UTC where it does not say.

    Returns seconds since 1970, or None for nothing; raises BadFile for anything else.
    """
    told = text(value, place).strip()
    if not told:
        return None
    try:
        when = datetime.fromisoformat(told.removesuffix(" UTC"))
        return int((when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp())
    except (ValueError, OverflowError) as error:
        raise BadFile(f"{told[:40]!r} is no time that is understood", place=place, cure=_BROKEN) from error
