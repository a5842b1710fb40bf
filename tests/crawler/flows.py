"""The flows of the cassettes: each is one plain function that runs our own code, and gives what is to stay the same.

A flow knows nothing of cassettes. It goes to the services that its stage names: while it is recorded these are the
small ones or the real ones, while it is replayed the real addresses, with nobody behind them.
"""

import asyncio
import hashlib
import json
import sqlite3
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from crawler import parse, running
from crawler.credentials import find_credentials
from crawler.errors import Blocked, NotLoggedIn
from crawler.export import export_playlist
from crawler.features.report import as_dict as features_told
from crawler.features.run import Wishes as FeatureWishes
from crawler.features.run import run as run_features
from crawler.frontier import Target
from crawler.login import Person, log_in_app
from crawler.login import log_in as log_in_user
from crawler.places import places
from crawler.report import Report, as_dict
from crawler.rows import Rows
from crawler.session import Login, account_of, log_in, open_transport
from crawler.showing import Showing
from crawler.spotify import Spotify
from crawler.terms import VERSION
from crawler.token import READ_SCOPES, WRITE_SCOPES
from crawler.token_file import read_token, token_path, write_token
from crawler.transport import Manner
from db.connection import open_writer, transaction
from db.gate import write_setting
from demo.spotify.serving import Options
from tests.crawler.running import everything, rows_of

SCOPES = READ_SCOPES + WRITE_SCOPES
WORD = "late"
NAME, ABOUT = "Segue: a cassette", "Suggested by Segue on 2026-11-21 at 10:11:12"
"""Of the playlist that is written back."""
RENEWALS = 4
"""So many, because the small Spotify gives a new refresh token with each third, which the next one then needs."""
MADE_UP = "made-up-{}-{}"
"""What stands in a cassette in place of a secret: its name, and which one of its kind it is."""


@dataclass(frozen=True)
class Stage:
    """Where a flow plays."""

    environment: Mapping[str, str]
    """Names the services where they are not the real ones, the app, and Segue's own folder with a login in it."""
    folder: Path
    """For what the flow makes."""
    agree: Callable[[str], str]
    """Takes the address at which a person agrees to a login, and gives the one at which the browser ends."""

    @property
    def database(self) -> Path:
        """Name the flow's database."""
        return self.folder / "songs.db"


Told = dict[str, Any]
"""What a flow brought, as plain values for JSON, without times."""


@dataclass(frozen=True)
class Flow:
    """A flow, and the small Spotify that it is recorded from."""

    run: Callable[[Stage], Told]
    world: Options
    without: int | None = None
    """A playlist that the listener has left, for its length."""


def login_and_refresh(stage: Stage) -> Told:
    """Log in with a code, renew the token again and again, log in as the app alone, and be refused in the end."""
    folder = stage.folder / "home"  # not the stage's, which holds a login that a person may want to keep
    environment = {**stage.environment, "SEGUE_HOME": str(folder)}
    credentials, where = find_credentials(environment, folder), places(environment)
    answer = stage.folder / "answer"
    with answer.open("w+b", buffering=0) as lines:

        def show(address: str) -> None:
            lines.write(stage.agree(address).encode() + b"\n")
            lines.seek(0)

        log_in_user(credentials, where, READ_SCOPES, folder, Person(show, lambda _sentence: None, lines.fileno()))
    path = token_path(credentials, where, "user", folder)
    held, who = [read_token(path)], [_who(stage, environment)]
    for _ in range(RENEWALS):
        assert held[-1]
        write_token(path, replace(held[-1], expires_at=0))
        who.append(_who(stage, environment))
        held.append(read_token(path))
    kept = [token for token in held if token]
    write_token(path, replace(kept[-1], expires_at=0, refresh=MADE_UP.format("refresh_token", 0)))
    try:
        who.append(_who(stage, environment))
    except NotLoggedIn:
        who.append("nobody")
    app = log_in_app(credentials, where, folder) if credentials.client_secret else None
    return {
        "who": who,
        "scopes": sorted(kept[0].scopes),
        "access tokens": len({token.access for token in kept}),
        "refresh tokens": len({token.refresh for token in kept}),
        "kept after the refusal": path.exists(),
        "of the app": sorted(app.scopes) if app else None,
    }


def own_library(stage: Stage) -> Told:
    """Crawl the playlists and liked songs of who is logged in."""
    return _crawl_told(stage, Target(mine=True))


def search_and_grow(stage: Stage) -> Told:
    """Search for a word, and go on with the words of what was found."""
    told = _crawl_told(stage, Target(searches=(WORD,), grow=True, most=4))
    searched = rows_of(stage.database, "SELECT word FROM found_words WHERE searched_at IS NOT NULL ORDER BY 1")
    return told | {"searched": [word for (word,) in searched]}


def features_with_fallback(stage: Stage) -> Told:
    """Ask Spotify for the audio features of the liked songs, and where it refuses ReccoBeats, by id and by ISRC."""
    _crawl(stage, Target(mine=True, most=1))
    wishes = FeatureWishes(("spotify", "reccobeats"), pace=0.0, concurrency=1, quiet=True)
    with open_writer(stage.database, "a cassette") as connection:
        with transaction(connection):
            write_setting(connection, "terms", VERSION)
        told = features_told(run_features(connection, stage.environment, wishes, None))
    found = rows_of(stage.database, _FEATURES)
    return _without_times(told) | {"features": len(found), "fingerprint": _fingerprint(found)}


