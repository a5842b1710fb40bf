"""The first questions to a listener: which artists and genres they like."""

import sqlite3
import time
from dataclasses import dataclass, replace

from werkzeug.datastructures import MultiDict

from recommender import catalogue
from recommender.catalogue import Profile
from recommender.segments.naming import artists_named, either_named, genres_named
from web.errors import NotUnderstood
from web.station import Station

LONGEST = 200
"""Letters of a name."""
_MOST_TEXT = 2_000
_ARTISTS, _GENRES = 16, 12
_MOST_CHOSEN = 100


@dataclass(frozen=True)
class Questions:
    """What is asked, and what was answered before."""

    artists: tuple[str, ...]
    genres: tuple[str, ...]
    chosen: frozenset[str]
    more: str
    """What was named beyond what is shown, with commas between."""


def questions(station: Station, connection: sqlite3.Connection, profile: Profile) -> Questions:
    """Choose some artists and genres to ask for: those that most playlists are of."""
    artists, genres = station.kept(
        ("questions", catalogue.content_mark(connection)),
        lambda: (
            tuple(filter(None, catalogue.best_known_artists(connection, _ARTISTS))),
            tuple(filter(None, catalogue.most_told_genres(connection, _GENRES))),
        ),
    )
    named = (*profile.artists, *profile.genres)
    more = ", ".join(name for name in named if name not in (*artists, *genres))
    return Questions(artists, genres, frozenset(named), more)


def asked_again(asked: Questions, told: "MultiDict[str, str]") -> Questions:
    """Keep what was chosen and written where one word of it was not understood, so that nobody begins anew."""
    chosen = frozenset((*told.getlist("artist"), *told.getlist("genre")))
    return replace(asked, chosen=chosen, more=told.get("more", ""))


def answered(connection: sqlite3.Connection, name: str, told: "MultiDict[str, str]") -> Profile:
    """Read what a listener answered. Raises SeedNotClear for what nobody here is called, NotUnderstood."""
    artists, genres, more = told.getlist("artist"), told.getlist("genre"), told.get("more", "").strip()
    if len(more) > _MOST_TEXT or len(artists) + len(genres) > _MOST_CHOSEN:
        raise NotUnderstood("that is more than a list can go by: name the artists and genres you like best")
    by_hand = either_named(connection, more, ()) if more else ((), ())
    all_artists = dict.fromkeys([*artists_named(connection, artists), *by_hand[0]])
    all_genres = dict.fromkeys([*genres_named(connection, genres), *by_hand[1]])
    return Profile(name, tuple(all_artists), tuple(all_genres), int(time.time()))


def new_name(text: str) -> str:
    """Read how somebody wants to be called. Raises NotUnderstood."""
    name = text.strip()
    if not name or len(name) > LONGEST or not name.isprintable():
        raise NotUnderstood(f"a name has one to {LONGEST} letters and stands on one line: choose another")
    return name
