"""A made-up world with all that the pages show: three kinds of music, playlists, listeners, sounds, years, likes."""

from pathlib import Path

import numpy as np

from db import index
from db.connection import open_writer, transaction
from db.plays import store_plays
from db.records import Album, Artist, AudioFeatures, Play, Playlist, PlaylistEntry, Track
from db.runs import ImportRun
from db.write import store
from recommender.errors import CannotTrain
from recommender.jobs import plan, train_models

NOW = 1_760_000_000
KINDS = ("pop", "folk", "techno")
ARTISTS, SONGS = 5, 8
"""Of each kind, and of each artist."""
LISTS, LENGTH = 40, 14
LISTENERS = 24
MODELS = ("hybrid", "item-knn", "word2vec", "title", "audio", "text", "genre", "svd", "popularity")
_FOREIGN = 2
_SOUND = {"pop": (0.7, 120.0, 0.1), "folk": (0.3, 95.0, 0.85), "techno": (0.9, 132.0, 0.02)}
"""Energy, tempo, acousticness."""
_FIRST = ("Silver", "Quiet", "Broken", "Golden", "Hollow", "Distant", "Paper", "Velvet")
_SECOND = {"pop": "Balloon", "folk": "Harbour", "techno": "Circuit"}
_BAND = {"pop": "Sparks", "folk": "Family", "techno": "Machine"}
_NAMES = ("Aldo", "Bryn", "Cleo", "Dara", "Enzo")


def track_id(kind: str, artist: int, song: int) -> str:
    """Make an id of Spotify's form."""
    return f"{kind}{artist}{song}".ljust(22, "0")


def song(kind: str, artist: int, number: int) -> Track:
    """Give one song of this world."""
    band = Artist(
        f"{_NAMES[artist]} {_BAND[kind]}", f"{kind}{artist}".ljust(22, "A"), (kind, f"{_NAMES[artist].lower()} {kind}")
    )
    year = 1985 + 8 * artist + number // 4
    return Track(
        track_id(kind, artist, number),
        f"{_FIRST[number]} {_SECOND[kind]} {_NAMES[artist]}",
        (band,),
        Album(
            f"{_NAMES[artist]}'s {_SECOND[kind]}s {number // 4 + 1}",
            f"{kind}{artist}{number // 4}".ljust(22, "B"),
            f"{year}",
        ),
        180_000 + 4_000 * number,
        f"SE{kind[:1].upper()}12{artist:03d}{number:04d}",
        30 + 5 * number,
        explicit=number == 0,
    )


def songs(kind: str) -> list[Track]:
    """Give all songs of a kind."""
    return [song(kind, artist, number) for artist in range(ARTISTS) for number in range(SONGS)]


def features(track: Track, rng: np.random.Generator) -> AudioFeatures:
    """Give a sound that fits the kind of music."""
    kind = next(kind for kind in KINDS if track.track_id.startswith(kind))
    energy, tempo, acoustic = _SOUND[kind]
    near = lambda middle, spread=0.06: float(np.clip(rng.normal(middle, spread), 0, 1))  # noqa: E731
    return AudioFeatures(
        track, near(0.6), near(energy), int(rng.integers(12)), -8.0, int(rng.integers(2)), near(0.05, 0.02),
        near(acoustic), near(0.8 if kind == "techno" else 0.05), near(0.15), near(0.5, 0.2),
        float(rng.normal(tempo, 4)), 4,
    )  # fmt: skip


def playlists(rng: np.random.Generator) -> list[Playlist]:
    """Give playlists of one kind each, with a few strangers in them."""
    made = []
    for number in range(LISTS * len(KINDS)):
        kind = KINDS[number % len(KINDS)]
        own = [songs(kind)[place] for place in rng.permutation(ARTISTS * SONGS)[: LENGTH - _FOREIGN]]
        other = songs(KINDS[(number + 1) % len(KINDS)])
        strangers = [other[place] for place in rng.permutation(ARTISTS * SONGS)[:_FOREIGN]]
        entries = tuple(
            PlaylistEntry(place, one, NOW - 86_400 * (number + place)) for place, one in enumerate([*own, *strangers])
        )
        name = f"{kind} for the {('morning', 'road', 'night')[number % 7 % 3]} {number}"
        owner = f"curator {number % 6}"
        made.append(Playlist(f"made:{number}", name, entries, "made up", owner, modified_at=NOW - 3_600 * number))
    return made


def plays(rng: np.random.Generator) -> list[Play]:
    """Give what listeners played: mostly one kind each."""
    made = []
    for number in range(LISTENERS):
        own = songs(KINDS[number % len(KINDS)])
        name, other = f"listener {number}", songs(KINDS[(number + 1) % len(KINDS)])
        made += [
            Play(name, own[place], int(1 + rng.poisson(6)), NOW - int(rng.integers(10**6)))
            for place in rng.permutation(len(own))[:18]
        ]
        made += [Play(name, one, 1, NOW - 10**6) for one in other[:4]]
    return made


def make(database: Path, models: tuple[str, ...] = MODELS) -> Path:
    """Make the database and its models."""
    rng = np.random.default_rng(8)
    every = [one for kind in KINDS for one in songs(kind)]
    with open_writer(database, "a test") as connection:
        run = ImportRun("made-up", "nowhere", NOW)
        with transaction(connection):
            store(connection, run, [*playlists(rng), *every, *(features(one, rng) for one in every)])
            store_plays(connection, run, "made-up plays", plays(rng))
        index.finish(connection)
    if models:
        for told in train_models(database, plan(models, None, {}, None), 1, False, NOW, lambda _name, _share: None):
            assert not isinstance(told, CannotTrain), told
    return database
