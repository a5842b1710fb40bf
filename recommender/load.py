"""The door from the database to the corpus: rows in, arrays out, streaming."""

import sqlite3
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path

import numpy as np

from db import read
from db.connection import one_moment, open_reader
from recommender.baskets import baskets
from recommender.corpus import Corpus, corpus_from_numbers
from recommender.plays import Plays, plays_from_pairs

_SPANS = {"loudness": (-60.0, 0.0), "tempo": (0.0, 250.0)}
"""What the features that are no shares reach from and to: decibels, and beats a minute."""
_FEWEST_BASKETS = 2


def load(database: Path) -> tuple[str, Corpus]:
    """Read the content mark of a database and what there is to learn from, as they stand at one moment.

    Where there are plays of several listeners and no playlists, each listener's tracks count as a playlist.
    Raises db.errors.DatabaseError.
    """
    with open_reader(database) as connection, one_moment(connection):
        mark, corpus = read.content_mark(connection), load_corpus(connection)
    return mark, baskets(corpus) if _only_played(corpus.n_playlists, corpus.plays.n_listeners) else corpus


def takes_listeners(database: Path) -> bool:
    """Tell whether load() counts each listener's tracks as a playlist, for want of any.

    Raises db.errors.DatabaseError.
    """
    with open_reader(database) as connection:
        return _only_played(read.count_rows(connection)["entries"], len(read.listeners(connection)))


def _only_played(n_playlists: int, n_listeners: int) -> bool:
    return n_playlists == 0 and n_listeners >= _FEWEST_BASKETS


def load_corpus(connection: sqlite3.Connection) -> Corpus:
    """Read all playlists, and what was played; a track that is linked to its Spotify twin counts as the twin."""
    keys = _columns(read.entry_rows(connection), 2)
    playlist_keys, track_keys = keys[:, 0], keys[:, 1]
    ids_by_key = _ids_by_key(connection)
    stands_for = np.arange(len(ids_by_key), dtype=np.int64)
    for key, linked in read.links(connection):
        stands_for[key] = linked
    starts = np.flatnonzero(np.diff(playlist_keys, prepend=-1)) if len(keys) else np.zeros(0, np.int64)
    artists, albums = _credits(read.track_credits(connection), len(ids_by_key))
    facts = read.playlist_facts(connection)
    names, dates = zip(*(facts[key] for key in playlist_keys[starts].tolist()), strict=True) if len(keys) else ((), ())
    return corpus_from_numbers(
        ids_by_key,
        stands_for[track_keys],
        np.append(starts, len(keys)),
        artists,
        albums,
        _audio(connection, len(ids_by_key)),
        names,
        np.array(dates, np.int64),
        plays=_plays(connection, stands_for),
    )


def _audio(connection: sqlite3.Connection, n_keys: int) -> np.ndarray | None:
    """Read how tracks sound: float32, shape (n_keys, features), from 0 to 1, NaN where it is not known."""
    audio = None
    for block in read.audio_rows(connection):
        # None becomes NaN.
        rows = np.array(block, np.float64)
        if audio is None:
            audio = np.full((n_keys, len(read.AUDIO)), np.nan, np.float32)
        audio[rows[:, 0].astype(np.int64)] = rows[:, 1:]
    if audio is not None:
        for feature, (low, high) in _SPANS.items():
            column = read.AUDIO.index(feature)
            audio[:, column] = np.clip((audio[:, column] - low) / (high - low), 0, 1)
    return audio


def _plays(connection: sqlite3.Connection, stands_for: np.ndarray) -> Plays:
    """Read who played what, numbered by the keys of tracks."""
    keys, names = zip(*rows, strict=True) if (rows := read.listeners(connection)) else ((), ())
    listener_keys, tracks, counts, last_played = _columns(read.play_rows(connection), 4).T
    number = np.zeros(max(keys, default=0) + 1, np.int64)
    number[list(keys)] = np.arange(len(keys))
    return plays_from_pairs(names, number[listener_keys], stands_for[tracks], counts, last_played)


def _credits(blocks: Iterator[list[tuple[int, int, int]]], n_keys: int) -> tuple[np.ndarray, np.ndarray]:
    """Give the keys of each track's main artist and album: int32, shape (n_keys,), -1 for none."""
    artists, albums = np.full(n_keys, -1, np.int32), np.full(n_keys, -1, np.int32)
    for block in blocks:
        told = np.fromiter(chain.from_iterable(block), np.int64, 3 * len(block)).reshape(-1, 3)
        artists[told[:, 0]], albums[told[:, 0]] = told[:, 1], told[:, 2]
    return artists, albums


def _columns(blocks: Iterator[Sequence[tuple[int, ...]]], width: int) -> np.ndarray:
    """Gather rows of whole numbers: int64, shape (rows, width)."""
    parts = [np.fromiter(chain.from_iterable(block), np.int64, width * len(block)) for block in blocks]
    return np.concatenate(parts).reshape(-1, width) if parts else np.zeros((0, width), np.int64)


def _ids_by_key(connection: sqlite3.Connection) -> np.ndarray:
    ids = np.zeros(1024, "S22")
    for block in read.track_ids(connection):
        keys, raw_ids = zip(*block, strict=True)
        if keys[-1] >= len(ids):
            ids = np.concatenate([ids, np.zeros(max(keys[-1] + 1 - len(ids), len(ids)), "S22")])
        ids[list(keys)] = raw_ids
    return ids
