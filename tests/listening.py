"""Small worlds of listeners, whose plays are known and have their reasons."""

import numpy as np

from recommender.corpus import Corpus, corpus_from_numbers
from recommender.plays import plays_from_pairs
from recommender.ratings import FEWEST_LISTENERS

TASTES = 4
LISTENERS_OF_TASTE, TRACKS_OF_TASTE, HEARD = 30, 20, 12
OFTEN, SELDOM = 20, 2


def listening_world(
    rng: np.random.Generator, n_listeners: int = 60, n_tracks: int = 80, each: int = 24, n_playlists: int = 0
) -> tuple[Corpus, np.ndarray]:
    """Listeners who play tracks of their own taste four times as often: a corpus, and the taste of each track (int64).

    each: so many tracks a listener plays, three quarters of them of the own taste. Some tracks are played more by
    everybody, some listeners play more. Playlists, if any, hold ten tracks of one taste out of the first half.
    """
    taste, fame, habit = (
        rng.integers(TASTES, size=n_tracks),
        rng.normal(0, 0.5, n_tracks),
        rng.normal(0, 0.4, n_listeners),
    )
    listeners, tracks, counts = [], [], []
    for listener in range(n_listeners):
        likes = taste == listener % TASTES
        chance = np.where(likes, 3 / likes.sum(), 1 / (~likes).sum()) * np.exp(fame)
        chosen = rng.choice(n_tracks, min(each, n_tracks), replace=False, p=chance / chance.sum())
        level = 1.0 + habit[listener] + fame[chosen] + np.log(4) * likes[chosen] + rng.normal(0, 0.3, len(chosen))
        listeners.append(np.full(len(chosen), listener))
        tracks.append(chosen)
        counts.append(1 + rng.poisson(np.exp(level)))
    names = tuple(f"listener {number:05d}" for number in range(n_listeners))
    told = [np.concatenate(part) for part in (listeners, tracks, counts)]
    plays = plays_from_pairs(names, *told, np.zeros(len(told[0]), np.int64))
    half = [np.flatnonzero(taste[: n_tracks // 2] == number % TASTES) for number in range(n_playlists)]
    lists = [rng.permutation(own)[:10] for own in half]
    raw_ids = np.array([f"track{number:06d}" for number in range(n_tracks)], "S22")
    entries = np.concatenate([np.zeros(0, np.int64), *lists])
    corpus = corpus_from_numbers(raw_ids, entries, np.cumsum([0, *map(len, lists)]), plays=plays)
    numbers = np.array([int(raw_id[5:]) for raw_id in corpus.vocabulary.raw_ids(np.arange(corpus.n_tracks))])
    return corpus, taste[numbers]


def played(counts: np.ndarray, artists: np.ndarray | None = None) -> Corpus:
    """Make a corpus without playlists from a table of counts: whole numbers, shape (listeners, tracks), 0 for no pair.

    Track numbers stay those of the columns that anybody played; artists: whole numbers, shape (tracks,).
    """
    listeners, tracks = np.nonzero(counts)
    names = tuple(f"listener {number}" for number in range(len(counts)))
    plays = plays_from_pairs(names, listeners, tracks, counts[listeners, tracks], np.zeros(len(tracks), np.int64))
    raw_ids = np.array([f"track{number:04d}" for number in range(counts.shape[1])], "S22")
    return corpus_from_numbers(raw_ids, np.zeros(0, np.int64), np.zeros(1, np.int64), artists, plays=plays)


def two_tastes(rng: np.random.Generator) -> tuple[Corpus, np.ndarray, np.ndarray]:
    """Two tastes: each listener heard 12 of 20 tracks of his own, often, and 3 of the other, seldom.

    Returns the corpus, and the tastes of listeners and of tracks: int64 zeros and ones.
    """
    of_listeners = np.arange(2 * LISTENERS_OF_TASTE) % 2
    of_tracks = np.arange(2 * TRACKS_OF_TASTE) % 2
    assert len(of_listeners) >= FEWEST_LISTENERS
    counts = np.zeros((len(of_listeners), len(of_tracks)), np.int64)
    for listener, taste in enumerate(of_listeners.tolist()):
        own = rng.choice(np.flatnonzero(of_tracks == taste), HEARD, replace=False)
        other = rng.choice(np.flatnonzero(of_tracks != taste), 3, replace=False)
        counts[listener, own] = OFTEN + rng.integers(-2, 3, len(own))
        counts[listener, other] = SELDOM
    return played(counts), of_listeners, of_tracks
