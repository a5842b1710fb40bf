"""What is told to a server when it starts. Pure."""

import ipaddress
from dataclasses import dataclass

PORT = 8484
AT_ONCE, WAITING, SECONDS = 4, 32, 30.0
"""More at once would only share the same cores; those who wait are answered within a few seconds."""
NEW_TOKEN = "a new one"  # noqa: S105 - stands for one that is still to be made
LOCAL_NAMES = ("localhost", "127.0.0.1", "[::1]")
"""The names by which a machine speaks to itself."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """How one server serves."""

    host: str = "127.0.0.1"
    port: int = PORT
    token: str = ""
    """What others have to show; empty where nobody has to."""
    names: tuple[str, ...] = ()
    """Further names by which the server may be called."""
    key: bytes = b""
    """Signs cookies; all processes of one server share it."""
    remembers: bool = False
    """Whether what is shown, clicked, skipped, liked and searched is kept in the database."""
    experiment: tuple[str, ...] = ()
    """Models of which each listener gets one."""
    bandit: bool = False
    """Whether chance, by what went well before, chooses among them for each list."""
    at_once: int = AT_ONCE
    """So many requests are worked on at once in one process."""
    waiting: int = WAITING
    """So many more may wait; one beyond them is refused."""
    seconds: float = SECONDS
    """So long a request may take, its waiting included."""

    @property
    def is_local(self) -> bool:
        """Whether only this machine can reach the server."""
        return self.host == "localhost" or (_is_address(self.host) and ipaddress.ip_address(self.host).is_loopback)

    @property
    def trusted_names(self) -> list[str]:
        """Give the names that the Host header may hold, without ports."""
        own = f"[{self.host}]" if ":" in self.host else self.host
        return list(dict.fromkeys([*LOCAL_NAMES, own, *self.names]))


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
