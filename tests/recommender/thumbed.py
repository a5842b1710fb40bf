"""Songs that somebody likes by how they sound, for the tests of taste. All of it is generated."""

from pathlib import Path

import numpy as np

from db.records import Artist, AudioFeatures, Playlist, Track
from db.thumbs import Thumb, tell
from recommender.taste.gathering import Told
from recommender.taste.rows import HEARD, Songs
from tests.recommender.songs import NOW, add, playlist, spotify_id

ARTISTS, OF_ARTIST = 40, 3
QUICK = ("decision-tree", "sgd")


def told_by(rng: np.random.Generator, n_artists: int = ARTISTS, noise: float = 0.0, share: float = 0.5) -> Told:
    """Give songs of which those with much energy are liked, but for some noise. share: of likes, about."""
    n_songs = n_artists * OF_ARTIST
    audio = rng.random((n_songs, len(HEARD)))
    liked = audio[:, HEARD.index("energy")] > 1 - share
    liked ^= rng.random(n_songs) < noise
    artists = tuple(f"artist {number // OF_ARTIST}" for number in range(n_songs))
    unknown = np.full(n_songs, np.nan)
    ids = tuple(f"song {number}" for number in range(n_songs))
    songs = Songs(ids, artists, audio, unknown, unknown, unknown, ((),) * n_songs)
    return Told(songs, liked, {"generated": n_songs}, {})


def heard(number: int, energy: float, rng: np.random.Generator, name: str = "") -> AudioFeatures:
    """Give a song of that energy, and of anything else by chance."""
    track = Track(spotify_id(f"heard{number:03d}"), name or f"tune {number}", (Artist(f"band {number // OF_ARTIST}"),))
    told = {one: float(rng.random()) for one in HEARD if one not in ("energy", "key", "mode", "time_signature")}
    told |= {"loudness": -20 * told["loudness"], "tempo": 60 + 100 * told["tempo"]}
    return AudioFeatures(track, energy=energy, key=number % 12, mode=number % 2, time_signature=4, **told)


def songs_in(database: Path, seed: int = 1, n_artists: int = ARTISTS) -> dict[str, bool]:
    """Store songs, and the loud ones as a playlist; gives which are loud, by raw id."""
    rng = np.random.default_rng(seed)
    features = [heard(number, float(rng.random()), rng) for number in range(n_artists * OF_ARTIST)]
    liked = {one.track.track_id: (one.energy or 0) > 0.5 for one in features}
    lists: list[Playlist | AudioFeatures] = [
        playlist("loud-ones", [f.track for f in features if (f.energy or 0) > 0.5])
    ]
    add(database, [*lists, *features])
    return liked


def thumbed(database: Path, seed: int = 1) -> dict[str, bool]:
    """Store songs, and what was said of each; gives that by raw id."""
    liked = songs_in(database, seed)
    tell(database, [Thumb("", track_id, yes, "by hand", NOW) for track_id, yes in liked.items()])
    return liked
