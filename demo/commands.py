"""`segue demo`."""

import sys
import time
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

if TYPE_CHECKING:
    from demo.build import Progress

DATABASE = Path("segue-demo.db")
_STEPS = 1000


@click.command()
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="Another number, another catalogue.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object for programs.")
@click.option("--db", type=click.Path(path_type=Path), metavar="PATH", help="Where to make it, else segue-demo.db.")
@click.pass_context
def demo(context: click.Context, seed: int, as_json: bool, db: Path | None) -> None:
    """Show everything on a made-up catalogue: import, train, suggest, in a minute.

    It needs no account, no network and no files. The database is made anew each time; a file that is no earlier demo is
    left alone.
    """
    from demo.errors import DemoError
    from demo.run import as_dict, run, sentences

    with ExitStack() as bars:
        try:
            shown = run(db or _told_before(context) or DATABASE, seed, int(time.time()), _bars(bars, as_json))
        except DemoError as error:
            raise click.ClickException(str(error)) from error
    if as_json:
        import json

        click.echo(json.dumps(as_dict(shown), ensure_ascii=False))
    else:
        click.echo("\n".join(sentences(shown)))


def _told_before(context: click.Context) -> Path | None:
    # SEGUE_DB names the database of one's own playlists, which is not meant here.
    root = context.find_root()
    told = root.get_parameter_source("db") is ParameterSource.COMMANDLINE
    return Path(context.obj) if told and context.obj else None


def _bars(stack: ExitStack, quiet: bool) -> "Progress":
    """Give a progress callback: a bar on stderr for each step."""
    bars: dict[str, Any] = {}

    def show(step: str, share: float) -> None:
        if quiet:
            return
        if step not in bars:
            stack.close()
            bar = click.progressbar(length=_STEPS, label=f"{step:<20}", file=sys.stderr)
            bars[step] = stack.enter_context(bar)
        bars[step].update(min(int(_STEPS * share), _STEPS) - bars[step].pos)

    return show
