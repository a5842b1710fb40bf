"""What may stand in a cassette: filters that take secrets and places out, and a check that finds what they missed.

The filters see what is recorded, what is asked while it is replayed, and what is read from the file; so what they made
once they leave as it is. Access and refresh tokens are numbered: it stays visible which one was used when.
"""

import gzip
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import yaml
from vcr.request import Request

from tests.crawler.flows import MADE_UP

HOSTS = ("api.spotify.com", "accounts.spotify.com", "api.reccobeats.com")
"""Where requests may go."""
TOKENS = ("access_token", "refresh_token")
SECRETS = (*TOKENS, "client_id", "client_secret", "code", "code_challenge", "code_verifier", "redirect_uri", "state")
"""Names in queries, forms and JSON whose values are left out."""
_ASKED, _ANSWERED = ("authorization", "content-type"), (
    "cache-control", "content-type", "etag", "location", "retry-after", "www-authenticate",
)  # fmt: skip
"""The headers that are kept."""
_MINUTES_FROM_S = 3600
"""A longer wait is told in whole minutes: the seconds depend on the moment."""
_LAID_OUT = 4
"""So deep JSON is laid out in lines; below, one line has it all."""
_WEB = ("spotify.com", "scdn.co", "spotifycdn.com", "reccobeats.com")
"""What links in answers lead to."""
_MADE_UP = re.compile(r"made-up-[a-z_]+-\d+")


@dataclass
class Scrubber:
    """The filters of one cassette."""

    places: tuple[tuple[str, str], ...] = ()
    """Base URLs that are taken for others: while the small Spotify is recorded, its own for the real ones."""
    _seen: dict[str, dict[str, str]] = field(default_factory=dict)

    def request(self, request: Request) -> Request | None:
        """Scrub a request; None for the page at which a person agrees, which a browser asks for, not we."""
        uri = urlsplit(self._moved(request.uri))
        if uri.path == "/authorize":
            return None
        query = urlencode(self._pairs(uri.query), safe=",()")
        request.uri = uri._replace(query=query).geturl()
        kept = {name.lower(): value for name, value in request.headers.items() if name.lower() in _ASKED}
        if "authorization" in kept:
            kept["authorization"] = self._authorization(_text(kept["authorization"]))
        if request.body:
            form = "form" in _text(kept.get("content-type", ""))
            body = _text(request.body)
            request.body = urlencode(self._pairs(body)) if form else self._body(body)
        request.headers = kept
        return request

    def response(self, response: dict[str, Any]) -> dict[str, Any]:
        """Scrub an answer."""
        headers = {name.lower(): values for name, values in response["headers"].items()}
        response["headers"] = {name: self._header(name, headers[name]) for name in _ANSWERED if name in headers}
        told = response["body"].get("string") or b""
        if told[:2] == b"\x1f\x8b":
            told = gzip.decompress(told)
        response["body"] = {"string": self._body(_text(told)).encode()}
        return response

    def _header(self, name: str, values: list[str] | str) -> list[str]:
        told = [values] if isinstance(values, str) else values
        if name == "retry-after":
            return [_in_minutes(value) for value in told]
        return [self._url(self._moved(value)) if name == "location" else value for value in told]

    def _url(self, url: str) -> str:
        parts = urlsplit(url)
        return parts._replace(query=urlencode(self._pairs(parts.query))).geturl()

    def _pairs(self, query: str) -> list[tuple[str, str]]:
        return [(name, self._value(name, value)) for name, value in parse_qsl(query, keep_blank_values=True)]

    def _body(self, body: str) -> str:
        moved = self._moved(body)
        try:
            told = json.loads(moved)
        except ValueError:
            return moved
        if isinstance(told, dict):
            told = {name: self._value(name, value) for name, value in told.items()}
        return _laid_out(told)

    def _value(self, name: str, value: Any) -> Any:
        if name not in SECRETS or not isinstance(value, str):
            return value
        return self._token(name, value) if name in TOKENS else MADE_UP.format(name, 1)

    def _token(self, name: str, value: str) -> str:
        if _MADE_UP.fullmatch(value):
            return value
        seen = self._seen.setdefault(name, {})
        return seen.setdefault(value, MADE_UP.format(name, len(seen) + 1))

    def _authorization(self, told: str) -> str:
        scheme, _, value = told.rpartition(" ")
        return MADE_UP.format("client", 1) if scheme == "Basic" else self._token("access_token", value)

    def _moved(self, text: str) -> str:
        for place, taken_for in self.places:
            text = text.replace(place, taken_for)
        return text


