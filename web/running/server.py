"""One process that serves: from the sockets to the application, until it is told to stop.

Waitress reads and writes all connections in one thread and hands over only whole requests, so that whoever sends or
reads slowly keeps nobody waiting but himself.
"""

import signal
import socket
import time
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import Any

from flask import Flask
from waitress import wasyncore
from waitress.channel import HTTPChannel
from waitress.server import create_server

from db.errors import DatabaseError
from recommender.errors import RecommenderError
from web.app import create_app
from web.guard import LONGEST_BODY, LONGEST_QUERY
from web.running.limits import Limited
from web.running.shares import Post
from web.running.watching import Watched
from web.settings import Settings
from web.station import Station

CONNECTIONS = 500
"""In one process: each needs a file of the system, which allows 1,024 where nobody raised it."""
IDLE_S = 75
"""A connection that asks nothing for so long is closed; browsers close theirs before that."""
PATIENCE_S = 20.0
"""Within this a request has to have arrived whole; one byte now and then keeps no connection open."""
GRACE_S = 2.0
"""So long requests that are being answered are waited for at the end."""
_SPARE = 4
"""Threads beside those that work and wait: for refusals, health checks, figures and files."""
_HEADERS = LONGEST_QUERY + 16 * 1024
_TURN_S = 0.5
_LAST_S = 0.5
"""For threads that do nothing to notice that it is over."""
STOPPING = (signal.SIGINT, signal.SIGTERM)


class Server:
    """An application on sockets that listen."""

    def __init__(self, app: Flask, listening: socket.socket, patience: float = PATIENCE_S) -> None:
        station = app.extensions["segue"]
        assert isinstance(station, Station)
        settings = station.settings
        self._limited = Limited(app, settings, station.figures)
        served = Watched(self._limited, station.figures)
        self._map: dict[int, Any] = {}
        self._server = create_server(
            served,
            map=self._map,
            sockets=[listening],
            threads=settings.at_once + settings.waiting + _SPARE,
            connection_limit=CONNECTIONS,
            channel_timeout=IDLE_S,
            cleanup_interval=5,
            max_request_header_size=_HEADERS,
            max_request_body_size=LONGEST_BODY,
            ident=None,
        )
        self._patience = patience
        self._arriving: dict[HTTPChannel, tuple[object, float]] = {}
        self._stopping = False

    def stop(self) -> None:
        """Have run() end soon. May be called from a signal's handler, and from another thread."""
        self._stopping = True
        self._server.pull_trigger()

    def run(self, post: Post | None = None) -> None:
        """Serve until stop() is called, or nobody watches any more; what is being answered then is answered."""
        while not self._stopping and (post is None or post.is_needed()):
            takes = self._server.accepting = post is None or post.may_take(len(self._channels()))
            self._turn(_TURN_S if takes else _TURN_S / 10)
            self._close_slow(time.monotonic())
        self._server.accepting = False
        ends = time.monotonic() + GRACE_S
        while any(map(_is_busy, self._channels())) and time.monotonic() < ends:
            self._turn(_TURN_S / 10)
        self._server.task_dispatcher.shutdown(timeout=_LAST_S)
        self._limited.close()
        wasyncore.close_all(self._map)

    def _turn(self, seconds: float) -> None:
        # poll() where there is one: select() knows no file beyond the 1,024th.
        wasyncore.loop(seconds, use_poll=True, map=self._map, count=1)

    def _channels(self) -> list[HTTPChannel]:
        return [one for one in list(self._map.values()) if isinstance(one, HTTPChannel)]

    def _close_slow(self, now: float) -> None:
        """Close the connections on which a request has been arriving for too long."""
        arriving = {}
        for channel in self._channels():
            if (request := channel.request) is not None:
                known, since = self._arriving.get(channel, (request, now))
                arriving[channel] = request, since if known is request else now
                channel.will_close = channel.will_close or now - arriving[channel][1] > self._patience
        self._arriving = arriving


def _is_busy(channel: HTTPChannel) -> bool:
    return bool(channel.requests or channel.total_outbufs_len)


def warm_up(app: Flask) -> None:
    """Open what the first question would have to, so that nobody waits for it; what cannot be opened is told later."""
    station = app.extensions["segue"]
    assert isinstance(station, Station)
    app.test_client().get("/", headers={"Authorization": f"Bearer {station.settings.token}"})
    with suppress(DatabaseError, RecommenderError):
        station.suggester.ready()


def run(database: Path, settings: Settings, listening: socket.socket, post: Post | None = None) -> None:
    """Serve in this process until it is interrupted or terminated. post: where there are several."""
    app = create_app(database, settings)
    warm_up(app)
    server = Server(app, listening)

    def stop(_signal: int, _frame: FrameType | None) -> None:
        server.stop()

    for each in STOPPING:
        signal.signal(each, stop)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPPING)  # whoever forked this process held them back until now
    server.run(post)
