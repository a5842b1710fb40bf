"""All that is known of one song, in the words in which a page shows it."""

import sqlite3
from dataclasses import dataclass

from recommender import catalogue
from recommender.catalogue import PlaylistRow, SongFacts, SongRow
from recommender.inferring.country_words import NAMES
from recommender.inferring.filling import full_facts
from recommender.inferring.languages import LANGUAGES
from recommender.inferring.moods import moods_of
from web.songs import BARS, CALLED

_PLAYLISTS, _VERSIONS = 12, 8
_LOOKED_AT = 400
"""So many playlists are looked through for names that differ."""


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that is known."""

    name: str
    value: str
    inferred: str = ""
    """From what it is taken; empty where it was told."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a song beside what every list shows."""

    facts: tuple[Told, ...]
    features: tuple[Told, ...]
    moods: tuple[str, ...]
    playlists: tuple[PlaylistRow, ...]
    """Some that have a name, each name once."""
    versions: tuple[str, ...]
    """Raw ids, those in most playlists first."""


def known_of(connection: sqlite3.Connection, song: SongRow) -> Known:
    """Gather what is known of a song."""
    facts = full_facts(connection, [song.track_id])[song.track_id]
    row = catalogue.facts(connection, [song.track_id])[song.track_id]
    keys = [key for own in (row.key, *(key for _, key in row.twins))
            for key in catalogue.playlists_of(connection, own, _LOOKED_AT)]  # fmt: skip
    named: dict[str, PlaylistRow] = {}
    for playlist in catalogue.playlists_of_keys(connection, keys):
        if playlist.name.strip():
            named.setdefault(playlist.name.strip(), playlist)
    return Known(
        tuple(_told(song, facts)),
        tuple(_features(facts)),
        moods_of(facts.audio),
        tuple(named.values())[:_PLAYLISTS],
        tuple(catalogue.other_versions(connection, song))[:_VERSIONS],
    )


def _told(song: SongRow, facts: SongFacts) -> list[Told]:
    explicit = None if facts.explicit is None else "yes" if facts.explicit else "no"
    rows = [
        Told("Album", song.album),
        Told("Year", str(facts.year or "")),
        Told("Genres", ", ".join(facts.genres), facts.inferred.get("genre", "")),
        Told("From", NAMES.get(facts.country or "", ""), facts.inferred.get("country", "")),
        Told("Language", LANGUAGES.get(facts.language or "", ""), facts.inferred.get("language", "")),
        Told("In playlists", f"{song.playlists:,} times"),
        Told("Popularity at Spotify", "" if facts.popularity is None else f"{facts.popularity} of 100"),
        Told("Explicit", explicit or ""),
        Told("ISRC", song.isrc or ""),
    ]
    return [row for row in rows if row.value]


def _features(facts: SongFacts) -> list[Told]:
    audio = facts.audio
    rows = [Told(CALLED[name], f"{audio[name]:.2f}") for name in BARS if name in audio]
    if "loudness" in audio:
        rows.append(Told("loudness", f"{audio['loudness']:.1f} dB"))
    if "time_signature" in audio:
        rows.append(Told("beats in a bar", f"{audio['time_signature']:.0f}"))
    return rows