def _text(told: Any) -> str:
    return told.decode() if isinstance(told, bytes) else str(told)


def _in_minutes(told: str) -> str:
    return str(int(told) // 60 * 60) if told.isdigit() and int(told) > _MINUTES_FROM_S else told


def _laid_out(told: Any, depth: int = 0) -> str:
    """Write JSON in ASCII so that people can read it: the things of a list each on a line of its own."""
    if depth == _LAID_OUT or not told or not isinstance(told, dict | list):
        return json.dumps(told)
    if isinstance(told, dict):
        parts = [f"{json.dumps(name)}: {_laid_out(value, depth + 1)}" for name, value in told.items()]
        opened, closed = "{}"
    else:
        parts, (opened, closed) = [_laid_out(value, depth + 1) for value in told], "[]"
    gap = "\n" + " " * depth
    return opened + gap + " " + f",{gap} ".join(parts) + gap + closed


# The check.

_FORBIDDEN: dict[str, re.Pattern[str]] = {
    "an Authorization": re.compile(r"\b(?:Bearer|Basic)\s+(?!realm=)[\w+/=.~-]+", re.IGNORECASE),
    "a token": re.compile(r"\b(?:BQ|AQ|eyJ)[\w.-]{30,}|[\w-]{80,}"),
    "a client id or secret": re.compile(r"(?<![0-9a-fA-F])[0-9a-f]{32}(?![0-9a-fA-F])"),
    "an address of this machine": re.compile(r"\b127\.\d+\.\d+\.\d+|\blocalhost\b|\[::1\]|\b0\.0\.0\.0\b|:\d{4,5}/"),
    "an e-mail address": re.compile(r"[\w.+-]+@[\w-]+\.\w+"),
    "a cookie": re.compile(r"\bset-cookie\b", re.IGNORECASE),
    "a date of its making": re.compile(r"(?im)^\s*date:|\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d \w{3} \d{4}"),
}
_LINK = re.compile(r"https?://([^/\s\"'<>\\?#]+)")


def leaks(cassette: str) -> list[str]:
    """Name what a cassette, given as the text of its file, holds and should not."""
    found = [what for what, pattern in _FORBIDDEN.items() if pattern.search(cassette)]
    strangers = {host for host in _LINK.findall(cassette) if not f".{host}".endswith(tuple(f".{own}" for own in _WEB))}
    found += [f"a link to {host}" for host in sorted(strangers)]
    for interaction in yaml.safe_load(cassette)["interactions"]:
        request, response = interaction["request"], interaction["response"]
        if (host := urlsplit(request["uri"]).netloc) not in HOSTS or not request["uri"].startswith("https://"):
            found.append(f"a request to {host}")
        named = [*_named(urlsplit(request["uri"]).query), *_named(request["body"]), *_named(response["body"]["string"])]
        named += [pair for value in response["headers"].get("location", []) for pair in _named(urlsplit(value).query)]
        found += [f"the {name}" for name, value in named if name in SECRETS and not _MADE_UP.fullmatch(value)]
        for name, value in request["headers"].items():
            if name.lower() not in _ASKED or (name.lower() == "authorization" and not _MADE_UP.fullmatch(value[0])):
                found.append(f"the header {name}")
        found += [f"the header {name}" for name in response["headers"] if name.lower() not in _ANSWERED]
    return found


def _named(told: str | None) -> Iterator[tuple[str, str]]:
    """Give the names and texts of JSON, however deep, or else of a query or form."""
    try:
        yield from _texts(json.loads(told or "null"))
    except ValueError:
        yield from parse_qsl(told, keep_blank_values=True)


def _texts(told: Any) -> Iterator[tuple[str, str]]:
    if isinstance(told, list):
        for value in told:
            yield from _texts(value)
    elif isinstance(told, dict):
        for name, value in told.items():
            if isinstance(value, str):
                yield name, value
            yield from _texts(value)
