"""Small worlds of playlists whose right answer is known."""

from dataclasses import replace

import numpy as np

from recommender.corpus import AUDIO, Corpus, corpus_from_lists
from recommender.genres import Genres
from recommender.models.contract import Model
from recommender.texts import Texts, texts_of

PLAYLISTS = 80
LENGTH = 12
TRACKS_OF_TASTE = 20
ARTISTS_OF_TASTE = 5
OWN_IN_NOISY = 9
QUERIES = 20
SEEDS = 3
TOP = 5
MOODS = ("calm", "loud")
"""The word by which a playlist's name tells its taste."""
OCCASIONS = ("evening", "morning", "drive")
MISLED = 5
"""Where worlds are noisy, one of so many titles and playlists tells the other taste."""


def clean_world(rng: np.random.Generator) -> tuple[Corpus, np.ndarray]:
    """Two tastes that never mix: a corpus, and the taste 0 or 1 of each track number (int64, shape (tracks,))."""
    return _world(rng, own=LENGTH)


def noisy_world(rng: np.random.Generator) -> tuple[Corpus, np.ndarray]:
    """Two tastes where a quarter of each playlist is foreign: 9 own tracks and 3 of the other taste."""
    return _world(rng, own=OWN_IN_NOISY)


def _world(rng: np.random.Generator, own: int) -> tuple[Corpus, np.ndarray]:
    names = [[f"taste{taste}track{number:03d}" for number in range(TRACKS_OF_TASTE)] for taste in (0, 1)]
    playlists = []
    for playlist_no in range(PLAYLISTS):
        taste = playlist_no % 2
        foreign = rng.choice(names[1 - taste], LENGTH - own, replace=False)
        tracks = [*rng.choice(names[taste], own, replace=False), *foreign]
        playlists.append([str(track) for track in rng.permutation(tracks)])
    corpus = corpus_from_lists(playlists)
    raw_ids = corpus.vocabulary.raw_ids(np.arange(corpus.n_tracks))
    tastes = np.array([int(raw_id[len("taste")]) for raw_id in raw_ids])
    # An artist has one taste.
    artists = tastes * ARTISTS_OF_TASTE + np.array([int(raw_id[-3:]) % ARTISTS_OF_TASTE for raw_id in raw_ids])
    titles = tuple(f"{MOODS[p % 2]} {OCCASIONS[p % 3]} {p}" for p in range(PLAYLISTS))
    misled = MISLED if own < LENGTH else TRACKS_OF_TASTE * PLAYLISTS
    return replace(
        corpus,
        artists=artists.astype(np.int32),
        names=titles,
        audio=_sounds(tastes, 0.12 if own == LENGTH else 0.2, rng),
        genres=_genres(misled),
        texts=_texts(tastes, artists, misled),
    ), tastes


def _genres(misled: int) -> Genres:
    """Let half of the playlists, and one artist of each taste, tell a genre."""
    lists = [(p, (p + (p % misled == misled - 1)) % 2) for p in range(PLAYLISTS // 2)]
    artists = [(taste * ARTISTS_OF_TASTE, taste) for taste in (0, 1)]
    return Genres(MOODS, np.array(lists, np.int32), np.array(artists, np.int32))


def _texts(tastes: np.ndarray, artists: np.ndarray, misled: int) -> Texts:
    """Write artist, title and album of each track."""
    told = []
    for number, (taste, artist) in enumerate(zip(tastes.tolist(), artists.tolist(), strict=True)):
        mood = MOODS[(taste + (number % misled == misled - 1)) % 2]
        told.append(f"The {artist} Players\nA {mood} song {number}\n{mood.upper()} {artist}\n\n")
    return texts_of(told)


def _sounds(tastes: np.ndarray, noise: float, rng: np.random.Generator) -> np.ndarray:
    """Give each track a sound: three features lean to its taste, the others are anything."""
    audio = rng.random((len(tastes), len(AUDIO)), np.float32)
    leaning = [AUDIO.index(name) for name in ("energy", "acousticness", "valence")]
    audio[:, leaning] = np.clip(0.35 + 0.3 * tastes[:, None] + rng.normal(0, noise, (len(tastes), 3)), 0, 1)
    audio[:, AUDIO.index("key")] = rng.integers(12, size=len(tastes))
    audio[:, AUDIO.index("mode")] = rng.integers(2, size=len(tastes))
    return audio


def right_share(model: Model, corpus: Corpus, taste: np.ndarray, rng: np.random.Generator) -> float:
    """Give the share of right-taste tracks in the top 5, over 20 queries of 3 seeds of one taste.

    What the model cannot tell comes last, by popularity; seeds are left out.
    """
    right = 0
    for query in range(QUERIES):
        wanted = query % 2
        seeds = rng.choice(np.flatnonzero(taste == wanted), SEEDS, replace=False).astype(np.int32)
        scores = np.nan_to_num(model.scores(seeds).astype(np.float64), nan=-np.inf)
        scores[seeds] = -np.inf
        ranked = [track for track in np.argsort(-scores, kind="stable").tolist() if track not in set(seeds.tolist())]
        right += int((taste[ranked[:TOP]] == wanted).sum())
    return right / (QUERIES * TOP)
