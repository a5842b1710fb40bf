"""The app's client id, client secret and redirect URI: from the environment, else from a file, else asked for."""

import json
import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import urlsplit

import click

from crawler.errors import BadAddress, NoCredentials
from crawler.private_file import open_to_others, write_private

DEFAULT_REDIRECT = "http://127.0.0.1:8888/callback"
DASHBOARD = "https://developer.spotify.com/dashboard"
LOOPBACK = ("127.0.0.1", "::1")
FILE = "credentials.toml"

_VARIABLES = {
    "client_id": "SPOTIPY_CLIENT_ID",
    "client_secret": "SPOTIPY_CLIENT_SECRET",
    "redirect_uri": "SPOTIPY_REDIRECT_URI",
}
_KEY = re.compile(r"[!-9;-~]{1,256}")
"""Printable ASCII without the colon, which parts id and secret on the wire."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """What Spotify knows an app by; its repr hides the secret."""

    client_id: str
    client_secret: str | None = field(default=None, repr=False)
    redirect_uri: str = DEFAULT_REDIRECT


def home(environment: Mapping[str, str]) -> Path:
    """Name Segue's own folder: SEGUE_HOME, else where the system keeps an app's settings.

    Raises BadAddress where no folder can be there.
    """
    folder = Path(environment.get("SEGUE_HOME") or click.get_app_dir("segue"))
    try:
        there = next((place for place in (folder, *folder.parents) if place.exists()), None)
    except OSError as error:
        raise BadAddress(
            f"{folder} cannot be looked at ({error.strerror}): set SEGUE_HOME to another folder"
        ) from error
    if there and not there.is_dir():
        raise BadAddress(f"{there} is a file, where a folder for Segue is to be: set SEGUE_HOME to another folder")
    return folder


def find_credentials(environment: Mapping[str, str], folder: Path, *, secret_needed: bool = False) -> Credentials:
    """Read the credentials from the environment, else from the file; raises NoCredentials, BadAddress."""
    found = _known(environment, folder, secret_needed)
    if "client_id" not in found:
        raise NoCredentials(
            f"no client id is known: make an app at {DASHBOARD}, then set SPOTIPY_CLIENT_ID, "
            "or run `segue login` in a terminal, which asks for it"
        )
    if secret_needed and "client_secret" not in found:
        raise NoCredentials(
            "no client secret is known for this client id: set SPOTIPY_CLIENT_SECRET, "
            "or run `segue login --app` in a terminal, which asks for it"
        )
    return _checked(found)


def obtain_credentials(
    environment: Mapping[str, str], folder: Path, *, terminal: bool, secret_needed: bool = False
) -> Credentials:
    """Find the credentials, and in a terminal ask for what is missing; raises NoCredentials, BadAddress."""
    found = _known(environment, folder, secret_needed)
    missing = [name for name in ("client_id", *(["client_secret"] if secret_needed else [])) if name not in found]
    if not missing or not terminal:
        return find_credentials(environment, folder, secret_needed=secret_needed)
    if "client_id" in missing:
        click.echo(f"Segue needs an app of your own at Spotify: make one at {DASHBOARD}", err=True)
        click.echo(f"and give it the redirect URI {found.get('redirect_uri', DEFAULT_REDIRECT)}", err=True)
        found["client_id"] = click.prompt("Client id", err=True).strip()
    if "client_secret" in missing:
        found["client_secret"] = click.prompt("Client secret (not shown)", hide_input=True, err=True).strip()
    if "redirect_uri" not in found:
        found["redirect_uri"] = click.prompt("Redirect URI", default=DEFAULT_REDIRECT, err=True).strip()
    credentials = _checked(found)
    if click.confirm(f"Keep them in {folder / FILE}, readable by you alone?", default=True, err=True):
        keep_credentials(credentials, folder)
    return credentials


def keep_credentials(credentials: Credentials, folder: Path) -> None:
    """Write the file; a secret that it holds for this client id stays when none is given."""
    held = _read_file(folder / FILE)
    if credentials.client_secret is None and held.get("client_id") == credentials.client_id:
        credentials = replace(credentials, client_secret=held.get("client_secret"))
    told = {name: getattr(credentials, name) for name in _VARIABLES}
    # A JSON string without \u pairs is a TOML string too.
    lines = [f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in told.items() if value]
    write_private(folder / FILE, "\n".join(["# Segue's login at Spotify", *lines, ""]).encode())


def _known(environment: Mapping[str, str], folder: Path, secret_needed: bool) -> dict[str, str]:
    """Put together what the environment and the file tell; a secret never joins another app's id."""
    told = _filled({name: environment.get(variable, "") for name, variable in _VARIABLES.items()})
    if told.keys() >= {"client_id", "redirect_uri", *(["client_secret"] if secret_needed else [])}:
        return told
    held = _read_file(folder / FILE)
    if told.get("client_id", held.get("client_id")) != held.get("client_id"):
        return told
    return held | told


