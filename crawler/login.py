"""A user's login: an address to agree at, and the answer, heard on this machine or pasted, whichever comes first."""

import os
import queue
import secrets
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

from crawler.accounts import Login, fetch_app, insist
from crawler.credentials import LOOPBACK, Credentials
from crawler.errors import NotLoggedIn
from crawler.listener import Answers, listening, read_answer, stray
from crawler.places import Places
from crawler.private_file import private_folder
from crawler.token_file import Token, stored_token, token_path

PATIENCE_S = 300.0
"""How long to wait for the answer."""
_LOOK_S = 0.1
"""On Windows, Ctrl-C is seen only between two waits."""


@dataclass(frozen=True, slots=True)
class Person:
    """How to reach whoever logs in."""

    show: Callable[[str], None]
    """Takes the address to agree at."""
    tell: Callable[[str], None]
    """Takes a sentence."""
    lines: int | None
    """The descriptor that a pasted line comes from."""


def log_in(
    credentials: Credentials,
    places: Places,
    scopes: Sequence[str],
    folder: Path,
    person: Person,
    patience_s: float = PATIENCE_S,
    sleep: Callable[[float], None] = time.sleep,
) -> Token:
    """Log a user in and keep the token; raises NotLoggedIn, NoCredentials, BadAddress, Refused, Unreachable."""
    private_folder(folder)  # before anybody agrees to what could not be kept
    state, answers = secrets.token_urlsafe(16), Answers()
    with ExitStack() as stack:
        heard_at = _listen(stack, credentials.redirect_uri, state, answers, person.tell)
        uri = heard_at or credentials.redirect_uri
        login = Login(replace(credentials, redirect_uri=uri), places.accounts, scopes, state)
        person.show(login.address)
        person.tell(_waiting(heard_at, patience_s))
        _take_lines(person.lines, answers)
        code = read_answer(_first(answers, state, patience_s, person.tell, heard=bool(heard_at)))
    path = token_path(credentials, places, "user", folder)
    insist(lambda: login.trade(code, path), sleep)
    if not (token := stored_token(credentials, places, "user", folder)):
        path.unlink(missing_ok=True)
        raise NotLoggedIn("Spotify gave a token that cannot be renewed: run `segue login` again")
    return token


def log_in_app(
    credentials: Credentials, places: Places, folder: Path, sleep: Callable[[float], None] = time.sleep
) -> Token:
    """Get a token for the app itself and keep it; raises NoCredentials, BadAddress, Refused, Unreachable."""
    private_folder(folder)
    path = token_path(credentials, places, "app", folder)
    insist(lambda: fetch_app(credentials, places.accounts, path), sleep)
    token = stored_token(credentials, places, "app", folder)
    assert token, "it has just been kept"
    return token


def _listen(stack: ExitStack, uri: str, state: str, answers: Answers, tell: Callable[[str], None]) -> str | None:
    """Listen where the browser will be sent to, if that is this machine and the port is free."""
    parts = urlsplit(uri)
    if parts.scheme != "http" or parts.hostname not in LOOPBACK:
        return None
    try:
        return stack.enter_context(listening(uri, state, answers))
    except OSError as error:
        tell(f"Nothing can listen at {uri} ({error.strerror}).")
        return None


def _waiting(heard_at: str | None, patience_s: float) -> str:
    within = f"{patience_s / 60:.0f} minutes"
    if heard_at:
        return (
            f"Waiting {within} for the answer at {heard_at}; "
            "the address that the browser ends at can be pasted here too."
        )
    return f"Then paste here, within {within}, the address that the browser ends at; its page need not load."


def _take_lines(descriptor: int | None, answers: Answers) -> None:
    if descriptor is None:
        answers.put(None)
    else:
        threading.Thread(target=_read_lines, args=(descriptor, answers), daemon=True).start()


def _read_lines(descriptor: int, answers: Answers) -> None:
    """Pass lines on; past sys.stdin, whose lock a thread that is still reading would keep from the end of Python."""
    rest = b""
    try:
        while piece := os.read(descriptor, 4096):
            *lines, rest = (rest + piece).split(b"\n")
            _pass_on(lines, answers)
    except OSError:
        pass  # the terminal has gone
    _pass_on([rest], answers)
    answers.put(None)


def _pass_on(lines: list[bytes], answers: Answers) -> None:
    for line in lines:
        if address := line.decode(errors="replace").strip(" \t\r\"'<>"):
            answers.put(address)


def _first(answers: Answers, state: str, patience_s: float, tell: Callable[[str], None], *, heard: bool) -> str:
    """Wait for the first address that is the answer, and tell why others are not; raises NotLoggedIn if none comes."""
    end = time.monotonic() + patience_s
    while time.monotonic() < end:
        try:
            address = answers.get(timeout=_LOOK_S)
        except queue.Empty:
            continue
        if address is not None:
            if not (wrong := stray(address, state)):
                return address
            tell(wrong)
        elif not heard:
            raise NotLoggedIn("no answer can come: run `segue login` in a terminal and paste the address there")
    raise NotLoggedIn(f"no answer came within {patience_s / 60:.0f} minutes: run `segue login` again")
