"""The other door to the database: names, words that name a track, and counts for reasons."""

import re
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote_plus

from db import read
from db.connection import open_reader
from db.identity import is_track_id, made_up_id, name_key, normal_artist, recording, song_title, words
from db.read import (
    SongRow,
    content_mark,
    has_listener,
    imports,
    played,
    plays_stored_at,
    shared_playlists,
    songs,
    stranger,
)
from db.search_text import match_all, match_beginnings
from recommender.errors import SeedNotClear
from recommender.lines import one_line
from recommender.ranking import Card

if TYPE_CHECKING:
    from db.crawl_facts import CrawlFacts

__all__ = [
    "Match",
    "Named",
    "SongRow",
    "cards",
    "clear_best",
    "content_mark",
    "crawl_facts",
    "find",
    "has_listener",
    "imports",
    "is_track_id",
    "name_track",
    "not_indexed",
    "open_reader",
    "other_versions",
    "played",
    "plays_stored_at",
    "raw_id",
    "same_song",
    "shared_playlists",
    "songs",
    "stranger",
    "title_line",
]

_SPOTIFY = re.compile(
    r"(?:spotify:|(?:https?://)?(?:open|play)\.spotify\.com/(?:intl-[\w-]+/)?(?:embed/)?)(?:user[:/][^:/]+[:/])?"
    r"([a-z]+)[:/]([0-9A-Za-z]{22})(?:[?#/].*)?"
)
_OF_SPOTIFY = re.compile(r"spotify:|(?:https?://)?[\w.]*\bspotify\.(?:com|link|app\.link)\b")
_LOCAL = "spotify:local:"
_LOOKED_AT = 300
_LISTED = 10
_VERSIONS = 50
_CLEAR_LEAD = 4
"""The best of several recordings is clear when it has so many times the fame of the next."""


@dataclass(frozen=True)
class Match:
    """One recording that words may mean: its most used version stands for it."""

    song: SongRow
    versions: int
    playlists: int
    """Places in playlists, over all versions."""
    exact: bool
    """Whether the words spell the whole title, and else only name artists."""

    @property
    def fame(self) -> int:
        """Weigh the playlists by the versions: a classic is published again and again, its covers once."""
        return self.playlists * self.versions


@dataclass(frozen=True)
class Named:
    """The track that a person named."""

    track_id: str
    match: Match | None
    """What the words found; None when the person gave the id itself."""
    rival: Match | None = None
    """The next best that the words may mean."""


def raw_id(text: str) -> str | None:
    """Give the raw id that a track id, URI or URL holds; None when the text is something else.

    Raises SeedNotClear for what Spotify calls by such an address but is no track.
    """
    text = text.strip()
    if is_track_id(text):
        return text
    found = _SPOTIFY.fullmatch(text)
    if found and found[1] == "track":
        return found[2]
    if text.startswith(_LOCAL):
        artist, _, title = [unquote_plus(part).strip() for part in (*text.removeprefix(_LOCAL).split(":"), "", "", "")][
            :3
        ]
        if title:
            return made_up_id(artist, title)
    if found:
        article = "an" if found[1][0] in "aeiou" else "a"
        raise SeedNotClear(f"{text} is {article} {found[1]}, not a track: name a track, by its own link or in words")
    if _OF_SPOTIFY.match(text):
        raise SeedNotClear(
            f"{text} leads to no track that can be told from it: copy the track's own link, or name it in words"
        )
    return None


def name_track(connection: sqlite3.Connection, text: str) -> Named:
    """Find the track that a person means by an id, URI, URL or words. Raises SeedNotClear."""
    given = raw_id(text)
    if given is None or (given == text.strip() and not songs(connection, [given])):
        matches = find(connection, text)
        if matches or given is None:  # a word of 22 letters looks like an id, and may still be a title
            best = clear_best(text, matches)
            rivals = [match for match in matches if match is not best and match.exact]
            return Named(best.song.track_id, best, rivals[0] if rivals else None)
    return Named(given, None)


