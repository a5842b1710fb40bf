"""The map of those who listen, and who hears what others hear, both from the songs that each played most."""

import sqlite3
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

from recommender import catalogue
from recommender.maps.atlas import NO_TONE, Atlas, framed
from recommender.maps.music import regions_of
from recommender.maps.projecting import principal
from recommender.maps.regions import NONE, parts_of, telling
from recommender.models.contract import Embedding
from recommender.scored import Loaded
from recommender.vocabulary import NOT_FOUND

if TYPE_CHECKING:
    from scipy.sparse import csr_array

MOST = 3_000
"""So many listeners stand on a map, the first by name."""
_SONGS = 100
"""So many songs of each tell where, those played most."""
_SEED = 1
_EACH, _REGIONS = 4, 21
"""A region for so many listeners, until there are so many regions."""


@dataclass(frozen=True)
class Listening:
    """Who played what most."""

    names: tuple[str, ...]
    songs: tuple[dict[str, int], ...]
    """Of each: plays by raw id, most first."""

    @cached_property
    def shares(self) -> "csr_array":
        """What each song is to each listener: the log of plays, rows of length 1."""
        from scipy.sparse import csr_array

        number = {track_id: place for place, track_id in enumerate(dict.fromkeys(chain.from_iterable(self.songs)))}
        rows = [np.log1p(list(songs.values())) for songs in self.songs]
        values = np.concatenate([np.zeros(0), *(row / (np.linalg.norm(row) or 1) for row in rows)])
        columns = np.array([number[track_id] for songs in self.songs for track_id in songs], np.int64)
        offsets = np.append(0, np.cumsum([len(row) for row in rows]))
        return csr_array((values, columns, offsets), (len(rows), len(number)))


def listening(connection: sqlite3.Connection, also: str | None = None) -> Listening:
    """Gather what listeners played most. also: somebody who is to be there, however many come before by name."""
    names = catalogue.listener_names(connection, MOST)
    if also is not None and also not in names:
        names.append(also)
    played: dict[str, dict[str, int]] = {name: defaultdict(int) for name in names}
    for name, track_id, count in catalogue.most_played(connection, names, _SONGS):
        played[name][track_id] += count
    return Listening(tuple(names), tuple(map(dict, played.values())))


def listener_map(connection: sqlite3.Connection, heard: Listening, by: Loaded) -> Atlas:
    """Place each listener at the mean of the songs played, in the space of a model. Raises DamagedModel."""
    places = _means(heard, by)
    known = np.flatnonzero(np.isfinite(places).all(axis=1))
    vectors = places[known]
    flat = framed(principal(vectors) if len(vectors) else np.zeros((0, 2), np.float32))
    parts = parts_of(vectors, np.random.default_rng(_SEED), int(np.clip(len(vectors) // _EACH, 1, _REGIONS)))
    ids = list(dict.fromkeys(track_id for songs in heard.songs for track_id in songs))
    songs = catalogue.songs(connection, ids)
    number: dict[str, int] = {}
    marks = np.full((len(known), _SONGS), NONE, np.int32)
    for row, listener in enumerate(known.tolist()):
        told = [songs[one].artists[0] for one in heard.songs[listener] if one in songs and songs[one].artists]
        marks[row, : len(told)] = [number.setdefault(artist, len(number)) for artist in told[:_SONGS]]
    artists = list(number)
    telling_ones = telling(parts, marks, 2, np.ones(len(known)))
    names = [", ".join(artists[one] for one in some) or "all kinds of music" for some in telling_ones]
    return Atlas(
        tuple(heard.names[listener] for listener in known.tolist()),
        flat,
        regions_of(parts, flat, names),
        parts.labels.astype(np.uint8),
        (),
        np.full(len(known), NO_TONE, np.uint8),
        False,
    )


def _means(heard: Listening, by: Loaded) -> np.ndarray:
    """Give the mean place of each listener's songs, songs of many plays counting more: float32, of length 1 or NaN."""
    assert isinstance(by.model, Embedding)
    rows = np.repeat(np.arange(len(heard.songs)), [len(songs) for songs in heard.songs])
    numbers = by.vocabulary.numbers([one for songs in heard.songs for one in songs])
    weights = np.log1p([count for songs in heard.songs for count in songs.values()])
    there = numbers != NOT_FOUND
    vectors = by.model.vectors(numbers[there])
    told = np.isfinite(vectors).all(axis=1)
    sums = np.zeros((len(heard.songs), vectors.shape[1]), np.float64)
    np.add.at(sums, rows[there][told], vectors[told] * weights[there][told, None])
    lengths = np.linalg.norm(sums, axis=1, keepdims=True)
    return np.asarray(np.divide(sums, lengths, out=np.full_like(sums, np.nan), where=lengths > 0), np.float32)


def alike(heard: Listening, listener: str, most: int) -> list[tuple[str, int]]:
    """Give those who play what a listener plays, the most alike first, and how many songs they have in common.

    By the cosine of the logs of plays, over all songs that are known of both.
    """
    own = heard.names.index(listener)
    likeness = np.asarray((heard.shares @ heard.shares[[own]].T).todense()).ravel()
    likeness[own] = 0
    # The stable order takes equals by name, so that an answer can be repeated.
    best = np.argsort(-likeness, kind="stable")[:most]
    return [(heard.names[one], len(heard.songs[own].keys() & heard.songs[one].keys())) for one in best if likeness[one]]
