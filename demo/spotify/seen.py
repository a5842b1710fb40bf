"""What was asked of the service: the latest requests, kept in memory, without tokens."""

from collections import deque
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlencode

_KEPT = 200_000
_SECRET = {"access_token", "client_secret", "code", "code_challenge", "refresh_token", "state"}


@dataclass(frozen=True, slots=True)
class Seen:
    """One request and how it was answered."""

    method: str
    path: str
    """With its query."""
    status: int
    at: float
    """On the service's monotonic clock, in seconds, when it came."""


@dataclass(slots=True)
class Log:
    """The latest requests, the oldest first."""

    _seen: deque[Seen] = field(default_factory=lambda: deque(maxlen=_KEPT))

    def add(self, method: str, target: str, status: int, at: float) -> None:
        """Note a request. target: path and query as they came."""
        self._seen.append(Seen(method, _without_secrets(target), status, at))

    def all(self) -> list[Seen]:
        """Give what was seen."""
        return list(self._seen)

    def clear(self) -> None:
        """Forget what was seen."""
        self._seen.clear()


def _without_secrets(target: str) -> str:
    path, mark, query = target.partition("?")
    if not mark or not any(name in query for name in _SECRET):
        return target
    kept = [(name, "..." if name in _SECRET else value) for name, value in parse_qsl(query, keep_blank_values=True)]
    return f"{path}?{urlencode(kept)}"
