"""Parsing and storing what a crawl reads, against json.loads and a bare executemany of the same rows.

As a child: python -m bench.storing (fetch | store | bare) ...
"""

import asyncio
import json
import sqlite3
import sys
import tempfile
import time
from pathlib import Path

import aiohttp
import orjson

from bench.crawling import serving
from bench.measure import Figure, alternate, child, middle, peak_megabytes, tell
from crawler import parse
from crawler.crawl import BATCH
from crawler.frontier import Frontier, Target, Whole
from crawler.regime import App
from crawler.spotify import PLAYLIST_FIELDS
from db.connection import open_writer

SPEED, SHARE = 20_000.0, 0.5
STORED_PLAYLISTS = 1_200


def figures(runs: int) -> list[Figure]:
    """Parse and store by turns with Segue and with the bare peer."""
    with tempfile.TemporaryDirectory() as folder:
        with serving(library=STORED_PLAYLISTS, playlists=STORED_PLAYLISTS) as served:
            bodies = Path(folder) / "bodies"
            child("bench.storing", "fetch", json.dumps(served), bodies)
        sides = {
            side: lambda side=side: child("bench.storing", side, bodies, Path(folder) / f"{side}.db")
            for side in ("store", "bare")
        }
        results = alternate(sides, runs)
    ours, bare = (middle(results[side], "speed") for side in ("store", "bare"))
    target = max(SPEED, SHARE * bare)
    detail = f"json.loads + executemany {bare:,.0f}; {results['store'][0]['entries']:,} entries"
    return [Figure("parsing and storing a crawl, one core", ours, "entries/s", target, False, detail)]


def _fetch(served: dict[str, str], folder: Path) -> None:
    """Keep the bodies of playlists as they come over the wire."""

    async def fetch() -> None:
        headers = {"Authorization": f"Bearer {served['token']}"}
        async with aiohttp.ClientSession(headers=headers) as session:
            for offset in range(0, STORED_PLAYLISTS, 50):
                async with session.get(
                    f"{served['api']}/me/playlists", params={"limit": 50, "offset": offset}
                ) as answer:
                    page = await answer.json()
                for playlist in filter(None, page["items"]):
                    place = f"{served['api']}/playlists/{playlist['id']}"
                    async with session.get(place, params={"fields": PLAYLIST_FIELDS}) as answer:
                        if answer.status == 200:  # Spotify's own are listed, but not there
                            (folder / playlist["id"]).write_bytes(await answer.read())

    folder.mkdir()
    asyncio.run(fetch())
    tell(bodies=len(list(folder.iterdir())))


def _store(bodies: list[bytes], path: Path) -> int:
    """Parse and store them as the crawler does: whole playlists, in batches."""
    with open_writer(path, "bench") as connection:
        frontier = Frontier(connection, Target(mine=True), "bench", time.time)
        entries = 0
        for start in range(0, len(bodies), BATCH):
            told = [parse.contents(orjson.loads(body)) for body in bodies[start : start + BATCH]]
            frontier.take_named([contents.found for contents in told], App())
            waiting = {known.found.playlist_id: known for known in frontier.waiting(0, BATCH)}
            wholes = [
                Whole(waiting[contents.found.playlist_id], contents.found, contents.page.entries)
                for contents in told
                if contents.page and contents.found.playlist_id in waiting
            ]
            entries += frontier.store(wholes).entries
    return entries


def _bare(bodies: list[bytes], path: Path) -> int:
    """Do what a script would: json.loads, and the same rows by executemany."""
    connection = sqlite3.connect(path)
    connection.executescript(
        """
        PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;
        CREATE TABLE playlists (id TEXT PRIMARY KEY, name, description, owner, snapshot_id);
        CREATE TABLE tracks (id TEXT PRIMARY KEY, name, album_id, duration_ms, isrc, popularity);
        CREATE TABLE artists (id TEXT PRIMARY KEY, name);
        CREATE TABLE albums (id TEXT PRIMARY KEY, name, release_date);
        CREATE TABLE track_artists (track_id, position, artist_id, PRIMARY KEY (track_id, position)) WITHOUT ROWID;
        CREATE TABLE entries (playlist_id, position, track_id, added_at, PRIMARY KEY (playlist_id, position))
            WITHOUT ROWID;
        CREATE INDEX entries_by_track ON entries (track_id);
        """
    )
    count = 0
    for body in bodies:
        told = json.loads(body)
        items = [
            (place, entry, entry["item"])
            for place, entry in enumerate(told["items"]["items"])
            if entry and entry["item"]
        ]
        tracks = [
            (place, entry, track) for place, entry, track in items if track.get("type") == "track" and track.get("id")
        ]
        count += len(tracks)
        owner = (told.get("owner") or {}).get("display_name")
        row = (told["id"], told["name"], told["description"], owner, told["snapshot_id"])
        connection.execute("INSERT OR REPLACE INTO playlists VALUES (?, ?, ?, ?, ?)", row)
        connection.executemany(
            "INSERT OR IGNORE INTO albums VALUES (?, ?, ?)",
            ((t["album"]["id"], t["album"]["name"], t["album"].get("release_date")) for _, _, t in tracks),
        )
        connection.executemany(
            "INSERT OR IGNORE INTO artists VALUES (?, ?)",
            ((a["id"], a["name"]) for _, _, t in tracks for a in t["artists"]),
        )
        connection.executemany(
            "INSERT OR IGNORE INTO tracks VALUES (?, ?, ?, ?, ?, ?)",
            (
                (
                    t["id"],
                    t["name"],
                    t["album"]["id"],
                    t["duration_ms"],
                    t["external_ids"].get("isrc"),
                    t.get("popularity"),
                )
                for _, _, t in tracks
            ),
        )
        connection.executemany(
            "INSERT OR IGNORE INTO track_artists VALUES (?, ?, ?)",
            ((t["id"], place, a["id"]) for _, _, t in tracks for place, a in enumerate(t["artists"])),
        )
        connection.executemany(
            "INSERT INTO entries VALUES (?, ?, ?, ?)",
            ((told["id"], place, t["id"], entry["added_at"]) for place, entry, t in tracks),
        )
    connection.commit()
    connection.close()
    return count


def _timed(side: str, folder: Path, path: Path) -> None:
    bodies = [body.read_bytes() for body in sorted(folder.iterdir())]
    path.unlink(missing_ok=True)
    started = time.perf_counter()
    entries = {"store": _store, "bare": _bare}[side](bodies, path)
    tell(speed=entries / (time.perf_counter() - started), entries=entries, peak=peak_megabytes())


if __name__ == "__main__":
    part, what, where = sys.argv[1:]
    if part == "fetch":
        _fetch(json.loads(what), Path(where))
    else:
        _timed(part, Path(what), Path(where))
