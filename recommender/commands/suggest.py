"""`segue suggest`."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from recommender.commands.list_options import list_options, make_list, refuse_beside_plain
from recommender.commands.listener_options import listener_for, listener_options, make_with, refuse_without_listener
from recommender.commands.seed_names import seed_id

if TYPE_CHECKING:
    from recommender.suggest import Answer


@click.command()
@click.argument("track", nargs=-1)
@click.option("--title", metavar="TEXT", help="What the playlist is called; it speaks alone where no TRACK is given.")
@click.option("--like", metavar="TRACK", multiple=True, help="One more track to go by; several times.")
@listener_options
@list_options
@click.option("--plain", is_flag=True, help="The model's own order, for measuring; goes with no other choice.")
@click.pass_obj
def suggest(
    database: Path, /, track: tuple[str, ...], title: str | None, like: tuple[str, ...], plain: bool, **options: Any
) -> "Answer":
    """Suggest what comes after these tracks, or to a listener.

    TRACK is an id, a URI, a URL, or words in quotes that name it ("wonderwall oasis"). With --title none is needed, nor
    with --listener, who gets a list by what they played, like, and named, nor with --new.
    """
    told = {name: options.pop(name) for name in ("profile", "artists", "genres", "ask", "new")}
    if title is not None and not title.strip():
        raise click.UsageError("--title needs a word")
    names_songs = bool(track or like) or title is not None
    refuse_without_listener(options["listener"], told)
    if plain:
        refuse_beside_plain({**options, **told})
    if told["new"] or (options["listener"] is not None and not names_songs):
        return _for_whom(database, (*like, *track), title, told, options)
    if not names_songs:
        raise click.UsageError("name a TRACK to continue, or --title what the playlist is called")
    for name in ("profile", "artists", "genres", "ask"):
        if told[name]:
            raise click.UsageError(f"--{name} is about a list for the listener: name no TRACK and no --title beside it")
    seeds = _named(database, (*like, *track))
    return make_list(database, seeds, options, called="" if seeds else (title or ""), title=title or "", plain=plain)


def _for_whom(
    database: Path, named: Sequence[str], title: str | None, told: dict[str, Any], options: dict[str, Any]
) -> "Answer":
    """Make a list for a listener, or of new songs, or both."""
    if title is not None:
        raise click.UsageError("--title goes with TRACKs: new songs are in no playlist that is called anything")
    name, listener = options["listener"], None
    # What a listener heard never comes, whether --unheard is said or not.
    options["listener"], options["unheard"] = None, options["unheard"] and name is None
    if name is not None:
        listener = listener_for(database, name, told)
    seeds = [*(listener.seeds if listener else ()), *_named(database, named)]
    called = f"what {name} likes" if name else "" if seeds else "nothing but the date"
    return make_list(database, seeds, options, called=called, answering=make_with(listener, new=told["new"]))


def _named(database: Path, named: Sequence[str]) -> list[str]:
    from recommender import catalogue

    with catalogue.open_reader(database) as connection:
        return [seed_id(connection, words) for words in named]
