"""Spotify's accounts service: spotipy's auth managers, which ask for tokens and keep them in our own files.

Every function here blocks. What goes wrong is told without the exceptions it came from: these carry secrets.
"""

import logging
import re
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests
from spotipy.cache_handler import CacheHandler  # type: ignore[import-untyped]
from spotipy.oauth2 import SpotifyClientCredentials, SpotifyPKCE  # type: ignore[import-untyped]

from crawler.credentials import DASHBOARD, Credentials
from crawler.errors import CrawlerError, NoCredentials, NotLoggedIn, Refused, Unreachable
from crawler.token_file import TOKEN, Token, read_token, write_token

TIMEOUT_S = (10.0, 20.0)
"""To connect, and between two pieces of an answer."""
PAUSES_S = (1.0, 2.0, 4.0)
"""Between the tries while the service does not answer, or not in a way that can be read."""

_TALKATIVE = ("spotipy", "spotipy.oauth2", "spotipy.client", "spotipy.util", "requests", "urllib3",
              "urllib3.connectionpool")  # fmt: skip
_NOT_TAKEN = "does not take this answer (its code is wrong, too old or used already): run `segue login` again"
_ENDED = (
    "takes this login no longer (it ends six months after it was made, or when its access is taken away): "
    "run `segue login`"
)
_ERROR_NAME = re.compile(r"[a-z_]{1,40}")


class _Cache(CacheHandler):  # type: ignore[misc]
    """What spotipy reads tokens from and writes them to."""

    def __init__(self, path: Path, scopes: Iterable[str], authorized_at: int | None) -> None:
        self._path, self._scopes, self._authorized_at = path, frozenset(scopes), authorized_at

    def get_cached_token(self) -> dict[str, Any] | None:
        """Give spotipy what it knows as token_info."""
        if not (held := read_token(self._path)):
            return None
        scope = " ".join(sorted(held.scopes))
        return {"access_token": held.access, "refresh_token": held.refresh, "scope": scope,
                "expires_at": held.expires_at}  # fmt: skip

    def save_token_to_cache(self, token_info: dict[str, Any]) -> None:
        """Keep a token; what a renewal does not tell stays as it was."""
        held = read_token(self._path) if self._authorized_at is None else None
        told = token_info.get("scope")
        scopes = (held.scopes if held else self._scopes) if told is None else frozenset(told.split())
        since = self._authorized_at or (held.authorized_at if held else int(time.time()))
        refresh = token_info.get("refresh_token") or (held.refresh if held else None)
        write_token(
            self._path, Token(token_info["access_token"], int(token_info["expires_at"]), scopes, since, refresh)
        )


class _UserFlow(SpotifyPKCE):  # type: ignore[misc]
    """PKCE at another address; never asked for a token without a code, because then it would open a browser itself."""

    def __init__(self, accounts: str, **more: Any) -> None:
        super().__init__(open_browser=False, requests_timeout=TIMEOUT_S, **more)
        self.OAUTH_AUTHORIZE_URL, self.OAUTH_TOKEN_URL = f"{accounts}/authorize", f"{accounts}/api/token"


class _AppFlow(SpotifyClientCredentials):  # type: ignore[misc]
    """Client credentials at another address."""

    def __init__(self, accounts: str, **more: Any) -> None:
        super().__init__(requests_timeout=TIMEOUT_S, **more)
        self.OAUTH_TOKEN_URL = f"{accounts}/api/token"


class Login:
    """One login of a user: the address to agree at, and the code that comes back traded for a token."""

    def __init__(self, credentials: Credentials, accounts: str, scopes: Sequence[str], state: str) -> None:
        self._credentials, self._accounts, self._scopes = credentials, accounts, scopes
        with _session(accounts) as session:
            flow = self._flow(session, Path(), state)
            self.address: str = flow.get_authorize_url()
            self._proof = flow.code_verifier, flow.code_challenge

    def trade(self, code: str, path: Path) -> None:
        """Trade a code for a token, and keep it; raises NotLoggedIn, NoCredentials, Refused, Unreachable."""
        with _session(self._accounts, _NOT_TAKEN) as session:
            flow = self._flow(session, path, None)
            flow.code_verifier, flow.code_challenge = self._proof
            flow.get_access_token(code, check_cache=False)

    def _flow(self, session: requests.Session, path: Path, state: str | None) -> _UserFlow:
        return _UserFlow(
            self._accounts,
            client_id=self._credentials.client_id,
            redirect_uri=self._credentials.redirect_uri,
            scope=list(self._scopes),
            state=state,
            requests_session=session,
            cache_handler=_Cache(path, self._scopes, int(time.time())),
        )


