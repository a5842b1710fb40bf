"""What listeners are called on a page: by their names on loopback, by their places in the list elsewhere."""

import re
import sqlite3
from collections.abc import Sequence

from recommender import catalogue
from web.errors import NotAllowed
from web.station import station

YOU = "you, without a name"
_HIDDEN = re.compile(r"listener ([1-9][0-9]{0,9})")


def are_shown() -> bool:
    """Tell whether names may be shown at all."""
    return station().settings.is_local


def refuse_elsewhere() -> None:
    """Raise NotAllowed where names are not shown, for what is about a name."""
    if not are_shown():
        raise NotAllowed("names are told on the machine itself only: open Segue there, at its address of localhost")


def called(connection: sqlite3.Connection, name: str) -> str:
    """Give what a listener is called on a page, and in an address."""
    return name if are_shown() else f"listener {catalogue.everybody.before(connection, name) + 1}"


def all_called(names: Sequence[str], first: int) -> list[str]:
    """Give what listeners are called that stand beside each other in the list of all, from a place on."""
    return list(names) if are_shown() else [f"listener {first + place}" for place in range(1, len(names) + 1)]


def meant(connection: sqlite3.Connection, told: str) -> str | None:
    """Give the name of the listener that an address means; None where nobody is called so here."""
    if are_shown():
        return told if catalogue.everybody.is_here(connection, told) else None
    hidden = _HIDDEN.fullmatch(told)
    found = catalogue.everybody.found(connection, "", int(hidden[1]) - 1, 1) if hidden else []
    return found[0] if found else None


def spoken(told: str) -> str:
    """Give a word for a listener; one without a name is the person at the browser."""
    return told or YOU
