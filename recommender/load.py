"""The door from the database to the corpus: rows in, arrays out, streaming."""

import sqlite3
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import numpy as np

from db import read
from db.connection import one_moment, open_reader
from recommender.corpus import Corpus, corpus_from_numbers


def load(database: Path) -> tuple[str, Corpus]:
    """Read the content mark and all playlists of a database, as they stand at one moment.

    Raises db.errors.DatabaseError.
    """
    with open_reader(database) as connection, one_moment(connection):
        return read.content_mark(connection), load_corpus(connection)


def load_corpus(connection: sqlite3.Connection) -> Corpus:
    """Read all playlists into a corpus; a track that is linked to its Spotify twin counts as the twin."""
    keys = _pairs(read.entry_rows(connection))
    playlist_keys, track_keys = keys[:, 0], keys[:, 1]
    ids_by_key = _ids_by_key(connection)
    stands_for = np.arange(len(ids_by_key), dtype=np.int64)
    for key, linked in read.links(connection):
        stands_for[key] = linked
    starts = np.flatnonzero(np.diff(playlist_keys, prepend=-1)) if len(keys) else np.zeros(0, np.int64)
    artists, albums = _credits(read.track_credits(connection), len(ids_by_key))
    names = read.playlist_names(connection)
    return corpus_from_numbers(
        ids_by_key,
        stands_for[track_keys],
        np.append(starts, len(keys)),
        artists,
        albums,
        tuple(names[key] for key in playlist_keys[starts].tolist()),
    )


def _credits(blocks: Iterator[list[tuple[int, int, int]]], n_keys: int) -> tuple[np.ndarray, np.ndarray]:
    """Give the keys of each track's main artist and album: int32, shape (n_keys,), -1 for none."""
    artists, albums = np.full(n_keys, -1, np.int32), np.full(n_keys, -1, np.int32)
    for block in blocks:
        told = np.fromiter(chain.from_iterable(block), np.int64, 3 * len(block)).reshape(-1, 3)
        artists[told[:, 0]], albums[told[:, 0]] = told[:, 1], told[:, 2]
    return artists, albums


def _pairs(blocks: Iterator[list[tuple[int, int]]]) -> np.ndarray:
    parts = [np.fromiter(chain.from_iterable(block), np.int64, 2 * len(block)) for block in blocks]
    return np.concatenate(parts).reshape(-1, 2) if parts else np.zeros((0, 2), np.int64)


def _ids_by_key(connection: sqlite3.Connection) -> np.ndarray:
    ids = np.zeros(1024, "S22")
    for block in read.track_ids(connection):
        keys, raw_ids = zip(*block, strict=True)
        if keys[-1] >= len(ids):
            ids = np.concatenate([ids, np.zeros(max(keys[-1] + 1 - len(ids), len(ids)), "S22")])
        ids[list(keys)] = raw_ids
    return ids
