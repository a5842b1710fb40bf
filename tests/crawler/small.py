"""A database over the small Spotify's world, and somebody who is logged in there."""

import json
import sqlite3
import time
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from cli import main
from crawler.credentials import Credentials
from crawler.places import Places
from crawler.terms import VERSION
from crawler.token import READ_SCOPES
from crawler.token_file import Token, token_path, write_token
from db.connection import open_writer, transaction
from db.gate import write_setting
from db.records import Playlist, PlaylistEntry, Track
from db.runs import ImportRun
from db.write import store
from demo.ids import Kind
from demo.spotify import serving

APP = Credentials("made-up-id")


def song_id(service: serving.Places, number: int) -> str:
    """Give the id of a song."""
    return service.world.id_of(Kind.SONG, number)


def song(service: serving.Places, number: int, track_id: str | None = None, *, isrc: bool = True) -> Track:
    """Give a song as a crawl tells it, or under another id."""
    told = service.world.music.song(number)
    code = told.isrc.upper() if isrc else None
    return Track(track_id or song_id(service, number), told.title, duration_ms=told.duration_ms, isrc=code)


def keep(database: Path, playlists: Iterable[Sequence[Track]], *, terms: bool = False) -> None:
    """Store playlists of these tracks."""
    told = [
        Playlist(f"made-up:{number}", f"Mix {number}", tuple(PlaylistEntry(*entry) for entry in enumerate(tracks)))
        for number, tracks in enumerate(playlists)
    ]
    with open_writer(database, "testing") as connection, transaction(connection):
        store(connection, ImportRun("made-up", "tests", int(time.time())), told)
        if terms:
            write_setting(connection, "terms", VERSION)


def at(service: serving.Places, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the environment name the small services, and a home of Segue's with nobody logged in."""
    for name in ("SPOTIPY_CLIENT_ID", "SPOTIPY_CLIENT_SECRET", "SPOTIPY_REDIRECT_URI"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SEGUE_HOME", str(folder / "home"))
    monkeypatch.setenv("SEGUE_SPOTIFY_API", service.api)
    monkeypatch.setenv("SEGUE_SPOTIFY_ACCOUNTS", service.accounts)
    monkeypatch.setenv("SEGUE_RECCOBEATS_API", service.reccobeats)


def log_in(
    service: serving.Places, folder: Path, monkeypatch: pytest.MonkeyPatch, scopes: Sequence[str] = READ_SCOPES
) -> None:
    """Log somebody in there."""
    monkeypatch.setenv("SPOTIPY_CLIENT_ID", APP.client_id)
    where = Places(service.api, service.accounts, service.reccobeats)
    now = int(time.time())
    token = Token(service.token(*scopes), now + 3600, frozenset(scopes), now, "made-up-refresh")
    write_token(token_path(APP, where, "user", folder / "home"), token)


def segue(database: Path, *told: str, answers: str | None = None) -> Result:
    """Run a command."""
    return CliRunner().invoke(main, ["--db", str(database), *told], input=answers)


def told(result: Result) -> dict[str, Any]:
    """Read the one JSON object of a command."""
    assert result.stdout, result.stderr
    answer: dict[str, Any] = json.loads(result.stdout)
    return answer


def rows(database: Path, question: str) -> list[tuple[Any, ...]]:
    """Ask the database."""
    with closing(sqlite3.connect(database)) as connection:
        return connection.execute(question).fetchall()
