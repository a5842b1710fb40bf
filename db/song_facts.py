"""What is known of songs that a list is filtered by: explicit, year, genres, audio features.

Imports sqlite3 alone, because suggesting must start fast.
"""

import json
import re
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain
from types import MappingProxyType

_AUDIO = (
    "danceability", "energy", "key", "loudness", "mode", "speechiness", "acousticness", "instrumentalness", "liveness",
    "valence", "tempo", "time_signature",
)  # fmt: skip
_YEAR = re.compile(r"[1-9]\d{3}(?!\d)")
_LOOKED_AT = 50
"""So many playlists of a track are asked for genres, those that were stored last."""
_SHARE = 3


@dataclass(frozen=True, slots=True)
class SongFacts:
    """What is known of one track; None, and nothing, where it is not known."""

    explicit: bool | None = None
    year: int | None = None
    """In which its album came out."""
    genres: tuple[str, ...] = ()
    """As they were told: of its artists, in the order of the credit; else of its playlists, the most frequent first."""
    audio: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    """Audio features by their names in db.records.AudioFeatures, in Spotify's units; only those that are known."""
    popularity: int | None = None
    """Spotify's own measure, 0 to 100."""
    country: str | None = None
    language: str | None = None
    """Both in two letters; song_facts() leaves them to be asked for (recommender.inferring.filling)."""
    inferred: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """From what genre, country and language are taken, by these names; of what was told nothing stands here."""
    further: tuple[str, ...] = ()
    """Genres that were asked for and are inferred beside the told ones; left to be asked for, too."""
    duration_ms: int | None = None

    @property
    def measured(self) -> Mapping[str, float]:
        """Give the audio features, and with them how long and how popular the track is, where it is known."""
        others = {"duration_ms": self.duration_ms, "popularity": self.popularity}
        return {**self.audio, **{name: value for name, value in others.items() if value is not None}}


def song_facts(
    connection: sqlite3.Connection, track_ids: Sequence[str], *, genres: bool = True
) -> dict[str, SongFacts]:
    """Give what is known of each of these tracks, by track_id; of a stranger that is nothing.

    Genres are those of all credited artists. Where no artist has any they are those of the playlists that the track
    stands in, of the 50 that were stored last: what a third of those that tell genres agree on, or else what most do.
    genres: whether they are wanted; they are half of the work, and more for famous tracks.
    """
    rows = connection.execute(_FACTS, [json.dumps(list(track_ids))]).fetchall()
    told = _genres(connection, [key for _, key, *_ in rows]) if genres else {}
    facts = dict.fromkeys(track_ids, SongFacts())
    for track_id, key, explicit, released, popularity, duration_ms, *audio in rows:
        facts[track_id] = SongFacts(
            None if explicit is None else bool(explicit),
            _year(released),
            told.get(key, ()),
            {name: value for name, value in zip(_AUDIO, audio, strict=True) if value is not None},
            popularity,
            duration_ms=duration_ms,
        )
    return facts


def artists_and_genres(
    connection: sqlite3.Connection, track_ids: Sequence[str]
) -> dict[str, tuple[str, tuple[str, ...]]]:
    """Give the first artist, empty where none is credited, and the genres of each of these tracks, by track_id.

    For tens of thousands of them, which song_facts() would read whole; strangers are left out.
    """
    rows = connection.execute(_FIRST_ARTISTS, [json.dumps(list(track_ids))]).fetchall()
    told = _genres(connection, [key for _, key, _ in rows])
    return {track_id: (artist or "", told.get(key, ())) for track_id, key, artist in rows}


_FIRST_ARTISTS = """
    SELECT t.track_id, t.key, (
        SELECT a.name FROM track_artists c JOIN artists a ON a.key = c.artist_key
        WHERE c.track_key = t.key ORDER BY c.position LIMIT 1
    ) FROM json_each(?) AS wanted CROSS JOIN tracks t ON t.track_id = wanted.value
"""

# A key of -1, and a tempo or a time signature of 0, are what Spotify gives where it could not tell.
_FACTS = """
    SELECT t.track_id, t.key, t.explicit, al.release_date, t.popularity, t.duration_ms, f.danceability, f.energy,
        nullif(f.key, -1), f.loudness, f.mode, f.speechiness, f.acousticness, f.instrumentalness, f.liveness, f.valence,
        nullif(f.tempo, 0), nullif(f.time_signature, 0)
    FROM json_each(?) AS wanted CROSS JOIN tracks t ON t.track_id = wanted.value
    LEFT JOIN albums al ON al.key = t.album_key LEFT JOIN audio_features f ON f.track_key = t.key
"""
_TOLD = {"key": "nullif(f.key, -1)", "tempo": "nullif(f.tempo, 0)", "time_signature": "nullif(f.time_signature, 0)"}


