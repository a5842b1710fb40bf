"""A made-up collection as slices of the Million Playlist Dataset in their genuine schema, one in memory at a time."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import orjson

from bench.scale.names import Names

if TYPE_CHECKING:
    from bench.scale.collection import Arrays

PLAYLISTS_A_SLICE = 1_000
NEWEST, YEARS = 1_509_494_400, 6.0
OF_GENRE = 0.7
"""Share of playlists whose name begins with a word of their genre."""


def write(arrays: "Arrays", folder: Path, seed: int) -> None:
    """Write all slices; makes the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    names = Names.of(seed)
    n_playlists = len(arrays.offsets) - 1
    for first in range(0, n_playlists, PLAYLISTS_A_SLICE):
        last = min(first + PLAYLISTS_A_SLICE, n_playlists)
        info = {"generated_on": "2017-12-03 08:41:42.057563", "slice": f"{first}-{last - 1}", "version": "v1"}
        told = {"info": info, "playlists": _playlists(arrays, first, last, names)}
        (folder / f"mpd.slice.{first}-{last - 1}.json").write_bytes(orjson.dumps(told))


def _playlists(arrays: "Arrays", first: int, last: int, names: Names) -> list[dict[str, Any]]:
    offsets = arrays.offsets[first : last + 1]
    numbers, places = np.unique(arrays.entries[offsets[0] : offsets[-1]], return_inverse=True)
    tracks, songs = _tracks(arrays, numbers.astype(np.int64), names), places.tolist()
    pids = np.arange(first, last)
    dates = (NEWEST - names.chances("date", pids) * YEARS * 365 * 86_400).astype(np.int64) // 86_400 * 86_400
    edits = (1 + 20 * names.chances("date", pids, 1)).astype(np.int64).tolist()
    followers = (1 / (1 - names.chances("date", pids, 2))).astype(np.int64).tolist()
    titles, bounds = _titles(arrays.genres[first:last].astype(np.int64), pids, names), (offsets - offsets[0]).tolist()
    made = []
    for at, pid in enumerate(pids.tolist()):
        entries = [tracks[song] for song in songs[bounds[at] : bounds[at + 1]]]
        made.append({
            "name": titles[at], "collaborative": "false", "pid": pid, "modified_at": int(dates[at]),
            "num_tracks": len(entries), "num_albums": len({entry["album_uri"] for entry in entries}),
            "num_followers": followers[at],
            "tracks": [{"pos": place, **entry} for place, entry in enumerate(entries)],
            "num_edits": edits[at], "duration_ms": sum([entry["duration_ms"] for entry in entries]),
            "num_artists": len({entry["artist_uri"] for entry in entries}),
        })  # fmt: skip
    return made


def _tracks(arrays: "Arrays", numbers: np.ndarray, names: Names) -> list[dict[str, Any]]:
    """Tell the tracks of a slice, each once."""
    artists, artist_of = np.unique(arrays.artists[numbers].astype(np.int64), return_inverse=True)
    albums, album_of = np.unique(arrays.albums[numbers].astype(np.int64), return_inverse=True)
    same_artist = arrays.artists[numbers] == arrays.artists[np.maximum(numbers - 1, 0)]
    durations = (90_000 + 330_000 * names.chances("duration", numbers)).astype(np.int64)
    credits_, releases = names.names("artist", artists, 3), names.names("album", albums, 4)
    artist_uris, album_uris = _uris("artist", artists, names), _uris("album", albums, names)
    rows = zip(
        _uris("track", numbers, names), names.titles(numbers, same_artist), artist_of.tolist(), album_of.tolist(),
        durations.tolist(), strict=True,
    )  # fmt: skip
    return [
        {
            "artist_name": credits_[artist], "track_uri": uri, "artist_uri": artist_uris[artist], "track_name": title,
            "album_uri": album_uris[album], "duration_ms": duration, "album_name": releases[album],
        }
        for uri, title, artist, album, duration in rows
    ]  # fmt: skip


def _uris(kind: str, numbers: np.ndarray, names: Names) -> list[str]:
    return [f"spotify:{kind}:{told}" for told in names.ids(kind, numbers).astype("U22").tolist()]


def _titles(genres: np.ndarray, pids: np.ndarray, names: Names) -> list[str]:
    """Name playlists: most by a word of their genre and perhaps another, the others as it comes."""
    words, own = names.names("genre", genres, 1), names.names("playlist", pids, 3)
    kind = names.chances("playlist", pids, 4).tolist()
    named = zip(words, own, kind, strict=True)
    return [
        word if chance < OF_GENRE / 2 else f"{word} {other}" if chance < OF_GENRE else other
        for word, other, chance in named
    ]
