"""What each import brought, and what it left out, with the reasons."""

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Brought:
    """One import from one source: what stands in the database of it now, and what it left out."""

    number: int
    """By which it is taken back."""
    source: str
    place: str
    """The path, or what was crawled."""
    started_at: int
    """Seconds since 1970, UTC."""
    rows: Mapping[str, int]
    """By what they are: playlists, new songs, plays, and so on; what there is none of is not named."""
    dropped: dict[str, int] = field(default_factory=dict)
    """By the reason, in words; the most first."""
    known: bool = True
    """Whether that was noted: imports by an earlier Segue said it once and forgot it."""


def drop(connection: sqlite3.Connection, import_key: int, counts: Mapping[str, int]) -> None:
    """Add to what an import left out, by the reason. Inside the caller's transaction."""
    connection.executemany(
        """
        INSERT INTO dropped VALUES (?, ?, ?)
        ON CONFLICT (import_key, reason) DO UPDATE SET count = count + excluded.count
        """,
        [(import_key, reason, count) for reason, count in counts.items() if count],
    )


def brought(connection: sqlite3.Connection) -> list[Brought]:
    """List all imports, the latest first, one for each source in them. Counts all rows: slow at millions."""
    rows: dict[int, dict[str, int]] = {}
    for name, question in _ROWS.items():
        for key, count in connection.execute(question):
            rows.setdefault(key, {})[name] = count
    left = _left_out(connection)
    told = connection.execute("SELECT key, number, source, place, started_at FROM imports ORDER BY key DESC")
    (since,) = connection.execute(
        "SELECT ifnull(max(CAST(value AS INTEGER)), 0) FROM state WHERE name = 'dropped_since'"
    ).fetchone()
    return [
        Brought(number, source, place, at, rows.get(key, {}), left.get(key, {}), key > since)
        for key, number, source, place, at in told
    ]


def dropped(connection: sqlite3.Connection) -> list[Brought]:
    """List the imports that left something out, the latest first; their rows are not counted."""
    left = _left_out(connection)
    told = connection.execute("SELECT key, number, source, place, started_at FROM imports ORDER BY key DESC")
    return [Brought(number, source, place, at, {}, left[key]) for key, number, source, place, at in told if key in left]


def _left_out(connection: sqlite3.Connection) -> dict[int, dict[str, int]]:
    left: dict[int, dict[str, int]] = {}
    for key, reason, count in connection.execute(
        "SELECT import_key, reason, count FROM dropped ORDER BY import_key, count DESC, reason"
    ):
        left.setdefault(key, {})[reason] = count
    return left


_ROWS = {
    "playlists": "SELECT import_key, count(*) FROM playlists GROUP BY import_key",
    "places in playlists": """
        SELECT p.import_key, sum(e.number) FROM playlists p
        JOIN (SELECT playlist_key, count(*) AS number FROM playlist_entries GROUP BY playlist_key) e
            ON e.playlist_key = p.key
        GROUP BY p.import_key
    """,
    "new songs": "SELECT import_key, count(*) FROM tracks GROUP BY import_key",
    "plays": """
        SELECT l.import_key, sum(p.count) FROM plays p JOIN play_logs l ON l.key = p.log_key GROUP BY l.import_key
    """,
    "sounds": "SELECT import_key, count(*) FROM audio_features GROUP BY import_key",
    "texts": "SELECT import_key, count(*) FROM track_texts GROUP BY import_key",
}
