"""`segue continue`."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from recommender.commands.list_options import list_options, make_list

if TYPE_CHECKING:
    from db.records import Playlist
    from recommender.answers import Answer
    from recommender.lists.continuing import Listed


@click.command("continue")
@click.argument("playlist", metavar="FILE|PLAYLIST")
@click.option("--no-title", is_flag=True, help="Leave out of account what the playlist is called.")
@list_options
@click.pass_obj
def continue_command(database: Path, /, playlist: "str | Playlist", no_title: bool, **options: Any) -> "Answer":
    """Suggest what comes after a whole playlist; of a long one its last tracks weigh more.

    PLAYLIST is one that is here: its id, its address at Spotify, or its name. FILE is one that `segue import` can read;
    it is not imported. What the playlist holds already never comes.
    """
    from recommender import catalogue
    from recommender.lists import continuing

    with catalogue.open_reader(database) as connection:
        if isinstance(playlist, str):
            listed = continuing.stored(connection, playlist)
        else:
            listed = continuing.from_file(connection, playlist)
    title = "" if no_title else listed.name
    without = listed.without.difference(listed.track_ids)
    return make_list(
        database,
        listed.track_ids,
        options,
        say=partial(_say, listed),
        called=listed.name,
        without=without,
        title=title,
        later=True,
    )


def _say(listed: "Listed", answer: "Answer") -> None:
    """Say what was continued, how much of it could help, and what the suggester has to say."""
    told: Sequence[str] = [*listed.strangers, *(listed.titles.get(one, one) for one in answer.unknown)]
    click.echo(f"Continuing {listed.called}", err=True)
    if told:
        verb = "is" if len(told) == 1 else "are"
        others = f" and {len(told) - 3:,} more" if len(told) > 3 else ""
        names = "; ".join(told[:3]) + others
        click.echo(f"{len(told):,} of {listed.size:,} tracks {verb} not known here: {names}", err=True)
