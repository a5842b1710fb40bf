"""A small world of two sounds, and a person who likes one of them, for the tests of taste. All of it is generated."""

from pathlib import Path

import numpy as np

from db.connection import open_reader
from db.records import Artist, AudioFeatures, Track
from db.thumbs import Thumb, tell
from recommender.taste import keeping
from recommender.taste.learning import learn
from tests.recommender.songs import NOW, add, playlist, song, spotify_id

CALM, LOUD = "calm", "loud"
ARTISTS, SONGS_EACH = 15, 4
JUDGED_ARTISTS = 10
"""The person has spoken of songs by so many artists of each sound; the others are elsewhere."""
JUDGED_EACH = 3
_RECORDS = {CALM: (0.2, 0.3, -18.0, 80.0, 0.8), LOUD: (0.85, 0.75, -5.0, 128.0, 0.1)}


def heard_song(sound: str, artist: int, number: int) -> Track:
    """Give one song of a sound; even artists play pop, the others rock."""
    maker = Artist(f"{sound} band {artist}", genres=("pop" if artist % 2 == 0 else "rock",))
    letter = chr(ord("a") + artist)
    return Track(spotify_id(f"{sound}{letter}{number}"), f"{sound} tune {letter}{number}", (maker,), popularity=number)


def taste_world(database: Path, seed: int = 1) -> Path:
    """Store songs of both sounds, what is known of how they sound, two playlists, and 60 thumbs, unlearned."""
    rng = np.random.default_rng(seed)
    tracks = [
        (sound, heard_song(sound, artist, number))
        for sound in (CALM, LOUD)
        for artist in range(ARTISTS)
        for number in range(SONGS_EACH)
    ]
    mixed = [heard_song(sound, artist, 0) for artist in (11, 12, 13) for sound in (CALM, LOUD)]
    silent = [song(f"unheard {number}", "nobody", spotify_id(f"silent{number}")) for number in range(3)]
    copy = song(f"{heard_song(CALM, 14, 0).name} - Remastered 2011", f"{CALM} band 14", spotify_id("remaster"))
    add(database, [playlist("mixed", [*mixed, silent[0], copy]), playlist("silence", silent)])
    add(database, [_sound(rng, sound, track) for sound, track in tracks])
    tell(database, [
        Thumb("", heard_song(sound, artist, number).track_id, sound == LOUD, "generated", NOW)
        for sound in (CALM, LOUD)
        for artist in range(JUDGED_ARTISTS)
        for number in range(JUDGED_EACH)
    ])  # fmt: skip
    return database


def learned(database: Path) -> Path:
    """Learn from the thumbs, by one quick learner."""
    with open_reader(database) as connection:
        keeping.keep(database, learn(connection, "", 1, ("sgd",), NOW, lambda share: None))
    return database


def _sound(rng: np.random.Generator, sound: str, track: Track) -> AudioFeatures:
    energy, dance, loudness, tempo, acoustic = _RECORDS[sound]
    near = rng.normal(0, 0.06, 5)
    return AudioFeatures(
        track,
        danceability=float(np.clip(dance + near[0], 0, 1)),
        energy=float(np.clip(energy + near[1], 0, 1)),
        key=int(rng.integers(12)),
        loudness=loudness + 20 * float(near[2]),
        mode=int(rng.integers(2)),
        speechiness=float(rng.uniform(0.02, 0.2)),
        acousticness=float(np.clip(acoustic + near[3], 0, 1)),
        instrumentalness=float(rng.uniform(0, 0.3)),
        liveness=float(rng.uniform(0, 0.3)),
        valence=float(rng.uniform()),
        tempo=tempo + 60 * float(near[4]),
        time_signature=4,
    )
