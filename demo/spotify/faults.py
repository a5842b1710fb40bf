"""What goes wrong on purpose: read from a line of text, and drawn from a generator of its own."""

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import Any

from demo import chance
from demo.errors import UnknownFault
from demo.ids import Kind
from demo.spotify.library import Library
from demo.spotify.limits import PLAIN, QUOTA_SECONDS
from demo.spotify.wire import Answer, Ask, refused

RANDOM = ("5xx", "429", "reset", "truncated", "html", "type", "changing", "next", "short")
"""Faults with a share of the requests that they hit."""
SETTINGS = (
    "latency",
    "rate",
    "quota",
    "silent-quota",
    "expires",
    "no-features",
    "no-premium",
    "unregistered",
    "recco-rate",
)
_INSTEAD = ("5xx", "429")
"""These come in place of an answer: a write that meets one is not applied."""
_AFTER = ("reset", "truncated", "html", "type")
"""These spoil an answer: a write that meets one has been applied."""
_PAGED = ("/playlists/", "/me/playlists", "/me/tracks", "/users/", "/search")
_SHARE = re.compile(r"(\d+(?:\.\d+)?)%")
_TIME = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h)")
_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}
_ERRORS = ((500, "Internal server error"), (502, "Bad gateway"), (503, "Service temporarily unavailable"))
_PAGE = b"<!DOCTYPE html><html><head><title>Spotify</title></head><body><h1>Request timeout</h1></body></html>"
_PREMIUM = (
    "Active premium subscription required for the owner of the app. When the subscription status changes, it can take "
    "a few hours before requests are allowed again."
)


@dataclass(frozen=True)
class Plan:
    """What is to go wrong."""

    shares: dict[str, float] = field(default_factory=dict)
    """For each random fault the share of requests that it hits, 0 to 1."""
    latency: float = 0.0
    """Seconds before each answer."""
    rate: tuple[int, float] | None = None
    """So many requests in so many seconds."""
    quota: tuple[int, float] | None = None
    says_why: bool = True
    life: float = 3600.0
    """Seconds until an access token expires."""
    features: bool = True
    forbidden: str = ""
    """With what message every request is forbidden."""
    recco_rate: tuple[int, float] | None = None


def plan_of(told: str) -> Plan:
    """Read a line such as "latency=100ms,5xx=10%,rate=30/30s"; raises UnknownFault."""
    plan = Plan()
    for part in filter(None, (part.strip() for part in told.split(","))):
        name, _, value = part.partition("=")
        plan = _with(plan, name.strip(), value.strip())
    return plan


def _with(plan: Plan, name: str, value: str) -> Plan:
    if name == "all":
        return replace(plan, shares=dict.fromkeys(RANDOM, _share(name, value)) | plan.shares)
    if name in RANDOM:
        return replace(plan, shares=plan.shares | {name: _share(name, value)})
    settings: dict[str, Any] = {
        "latency": lambda: {"latency": _seconds(name, value)},
        "rate": lambda: {"rate": _count_and_time(name, value, None)},
        "quota": lambda: {"quota": _count_and_time(name, value, QUOTA_SECONDS)},
        "silent-quota": lambda: {"says_why": False},
        "expires": lambda: {"life": _seconds(name, value)},
        "no-features": lambda: {"features": False},
        "no-premium": lambda: {"forbidden": _PREMIUM},
        "unregistered": lambda: {"forbidden": "User not registered in the Developer Dashboard"},
        "recco-rate": lambda: {"recco_rate": _count_and_time(name, value, None)},
    }
    if name not in settings:
        raise UnknownFault(f"there is no fault {name!r}: name some of {', '.join(('all', *RANDOM, *SETTINGS))}")
    return replace(plan, **settings[name]())


def _share(name: str, value: str) -> float:
    read = _SHARE.fullmatch(value)
    if not read or float(read[1]) > 100:
        raise UnknownFault(f"{name}={value} is no share: write for example {name}=10%")
    return float(read[1]) / 100


