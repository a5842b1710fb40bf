"""Search as people type it: words, filters, or both; the best known songs that fit."""

import sqlite3
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice

from recommender import catalogue
from recommender.catalogue import SongRow
from recommender.lists.filters import PASS, Filters, genre_not_here, told, verdict
from recommender.naming import Match, as_matches

DEEPEST = 8_000
"""So many of the best known tracks are looked at for filters: a filter that fits nobody is to end in time."""
_AGAIN = 3
"""For each line that is asked for so many tracks are looked for, because versions share a line."""


@dataclass(frozen=True)
class Found:
    """What a search found."""

    matches: list[Match]
    """Best first: whole titles before parts, then by fame."""
    notes: tuple[str, ...] = ()
    """What a person should know of how it was found."""


def search(connection: sqlite3.Connection, text: str, most: int, filters: Filters | None = None) -> Found:
    """Find at most so many recordings by words, by filters, or by both; without words among all that is known."""
    pages = _pages(connection, text)
    if not filters:
        return _by_words(connection, text, most, pages)
    passed: list[SongRow] = []
    enough, depth, left_out, is_last = catalogue.PAGE if text else _AGAIN * most, 0, Counter[str](), False
    while True:
        while len(passed) < enough and not is_last:
            page = next(pages, [])
            depth += len(page)
            is_last = not page or depth >= DEEPEST
            passed += _filtered(connection, page, filters, left_out)
        matches = as_matches(text, passed)
        if is_last or len(matches) >= most:
            break
        enough += _AGAIN * most
    notes = (_depth(depth, len(matches), most), *told(left_out)) if len(matches) < most else ()
    if not matches and filters.genres:
        strange = genre_not_here(filters, catalogue.genre_names(connection))
        notes += (strange,) if strange else ()
    return Found(matches[:most], notes)


def _by_words(connection: sqlite3.Connection, text: str, most: int, pages: Iterator[list[int]]) -> Found:
    looked_at = max(catalogue.PAGE, most)
    keys = list(islice(chain.from_iterable(pages), looked_at + 1))
    matches = as_matches(text, catalogue.songs_of_keys(connection, keys[:looked_at]))
    cut = f"of more tracks that have these words the {looked_at:,} best known were looked at"
    return Found(matches[:most], (cut,) if len(keys) > looked_at else ())


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


def _filtered(
    connection: sqlite3.Connection, keys: list[int], filters: Filters, left_out: Counter[str]
) -> list[SongRow]:
    """Give those of the tracks that keep the filters, and count what was not known of the others."""
    spans = {name: (span.low, span.high) for name, span in filters.audio}
    ids = catalogue.not_beyond(connection, keys, spans)
    facts = catalogue.song_facts(connection, ids, genres=filters.asks_genres)
    verdicts = {raw_id: verdict(filters, facts[raw_id]) for raw_id in ids}
    left_out.update(verdicts.values())
    songs = catalogue.songs(connection, [raw_id for raw_id in ids if verdicts[raw_id] == PASS])
    return [songs[raw_id] for raw_id in ids if raw_id in songs]


def _depth(depth: int, found: int, most: int) -> str:
    return f"looked through the best known {depth:,} tracks to find {found:,} of {most:,}"
