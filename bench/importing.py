"""Importing slices of the Million Playlist Dataset, against json.loads and a bare executemany into the same tables."""

import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from bench.measure import Figure, alternate, child, middle, peak_megabytes, tell
from bench.world import World, make_world, raw_id, title

PLAYLISTS_A_SLICE = 1_000
LENGTH = 66
TRACKS_A_SLICE = 30_000
RATIO, SPEED, MEMORY = 1.5, 60_000.0, 300.0
PEER = "json.loads + executemany"


def figures(n_slices: int, runs: int) -> list[Figure]:
    """Make slices in the genuine schema, and import them by turns with Segue and with the bare peer."""
    with tempfile.TemporaryDirectory() as folder:
        slices = Path(folder) / "slices"
        slices.mkdir()
        n_entries = _make_slices(slices, n_slices)
        sides = {
            side: lambda side=side: child("bench.importing", side, slices, Path(folder) / f"{side}.db")
            for side in ("ours", "bare")
        }
        results = alternate(sides, runs)
    ours, bare = results["ours"], results["bare"]
    rows, words = middle(ours, "rows"), middle(ours, "index")
    bare_rows, bare_words = middle(bare, "rows"), middle(bare, "index")
    detail = f"{rows:.2f} s against {bare_rows:.2f} s, {n_slices} slices, {n_entries:,} entries"
    peak = f"the peer {middle(bare, 'peak'):.0f} MB"
    return [
        Figure(f"import / {PEER}", rows / bare_rows, "times", RATIO, True, detail),
        Figure(
            "the same with the search index on both sides",
            (rows + words) / (bare_rows + bare_words), "times", RATIO, True,
            f"{rows + words:.2f} s against {bare_rows + bare_words:.2f} s",
        ),
        Figure("import", n_entries / rows, "entries/s", SPEED, False, f"the peer {n_entries / bare_rows:,.0f}"),
        Figure("import with the search index", n_entries / (rows + words), "entries/s", SPEED, False),
        Figure("import, peak memory", middle(ours, "peak"), "MB", MEMORY, True, peak),
    ]  # fmt: skip


def _make_slices(folder: Path, n_slices: int) -> int:
    print(f"making {n_slices} slices ...", file=sys.stderr)
    world = make_world(TRACKS_A_SLICE * n_slices, PLAYLISTS_A_SLICE * n_slices, LENGTH)
    for number in range(n_slices):
        first, last = PLAYLISTS_A_SLICE * number, PLAYLISTS_A_SLICE * (number + 1)
        info = {"generated_on": "2017-12-03 08:41:42.057563", "slice": f"{first}-{last - 1}", "version": "v1"}
        told = {"info": info, "playlists": [_playlist(world, pid) for pid in range(first, last)]}
        # Indented as the real ones are.
        (folder / f"mpd.slice.{first}-{last - 1}.json").write_text(json.dumps(told, indent=4), encoding="utf-8")
    return len(world.entries)


def _playlist(world: World, pid: int) -> dict[str, Any]:
    tracks = [_entry(place, number) for place, number in enumerate(world.playlist(pid))]
    return {
        "name": title(pid), "collaborative": "false", "pid": pid, "modified_at": 1493424000, "num_tracks": len(tracks),
        "num_albums": len({entry["album_uri"] for entry in tracks}), "num_followers": 1, "tracks": tracks,
        "num_edits": 6, "duration_ms": sum(entry["duration_ms"] for entry in tracks),
        "num_artists": len({entry["artist_uri"] for entry in tracks}),
    }  # fmt: skip


def _entry(place: int, number: int) -> dict[str, Any]:
    artist, album = number % 20_000, number // 4
    return {
        "pos": place, "artist_name": title(artist + 1_000_000), "track_uri": f"spotify:track:{raw_id('track', number)}",
        "artist_uri": f"spotify:artist:{raw_id('artist', artist)}", "track_name": title(number),
        "album_uri": f"spotify:album:{raw_id('album', album)}", "duration_ms": 120_000 + number,
        "album_name": title(album + 2_000_000),
    }  # fmt: skip


