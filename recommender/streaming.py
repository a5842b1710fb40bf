"""The door for collections that need not fit into memory: rows in, blocks of a numbered corpus out.

What is kept meanwhile grows with the tracks, by some twenty bytes each, and with what was played, not with the entries.
"""

import hashlib
import json
import sqlite3
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from functools import partial
from itertools import chain
from pathlib import Path

import numpy as np

from db import collection, columns, read
from db.connection import one_moment, open_reader
from recommender.load import plays_by_key
from recommender.models.contract import Progress, no_progress
from recommender.plays import plays_from_pairs
from recommender.writing.export_manifest import MANIFEST, Exported
from recommender.writing.parquet import ENTRIES, PLAYLISTS, TRACKS, Block, write_table

_TRACKS_AT_ONCE = 50_000
_COUNTING, _TRACKS, _ENTRIES = 0.3, 0.3, 0.35
"""The shares of the time that the three long passes take, for the progress; by measuring."""


@dataclass
class _Numbering:
    """What each track is called: by its number in the corpus, and by its key in the database."""

    number_of: np.ndarray
    """int32, shape (keys,): the number of each key, that of its Spotify twin where it has one; -1 for none."""
    keys: np.ndarray
    """int32, shape (tracks,): the key of each number."""
    counts: np.ndarray
    """int32, shape (tracks,): in how many playlists each track stands."""
    lengths: np.ndarray
    """int64, shape (playlists,)."""
    digest: "hashlib.blake2b" = field(default_factory=partial(hashlib.blake2b, digest_size=8))
    """What becomes the corpus's fingerprint, as Corpus.fingerprint makes it."""


def export_collection(database: Path, folder: Path, progress: Progress = no_progress) -> Exported:
    """Write all playlists into tables in a folder, numbered as load_corpus numbers them, as they stand at one moment.

    Raises db.errors.DatabaseError, OSError.
    """
    with open_reader(database) as connection, one_moment(connection):
        content = read.content_mark(connection)
        n_entries = read.count_rows(connection)["entries"]
        numbering = _numbered(connection, lambda done: progress(_COUNTING * done / max(n_entries, 1)))
        n_tracks, n_playlists = len(numbering.keys), len(numbering.lengths)
        counted = _watched(_tracks(connection, numbering), n_tracks, progress, _COUNTING, _TRACKS)
        write_table(folder / "tracks", TRACKS, counted)
        numbering.digest.update(np.append(0, np.cumsum(numbering.lengths)).astype(np.int64).data)
        walked = _watched(_entries(connection, numbering), n_entries, progress, _COUNTING + _TRACKS, _ENTRIES)
        write_table(folder / "entries", ENTRIES, walked)
        write_table(folder / "playlists", PLAYLISTS, _playlists(connection, numbering.lengths))
        _digest_plays(connection, numbering)
    progress(1.0)
    return Exported(n_playlists, n_tracks, n_entries, content, numbering.digest.hexdigest())


def write_export(database: Path, folder: Path, progress: Progress = no_progress) -> Exported:
    """Write the tables with what stands beside them into a folder, which is made where it is not there.

    Raises db.errors.DatabaseError, OSError.
    """
    folder.mkdir(exist_ok=True)
    exported = export_collection(database, folder, progress)
    (folder / MANIFEST).write_text(json.dumps(asdict(exported), indent=1) + "\n", encoding="utf-8")
    return exported


def _watched(blocks: Iterator[Block], n_rows: int, progress: Progress, before: float, share: float) -> Iterator[Block]:
    done = 0
    for block in blocks:
        yield block
        done += len(next(iter(block.values())))
        progress(before + share * done / max(n_rows, 1))


def _numbered(connection: sqlite3.Connection, show: Progress) -> _Numbering:
    """Count in how many playlists each track stands, and number them: most first, then by raw id."""
    n_keys = columns.last_track(connection) + 1
    stands_for = np.arange(n_keys, dtype=np.int32)
    keys, linked = (np.fromstring(text, np.int32, sep=",") for text in columns.link_columns(connection))
    stands_for[keys] = linked
    counts, lengths, done = np.zeros(n_keys, np.int32), [], 0
    for starts, tracks in _whole_playlists(connection):
        sizes = np.diff(np.append(starts, len(tracks)))
        pairs = np.unique(np.repeat(np.arange(len(starts)), sizes) * n_keys + stands_for[tracks])
        found, times = np.unique(pairs % n_keys, return_counts=True)
        counts[found] += times.astype(np.int32)
        lengths.append(sizes)
        done += len(tracks)
        show(done)
    by_id = np.fromiter(
        (key for block in collection.keys_by_track_id(connection) for (key,) in block), np.int32, count=-1
    )
    there = counts > 0
    there[stands_for[plays_by_key(connection).tracks]] = True
    by_id = by_id[there[by_id]]
    keys = by_id[np.argsort(-counts[by_id], kind="stable")]
    number = np.full(n_keys, -1, np.int32)
    number[keys] = np.arange(len(keys), dtype=np.int32)
    return _Numbering(number[stands_for], keys, counts[keys], np.concatenate([np.zeros(0, np.int64), *lengths]))


