"""`segue serve`."""

import math
import os
from pathlib import Path

import click

from web.settings import AT_ONCE, NEW_TOKEN, PORT, SECONDS, WAITING

_MOST_PORT = 65_535


def _number(_ctx: click.Context, _parameter: click.Parameter, value: float) -> float:
    if math.isnan(value):  # a range lets it through
        raise click.BadParameter("nan is no number of seconds")
    return value


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, metavar="ADDRESS", help="The address to listen on.")
@click.option(
    "--port", type=click.IntRange(0, _MOST_PORT), default=PORT, show_default=True, help="The port; 0: any free one."
)
@click.option(
    "--token",
    is_flag=False,
    flag_value=NEW_TOKEN,
    envvar="SEGUE_TOKEN",
    help="What others have to show; alone, a new one is made and told. Rather SEGUE_TOKEN or --token-file: what stands "
    "on a command line can be seen by others.",
)
@click.option(
    "--token-file",
    type=click.Path(path_type=Path),
    envvar="SEGUE_TOKEN_FILE",
    metavar="FILE",
    help="A file that holds the token; or SEGUE_TOKEN_FILE.",
)
@click.option(
    "--open-to-all", is_flag=True, help="Let others in without a token, on another address than this machine's."
)
@click.option("--name", "names", multiple=True, help="A further name by which the server may be called; repeatable.")
@click.option("--workers", type=click.IntRange(1, 64), default=1, show_default=True, help="Processes that serve.")
@click.option(
    "--threads",
    type=click.IntRange(1, 64),
    default=AT_ONCE,
    show_default=True,
    help="Requests at once, in each process.",
)
@click.option(
    "--waiting",
    type=click.IntRange(1, 1000),
    default=WAITING,
    show_default=True,
    help="Requests that may wait in each.",
)
@click.option(
    "--time-limit",
    type=click.FloatRange(0.1, 3600),
    default=SECONDS,
    show_default=True,
    callback=_number,
    help="Seconds that an answer may take.",
)
@click.option("--remember", is_flag=True, help="Keep what is shown, clicked, liked and searched, in your own database.")
@click.option("--experiment", metavar="A,B", help="With --remember: models of which each listener gets one.")
@click.option("--bandit", is_flag=True, help="With --experiment: choose for each list, by what went well before.")
@click.option("--log", type=click.Path(path_type=Path), metavar="FILE", help="Where the log goes, else to stderr.")
@click.option("--quiet", is_flag=True, help="Log only what went wrong.")
@click.option("--open", "opens", is_flag=True, help="Open a browser.")
@click.pass_obj
def serve(database: Path, /, **told: object) -> None:
    """Serve the pages, and the answers for programs, until Ctrl-C."""
    from web.running.serving import Told
    from web.running.serving import serve as begin

    begin(database, Told(**told), os.environ, lambda sentence: click.echo(sentence, err=True))  # type: ignore[arg-type]
