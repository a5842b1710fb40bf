"""A playlist made at Spotify: `--to-spotify NAME` for a command that suggests tracks, and the function behind it."""

import copy
import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from crawler.export import Exported
    from crawler.session import Login


def with_export(command: click.Command) -> click.Command:
    """Give the command the options by which its suggestions become a playlist at Spotify.

    Its callback has to return an answer with `suggestions`, each with a `track_id`, and gets the database's path as
    the context's object.
    """
    extended = copy.copy(command)
    extended.params = [
        *command.params,
        click.Option(
            ["--to-spotify"],
            metavar="NAME",
            help="Make a playlist of this name at Spotify, with these tracks; needs `segue login --write`.",
        ),
        click.Option(["--public"], is_flag=True, help="Let everybody see that playlist."),
    ]

    def callback(*, to_spotify: str | None, public: bool, **options: Any) -> Any:
        if public and to_spotify is None:
            raise click.UsageError("--public is about the playlist of --to-spotify NAME: name it")
        if to_spotify is not None and not to_spotify.strip():
            raise click.UsageError("--to-spotify needs a name")
        if to_spotify is not None:
            _log_in()  # before anything is said, in case that it cannot be
        assert command.callback is not None
        answer = command.callback(**options)
        if to_spotify is not None:
            track_ids = [suggestion.track_id for suggestion in answer.suggestions]
            name, database = to_spotify.strip(), click.get_current_context().obj
            made = export(database, name, track_ids, public=public, asker="segue suggest --to-spotify")
            left_out = f"; {made.left_out:,} that are not Spotify's are left out" if made.left_out else ""
            click.echo(f"{name}, {made.added:,} track{'s' * (made.added != 1)}: {made.url}{left_out}", err=True)
        return answer

    extended.callback = callback
    return extended


def _log_in() -> "Login":
    """Make sure that somebody is logged in who may make playlists; raises NotLoggedIn, NoCredentials."""
    from crawler.errors import NotLoggedIn
    from crawler.session import log_in
    from crawler.token import READ_SCOPES, WRITE_SCOPES

    login = log_in(os.environ, time.time(), READ_SCOPES + WRITE_SCOPES)
    if login.flow == "app":
        raise NotLoggedIn("nobody is logged in who could own the playlist: run `segue login --write`")
    return login


def export(database: Path, name: str, track_ids: Sequence[str], *, public: bool, asker: str) -> "Exported":
    """Make a playlist of these tracks at Spotify, and tell what became of it; for a command, or from any thread.

    asker: what does it, for the sentence that others get who want to write meanwhile. Raises CrawlerError,
    DatabaseError.
    """
    import asyncio

    from crawler.session import account_of, refuse_while_blocked
    from db.connection import open_writer

    now, login = time.time(), _log_in()
    with open_writer(database, asker) as connection:
        refuse_while_blocked(connection, account_of(login.places, None), now)
        return asyncio.run(_write(connection, login, name, track_ids, public))


async def _write(connection: Any, login: "Login", name: str, track_ids: Sequence[str], public: bool) -> "Exported":
    from crawler.export import export_playlist
    from crawler.rows import Rows
    from crawler.session import CONCURRENCY, PACE_S, account_of, open_transport
    from crawler.spotify import Spotify
    from crawler.stopping import interruptible
    from crawler.transport import Manner

    account = account_of(login.places, None)
    description = f"Suggested by Segue on {time.strftime('%Y-%m-%d at %H:%M:%S')}"
    async with open_transport(
        "Spotify",
        account,
        login.tokens,
        Rows(connection),
        lambda pacer: Manner(pacer, CONCURRENCY, tell=lambda sentence: click.echo(sentence, err=True)),
        (PACE_S, None),
    ) as transport:
        with interruptible(transport.stop):
            return await export_playlist(Spotify(transport, login.places.api), name, description, track_ids, public)
