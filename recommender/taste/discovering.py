"""Songs that a person would like among all whose sound is known."""

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from recommender import catalogue
from recommender.answers import Answer
from recommender.errors import NoTaste
from recommender.lists.choosing import Picked, picked
from recommender.lists.filters import genre_not_here
from recommender.lists.wishes import Wishes
from recommender.taste.company import levels
from recommender.taste.judged import MODEL, Judged, notes, songs_of, suggestions, wished
from recommender.taste.opening import Taste
from recommender.vocabulary import Vocabulary

_AT_ONCE = 20_000
"""So many songs are judged at once: few enough to lie in memory, and enough for a learner to be quick."""
_BY_WORDS = 200_000
"""Among more songs, words take too long to find versions, so that the artist's own are looked at."""
_NOBODY = "nobody's plays are known to be yours, so what you heard may come: name yourself with --listener"


@dataclass(frozen=True)
class _Judge:
    """Numbers the songs that may come, the best known first."""

    vocabulary: Vocabulary
    by_words: bool


@dataclass(frozen=True)
class _Likely:
    """All songs that are likely enough to be liked, as choosing takes them."""

    by: _Judge
    seeds: np.ndarray
    scores: np.ndarray
    """float32, shape (songs,): by which they are ordered."""
    chances: np.ndarray
    """float32, shape (songs,): that each is liked."""
    looked_at: int


def discover(
    database: Path,
    connection: sqlite3.Connection,
    taste: Taste,
    n: int,
    wishes: Wishes,
    *,
    threshold: float,
    same_artists: bool = False,
    alone: bool = False,
    show: Callable[[float], None],
) -> Answer:
    """Choose n songs that are likely to be liked, from elsewhere.

    Nothing comes that has a thumb, nor another version of it, nor what the listener played. threshold: the chance from
    which on a song may come. same_artists: whether those of whom a song is liked may come too. alone: whether the taste
    alone orders, and not what goes with the likes in playlists. show: takes the share that is done. Raises NoTaste
    where nothing is likely enough.
    """
    thumbs = catalogue.thumbs(connection, taste.report.listener)
    likes = [one.track_id for one in thumbs if one.liked]
    likely = _likely(connection, taste, threshold, show)
    unheard, note = _unheard(connection, taste.report.listener)
    if not alone:
        found_with, model = levels(database, connection, likes, likely.by.vocabulary)
        likely = replace(likely, scores=likely.scores + found_with)
        note += [f"{model} counts too: what goes with your likes in playlists comes first (--alone)"] if model else []
    known = frozenset[str]() if same_artists else _artists(connection, likes)
    without = frozenset(wishes.without).union(one.track_id for one in thumbs)
    wishes = replace(wishes, without=without, not_by=wishes.not_by | known, unheard=unheard)
    found = picked(connection, likely, (), n, wishes, _nowhere)
    told = [*notes(taste), *note, _looked(likely, threshold), *found.notes]
    if not found.songs and wishes.filters.genres:
        strange = genre_not_here(wishes.filters, catalogue.genre_names(connection))
        told += [strange] if strange else []
    if len(found.songs) < n:
        told.append(_short(len(found.songs), same_artists=same_artists))
    return Answer(MODEL, (), (), tuple(told), suggestions(connection, taste, _chosen(likely, found)))


def _chosen(likely: _Likely, found: Picked) -> list[Judged]:
    """Take the songs of a list; where a better known copy comes, it is the one that placed it which was judged."""
    placed = likely.by.vocabulary.raw_ids(np.array(found.numbers, np.int64))
    chances = likely.chances[np.array(found.numbers, np.int64)].tolist()
    return [Judged(*one) for one in zip(found.songs, placed, chances, strict=True)]


def _likely(connection: sqlite3.Connection, taste: Taste, threshold: float, show: Callable[[float], None]) -> _Likely:
    """Judge all songs whose sound is known, a part at a time, and keep the likely ones."""
    ids, fame, chances = [np.zeros(0, "S22")], [np.zeros(0, np.int16)], [np.zeros(0, np.float32)]
    looked_at = 0
    for share, block in catalogue.hearable(connection, _AT_ONCE):
        judged = taste.chances(connection, [track_id for track_id, _ in block])
        kept = np.flatnonzero(judged >= threshold)
        ids.append(np.array([block[place][0] for place in kept], "S22"))
        fame.append(np.array([block[place][1] for place in kept], np.int16))
        chances.append(judged[kept].astype(np.float32))
        looked_at += len(block)
        show(share)
    told = np.concatenate(chances)
    if not len(told):
        raise NoTaste(_nothing(looked_at, threshold))
    order = np.argsort(-np.concatenate(fame), kind="stable")
    vocabulary = Vocabulary.from_ids(np.concatenate(ids)[order])
    judge = _Judge(vocabulary, len(vocabulary) <= _BY_WORDS)
    return _Likely(judge, np.zeros(0, np.int32), told[order], told[order], looked_at)


def _unheard(connection: sqlite3.Connection, listener: str) -> tuple[str | None, list[str]]:
    """Tell whose plays may not come, None for nobody's, and what is to be said of it."""
    if listener:
        return (listener if catalogue.has_listener(connection, listener) else None), []
    names = catalogue.listener_names(connection, 2)
    return ("" if len(names) == 1 else None), ([_NOBODY] if len(names) > 1 else [])


def _nowhere(_ids: Sequence[str]) -> None:
    """Give no places in a space: a taste has none."""


def _artists(connection: sqlite3.Connection, track_ids: Sequence[str]) -> frozenset[str]:
    songs = songs_of(connection, track_ids)
    return frozenset(catalogue.normal_artist(artist) for song in songs for artist in song.artists)


def _looked(likely: _Likely, threshold: float) -> str:
    number = f"{len(likely.scores):,} of {likely.looked_at:,} songs whose sound is known"
    return f"{number} are liked with a chance of {wished(threshold)} or more"


def _nothing(looked_at: int, threshold: float) -> str:
    if not looked_at:
        return "of no song here it is known how it sounds: run `segue features`, or import a table with audio features"
    return (
        f"none of the {looked_at:,} songs whose sound is known is liked with a chance of {wished(threshold)} or more: "
        "ask for less (--threshold), or like more songs and run `segue taste train`"
    )


def _short(count: int, *, same_artists: bool) -> str:
    found = f"no more than these {count:,} can be discovered" if count else "nothing can be discovered"
    more = "" if same_artists else ", let artists come that you like already (--same-artists)"
    return f"{found}: wish for less{more}, or ask for less (--threshold)"
