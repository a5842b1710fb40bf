"""The outermost layer: each request has an id, a line in the log, and its place in the figures."""

import time
from typing import TYPE_CHECKING

from flask import Flask, request

from web.running import log
from web.running.figures import Figures
from web.running.seen import NAME, Seen, begin, seen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

HEADER = "X-Request-Id"
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"})


class Watched:
    """Notes each request that an application answers."""

    def __init__(self, inner: "WSGIApplication", figures: Figures) -> None:
        self._inner = inner
        self._figures = figures

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> "Iterable[bytes]":
        """Answer, and note it before the first byte is sent, so that whoever asks next is told of it."""
        noted = environ[NAME] = begin(environ)
        began = time.perf_counter()

        def start(status: str, headers: list[tuple[str, str]], *more: "Any") -> "Callable[[bytes], object]":
            noted.status = int(status[:3])
            noted.sent = next((int(value) for name, value in headers if name.lower() == "content-length"), 0)
            self._note(noted, time.perf_counter() - began)
            return start_response(status, [*headers, (HEADER, noted.request_id)], *more)

        return self._inner(environ, start)

    def _note(self, noted: Seen, seconds: float) -> None:
        method = noted.method if noted.method in _METHODS else "other"
        self._figures.requests.labels(noted.room, method, noted.status).inc()
        self._figures.seconds.labels(noted.room).observe(seconds)
        log.answered(noted, seconds)


def note_rooms(app: Flask) -> None:
    """Have the application note to which room each request belongs, before anything of it can be refused."""
    app.before_request_funcs.setdefault(None, []).insert(0, _note_room)


def _note_room() -> None:
    noted = seen(request.environ)
    if noted is not None and request.endpoint:
        noted.room = request.blueprint or request.endpoint
        if request.url_rule:
            noted.path = request.path if noted.room == "static" else request.url_rule.rule
