"""`segue stats` and `segue purge`."""

import json
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from db.purge import Purged

_MOST_DAYS = 36_500


@click.command()
@click.option("--dropped", "left_out", is_flag=True, help="What each import left out instead, and why.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object for programs.")
@click.pass_obj
def stats(database: Path, left_out: bool, as_json: bool) -> None:
    """Count what the database holds."""
    from db import read
    from db.connection import open_reader

    if left_out:
        _show_dropped(database, as_json)
        return
    with open_reader(database) as connection:
        counts, sources = read.count_rows(connection), read.count_by_source(connection)
    if as_json:
        click.echo(json.dumps({**counts, "by_source": sources}))
        return
    for name, count in counts.items():
        click.echo(f"{name:<10}{count:>14,}")
    if sources:
        click.echo(f"\n{'by source':<18}{'imports':>8}{'playlists':>12}{'tracks':>12}")
    for source, count_of in sources.items():
        click.echo(f"{source:<18}{count_of['imports']:>8,}{count_of['playlists']:>12,}{count_of['tracks']:>12,}")


def _show_dropped(database: Path, as_json: bool) -> None:
    from db.connection import open_reader
    from db.dropped import dropped

    with open_reader(database) as connection:
        told = dropped(connection)
    if as_json:
        keys = ("number", "source", "place", "started_at", "dropped")
        click.echo(json.dumps({"imports": [{key: getattr(one, key) for key in keys} for one in told]}))
        return
    for one in told:
        click.echo(f"import {one.number} ({one.source}, {time.strftime('%Y-%m-%d', time.localtime(one.started_at))})")
        for reason, count in one.dropped.items():
            click.echo(f"{count:>14,}  {reason}")
    if not told:
        click.echo("nothing was left out by the imports of which it is known")


@click.command()
@click.option("--import", "number", type=click.IntRange(1, 2**63 - 1), metavar="N", help="The import to take back.")
@click.option("--source", metavar="NAME", help="Remove all that came from it: spotify, reccobeats, csv, and so on.")
@click.option("--expired", is_flag=True, help="Remove what Spotify did not confirm for longer than it is to be kept.")
@click.option(
    "--keep-days", type=click.IntRange(1, _MOST_DAYS), metavar="N", help="With --expired: keep N days from now on."
)
@click.option("--suggested", is_flag=True, help="Forget what was suggested lately, which --fresh leaves out.")
@click.option("--yes", is_flag=True, help="With --source or --listener: do not ask.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object for programs.")
@click.pass_obj
def purge(
    database: Path,
    number: int | None,
    source: str | None,
    expired: bool,
    keep_days: int | None,
    suggested: bool,
    yes: bool,
    as_json: bool,
) -> str | None:
    """Take an import back, remove a source or a person, drop what is too old, or forget what was suggested.

    What an import brought goes, and what it replaced returns. The numbers and sources of the imports stand in
    `segue status`. Removing a source or a person writes the file anew, so that nothing of it is left in its bytes. What
    you blocked stays blocked, with its name: `segue block --remove` takes that away.
    """
    from db.connection import open_reader

    if sum((number is not None, source is not None, expired, suggested)) != 1:
        raise click.UsageError(
            "say what is to go: --import N, --source NAME, --listener NAME, --expired, or --suggested, one of them"
        )
    if keep_days is not None and not expired:
        raise click.UsageError("--keep-days goes with --expired")
    with open_reader(database):
        pass  # a database that does not exist is not made only to take something out of it
    if source is not None:
        _purge_source(database, source, yes, as_json)
    elif number is not None:
        _purge_import(database, number, as_json)
    elif suggested:
        _purge_suggested(database, as_json)
    else:
        _purge_expired(database, keep_days, as_json)
    return source  # by which the one who calls knows whose tokens are to go


def _purge_import(database: Path, number: int, as_json: bool) -> None:
    from db import index
    from db.connection import open_writer
    from db.purge import purge_import

    with open_writer(database, f"segue purge --import {number}") as connection:
        _say(f"Taking import {number} back ...")
        purged = purge_import(connection, number)
        _say("Bringing the search index up to it ...")
        index.finish(connection)
    if as_json:
        click.echo(json.dumps(asdict(purged)))
        return
    click.echo(
        f"Took import {number} back: "
        + ", ".join(f"{count:,} {name.replace('_', ' ')}" for name, count in asdict(purged).items())
    )


