"""Songs, albums and artists in the form in which music players read them. Pure."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from itertools import groupby
from typing import TYPE_CHECKING, Any

from recommender.models.title_words import normal_name

if TYPE_CHECKING:
    from db.library import AlbumRow, ArtistRow, LibrarySong
    from recommender.catalogue import SongFacts

Tree = dict[str, Any]


def as_song(song: "LibrarySong", facts: "SongFacts", path: str) -> Tree:
    """Give a song; what is not known is left out. path: where its file lies, or nothing."""
    tempo = facts.audio.get("tempo")
    main = song.artists[0] if song.artists else None
    return {
        "id": song.track_id,
        "parent": song.album_id or None,
        "isDir": False,
        "title": song.name or "(title not known)",
        "album": song.album or None,
        "artist": main.name if main else None,
        "displayArtist": ", ".join(one.name for one in song.artists) or None,
        "artists": [as_artist(one) for one in song.artists],
        "albumId": song.album_id or None,
        "artistId": main.artist_id if main else None,
        "duration": None if song.duration_ms is None else round(song.duration_ms / 1000),
        "year": facts.year,
        "genre": facts.genres[0] if facts.genres else None,
        "genres": [{"name": name} for name in facts.genres],
        "bpm": round(tempo) if tempo else None,
        "explicitStatus": {True: "explicit", False: "clean", None: None}[facts.explicit],
        "isrc": [song.isrc] if song.isrc else [],
        "path": path or None,
        "created": _moment(song.stored_at),
        "type": "music",
        "mediaType": "song",
        "isVideo": False,
    }


def as_artist(artist: "ArtistRow") -> Tree:
    """Give an artist."""
    return {"id": artist.artist_id, "name": artist.name}


def as_album(album: "AlbumRow") -> Tree:
    """Give an album."""
    year = album.released[:4]
    return {
        "id": album.album_id,
        "name": album.name,
        "artist": album.artist.name if album.artist else None,
        "artistId": album.artist.artist_id if album.artist else None,
        "songCount": album.songs,
        "duration": round(album.duration_ms / 1000),
        "created": _moment(album.stored_at),
        "year": int(year) if len(year) == 4 and year.isdecimal() else None,
    }


def in_letters(artists: Iterable["ArtistRow"]) -> list[Tree]:
    """Give artists under their first letters, all that begin with none under #."""
    named = sorted((_letter(one.name), normal_name(one.name), one.artist_id, one) for one in artists)
    return [
        {"name": letter, "artist": [as_artist(one) for *_, one in group]}
        for letter, group in groupby(named, key=lambda told: told[0])
    ]


def has_words(name: str, words: Sequence[str]) -> bool:
    """Tell whether a name holds all these folded words, or beginnings of its words."""
    own = normal_name(name).split()
    return all(any(one.startswith(word) for one in own) for word in words)


def _letter(name: str) -> str:
    first = normal_name(name)[:1].upper()
    return first if first.isalpha() else "#"


def _moment(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
