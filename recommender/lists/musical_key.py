"""Musical keys as people write them: Am, F# minor, Bb, and the 8A of disc jockeys. Pure."""

import re

from recommender.errors import FilterNotClear

_NATURALS = {"c": 0, "d": 2, "e": 4, "f": 5, "g": 7, "a": 9, "b": 11}
_SIGNS = {"": 0, "#": 1, "\N{MUSIC SHARP SIGN}": 1, "b": -1, "\N{MUSIC FLAT SIGN}": -1}
_MODES = {"": None, "m": 0, "min": 0, "minor": 0, "M": 1, "maj": 1, "major": 1}
_KEY = re.compile(r"([A-Ga-g])([#b\N{MUSIC SHARP SIGN}\N{MUSIC FLAT SIGN}]?)\s*(|m|M|min|minor|maj|major)")
_CAMELOT = re.compile(r"([1-9]|1[0-2])([ABab])")
_FIFTH = 7
_OCTAVE = 12
_OF_8 = {"a": (9, 0), "b": (0, 1)}
"""8A is A minor, 8B is C major, and each step up is a fifth."""


def parse_key(text: str) -> tuple[int, int | None]:
    """Read a key as Spotify tells it: pitch class (0 is C), and mode (1 major, 0 minor, None for either).

    Raises FilterNotClear.
    """
    told = text.strip()
    if camelot := _CAMELOT.fullmatch(told):
        pitch, mode = _OF_8[camelot[2].lower()]
        return (pitch + _FIFTH * (int(camelot[1]) - 8)) % _OCTAVE, mode
    if found := _KEY.fullmatch(told):
        return (_NATURALS[found[1].lower()] + _SIGNS[found[2]]) % _OCTAVE, _MODES[found[3]]
    raise FilterNotClear(f'"{text}" is no key: write Am, F# minor, Bb major, G for either mode, or 8A')
