"""A database whose songs differ in all that a list is chosen by: artists, years, genres, sound, fame, versions."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from db.identity import made_up_id
from db.records import Album, Artist, AudioFeatures, Playlist, Track
from recommender.models.registry import KINDS
from tests.models.tiny_bert import can_read
from tests.recommender.songs import TASTES, add, playlist, spotify_id, train

SONGS, LISTS, LONG = 24, 40, 9
GENRES = {"calm": ("ambient",), "loud": ("hard rock", "metal")}
REMASTERED, LIVE = range(1, 7), range(4, 9)
"""Numbers of the songs that stand here as a remaster, too, or played live; a remaster is known better."""


def artist_no(number: int) -> int:
    """Tell who made a song: one artist made a third of them."""
    return 0 if number % 3 == 0 else number % 6


def varied(taste: str, number: int, version: str = "") -> Track:
    """Give a song of a taste, or a version of it; of some it is not known how old or how explicit they are."""
    name = f"{taste} song {number}" + {"": "", "remaster": " - Remastered 2011", "live": " (Live)"}[version]
    made_by = f"{taste} artist {artist_no(number)}"
    year = None if number % 5 == 4 else str(1980 + number)
    return Track(
        spotify_id(f"{taste}{number:02d}{version}") if number % 8 != 7 or version else made_up_id(made_by, name),
        name,
        (Artist(made_by, genres=() if artist_no(number) == 1 else GENRES[taste]),),
        Album(f"{taste} album {number} {version}", release_date=year),
        duration_ms=200_000 + 7_000 * number,
        explicit=None if number % 7 == 6 else number % 4 == 0,
    )


def every_version(taste: str, number: int) -> list[Track]:
    """Give a song and all its versions that are here."""
    return [
        varied(taste, number),
        *([varied(taste, number, "remaster")] if number in REMASTERED else []),
        *([varied(taste, number, "live")] if number in LIVE else []),
    ]


def sounds() -> Iterator[AudioFeatures]:
    """Give what is known of how songs sound: of a sixth of them nothing."""
    for taste in TASTES:
        for number in range(SONGS):
            if number % 6 != 5:
                yield AudioFeatures(
                    varied(taste, number), energy=number / SONGS, valence=0.5, key=5 * number % 12, mode=number % 2,
                    tempo=80.0 + 3 * number, danceability=0.6, acousticness=0.1, instrumentalness=0.2, loudness=-9.0,
                    liveness=0.1, speechiness=0.1, time_signature=4,
                )  # fmt: skip


def lists() -> Iterator[Playlist]:
    """Give playlists of one taste each: low numbers stand in more of them, and a few strangers in each."""
    rng = np.random.default_rng(3)
    chances = 1 / (np.arange(SONGS) + 4)
    for number in range(LISTS):
        for taste, other in (TASTES, TASTES[::-1]):
            held = []
            for drawn in rng.choice(SONGS, LONG, replace=False, p=chances / chances.sum()).tolist():
                kin = every_version(taste, drawn)
                # The remaster, which is the second, stands in most of the playlists.
                held.append(kin[0] if rng.random() < 0.25 else kin[min(1 + int(rng.random() < 0.3), len(kin) - 1)])
            if number % 4 == 0:
                held.append(varied(other, int(rng.integers(SONGS))))
            yield playlist(f"{taste} evening {number}", held)


def furnish(database: Path) -> None:
    """Store all of it, and train every kind of model."""
    add(database, [*lists(), *sounds()])
    for kind in (kind for kind in KINDS if kind != "meaning" or can_read()):
        train(database, [kind], **({"workers": "1"} if kind == "word2vec" else {}))
