"""What a person means to block, or to let come again."""

import sqlite3
from collections.abc import Sequence
from difflib import get_close_matches

from recommender import catalogue
from recommender.catalogue import Block
from recommender.errors import NotBlocked, SeedNotClear
from recommender.lines import one_line
from recommender.naming import raw_id

_NEAR = 5
_CLOSE = 0.75
"""From so alike on, as difflib measures it, a name is worth asking about."""
_LISTED = 10


def artist_block(connection: sqlite3.Connection, name: str, now: int) -> Block:
    """Make the block of an artist whom the database knows, case, accents and a leading "the" aside.

    Raises SeedNotClear, naming near ones.
    """
    wanted = catalogue.normal_artist(name)
    if not wanted:
        raise SeedNotClear("an artist needs a name")
    spellings: dict[str, list[str]] = {}
    for spelling in catalogue.artist_names(connection):
        spellings.setdefault(catalogue.normal_artist(spelling), []).append(spelling)
    if wanted in spellings:
        return Block("artist", wanted, catalogue.most_credited(connection, spellings[wanted])[0], now)
    holding = [normal for normal in spellings if set(wanted.split()) <= set(normal.split())]
    near = [
        one for normal in holding or get_close_matches(wanted, spellings, _NEAR, _CLOSE) for one in spellings[normal]
    ]
    best = [one_line(one) for one in catalogue.most_credited(connection, near)[:_NEAR]]
    meant = f": did you mean {' or '.join(best)}?" if best else "; `segue search` finds who is here"
    raise SeedNotClear(f'no artist here is called "{one_line(name)}"{meant}')


def blocked_as(connection: sqlite3.Connection, text: str, *, artist: bool) -> Block:
    """Find the block that a person means, even where the track or artist is here no more.

    Raises NotBlocked, and SeedNotClear for an address that is no track's.
    """
    kind = "artist" if artist else "track"
    there = [one for one in catalogue.blocks(connection) if one.kind == kind]
    wanted = catalogue.normal_artist(text) if artist else raw_id(text)
    found = [one for one in there if one.raw_id == wanted]
    if not found:
        asked = catalogue.words(text).split()
        fitting = [one for one in there if asked and set(asked) <= set(catalogue.words(one.name).split())]
        exact = [one for one in fitting if sorted(catalogue.words(one.name).split()) == sorted(asked)]
        found = exact or fitting
    if len(found) == 1:
        return found[0]
    if found:
        raise NotBlocked(f'"{one_line(text)}" fits several blocks; say which:\n{_listed(found)}')
    raise NotBlocked(f'"{one_line(text)}" is not blocked: `segue block --list` shows what is')


def called(one: Block) -> str:
    """Name a block on one line for people."""
    if one.kind == "artist":
        return f"{one_line(one.name)}, everything"
    return f"{one_line(one.name) or '(title not known)'} ({one.raw_id})"


def _listed(blocks: Sequence[Block]) -> str:
    lines = [f"  {called(one)}" for one in blocks[:_LISTED]]
    more = len(blocks) - _LISTED
    return "\n".join([*lines, f"  and {more:,} more"] if more > 0 else lines)
