"""The data as distributions: how many have how much. Each question is counted in SQLite, and its answer is small.

What is linked to a Spotify twin counts as the twin where plays are counted, as everywhere else.
"""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass

Spread = list[tuple[float, int]]
"""(value, how many have it), by value; a value once."""

UNIT = (
    "energy", "danceability", "valence", "acousticness", "instrumentalness", "speechiness", "liveness",
)  # fmt: skip
"""The audio features from 0 to 1."""
STEPS = {**dict.fromkeys(UNIT, 0.05), "tempo": 10.0, "loudness": 3.0}
"""How wide the bins are in which the audio features come."""
_SMALL = 128_000_000
_MOST_GENRES = 15


@dataclass(frozen=True, slots=True)
class Filled:
    """How much of a table of rows times columns is filled."""

    rows: int
    columns: int
    filled: int
    """Fields with at least one entry in them."""

    @property
    def share(self) -> float:
        """Give it from 0 to 1; 0 where there is no table."""
        fields = self.rows * self.columns
        return self.filled / fields if fields else 0.0


def data_mark(connection: sqlite3.Connection) -> tuple[str, ...]:
    """Give what changes whenever playlists, plays, sounds or imports do; at once, however much there is."""
    row = connection.execute(
        """
        SELECT (SELECT value FROM state WHERE name = 'content'), (SELECT value FROM state WHERE name = 'last_import'),
            (SELECT count(*) FROM imports), (SELECT count(*) FROM audio_features),
            (SELECT count(*) || ' ' || ifnull(max(key), 0) || ' ' || ifnull(sum(content_hash), 0)
                FROM play_logs WHERE stands),
            (SELECT ifnull(sum(count), 0) FROM dropped)
        """
    ).fetchone()
    return tuple(map(str, row))


def is_small(connection: sqlite3.Connection) -> bool:
    """Tell whether all questions here together take well under a second."""
    pages, size = (connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "page_size"))
    return bool(pages * size < _SMALL)


def sizes(connection: sqlite3.Connection) -> dict[str, int]:
    """Count what there is of each kind that can be counted at once, up to millions."""
    return {
        name: int(connection.execute(question).fetchone()[0])
        for name, question in {
            "playlists": "SELECT count(*) FROM playlists",
            "songs": "SELECT count(*) FROM tracks",
            "artists": "SELECT count(*) FROM artists",
            "albums": "SELECT count(*) FROM albums",
            "places in playlists": "SELECT count(*) FROM playlist_entries",
            "songs with a known sound": "SELECT count(*) FROM audio_features",
            "listeners": "SELECT count(*) FROM listeners",
        }.items()
    }


def spread_question(inner: str) -> Callable[[sqlite3.Connection], Spread]:
    """Make the question how many have how much, of one that gives a number n for each."""
    return lambda connection: connection.execute(
        f"SELECT n, count(*) FROM ({inner}) WHERE n IS NOT NULL GROUP BY n ORDER BY n"
    ).fetchall()


_BY_LISTENER = "FROM plays p JOIN tracks t ON t.key = p.track_key GROUP BY p.listener_key"
_BY_SONG = "FROM plays p JOIN tracks t ON t.key = p.track_key GROUP BY ifnull(t.linked_key, t.key)"
_SONGS = "count(DISTINCT ifnull(t.linked_key, t.key))"

plays_each_listener = spread_question("SELECT sum(count) AS n FROM plays GROUP BY listener_key")
songs_each_listener = spread_question(f"SELECT {_SONGS} AS n {_BY_LISTENER}")
mean_each_listener = spread_question(f"SELECT round(1.0 * sum(p.count) / {_SONGS}, 2) AS n {_BY_LISTENER}")
plays_each_song = spread_question(f"SELECT sum(p.count) AS n {_BY_SONG}")
listeners_each_song = spread_question(f"SELECT count(DISTINCT p.listener_key) AS n {_BY_SONG}")
mean_each_song = spread_question(
    f"SELECT round(1.0 * sum(p.count) / count(DISTINCT p.listener_key), 2) AS n {_BY_SONG}"
)
playlist_lengths = spread_question(
    """
    SELECT ifnull(e.n, 0) AS n FROM playlists p
    LEFT JOIN (SELECT playlist_key, count(*) AS n FROM playlist_entries GROUP BY playlist_key) e
        ON e.playlist_key = p.key
    """
)
places_of_songs = spread_question("SELECT count(*) AS n FROM playlist_entries GROUP BY track_key")
# A release date begins with its year, or tells none.
_YEAR = "CAST(substr(al.release_date, 1, 4) AS INTEGER)"


