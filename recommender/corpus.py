"""What every model learns from: playlists, and what listeners played, as arrays of track numbers."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from recommender.genres import NO_GENRES, Genres
from recommender.plays import NO_PLAYS, Plays, plays_from_pairs
from recommender.texts import NO_TEXTS, Texts
from recommender.vocabulary import Vocabulary, in_order

AUDIO = (
    "danceability", "energy", "valence", "acousticness", "instrumentalness", "speechiness", "loudness", "tempo",
    "liveness", "mode", "key",
)  # fmt: skip
"""The columns of Corpus.audio: from 0 to 1, but for the key, which goes from 0, C, to 11, B."""
LOUDEST, FASTEST = (-60.0, 0.0), 250.0
"""Decibels that loudness reaches from and to, and beats a minute that a tempo of 1 stands for."""
_COUNTED_AT_ONCE = 1_000_000


@dataclass(frozen=True)
class Corpus:
    """Playlists as one long array of track numbers with offsets. It can be walked any number of times."""

    vocabulary: Vocabulary
    entries: np.ndarray
    """int32, shape (entries,): track numbers, playlist after playlist, each in its own order, repeats kept."""
    offsets: np.ndarray
    """int64, shape (playlists + 1,): playlist p is entries[offsets[p]:offsets[p + 1]]."""
    playlist_counts: np.ndarray
    """int32, shape (tracks,): in how many playlists each track stands; never rising with the track number, and 0 for
    what was only played, or is only known of."""
    artists: np.ndarray
    """int32, shape (tracks,): the number of each track's main artist, -1 where none is known."""
    albums: np.ndarray
    """int32, shape (tracks,): the number of each track's album, -1 where none is known."""
    audio: np.ndarray
    """float32, shape (tracks, features): how each track sounds, by the columns of AUDIO, NaN where it is not known; of
    no columns where no track's features are known."""
    names: tuple[str, ...]
    """The playlists' names."""
    dates: np.ndarray
    """int64, shape (playlists,): when each was last changed, in seconds since 1970, UTC; 0 where it is not known."""
    weights: np.ndarray
    """float32, shape (playlists,): how much each counts where a model can tell; 1 unless old ones are to count less."""
    plays: Plays
    genres: Genres = NO_GENRES
    texts: Texts = NO_TEXTS
    """What is written about the tracks; NO_TEXTS unless it was asked for."""
    of_listeners: bool = False
    """Whether playlist p is what listener p of the plays played, and nobody made it: see recommender/baskets.py."""

    @property
    def n_tracks(self) -> int:
        """Count the tracks, also those that stand in no playlist and were not played."""
        return len(self.playlist_counts)

    @property
    def n_playlists(self) -> int:
        """Count the playlists."""
        return len(self.offsets) - 1

    @property
    def n_entries(self) -> int:
        """Count the places of all playlists."""
        return len(self.entries)

    def playlist(self, playlist_no: int) -> np.ndarray:
        """Give the track numbers of one playlist in order: int32, a view."""
        return self.entries[self.offsets[playlist_no] : self.offsets[playlist_no + 1]]

    def __iter__(self) -> Iterator[np.ndarray]:
        return (self.playlist(playlist_no) for playlist_no in range(self.n_playlists))

    def fingerprint(self, *, texts: bool = False, audio: bool = False, genres: bool = False) -> str:
        """Give 16 hex digits that change whenever a playlist, the vocabulary, or what was played does.

        texts, audio, genres: whether they change with what is written about the tracks too, with how they sound, and
        with who made them and of which genres they are told to be.
        """
        digest = hashlib.blake2b(digest_size=8)
        played = (self.plays.offsets, self.plays.tracks, self.plays.counts)
        beside = [self.texts.offsets, self.texts.letters] if texts else []
        beside += [self.audio] if audio else []
        beside += [self.artists, self.genres.of_playlists, self.genres.of_artists] if genres else []
        for array in (self.vocabulary.ids, self.offsets, self.entries, *played, *beside):
            digest.update(np.ravel(array).data)
        digest.update("\n".join(self.genres.names).encode("utf-8", "replace") if genres else b"")
        return digest.hexdigest()


