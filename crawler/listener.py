"""The page that a browser is sent to after a login, and what its address tells."""

import queue
import re
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from socketserver import ThreadingTCPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from crawler.errors import NotLoggedIn

Answers = queue.SimpleQueue[str | None]
"""Addresses that the browser was sent to, heard here or pasted; None when no more lines can come."""

_IDLE_S = 10.0
"""Browsers open connections ahead of time and say nothing on them."""
_ERROR_NAME = re.compile(r"[a-z_]{1,40}")
_GRANTED = "Segue is told", "Segue got Spotify's answer. You may close this page and go back to the terminal."
_NOT_GRANTED = "Segue is not let in", "The terminal says why. You may close this page and go back there."
_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title></head>
<body style="font: 1.2em sans-serif; max-width: 36em; margin: 4em auto"><h1>{title}</h1><p>{text}</p></body></html>
"""


def read_answer(address: str, state: str) -> str:
    """Read the code from the address that the browser was sent to; raises NotLoggedIn."""
    try:
        told = dict(parse_qsl(urlsplit(address).query))
    except ValueError:
        told = {}
    if not told.keys() & {"state", "code", "error"}:
        raise NotLoggedIn("this address holds no answer of Spotify's: run `segue login` again")
    if told.get("state") != state:
        raise NotLoggedIn("this is the answer to another login (its state differs): run `segue login` again")
    if told.get("error") == "access_denied":
        raise NotLoggedIn("Spotify was told to grant no access: run `segue login` again and agree")
    if "error" in told:
        name = told["error"] if _ERROR_NAME.fullmatch(told["error"]) else "an error without a name"
        raise NotLoggedIn(f"Spotify answers {name}: look at the settings of your app and run `segue login` again")
    if not told.get("code"):
        raise NotLoggedIn("Spotify's answer holds no code: run `segue login` again")
    return told["code"]


@contextmanager
def listening(redirect_uri: str, state: str, answers: Answers) -> Iterator[str]:
    """Answer the browser while the block runs; gives the redirect URI, with any free port where it names none.

    Raises OSError where nothing can listen there.
    """
    server = _Server(redirect_uri, state, answers)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield server.redirect_uri
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Server(ThreadingTCPServer):
    allow_reuse_address = sys.platform != "win32"  # there it would let two programs listen at once
    daemon_threads = True

    def __init__(self, redirect_uri: str, state: str, answers: Answers) -> None:
        parts = urlsplit(redirect_uri)
        host = parts.hostname or ""
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        super().__init__((host, parts.port or 0), _Handler)
        port = self.server_address[1]
        self.path, self.state, self.answers = parts.path or "/", state, answers
        self.redirect_uri = (
            redirect_uri if parts.port else parts._replace(netloc=f"{parts.netloc.rstrip(':')}:{port}").geturl()
        )

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: a browser that hangs up is no news."""


class _Handler(BaseHTTPRequestHandler):
    timeout = _IDLE_S
    server: _Server

    def do_GET(self) -> None:
        """Take the answer at the redirect URI's path; a favicon is not it."""
        if urlsplit(self.path).path != self.server.path:
            self.send_error(404)
            return
        try:
            read_answer(self.path, self.server.state)
            title, text = _GRANTED
        except NotLoggedIn:
            title, text = _NOT_GRANTED
        try:
            self._show(_PAGE.format(title=title, text=text).encode())
        finally:
            self.server.answers.put(self.path)

    def _show(self, page: bytes) -> None:
        self.send_response(200)
        for name, value in (
            ("Content-Type", "text/html; charset=utf-8"),
            ("Content-Length", str(len(page))),
            ("Cache-Control", "no-store"),
            ("Referrer-Policy", "no-referrer"),
            ("Connection", "close"),
        ):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(page)

    def version_string(self) -> str:
        """Name the server, not what it is made of."""
        return "segue"

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - http.server's signature
        """Say nothing: the line would hold the code."""