def _purge_source(database: Path, source: str, yes: bool, as_json: bool) -> None:
    from db.connection import open_reader
    from db.purge import count_source, refuse_unknown

    with open_reader(database) as connection:
        refuse_unknown(connection, source)
        there = count_source(connection, source)
    if any(there.values()) and not yes:
        _ask(source, there)
    purged, found, note = _removed(database, source)
    models = database.with_name(database.name.removesuffix(".db") + ".models")
    notes = [note] if note else []
    if any(models.glob("[!.]*")):  # beside them lie tables of what was measured, which hold nothing of it
        notes.append(f"Models learned from it remain in {models}: segue train makes them anew")
    if as_json:
        click.echo(json.dumps({"source": source, **asdict(purged), "found": found, "notes": notes}))
        return
    went = _listed({**asdict(purged), "found playlists": found})
    click.echo(f"Removed what came from {source}: {went or 'nothing was left of it'}")
    for line in notes:
        click.echo(line, err=True)


def _ask(source: str, there: dict[str, int]) -> None:
    """Have the person agree to what goes; without one at a terminal, say how a program agrees."""
    counts = _listed(there)
    if sys.stdin is None or not sys.stdin.isatty():
        raise click.ClickException(f"this removes what came from {source} ({counts}): say --yes to agree to it")
    click.echo(f"This removes what came from {source}: {counts}. What other imports told too stays.", err=True)
    click.confirm("Remove it?", abort=True, err=True)


def _removed(database: Path, source: str) -> "tuple[Purged, int, str]":
    """Remove a source and its traces in the file; gives a sentence where the traces could not go."""
    from db import index
    from db.connection import open_writer
    from db.purge import purge_source
    from db.wipe import overwriting, wipe

    with open_writer(database, f"segue purge --source {source}") as connection, overwriting(connection):
        _say(f"Removing what came from {source} ...")
        purged, found = purge_source(connection, source, int(time.time()))
        _say("Making the search index anew ...")
        index.finish(connection)
        _say("Writing the file anew ...")
        reason = wipe(connection, database)
    if not reason:
        return purged, found, ""
    command = f"segue purge --source {source}"
    return purged, found, f"Traces may be left in the bytes of the file ({reason}); run `{command}` again after that"


def _purge_expired(database: Path, days: int | None, as_json: bool) -> None:
    from db import index
    from db.connection import open_writer, transaction
    from db.crawled import SPOTIFY
    from db.retention import DAY_S, expire, keep_days, set_keep_days

    with open_writer(database, "segue purge --expired") as connection:
        if days is not None:
            with transaction(connection):
                set_keep_days(connection, days)
        kept = keep_days(connection)
        _say(f"Dropping what Spotify did not confirm for {kept:,} days ...")
        expired = expire(connection, SPOTIFY, int(time.time()) - kept * DAY_S)
        index.finish(connection)
    if as_json:
        click.echo(json.dumps({"keep_days": kept, **asdict(expired)}))
        return
    counts = asdict(expired)
    counts["found playlists"] = counts.pop("found")
    went = _listed(counts)
    click.echo(f"Dropped what Spotify did not confirm for {kept:,} days: {went or 'nothing is that old'}")


def _purge_suggested(database: Path, as_json: bool) -> None:
    from db.connection import open_writer, transaction
    from db.suggested import forget_suggested
    from db.wipe import overwriting

    with open_writer(database, "segue purge --suggested") as file, overwriting(file), transaction(file):
        forgotten = forget_suggested(file)
    if as_json:
        click.echo(json.dumps({"suggested": forgotten}))
        return
    click.echo(f"Forgot what was suggested: {forgotten:,} track{'s' * (forgotten != 1)}")


def _listed(counts: dict[str, int]) -> str:
    return ", ".join(f"{count:,} {name.replace('_', ' ')}" for name, count in counts.items() if count)


def _say(sentence: str) -> None:
    """Tell a person at a terminal what takes long."""
    if sys.stderr is not None and sys.stderr.isatty():
        click.echo(sentence, err=True)
