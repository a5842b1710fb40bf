"""Who sits at the browser."""

from flask import session

LISTENER = "listener"


def person() -> str:
    """Give the listener that the person at the browser says to be; empty where nobody is named."""
    return str(session.get(LISTENER, ""))
