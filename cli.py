"""The `segue` command: it finds the command asked for, loads it, and turns errors into one line."""

import copy
import errno
import sys
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from io import TextIOWrapper
from pathlib import Path
from typing import Any

import click

from crawler.errors import Blocked, CrawlerError
from db.errors import DatabaseError
from importer.errors import ImporterError
from recommender.errors import RecommenderError
from recommender.threads import one_thread
from web.errors import WebError

one_thread()

COMMANDS = {
    "block": ("recommender.commands.block", "block"),
    "continue": ("recommender.commands.continue_list", "continue_command"),
    "crawl": ("crawler.crawl_command", "crawl"),
    "demo": ("demo.commands", "demo"),
    "export": ("recommender.commands.export", "export"),
    "evaluate": ("recommender.commands.evaluate", "evaluate"),
    "features": ("crawler.features_command", "features"),
    "import": ("importer.commands", "import_command"),
    "login": ("crawler.login_command", "login"),
    "logout": ("crawler.login_command", "logout"),
    "path": ("recommender.commands.path", "path"),
    "predict": ("recommender.commands.predict", "predict"),
    "purge": ("db.commands", "purge"),
    "search": ("recommender.commands.search", "search"),
    "serve": ("web.running.command", "serve"),
    "stats": ("db.commands", "stats"),
    "status": ("recommender.commands.status", "status"),
    "suggest": ("recommender.commands.suggest", "suggest"),
    "taste": ("recommender.commands.taste.group", "taste"),
    "train": ("recommender.commands.train", "train"),
    "tune": ("recommender.commands.tune", "tune"),
    "use": ("recommender.commands.use", "use"),
}
"""Where each command lives; it is loaded when it is called."""
ADDITIONS = {
    "continue": (("importer.continue_option", "with_files"), ("crawler.export_option", "with_export")),
    "purge": (("crawler.forgetting", "with_forgetting"), ("recommender.commands.forget_option", "with_listener")),
    "suggest": (("crawler.export_option", "with_export"),),
    "taste clean": (("importer.continue_option", "with_files"), ("crawler.export_option", "with_export")),
    "taste discover": (("crawler.export_option", "with_export"),),
}
"""What other houses add to a command, or to one of a group, because only here they may meet."""
LATER = 75
"""The exit code that says: stopped for now, run it again later."""


class Houses(click.Group):
    """A group whose commands live in their houses."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """List the commands by name."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        """Load one command, and let it take --db too."""
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name]
        return _with_additions(getattr(import_module(module), name), cmd_name)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; what our houses raise becomes one line and exit code 1."""
        for stream in (sys.stdout, sys.stderr):
            # A title in a script that the terminal or pipe cannot carry must not end the list.
            if isinstance(stream, TextIOWrapper):
                stream.reconfigure(errors="replace")
        try:
            return super().invoke(ctx)
        except Blocked as error:
            click.echo(str(error), err=True)
            raise click.exceptions.Exit(LATER) from error
        except (CrawlerError, DatabaseError, ImporterError, RecommenderError, WebError) as error:
            raise click.ClickException(str(error)) from error
        except UnicodeEncodeError as error:
            # Bytes that a terminal hands over and that are no text are kept as halves of letters, which none can store.
            raise click.ClickException("a name or a word holds what is no text in UTF-8: write it anew") from error
        except BrokenPipeError:
            raise
        except OSError as error:
            if error.errno == errno.ENOSPC:
                raise click.ClickException("the disk is full: make room and run this again") from error
            raise click.ClickException(f"{error.filename or 'the system'}: {error.strerror or error}") from error


def _with_additions(command: click.Command, called: str) -> click.Command:
    """Add what other houses have for a command, or for those of a group, and let each take --db."""
    for module, name in ADDITIONS.get(called, ()):
        command = getattr(import_module(module), name)(command)
    if isinstance(command, click.Group):
        command = copy.copy(command)
        command.commands = {name: _with_additions(one, f"{called} {name}") for name, one in command.commands.items()}
    if not any("--db" in parameter.opts for parameter in command.params):
        command.params.append(_database_option())
    return command


def _choose_database(ctx: click.Context, _parameter: click.Parameter, value: Path | None) -> None:
    if value is not None:
        ctx.obj = value


def _database_option(**more: Any) -> click.Option:
    return click.Option(
        ["--db"],
        type=click.Path(path_type=Path),
        metavar="PATH",
        callback=_choose_database,
        expose_value=False,
        help="The database file; else SEGUE_DB, else segue.db here.",
        **more,
    )


def _version() -> str:
    try:
        return version("segue")
    except PackageNotFoundError:
        return "not installed"


@click.group(
    cls=Houses,
    params=[_database_option(envvar="SEGUE_DB", default=Path("segue.db"))],
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)
@click.version_option(_version(), prog_name="segue")
def main() -> None:
    """Playlists in, the next song out.

    Collect playlists (import), learn from them (train), and ask for what comes next (suggest).
    """


if __name__ == "__main__":
    main(prog_name="segue")
