"""The door from the database to the corpus: columns in, arrays out, streaming."""

import json
import sqlite3
from dataclasses import replace
from itertools import chain
from pathlib import Path

import numpy as np

from db import columns, read
from db.connection import one_moment, open_reader
from recommender.artifacts import models_folder
from recommender.baskets import baskets
from recommender.corpus import FASTEST, LOUDEST, Corpus, corpus_from_numbers
from recommender.genres import Genres
from recommender.plays import Plays, plays_from_pairs
from recommender.texts import NO_TEXTS, Texts

_SPANS = {"loudness": LOUDEST, "tempo": (0.0, FASTEST)}
"""What the features that are no shares reach from and to."""
_FEWEST_BASKETS = 2


def load(database: Path, *, texts: bool = False) -> tuple[str, Corpus]:
    """Read the content mark of a database and what there is to learn from, as they stand at one moment.

    texts: whether what is written about the tracks is read too, which takes longer than all the rest.
    Where there are plays of several listeners and no playlists, each listener's tracks count as a playlist.
    Raises db.errors.DatabaseError.
    """
    with open_reader(database) as connection, one_moment(connection):
        mark, corpus = read.content_mark(connection), load_corpus(connection, texts=texts)
    if texts:
        corpus = replace(corpus, texts=replace(corpus.texts, kept=models_folder(database)))
    return mark, baskets(corpus) if _only_played(corpus.n_playlists, corpus.plays.n_listeners) else corpus


def takes_listeners(database: Path) -> bool:
    """Tell whether load() counts each listener's tracks as a playlist, for want of any.

    Raises db.errors.DatabaseError.
    """
    with open_reader(database) as connection:
        return _only_played(read.count_rows(connection)["entries"], len(read.listeners(connection)))


def _only_played(n_playlists: int, n_listeners: int) -> bool:
    return n_playlists == 0 and n_listeners >= _FEWEST_BASKETS


def load_corpus(connection: sqlite3.Connection, *, texts: bool = False) -> Corpus:
    """Read all tracks, playlists, and what was played; a track that is linked to its Spotify twin counts as the twin.

    texts: as in load().
    """
    n_keys = columns.last_track(connection) + 1
    stands_for = np.arange(n_keys, dtype=np.int64)
    keys, linked = map(_numbers, columns.link_columns(connection))
    stands_for[keys] = linked
    entries, offsets, names, dates, told = _playlists(connection, stands_for)
    raw_ids, artists, albums = _tracks(connection, n_keys)
    there = raw_ids != b""
    there[keys] = False
    return corpus_from_numbers(
        raw_ids,
        entries,
        offsets,
        artists,
        albums,
        _audio(connection, n_keys),
        names,
        dates,
        plays=plays_by_key(connection, stands_for),
        also=there,
        genres=_genres(connection, told),
        texts=_texts(connection, n_keys) if texts else NO_TEXTS,
    )


def _playlists(
    connection: sqlite3.Connection, stands_for: np.ndarray
) -> tuple[np.ndarray, np.ndarray, tuple[str, ...], np.ndarray, list[str | None]]:
    """Read the playlists with entries: the tracks' keys one after the other, int64, then offsets, names, dates, genres.

    The genres are a list in JSON for each playlist, None where none are told.
    """
    parts, names, dates, lengths = [], [], [], [0]
    genres: list[str | None] = []
    for block in columns.playlist_rows(connection):
        filled = [(name, date, told, tracks) for name, date, told, tracks in block if tracks]
        parts.append(stands_for[_numbers(",".join(tracks for *_, tracks in filled))])
        names += [name for name, *_ in filled]
        dates += [date for _, date, *_ in filled]
        genres += [told for _, _, told, _ in filled]
        lengths += [tracks.count(",") + 1 for *_, tracks in filled]
    entries = np.concatenate(parts) if parts else np.zeros(0, np.int64)
    return entries, np.cumsum(lengths), tuple(names), np.array(dates, np.int64), genres


