"""Where tokens are kept: one file for each flow, client id and accounts service, readable by its owner alone."""

import hashlib
import json
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from crawler.credentials import Credentials
from crawler.errors import NotLoggedIn
from crawler.places import Places
from crawler.private_file import close_to_others, write_private

Flow = Literal["user", "app"]

LIFE_S = 181 * 86_400
"""Spotify ends a login six months after it, however often its token is renewed: 181 days at least."""
WARNING_S = 14 * 86_400
TOKEN = re.compile(r"[!-~]+")
"""What a token is written in: with a space or a control character in it, no header could carry it."""


@dataclass(frozen=True, slots=True)
class Token:
    """One token as it is kept; times are seconds since 1970; its repr tells no secret."""

    access: str = field(repr=False)
    expires_at: int
    scopes: frozenset[str]
    authorized_at: int
    refresh: str | None = field(default=None, repr=False)

    @property
    def ends_at(self) -> int:
        """Tell until when at least a user's login can be renewed."""
        return self.authorized_at + LIFE_S


def tokens_folder(folder: Path) -> Path:
    """Name the folder of the tokens within Segue's own folder."""
    return folder / "tokens"


def token_path(credentials: Credentials, places: Places, flow: Flow, folder: Path) -> Path:
    """Name the file of a token; folder: Segue's own."""
    whose = hashlib.sha256(f"{flow}\n{credentials.client_id}\n{places.accounts}".encode()).hexdigest()
    return tokens_folder(folder) / f"{flow}-{whose[:12]}.json"


def stored_token(credentials: Credentials, places: Places, flow: Flow, folder: Path) -> Token | None:
    """Read the token of a flow; None where there is none."""
    token = read_token(token_path(credentials, places, flow, folder))
    return None if token and flow == "user" and token.refresh is None else token


def stored_flow(credentials: Credentials, places: Places, folder: Path) -> Flow | None:
    """Tell which flow has a token; a user's comes first, because it sees more."""
    flows: tuple[Flow, Flow] = ("user", "app")
    return next((flow for flow in flows if stored_token(credentials, places, flow, folder)), None)


def ending(token: Token, now: float) -> str | None:
    """Say that a user's login ends soon, or has ended; None while there is time."""
    if token.refresh is None or now < token.ends_at - WARNING_S:
        return None
    day = time.strftime("%Y-%m-%d", time.localtime(token.ends_at))
    return f"the login at Spotify ends about {day}, six months after it: run `segue login` again"


def read_token(path: Path) -> Token | None:
    """Read a token file, closing it to others; a damaged one counts as absent.

    Raises NotLoggedIn where it stays open to others.
    """
    try:
        with path.open("rb") as file:
            if not close_to_others(file.fileno()):
                raise NotLoggedIn(f"others on this machine can read {path}: delete it and run `segue login` again")
            told = json.loads(file.read())
    except (FileNotFoundError, ValueError, RecursionError):
        return None
    return _token(told) if type(told) is dict else None


def _token(told: Mapping[str, object]) -> Token | None:
    access, refresh, scope = told.get("access_token"), told.get("refresh_token"), told.get("scope")
    expires_at, authorized_at = told.get("expires_at"), told.get("authorized_at")
    if type(access) is not str or type(scope) is not str or not (refresh is None or type(refresh) is str):
        return None
    if not TOKEN.fullmatch(access) or not (refresh is None or TOKEN.fullmatch(refresh)):
        return None
    if type(expires_at) is not int or type(authorized_at) is not int:
        return None
    return Token(access, expires_at, frozenset(scope.split()), authorized_at, refresh)


def write_token(path: Path, token: Token) -> None:
    """Write a token file whole or not at all, 0600 from its first byte."""
    told = {
        "access_token": token.access,
        "refresh_token": token.refresh,
        "scope": " ".join(sorted(token.scopes)),
        "expires_at": token.expires_at,
        "authorized_at": token.authorized_at,
    }
    write_private(path, json.dumps(told, indent=1).encode())
