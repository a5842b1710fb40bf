"""The service over HTTP on loopback: a thread with an event loop of its own, or the foreground until Ctrl-C."""

import asyncio
import socket
import struct
import sys
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import parse_qs

from aiohttp import web

from demo.catalogue import PLAYLISTS, World
from demo.errors import PortInUse
from demo.spotify.door import API, RECCOBEATS, Door
from demo.spotify.faults import plan_of
from demo.spotify.regimes import Regime
from demo.spotify.seen import Seen
from demo.spotify.wire import Answer, Ask

HOST = "127.0.0.1"
_CLOSING_SECONDS = 0.2
"""How long answers that are being written may take when the service stops."""
_BACKLOG = 512
_AT_ONCE = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)
"""For SO_LINGER: do not linger."""
_BIGGEST_BODY = 1 << 20


@dataclass(frozen=True)
class Options:
    """Which service."""

    regime: str = "EXT"
    """EXT, LEGACY or RESTRICTED."""
    playlists: int = PLAYLISTS
    seed: int = 1
    faults: str = ""
    """As in "latency=100ms,5xx=10%" (demo.spotify.faults)."""
    port: int = 0
    """0: any that is free."""
    library: int = 60
    """Playlists of the listener who logs in."""
    followed: int = 20
    liked: int = 200
    features: bool = True
    """Whether the app may read audio features, where its regime can."""
    fault_seed: int = 1


@dataclass(frozen=True)
class Places:
    """Where a running service is reached, and what it has seen."""

    api: str
    accounts: str
    reccobeats: str
    world: World
    door: Door

    def requests(self) -> list[Seen]:
        """Give the latest requests, the oldest first."""
        return self.door.log.all()

    def forget(self) -> None:
        """Forget the requests."""
        self.door.log.clear()

    def faults(self) -> dict[str, int]:
        """Tell how often each fault was made."""
        return dict(self.door.mischief.made)

    def token(self, *scopes: str, user: bool = True) -> str:
        """Give an access token without a login; user: whether it is a listener's or the app's own."""
        return self.door.accounts.mint(frozenset(scopes), time.monotonic(), user=user)


@contextmanager
def serving(options: Options) -> Iterator[Places]:
    """Serve in a thread of its own until the block ends; raises PortInUse, UnknownFault, ValueError."""
    with listening(options) as (listener, places):
        loop = asyncio.new_event_loop()
        stop, ready = asyncio.Event(), threading.Event()
        thread = threading.Thread(target=_in_thread, args=(loop, listener, places, stop, ready), name="small Spotify")
        thread.start()
        ready.wait()
        try:
            yield places
        finally:
            loop.call_soon_threadsafe(stop.set)
            thread.join()
            loop.close()


@contextmanager
def listening(options: Options) -> Iterator[tuple[socket.socket, Places]]:
    """Make the service and its socket, on which nobody answers yet."""
    plan = plan_of(options.faults)
    world = World(options.seed, options.playlists, options.library, options.followed, options.liked)
    with socket.socket() as listener:
        if sys.platform != "win32":  # there it would let two services have one port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, options.port))
        except OSError as error:
            raise PortInUse(f"port {options.port} is in use: name another (--port), or 0 for any") from error
        listener.setblocking(False)
        base = f"http://{HOST}:{listener.getsockname()[1]}"
        door = Door(world, Regime(options.regime), base, options.features, plan, options.fault_seed)
        yield listener, Places(base + API, base, base + RECCOBEATS, world, door)


async def serve(listener: socket.socket, places: Places, stop: asyncio.Event, ready: Callable[[], None]) -> None:
    """Answer on the socket until told to stop."""
    server = web.Server(_handler(places), access_log=None)
    runner = web.ServerRunner(server, handle_signals=False, shutdown_timeout=_CLOSING_SECONDS)
    await runner.setup()
    try:
        await web.SockSite(runner, listener, backlog=_BACKLOG).start()
        ready()
        await stop.wait()
    finally:
        await runner.cleanup()


def _in_thread(
    loop: asyncio.AbstractEventLoop,
    listener: socket.socket,
    places: Places,
    stop: asyncio.Event,
    ready: threading.Event,
) -> None:
    asyncio.set_event_loop(loop)
    try:
        loop.run_until_complete(serve(listener, places, stop, ready.set))
    finally:
        ready.set()  # who waits for a service that could not start would wait for ever


def _handler(places: Places) -> Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]:
    latency = places.door.mischief.plan.latency

    async def handle(request: web.BaseRequest) -> web.StreamResponse:
        body = await request.read() if request.can_read_body else b""
        query = parse_qs(request.rel_url.raw_query_string, keep_blank_values=True)
        headers = {name.lower(): value for name, value in request.headers.items()}
        path, now, wall = request.rel_url.path, time.monotonic(), int(time.time())
        ask = Ask(request.method, path, query, headers, body, now, wall)
        if latency and places.door.is_delayed(ask):
            await asyncio.sleep(latency)
        answer = places.door.answer(ask, request.raw_path)
        return await _cut_off(request, answer) if answer.cut else _response(answer)

    return handle


def _response(answer: Answer) -> web.Response:
    response = web.Response(status=answer.status, body=answer.body, headers=dict(answer.headers))
    if answer.status not in (204, 304):
        response.headers["content-type"] = answer.content_type
    return response


async def _cut_off(request: web.BaseRequest, answer: Answer) -> web.StreamResponse:
    """Send half of the body under its right length, then reset the connection."""
    response = web.StreamResponse(status=answer.status, headers=dict(answer.headers))
    response.headers["content-type"] = answer.content_type
    response.content_length = len(answer.body)
    await response.prepare(request)
    await response.write(answer.body[: len(answer.body) // 2])
    transport = request.transport
    if transport is not None:
        # Without lingering, closing sends RST in place of FIN.
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
        transport.abort()
    return response
