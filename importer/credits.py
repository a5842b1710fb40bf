"""One credit line, the artists in it: "A, B" are two, but some names hold a comma themselves.

Pure.
"""

import re
from ast import literal_eval

_COMMA_NAMES = frozenset(
    {
        "tyler, the creator",
        "time, the valuator",
        "black country, new road",
        "invent, animate",
        "goodnight, texas",
        "oh, sleeper",
        "oh, hello",
        "love, sophie",
        "merci, mercy",
        "hey, king!",
        "earth, wind & fire",
        "earth, wind and fire",
        "me, myself & i",
        "man, woman, friend, computer",
    }
)
"""Names of one artist with ", " in them that no rule below tells from two artists."""
_LONGEST_NAME = max(name.count(", ") for name in _COMMA_NAMES) + 1

_SUFFIXES = frozenset(
    {"jr", "jr.", "sr", "sr.", "ii", "iii", "iv", "md", "m.d.", "phd", "ph.d.", "esq", "esq.", "inc."}
)
# "Earth, Wind & Fire": single words, the last two tied together, and nothing else in the line.
_BAND_OF_WORDS = re.compile(r"[^\s,&]+(?:, [^\s,&]+)*,? (?:&|and|\+) [^\s,&]+", re.IGNORECASE)


def split_credit(credit: str) -> tuple[str, ...]:
    """Split a credit line of names at semicolons and commas, or a printed list, into artists; each stands once."""
    credit = credit.strip()
    if credit.startswith("[") and credit.endswith("]"):
        parts = _printed_list(credit) or [credit]
    elif ";" in credit:
        parts = credit.split(";")
    else:
        parts = _at_commas(credit)
    return tuple(dict.fromkeys(part.strip() for part in parts if part.strip()))


def _printed_list(credit: str) -> list[str]:
    """Read a list as Python prints it, which many data sets hold."""
    try:
        names = literal_eval(credit)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return []
    return [name for name in names if isinstance(name, str)] if isinstance(names, list) else []


def _at_commas(credit: str) -> list[str]:
    # Without a space after it a comma is part of a name or a number: "10,000"; Exportify writes "\\," within a name.
    pieces = [piece.replace("\\,", ",") for piece in re.split(r"(?<!\\), ", credit)]
    if len(pieces) == 1 or _BAND_OF_WORDS.fullmatch(credit) or len({piece.casefold() for piece in pieces}) == 1:
        return [credit.replace("\\,", ",")]
    names: list[str] = []
    place = 0
    while place < len(pieces):
        taken = _known_name(pieces, place)
        name = ", ".join(pieces[place : place + taken])
        if names and taken == 1 and _continues(name):
            names[-1] += f", {name}"
        else:
            names.append(name)
        place += taken
    return names


def _known_name(pieces: list[str], place: int) -> int:
    """Count the pieces from a place on that make up one well-known name, or 1."""
    for taken in range(min(_LONGEST_NAME, len(pieces) - place), 1, -1):
        if ", ".join(pieces[place : place + taken]).casefold() in _COMMA_NAMES:
            return taken
    return 1


def _continues(piece: str) -> bool:
    """Tell whether a piece belongs to the name before it: "Jr.", "and the Others", or a small "the"."""
    return piece.casefold() in _SUFFIXES or piece.startswith(("the ", "and ", "And ", "& ", "y "))
