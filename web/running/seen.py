"""What is noted of a request while it is answered, for the log and the figures. Pure."""

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

NAME = "segue.seen"
"""Under this name it goes with the request, from the outermost layer to the innermost."""
_PLAIN = re.compile(r"[0-9A-Za-z._-]{1,64}")
_LONGEST = 200


@dataclass
class Seen:
    """One request."""

    request_id: str
    method: str
    path: str
    """As it was asked; the pattern of the address instead where a part of it may name a person or hold their words."""
    room: str = "none"
    """The group of addresses that it belongs to."""
    status: int = 0
    sent: int = 0
    """Bytes of the answer."""


def begin(environ: Mapping[str, Any]) -> Seen:
    """Note what can be told before anything is answered."""
    told = str(environ.get("HTTP_X_REQUEST_ID", ""))
    path = str(environ.get("PATH_INFO", "")).encode("latin-1", "replace").decode("utf-8", "replace")
    return Seen(told if _PLAIN.fullmatch(told) else uuid.uuid4().hex, environ["REQUEST_METHOD"], path[:_LONGEST])


def seen(environ: Mapping[str, Any]) -> Seen | None:
    """Give what is noted of a request; None where nobody does."""
    found = environ.get(NAME)
    return found if isinstance(found, Seen) else None
