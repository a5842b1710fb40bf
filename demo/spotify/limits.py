"""Spotify's two limits: a rolling window that ends in seconds, and a quota that ends in hours."""

from collections import deque
from dataclasses import dataclass, field
from math import ceil

from demo.spotify.wire import Answer, Headers, refused, told

QUOTA_SECONDS = 20 * 3600.0
_PLAIN_EVERY = 3
"""Each third answer is plain text, as it is now and then."""
PLAIN = "text/plain; charset=utf-8"


@dataclass(slots=True)
class Rate:
    """At most so many requests in any stretch of so many seconds, over all apps of the developer."""

    most: int
    seconds: float
    _times: deque[float] = field(default_factory=deque)
    _refused: int = 0

    def wait(self, now: float) -> int | None:
        """Count a request; where it is one too many, do not, and tell the whole seconds to wait."""
        while self._times and self._times[0] <= now - self.seconds:
            self._times.popleft()
        if len(self._times) < self.most:
            self._times.append(now)
            return None
        return max(1, ceil(self._times[0] + self.seconds - now))

    def refusal(self, now: float) -> Answer | None:
        """Count a request, or refuse it in one of Spotify's two forms."""
        seconds = self.wait(now)
        if seconds is None:
            return None
        self._refused += 1
        headers: Headers = (("retry-after", str(seconds)),)
        if self._refused % _PLAIN_EVERY == 0:
            return Answer(429, b"Too many requests", headers, PLAIN)
        return refused(429, "API rate limit exceeded", headers)


@dataclass(slots=True)
class Quota:
    """So many requests, then none for many hours, over all apps of the developer."""

    most: int
    seconds: float = QUOTA_SECONDS
    says_why: bool = True
    """Whether the answer names the reason, as it does since July 2026."""
    _used: int = 0
    _until: float | None = None

    def refusal(self, now: float) -> Answer | None:
        """Count a request, or refuse it."""
        if self._until is not None and now >= self._until:
            self._used, self._until = 0, None
        if self._used < self.most:
            self._used += 1
            return None
        if self._until is None:
            self._until = now + self.seconds
        why = {"reason": "QUOTA_EXCEEDED"} if self.says_why else {}
        error = {"status": 429, "message": "Too many requests", **why}
        return told(429, {"error": error}, (("retry-after", str(ceil(self._until - now))),))
