"""What is asked of the service and what it answers, before and after HTTP. Pure."""

from dataclasses import dataclass, field
from typing import Any

import orjson

JSON = "application/json; charset=utf-8"
Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Grant:
    """What an access token allows."""

    user: int | None
    """None: the app itself, without a user."""
    scopes: frozenset[str]
    expires_at: float
    """On the service's clock."""


@dataclass(frozen=True, slots=True)
class Ask:
    """One request."""

    method: str
    path: str
    """Without /v1."""
    query: dict[str, list[str]]
    headers: dict[str, str] = field(default_factory=dict)
    """Names in small letters."""
    body: bytes = b""
    now: float = 0.0
    """On the service's monotonic clock, in seconds."""
    wall: int = 0
    """Seconds since 1970."""
    grant: Grant | None = None
    short: bool = False
    """Whether a page is to have fewer items than asked for."""

    def get(self, name: str) -> str | None:
        """Give a parameter's first value."""
        values = self.query.get(name)
        return values[0] if values else None


@dataclass(frozen=True, slots=True)
class Page:
    """Which page of a playlist's entries an answer holds."""

    kind: int
    number: int
    offset: int
    last: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """One response."""

    status: int
    body: bytes = b""
    headers: Headers = ()
    content_type: str = JSON
    page: Page | None = None
    cut: bool = False
    """Whether the connection is reset after half of the body."""

    def header(self, name: str) -> str | None:
        """Give a header's value."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)


def told(status: int, contents: Any, headers: Headers = ()) -> Answer:
    """Answer with JSON."""
    return Answer(status, orjson.dumps(contents), headers)


def refused(status: int, message: str | None, headers: Headers = ()) -> Answer:
    """Answer with an error in Spotify's form."""
    error = {"status": status} if message is None else {"status": status, "message": message}
    return told(status, {"error": error}, headers)


class Refusal(Exception):
    """Raised inside a handler in place of an answer."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status)
        self.answer = answer


def refuse(status: int, message: str | None) -> Refusal:
    """Make the exception for an error in Spotify's form."""
    return Refusal(refused(status, message))


def whole(ask: Ask, name: str, usual: int, least: int, most: int) -> int:
    """Read a whole number out of the query; raises Refusal (400) outside the range, with Spotify's message."""
    text = ask.get(name)
    if text is None:
        return usual
    number = int(text) if text.lstrip("-").isascii() and text.lstrip("-").isdigit() and len(text) < 10 else least - 1
    if not least <= number <= most:
        raise refuse(400, f"Invalid {name}")
    return number


def page_of(ask: Ask, usual: int, most: int, most_offset: int) -> tuple[int, int]:
    """Read limit and offset; raises Refusal (400)."""
    limit = whole(ask, "limit", usual, 1, most)
    return shortened(ask, limit), whole(ask, "offset", 0, 0, most_offset)


def shortened(ask: Ask, limit: int) -> int:
    """Give the limit that is kept to: two thirds of it where a short page is due."""
    return max(1, limit * 2 // 3) if ask.short else limit