def insist(attempt: Callable[[], None], sleep: Callable[[float], None]) -> None:
    """Try until the service answers, four times at most; raises Unreachable."""
    for pause in PAUSES_S:
        try:
            return attempt()
        except Unreachable:
            sleep(pause)
    return attempt()


def renew_user(credentials: Credentials, accounts: str, path: Path, refresh: str) -> None:
    """Renew a user's token; raises NotLoggedIn when Spotify takes the login no longer, and as Login.trade does."""
    with _session(accounts, _ENDED) as session:
        flow = _UserFlow(
            accounts,
            client_id=credentials.client_id,
            redirect_uri=credentials.redirect_uri,
            requests_session=session,
            cache_handler=_Cache(path, (), None),
        )
        flow.refresh_access_token(refresh)


def fetch_app(credentials: Credentials, accounts: str, path: Path) -> None:
    """Get a token for the app itself; raises NoCredentials, Refused, Unreachable."""
    with _session(accounts) as session:
        flow = _AppFlow(
            accounts,
            client_id=credentials.client_id,
            client_secret=credentials.client_secret,
            requests_session=session,
            cache_handler=_Cache(path, (), int(time.time())),
        )
        flow.get_access_token(as_dict=False, check_cache=False)


@contextmanager
def _session(accounts: str, invalid: str | None = None) -> Iterator[requests.Session]:
    """Give a session that goes nowhere else, repeats nothing, and says nothing.

    invalid: what the service does where it calls the grant invalid.
    """
    for name in _TALKATIVE:  # each time: somebody may have opened them since
        logging.getLogger(name).setLevel(logging.WARNING)
    host = urlsplit(accounts).netloc
    with requests.Session() as session:
        session.trust_env = accounts.startswith("https:")  # plain http stays on this machine: no proxy has a part in it
        session.auth = _as_it_is
        session.hooks["response"].append(lambda response, **_more: _check(response, host, invalid))
        try:
            yield session
        except requests.RequestException:
            raise Unreachable(f"{host} does not answer: look at the network, and run this again later") from None


def _as_it_is(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Keep a line in ~/.netrc from taking the place of our Authorization header."""
    return request


def _check(response: requests.Response, host: str, invalid: str | None) -> None:
    """Let only a whole token through, before spotipy or a redirect sees anything else."""
    try:
        told = response.json()
    except requests.JSONDecodeError:
        told = None
    if response.status_code == 200:
        if not _is_token(told):
            raise Unreachable(f"{host} answers with something that is no token: run this again later")
    elif 400 <= response.status_code < 500 and response.status_code not in (408, 429):
        raise _refusal(response.status_code, told, host, invalid)
    else:
        raise Unreachable(f"{host} gives no token now (status {response.status_code}): run this again later")


def _is_token(told: object) -> bool:
    if type(told) is not dict:
        return False
    access, life = told.get("access_token"), told.get("expires_in")
    # A renewal need not tell these two.
    refresh, scope = told.get("refresh_token") or "none", told.get("scope") or ""
    if type(scope) is not str or not all(type(text) is str and TOKEN.fullmatch(text) for text in (access, refresh)):
        return False
    return isinstance(life, int | float) and 0 < life < 2**31


def _refusal(status: int, told: object, host: str, invalid: str | None) -> CrawlerError:
    error = told.get("error") if type(told) is dict else None
    if error == "invalid_grant" and invalid:
        return NotLoggedIn(f"{host} {invalid}")
    if error == "invalid_client":
        return NoCredentials(f"{host} does not know this client id with this secret: look at {DASHBOARD}")
    name = error if type(error) is str and _ERROR_NAME.fullmatch(error) else "no reason given"
    return Refused(f"{host} refuses the token ({name}, status {status}): look at your app at {DASHBOARD}", status)