def corpus_from_numbers(
    raw_ids: np.ndarray,
    entries: np.ndarray,
    offsets: np.ndarray,
    artists: np.ndarray | None = None,
    albums: np.ndarray | None = None,
    audio: np.ndarray | None = None,
    names: tuple[str, ...] | None = None,
    dates: np.ndarray | None = None,
    weights: np.ndarray | None = None,
    plays: Plays = NO_PLAYS,
    by_id: np.ndarray | None = None,
    also: np.ndarray | None = None,
    genres: Genres = NO_GENRES,
    texts: Texts = NO_TEXTS,
) -> Corpus:
    """Build a corpus from any numbering of the tracks: renumber by playlist count, most first, then by raw id.

    raw_ids: bytes "S22", shape (any,), indexed by the numbers in entries and plays; ids of neither are dropped, but for
    those of also: bool, shape (any,), which tracks are to be there though nobody listed or played them.
    entries: int32 or int64, shape (entries,). offsets: int64, shape (playlists + 1,). artists, albums: integers, shape
    (any,), numbered as raw_ids, below 0 where there is none; they are numbered anew. audio: float32, shape (any,
    len(AUDIO)). names, dates, weights: of the playlists. by_id: the places of raw_ids sorted by raw id, where known.
    genres: of artists by their old numbers. texts: numbered as raw_ids.
    """
    n_playlists = len(offsets) - 1
    counts = _playlist_counts(entries, offsets, len(raw_ids))
    there = counts > 0 if also is None else (counts > 0) | also
    there[plays.tracks] = True
    by_id = _sorted(raw_ids, there) if by_id is None else by_id[there[by_id]]
    order = by_id[_most_first(counts[by_id])]
    new_number = np.zeros(len(raw_ids), np.int32)
    new_number[order] = np.arange(len(order), dtype=np.int32)
    new_artists = _renumbered(artists, order)
    return Corpus(
        Vocabulary(raw_ids[order], new_number[by_id]),
        new_number[entries],
        offsets.astype(np.int64),
        counts[order].astype(np.int32),
        new_artists,
        _renumbered(albums, order),
        np.zeros((len(order), 0), np.float32) if audio is None else audio[order],
        ("",) * n_playlists if names is None else names,
        np.zeros(n_playlists, np.int64) if dates is None else dates,
        np.ones(n_playlists, np.float32) if weights is None else weights,
        plays_from_pairs(plays.listeners, plays.listener_of, new_number[plays.tracks], plays.counts, plays.last_played),
        NO_GENRES if artists is None else genres.renumbered(_new_numbers(artists[order], new_artists)),
        texts.taken(order) if len(texts) else texts,
    )


def _sorted(raw_ids: np.ndarray, there: np.ndarray) -> np.ndarray:
    """Give the places of those that are there, by raw id: int64."""
    present = np.flatnonzero(there)
    places: np.ndarray = present[in_order(raw_ids[present])]
    return places


def _renumbered(told: np.ndarray | None, order: np.ndarray) -> np.ndarray:
    """Number artists or albums from 0 on, in the order in which the tracks name them."""
    if told is None:
        return np.full(len(order), -1, np.int32)
    told = told[order]
    backwards = np.flatnonzero(told >= 0)[::-1]
    # Of several places the last one written stands, which is the first.
    first = np.zeros(told.max(initial=-1) + 1, np.int64)
    first[told[backwards]] = backwards
    begins = np.zeros(len(told), bool)
    begins[first[told[backwards]]] = True
    new = np.full(len(told), -1, np.int32)
    new[backwards] = (np.cumsum(begins) - 1)[first[told[backwards]]]
    return new


def _new_numbers(told: np.ndarray, new: np.ndarray) -> np.ndarray:
    """Give the new number by the old one: int32, shape (highest old one + 1,), -1 for what is gone."""
    numbers = np.full(told.max(initial=-1) + 1, -1, np.int32)
    numbers[told[told >= 0]] = new[told >= 0]
    return numbers


def _most_first(counts: np.ndarray) -> np.ndarray:
    """Give the places of the counts, the highest first, of equal ones the first place first: int64."""
    # One sort of whole numbers that are all different takes a tenth of a stable one of places.
    keys = (counts.max(initial=0) - counts.astype(np.int64)) * len(counts) + np.arange(len(counts))
    keys.sort()
    places: np.ndarray = keys % max(len(counts), 1)
    return places


def taking_part(weights: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Draw the playlists that take part where one does so wholly or not at all: int64, by their weights, rising.

    Where all weigh 1, nothing is drawn, and all do.
    """
    return np.arange(len(weights)) if (weights >= 1).all() else np.flatnonzero(rng.random(len(weights)) < weights)


def corpus_from_lists(playlists: list[list[str]]) -> Corpus:
    """Build a corpus from playlists of raw ids in memory: for small worlds and for experiments."""
    raw_ids = np.unique(np.array([track for playlist in playlists for track in playlist] or [""], "S22"))
    offsets = np.cumsum([0] + [len(playlist) for playlist in playlists])
    flat = np.array([track for playlist in playlists for track in playlist], "S22")
    return corpus_from_numbers(raw_ids, np.searchsorted(raw_ids, flat), offsets)


def _playlist_counts(entries: np.ndarray, offsets: np.ndarray, n_tracks: int) -> np.ndarray:
    """Count the playlists that hold each track, so many entries at once that the sorted pairs take little room."""
    counts = np.zeros(n_tracks, np.int64)
    borders = np.searchsorted(offsets, np.arange(0, len(entries), _COUNTED_AT_ONCE))
    for first, last in pairwise([*np.unique(borders).tolist(), len(offsets) - 1]):
        lengths = np.diff(offsets[first : last + 1])
        pairs = np.repeat(np.arange(last - first, dtype=np.int64) * n_tracks, lengths)
        pairs += entries[offsets[first] : offsets[last]]
        pairs.sort()
        new = np.ones(len(pairs), bool)
        np.not_equal(pairs[1:], pairs[:-1], out=new[1:])
        counts += np.bincount(pairs[new] % max(n_tracks, 1), minlength=n_tracks)
    return counts