def _genres(connection: sqlite3.Connection, of_playlists: list[str | None]) -> Genres:
    """Gather the genres of playlists, and of artists by their keys."""
    number: dict[str, int] = {}
    listed = [
        (playlist_no, number.setdefault(genre, len(number)))
        for playlist_no, told in enumerate(of_playlists)
        if told
        for genre in dict.fromkeys(json.loads(told))
    ]
    of_artists = [(key, number.setdefault(genre, len(number))) for key, genre in columns.artist_genres(connection)]
    return Genres(tuple(number), *(np.array(told, np.int32).reshape(-1, 2) for told in (listed, of_artists)))


def _texts(connection: sqlite3.Connection, n_keys: int) -> Texts:
    """Read what is written about tracks, by key."""
    sizes, parts = np.zeros(n_keys + 1, np.int64), []
    for block in columns.text_rows(connection):
        packed = [text.encode("utf-8", "replace") for _, text in block]
        sizes[[key + 1 for key, _ in block]] = [len(text) for text in packed]
        parts.append(b"".join(packed))
    return Texts(np.frombuffer(b"".join(parts), np.uint8), np.cumsum(sizes))


def _tracks(connection: sqlite3.Connection, n_keys: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Read ids and the keys of each track's main artist and album: "S22", int32, int32 by key; -1 for none."""
    raw_ids = np.zeros(n_keys, f"S{columns.ID_LENGTH}")
    artists, albums = np.full(n_keys, -1, np.int32), np.full(n_keys, -1, np.int32)
    for told in columns.track_columns(connection):
        keys = _numbers(told.keys)
        letters = np.frombuffer(told.ids.encode("ascii"), np.uint8)
        # What is filled up with spaces ends where they begin, as bytes of numpy do with zeros.
        raw_ids[keys] = np.where(letters == ord(" "), 0, letters).astype(np.uint8).view(raw_ids.dtype)
        albums[keys] = _numbers(told.albums)
        artists[_numbers(told.credited)] = _numbers(told.artists)
    return raw_ids, artists, albums


def _audio(connection: sqlite3.Connection, n_keys: int) -> np.ndarray | None:
    """Read how tracks sound: float32, shape (n_keys, features), by recommender.corpus.AUDIO, NaN where not known."""
    audio, width = None, len(columns.HEARD) + 1
    for block in columns.audio_rows(connection):
        rows = np.fromiter(chain.from_iterable(block), np.float64, width * len(block)).reshape(-1, width)
        rows[np.isinf(rows)] = np.nan
        if audio is None:
            audio = np.full((n_keys, len(columns.HEARD)), np.nan, np.float32)
        audio[rows[:, 0].astype(np.int64)] = rows[:, 1:]
    if audio is not None:
        for feature, (low, high) in _SPANS.items():
            column = columns.HEARD.index(feature)
            audio[:, column] = np.clip((audio[:, column] - low) / (high - low), 0, 1)
    return audio


def plays_by_key(connection: sqlite3.Connection, stands_for: np.ndarray | None = None) -> Plays:
    """Read who played what, numbered by the keys of tracks, or of those that stand for them (by key: integers)."""
    keys, names = zip(*rows, strict=True) if (rows := read.listeners(connection)) else ((), ())
    number = {key: place for place, key in enumerate(keys)}
    parts = [np.zeros((4, 0), np.int64)]
    for key, *told in columns.play_columns(connection):
        tracks, counts, last_played = map(_numbers, told)
        parts.append(np.stack([np.full(len(tracks), number[key]), tracks, counts, last_played]))
    listener_nos, tracks, counts, last_played = np.concatenate(parts, axis=1)
    numbers = tracks if stands_for is None else stands_for[tracks]
    return plays_from_pairs(names, listener_nos, numbers, counts, last_played)


def _numbers(text: str) -> np.ndarray:
    """Read whole numbers between commas: int64."""
    return np.fromstring(text, np.int64, sep=",")
