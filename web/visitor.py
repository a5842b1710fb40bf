"""Which browser asks: a random number in its cookie, that is made when use is first remembered, or models are tried."""

import secrets

from flask import session

from web.person import person

_VISITOR = "visitor"


def visitor() -> str:
    """Give the number of this browser, and keep it there for a month after the last visit."""
    if _VISITOR not in session:
        session[_VISITOR] = secrets.token_urlsafe(12)
        session.permanent = True
    return str(session[_VISITOR])


def known_visitor() -> str:
    """Give the number of this browser; empty where it has none."""
    return str(session.get(_VISITOR, ""))


def who() -> str:
    """Give what tells people apart: the listener, or the browser where nobody is named."""
    return f"l:{person()}" if person() else f"v:{visitor()}"
