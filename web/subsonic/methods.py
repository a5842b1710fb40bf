"""What music players may ask, by the names of Subsonic's interface."""

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from itertools import chain

from db import library
from recommender import catalogue
from recommender.lists.sound_files import paths
from recommender.models.title_words import normal_name
from recommender.searching import search
from web.asking import MOST, Asking
from web.errors import Refused
from web.lists import answer
from web.station import station
from web.subsonic.proof import LACKING
from web.subsonic.things import Tree, as_album, as_artist, as_song, has_words, in_letters

Told = Mapping[str, str]
"""The parameters of a question."""
_NOT_FOUND = 70
_ARTISTS = 1_000
"""So many artists, the best known, are all that a player is told of: no player shows a million."""
_SPEAKING = 10
"""So many of an artist's or an album's songs, the best known, speak for it."""
_DEEPEST = 5_000
_BESIDE = 200
"""So many songs are looked through for artists and albums."""
_EXTENSIONS = ("apiKeyAuthentication", "formPost")


def ping(_told: Told) -> Tree:
    """Say that somebody is here."""
    return {}


def licence(_told: Told) -> Tree:
    """Say that nothing is to be paid."""
    return {"license": {"valid": True}}


def extensions(_told: Told) -> Tree:
    """Name what goes beyond Subsonic's own interface."""
    return {"openSubsonicExtensions": [{"name": name, "versions": [1]} for name in _EXTENSIONS]}


def token_info(_told: Told) -> Tree:
    """Say whose API key it is; there is one for all."""
    return {"tokenInfo": {"username": "segue"}}


def folders(_told: Told) -> Tree:
    """Name the one folder."""
    return {"musicFolders": {"musicFolder": [{"id": 1, "name": "Segue"}]}}


def artists(_told: Told) -> Tree:
    """List the best known artists by letter."""
    return {"artists": {"ignoredArticles": "", "index": in_letters(_best_known())}}


def indexes(_told: Told) -> Tree:
    """List them in the older form."""
    with station().reading() as connection:
        changed = max((at for *_, at in catalogue.imports(connection)), default=0)
    letters = in_letters(_best_known())
    return {"indexes": {"ignoredArticles": "", "lastModified": changed * 1_000, "index": letters}}


def artist(told: Told) -> Tree:
    """Tell an artist with their albums."""
    artist_id = _needed(told, "id")
    with station().reading() as connection:
        row = library.artist_of(connection, artist_id)
        albums = library.albums_by(connection, artist_id)
    if row is None:
        raise Refused(_NOT_FOUND, f'there is no artist "{artist_id}" here')
    return {"artist": {**as_artist(row), "albumCount": len(albums), "album": [as_album(one) for one in albums]}}


def album(told: Told) -> Tree:
    """Tell an album with its songs."""
    album_id = _needed(told, "id")
    with station().reading() as connection:
        track_ids = library.tracks_on(connection, album_id)
        if not track_ids:
            raise Refused(_NOT_FOUND, f'there is no album "{album_id}" here')
        (row,) = library.albums_of(connection, track_ids)
        return {"album": {**as_album(row), "song": _songs(connection, track_ids)}}


def song(told: Told) -> Tree:
    """Tell one song."""
    track_id = _needed(told, "id")
    with station().reading() as connection:
        found = _songs(connection, [track_id])
    if not found:
        raise Refused(_NOT_FOUND, f'there is no song "{track_id}" here')
    return {"song": found[0]}


def top_songs(told: Told) -> Tree:
    """List an artist's songs that stand in most playlists."""
    name, count = _needed(told, "artist"), _number(told, "count", 50, MOST)
    with station().reading() as connection:
        return {"topSongs": {"song": _songs(connection, catalogue.best_by(connection, [name], count))}}


def similar(told: Told) -> Tree:
    """List songs like a song, an album or an artist."""
    return {"similarSongs": {"song": _similar(told)}}


def similar_2(told: Told) -> Tree:
    """List them in the newer form, which asks by artists; players ask by songs as well."""
    return {"similarSongs2": {"song": _similar(told)}}


def genres(_told: Told) -> Tree:
    """Name all genres, with how many songs and albums artists of each have."""
    here = station()
    with here.reading() as connection:
        key = "subsonic genres", here.version(connection)
        counts = here.kept(key, lambda: library.genre_counts(connection))
    return {
        "genres": {
            "genre": [{"value": name, "songCount": songs, "albumCount": albums} for name, songs, albums in counts]
        }
    }


