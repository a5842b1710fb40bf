"""The songs to ask about: well known ones, those near to likes, and those of which a taste is unsure."""

import sqlite3
from collections.abc import Sequence
from itertools import islice

import numpy as np

from recommender import catalogue
from recommender.catalogue import SongRow
from recommender.errors import RecommenderError
from recommender.suggest import Suggester
from recommender.taste.asking_next import Candidate, spread
from recommender.taste.opening import Taste

_PAGES = 5
"""So many pages of the best known songs are looked through."""
LEAST_LIKES = 3
"""So many likes tell where to look for more."""
LIKES = 20
"""So many likes, the latest, are gone by."""
_NEAR, _UNSURE = 60, 100


def candidate(song: SongRow) -> Candidate:
    """Give what choosing needs to know of a song."""
    artist = song.artists[0] if song.artists else song.track_id
    return Candidate(song.track_id, catalogue.recording(artist, song.name))


def known(connection: sqlite3.Connection) -> list[Candidate]:
    """Give the best known songs of which it is known how they sound, or all of the best known where that is of none."""
    keys = [key for page in islice(catalogue.best_known(connection), _PAGES) for key in page]
    songs = [song for song in catalogue.songs_of_keys(connection, keys) if song.name and not song.linked_id]
    return spread(map(candidate, _heard(connection, songs)))


def near(connection: sqlite3.Connection, suggester: Suggester, likes: Sequence[str]) -> list[Candidate]:
    """Give songs that go with what is liked in playlists; none where there are few likes, or no model can tell.

    likes: raw ids, the latest first.
    """
    if len(likes) < LEAST_LIKES:
        return []
    try:
        found = suggester.answer(likes[:LIKES][::-1], _NEAR).suggestions
    except RecommenderError:
        return []
    songs = catalogue.songs(connection, [song.track_id for song in found])
    return list(map(candidate, _heard(connection, [songs[one.track_id] for one in found if one.track_id in songs])))


def unsure(connection: sqlite3.Connection, taste: Taste, among: Sequence[Candidate]) -> list[Candidate]:
    """Give those songs of which a taste can least say whether they are liked, the least sure first."""
    chances = taste.chances(connection, [song.track_id for song in among])
    order = np.argsort(np.abs(chances - taste.threshold), kind="stable")
    return [among[place] for place in order[:_UNSURE].tolist() if not np.isnan(chances[place])]


def _heard(connection: sqlite3.Connection, songs: Sequence[SongRow]) -> Sequence[SongRow]:
    """Keep the songs from which a taste can learn, or all where it can from none."""
    facts = catalogue.song_facts(connection, [song.track_id for song in songs], genres=False)
    return [song for song in songs if facts[song.track_id].audio] or songs
