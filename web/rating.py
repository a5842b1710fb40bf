"""How far a person is with rating, and which song comes next."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from recommender import catalogue
from recommender.catalogue import Thumb
from recommender.errors import NoTaste, RecommenderError
from recommender.taste import asking_bags
from recommender.taste.asking_next import Candidate, Passed, next_song, progress, share_done
from recommender.taste.gathering import LEAST, SILENT, Told, learnable, refuse_few
from recommender.taste.keeping import changed_at
from recommender.taste.opening import Taste
from web.station import Station

_EVERY = 3
"""After so many more likes it is looked anew what goes with them."""


@dataclass(frozen=True)
class Standing:
    """What a person rated so far."""

    listener: str
    thumbs: tuple[Thumb, ...]
    """The latest first."""
    likes: int
    """Songs that a taste can be learned from, as all numbers here."""
    dislikes: int
    silent: int
    """Songs of which it is not known how they sound, so that nothing can be learned from them."""
    enough: bool
    """Whether a taste can be learned."""
    trained: int
    """When one was learned last: nanoseconds; 0 for never."""

    @property
    def told(self) -> str:
        """Say how far it is until a taste can be learned."""
        return progress(self.likes, self.dislikes, LEAST, enough=self.enough)

    @property
    def share(self) -> float:
        """Tell how much of what a taste needs is there, from 0 to 1."""
        return share_done(self.likes, self.dislikes, LEAST)


def standing(station: Station, connection: sqlite3.Connection, listener: str) -> Standing:
    """Tell how far a person is."""
    told = learnable(connection, listener, np.random.default_rng(1))
    likes = int(told.liked.sum())
    return Standing(
        listener,
        tuple(catalogue.thumbs(connection, listener)),
        likes,
        len(told.liked) - likes,
        told.dropped.get(SILENT, 0),
        _is_enough(told, listener),
        changed_at(station.database, listener),
    )


def _is_enough(told: Told, listener: str) -> bool:
    try:
        refuse_few(told, listener)
    except NoTaste:
        return False
    return True


def next_up(
    station: Station, connection: sqlite3.Connection, now: Standing, skipped: Sequence[str], lately: Sequence[str]
) -> str:
    """Give the raw id of the song that is asked about next; empty where all were. lately: what was asked about last."""
    known = station.kept(("rate known", catalogue.content_mark(connection)), lambda: asking_bags.known(connection))
    bags = (known, _near(station, connection, now), _unsure(station, connection, now, known))
    told = frozenset((*(one.track_id for one in now.thumbs), *skipped, *lately))
    asked = {track_id: asking_bags.candidate(song) for track_id, song in catalogue.songs(connection, [*told]).items()}
    artists = frozenset(asked[track_id].artist for track_id in lately if track_id in asked)
    passed = Passed(told, frozenset(one.recording for one in asked.values()), artists)
    chosen = next_song(bags, passed, len(told))
    return chosen.track_id if chosen else ""


def _near(station: Station, connection: sqlite3.Connection, now: Standing) -> list[Candidate]:
    likes = tuple(one.track_id for one in now.thumbs if one.liked)
    likes = likes[len(likes) % _EVERY :]
    key = "rate near", station.version(connection), likes[: asking_bags.LIKES]
    return station.kept(key, lambda: asking_bags.near(connection, station.suggester, likes))


def _unsure(
    station: Station, connection: sqlite3.Connection, now: Standing, among: Sequence[Candidate]
) -> list[Candidate]:
    if not now.trained:
        return []

    def make() -> list[Candidate]:
        try:
            return asking_bags.unsure(connection, Taste.open(station.database, now.listener), among)
        except RecommenderError:
            return []  # a damaged taste is told of by `segue taste`, and here the other bags do

    return station.kept(("rate unsure", now.listener, now.trained, catalogue.content_mark(connection)), make)
