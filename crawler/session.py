"""From what the user has told to an open connection: credentials, token, gate, pace."""

import re
import sqlite3
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from crawler.credentials import Credentials, find_credentials, home
from crawler.errors import BadAddress, Blocked
from crawler.pacing import Pacer, Rate, local_time
from crawler.places import Places, places
from crawler.rows import Rows
from crawler.token import READ_SCOPES, Tokens, open_tokens
from crawler.token_file import Flow, ending, stored_flow, stored_token
from crawler.transport import Manner, Transport
from db.gate import Gate, read_gate

PACE_S = 1.0
"""Between two requests, as careful as others have found necessary."""
CONCURRENCY = 2
_RATE = re.compile(r"(\d{1,6})/(\d{1,5})s?")


@dataclass(frozen=True, slots=True)
class Login:
    """Whom Spotify takes us for."""

    credentials: Credentials
    places: Places
    flow: Flow
    folder: Path
    tokens: Tokens
    warning: str | None
    """That the login ends soon."""


def log_in(environment: Mapping[str, str], now: float, scopes: Sequence[str] = READ_SCOPES) -> Login:
    """Find credentials and token: a user's login, else the app's own where there is a secret.

    Raises NoCredentials, NotLoggedIn, BadAddress.
    """
    folder, where = home(environment), places(environment)
    credentials = find_credentials(environment, folder)
    flow: Flow = stored_flow(credentials, where, folder) or ("app" if credentials.client_secret else "user")
    tokens = open_tokens(credentials, where, flow, folder, scopes)
    held = stored_token(credentials, where, flow, folder)
    return Login(credentials, where, flow, folder, tokens, ending(held, now) if held else None)


def rate_told(text: str) -> Rate:
    """Read a rate, such as 30/30s: so many requests in so many seconds; raises BadAddress."""
    told = _RATE.fullmatch(text.strip())
    if not told or not int(told[1]) or not int(told[2]):
        raise BadAddress(f"{text!r} is no rate: write REQUESTS/SECONDS, such as 30/30s")
    return Rate(int(told[1]), float(told[2]))


def refuse_while_blocked(connection: sqlite3.Connection, account: str, now: float) -> None:
    """Raise Blocked while a quota that an earlier run used up is not given again."""
    gate = read_gate(connection, account)
    if now < gate.blocked_until:
        until = local_time(gate.blocked_until, now)
        raise Blocked(f"the quota of Spotify is used up until {until}: run this again then", gate.blocked_until)


@asynccontextmanager
async def open_transport(
    service: str,
    account: str,
    tokens: Tokens | None,
    rows: Rows,
    manner: Callable[[Pacer], Manner],
    pace: tuple[float, Rate | None],
) -> AsyncIterator[Transport]:
    """Open the way to a service, kept to the gate and the rate that earlier runs left; keeps both in the end.

    service: its name for people; account: its gate in the database; pace: seconds between requests, and the rate.
    """
    gate = await rows(read_gate, rows.connection, account)
    now = time.time()
    pacer = Pacer(*pace, [start for start in gate.starts if start <= now])

    async def remember(changed: Gate) -> None:
        await rows(rows.remember_gate, account, changed)

    async with Transport(service, tokens, gate, manner(pacer), remember) as transport:
        try:
            yield transport
        finally:
            await remember(transport.gate)


def account_of(where: Places, named: str | None) -> str:
    """Name the gate: the developer account, as the user calls it, at the service; all client ids share it."""
    return f"spotify at {urlsplit(where.api).netloc}" + (f" as {named}" if named else "")
