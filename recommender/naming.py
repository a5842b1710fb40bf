"""Words, ids and addresses that name a track."""

import re
import sqlite3
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import unquote_plus

from recommender.catalogue import (
    PAGE,
    SongRow,
    find_songs,
    is_track_id,
    made_up_id,
    match_all,
    match_beginnings,
    recording,
    songs,
    title_line,
    words,
)
from recommender.errors import SeedNotClear

_SPOTIFY = re.compile(
    r"(?:spotify:|(?:https?://)?(?:open|play)\.spotify\.com/(?:intl-[\w-]+/)?(?:embed/)?)(?:user[:/][^:/]+[:/])?"
    r"([a-z]+)[:/]([0-9A-Za-z]{22})(?:[?#/].*)?"
)
_OF_SPOTIFY = re.compile(r"spotify:|(?:https?://)?[\w.]*\bspotify\.(?:com|link|app\.link)\b")
_LOCAL = "spotify:local:"
_LISTED = 10
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


def spotify_thing(text: str) -> tuple[str, str] | None:
    """Give kind and id of what a URI or URL of Spotify's names, such as ("playlist", "37i9..."); else None."""
    found = _SPOTIFY.fullmatch(text.strip())
    return (found[1], found[2]) if found else None


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
    found = find_songs(connection, match_all(text), PAGE)
    if not found:
        found = find_songs(connection, match_beginnings(text), PAGE)
    return as_matches(text, found)


def as_matches(text: str, found: Sequence[SongRow]) -> list[Match]:
    """Gather tracks, best known first, into the recordings that the words may mean, best first."""
    versions: dict[tuple[str, str], list[SongRow]] = {}
    for song in found:
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


def _spells(asked: Counter[str], song: SongRow) -> bool:
    """Tell whether the words are a title of this song, whole, with nothing but its credit and version beside."""
    title, plain = (Counter(name.split()) for name in (words(song.name), recording("", song.name)[1]))
    credit = Counter(words(" ".join(song.artists)).split())
    return any(bool(t) and t <= asked and asked <= t + (title - t) + credit for t in (title, plain))
