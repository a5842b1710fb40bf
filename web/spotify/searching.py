"""What /v1/search finds: tracks by their words, and by them the artists and albums; playlists by their names."""

import re
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import chain, islice

from db.spotify_facts import (
    COLUMNS,
    TrackTold,
    artists_told,
    count_found,
    of_isrc,
    questions,
    tracks_of_keys,
    tracks_told,
)
from recommender import catalogue
from recommender.errors import FilterNotClear
from recommender.inferring.filling import Judge
from recommender.lists.filter_words import year_span
from recommender.lists.filters import Filters
from web.errors import NotUnderstood
from web.spotify.asked import Told, check_market, whole
from web.spotify.objects import Maker, Object

MOST = 1_000
"""What lies further is not shown, as at Spotify."""
KINDS = ("album", "artist", "playlist", "track", "show", "episode", "audiobook")
_DEEPEST = 3_000
"""So many of the best known tracks are looked at for years, genres, artists and albums."""
_FIELD = re.compile(r"\b(track|artist|album|year|genre|isrc|upc|tag):", re.IGNORECASE)
_LONGEST = 1_000


@dataclass(frozen=True, slots=True)
class Searching:
    """What is asked of /v1/search."""

    text: str
    kinds: tuple[str, ...]
    limit: int
    offset: int
    words: str
    fields: tuple[tuple[str, str], ...]
    """Words that have to stand in one of COLUMNS."""
    filters: Filters
    isrc: str


def searching(told: Told) -> Searching:
    """Read the parameters of /v1/search. Raises NotUnderstood, in Spotify's words."""
    check_market(told)
    text = told.get("q", "").strip() or told.get("query", "").strip()
    if not text:
        raise NotUnderstood("No search query")
    if len(text) > _LONGEST:
        raise NotUnderstood(f"invalid request: q has at most {_LONGEST} letters")
    kinds = [kind.strip().lower() for kind in ",".join(told.getlist("type")).split(",") if kind.strip()]
    if not kinds:
        raise NotUnderstood("Missing parameter type")
    if strange := [kind for kind in kinds if kind not in KINDS]:
        raise NotUnderstood(f"Bad search type field {strange[0][:50]}")
    words, *rest = _FIELD.split(text)
    parts = [(name.lower(), value.strip().strip('"')) for name, value in zip(rest[::2], rest[1::2], strict=True)]
    given = dict(parts)
    return Searching(
        text,
        tuple(dict.fromkeys(kinds)),
        whole(told, "limit", 20, 1, 50),
        whole(told, "offset", 0, 0, MOST),
        words.strip(),
        tuple((name, value) for name, value in parts if name in COLUMNS),
        _filters(given.get("year", ""), given.get("genre", "")),
        given.get("isrc", "").replace("-", "").upper(),
    )


def _filters(year: str, genre: str) -> Filters:
    try:
        span = year_span(year.replace(" ", "").replace("-", "..")) if year else None
        return Filters(year=span, genres=(genre.replace("-", " "),) if genre else (), told_only=True)
    except FilterNotClear as error:
        raise NotUnderstood(f"invalid request: {error}") from error


def found(connection: sqlite3.Connection, asked: Searching, make: Maker) -> Object:
    """Give a page of each kind that is asked for."""
    looks: dict[str, Callable[[], tuple[list[Object], int]]] = {
        "track": lambda: _tracks(connection, asked, make),
        "artist": lambda: _artists(connection, asked, make),
        "album": lambda: _albums(connection, asked, make),
        "playlist": lambda: _playlists(connection, asked, make),
    }
    return {f"{kind}s": _page(asked, kind, *looks.get(kind, lambda: ([], 0))(), make) for kind in asked.kinds}


def _page(asked: Searching, kind: str, items: list[Object], total: int, make: Maker) -> Object:
    def at(offset: int) -> str:
        return make.address("search", query=asked.text, type=kind, offset=offset, limit=asked.limit)

    after, before = asked.offset + asked.limit, max(asked.offset - asked.limit, 0)
    return {
        "href": at(asked.offset),
        "items": items,
        "limit": asked.limit,
        "next": at(after) if after < total else None,
        "offset": asked.offset,
        "previous": at(before) if asked.offset else None,
        "total": total,
    }


