"""The other door to the database: names, words that name a track, and counts for reasons."""

import re
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from db import read
from db.identity import is_track_id, name_key, normal_artist, recording, words
from db.read import SongRow
from db.search_text import match_all, match_beginnings
from recommender.errors import SeedNotClear
from recommender.ranking import Card

_SPOTIFY_TRACK = re.compile(
    r"(?:spotify:track:|(?:https?://)?(?:open|play)\.spotify\.com/(?:intl-[\w-]+/)?track/)([0-9A-Za-z]{22})(?:[?#/].*)?"
)
_LOOKED_AT = 300
_CLEAR_LEAD = 3
"""The best of several recordings is clear when it stands in so many times more playlists than the next."""


@dataclass(frozen=True)
class Match:
    """One recording that words may mean: its most used version stands for it."""

    song: SongRow
    versions: int
    playlists: int
    """Places in playlists, over all versions."""
    exact: bool
    """Whether the words spell the whole title, and else only name artists."""


def raw_id(text: str) -> str | None:
    """Give the raw id that a track id, URI or URL holds; None when the text is something else."""
    text = text.strip()
    if is_track_id(text):
        return text
    found = _SPOTIFY_TRACK.fullmatch(text)
    return found.group(1) if found else None


def find(connection: sqlite3.Connection, text: str) -> list[Match]:
    """Find the recordings that the words may mean, best first: whole titles before parts, then the most used."""
    songs = read.find_songs(connection, match_all(text), _LOOKED_AT)
    if not songs:
        songs = read.find_songs(connection, match_beginnings(text), _LOOKED_AT)
    versions: dict[tuple[str, str], list[SongRow]] = {}
    for song in songs:
        versions.setdefault(recording(song.artists[0] if song.artists else "", song.name), []).append(song)
    asked = set(words(text).split())
    matches = [
        Match(group[0], len(group), sum(s.playlists for s in group), any(_spells(asked, s) for s in group))
        for group in versions.values()
    ]
    return sorted(matches, key=lambda match: (not match.exact, -match.playlists))


def clear_best(text: str, matches: Sequence[Match]) -> Match:
    """Choose the one recording that the words mean. Raises SeedNotClear, listing them, when that is not clear."""
    if not matches:
        raise SeedNotClear(f'no track is found for "{text}": try fewer words, or `segue search`')
    best, rest = matches[0], matches[1:]
    rivals = [match for match in rest if match.exact == best.exact]
    if rivals and best.playlists < _CLEAR_LEAD * max(rivals[0].playlists, 1):
        listed = "\n".join(f"  {m.song.track_id}  {title_line(m.song)}  ({m.playlists} in playlists)" for m in matches[:10])
        raise SeedNotClear(f'"{text}" names several tracks; say which, by its id or with the artist:\n{listed}')
    return best


def same_song(connection: sqlite3.Connection, song: SongRow) -> list[str]:
    """Give the raw ids of tracks that may stand for this one: the one it is linked to, then those of the same name."""
    others = read.versions(connection, song.track_id, name_key(song.artists[0], song.name)) if song.name and song.artists else []
    return [song.linked_id, *others] if song.linked_id else others


def cards(songs: Iterable[SongRow]) -> list[Card]:
    """Give what choosing needs to know of each song."""
    return [card(song) for song in songs]


def card(song: SongRow) -> Card:
    """Give what choosing needs to know of one song."""
    artists = tuple(normal_artist(artist) for artist in song.artists)
    labels: list[tuple[str, str]] = []
    if song.name:
        labels.append(recording(song.artists[0] if song.artists else "", song.name))
    if song.isrc:
        labels.append(("isrc", song.isrc.upper()))
    return Card(artists, tuple(labels))


def title_line(song: SongRow) -> str:
    """Name a song on one line for people."""
    if not song.name and not song.artists:
        return f"(title not known) {song.track_id}"
    return f"{song.name or '(title not known)'} · {', '.join(song.artists) or '(artist not known)'}"


def _spells(asked: set[str], song: SongRow) -> bool:
    title = set(words(song.name).split())
    plain = set(recording("", song.name)[1].split())
    credit = set(words(" ".join(song.artists)).split())
    return any(bool(t) and t <= asked and asked <= t | title | credit for t in (title, plain))
