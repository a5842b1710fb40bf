"""`segue purge --source spotify` removes the tokens, too: what this house adds to the command of the database's."""

import copy
import os
from collections.abc import Callable
from typing import Any

import click


def with_forgetting(command: click.Command) -> click.Command:
    """Let the command that removes a source remove Segue's tokens when the source is Spotify."""
    extended, purge = copy.copy(command), command.callback
    assert purge is not None

    def callback(**told: Any) -> Any:
        return _and_forget(purge, told)

    extended.callback = callback
    return extended


def _and_forget(purge: Callable[..., Any], told: dict[str, Any]) -> Any:
    from db.errors import MissingDatabase

    try:
        source = purge(**told)
    except MissingDatabase:
        if told["source"] == "spotify":  # without a database there may be tokens all the same
            _forget()
        raise
    if source == "spotify":
        _forget()
    return source


def _forget() -> None:
    from crawler.login_command import forget_tokens

    removed = forget_tokens(os.environ)
    if removed:
        click.echo(f"Removed the tokens too: {', '.join(map(str, removed))}", err=True)