def search_3(told: Told) -> Tree:
    """Find songs by words, and the artists and albums that have the same words; without words list them all."""
    text = told.get("query", "").strip().strip('"').strip()
    words = normal_name(text).split()
    spans = {kind: _span(told, kind) for kind in ("artist", "album", "song")}
    deepest = max(spans["song"].stop, _BESIDE)
    with station().reading() as connection:
        found = [match.song for match in search(connection, text, deepest).matches]
        songs = library.library_songs(connection, [one.track_id for one in found])
        albums = {one.album_id: one for one in library.albums_of(connection, [one.track_id for one in found])}
        shown = _songs(connection, [one.track_id for one in songs[spans["song"]]])
    credited = chain.from_iterable(one.artists for one in songs) if text else _best_known()
    near_artists = dict.fromkeys(one for one in credited if has_words(one.name, words))
    known_albums = (albums[key] for key in dict.fromkeys(one.album_id for one in songs) if key in albums)
    near_albums = [one for one in known_albums if has_words(one.name, words)]
    return {
        "searchResult3": {
            "artist": [as_artist(one) for one in [*near_artists][spans["artist"]]],
            "album": [as_album(one) for one in near_albums[spans["album"]]],
            "song": shown,
        }
    }


METHODS: Mapping[str, Callable[[Told], Tree]] = {
    "ping": ping,
    "getLicense": licence,
    "getOpenSubsonicExtensions": extensions,
    "tokenInfo": token_info,
    "getMusicFolders": folders,
    "getArtists": artists,
    "getIndexes": indexes,
    "getArtist": artist,
    "getAlbum": album,
    "getSong": song,
    "getTopSongs": top_songs,
    "getSimilarSongs": similar,
    "getSimilarSongs2": similar_2,
    "getGenres": genres,
    "search3": search_3,
}
OPEN = frozenset({"getOpenSubsonicExtensions"})
"""What is answered to everybody, as the interface asks."""


def _similar(told: Told) -> list[Tree]:
    named, count = _needed(told, "id"), _number(told, "count", 50, MOST)
    with station().reading() as connection:
        seeds = _speaking(connection, named)
    if not seeds:
        raise Refused(_NOT_FOUND, f'there is no song, album or artist "{named}" here')
    if not count:
        return []
    made = answer(station(), Asking.model_validate({"seed": seeds, "n": count}))
    with station().reading() as connection:
        return _songs(connection, [one.track_id for one in made.suggestions])


def _speaking(connection: sqlite3.Connection, named: str) -> list[str]:
    """Give the songs that speak for what an id names: a song for itself, else the best known of an artist or album."""
    if catalogue.songs(connection, [named]):
        return [named]
    return library.tracks_by(connection, named, _SPEAKING) or library.tracks_on(connection, named)[:_SPEAKING]


def _songs(connection: sqlite3.Connection, track_ids: Sequence[str]) -> list[Tree]:
    rows = library.library_songs(connection, track_ids)
    here = [row.track_id for row in rows]
    facts, known = catalogue.song_facts(connection, here), catalogue.songs(connection, here)
    is_local = station().settings.is_local
    places = paths(connection, [known[track_id] for track_id in here]) if is_local else [""] * len(here)
    return [as_song(row, facts[row.track_id], place) for row, place in zip(rows, places, strict=True)]


def _best_known() -> list[library.ArtistRow]:
    here = station()
    with here.reading() as connection:
        key = "subsonic artists", here.version(connection)
        return here.kept(key, lambda: library.best_known_artists(connection, _ARTISTS))


def _needed(told: Told, name: str) -> str:
    if not told.get(name):
        raise Refused(LACKING, f"{name} is needed")
    return told[name]


def _number(told: Told, name: str, default: int, most: int) -> int:
    text = told.get(name, "")
    if not text:
        return default
    if not (text.isascii() and text.isdecimal()):
        raise Refused(0, f"{name} is a whole number, 0 or more")
    return min(int(text[:9]), most)


def _span(told: Told, kind: str) -> slice:
    offset = _number(told, f"{kind}Offset", 0, _DEEPEST)
    return slice(offset, offset + _number(told, f"{kind}Count", 20, MOST))
