"""Crawling the small Spotify, against a loop over spotipy's playlist_items; and its use of a rate.

As a child: python -m bench.crawling (serve | ours | spotipy) ...
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import spotipy

from bench.measure import ROOT, Figure, alternate, child, middle, tell
from crawler.credentials import find_credentials
from crawler.places import places
from crawler.token_file import Token, token_path, write_token
from demo.spotify.serving import Options
from demo.spotify.serving import serving as in_thread

RATIO, USED = 10.0, 0.95
LATENCY, CONCURRENCY = "100ms", 32
PLAYLISTS = 300
RATE, RATE_WINDOW_S, RATE_WINDOWS = 30, 30.0, 4
_SCOPES = ("playlist-read-private", "playlist-read-collaborative", "user-library-read")


def figures(runs: int) -> list[Figure]:
    """Crawl by turns with Segue and with spotipy; then as fast as a limit allows."""
    return [*_against_spotipy(runs), *_to_the_limit()]


def _against_spotipy(runs: int) -> Iterator[Figure]:
    with serving(library=PLAYLISTS, followed=0, liked=0, playlists=PLAYLISTS, faults=f"latency={LATENCY}") as served:
        sides = {
            side: lambda side=side: child("bench.crawling", side, json.dumps(served)) for side in ("ours", "spotipy")
        }
        results = alternate(sides, runs)
    ours, theirs = (middle(results[side], "speed") for side in ("ours", "spotipy"))
    requests = " and ".join(f"{results[side][0]['requests']:,}" for side in ("ours", "spotipy"))
    detail = (
        f"{ours:.0f} playlists/s against {theirs:.1f}; {requests} requests, latency {LATENCY}, {CONCURRENCY} at once"
    )
    yield Figure("crawl / a loop over spotipy's playlist_items", ours / theirs, "times", RATIO, False, detail)


def _to_the_limit() -> Iterator[Figure]:
    """Send as many requests as fit into some windows: the first of each can go when the window before is over."""
    rate, count = f"{RATE}/{RATE_WINDOW_S:.0f}s", RATE * RATE_WINDOWS
    with serving(library=count, followed=0, liked=0, playlists=count, faults=f"rate={rate}") as served:
        told = child("bench.crawling", "ours", json.dumps(served), "--rate", rate, "--max-requests", count)
    least = RATE_WINDOW_S * (RATE_WINDOWS - 1)
    detail = f"{told['requests']} requests in {told['seconds']:.1f} s, {least:.0f} s at least"
    yield Figure(f"share of a rate of {rate} that is used", least / told["seconds"], "", USED, False, detail)
    yield Figure("answers 429 of our own making", float(told["refused"]), "", 0.0, True)


@contextmanager
def serving(**options: object) -> Iterator[dict[str, str]]:
    """Run the small Spotify in a process of its own; gives its places and an access token."""
    command = [sys.executable, "-m", "bench.crawling", "serve", json.dumps(options)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        assert server.stdin is not None
        try:
            served: dict[str, str] = json.loads(server.stdout.readline())
            yield served
        finally:
            server.stdin.close()
            server.wait()


def _serve(options: dict[str, Any]) -> None:
    with in_thread(Options(**options)) as served:
        token = served.token(*_SCOPES)
        print(json.dumps({"api": served.api, "accounts": served.accounts, "token": token}), flush=True)
        sys.stdin.read()


def _ours(served: dict[str, str], *words: str) -> None:
    """Run `segue crawl` as a user would, its start and its index included."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        environment = {
            **os.environ, "SEGUE_HOME": str(home), "SEGUE_SPOTIFY_API": served["api"],
            "SEGUE_SPOTIFY_ACCOUNTS": served["accounts"], "SPOTIPY_CLIENT_ID": "bench",
        }  # fmt: skip
        _keep_token(served, environment, home)
        before = _seen(served)
        command = [
            sys.executable,
            "cli.py",
            "--db",
            f"{folder}/crawl.db",
            "crawl",
            "--accept-terms",
            "--json",
            "--pace",
            "0",
        ]
        started = time.perf_counter()
        done = subprocess.run(
            [*command, "--concurrency", str(CONCURRENCY), *words],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            check=True,
        )
        seconds = time.perf_counter() - started
        told = json.loads(done.stdout)
        count = told["counts"]["stored"] + told["counts"]["empty"]
        seen = _seen(served)[len(before) :]
        refused = sum(request["status"] == 429 for request in seen)
        span = seen[-1]["at"] - seen[0]["at"] if seen else 0.0
        tell(speed=count / seconds, requests=len(seen), refused=refused, seconds=span if words else seconds)


def _keep_token(served: dict[str, str], environment: dict[str, str], home: Path) -> None:
    path = token_path(find_credentials(environment, home), places(environment), "user", home)
    path.parent.mkdir(parents=True)
    now = int(time.time())
    write_token(path, Token(served["token"], now + 3600, frozenset(_SCOPES), now, "none"))


def _seen(served: dict[str, str]) -> list[dict[str, Any]]:
    with urlopen(f"{served['accounts']}/_requests") as answer:
        told = json.load(answer)
    rows: list[dict[str, Any]] = told["requests"] if isinstance(told, dict) else told
    return [row for row in rows if "/v1/" in row["path"]]


def _spotipy(served: dict[str, str]) -> None:
    """Read the same playlists in a loop, one call a page, and keep nothing."""
    api = spotipy.Spotify(auth=served["token"], retries=0, status_retries=0)
    api.prefix = served["api"] + "/"
    started, requests, count = time.perf_counter(), 0, 0
    offset: int | None = 0
    while offset is not None:
        page = api.current_user_playlists(limit=50, offset=offset)
        requests += 1
        for playlist in filter(None, page["items"]):
            if pages := _read(api, playlist["id"]):
                count += 1
                requests += pages
        offset = offset + 50 if offset + 50 < page["total"] else None
    tell(speed=count / (time.perf_counter() - started), requests=requests)


def _read(api: Any, playlist_id: str) -> int:
    """Read one playlist; gives the number of its pages, 0 where there is none (one of Spotify's own)."""
    requests = offset = 0
    while True:
        try:
            page = api.playlist_items(playlist_id, limit=50, offset=offset, additional_types=("track", "episode"))
        except spotipy.SpotifyException:
            return 0
        requests += 1
        offset += 50
        if offset >= page["total"]:
            return requests


if __name__ == "__main__":
    side, told, *words = sys.argv[1:]
    if side == "serve":
        _serve(json.loads(told))
    elif side == "ours":
        _ours(json.loads(told), *words)
    else:
        _spotipy(json.loads(told))