def quota(stage: Stage) -> Told:
    """Crawl until the quota is used up, and then once more, which asks for nothing."""
    report = _crawl(stage, Target(mine=True))
    try:
        _crawl(stage, Target(mine=True))
        again = "done"
    except Blocked as error:
        again = "blocked until the same moment" if error.until == report.until else "blocked"
    hours = report.until and round((report.until - time.time()) / 3600)
    return _told(stage, report) | {"exit code": report.exit_code, "hours": hours, "again": again}


def playlist_export(stage: Stage) -> Told:
    """Write a playlist of liked songs back, in two parts, with one track among them that is not Spotify's."""
    _crawl(stage, Target(mine=True, most=1))
    liked = [track for (track,) in rows_of(stage.database, _TRACKS)]
    with open_writer(stage.database, "a cassette") as connection:
        return asyncio.run(_export(connection, _login(stage.environment), [*(liked * 120)[:120], "x:" + "0" * 20]))


SMALL = Options(playlists=60, library=4, followed=3, liked=8)
"""Enough for pages, odd entries, an empty playlist, one that is gone, one that others work on too."""
LONG = 1
"""One of the listener's playlists: it fills a cassette, and has nothing that the shorter ones have not."""
FLOWS = {
    "login-and-refresh": Flow(login_and_refresh, SMALL),
    "own-library-extended": Flow(own_library, replace(SMALL, regime="EXT"), LONG),
    "own-library-legacy": Flow(own_library, replace(SMALL, regime="LEGACY"), LONG),
    "own-library-restricted": Flow(own_library, replace(SMALL, regime="RESTRICTED"), LONG),
    "search-and-grow": Flow(search_and_grow, replace(SMALL, regime="LEGACY")),
    "features-with-fallback": Flow(features_with_fallback, replace(SMALL, regime="RESTRICTED", liked=50)),
    "quota": Flow(quota, replace(SMALL, regime="RESTRICTED", faults="quota=6"), LONG),
    "playlist-export": Flow(playlist_export, replace(SMALL, regime="RESTRICTED")),
}
"""By the name of their cassettes."""
_TRACKS = "SELECT t.track_id FROM tracks t JOIN playlist_entries e ON e.track_key = t.key ORDER BY e.position"
_FEATURES = """
    SELECT t.track_id, i.source, f.danceability, f.energy, f.key, f.loudness, f.mode, f.tempo, f.valence
    FROM audio_features f JOIN tracks t ON t.key = f.track_key JOIN imports i ON i.key = f.import_key ORDER BY 1
"""


def _login(environment: Mapping[str, str]) -> Login:
    """Give the login that is kept in the environment's folder."""
    return log_in(environment, time.time())


def _who(stage: Stage, environment: Mapping[str, str]) -> str:
    """Ask Spotify who is logged in, with the token that is kept, which is renewed where its time is up."""
    with open_writer(stage.database, "a cassette") as connection:
        return asyncio.run(_asked_who(connection, _login(environment)))


async def _asked_who(connection: sqlite3.Connection, login: Login) -> str:
    async with open_transport("Spotify", *_way(connection, login)) as transport:
        return parse.me(await Spotify(transport, login.places.api).me()).user_id


async def _export(connection: sqlite3.Connection, login: Login, track_ids: list[str]) -> Told:
    async with open_transport("Spotify", *_way(connection, login)) as transport:
        spotify = Spotify(transport, login.places.api)
        made = await export_playlist(spotify, NAME, ABOUT, track_ids, public=False)
        listed = parse.list_page(await spotify.my_playlists(0, 1), 0, 1).found
    told = {"made": made.playlist_id, "added": made.added, "left out": made.left_out}
    return told | {"listed": [[one.playlist_id, one.name, one.description, one.total] for one in listed]}


def _way(connection: sqlite3.Connection, login: Login) -> tuple[Any, ...]:
    """Give what open_transport needs for one request after the other without a pause."""
    account = account_of(login.places, None)
    return account, login.tokens, Rows(connection), lambda pacer: Manner(pacer, 1), (0.0, None)


def _crawl(stage: Stage, target: Target) -> Report:
    wishes = running.Wishes(target, pace=0.0, concurrency=1)
    with open_writer(stage.database, "a cassette") as connection, Showing(lambda _count: 0.0, quiet=True) as showing:
        return running.run(connection, _login(stage.environment), wishes, showing)


def _crawl_told(stage: Stage, target: Target) -> Told:
    return _told(stage, _crawl(stage, target))


def _told(stage: Stage, report: Report) -> Told:
    """Tell of a crawl: its counts, what each playlist became, and a fingerprint of all that is stored."""
    found = rows_of(stage.database, "SELECT playlist_id, state, total FROM found_playlists ORDER BY 1")
    playlists = {playlist_id: f"{state}, {total}" for playlist_id, state, total in found}
    fingerprint = _fingerprint(everything(stage.database))
    return _without_times(as_dict(report)) | {"playlists": playlists, "fingerprint": fingerprint}


def _without_times(told: Mapping[str, Any]) -> Told:
    return {name: value for name, value in told.items() if name not in ("message", "until")}


def _fingerprint(told: Mapping[str, Any] | Iterable[Any]) -> str:
    return hashlib.sha256(json.dumps(told, default=bytes.hex).encode()).hexdigest()[:20]
