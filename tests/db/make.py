"""Made-up records, and everything that a database says, for comparing."""

import hashlib
import random
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from db import index
from db.connection import open_reader, open_writer, transaction
from db.records import Album, Artist, AudioFeatures, Play, Playlist, PlaylistEntry, Record, Track, TrackText
from db.runs import Counts, ImportRun
from db.write import store

NOW = 1_700_000_000
ADJECTIVES = ["Copper", "Velvet", "Hollow", "Paper", "Silver", "Crooked", "Amber", "Northern", "Distant", "Salt"]
NOUNS = ["Lantern", "Harbour", "Orchard", "Signal", "Meadow", "Engine", "Feather", "Compass", "Window", "River"]


def raw_id(kind: str, number: int) -> str:
    """Make a raw id in the form of Spotify's."""
    return hashlib.blake2b(f"{kind}{number}".encode(), digest_size=11).hexdigest()


def name(number: int) -> str:
    """Make a name of two words and a number."""
    return f"{ADJECTIVES[number % 10]} {NOUNS[number // 10 % 10]} {number}"


def artist(number: int, genres: tuple[str, ...] = ()) -> Artist:
    """Make an artist."""
    return Artist(f"The {name(number)}s", raw_id("artist", number), genres)


def track(number: int) -> Track:
    """Make a track of which everything is told."""
    return Track(
        raw_id("track", number),
        name(number),
        (artist(number // 5), artist(number // 5 + 1)) if number % 4 == 0 else (artist(number // 5),),
        Album(f"{name(number // 7)} Sessions", raw_id("album", number // 7), "1998-05"),
        180_000 + number,
        f"XX{number:010d}",
        number % 101,
        number % 3 == 0,
    )


def bare(number: int) -> Track:
    """Make the same track as track() does, of which only the id is told."""
    return Track(raw_id("track", number))


def undated(number: int) -> Track:
    """Make the same track as track() does, told without the date of its album and whether it is explicit."""
    whole = track(number)
    assert whole.album
    return replace(whole, album=replace(whole.album, release_date=None), explicit=None)


def playlist(number: int, tracks: Iterable[Track | int], **told: object) -> Playlist:
    """Make a playlist of these tracks, or of the tracks of these numbers."""
    entries = tuple(
        PlaylistEntry(place, track(member) if isinstance(member, int) else member, NOW - place)
        for place, member in enumerate(tracks)
    )
    return Playlist(f"made-up:{number}", f"Mix {number}", entries, **told)  # type: ignore[arg-type]


def run(source: str = "made-up", now: int = NOW) -> ImportRun:
    """Make a run of collecting."""
    return ImportRun(source, "tests", now)


def store_all(path: Path, records: Iterable[Record], source: str = "made-up") -> tuple[ImportRun, Counts]:
    """Store the records as one import of one file, with the index brought up to them."""
    one = run(source)
    with open_writer(path, "testing") as connection:
        with transaction(connection):
            counts = store(connection, one, records)
        index.finish(connection)
    return one, counts


def random_records(rng: random.Random, playlists: int = 6, tracks: int = 30) -> list[Record]:
    """Make a small import from a world that imports share: playlists known or new, tracks told in full or bare."""
    records: list[Record] = []
    for number in rng.sample(range(playlists * 2), playlists):
        members = [told(rng, rng.randrange(tracks)) for _ in range(rng.randint(0, 8))]
        records.append(playlist(number, members, genres=tuple(rng.sample(["folk", "dub"], rng.randint(0, 2)))))
    for number in rng.sample(range(tracks), 4):
        records.append(AudioFeatures(told(rng, number), rng.random(), tempo=float(rng.randint(60, 180))))
        records.append(TrackText(told(rng, number), "tag", rng.choice(["slow", "bright"])))
    return records


def random_plays(rng: random.Random, tracks: int = 30) -> list[Play]:
    """Make a small listening log."""
    return [
        Play(rng.choice(["ada", "bo"]), told(rng, rng.randrange(tracks)), rng.randint(1, 9), NOW - rng.randrange(99))
        for _ in range(rng.randint(1, 8))
    ]


def told(rng: random.Random, number: int) -> Track:
    """Tell of a track everything, nothing but its id, or artist and title alone, under a made-up id."""
    from db.identity import made_up_id

    whole = track(number)
    how = rng.random()
    if how < 0.4:
        return whole
    if how < 0.5:
        return undated(number)
    if how < 0.8:
        return bare(number)
    main = whole.artists[0].name
    return Track(
        made_up_id(main, whole.name),
        whole.name,
        (Artist(main, genres=tuple(rng.sample(["pop"], rng.randint(0, 1)))),),
        path=f"/music/{number}.mp3" if number % 2 else "",
    )


_MEANING = {
    "playlists": """
        SELECT p.playlist_id, p.name, p.description, p.owner, p.genres, p.followers, p.modified_at, p.content_hash,
            e.position, t.track_id, e.added_at
        FROM playlists p LEFT JOIN playlist_entries e ON e.playlist_key = p.key
        LEFT JOIN tracks t ON t.key = e.track_key
    """,
    "tracks": """
        SELECT t.track_id, t.name, al.album_id, t.duration_ms, t.isrc, t.popularity, t.explicit, l.track_id, c.position,
            a.artist_id
        FROM tracks t LEFT JOIN albums al ON al.key = t.album_key LEFT JOIN tracks l ON l.key = t.linked_key
        LEFT JOIN track_artists c ON c.track_key = t.key LEFT JOIN artists a ON a.key = c.artist_key
    """,
    "artists": "SELECT artist_id, name, genre FROM artists LEFT JOIN artist_genres ON artist_key = key",
    "albums": "SELECT album_id, name, release_date FROM albums",
    "features": "SELECT track_id, danceability, tempo FROM audio_features f JOIN tracks t ON t.key = f.track_key",
    "texts": "SELECT track_id, kind, text FROM track_texts x JOIN tracks t ON t.key = x.track_key",
    "plays": """
        SELECT l.name, t.track_id, g.log_id, p.count, p.last_played_at FROM plays p
        JOIN listeners l ON l.key = p.listener_key JOIN tracks t ON t.key = p.track_key
        JOIN play_logs g ON g.key = p.log_key
    """,
    "files": "SELECT track_id, path FROM track_files JOIN tracks t ON t.key = track_key",
    "listeners": "SELECT name FROM listeners",
    "words": "SELECT term, track_id, col, offset FROM temp.told_words JOIN tracks t ON t.key = doc",
    "names": "SELECT name_key, track_id FROM track_names JOIN tracks t ON t.key = track_key",
}


def meaning(path: Path) -> dict[str, list[str]]:
    """Give all that the database says, by raw ids: without inner keys, sources, and times of fetching."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE VIRTUAL TABLE temp.told_words USING fts5vocab(main, tracks_fts, instance)")
        return {part: sorted(map(repr, connection.execute(question))) for part, question in _MEANING.items()}


def every_row(path: Path) -> dict[str, list[tuple]]:
    """Give every row of every table, inner keys and sources and all."""
    with open_reader(path) as connection:
        tables = connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'tracks_fts'"
        ).fetchall()
        return {table: connection.execute(f"SELECT * FROM [{table}]").fetchall() for (table,) in tables}


def is_sound(path: Path) -> bool:
    """Tell whether SQLite finds nothing wrong, and no row of ours points nowhere; says aloud what it finds."""
    connection = sqlite3.connect(path)
    try:
        found = connection.execute("PRAGMA integrity_check").fetchall()
        strays = connection.execute("PRAGMA foreign_key_check").fetchall()
        connection.execute("INSERT INTO tracks_fts (tracks_fts) VALUES ('integrity-check')")
    finally:
        connection.close()
    if found != [("ok",)] or strays:
        print(found, strays)  # noqa: T201  # pytest shows it when the test fails
    return found == [("ok",)] and not strays


def entries_of(path: Path, playlist_id: str) -> list[tuple[int, str]]:
    """Give position and track_id of a playlist's entries, in order."""
    with open_reader(path) as connection:
        return connection.execute(
            """
            SELECT e.position, t.track_id FROM playlists p JOIN playlist_entries e ON e.playlist_key = p.key
            JOIN tracks t ON t.key = e.track_key WHERE p.playlist_id = ? ORDER BY e.position
            """,
            [playlist_id],
        ).fetchall()
