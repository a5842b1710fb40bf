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
    """The pattern of the address; until it is known, and where there is none such, no more than its first part."""
    room: str = "none"
    """The group of addresses that it belongs to."""
    status: int = 0
    sent: int = 0
    """Bytes of the answer."""


def begin(environ: Mapping[str, Any]) -> Seen:
    """Note what can be told before anything is answered."""
    told = str(environ.get("HTTP_X_REQUEST_ID", ""))
    path = str(environ.get("PATH_INFO", "")).encode("latin-1", "replace").decode("utf-8", "replace")
    # What stands further in may name a person, or hold their words.
    first, slash, rest = path.removeprefix("/").partition("/")
    shown = f"/{first}{slash}"[:_LONGEST] + ("..." if rest else "")
    return Seen(told if _PLAIN.fullmatch(told) else uuid.uuid4().hex, environ["REQUEST_METHOD"], shown)


def seen(environ: Mapping[str, Any]) -> Seen | None:
    """Give what is noted of a request; None where nobody does."""
    found = environ.get(NAME)
    return found if isinstance(found, Seen) else None
