"""Keeping what `segue evaluate` measured, with the command as it was typed."""

import shlex
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

Keep = Callable[[str, dict[str, Any]], None]
"""Keeps a table under its name."""
_NOT_TOLD = ("as_json", "report")
"""Options that change nothing of what is measured."""


def keeper(context: click.Context, database: Path, content: str) -> Keep:
    """Give what keeps a table beside the models of the database. content: its mark when it was read."""
    command = typed(context)

    def keep_table(name: str, told: dict[str, Any]) -> None:
        from recommender.artifacts import models_folder
        from recommender.errors import CannotStore
        from recommender.measures.keeping import Kept, keep

        try:
            keep(models_folder(database), Kept(name, command, int(time.time()), content, told))
        except CannotStore as error:
            click.echo(f"Note: {error}", err=True)

    return keep_table


def typed(context: click.Context) -> str:
    """Write a command as a person would type it, by the options that were given."""
    words = [word for parameter in context.command.params for word in _words(context, parameter)]
    return shlex.join(["segue", context.command.name or "", *words])


def _words(context: click.Context, parameter: click.Parameter) -> Iterator[str]:
    name = parameter.name or ""
    if context.get_parameter_source(name) is not ParameterSource.COMMANDLINE or name in _NOT_TOLD:
        return
    if not parameter.expose_value:  # --db, which any command takes: a place tells nobody else anything
        return
    value = context.params[name]
    if isinstance(parameter, click.Argument):
        yield from map(str, value)
    elif isinstance(parameter, click.Option) and parameter.is_flag:
        if value is True or value == parameter.flag_value:  # of several flags that share a name, the one that was given
            yield parameter.opts[0]
    else:
        yield parameter.opts[0]
        yield ",".join(map(str, value)) if isinstance(value, tuple) else str(value)
