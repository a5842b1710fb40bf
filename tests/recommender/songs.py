"""Small databases of songs for the tests: two tastes of music, and whatever a test adds."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from db import index
from db.connection import open_writer, transaction
from db.identity import made_up_id
from db.records import Album, Artist, AudioFeatures, Playlist, PlaylistEntry, Track
from db.runs import ImportRun
from db.write import store
from recommender.artifacts import models_folder, read_model
from recommender.jobs import plan, train_models

TASTES = ("calm", "loud")
SONGS_OF_TASTE = 15
LISTS_OF_TASTE = 20
NOW = 1_700_000_000


def spotify_id(text: str) -> str:
    """Make a track id of Spotify's form from any short word."""
    return f"{text:0<22}"


def song(name: str, artist: str | Sequence[str], track_id: str | None = None, **more: object) -> Track:
    """Make a track; without an id it gets the one of its artist and title."""
    artists = (artist,) if isinstance(artist, str) else tuple(artist)
    return Track(track_id or made_up_id(artists[0], name), name, tuple(map(Artist, artists)), **more)  # type: ignore[arg-type]


def taste_song(taste: str, number: int) -> Track:
    """Give one song of the two tastes: five artists of three songs each."""
    return song(
        f"{taste} song {number}",
        f"{taste} artist {number % 5}",
        spotify_id(f"{taste}{number:02d}"),
        album=Album(f"{taste} album"),
    )


def playlist(playlist_id: str, tracks: Iterable[Track]) -> Playlist:
    """Make a playlist of tracks in their order."""
    return Playlist(playlist_id, playlist_id, tuple(PlaylistEntry(place, track) for place, track in enumerate(tracks)))


def taste_playlists() -> list[Playlist]:
    """Give 20 playlists of each taste, 8 songs each; low numbers stand in more of them."""
    return [
        playlist(f"{taste}-{number}", (taste_song(taste, (number * step) % SONGS_OF_TASTE) for step in range(8)))
        for taste in TASTES
        for number in range(1, LISTS_OF_TASTE + 1)
    ]


def add(database: Path, playlists: Iterable[Playlist | AudioFeatures], source: str = "test") -> None:
    """Store playlists, and what else there is, as one import, and bring the index up to them."""
    with open_writer(database, "a test") as connection:
        with transaction(connection):
            store(connection, ImportRun(source, "a test", NOW), playlists)
        index.finish(connection)


def train(
    database: Path, kinds: Sequence[str] = ("item-knn", "popularity"), name: str | None = None, **words: str
) -> None:
    """Train models, unmeasured."""
    for outcome in train_models(database, plan(kinds, None, words, name), 1, False, NOW, lambda name, share: None):
        assert not isinstance(outcome, Exception), outcome


def by_frequency(database: Path) -> list[str]:
    """Give the raw ids that the model of popularity knows, those of most playlists first."""
    vocabulary = read_model(models_folder(database), "popularity").vocabulary
    return vocabulary.raw_ids(np.arange(len(vocabulary)))
