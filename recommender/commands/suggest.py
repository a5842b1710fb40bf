"""`segue suggest`."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from recommender.commands.list_options import list_options, make_list, refuse_beside_plain
from recommender.commands.seed_names import seed_id

if TYPE_CHECKING:
    from recommender.suggest import Answer


@click.command()
@click.argument("track", nargs=-1)
@click.option("--title", metavar="TEXT", help="What the playlist is called; it speaks alone where no TRACK is given.")
@click.option("--like", metavar="TRACK", multiple=True, help="One more track to go by; several times.")
@list_options
@click.option("--plain", is_flag=True, help="The model's own order, for measuring; goes with no other choice.")
@click.pass_obj
def suggest(
    database: Path, /, track: tuple[str, ...], title: str | None, like: tuple[str, ...], plain: bool, **options: Any
) -> "Answer":
    """Suggest what comes after these tracks.

    TRACK is an id, a URI, a URL, or words in quotes that name it ("wonderwall oasis"). With --title none is needed.
    """
    if title is not None and not title.strip():
        raise click.UsageError("--title needs a word")
    if not track and not like and title is None:
        raise click.UsageError("name a TRACK to continue, or --title what the playlist is called")
    if plain:
        refuse_beside_plain(options)
    from recommender import catalogue

    with catalogue.open_reader(database) as connection:
        seeds = [seed_id(connection, words) for words in (*like, *track)]
    return make_list(database, seeds, options, called="" if seeds else (title or ""), title=title or "", plain=plain)
