"""`segue login` and `segue logout`."""

import io
import json
import os
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from crawler.credentials import Credentials
    from crawler.places import Places
    from crawler.token_file import Token

_APPS = "https://www.spotify.com/account/apps/"


@click.command()
@click.option("--app", is_flag=True, help="A token for the app alone; it needs the secret and sees no own playlists.")
@click.option("--write", is_flag=True, help="Ask too for the right to make and fill playlists.")
@click.option("--no-browser", is_flag=True, help="Only print the address; open no browser.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object for programs; the address goes to stderr.")
def login(app: bool, write: bool, no_browser: bool, as_json: bool) -> None:
    """Log in at Spotify with your own app, and keep the token.

    The app's client id, secret and redirect URI come from SPOTIPY_CLIENT_ID, SPOTIPY_CLIENT_SECRET and
    SPOTIPY_REDIRECT_URI, else from a file, else they are asked for. The answer is heard at the redirect URI, or taken
    as a line: the address that the browser ends at, pasted.
    """
    from crawler.credentials import home, obtain_credentials
    from crawler.places import places

    if app and write:
        raise click.UsageError("--write needs a user's login: leave --app out")
    there, folder = places(os.environ), home(os.environ)
    terminal = sys.stdin is not None and sys.stdin.isatty()
    credentials = obtain_credentials(os.environ, folder, terminal=terminal, secret_needed=app)
    if app:
        _login_app(credentials, there, folder, as_json=as_json)
    else:
        _login_user(credentials, there, folder, write=write, browser=not no_browser, as_json=as_json)


def _login_app(credentials: "Credentials", there: "Places", folder: Path, *, as_json: bool) -> None:
    from crawler.login import log_in_app
    from crawler.token_file import token_path

    token, path = log_in_app(credentials, there, folder), token_path(credentials, there, "app", folder)
    if as_json:
        click.echo(_json("app", token, path, token.expires_at))
        return
    click.echo("The app has a token; it is renewed by itself.")
    click.echo("It cannot see your own playlists or liked songs: `segue login` without --app can.")
    click.echo(f"The token is kept in {path}, readable by you alone.")


def _login_user(
    credentials: "Credentials", there: "Places", folder: Path, *, write: bool, browser: bool, as_json: bool
) -> None:
    from crawler.login import Person, log_in
    from crawler.token import READ_SCOPES, WRITE_SCOPES
    from crawler.token_file import token_path

    def show(address: str) -> None:
        click.echo("Open this address in a browser and agree:", err=True)
        click.echo(address, err=as_json)
        if browser and not _opened(address):
            click.echo("No browser could be opened here.", err=True)

    person = Person(show, lambda sentence: click.echo(sentence, err=True), _input())
    scopes = READ_SCOPES + (WRITE_SCOPES if write else ())
    token = log_in(credentials, there, scopes, folder, person)
    path = token_path(credentials, there, "user", folder)
    if as_json:
        click.echo(_json("user", token, path, token.ends_at))
        return
    click.echo(f"Logged in to read your playlists{' and to make new ones' if write else ''}.")
    day = time.strftime("%Y-%m-%d", time.localtime(token.ends_at))
    click.echo(f"The token is kept in {path}, readable by you alone, until about {day}: a login lasts six months.")


def _opened(address: str) -> bool:
    import webbrowser

    try:
        return webbrowser.open(address)
    except webbrowser.Error:
        return False


def _input() -> int | None:
    """Give the descriptor of stdin; None where there is none."""
    try:
        return sys.stdin.fileno() if sys.stdin else None
    except (io.UnsupportedOperation, ValueError):
        return None


def _json(flow: str, token: "Token", path: Path, until: int) -> str:
    return json.dumps({"flow": flow, "scopes": sorted(token.scopes), "token_file": str(path), "until": until})


@click.command()
@click.option("--all", "everybody", is_flag=True, help="The tokens of all apps, not only of this client id.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object for programs.")
def logout(everybody: bool, as_json: bool) -> None:
    """Remove the tokens that `segue login` keeps on this machine."""
    removed = [str(path) for path in _kept(everybody) if _removed(path)]
    if as_json:
        click.echo(json.dumps({"removed": removed}))
        return
    click.echo("\n".join(f"Removed {path}" for path in removed) or "No token is kept here.")
    click.echo(f"What you allowed your app at Spotify, you can take away at {_APPS}")


def forget_tokens(environment: Mapping[str, str]) -> list[Path]:
    """Remove the tokens of all apps; gives the files that were there."""
    from crawler.credentials import home
    from crawler.token_file import tokens_folder

    return [path for path in sorted(tokens_folder(home(environment)).glob("*.json")) if _removed(path)]


def _kept(everybody: bool) -> list[Path]:
    """List where tokens are; raises NoCredentials when there are some, and none is known to be this client id's."""
    from crawler.credentials import find_credentials, home
    from crawler.errors import NoCredentials
    from crawler.places import places
    from crawler.token_file import token_path, tokens_folder

    folder = home(os.environ)
    kept = sorted(tokens_folder(folder).glob("*.json"))
    if everybody or not kept:
        return kept
    try:
        credentials = find_credentials(os.environ, folder)
    except NoCredentials as error:
        raise NoCredentials(f"{error}; `segue logout --all` removes the tokens of all apps") from error
    return [token_path(credentials, places(os.environ), flow, folder) for flow in ("user", "app")]


def _removed(path: Path) -> bool:
    path.with_name(f"{path.name}.lock").unlink(missing_ok=True)
    try:
        path.unlink()
    except FileNotFoundError:
        return False
    return True
