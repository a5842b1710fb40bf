"""The map of the music: the best known songs of one model."""

import sqlite3
from collections import Counter
from collections.abc import Sequence
from itertools import chain
from pathlib import Path

import numpy as np

from recommender import catalogue
from recommender.errors import DamagedModel
from recommender.maps.atlas import NO_TONE, TONES, Atlas, Region, framed, toned
from recommender.maps.drawing import best_placed
from recommender.maps.keeping import read_map
from recommender.maps.projecting import principal
from recommender.maps.regions import NONE, Parts, middles, parts_of, telling
from recommender.models.contract import Embedding
from recommender.scored import Loaded

_GENRES_EACH = 3
"""So many genres of a song are looked at, the first ones."""
_MEMBERS = 6
_KNOWN = 500
"""A song after so many better known ones counts half."""
_SHARE = 0.2
"""A genre does where it is the genre of so many of those songs there of which any is told."""
_SEED = 1
_NAMELESS = "songs of all kinds"


def music_map(connection: sqlite3.Connection, folder: Path, by: Loaded) -> Atlas:
    """Make the map of a model that places tracks in a space. Raises DamagedModel."""
    assert isinstance(by.model, Embedding)
    try:
        tracks, vectors = best_placed(by.model, len(by.vocabulary))
    except DamagedModel as error:
        raise DamagedModel(f"the map of {by.name} cannot be drawn, {error}: run `segue train {by.name}`") from error
    kept = read_map(folder, by.manifest, len(by.vocabulary))
    laid = kept[1] if kept and np.array_equal(kept[0], tracks) else None
    flat = framed(principal(vectors) if laid is None else laid)
    ids = by.vocabulary.raw_ids(tracks)
    parts = parts_of(vectors, np.random.default_rng(_SEED))
    told = catalogue.artists_and_genres(connection, ids)
    artists = [told[one][0] if one in told else "" for one in ids]
    genres = [told[one][1][:_GENRES_EACH] if one in told else () for one in ids]
    names = _names(parts, artists, genres)
    most = [genre for genre, _ in Counter(chain.from_iterable(genres)).most_common(TONES)]
    return Atlas(
        tuple(ids),
        flat,
        regions_of(parts, flat, names),
        parts.labels.astype(np.uint8),
        tuple(most),
        np.array([min((most.index(one) for one in few if one in most), default=NO_TONE) for few in genres], np.uint8),
        laid is not None,
    )


def regions_of(parts: Parts, flat: np.ndarray, names: Sequence[str]) -> tuple[Region, ...]:
    """Set the regions of a map. flat: uint16, shape (points, 2)."""
    spots = middles(parts, flat.astype(np.float64))
    tones = toned(spots)
    return tuple(
        Region(
            name,
            int(parts.sizes[number]),
            (int(spots[number, 0]), int(spots[number, 1])),
            tones[number],
            tuple(np.flatnonzero(parts.labels == number)[:_MEMBERS].tolist()),
        )
        for number, name in enumerate(names)
    )


def _names(parts: Parts, artists: Sequence[str], genres: Sequence[tuple[str, ...]]) -> list[str]:
    """Name each region by a genre and two artists that are more frequent there than elsewhere."""
    known_artists, own = _numbered([(artist,) if artist else () for artist in artists], 1)
    known_genres, told = _numbered(genres, _GENRES_EACH)
    # What few know tells nobody where they are.
    fame = 1 / (1 + np.arange(len(artists)) / _KNOWN)
    kinds, people = telling(parts, told, 1, fame, _SHARE), telling(parts, own, 2, fame)
    return [
        " · ".join(
            filter(None, [", ".join(known_genres[one] for one in kind), ", ".join(known_artists[one] for one in some)])
        )
        or _NAMELESS
        for kind, some in zip(kinds, people, strict=True)
    ]


def _numbered(rows: Sequence[tuple[str, ...]], width: int) -> tuple[list[str], np.ndarray]:
    """Number words: the words, and int32, shape (rows, width), NONE where a row has fewer."""
    number: dict[str, int] = {}
    table = np.full((len(rows), width), NONE, np.int32)
    for place, row in enumerate(rows):
        for column, word in enumerate(row[:width]):
            table[place, column] = number.setdefault(word, len(number))
    return list(number), table
