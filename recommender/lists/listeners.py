"""Whose plays are meant."""

import sqlite3
from collections.abc import Sequence

from recommender import catalogue
from recommender.errors import ListenerNotKnown
from recommender.lines import one_line

_LISTED = 10
_LOOKED_AT = 50_000
"""So many names are compared with one that nobody has: more would take longer than a person waits."""


def listener_of(connection: sqlite3.Connection, name: str | None) -> str:
    """Give the listener of a name, case aside; without a name the only one there is. Raises ListenerNotKnown."""
    if name is not None and catalogue.has_listener(connection, name):
        return name
    names = catalogue.listener_names(connection, _LISTED + 1 if name is None else _LOOKED_AT)
    if not names:
        raise ListenerNotKnown(
            "nobody's plays are here, so nothing is known as heard: import a listening history (segue import FILE)"
        )
    if name is None:
        if len(names) == 1:
            return names[0]
        raise ListenerNotKnown(f"several people's plays are here; name one of them: {_listed(names)}")
    from difflib import get_close_matches  # most lists need none

    same = [other for other in names if other.casefold() == name.strip().casefold()]
    if len(same) == 1:
        return same[0]
    plain = {other.casefold(): other for other in names}
    near = same or [plain[close] for close in get_close_matches(name.casefold(), plain)] or names
    raise ListenerNotKnown(f'there is no listener called "{one_line(name)}" here; there are {_listed(near)}')


def _listed(names: Sequence[str]) -> str:
    return ", ".join(map(one_line, names[:_LISTED])) + (" and others" if len(names) > _LISTED else "")
