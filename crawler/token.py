"""The access token of a run behind one async function: kept in a file, renewed when its time is up."""

import asyncio
import os
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

from filelock import FileLock, Timeout

from crawler.accounts import PAUSES_S, fetch_app, renew_user
from crawler.credentials import Credentials
from crawler.errors import NoCredentials, NotLoggedIn, Unreachable
from crawler.places import Places
from crawler.private_file import private_folder
from crawler.token_file import Flow, Token, stored_token, token_path

READ_SCOPES = ("playlist-read-private", "playlist-read-collaborative", "user-library-read")
WRITE_SCOPES = ("playlist-modify-private", "playlist-modify-public")
FRESH_S = 60
"""A token with less time left is renewed before it is used; half its life where that is less."""
_PATIENCE_S = 30.0
"""How long to wait for another process that renews the same token."""


class Tokens:
    """The token of one flow, shared by all who ask during a run.

    sleep: awaited between tries; now: seconds since 1970.
    """

    def __init__(
        self,
        credentials: Credentials,
        places: Places,
        flow: Flow,
        folder: Path,
        sleep: Callable[[float], Awaitable[None]],
        now: Callable[[], float],
    ) -> None:
        self._credentials, self._places, self._flow, self._folder = credentials, places, flow, folder
        self._sleep, self._now = sleep, now
        self._lock = asyncio.Lock()
        self._margin: float = FRESH_S
        self._held = stored_token(credentials, places, flow, folder)

    async def current(self) -> str:
        """Give a valid access token; raises NotLoggedIn, NoCredentials, Refused, Unreachable."""
        async with self._lock:
            if self._held is None or not self._fresh(self._held):
                self._held = self._taken(await self._renew(stale=""))
            return self._held.access

    async def renewed(self, stale: str) -> str:
        """Give another access token than the one that was refused; however many ask, it is renewed once."""
        async with self._lock:
            if self._held is None or self._held.access == stale:
                self._held = self._taken(await self._renew(stale))
            return self._held.access

    def _fresh(self, token: Token) -> bool:
        return token.expires_at - self._now() >= self._margin

    def _taken(self, token: Token) -> Token:
        # A token that lives for a minute only would be renewed for every request.
        self._margin = min(FRESH_S, (token.expires_at - self._now()) / 2)
        return token

    async def _renew(self, stale: str) -> Token:
        for pause in PAUSES_S:
            try:
                return await asyncio.to_thread(self._renew_once, stale)
            except Unreachable:
                await self._sleep(pause)
        return await asyncio.to_thread(self._renew_once, stale)

    def _renew_once(self, stale: str) -> Token:
        """Renew, unless another process has just done so: a refresh token may be good for one renewal only."""
        path = token_path(self._credentials, self._places, self._flow, self._folder)
        private_folder(path.parent)
        try:
            with FileLock(f"{path}.lock", timeout=_PATIENCE_S, mode=0o600), _no_lock_without_token(path):
                held = self._stored()
                if held and held.access != stale and self._fresh(held):
                    return held
                self._exchange(held, path)
                return self._stored() or _nobody()
        except Timeout:
            raise Unreachable("another process is renewing the same token: wait until it is done, or stop it") from None

    def _stored(self) -> Token | None:
        return stored_token(self._credentials, self._places, self._flow, self._folder)

    def _exchange(self, held: Token | None, path: Path) -> None:
        if self._flow == "app":
            fetch_app(self._credentials, self._places.accounts, path)
            return
        try:
            renew_user(self._credentials, self._places.accounts, path, (held or _nobody()).refresh or "")
        except NotLoggedIn:
            path.unlink(missing_ok=True)
            raise


def open_tokens(
    credentials: Credentials,
    places: Places,
    flow: Flow,
    folder: Path,
    scopes: Sequence[str] = READ_SCOPES,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    now: Callable[[], float] = time.time,
) -> Tokens:
    """Give the tokens of a flow; folder: Segue's own; raises NotLoggedIn where a user's login or a scope is missing."""
    if flow == "user":
        held = stored_token(credentials, places, flow, folder) or _nobody()
        if missing := sorted(set(scopes) - held.scopes):
            write = " --write" if set(scopes) & set(WRITE_SCOPES) else ""
            raise NotLoggedIn(f"the login does not allow {', '.join(missing)}: run `segue login{write}`")
    elif credentials.client_secret is None:
        raise NoCredentials("a token for the app itself needs its secret: set SPOTIPY_CLIENT_SECRET")
    return Tokens(credentials, places, flow, folder, sleep, now)


@contextmanager
def _no_lock_without_token(path: Path) -> Iterator[None]:
    """Remove the lock when there is no token that it could guard; whoever waits for it makes a new one."""
    try:
        yield
    except NotLoggedIn:
        # Removed while it is held, so it is nobody else's. Windows allows that to nobody; there filelock does it.
        if os.name == "posix" and not path.exists():
            path.with_name(f"{path.name}.lock").unlink(missing_ok=True)
        raise


def _nobody() -> NoReturn:
    raise NotLoggedIn("nobody is logged in at Spotify: run `segue login`")
