"""Ids as Spotify's clients take them: 22 letters and digits. Pure.

What is known here by artist and title alone has an id of our own, `x:` and 20 hex digits, which clients refuse. They
see it as `xx` and the digits. No id of Spotify's looks so: theirs are numbers of 128 bits, which begin with 0 to 7.
"""

import re

from db.identity import MADE_UP_ID, SPOTIFY_ID

_SHOWN = re.compile(r"xx[0-9a-f]{20}")


def shown(raw_id: str) -> str:
    """Give a raw id as clients take it."""
    return f"xx{raw_id[2:]}" if is_made_up(raw_id) else raw_id


def read(told: str) -> str | None:
    """Give the raw id that a client means; None for what has the form of no id."""
    if _SHOWN.fullmatch(told):
        return f"x:{told[2:]}"
    return told if SPOTIFY_ID.fullmatch(told) or MADE_UP_ID.fullmatch(told) else None


def is_made_up(raw_id: str) -> bool:
    """Tell whether it is an id of our own."""
    return raw_id.startswith("x:")
