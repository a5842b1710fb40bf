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
_STRAY = "This is not the answer that Segue waits for", "Open the address that the terminal shows, and agree there."
_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title></head>
<body style="font: 1.2em sans-serif; max-width: 36em; margin: 4em auto"><h1>{title}</h1><p>{text}</p></body></html>
"""


def stray(address: str, state: str) -> str | None:
    """Say in a sentence why an address is not the answer to the login of this state; None where it is."""
    told = _told(address)
    if not told.keys() & {"state", "code", "error"}:
        return "This holds no answer of Spotify's: paste the address that the browser ends at."
    if told.get("state") != state:
        return "This is the answer to another login (its state differs): agree at the address above."
    if not told.keys() & {"code", "error"}:
        return "This address holds no code: agree there, and paste the address that the browser ends at."
    return None


def read_answer(address: str) -> str:
    """Read the code from the answer to a login; raises NotLoggedIn where it is an error."""
    told = _told(address)
    if told.get("error") == "access_denied":
        raise NotLoggedIn("Spotify was told to grant no access: run `segue login` again and agree")
    if "error" in told:
        name = told["error"] if _ERROR_NAME.fullmatch(told["error"]) else "an error without a name"
        raise NotLoggedIn(f"Spotify answers {name}: look at the settings of your app and run `segue login` again")
    return told["code"]


def _told(address: str) -> dict[str, str]:
    try:
        return dict(parse_qsl(urlsplit(address).query))
    except ValueError:
        return {}


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
        """Take the answer at the redirect URI's path; a favicon is not it, nor is what another login is told."""
        if urlsplit(self.path).path != self.server.path:
            self.send_error(404)
            return
        if stray(self.path, self.server.state):
            self._show(400, *_STRAY)
            return
        try:
            read_answer(self.path)
            words = _GRANTED
        except NotLoggedIn:
            words = _NOT_GRANTED
        try:
            self._show(200, *words)
        finally:
            self.server.answers.put(self.path)

    def _show(self, status: int, title: str, text: str) -> None:
        page = _PAGE.format(title=title, text=text).encode()
        self.send_response(status)
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
