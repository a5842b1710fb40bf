"""`segue taste`: its commands, each loaded when it is called."""

from importlib import import_module
from pathlib import Path

import click

COMMANDS = {
    "like": ("recommender.commands.taste.thumbs", "like"),
    "dislike": ("recommender.commands.taste.thumbs", "dislike"),
    "forget": ("recommender.commands.taste.thumbs", "forget"),
    "list": ("recommender.commands.taste.thumbs", "list_command"),
    "train": ("recommender.commands.taste.train", "train"),
}
"""Where each lives, in the order in which one needs them."""


class Lazy(click.Group):
    """A group that loads a command when it is called, and lets each take --db, too."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """List the commands in the order in which one needs them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        """Load one command."""
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name]
        command: click.Command = getattr(import_module(module), name)
        if not any("--db" in parameter.opts for parameter in command.params):
            command.params.append(_database_option())
        return command


def _database_option() -> click.Option:
    def choose(ctx: click.Context, _parameter: click.Parameter, value: Path | None) -> None:
        if value is not None:
            ctx.obj = value

    return click.Option(
        ["--db"],
        type=click.Path(path_type=Path),
        metavar="PATH",
        callback=choose,
        expose_value=False,
        help="The database file; else SEGUE_DB, else segue.db here.",
    )


@click.group(cls=Lazy)
def taste() -> None:
    """Learn what one person likes from thumbs, and find more of it.

    Say what you like and what not, then train. All of it stays in your database.
    """
