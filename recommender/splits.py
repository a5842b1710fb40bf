"""Which playlists to learn from, and which to be measured on."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from recommender.corpus import Corpus, corpus_from_numbers
from recommender.holdings import holdings
from recommender.vocabulary import NOT_FOUND

if TYPE_CHECKING:
    from scipy.sparse import csr_array

_MOST_TEST = 1_000
_MOST_VALIDATION = 500
_COMPARED_AT_ONCE = 100
"""Among 200,000 playlists so many share tracks with 20 million pairs at the most: some 300 megabytes."""


@dataclass(frozen=True)
class HeldOut:
    """A corpus to learn from, and playlists of the same database that are not in it."""

    corpus: Corpus
    seeds: list[np.ndarray]
    """The first tracks of each held-out playlist that the corpus knows: int32 track numbers."""
    truths: list[np.ndarray]
    """What followed: int32 track numbers; tracks that the corpus does not know count in truth_sizes only."""
    truth_sizes: list[int]
    names: tuple[str, ...] = ()
    """What the held-out playlists are called."""
    unlike: int = 0
    """How many playlists are unlike the held-out ones; the corpus holds all of them, or a sample."""


@dataclass(frozen=True)
class Split:
    """A corpus to learn from, and two sets of playlists that are not in it: to choose settings on, and to report on."""

    training: Corpus
    validation: list[np.ndarray]
    """The different tracks of each playlist, in its order: int32, NOT_FOUND where the training part lacks a track."""
    test: list[np.ndarray]
    """The same for the playlists on which nothing may be chosen."""
    validation_names: tuple[str, ...] = ()
    """What the playlists of `validation` are called."""
    test_names: tuple[str, ...] = ()


def hold_out(corpus: Corpus, rng: np.random.Generator, share: float, most: int, n_seeds: int) -> HeldOut:
    """Hold out a share of the playlists with more than 2 * n_seeds different tracks, `most` at the most.

    Near-copies of a held-out playlist (more than half of the different tracks of the shorter one shared) leave the
    training part, so that nothing is measured on what was learned by heart.
    """
    holds = holdings(corpus, np.int32)
    long_enough = np.flatnonzero(np.diff(holds.indptr) > 2 * n_seeds)
    wanted = min(most, int(share * corpus.n_playlists), len(long_enough))
    held = np.sort(rng.choice(long_enough, size=wanted, replace=False)) if wanted else np.zeros(0, np.int64)
    return _held_out(corpus, holds, held, n_seeds)


def folds(
    corpus: Corpus, rng: np.random.Generator, wanted: int, n_folds: int, n_seeds: int, most_entries: int
) -> list[HeldOut]:
    """Hold out `wanted` playlists as hold_out does, but a part of them at a time, each playlist once at the most.

    most_entries: where the others have more, a sample of them drawn by chance is what remains to learn from.
    """
    holds = holdings(corpus, np.int32)
    long_enough = np.flatnonzero(np.diff(holds.indptr) > 2 * n_seeds)
    drawn = rng.choice(long_enough, size=min(wanted, len(long_enough)), replace=False)
    parts = [np.sort(held) for held in np.array_split(drawn, n_folds)]
    unlike = [_without_copies(holds, held) for held in parts]
    return [
        replace(_learning_from(corpus, _sample(corpus, kept, rng, most_entries), held, n_seeds), unlike=len(kept))
        for held, kept in zip(parts, unlike, strict=True)
    ]


def _sample(corpus: Corpus, kept: np.ndarray, rng: np.random.Generator, most_entries: int) -> np.ndarray:
    lengths = np.diff(corpus.offsets)[kept]
    if lengths.sum() <= most_entries:
        return kept
    drawn = rng.permutation(len(kept))
    return kept[np.sort(drawn[np.cumsum(lengths[drawn]) <= most_entries])]


def long_playlists(corpus: Corpus, seeds_of: Sequence[int]) -> list[int]:
    """Count, for each number of seeds, the playlists that hold_out may choose from."""
    lengths = np.diff(holdings(corpus, np.int32).indptr)
    return [int((lengths > 2 * n_seeds).sum()) for n_seeds in seeds_of]


def _held_out(corpus: Corpus, holds: "csr_array", held: np.ndarray, n_seeds: int) -> HeldOut:
    kept = _without_copies(holds, held)
    return replace(_learning_from(corpus, kept, held, n_seeds), unlike=len(kept))


def _learning_from(corpus: Corpus, kept: np.ndarray, held: np.ndarray, n_seeds: int) -> HeldOut:
    training, new_number = kept_only(corpus, kept)
    seeds, truths, sizes = [], [], []
    for playlist_no in held:
        distinct = each_once(corpus.playlist(int(playlist_no)))
        seed, truth = new_number[distinct[:n_seeds]], new_number[distinct[n_seeds:]]
        seeds.append(seed[seed != NOT_FOUND])
        truths.append(truth[truth != NOT_FOUND])
        sizes.append(len(truth))
    return HeldOut(training, seeds, truths, sizes, _names(corpus, held))


def three_parts(corpus: Corpus, rng: np.random.Generator, fewest: int, parts: int = 10, turn: int = 0) -> Split:
    """Part the playlists: of those with at least `fewest` different tracks a tenth to validate, two for the test.

    At most 500 and 1,000 are taken, in an order drawn by chance, so that the first few are as good as any. Near-copies
    of them (as in hold_out) leave the training part, and those of a test playlist are no validation playlists either.
    parts: into how many equal parts the playlists go; fewer for a small collection. turn: each has the same test
    playlists, and others to validate on: a choice may be held against several turns, and the test is still fair.
    """
    holds = holdings(corpus, np.int32)
    drawn = rng.permutation(np.flatnonzero(np.diff(holds.indptr) >= fewest))
    test = drawn[: min(_MOST_TEST, 2 * len(drawn) // parts)]
    free = drawn[np.isin(drawn, _without_copies(holds, test))]
    size = min(_MOST_VALIDATION, len(drawn) // parts)
    validation = free[turn * size : (turn + 1) * size]
    training, new_number = kept_only(corpus, _without_copies(holds, np.concatenate([test, validation])))
    validated, tested = ([new_number[each_once(corpus.playlist(int(p)))] for p in part] for part in (validation, test))
    return Split(training, validated, tested, _names(corpus, validation), _names(corpus, test))


def kept_only(corpus: Corpus, kept: np.ndarray) -> tuple[Corpus, np.ndarray]:
    """Give a corpus of the kept playlists, and each track's number in it: int32, NOT_FOUND where it has none."""
    lengths = np.diff(corpus.offsets)[kept]
    entries = np.concatenate([corpus.playlist(int(p)) for p in kept]) if len(kept) else np.zeros(0, np.int32)
    # What a listener played would tell a model of plays the basket that is held out.
    plays = corpus.plays.of(kept) if corpus.of_listeners and corpus.plays.n_listeners else corpus.plays
    by_id = np.asarray(corpus.vocabulary.by_id)
    training = corpus_from_numbers(
        np.asarray(corpus.vocabulary.ids),
        entries,
        np.append(0, np.cumsum(lengths)),
        corpus.artists,
        corpus.albums,
        corpus.audio,
        _names(corpus, kept),
        corpus.dates[kept],
        corpus.weights[kept],
        plays,
        by_id,
        genres=corpus.genres.of_kept(kept),
        texts=corpus.texts,
    )
    there = np.zeros(corpus.n_tracks, bool)
    there[entries] = there[plays.tracks] = True
    new_number = np.full(corpus.n_tracks, NOT_FOUND, np.int32)
    # Both stand in the order of the ids, so that nothing has to be looked up.
    new_number[by_id[there[by_id]]] = training.vocabulary.by_id
    return replace(training, of_listeners=corpus.of_listeners), new_number


def _names(corpus: Corpus, playlist_nos: np.ndarray) -> tuple[str, ...]:
    return tuple(corpus.names[p] for p in playlist_nos.tolist())


def _without_copies(holds: "csr_array", held: np.ndarray) -> np.ndarray:
    kept = np.ones(holds.shape[0], bool)
    kept[held] = False
    sizes = np.diff(holds.indptr)
    holders = holds.T.tocsr()
    for first in range(0, len(held), _COMPARED_AT_ONCE):
        asked = held[first : first + _COMPARED_AT_ONCE]
        shared = (holds[asked] @ holders).tocoo()  # pairs that share nothing are not in it
        copies = 2 * shared.data > np.minimum(sizes[asked][shared.row], sizes[shared.col])
        kept[shared.col[copies]] = False
    return np.flatnonzero(kept)


def each_once(tracks: np.ndarray) -> np.ndarray:
    """Give each track once, where it comes first."""
    _, first = np.unique(tracks, return_index=True)
    return tracks[np.sort(first)]
