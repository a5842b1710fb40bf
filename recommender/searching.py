"""Search as people type it: words, filters, or both; the best known songs that fit, page after page."""

import sqlite3
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain

from recommender import catalogue
from recommender.catalogue import SongRow
from recommender.inferring.filling import Judge
from recommender.lists.filters import Filters, genre_not_here, told
from recommender.lists.sorting import Sort, in_order
from recommender.naming import Match, as_matches

DEEPEST = 8_000
"""So many of the best known tracks are looked at for filters: a filter that fits nobody is to end in time."""
MOST_SORTED = 1_200
"""So many of the best known tracks that fit are sorted."""
_BLOCK = 60
"""Without words so many tracks are put in order at a time; with words a page of them, for whole titles come first."""
_DEEPEST_INFERRED, _INFERRED, _BY_NEIGHBOURS = 2_500, 300, 20
"""So many tracks are looked at where a filter goes by what can be inferred; of so many it is, from names of playlists,
and of so many from neighbours, which takes the longest."""


@dataclass(frozen=True)
class Found:
    """What a search found."""

    matches: list[Match]
    """Best first: whole titles before parts, then by fame; or as they were asked to be sorted."""
    notes: tuple[str, ...] = ()
    """What a person should know of how it was found."""


@dataclass
class _Looked:
    """How far was looked, and what became of it."""

    depth: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    is_last: bool = False
    """Whether every track that answers was looked at."""


def search(
    connection: sqlite3.Connection,
    text: str,
    most: int,
    filters: Filters | None = None,
    *,
    page: int = 1,
    sort: Sort | None = None,
) -> Found:
    """Find recordings by words, by filters, or by both; without words among all that is known.

    most: so many on a page. page: from 1; what stands on one page stands on no other, whichever is asked for first.
    """
    filters = filters or Filters()
    judge, looked = Judge(connection, filters, _INFERRED, _BY_NEIGHBOURS) if filters else None, _Looked()
    pages = _pages(connection, text) if text or not judge else judge.likely(_pages(connection, ""))
    passed = _passed(connection, pages, filters, judge, looked)
    if sort:
        listed, notes = _sorted(connection, text, passed, sort, looked)
    else:
        listed, notes = _best(text, passed, page * most), []
    matches = listed[(page - 1) * most : page * most]
    is_short = len(matches) < most
    if filters and is_short:
        notes += [_depth(looked.depth, len(matches), most, text), *told(looked.left_out)]
    elif not sort and not filters and not looked.is_last:
        notes.append(f"of more tracks that have these words the {looked.depth:,} best known were looked at")
    if judge:
        notes += judge.notes([match.song.track_id for match in matches])
    if not listed and filters.genres:
        strange = genre_not_here(filters, catalogue.genre_names(connection))
        notes += [strange] if strange else []
    return Found(matches, tuple(notes))


def while_typing(connection: sqlite3.Connection, text: str, most: int) -> list[Match]:
    """Find recordings by words of which any may still grow, best first, as search() does by whole words."""
    return as_matches(text, catalogue.find_songs(connection, catalogue.match_beginnings(text), catalogue.PAGE))[:most]


def _best(text: str, passed: Iterator[list[SongRow]], most: int) -> list[Match]:
    """Take so many recordings, or all there are, block after block, so that more only ever come behind."""
    size = catalogue.PAGE if text else _BLOCK
    seen: set[tuple[str, str]] = set()
    listed: list[Match] = []
    for block in _blocks(passed, size):
        for match in as_matches(text, block):
            named = _recording(match.song)
            if named not in seen:
                seen.add(named)
                listed.append(match)
        if len(listed) >= most:
            break
    return listed


def _blocks(passed: Iterator[list[SongRow]], size: int) -> Iterator[list[SongRow]]:
    """Give the same songs in the same order, so many at a time."""
    waiting: list[SongRow] = []
    for songs in passed:
        waiting += songs
        while len(waiting) >= size:
            yield waiting[:size]
            waiting = waiting[size:]
    if waiting:
        yield waiting


def _recording(song: SongRow) -> tuple[str, str]:
    return catalogue.recording(song.artists[0] if song.artists else "", song.name)


def _sorted(
    connection: sqlite3.Connection, text: str, passed: Iterator[list[SongRow]], sort: Sort, looked: _Looked
) -> tuple[list[Match], list[str]]:
    """Sort the best known that fit, and say how many were, and of how many the value is not known."""
    songs: list[SongRow] = []
    for block in passed:
        songs += block
        if len(songs) >= MOST_SORTED:
            break
    matches = as_matches(text, songs[:MOST_SORTED])
    facts = catalogue.song_facts(connection, [match.song.track_id for match in matches], genres=False)
    listed, unknown = in_order(matches, facts, sort)
    notes = []
    if len(songs) >= MOST_SORTED and not looked.is_last:
        notes.append(f"of more tracks that fit the {MOST_SORTED:,} best known were sorted")
    elif not looked.is_last:
        notes.append(f"sorted are the {len(songs):,} that fit of the best known {looked.depth:,} tracks")
    if unknown:
        notes.append(f"of {unknown:,} of {len(listed):,} the {sort.by.replace('_', ' ')} is not known: they come last")
    return listed, notes


def _pages(connection: sqlite3.Connection, text: str) -> Iterator[list[int]]:
    """Give the keys of the tracks that have all the words, or else those in which they all begin."""
    if not text:
        yield from catalogue.best_known(connection)
        return
    for question in (catalogue.match_all(text), catalogue.match_beginnings(text)):
        pages = catalogue.best_known(connection, question) if question else iter(())
        if first := next(pages, None):
            yield from chain([first], pages)
            return


def _passed(
    connection: sqlite3.Connection, pages: Iterator[list[int]], filters: Filters, judge: Judge | None, looked: _Looked
) -> Iterator[list[SongRow]]:
    """Give the tracks that keep the filters, the best known first, and note how far was looked."""
    looked.is_last = True
    deepest = _DEEPEST_INFERRED if filters.asks and not filters.told_only else DEEPEST
    waiting: list[int] = []
    for page in chain(pages, [[]]):
        waiting += page
        # One more than a block tells that there are more, and a look at the next block would take as long again.
        while len(waiting) > catalogue.PAGE or (waiting and not page):
            keys, waiting = waiting[: catalogue.PAGE], waiting[catalogue.PAGE :]
            looked.depth += len(keys)
            looked.is_last = not waiting
            yield judge.passed(keys, looked.left_out) if judge else catalogue.songs_of_keys(connection, keys)
            if looked.depth >= deepest:
                return


def _depth(depth: int, found: int, most: int, text: str) -> str:
    if not depth:
        return "no track has these words" if text else "there is no track here yet"
    tracks = "track" if depth == 1 else f"{depth:,} tracks"
    return f"looked through the best known {tracks} to find {found:,} of {most:,}"
