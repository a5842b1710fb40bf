"""From thumbs to songs that one can learn from: each recording once, and something known of all."""

import sqlite3
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from recommender import catalogue
from recommender.catalogue import SongRow, Thumb
from recommender.errors import NoTaste
from recommender.taste.facts import songs_of
from recommender.taste.rows import Songs

LEAST, LEAST_ARTISTS = 10, 5
"""So many likes, and as many dislikes, and of so many artists each, there must be."""
MOST = 3_000
"""More make the search long, and the grades no better."""
STRANGER, SILENT = "not in this database", "no audio features known"
TWICE, OTHERWISE = "the same recording twice", "the same recording, said otherwise before"
BEYOND = f"beyond the {MOST:,} that are learned from, by lot"


@dataclass(frozen=True)
class Told:
    """Songs, and what was said of each."""

    songs: Songs
    liked: np.ndarray
    """bool, shape (songs,)."""
    sources: dict[str, int]
    dropped: dict[str, int]


def gather(connection: sqlite3.Connection, listener: str, rng: np.random.Generator) -> Told:
    """Read what a listener said, and what is known of these songs. Raises NoTaste where it is too little."""
    told = learnable(connection, listener, rng)
    refuse_few(told, listener)
    return told


def learnable(connection: sqlite3.Connection, listener: str, rng: np.random.Generator) -> Told:
    """Read what a listener said of songs that one can learn from, however few they are."""
    told = catalogue.thumbs(connection, listener)
    dropped: Counter[str] = Counter()
    once = _once(told, catalogue.songs(connection, [thumb.track_id for thumb in told]), dropped)
    songs = songs_of(connection, [thumb.track_id for thumb in once])
    heard = np.flatnonzero(songs.heard)
    dropped[SILENT] = len(once) - len(heard)
    if len(heard) > MOST:
        dropped[BEYOND] = len(heard) - MOST
        heard = np.sort(rng.choice(heard, MOST, replace=False))
    songs, kept = songs.taken(heard), [once[place] for place in heard.tolist()]
    liked = np.array([thumb.liked for thumb in kept], bool)
    sources = dict(Counter(thumb.source for thumb in kept))
    return Told(songs, liked, sources, {why: count for why, count in dropped.items() if count})


def _once(told: Sequence[Thumb], songs: dict[str, SongRow], dropped: Counter[str]) -> list[Thumb]:
    """Keep of each recording what was said last. told: the latest first."""
    kept: dict[tuple[str, str], Thumb] = {}
    for thumb in told:
        song = songs.get(thumb.track_id)
        if song is None:
            dropped[STRANGER] += 1
            continue
        recording = catalogue.recording(song.artists[0] if song.artists else thumb.track_id, song.name)
        if recording in kept:
            dropped[TWICE if kept[recording].liked == thumb.liked else OTHERWISE] += 1
        else:
            kept[recording] = thumb
    return list(kept.values())


def refuse_few(told: Told, listener: str) -> None:
    """Raise NoTaste where there are too few likes or dislikes, or all of a few artists, saying how many are lacking."""
    who = f" --listener {listener!r}" if listener else ""
    for word, places in (("like", np.flatnonzero(told.liked)), ("dislike", np.flatnonzero(~told.liked))):
        artists = {told.songs.artists[place] for place in places.tolist()}
        if len(places) < LEAST:
            lost = "".join(f", {count:,} left out: {why}" for why, count in told.dropped.items())
            silent = "; `segue features` brings audio features" if SILENT in told.dropped else ""
            raise NoTaste(
                f"there are {len(places)} {word}s to learn from and {LEAST} are needed{lost}: tell "
                f"{LEAST - len(places)} more with `segue taste {word} TRACK...{who}`{silent}"
            )
        if len(artists) < LEAST_ARTISTS:
            raise NoTaste(
                f"the {word}s are of {len(artists)} artists and {LEAST_ARTISTS} are needed: tell songs of "
                f"{LEAST_ARTISTS - len(artists)} more with `segue taste {word} TRACK...{who}`"
            )