def songs_by_year(connection: sqlite3.Connection) -> Spread:
    """Count songs by the year of their album."""
    return connection.execute(
        f"""
        SELECT {_YEAR} AS year, sum(t.n) FROM albums al
        JOIN (SELECT album_key, count(*) AS n FROM tracks WHERE album_key IS NOT NULL GROUP BY album_key) t
            ON t.album_key = al.key
        WHERE year BETWEEN 1000 AND 9999 GROUP BY year ORDER BY year
        """
    ).fetchall()


def plays_by_year(connection: sqlite3.Connection) -> Spread:
    """Count plays by the year of the song's album."""
    return connection.execute(
        f"""
        SELECT {_YEAR} AS year, sum(p.n) FROM (SELECT track_key, sum(count) AS n FROM plays GROUP BY track_key) p
        JOIN tracks t ON t.key = p.track_key JOIN tracks w ON w.key = ifnull(t.linked_key, t.key)
        JOIN albums al ON al.key = w.album_key
        WHERE year BETWEEN 1000 AND 9999 GROUP BY year ORDER BY year
        """
    ).fetchall()


def feature(connection: sqlite3.Connection, name: str) -> Spread:
    """Count songs by an audio feature, each value being the lower end of its bin (STEPS)."""
    step = STEPS[name]
    value = f"nullif({name}, 0)" if name == "tempo" else name  # a tempo of 0 is what Spotify gives where it cannot tell
    top = f"min({value}, 0.999999)" if name in UNIT else value
    # Whole numbers are cut towards 0, so all are moved above it first; a hair more, because 0.15 is a little less.
    rows = connection.execute(
        f"""
        SELECT CAST(1000 + 1e-6 + {top} / ? AS INTEGER) - 1000 AS bin, count(*) FROM audio_features
        WHERE {value} IS NOT NULL GROUP BY bin ORDER BY bin
        """,
        [step],
    )
    return [(round(number * step, 6), count) for number, count in rows]


def genres_of_songs(connection: sqlite3.Connection) -> list[tuple[str, int]]:
    """Count songs by the genres of their artists, the most frequent ones."""
    return connection.execute(
        """
        SELECT g.genre, count(DISTINCT c.track_key) AS songs FROM artist_genres g
        JOIN track_artists c ON c.artist_key = g.artist_key GROUP BY g.genre ORDER BY songs DESC, g.genre LIMIT ?
        """,
        [_MOST_GENRES],
    ).fetchall()


def genres_of_playlists(connection: sqlite3.Connection) -> list[tuple[str, int]]:
    """Count playlists by the genres that they tell, the most frequent ones."""
    return connection.execute(
        """
        SELECT told.value, count(*) AS lists FROM playlists p, json_each(p.genres) told WHERE p.genres IS NOT NULL
        GROUP BY told.value ORDER BY lists DESC, told.value LIMIT ?
        """,
        [_MOST_GENRES],
    ).fetchall()


def sources(connection: sqlite3.Connection) -> list[tuple[str, int]]:
    """Count songs by the source that first brought them, the most first."""
    return connection.execute(
        """
        SELECT i.source, sum(t.n) AS songs FROM imports i
        JOIN (SELECT import_key, count(*) AS n FROM tracks GROUP BY import_key) t ON t.import_key = i.key
        GROUP BY i.source ORDER BY songs DESC, i.source
        """
    ).fetchall()


def filled_by_playlists(connection: sqlite3.Connection) -> Filled:
    """Tell how much of the table of playlists and the songs in them is filled."""
    return Filled(
        *connection.execute(
            """
            SELECT (SELECT count(*) FROM (SELECT DISTINCT playlist_key FROM playlist_entries)),
                (SELECT count(*) FROM (SELECT DISTINCT track_key FROM playlist_entries)),
                (SELECT count(*) FROM (SELECT DISTINCT playlist_key, track_key FROM playlist_entries))
            """
        ).fetchone()
    )


def filled_by_listeners(connection: sqlite3.Connection) -> Filled:
    """Tell how much of the table of listeners and the songs that they played is filled."""
    return Filled(
        *connection.execute(
            """
            WITH heard AS MATERIALIZED (
                SELECT DISTINCT p.listener_key AS who, ifnull(t.linked_key, t.key) AS what
                FROM plays p JOIN tracks t ON t.key = p.track_key
            )
            SELECT count(DISTINCT who), count(DISTINCT what), count(*) FROM heard
            """
        ).fetchone()
    )
