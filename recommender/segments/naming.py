"""Artists and genres as a person names them, several with commas between."""

import sqlite3
from collections.abc import Callable, Sequence
from difflib import get_close_matches

from recommender import catalogue
from recommender.errors import SeedNotClear
from recommender.lines import one_line
from recommender.lists.blocking import artist_block

_NEAR = 5


def artists_named(connection: sqlite3.Connection, texts: Sequence[str]) -> tuple[str, ...]:
    """Give the artists that are named, as they are spelt here. Raises SeedNotClear, naming near ones."""
    known = {catalogue.normal_artist(name) for name in catalogue.artist_names(connection)} if texts else set()
    parts = _parts(texts, lambda text: catalogue.normal_artist(text) in known)
    return tuple(dict.fromkeys(artist_block(connection, part, 0).name for part in parts))


def genres_named(connection: sqlite3.Connection, texts: Sequence[str]) -> tuple[str, ...]:
    """Give the genres that are named, as they are spelt here. Raises SeedNotClear, naming near ones."""
    known = {_plain(name): name for name in catalogue.genre_names(connection)} if texts else {}
    parts = _parts(texts, lambda text: _plain(text) in known)
    for part in parts:
        if _plain(part) not in known:
            holding = [name for plain, name in known.items() if set(_plain(part).split()) <= set(plain.split())]
            near = holding[:_NEAR] or [known[plain] for plain in get_close_matches(_plain(part), known, _NEAR)]
            meant = f": did you mean {' or '.join(map(one_line, near))}?" if near else ""
            no_genres = "no song here has a genre: name artists"
            told = f'no genre here is called "{one_line(part)}"{meant}'
            raise SeedNotClear(told if known else no_genres)
    return tuple(dict.fromkeys(known[_plain(part)] for part in parts))


def either_named(
    connection: sqlite3.Connection, text: str, shown: Sequence[tuple[str, str]]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Take an answer to the first question apart: artists, and genres.

    shown: what may be named by its number, from 1 on: "artist" or "genre", and the name. A word that names both is a
    genre. Raises SeedNotClear.
    """
    genres = {_plain(name) for name in catalogue.genre_names(connection)}
    artists = {catalogue.normal_artist(name) for name in catalogue.artist_names(connection)}
    parts = _parts([text], lambda one: _plain(one) in genres or catalogue.normal_artist(one) in artists)
    chosen: dict[str, list[str]] = {"artist": [], "genre": []}
    for part in parts:
        if part.isdecimal() and 1 <= int(part) <= len(shown):
            kind, name = shown[int(part) - 1]
            chosen[kind].append(name)
        else:
            chosen["genre" if _plain(part) in genres else "artist"].append(part)
    return artists_named(connection, chosen["artist"]), genres_named(connection, chosen["genre"])


def _parts(texts: Sequence[str], known: Callable[[str], bool]) -> list[str]:
    """Part texts at commas, but for commas that belong to a name: the longest part that is known is taken."""
    found = []
    for text in texts:
        pieces = [piece for piece in text.split(",") if piece.strip()]
        while pieces:
            ends = range(len(pieces), 0, -1)
            end = next((end for end in ends if known(",".join(pieces[:end]).strip())), 1)
            found.append(",".join(pieces[:end]).strip())
            pieces = pieces[end:]
    return found


def _plain(genre: str) -> str:
    return catalogue.words(genre)