def find(connection: sqlite3.Connection, text: str) -> list[Match]:
    """Find the recordings that the words may mean, best first: whole titles before parts, then by fame."""
    songs = read.find_songs(connection, match_all(text), _LOOKED_AT)
    if not songs:
        songs = read.find_songs(connection, match_beginnings(text), _LOOKED_AT)
    versions: dict[tuple[str, str], list[SongRow]] = {}
    for song in songs:
        versions.setdefault(recording(song.artists[0] if song.artists else "", song.name), []).append(song)
    asked = Counter(words(text).split())
    matches = [
        Match(group[0], len(group), sum(s.playlists for s in group), any(_spells(asked, s) for s in group))
        for group in versions.values()
    ]
    return sorted(matches, key=lambda match: (not match.exact, -match.fame, -match.playlists))


def clear_best(text: str, matches: Sequence[Match]) -> Match:
    """Choose the one recording that the words mean. Raises SeedNotClear, listing them, when that is not clear."""
    if not matches:
        raise SeedNotClear(f'no track is found for "{text}": try fewer words, or `segue search`')
    best, rest = matches[0], matches[1:]
    rivals = [match for match in rest if match.exact == best.exact]
    if rivals and best.fame < _CLEAR_LEAD * max(rivals[0].fame, 1):
        what = "names several tracks" if best.exact else "is no whole title, and fits several tracks"
        raise SeedNotClear(f'"{text}" {what}; say which, by its id or with the artist:\n{_listed(matches)}')
    return best


def _listed(matches: Sequence[Match]) -> str:
    lines = [f"  {m.song.track_id}  {title_line(m.song)}  (in playlists: {m.playlists:,})" for m in matches[:_LISTED]]
    more = len(matches) - _LISTED
    return "\n".join([*lines, f"  and {more:,} more"] if more > 0 else lines)


def not_indexed(connection: sqlite3.Connection) -> int:
    """Tell how many tracks words cannot find yet."""
    from db import index

    return index.behind(connection)


def crawl_facts(connection: sqlite3.Connection) -> "CrawlFacts":
    """Give what the database knows of crawling."""
    from db import crawl_facts  # suggesting does not ask for it

    return crawl_facts.crawl_facts(connection)


def same_song(connection: sqlite3.Connection, song: SongRow) -> list[str]:
    """Give the raw ids of tracks that may stand for this one: the one it is linked to, then those of the same name."""
    others = (
        read.versions(connection, song.track_id, name_key(song.artists[0], song.name))
        if song.name and song.artists
        else []
    )
    return [song.linked_id, *others] if song.linked_id else others


def other_versions(connection: sqlite3.Connection, song: SongRow) -> list[str]:
    """Give the raw ids of the other versions of a recording, those in most playlists first."""
    if not song.name or not song.artists:
        return []
    wanted = recording(song.artists[0], song.name)
    found = read.find_songs(connection, match_all(" ".join(wanted)), _VERSIONS)
    return [
        other.track_id
        for other in found
        if other.track_id != song.track_id and other.artists and recording(other.artists[0], other.name) == wanted
    ]


def cards(songs: Iterable[SongRow]) -> Iterator[Card]:
    """Give what choosing needs to know of each song, one by one, as most are never looked at."""
    return map(card, songs)


def card(song: SongRow) -> Card:
    """Give what choosing needs to know of one song."""
    artists = tuple(normal_artist(artist) for artist in song.artists)
    labels: list[tuple[str, str]] = []
    if song.name:
        artist = song.artists[0] if song.artists else ""
        labels += [recording(artist, song.name), (normal_artist(artist), song_title(song.name))]
    if song.isrc:
        labels.append(("isrc", song.isrc.upper()))
    return Card(artists, tuple(labels))


def title_line(song: SongRow) -> str:
    """Name a song on one line for people."""
    if not song.name and not song.artists:
        return f"(title not known) {song.track_id}"
    return one_line(f"{song.name or '(title not known)'} · {', '.join(song.artists) or '(artist not known)'}")


def _spells(asked: Counter[str], song: SongRow) -> bool:
    """Tell whether the words are a title of this song, whole, with nothing but its credit and version beside."""
    title, plain = (Counter(name.split()) for name in (words(song.name), recording("", song.name)[1]))
    credit = Counter(words(" ".join(song.artists)).split())
    return any(bool(t) and t <= asked and asked <= t + (title - t) + credit for t in (title, plain))
