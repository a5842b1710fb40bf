"""The one place that awaits the network or sleeps. How long, and what an answer means, crawler.pacing decides."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from types import TracebackType
from typing import Any, Protocol, Self
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
import orjson

from crawler.errors import Blocked, Enough, Interrupted, NotLoggedIn, Unreachable
from crawler.pacing import (
    UNREADABLE,
    Answer,
    Block,
    GiveUp,
    Pacer,
    Policy,
    Renew,
    Tries,
    Turn,
    Wait,
    decide,
    local_time,
)
from db.gate import Gate

_TIMEOUT = aiohttp.ClientTimeout(total=60, sock_connect=15, sock_read=30)
_LONG_WAIT_S = 5.0
_LARGEST = 32 * 1024 * 1024
"""Bytes of one answer; a page of a playlist has a few hundred thousand."""


class Tokens(Protocol):
    """Who gives the access tokens."""

    async def current(self) -> str:
        """Give a valid token."""
        ...

    async def renewed(self, stale: str) -> str:
        """Give another token than the stale one."""
        ...


@dataclass(frozen=True, slots=True)
class Request:
    """One request to a service."""

    method: str
    url: str
    params: Mapping[str, str] = field(default_factory=dict)
    body: Any = None
    safe: bool = True
    """Whether it may be sent twice."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How a run treats a service."""

    pacer: Pacer
    concurrency: int = 2
    """So many requests are under way at once."""
    most_requests: int | None = None
    policy: Policy = field(default_factory=Policy)
    now: Callable[[], float] = time.time
    """Seconds since 1970."""
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    draw: Callable[[], float] = random.random
    tell: Callable[[str], None] = lambda _sentence: None
    """Told of long waits, for people."""