def _ours(slices: Path, database: Path) -> tuple[float, float]:
    from db import index
    from db.connection import open_writer
    from importer.run import ImportOptions, import_paths

    with open_writer(database, "a bench") as connection:
        started = time.perf_counter()
        import_paths(connection, [slices], ImportOptions(1_700_000_000))
        stored = time.perf_counter()
        index.finish(connection)
        return stored - started, time.perf_counter() - stored


def _bare(slices: Path, database: Path) -> tuple[float, float]:
    """Do what a competent script would: ids in dicts, one transaction a file, the same tables, indexes and PRAGMAs."""
    from db.connection import open_writer

    with open_writer(database, "a bench") as connection:
        started = time.perf_counter()
        connection.execute("INSERT INTO imports VALUES (1, 1, 'mpd', 'here', 0)")
        keys: dict[str, dict[str, int]] = {"artist": {}, "album": {}, "track": {}}
        for path in sorted(slices.iterdir()):
            told = json.loads(path.read_bytes())
            connection.execute("BEGIN IMMEDIATE")
            _insert(connection, told["playlists"], keys)
            connection.execute("COMMIT")
        stored = time.perf_counter()
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(
            """
            INSERT INTO tracks_fts (rowid, name, artists, album)
            SELECT t.key, t.name, a.name, al.name FROM tracks t JOIN track_artists c ON c.track_key = t.key
            JOIN artists a ON a.key = c.artist_key JOIN albums al ON al.key = t.album_key
            """
        )
        connection.execute("COMMIT")
        return stored - started, time.perf_counter() - stored


def _insert(connection: Any, playlists: list[dict[str, Any]], keys: dict[str, dict[str, int]]) -> None:
    tracks = keys["track"]
    new: dict[str, list[tuple[Any, ...]]] = {"artists": [], "albums": [], "tracks": [], "track_artists": []}
    lists, entries = [], []
    for playlist in playlists:
        key = playlist["pid"] + 1
        about = playlist["num_followers"], playlist["modified_at"]
        lists.append((key, f"mpd:{key}", playlist["name"], None, None, None, *about, 0, 1, 0))
        for entry in playlist["tracks"]:
            track = tracks.get(entry["track_uri"])
            if track is None:
                track = _new_track(entry, keys, new)
            entries.append((key, entry["pos"], track, None))
    for table, rows in (*new.items(), ("playlists", lists), ("playlist_entries", entries)):
        if rows:
            connection.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(rows[0]))})", rows)


def _new_track(entry: dict[str, Any], keys: dict[str, dict[str, int]], new: dict[str, list[tuple[Any, ...]]]) -> int:
    artists, albums, tracks = keys["artist"], keys["album"], keys["track"]
    track = tracks[entry["track_uri"]] = len(tracks) + 1
    artist = artists.get(entry["artist_uri"])
    if artist is None:
        artist = artists[entry["artist_uri"]] = len(artists) + 1
        new["artists"].append((artist, entry["artist_uri"][15:], entry["artist_name"], 1, 0))
    album = albums.get(entry["album_uri"])
    if album is None:
        album = albums[entry["album_uri"]] = len(albums) + 1
        new["albums"].append((album, entry["album_uri"][14:], entry["album_name"], None, 1, 0))
    told = entry["track_uri"][14:], entry["track_name"], album, entry["duration_ms"]
    new["tracks"].append((track, *told, None, None, None, 1, 0, None))
    new["track_artists"].append((track, 0, artist))
    return track


def main() -> None:
    """Import once, in this process, and tell what it took."""
    side, slices, database = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    for file in database.parent.glob(f"{database.name}*"):
        file.unlink()
    rows, words = {"ours": _ours, "bare": _bare}[side](slices, database)
    tell(rows=rows, index=words, peak=peak_megabytes())


if __name__ == "__main__":
    main()
