"""Where the services are: Spotify and ReccoBeats, or what the environment names in their place.

The environment is read by the caller and comes in as a mapping.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from crawler.errors import BadAddress


@dataclass(frozen=True, slots=True)
class Places:
    """Base URLs without a slash at the end."""

    api: str = "https://api.spotify.com/v1"
    accounts: str = "https://accounts.spotify.com"
    reccobeats: str = "https://api.reccobeats.com"


_VARIABLES = {"api": "SEGUE_SPOTIFY_API", "accounts": "SEGUE_SPOTIFY_ACCOUNTS", "reccobeats": "SEGUE_RECCOBEATS_API"}
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


def places(environment: Mapping[str, str]) -> Places:
    """Read the base URLs; raises BadAddress where one is no URL, or would send tokens over an open line."""
    told = {
        name: environment[variable].rstrip("/") for name, variable in _VARIABLES.items() if environment.get(variable)
    }
    for name, url in told.items():
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            port = 0
        plain = "@" not in parts.netloc and not parts.query and not parts.fragment and url.isprintable()
        if port == 0 or parts.scheme not in ("http", "https") or not parts.hostname or not plain:
            raise BadAddress(
                f"{_VARIABLES[name]} is no base URL: write https://HOST/PATH or http://127.0.0.1:PORT/PATH"
            )
        if parts.scheme == "http" and parts.hostname not in _LOOPBACK:
            raise BadAddress(f"{_VARIABLES[name]} is plain http to another machine ({url}): tokens go over https only")
    return Places(**told)
