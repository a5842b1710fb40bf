"""Everybody of whom anything is known, found by name, page by page. Imports sqlite3 alone."""

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Person:
    """One person, in figures."""

    name: str
    plays: int
    songs: int
    """Different songs that they played."""
    likes: int
    dislikes: int


_EVERYBODY = """
    SELECT name FROM listeners UNION SELECT listener FROM thumbs UNION SELECT listener FROM profiles ORDER BY 1
"""
_FOUND = f"SELECT name FROM ({_EVERYBODY}) WHERE ? = '' OR instr(folded(name), ?)"
_FIGURES = """
    SELECT wanted.value, ifnull(played.plays, 0), ifnull(played.songs, 0),
        (SELECT count(*) FROM thumbs WHERE listener = wanted.value AND liked),
        (SELECT count(*) FROM thumbs WHERE listener = wanted.value AND NOT liked)
    FROM json_each(?) AS wanted LEFT JOIN (
        SELECT l.name, sum(p.count) AS plays, count(DISTINCT ifnull(t.linked_key, t.key)) AS songs
        FROM json_each(?) AS asked CROSS JOIN listeners l ON l.name = asked.value
        JOIN plays p ON p.listener_key = l.key JOIN tracks t ON t.key = p.track_key GROUP BY l.key
    ) played ON played.name = wanted.value
"""
_IS_HERE = """
    SELECT EXISTS (SELECT 1 FROM listeners WHERE name = :name) OR EXISTS (SELECT 1 FROM thumbs WHERE listener = :name)
        OR EXISTS (SELECT 1 FROM profiles WHERE listener = :name)
"""


def found(connection: sqlite3.Connection, text: str, first: int, most: int) -> list[str]:
    """Name those whose names hold a text, case aside, by name: so many from a place on, counted from 0."""
    return [name for (name,) in _asked(connection, f"{_FOUND} LIMIT ? OFFSET ?", [*_twice(text), most, first])]


def count(connection: sqlite3.Connection, text: str = "") -> int:
    """Count those whose names hold a text, case aside."""
    ((number,),) = _asked(connection, f"SELECT count(*) FROM ({_FOUND})", _twice(text))
    return int(number)


def before(connection: sqlite3.Connection, name: str) -> int:
    """Count those whose names come before this one."""
    question = f"SELECT count(*) FROM ({_EVERYBODY}) WHERE name < ?"
    return int(connection.execute(question, [name]).fetchone()[0])


def is_here(connection: sqlite3.Connection, name: str) -> bool:
    """Tell whether anything is known of somebody of this name."""
    return bool(connection.execute(_IS_HERE, {"name": name}).fetchone()[0])


def in_figures(connection: sqlite3.Connection, names: Sequence[str]) -> list[Person]:
    """Give the figures of these people, in their order; of a stranger they are 0."""
    wanted = json.dumps(list(names))
    told = {row[0]: Person(*row) for row in connection.execute(_FIGURES, [wanted, wanted])}
    return [told[name] for name in names]


def _twice(text: str) -> list[object]:
    return [text.casefold()] * 2


def _asked(connection: sqlite3.Connection, question: str, values: Sequence[object]) -> list[tuple[str]]:
    connection.create_function("folded", 1, str.casefold, deterministic=True)
    return connection.execute(question, list(values)).fetchall()
