"""A tiny accounts service on loopback that answers the odd things which the small Spotify never does."""

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from crawler.places import Places

CUT_OFF = object()
"""A reply: half of a body, then the end."""


class Service(ThreadingHTTPServer):
    """Gives the replies laid out, in turn, then good tokens; remembers the forms that were sent."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.replies: list[tuple[int, Any]] = []
        self.forms: list[dict[str, str]] = []
        self.headers: list[dict[str, str]] = []
        self.agreeing: dict[str, str] = {"code": "made-up-code"}

    @property
    def places(self) -> Places:
        """Where it is."""
        return Places(accounts=f"http://127.0.0.1:{self.server_address[1]}")

    def token(self) -> dict[str, Any]:
        """Make a good token out of the number of the request."""
        number = len(self.forms)
        scope = "playlist-read-private playlist-read-collaborative user-library-read"
        return {
            "access_token": f"access-{number}",
            "token_type": "Bearer",
            "expires_in": 3600,
            "refresh_token": f"refresh-{number}",
            "scope": scope,
        }


class _Handler(BaseHTTPRequestHandler):
    server: Service

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        self.server.forms.append(dict(parse_qsl(self.rfile.read(length).decode())))
        self.server.headers.append(dict(self.headers.items()))
        status, told = self.server.replies.pop(0) if self.server.replies else (200, self.server.token())
        body = told if isinstance(told, bytes) else b'{"access' if told is CUT_OFF else json.dumps(told).encode()
        self.send_response(status)
        if status in (302, 307):
            self.send_header("Location", "/elsewhere")
        self.send_header("Content-Length", str(len(body) * (2 if told is CUT_OFF else 1)))
        self.end_headers()
        self.wfile.write(body)
        self.close_connection = True

    def do_GET(self) -> None:
        asked = dict(parse_qsl(urlsplit(self.path).query))
        self.send_response(302)
        self.send_header(
            "Location", f"{asked['redirect_uri']}?{urlencode({'state': asked['state'], **self.server.agreeing})}"
        )
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args: object) -> None:
        pass


@contextmanager
def service() -> Iterator[Service]:
    """Run it."""
    server = Service()
    thread = Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def free_port() -> int:
    """Find a port that nobody listens at."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])