def _tracks(connection: sqlite3.Connection, asked: Searching, make: Maker) -> tuple[list[Object], int]:
    """Give tracks: in each three hundred of the best known, those first of which the words are the whole title."""
    if asked.isrc:  # it names one recording, whatever stands beside it
        same = of_isrc(connection, asked.isrc, MOST)
        return [make.track(track) for track in same[asked.offset :][: asked.limit]], len(same)
    sought = set(catalogue.words(" ".join([asked.words, *(text for _, text in asked.fields)])).split())
    question, pages = _asked_for(connection, asked)
    every = (
        track
        for page in _told(connection, asked, pages)
        for track in sorted(page, key=lambda track: not _spelled(track.name, sought))
    )
    if asked.filters:
        fit = list(islice(every, MOST))
        listed, total = fit[asked.offset :][: asked.limit], len(fit)
    else:
        total = min(count_found(connection, question), MOST) if question else 0
        listed = list(islice(every, asked.offset, min(asked.offset + asked.limit, MOST)))
    return [make.track(track) for track in listed], total


def _artists(connection: sqlite3.Connection, asked: Searching, make: Maker) -> tuple[list[Object], int]:
    """Give the artists whose names hold the words, of the best known songs by such artists."""
    texts = [text for text in (asked.words, *_of(asked, "artist")) if text]
    sought = catalogue.words(" ".join(texts))
    _, pages = _asked_for(connection, replace(asked, words="", fields=tuple(("artist", text) for text in texts)))
    named = (
        artist.artist_id
        for page in _told(connection, asked, _deep(pages))
        for track in page
        for artist in track.artists
        if _holds(artist.name, sought)
    )
    ids = list(islice(dict.fromkeys(named), MOST))
    page = ids[asked.offset :][: asked.limit]
    told = artists_told(connection, page)
    return [make.artist(told[artist_id]) for artist_id in page], len(ids)


def _albums(connection: sqlite3.Connection, asked: Searching, make: Maker) -> tuple[list[Object], int]:
    """Give the albums of the best known songs that have the words, where their own names and artists hold them."""
    named = catalogue.words(" ".join(_of(asked, "album")))
    anywhere = catalogue.words(asked.words)
    _, pages = _asked_for(connection, asked)
    albums = {
        track.album.album_id: track.album
        for page in _told(connection, asked, _deep(pages))
        for track in page
        if track.album.album_id
        and _holds(track.album.name, named)
        and _holds(" ".join([track.album.name, *(one.name for one in track.artists)]), anywhere)
    }
    listed = list(albums.values())[:MOST]
    return [make.album(album) for album in listed[asked.offset :][: asked.limit]], len(listed)


def _playlists(connection: sqlite3.Connection, asked: Searching, make: Maker) -> tuple[list[Object], int]:
    near = catalogue.playlists_near(connection, asked.words, MOST)
    return [make.playlist(row) for row in near[asked.offset :][: asked.limit]], len(near)


def _asked_for(connection: sqlite3.Connection, asked: Searching) -> tuple[str, Iterator[list[int]]]:
    """Give the full-text question that finds something, and the keys of the tracks that it finds, best known first.

    Where filters alone are asked for these are all tracks.
    """
    if not (asked.words or asked.fields):
        return "", catalogue.best_known(connection) if asked.filters else iter(())
    for question in questions(asked.words, asked.fields):
        pages = catalogue.best_known(connection, question)
        if first := next(pages, None):
            return question, chain([first], pages)
    return "", iter(())


def _told(connection: sqlite3.Connection, asked: Searching, pages: Iterator[list[int]]) -> Iterator[list[TrackTold]]:
    """Give pages of tracks; where a year or a genre is asked for, those of it, as told."""
    if not asked.filters:
        yield from (tracks_of_keys(connection, page) for page in pages)
        return
    judge = Judge(connection, asked.filters, 0, 0)
    for page in _deep(pages):
        passed = judge.passed(page, Counter())
        told = tracks_told(connection, [song.track_id for song in passed])
        yield [told[song.track_id] for song in passed]


def _deep(pages: Iterator[list[int]]) -> Iterator[list[int]]:
    """Give pages until so many tracks were looked at."""
    return islice(pages, _DEEPEST // catalogue.PAGE)


def _of(asked: Searching, field: str) -> list[str]:
    return [text for name, text in asked.fields if name == field]


def _spelled(name: str, sought: set[str]) -> bool:
    title = catalogue.words(name).split()
    return bool(title) and sought.issuperset(title)


def _holds(name: str, sought: str) -> bool:
    """Tell whether words of a name begin with all the words that are sought."""
    there = catalogue.words(name).split()
    return all(any(word.startswith(part) for word in there) for part in sought.split())
