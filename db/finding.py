"""Tracks by their words, the best known first. Imports sqlite3 alone, because suggesting must start fast."""

import json
import sqlite3
from collections.abc import Iterator
from itertools import islice

from db import famous
from db.read import SongRow, songs_of_keys

PAGE = 300
"""So many tracks are looked up at a time."""

_FAMOUS = f"SELECT {famous.KEY} FROM famous_fts WHERE famous_fts MATCH ? ORDER BY rowid"
_ALL_FAMOUS = f"SELECT {famous.KEY} FROM famous_fts ORDER BY rowid"
_BY_FAME = """
    SELECT {key} FROM {source}
    ORDER BY (SELECT count(*) FROM playlist_entries WHERE track_key = {key}) DESC, {key}
"""
_NAMED = "name <> '' OR EXISTS (SELECT 1 FROM track_artists WHERE track_key = key)"
_HITS = _BY_FAME.format(key="rowid", source="tracks_fts WHERE tracks_fts MATCH ?")
_TRACKS = _BY_FAME.format(key="key", source=f"tracks WHERE {_NAMED}")
_OF_PAGE = _BY_FAME.format(key="value", source="json_each(?)")


def find_songs(connection: sqlite3.Connection, question: str, limit: int) -> list[SongRow]:
    """Give the tracks that answer a full-text question (db.search_text), those in most places of playlists first."""
    if not question:
        return []
    keys = list(islice((key for page in best_known(connection, question) for key in page), limit))
    return songs_of_keys(connection, keys)


def best_known(connection: sqlite3.Connection, question: str = "") -> Iterator[list[int]]:
    """Give the keys of the tracks that answer a question, page after page, the best known first.

    Without a question they are those of all tracks of which a name is known.

    The famous ones come from an index of their own, in which nothing needs to be counted: a page of the commonest word
    takes no longer than one of a rare word. The rest are counted when somebody asks for them.
    """
    asked = [question] if question else []
    told: set[int] = set()
    if famous.whole(connection):
        found = connection.execute(_FAMOUS if question else _ALL_FAMOUS, asked)
        while page := [key for (key,) in found.fetchmany(PAGE)]:
            told.update(page)
            # An import that runs may have listed some of them more often since.
            yield [key for (key,) in connection.execute(_OF_PAGE, [json.dumps(page)])]
    rest = connection.execute(_HITS if question else _TRACKS, asked)
    others = (key for (key,) in rest if key not in told)
    while page := list(islice(others, PAGE)):
        yield page
