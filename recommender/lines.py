"""Names that strangers typed, made fit for one line of a terminal. Pure."""

import unicodedata

_MOVES_TEXT = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u2028\u2029")
"""Characters that turn or break the line; a title has no need of them."""


def one_line(text: str) -> str:
    """Give the text without line breaks and control characters, so that no title can command a terminal."""
    if text.isascii() and text.isprintable():
        return text if "  " not in text and text == text.strip() else " ".join(text.split())
    spaced = " ".join(text.split())
    return "".join(c for c in spaced if c not in _MOVES_TEXT and unicodedata.category(c) not in ("Cc", "Cs"))


def width(text: str) -> int:
    """Count the columns that a line takes on a terminal: two for an East Asian letter, none for a mark on another."""
    if text.isascii():
        return len(text)
    return sum(map(_columns, text))


def cut(text: str, most: int) -> str:
    """Cut a line to so many columns, with an ellipsis where something is lost."""
    if width(text) <= most:
        return text
    kept, used = [], 0
    for character in text:
        used += _columns(character)
        if used > most - 1:
            break
        kept.append(character)
    return "".join(kept).rstrip() + "…"


def _columns(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
