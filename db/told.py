"""One track from what is told of it: Spotify ids in all their spellings, local files, artist and title.

Pure.
"""

import re
from urllib.parse import unquote_plus

from db.identity import MADE_UP_ID, SPOTIFY_ID, made_up_id
from db.records import Album, Artist, Track

_LINK = re.compile(
    r"(?:https?://)?(?:open|play)\.spotify\.com/(?:intl-[\w-]+/)?(?:user/[^/]+/)?(\w+)/([0-9A-Za-z]{22})(?![0-9A-Za-z])"
)
_LOCAL_URI = "spotify:local:"


def spotify_id(told: str, kind: str = "track") -> str | None:
    """Find the 22-character id of a track (album, artist, playlist) in an id, a URI or a URL; None if there is none."""
    told = told.strip()
    if not told:
        return None
    if SPOTIFY_ID.fullmatch(told):
        return told
    if told.startswith("spotify:"):
        # Old playlist URIs stand under their owner: spotify:user:NAME:playlist:ID
        *_, family, code = told.rsplit(":", 2)
        return code if family == kind and SPOTIFY_ID.fullmatch(code) else None
    link = _LINK.match(told)
    return link[2] if link and link[1] == kind else None


def is_local(told: str) -> bool:
    """Tell whether this is Spotify's URI of a file of somebody's own."""
    return told.startswith(_LOCAL_URI)


def track_of(
    told: str,
    artists: tuple[Artist, ...],
    title: str,
    *,
    album: Album | None = None,
    duration_ms: int | None = None,
    isrc: str | None = None,
    popularity: int | None = None,
    explicit: bool | None = None,
) -> Track | None:
    """Make the track that an id, URI or URL, or else artist and title, name; None where neither does."""
    track_id = spotify_id(told) or (told if MADE_UP_ID.fullmatch(told) else None)
    if track_id is None:
        if is_local(told):
            artists, title, album, duration_ms = _local(told, artists, title, album, duration_ms)
        if not title.strip():
            return None
        track_id = made_up_id(artists[0].name if artists else "", title)
    return Track(track_id, title, artists, album, duration_ms, isrc, popularity, explicit)


def _local(
    uri: str, artists: tuple[Artist, ...], title: str, album: Album | None, duration_ms: int | None
) -> tuple[tuple[Artist, ...], str, Album | None, int | None]:
    """Fill what the file does not tell from spotify:local:Artist:Album:Title:Seconds, percent- and plus-encoded."""
    parts = [unquote_plus(part, errors="replace").replace("\0", " ").strip() for part in uri.split(":")[2:]]
    artist, release, name, seconds = (*parts, "", "", "", "")[:4]
    if not title.strip():
        title = name
    if not artists and artist:
        artists = (Artist(artist),)
    if not artists:
        artist, title = artist_and_title(title)
        artists = (Artist(artist),) if artist else ()
    if album is None and release:
        album = Album(release)
    if duration_ms is None and seconds.isascii() and seconds.isdigit() and len(seconds) < 9:
        duration_ms = int(seconds) * 1000
    return artists, title, album, duration_ms


def artist_and_title(told: str) -> tuple[str, str]:
    """Split "Artist - Title"; a text without the dash is a title."""
    for dash in (" - ", " \N{EN DASH} ", " \N{EM DASH} "):
        artist, found, title = told.partition(dash)
        if found and artist.strip() and title.strip():
            return artist.strip(), title.strip()
    return "", told.strip()