def _seconds(name: str, value: str) -> float:
    read = _TIME.fullmatch(value)
    if not read:
        raise UnknownFault(f"{name}={value} is no time: write for example {name}=100ms or {name}=60s")
    return float(read[1]) * _UNITS[read[2]]


def _count_and_time(name: str, value: str, usual: float | None) -> tuple[int, float]:
    count, slash, time = value.partition("/")
    if not count.isascii() or not count.isdigit() or (not slash and usual is None):
        raise UnknownFault(f"{name}={value} is no limit: write for example {name}=30/30s")
    return int(count), usual if not slash and usual is not None else _seconds(name, time)


class Mischief:
    """Draws which request meets which fault."""

    def __init__(self, plan: Plan, seed: int) -> None:
        self.plan = plan
        self.made: Counter[str] = Counter()
        """How often each fault was made."""
        self._key = chance.key(seed, "faults")
        self._drawn = 0

    def draw(self) -> list[str]:
        """Draw the faults of one request: of those that come instead of an answer or spoil it, one at most."""
        self._drawn += 1
        if not self.plan.shares:
            return []
        start = self._drawn * len(RANDOM)
        hit = [
            name
            for place, name in enumerate(RANDOM)
            if chance.share(self._key, start + place) < self.plan.shares.get(name, 0)
        ]
        loud = [name for name in hit if name in _INSTEAD + _AFTER]
        # Which of several is left turns round, else the first would hide the others when all hit.
        kept = loud[self._drawn % len(loud)] if loud else None
        return [name for name in hit if name == kept or name not in loud]

    def instead(self, hit: list[str]) -> Answer | None:
        """Give the error that comes in place of an answer."""
        if "5xx" in hit:
            self.made["5xx"] += 1
            status, message = _ERRORS[self.made["5xx"] % len(_ERRORS)]
            return (
                refused(status, message)
                if status != 502
                else Answer(502, b"<html>502 Bad Gateway</html>", (), "text/html")
            )
        if "429" in hit:
            self.made["429"] += 1
            if self.made["429"] % 2:
                return Answer(429, b"Too many requests", (), PLAIN)
            return refused(429, "API rate limit exceeded")
        return None

    def spoilt(self, answer: Answer, hit: list[str], base: str) -> Answer:
        """Spoil a good answer."""
        if answer.status >= 300:
            return answer
        if "next" in hit and b'"next":"' in answer.body:
            self.made["next"] += 1
            gone = f'"next":"{base}/users/demo_listener/gone/'.encode()
            answer = replace(answer, body=answer.body.replace(f'"next":"{base}/'.encode(), gone))
        for name, spoilt in (
            ("reset", replace(answer, cut=True)),
            ("truncated", replace(answer, body=answer.body[: len(answer.body) // 2])),
            ("html", replace(answer, body=_PAGE, content_type="text/html; charset=utf-8")),
            ("type", replace(answer, content_type="text/plain; charset=utf-8")),
        ):
            if name in hit:
                self.made[name] += 1
                return spoilt
        return answer

    def shorten(self, ask: Ask, hit: list[str]) -> Ask:
        """Ask for less than was asked for."""
        if "short" not in hit or ask.method != "GET" or not ask.path.startswith(_PAGED):
            return ask
        self.made["short"] += 1
        return replace(ask, short=True)

    def shake(self, library: Library, answer: Answer, hit: list[str]) -> None:
        """Disturb a playlist whose first page was just served, until its next one is."""
        page = answer.page
        if page is None or answer.status != 200:
            return
        key = (Kind(page.kind), page.number)
        if page.offset == 0:
            if "changing" in hit and not page.last and not library.is_disturbed(key):
                self.made["changing"] += 1
                library.shake(key)
        elif library.is_disturbed(key):
            library.shake(key)
