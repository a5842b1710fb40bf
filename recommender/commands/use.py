"""`segue use` and `segue use forget`."""

import json
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from recommender.use_report import OfModel, UseReport


@click.group(invoke_without_command=True)
@click.option("--json", "as_json", is_flag=True, help="One JSON object for programs.")
@click.pass_context
def use(ctx: click.Context, /, as_json: bool) -> None:
    """Show what is remembered of use, and what came of the lists of each model.

    Nothing is remembered unless the pages are served with `segue serve --remember`, and all of it stays in your
    database. `segue train` takes songs that were chosen in one sitting for a playlist.
    """
    if ctx.invoked_subcommand is not None:
        return
    from recommender import catalogue
    from recommender.use_report import use_report

    with catalogue.open_reader(ctx.obj) as connection:
        report = use_report(connection)
    click.echo(json.dumps(asdict(report)) if as_json else _told(report))


@use.command()
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object for programs.")
@click.pass_obj
def forget(database: Path, /, yes: bool, as_json: bool) -> None:
    """Forget all that is remembered of use, and the playlists that were made of it.

    Likes stay: `segue taste forget --all` takes them back. Models that learned from the playlists keep what they
    learned until `segue train` makes them anew.
    """
    from recommender import catalogue

    with catalogue.open_reader(database) as connection:
        there = catalogue.use_counts.remembered(connection)
    if not yes and (there.lists or there.events):
        _ask(f"{there.lists:,} lists, and {sum(there.events.values()):,} things that were done")
    count = catalogue.use_counts.forget_use(database)
    # The last sitting is gone, so no playlist of one stands any more.
    _, changed = catalogue.take_up_use(database, int(time.time()))
    if as_json:
        click.echo(json.dumps({"forgotten": count, "playlists": changed}))
    elif count or changed:
        click.echo(f"forgot {count:,} lists and things done{', and the playlists made of them' if changed else ''}")
    else:
        click.echo("nothing was remembered")


def _ask(what: str) -> None:
    if sys.stdin is None or not sys.stdin.isatty():
        raise click.ClickException(f"this forgets what is remembered of use ({what}): say --yes to agree to it")
    click.echo(f"This forgets what is remembered of use: {what}.", err=True)
    click.confirm("Forget it?", abort=True, err=True)


def _told(report: "UseReport") -> str:
    there = report.remembered
    if there.since is None:
        return "nothing is remembered of use: `segue serve --remember` begins, and says so on every page"
    since = time.strftime("%Y-%m-%d", time.localtime(there.since))
    done = ", ".join(f"{count:,} {kind}" for kind, count in there.events.items()) or "nothing done yet"
    parts = [f"since {since}, of {_counted(there.browsers, 'browser')}: {_counted(there.lists, 'list')} shown; {done}"]
    if report.models:
        parts += ["", _table(report.models)]
    if report.tried:
        parts += ["lists whose model an experiment chose:", _table(report.tried)]
        parts += [f"{one.one} beside {one.other}: {one.sentence}" for one in report.compared]
    return "\n".join(parts).rstrip("\n")


def _counted(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def _table(models: "tuple[OfModel, ...]") -> str:
    from recommender.use_report import percent
    from recommender.writing.output import columns

    rows = [("model", "lists", "people", "opened, added, gone on", "liked", "skipped, disliked")]
    rows += [
        (one.model, f"{one.lists:,}", f"{one.people:,}", percent(one.clicked), percent(one.liked), percent(one.skipped))
        for one in models
    ]
    return (
        f"{columns(rows, right=frozenset(range(1, 6)))}the share of lists of which a song was opened, and so on, and "
        "from where to where it lies in 95 of\n100 cases: by Wilson, on as many lists as they are worth, because the "
        "unit is the person\n"
    )
