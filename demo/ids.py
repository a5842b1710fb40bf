"""Made-up ids of the form that Spotify's have, from which the thing and its number can be read back. Pure."""

import re
from enum import IntEnum
from functools import lru_cache

from demo import chance

ID_START = "demo"
"""Every made-up id begins so, by which a database of the demo is known."""
WELL_FORMED = re.compile(r"[0-9A-Za-z]{22}")

_BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_PAIRS = tuple(a + b for a in _BASE62 for b in _BASE62)
_VALUES = {digit: value for value, digit in enumerate(_BASE62)}
_PAIR = 62 * 62
_NUMBER_BITS = 43
_TOLD_BITS, _TOLD_DIGITS = 47, 8
_CHECK_BITS, _CHECK_DIGITS = 56, 10
"""Each of the two halves fits its digits: 62 ** 8 > 2 ** 47, 62 ** 10 > 2 ** 56."""
_TOLD_MASK = (1 << _TOLD_BITS) - 1


class Kind(IntEnum):
    """What an id is of."""

    ARTIST = 1
    ALBUM = 2
    SONG = 3
    OLD_SONG = 4
    """The id that a song had before Spotify linked it to another."""
    PLAYLIST = 5
    MADE_PLAYLIST = 6
    """One that a user of the service has made."""
    SHOW = 7
    EPISODE = 8


_KINDS = {int(kind) for kind in Kind}


@lru_cache(maxsize=20_000)
def id_of(seed: int, kind: Kind, number: int) -> str:
    """Give the id of a thing of the world of that seed: 22 base-62 characters."""
    told = kind << _NUMBER_BITS | number
    check = _check(seed, told)
    # Masked with its own check, neighbours look nothing like each other.
    return ID_START + _written(check, _CHECK_DIGITS) + _written(told ^ check & _TOLD_MASK, _TOLD_DIGITS)


def read_id(seed: int, text: str) -> tuple[Kind, int] | None:
    """Tell kind and number of an id of the world of that seed; None for a stranger."""
    if not text.startswith(ID_START) or not WELL_FORMED.fullmatch(text):
        return None
    check, masked = _read(text[len(ID_START) : -_TOLD_DIGITS]), _read(text[-_TOLD_DIGITS:])
    told = masked ^ check & _TOLD_MASK
    kind, number = told >> _NUMBER_BITS, told & ((1 << _NUMBER_BITS) - 1)
    if masked > _TOLD_MASK or kind not in _KINDS or check != _check(seed, told):
        return None
    return Kind(kind), number


def _check(seed: int, told: int) -> int:
    return chance.drawn(_key(seed), told) >> (64 - _CHECK_BITS)


@lru_cache(maxsize=64)
def _key(seed: int) -> int:
    return chance.key(seed, "ids")


def _written(value: int, digits: int) -> str:
    text = ""
    for _ in range(digits // 2):
        value, rest = divmod(value, _PAIR)
        text = _PAIRS[rest] + text
    return text


def _read(text: str) -> int:
    value = 0
    for digit in text:
        value = value * 62 + _VALUES[digit]
    return value
