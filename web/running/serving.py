"""What `segue serve` does: read what it was told, listen, say where, and serve until it is stopped."""

import os
import re
import socket
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from db.connection import open_reader
from db.errors import DatabaseError
from db.read import count_rows
from recommender import artifacts
from web.errors import CannotServe
from web.experiment_option import models_to_try
from web.running import log
from web.running.keys import cookie_key, new_token, told_token
from web.running.listening import listen
from web.settings import NEW_TOKEN, Settings

_FIGURES = "PROMETHEUS_MULTIPROC_DIR"
_NAME = re.compile(r"[0-9A-Za-z._-]+|\[[0-9A-Fa-f:.]+\]")
Say = Callable[[str], object]


@dataclass(frozen=True, kw_only=True)
class Told:
    """What was told on the command line."""

    host: str
    port: int
    token: str | None
    token_file: Path | None
    open_to_all: bool
    names: tuple[str, ...]
    workers: int
    threads: int
    waiting: int
    time_limit: float
    remember: bool
    experiment: str | None
    bandit: bool
    log: Path | None
    quiet: bool
    opens: bool


def serve(database: Path, told: Told, environment: Mapping[str, str], say: Say) -> None:
    """Serve until this process is interrupted or terminated. Raises CannotServe."""
    made = new_token() if told.token == NEW_TOKEN else ""
    settings = settings_of(told, database, environment, made)
    if told.workers > 1 and sys.platform == "win32":
        raise CannotServe(
            "Windows cannot share one port among processes: leave out --workers, --threads does more there"
        )
    with closing(listen(settings.host, settings.port)) as listening:
        settings = replace(settings, port=listening.getsockname()[1])
        log.begin(told.log, quiet=told.quiet)
        for sentence in beginning(database, settings, made):
            say(sentence)
        if told.opens:
            _open(address(settings))
        _serve(database, settings, told.workers, listening)
    say("Segue has ended")


def settings_of(told: Told, database: Path, environment: Mapping[str, str], made: str = "") -> Settings:
    """Put together how to serve. made: a token that was made just now. Raises CannotServe."""
    if not told.host:
        raise CannotServe("--host is empty: name an address, or leave it out for this machine alone")
    token = made or told_token(told.token, told.token_file)
    models = models_to_try(database, told.experiment or "", remembers=told.remember, bandit=told.bandit)
    settings = Settings(
        host=told.host,
        port=told.port,
        token=token,
        names=tuple(map(_name, told.names)),
        key=cookie_key(environment, database, token),
        remembers=told.remember,
        experiment=models,
        bandit=told.bandit,
        at_once=told.threads,
        waiting=told.waiting,
        seconds=told.time_limit,
    )
    if not (settings.is_local or token or told.open_to_all):
        raise CannotServe(
            f"others could reach Segue at {told.host}: set a token in SEGUE_TOKEN (`--token` alone makes one), or let "
            "everybody in with --open-to-all"
        )
    return settings


def _name(told: str) -> str:
    """Read a name of the server, as a Host header has it without the port. Raises CannotServe."""
    if not _NAME.fullmatch(told):
        raise CannotServe(
            f'--name "{told}" is no name of a server: write it without http:// and port, as music.example'
        )
    return told.lower()


def address(settings: Settings) -> str:
    """Give the address for a browser on this machine."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)  # noqa: S104 - every address of ours
    return f"http://{f'[{host}]' if ':' in host else host}:{settings.port}/"


def beginning(database: Path, settings: Settings, made: str) -> Iterator[str]:
    """Say where it is, what it serves, who can reach it, and how it ends."""
    yield f"Segue is at {address(settings)}"
    yield _served(database)
    if settings.is_local:
        yield "Only this machine reaches it." if not settings.token else "Only this machine reaches it, with the token."
    elif settings.token:
        yield "Others reach it with the token, over plain http: beyond your home, put a server with https before it."
    else:
        yield "Everybody who reaches this machine may use it."
    if made:
        yield f"The token, told this once: {made}"
    if settings.remembers:
        yield "It remembers what is shown, clicked, liked and searched, in your own database."
    yield "Ctrl-C ends it."


def _served(database: Path) -> str:
    try:
        with open_reader(database) as connection:
            rows = count_rows(connection)
    except DatabaseError as error:
        return f"Nothing is served yet: {error}"
    models = artifacts.model_names(artifacts.models_folder(database))
    trained = f"models: {', '.join(models)}" if models else "no model is trained yet: run `segue train`"
    songs, lists = (
        f"{rows[of]:,} {one}{'s' * (rows[of] != 1)}" for of, one in (("tracks", "song"), ("playlists", "playlist"))
    )
    return f"It serves {database}: {songs}, {lists}; {trained}"


def _open(where: str) -> None:
    import webbrowser

    webbrowser.open(where)


def _serve(database: Path, settings: Settings, workers: int, listening: socket.socket) -> None:
    if workers == 1:
        from web.running.server import run

        run(database, settings, listening)
        return
    with _counted_together():
        from web.running.server import run
        from web.running.workers import Workers

        Workers(partial(run, database, settings, listening), workers).run()


@contextmanager
def _counted_together() -> Iterator[None]:
    """Let all processes count into one folder, which goes at the end; named before prometheus_client is loaded."""
    assert "prometheus_client" not in sys.modules
    with tempfile.TemporaryDirectory(prefix="segue-figures-") as folder:
        os.environ[_FIGURES] = folder
        try:
            yield
        finally:
            del os.environ[_FIGURES]