def _whole_playlists(connection: sqlite3.Connection) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Give the entries in blocks of whole playlists: where each starts, and the keys of all tracks; both int64."""
    kept = np.zeros((0, 2), np.int64)
    for block in read.entry_rows(connection):
        rows = np.concatenate([kept, np.fromiter(chain.from_iterable(block), np.int64, 2 * len(block)).reshape(-1, 2)])
        starts = np.flatnonzero(np.diff(rows[:, 0], prepend=-1))
        kept = rows[starts[-1] :]
        if len(starts) > 1:
            yield starts[:-1], rows[: starts[-1], 1]
    if len(kept):
        yield np.zeros(1, np.int64), kept[:, 1]


def _tracks(connection: sqlite3.Connection, numbering: _Numbering) -> Iterator[Block]:
    artists, albums = _Appearing(), _Appearing()
    for start in range(0, len(numbering.keys), _TRACKS_AT_ONCE):
        part = slice(start, start + _TRACKS_AT_ONCE)
        ids, by, on = zip(*collection.tracks_of(connection, numbering.keys[part].tolist()), strict=True)
        numbering.digest.update(np.array(ids, "S22").data)
        yield {
            "track_no": np.arange(start, start + len(ids), dtype=np.int32),
            "track_id": list(ids),
            "playlist_count": numbering.counts[part],
            "artist_no": artists.numbers(np.array(by)),
            "album_no": albums.numbers(np.array(on)),
        }


class _Appearing:
    """Numbers artists or albums from 0 on, in the order in which the tracks name them."""

    def __init__(self) -> None:
        self._number_of = np.full(1024, -1, np.int32)
        self._n = 0

    def numbers(self, keys: np.ndarray) -> np.ndarray:
        """Number some more keys: int32, -1 for what is below 0."""
        if (lacking := int(keys.max(initial=-1)) + 1 - len(self._number_of)) > 0:
            more = np.full(max(lacking, len(self._number_of)), -1, np.int32)
            self._number_of = np.concatenate([self._number_of, more])
        unseen = keys[(keys >= 0) & (self._number_of[keys] < 0)]
        new, first = np.unique(unseen, return_index=True)
        self._number_of[new[np.argsort(first)]] = np.arange(self._n, self._n + len(new), dtype=np.int32)
        self._n += len(new)
        return np.where(keys < 0, np.int32(-1), self._number_of[keys])


def _entries(connection: sqlite3.Connection, numbering: _Numbering) -> Iterator[Block]:
    before = 0
    for starts, tracks in _whole_playlists(connection):
        sizes = np.diff(np.append(starts, len(tracks)))
        numbers = numbering.number_of[tracks]
        numbering.digest.update(numbers.data)
        yield {
            "playlist_no": np.repeat(np.arange(before, before + len(starts), dtype=np.int32), sizes),
            "position": (np.arange(len(tracks)) - np.repeat(starts, sizes)).astype(np.int32),
            "track_no": numbers,
        }
        before += len(starts)


def _playlists(connection: sqlite3.Connection, lengths: np.ndarray) -> Iterator[Block]:
    before = 0
    for block in collection.filled_playlists(connection):
        ids, names, dates = zip(*block, strict=True)
        part = slice(before, before + len(ids))
        yield {
            "playlist_no": np.arange(before, before + len(ids), dtype=np.int32),
            "playlist_id": list(ids),
            "name": list(names),
            "modified_at": np.array(dates, np.int64),
            "length": lengths[part].astype(np.int32),
        }
        before += len(ids)


def _digest_plays(connection: sqlite3.Connection, numbering: _Numbering) -> None:
    plays = plays_by_key(connection)
    numbered = plays_from_pairs(
        plays.listeners, plays.listener_of, numbering.number_of[plays.tracks], plays.counts, plays.last_played
    )
    for array in (numbered.offsets, numbered.tracks, numbered.counts):
        numbering.digest.update(np.ascontiguousarray(array).data)
