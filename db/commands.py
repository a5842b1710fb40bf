"""`segue stats` and `segue purge`."""

import json
from dataclasses import asdict
from pathlib import Path

import click


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object for programs.")
@click.pass_obj
def stats(database: Path, as_json: bool) -> None:
    """Count what the database holds."""
    from db import read
    from db.connection import open_reader

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


@click.command()
@click.option(
    "--import", "number", type=click.IntRange(1, 2**63 - 1), metavar="N", required=True, help="The import to take back."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object for programs.")
@click.pass_obj
def purge(database: Path, number: int, as_json: bool) -> None:
    """Take an import back: what it brought goes, what it replaced returns.

    The numbers of the imports stand in `segue status`.
    """
    from db import index
    from db.connection import open_reader, open_writer
    from db.purge import purge_import

    with open_reader(database):
        pass  # a database that does not exist is not made only to take something out of it
    with open_writer(database, f"segue purge --import {number}") as connection:
        purged = purge_import(connection, number)
        index.finish(connection)
    if as_json:
        click.echo(json.dumps(asdict(purged)))
        return
    click.echo(
        f"Took import {number} back: "
        + ", ".join(f"{count:,} {name.replace('_', ' ')}" for name, count in asdict(purged).items())
    )
