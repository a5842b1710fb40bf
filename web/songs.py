"""Songs as the pages show them: names, a picture of the sound, and why they are there."""

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from recommender import catalogue
from recommender.answers import Answer
from recommender.catalogue import SongFacts, SongRow
from recommender.writing.listing import link

BARS = ("energy", "danceability", "valence", "acousticness", "instrumentalness", "speechiness", "liveness")
"""The features that go from 0 to 1, in the order in which they are drawn."""
CALLED = {
    "energy": "energy",
    "danceability": "danceable",
    "valence": "cheerful",
    "acousticness": "acoustic",
    "instrumentalness": "instrumental",
    "speechiness": "spoken",
    "liveness": "live",
}
"""What a person calls them."""
_KEYS = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")
_MODES = {0: "minor", 1: "major"}
_GENRES = 3


@dataclass(frozen=True, slots=True)
class Bar:
    """One feature of a song, drawn as a bar."""

    name: str
    share: float
    """From 0 to 1."""
    place: int
    """Among BARS, so that one feature has one colour and one place on every picture."""


@dataclass(frozen=True, slots=True)
class Card:
    """One song on a page."""

    track_id: str
    name: str
    artists: tuple[str, ...]
    album: str
    year: int | None
    length: str
    """Minutes and seconds; empty where it is not known."""
    genres: tuple[str, ...]
    playlists: int
    """In how many places of playlists it stands."""
    link: str | None
    """Where it opens at Spotify."""
    bars: tuple[Bar, ...] = ()
    tempo: str = ""
    key: str = ""
    explicit: bool = False
    score: float | None = None
    model: str = ""
    reasons: tuple[str, ...] = ()
    rated_as: str = ""
    """The raw id under which a thumb is kept: that of its twin at Spotify, where it has one."""

    @property
    def sound(self) -> str:
        """Say what the picture of the sound shows."""
        told = [f"{bar.name} {bar.share:.0%}" for bar in self.bars]
        return ", ".join(filter(None, [*told, self.tempo, self.key]))


def cards(connection: sqlite3.Connection, track_ids: Sequence[str]) -> list[Card]:
    """Give the songs of these raw ids that are here, in their order."""
    songs = catalogue.songs(connection, track_ids)
    facts = catalogue.song_facts(connection, [track_id for track_id in track_ids if track_id in songs])
    return [card(songs[track_id], facts[track_id]) for track_id in track_ids if track_id in songs]


def suggested(connection: sqlite3.Connection, answer: Answer) -> list[Card]:
    """Give the songs of an answer, best first, with their scores and reasons."""
    shown = {one.track_id: one for one in cards(connection, [song.track_id for song in answer.suggestions])}
    return [
        replace(shown[song.track_id], score=song.score, model=song.model, reasons=song.reasons)
        for song in answer.suggestions
        if song.track_id in shown
    ]


def card(song: SongRow, facts: SongFacts) -> Card:
    """Put together what is known of one song."""
    audio = facts.audio
    return Card(
        song.track_id,
        song.name or "(title not known)",
        song.artists or ("(artist not known)",),
        song.album,
        facts.year,
        minutes(song.duration_ms),
        facts.genres[:_GENRES],
        song.playlists,
        link(song.track_id) or None,
        tuple(
            Bar(CALLED[name], min(max(audio[name], 0.0), 1.0), place)
            for place, name in enumerate(BARS)
            if name in audio
        ),
        f"{audio['tempo']:.0f} bpm" if audio.get("tempo") else "",
        " ".join(_key(audio.get("key"), audio.get("mode"))),
        bool(facts.explicit),
        rated_as=song.linked_id or song.track_id,
    )


def minutes(duration_ms: int | None) -> str:
    """Write 215000 as 3:35."""
    if not duration_ms or duration_ms < 0:
        return ""
    seconds = round(duration_ms / 1000)
    return f"{seconds // 60}:{seconds % 60:02d}"


def _key(key: float | None, mode: float | None) -> Iterable[str]:
    if key is not None and 0 <= key < len(_KEYS):
        yield _KEYS[int(key)]
        if mode in _MODES:
            yield _MODES[int(mode)]