class Transport:
    """Sends the requests to one service, kept to its gate, its pace and its number in flight.

    gate: as remembered from earlier runs; remember: called with a gate whose deadline has to outlive this run.
    """

    def __init__(
        self,
        service: str,
        tokens: Tokens | None,
        gate: Gate,
        manner: Manner,
        remember: Callable[[Gate], Awaitable[None]],
    ) -> None:
        self.counts: Counter[str] = Counter()
        """requests, retries, waits, renewals."""
        self._service, self._tokens, self._gate, self._manner, self._remember = service, tokens, gate, manner, remember
        self._flying = asyncio.Semaphore(manner.concurrency)
        self._stopping = asyncio.Event()
        self._refused = ""
        self._troubled = False
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        # No cookies, because each request stands for itself.
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=self._manner.concurrency),
            timeout=_TIMEOUT,
            cookie_jar=aiohttp.DummyCookieJar(),
        )
        # aiohttp would send a request again by itself when a connection ends, past the rate and the counts.
        self._session._retry_connection = False  # noqa: SLF001 - there is no public name for it
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session:
            await self._session.close()

    @property
    def gate(self) -> Gate:
        """What a later run needs to know."""
        return replace(self._gate, starts=self._manner.pacer.starts)

    def stop(self) -> None:
        """Let what is in flight come home, and start nothing more: who wants to send gets Interrupted."""
        self._stopping.set()

    async def send(self, request: Request) -> Answer:
        """Send a request until it is answered for good.

        Raises Blocked, Enough, Interrupted, NotLoggedIn, Unreachable.
        """
        tries, manner = Tries(), self._manner
        while True:
            answer, token = await self._once(request)
            now = manner.now()
            streak = self._gate.streak - self._is_blocked(now)
            match decide(answer, tries, streak, now, manner.draw(), manner.policy, safe=request.safe):
                case Wait(seconds, everybody):
                    if not everybody and not self._troubled:
                        self._troubled = True
                        manner.tell(f"{self._named(request)} does not answer well; trying again")
                    tries = await self._wait(seconds, tries, everybody=everybody)
                case Renew() if self._tokens and token:
                    self.counts["renewals"] += token != self._refused  # others may have been refused with the same
                    self._refused = token
                    await self._tokens.renewed(token)
                    tries = replace(tries, renewed=True)
                case Block(until):
                    await self._block(until, now)
                case GiveUp(why):
                    cure = "look at the network, or run this again later"
                    raise Unreachable(f"{self._named(request)} cannot be worked with now: {why}; {cure}")
                case _:
                    assert answer is not None
                    return self._accepted(answer, now)

    def _named(self, request: Request) -> str:
        return f"{self._service} ({urlsplit(request.url).netloc})"

    def _accepted(self, answer: Answer, now: float) -> Answer:
        if answer.status == 401:
            raise NotLoggedIn(f"{self._service} does not take the token: log in again (segue login)")
        if not self._is_blocked(now):  # else it was sent before
            self._gate = replace(self._gate, streak=0)
        return answer

    def _is_blocked(self, now: float) -> bool:
        """Tell whether the quota is used up; further answers that say so were under way together and count once."""
        return now < self._gate.blocked_until

    async def _once(self, request: Request) -> tuple[Answer | None, str]:
        """Send it once, when its turn has come; None when no answer came."""
        async with self._flying:
            turn = await self._turn()
            try:
                return await self._exchange(request)
            finally:
                turn.ended = self._manner.now()

    async def _exchange(self, request: Request) -> tuple[Answer | None, str]:
        token = await self._tokens.current() if self._tokens else ""
        self._check_allowance()  # again: others may have used it up in the meantime
        self.counts["requests"] += 1
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        assert self._session is not None, "a transport is entered before it is used"
        try:
            async with self._session.request(
                request.method,
                request.url,
                params=request.params,
                data=None if request.body is None else orjson.dumps(request.body),
                headers=headers if request.body is None else headers | {"Content-Type": "application/json"},
                allow_redirects=False,
                proxy=_proxy(request.url),
            ) as response:
                names = {name.lower(): value for name, value in response.headers.items()}
                return Answer(response.status, names, _parsed(await _body(response), request)), token
        except (aiohttp.ClientError, TimeoutError, OSError):
            return None, token

    async def _turn(self) -> Turn:
        """Wait until the next request may start."""
        turn = self._manner.pacer.turn()
        try:
            await self._wait_for(turn)
        except BaseException:
            turn.start = turn.ended = self._manner.now()  # else those behind would wait for it for ever
            raise
        return turn

    async def _wait_for(self, turn: Turn) -> None:
        manner = self._manner
        wait = 1.0
        while wait > 0:
            now = manner.now()
            if now < self._gate.blocked_until:
                raise Blocked(self._blocked(now), self._gate.blocked_until)
            self._check_allowance()
            wait = manner.pacer.due(turn, now) - now
            await self._pause(wait)

    def _check_allowance(self) -> None:
        most = self._manner.most_requests
        if most is not None and self.counts["requests"] >= most:
            raise Enough(used_up(most))

    async def _wait(self, seconds: float, tries: Tries, *, everybody: bool) -> Tries:
        self.counts["retries"] += 1
        if not everybody:
            await self._pause(seconds)
            return replace(tries, fault=tries.fault + 1)
        self.counts["waits"] += 1
        self._manner.pacer.hold(self._manner.now() + seconds)
        if seconds >= _LONG_WAIT_S:
            self._manner.tell(f"{self._service} asks for a pause of {seconds:.0f} s (too many requests)")
        return replace(tries, rate=tries.rate + 1)

    async def _block(self, until: float, now: float) -> None:
        streak = self._gate.streak + (not self._is_blocked(now))
        until = max(self._gate.blocked_until, until)
        self._gate = replace(self._gate, blocked_until=until, reason="quota", streak=streak)
        await self._remember(self.gate)
        raise Blocked(self._blocked(now), until)

    def _blocked(self, now: float) -> str:
        until = local_time(self._gate.blocked_until, now)
        return f"the quota of {self._service} is used up until {until}: run this again then, and it goes on where it is"

    async def _pause(self, seconds: float) -> None:
        """Sleep, unless all is to stop."""
        if not self._stopping.is_set() and seconds > 0:
            sleeping = asyncio.ensure_future(self._manner.sleep(seconds))
            stopping = asyncio.ensure_future(self._stopping.wait())
            _, left = await asyncio.wait({sleeping, stopping}, return_when=asyncio.FIRST_COMPLETED)
            for task in left:
                task.cancel()
        if self._stopping.is_set():
            raise Interrupted("stopped")


def used_up(most: int) -> str:
    """Say that no more requests are allowed."""
    return "the one request that was allowed is used up" if most == 1 else f"the {most:,} allowed requests are used up"


def _proxy(url: str) -> str | None:
    """Name the proxy that the environment tells of; plain http stays on this machine, and its token in our hands."""
    parts = urlsplit(url)
    if parts.scheme != "https" or proxy_bypass(parts.hostname or ""):
        return None
    return getproxies().get("https")


async def _body(response: aiohttp.ClientResponse) -> bytes:
    """Read a body, but not one without end."""
    body = bytearray()
    async for chunk in response.content.iter_any():
        body += chunk
        if len(body) > _LARGEST:
            raise aiohttp.ClientPayloadError("the answer is too large")
    return bytes(body)


def _parsed(body: bytes, request: Request) -> Any:
    if not body:
        return UNREADABLE if request.method == "GET" else None
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return UNREADABLE
