"""Who sits at the browser."""

from flask import session


def person() -> str:
    """Give the listener that this browser chose to be; empty where nobody is named."""
    return str(session.get("listener", ""))