def not_beyond(
    connection: sqlite3.Connection, keys: Sequence[int], spans: Mapping[str, tuple[float | None, float | None]]
) -> list[str]:
    """Give the raw ids, in the order of the keys, of those tracks whose audio features are not known to lie beyond.

    spans: from where to where by name of the audio feature, both included; None is open.
    """
    kept = ["1"]
    for name in spans:
        value = _TOLD.get(name) or f"f.{_AUDIO[_AUDIO.index(name)]}"
        kept += [f"ifnull({value} >= ?, 1)", f"ifnull({value} <= ?, 1)"]
    rows = connection.execute(
        f"""
        SELECT t.track_id FROM json_each(?) AS wanted CROSS JOIN tracks t ON t.key = wanted.value
        LEFT JOIN audio_features f ON f.track_key = t.key WHERE {" AND ".join(kept)} ORDER BY wanted.key
        """,
        [json.dumps(list(keys)), *(bound for span in spans.values() for bound in span)],
    )
    return [track_id for (track_id,) in rows]


_OF_ARTISTS = """
    SELECT c.track_key, g.genre FROM json_each(?) AS wanted CROSS JOIN track_artists c ON c.track_key = wanted.value
    CROSS JOIN artist_genres g ON g.artist_key = c.artist_key ORDER BY c.track_key, c.position, g.genre
"""
# Famous tracks stand in thousands of playlists; the index gives the last of them without a look at the others. And a
# playlist that holds many of the tracks is looked at once.
_STANDS_IN = f"""
    SELECT wanted.value, (
        SELECT json_group_array(playlist_key) FROM (
            SELECT DISTINCT playlist_key FROM playlist_entries WHERE track_key = wanted.value
            ORDER BY playlist_key DESC LIMIT {_LOOKED_AT}
        )
    ) FROM json_each(?) AS wanted
"""
_OF_PLAYLISTS = """
    SELECT p.key, p.genres FROM json_each(?) AS wanted CROSS JOIN playlists p ON p.key = wanted.value
    WHERE p.genres IS NOT NULL
"""


def _genres(connection: sqlite3.Connection, keys: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """Give the genres of tracks, by track key; tracks without any are left out."""
    told: dict[int, dict[str, None]] = defaultdict(dict)
    for key, genre in connection.execute(_OF_ARTISTS, [json.dumps(keys)]):
        told[key][genre] = None
    genres = {key: tuple(names) for key, names in told.items()}
    stands_in = {
        key: json.loads(lists)
        for key, lists in connection.execute(_STANDS_IN, [json.dumps([key for key in keys if key not in genres])])
    }
    wanted = json.dumps(list(set(chain.from_iterable(stands_in.values()))))
    of_list = {key: _listed(names) for key, names in connection.execute(_OF_PLAYLISTS, [wanted])}
    for key, lists in stands_in.items():
        if telling := [of_list[playlist_key] for playlist_key in lists if playlist_key in of_list]:
            genres[key] = _agreed(telling)
    return genres


@lru_cache(4096)
def _listed(names: str) -> tuple[str, ...]:
    """Read the genres of one playlist, which many others have, too."""
    return tuple(dict.fromkeys(json.loads(names)))


def _agreed(lists: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """Give the genres that a third or more of the playlists name, and those that most name, which come first."""
    times = Counter(chain.from_iterable(lists))
    enough = min(len(lists) / _SHARE, max(times.values(), default=0))
    return tuple(name for name, count in times.most_common() if count >= enough)


def _year(released: str | None) -> int | None:
    """Read the year at the beginning of a date: 1994, 1994-05, 1994-05-01; others are not understood."""
    found = _YEAR.match(released) if released else None
    return int(found[0]) if found else None


def genre_names(connection: sqlite3.Connection) -> list[str]:
    """Give all genres that artists and playlists are told to be of, by name."""
    rows = connection.execute(
        """
        SELECT genre FROM artist_genres
        UNION SELECT told.value FROM playlists p, json_each(p.genres) told WHERE p.genres IS NOT NULL ORDER BY 1
        """
    )
    return [genre for (genre,) in rows]
