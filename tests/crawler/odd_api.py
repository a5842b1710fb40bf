"""A tiny API on loopback that answers what it is told to: the odd things that the small Spotify never does."""

import gzip
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Reply:
    """One answer. told: JSON, or bytes as they are."""

    told: Any = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    kind: str = "application/json"
    cut: bool = False
    """Whether the connection ends after half of the body."""
    hang_up: bool = False
    """Whether the connection ends without an answer."""
    after: threading.Event | None = None
    """What has to happen before it is sent."""


class Api(ThreadingHTTPServer):
    """Gives the replies laid out, in turn, then the last of them again and again; remembers what was asked."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.replies: list[Reply] = [Reply({})]
        self.by_path: dict[str, Reply] = {}
        """What stands at a path, before any of the replies."""
        self.asked: list[tuple[str, str]] = []
        """Path and authorization of each request."""
        self.lock = threading.Lock()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def reply(self, path: str) -> Reply:
        """Choose the reply for a path."""
        if path in self.by_path:
            return self.by_path[path]
        return self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]

    @property
    def paths(self) -> list[str]:
        """The paths that were asked for, without their queries."""
        return [path.partition("?")[0] for path, _ in self.asked]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: clients that hang up are what this is for."""


class _Handler(BaseHTTPRequestHandler):
    server: Api

    def do_GET(self) -> None:
        with self.server.lock:
            self.server.asked.append((self.path, self.headers.get("Authorization", "")))
            reply = self.server.reply(self.path.partition("?")[0])
        if reply.after:
            reply.after.wait(10)
        self.close_connection = True
        if reply.hang_up:
            return
        body = reply.told if isinstance(reply.told, bytes) else json.dumps(reply.told).encode()
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.kind)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: len(body) // 2] if reply.cut else body)

    def do_POST(self) -> None:
        self.do_GET()

    def log_message(self, *args: object) -> None:
        pass


@contextmanager
def odd_api(*replies: Reply) -> Iterator[Api]:
    """Run it."""
    server = Api()
    if replies:
        server.replies = list(replies)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def packed_zeros(size: int) -> Reply:
    """Make an answer of so many bytes that is small on the wire."""
    return Reply(gzip.compress(b"0" * size), headers={"Content-Encoding": "gzip"})