def _read_file(path: Path) -> dict[str, str]:
    try:
        with path.open("rb") as file:
            if open_to_others(file.fileno()):
                raise NoCredentials(f"others on this machine can read {path}: run `chmod 600 {path}`")
            told = tomllib.loads(file.read().decode("utf-8-sig"))
    except FileNotFoundError:
        return {}
    except OSError as error:
        if os.path.isdir(path):  # noqa: PTH112 - Path.is_dir() may itself raise here
            raise NoCredentials(f"{path} is a folder: move it away, a file of that name is meant") from error
        raise NoCredentials(f"{path} cannot be read ({error.strerror}): make it readable for you") from error
    except UnicodeDecodeError:
        raise NoCredentials(f"{path} is not written in UTF-8: save it as UTF-8 in your editor") from None
    except (ValueError, RecursionError):
        # The parser's own words may quote the line with the secret.
        raise NoCredentials(f"{path} is no TOML file: delete it and run `segue login`, which writes it anew") from None
    if wrong := [name for name in _VARIABLES if not isinstance(told.get(name, ""), str)]:
        raise NoCredentials(f'{wrong[0]} in {path} is no text: write it as {wrong[0]} = "..."')
    return _filled({name: told.get(name, "") for name in _VARIABLES})


def _filled(told: Mapping[str, str]) -> dict[str, str]:
    return {name: text.strip() for name, text in told.items() if text.strip()}


def _checked(found: Mapping[str, str]) -> Credentials:
    for name, words in (("client_id", "client id"), ("client_secret", "client secret")):
        if name in found and not _KEY.fullmatch(found[name]):
            raise NoCredentials(f"the {words} holds a character that none has: copy it again from {DASHBOARD}")
    uri = found.get("redirect_uri", DEFAULT_REDIRECT)
    check_redirect(uri)
    return Credentials(found["client_id"], found.get("client_secret"), uri)


def check_redirect(uri: str) -> None:
    """Refuse what Spotify refuses as a redirect URI; raises BadAddress."""
    try:
        parts = urlsplit(uri)
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
    if not host or not re.fullmatch(r"[!-~]+", uri) or port == 0 or "@" in parts.netloc or parts.fragment:
        raise BadAddress(f"the redirect URI is no address ({uri!r}): use {DEFAULT_REDIRECT}")
    if host == "localhost":
        raise BadAddress(
            f"Spotify takes no redirect URI at localhost: use {uri.replace('localhost', '127.0.0.1', 1)}, "
            "here and in the settings of your app"
        )
    if parts.scheme != "https" and not (parts.scheme == "http" and host in LOOPBACK):
        raise BadAddress(f"Spotify takes https, or http at 127.0.0.1 or [::1], as a redirect URI ({uri}): "
                         f"use {DEFAULT_REDIRECT}, here and in the settings of your app")  # fmt: skip
