"""When a request may start, and what an answer means: go on, wait, ask again with a new token, stop, or give up.

Pure. Source of the policy: Spotify's pages on rate limits and quota modes, and what others have measured of them.
"""

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from math import ceil
from typing import Any

UNREADABLE = object()
"""The body of an answer that is not what its kind of request is answered with: cut off, or no JSON."""


_ASK_AGAIN_S = 0.02
"""Pause before asking again whether a request is home."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back for one request; headers' names in small letters."""

    status: int
    headers: Mapping[str, str]
    told: Any
    """The parsed JSON, None where there was no body, UNREADABLE where it could not be read."""


@dataclass(frozen=True, slots=True)
class Policy:
    """How patient to be. Times in seconds."""

    rate_tries: int = 5
    """So often the same request is sent again after "too many requests"."""
    fault_tries: int = 4
    """So often after an answer of a broken server, or none."""
    rate_wait: float = 30.0
    """First wait when the server does not say how long; doubles."""
    quota_wait: float = 300.0
    """The same for a quota."""
    longest_guess: float = 3600.0
    """A wait that the server does not tell is never longer."""
    quota_from: float = 60.0
    """A longer wait than this is a quota's, even where the answer does not say so."""


@dataclass(frozen=True, slots=True)
class Tries:
    """What one request has been through."""

    rate: int = 0
    fault: int = 0
    renewed: bool = False


@dataclass(frozen=True, slots=True)
class Accept:
    """The answer is one to work with."""


@dataclass(frozen=True, slots=True)
class Wait:
    """Send it again after so many seconds; everybody: all other requests wait too."""

    seconds: float
    everybody: bool


@dataclass(frozen=True, slots=True)
class Renew:
    """Send it again with a new token."""


@dataclass(frozen=True, slots=True)
class Block:
    """The quota is used up: send nothing before that time (seconds since 1970)."""

    until: float


@dataclass(frozen=True, slots=True)
class GiveUp:
    """Ask no more; why: for people."""

    why: str


Decision = Accept | Wait | Renew | Block | GiveUp


def decide(
    answer: Answer | None, tries: Tries, streak: int, now: float, draw: float, policy: Policy, *, safe: bool = True
) -> Decision:
    """Decide what an answer, or None for no answer at all, means.

    streak: quota answers in a row before; now: seconds since 1970; draw: by chance, 0 to 1, spreads the waits;
    safe: whether the request may be sent twice.
    """
    if answer is None:
        return _after_fault("no answer came", tries, draw, policy, safe=safe)
    if answer.status == 429:
        return _after_429(answer, tries, streak, now, draw, policy)
    if answer.status == 401:
        return Renew() if not tries.renewed else Accept()
    if answer.status >= 500 or answer.status == 408:
        return _after_fault(f"the server answered {answer.status}", tries, draw, policy, safe=safe)
    if answer.told is UNREADABLE and answer.status < 400:
        return _after_fault("the answer could not be read", tries, draw, policy, safe=safe)
    return Accept()


def _after_fault(what: str, tries: Tries, draw: float, policy: Policy, *, safe: bool) -> Decision:
    if not safe:
        return GiveUp(what)
    if tries.fault >= policy.fault_tries:
        return GiveUp(f"{what}, {tries.fault + 1} times in a row")
    return Wait(2.0**tries.fault * (1 + draw / 4), everybody=False)


def _after_429(answer: Answer, tries: Tries, streak: int, now: float, draw: float, policy: Policy) -> Decision:
    told = retry_after(answer.headers, now)
    if _reason(answer.told) == "QUOTA_EXCEEDED" or (told or 0) > policy.quota_from:
        guess = min(policy.quota_wait * 2.0**streak, policy.longest_guess)
        return Block(now + (guess if told is None else told))
    if tries.rate >= policy.rate_tries:
        return GiveUp(f"the server answered 429 (too many requests), {tries.rate + 1} times in a row")
    wait = min(policy.rate_wait * 2.0**tries.rate, policy.longest_guess) if told is None else told
    return Wait(wait * (1 + draw / 4), everybody=True)


def retry_after(headers: Mapping[str, str], now: float) -> float | None:
    """Read the Retry-After header, in seconds or as a date: seconds from now, None where it tells nothing."""
    told = headers.get("retry-after", "").strip()
    if told.isascii() and told.isdigit():
        return float(told[:9])
    try:
        moment = parsedate_to_datetime(told)
    except ValueError:
        return None
    return max(0.0, (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() - now)


def _reason(told: Any) -> str:
    error = told.get("error") if isinstance(told, dict) else None
    return str(error.get("reason", "")) if isinstance(error, dict) else ""


def message(told: Any) -> str:
    """Give the sentence of an error body, empty where there is none."""
    error = told.get("error") if isinstance(told, dict) else None
    if isinstance(error, dict):
        return str(error.get("message") or "")
    return str(error or "") if isinstance(told, dict) else ""


@dataclass(frozen=True, slots=True)
class Rate:
    """At most so many requests in any so many seconds."""

    most: int
    window_s: float

    @property
    def kept_s(self) -> float:
        """The window with some room for clocks that differ."""
        return self.window_s * 1.001 + 0.01


@dataclass(slots=True)
class Turn:
    """The place of one request in the row."""

    start: float | None = None
    """When it started, seconds since 1970; None: it has not."""
    ended: float | None = None
    """When its answer was there, hence the latest time at which the server can have counted it."""
    last: "Turn | None" = None
    """The one before it in the row."""
    first: "Turn | None" = None
    """The one that has to be out of the window before it."""


class Pacer:
    """Lets requests start in their order, with a pause between two, and within a rate.

    The server counts a request when it arrives, which we do not see: so the window is kept from the end of one to the
    start of another.
    """

    def __init__(self, pace_s: float, rate: Rate | None = None, starts: Iterable[float] = ()) -> None:
        self._pace, self._rate = pace_s, rate
        self._turns = deque((Turn(start, start) for start in starts), maxlen=rate.most if rate else 1)
        self._not_before = 0.0

    def turn(self) -> Turn:
        """Take the next place in the row."""
        full = self._rate is not None and len(self._turns) == self._rate.most
        turn = Turn(last=self._turns[-1] if self._turns else None, first=self._turns[0] if full else None)
        self._turns.append(turn)
        return turn

    def due(self, turn: Turn, now: float) -> float:
        """Tell when a request may start, or when to ask again; where that is not after now, it has started now."""
        due = self._not_before
        if turn.last:
            due = max(due, now + _ASK_AGAIN_S if turn.last.start is None else turn.last.start + self._pace)
        if self._rate and turn.first:
            ended = turn.first.ended
            due = max(due, now + _ASK_AGAIN_S if ended is None else ended + self._rate.kept_s)
        if due <= now:
            turn.start, turn.last, turn.first = now, None, None
        return due

    def hold(self, until: float) -> None:
        """Let nothing start before that time."""
        self._not_before = max(self._not_before, until)

    @property
    def starts(self) -> tuple[float, ...]:
        """When the last requests were sent, at the latest: what a later run needs to keep the rate."""
        told = (turn.start if turn.ended is None else turn.ended for turn in self._turns)
        return tuple(moment for moment in told if moment is not None)


def local_time(moment: float, now: float) -> str:
    """Write a time for people, up to the next minute: the hour, and the day where it is not today's."""
    moment = ceil(moment / 60) * 60
    there, here = datetime.fromtimestamp(moment).astimezone(), datetime.fromtimestamp(now).astimezone()
    return f"{there:%H:%M}" if there.date() == here.date() else f"{there:%Y-%m-%d %H:%M}"
