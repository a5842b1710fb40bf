"""A generated world of listeners whose tastes are known."""

import numpy as np

from recommender.corpus import Corpus, corpus_from_numbers
from recommender.plays import plays_from_pairs

TASTES = 4


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
