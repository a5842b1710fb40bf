"""`segue block`."""

import sqlite3
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from recommender.catalogue import Block


@click.command()
@click.argument("what", nargs=-1, metavar="TRACK...|NAME...")
@click.option("--artist", is_flag=True, help="What is named are artists, not tracks.")
@click.option("--remove", is_flag=True, help="Let them come again.")
@click.option("--list", "as_list", is_flag=True, help="Show what is blocked.")
@click.option("--json", "as_json", is_flag=True, help="With --list: a JSON list for programs.")
@click.pass_obj
def block(database: Path, what: tuple[str, ...], artist: bool, remove: bool, as_list: bool, as_json: bool) -> None:
    """Never suggest these tracks, or these artists, again.

    TRACK is an id, a URI, a URL, or words in quotes that name it; its other versions are blocked with it. NAME is an
    artist's whole name. Blocks are yours: they stay when what was imported goes (`segue purge`).
    """
    if as_list == bool(what) or (as_list and (artist or remove)):
        raise click.UsageError("name what to block, a TRACK or --artist NAME, or see what is blocked with --list")
    if as_json and not as_list:
        raise click.UsageError("--json goes with --list")
    from recommender import catalogue
    from recommender.lists import blocking

    with catalogue.open_reader(database) as connection:
        if as_list:
            _show(catalogue.blocks(connection), as_json)
            return
        if remove:
            wanted = [blocking.blocked_as(connection, text, artist=artist) for text in what]
        else:
            wanted = [_named(connection, text, artist) for text in what]
    wanted = list({(one.kind, one.raw_id): one for one in wanted}.values())
    change, done, not_done = (
        (catalogue.unblock, "No longer blocked", "Was not blocked")
        if remove
        else (catalogue.block, "Blocked", "Already blocked")
    )
    for one, changed in zip(wanted, change(database, wanted), strict=True):
        click.echo(f"{done if changed else not_done}: {blocking.called(one)}")


def _named(connection: sqlite3.Connection, text: str, artist: bool) -> "Block":
    from recommender import catalogue
    from recommender.commands.seed_names import seed_id
    from recommender.errors import NotBlocked
    from recommender.lists import blocking

    now = int(time.time())
    if artist:
        return blocking.artist_block(connection, text, now)
    track_id = seed_id(connection, text)
    song = catalogue.songs(connection, [track_id]).get(track_id)
    if song is None:
        raise NotBlocked(f"there is no track {track_id} here: name one that is, or words of its title")
    return catalogue.Block("track", track_id, catalogue.title_line(song), now)


def _show(blocks: "Sequence[Block]", as_json: bool) -> None:
    if as_json:
        import json
        from dataclasses import asdict

        click.echo(json.dumps([asdict(one) for one in blocks]))
        return
    if not blocks:
        click.echo("nothing is blocked")
        return
    from recommender.lines import cut, one_line
    from recommender.writing.output import columns

    rows = [("blocked", "what", "since", "id")]
    rows += [
        (
            one.kind,
            cut(one_line(one.name) or "(title not known)", 64),
            time.strftime("%Y-%m-%d", time.localtime(one.blocked_at)),
            one.raw_id if one.kind == "track" else "",
        )
        for one in blocks
    ]
    click.echo(columns(rows), nl=False)
