"""`segue demo`."""

import sys
import time
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

if TYPE_CHECKING:
    from demo.collecting import Progress

DATABASE = Path("segue-demo.db")
_STEPS = 1000
_REGIMES = ("EXT", "LEGACY", "RESTRICTED")
_OF_SERVE = ("port", "regime", "playlists", "faults")


@click.command()
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="Another number, another world.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object for programs.")
@click.option("--db", type=click.Path(path_type=Path), metavar="PATH", help="Where to make it, else segue-demo.db.")
@click.option("--serve", is_flag=True, help="Only run the small Spotify, for any client, until Ctrl-C.")
@click.option("--port", type=click.IntRange(0, 65_535), default=8765, show_default=True, help="With --serve; 0: any.")
@click.option(
    "--regime",
    type=click.Choice(_REGIMES, case_sensitive=False),
    default="EXT",
    show_default=True,
    help="With --serve: the kind of app that it takes its clients for.",
)
@click.option("--playlists", type=click.IntRange(1), default=640, show_default=True, help="With --serve.")
@click.option("--faults", metavar="SPEC", default="", help="With --serve, such as latency=100ms,5xx=10%,rate=30/30s.")
@click.pass_context
def demo(
    context: click.Context,
    seed: int,
    as_json: bool,
    db: Path | None,
    serve: bool,
    port: int,
    regime: str,
    playlists: int,
    faults: str,
) -> None:
    """Show everything on a made-up world: crawl, fetch features, train, suggest, in a minute.

    It needs no account, no files, and no network but this machine's own. The database is made anew each time; a file
    that is no earlier demo is left alone.
    """
    if serve:
        _serve(seed, port, regime, playlists, faults)
        return
    for name in _OF_SERVE:
        if context.get_parameter_source(name) is ParameterSource.COMMANDLINE:
            raise click.UsageError(f"--{name} goes with --serve")
    _show(context, seed, as_json, db)


def _show(context: click.Context, seed: int, as_json: bool, db: Path | None) -> None:
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


def _serve(seed: int, port: int, regime: str, playlists: int, faults: str) -> None:
    from demo.errors import DemoError
    from demo.serve import serve_forever
    from demo.spotify.serving import Options

    options = Options(regime.upper(), playlists, seed, faults, port)
    try:
        serve_forever(options, click.echo)
    except DemoError as error:
        raise click.ClickException(str(error)) from error


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
